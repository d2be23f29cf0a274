/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yara_scan.c - a YR_SCANNER with its callbacks.
 *
 * Invariant: while libyara looks at a window its bytes stand in the room; asked for the same one again
 * nothing is read. SIGSEGV is not caught: bytes are in memory of our own, no file is mapped.
 */
#include "sweep/yara_scan.h"

#include "sweep/yara_int.h"

#include <stdlib.h>

enum { FLAGS = SCAN_FLAGS_FAST_MODE | SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING };

struct yara_scan {
	YR_SCANNER *scanner; /* owned */
	const struct yara_sink *sink;
	struct yara_end *end;
};

static struct str description(const YR_RULE *rule)
{
	const YR_META *meta;

	yr_rule_metas_foreach(rule, meta)
	{
		if (meta->type == META_TYPE_STRING && strcmp(meta->identifier, "description") == 0)
			return str_of(meta->string);
	}
	return STR("");
}

static int tell(YR_SCAN_CONTEXT *context, int message, void *data, void *ctx)
{
	struct yara_scan *s = ctx;

	(void)context;
	if (message == CALLBACK_MSG_RULE_MATCHING) {
		const YR_RULE *rule = data;
		struct yara_hit h = { str_of(rule->identifier), str_of(rule->ns->name),
				      description(rule) };

		s->sink->hit(s->sink->ctx, &h);
	} else if (message == CALLBACK_MSG_TOO_MANY_MATCHES) {
		s->end->too_many = true;
	}
	return CALLBACK_CONTINUE;
}

struct yara_scan *yara_scan_new(const struct yara_set *set, unsigned timeout_s)
{
	struct yara_scan *s = calloc(1, sizeof *s);

	if (s == NULL || yr_scanner_create(set->rules, &s->scanner) != ERROR_SUCCESS) {
		free(s);
		return NULL;
	}
	yr_scanner_set_callback(s->scanner, tell, s);
	yr_scanner_set_flags(s->scanner, FLAGS);
	yr_scanner_set_timeout(s->scanner, (int)timeout_s);
	return s;
}

void yara_scan_free(struct yara_scan *s)
{
	if (s == NULL)
		return;
	yr_scanner_destroy(s->scanner);
	free(s);
}

static bool define(struct yara_scan *s, const struct file_facts *f)
{
	const struct {
		const char *name, *value;
	} rows[] = {
		{ "filename", f->filename },   { "filepath", f->filepath },
		{ "extension", f->extension }, { "filetype", f->filetype },
		{ "owner", f->owner },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (yr_scanner_define_string_variable(s->scanner, rows[i].name, rows[i].value) !=
		    ERROR_SUCCESS)
			return false;
	return true;
}

static bool ended(int rc, struct yara_end *end, struct err *why)
{
	switch (rc) {
	case ERROR_SUCCESS:
		return true;
	case ERROR_SCAN_TIMEOUT:
		end->timed_out = true;
		return true;
	case ERROR_TOO_MANY_MATCHES:
		end->too_many = true;
		return true;
	default:
		return err_set(why, ERR_LIMIT, 0, "YARA failed with number %d", rc);
	}
}

bool yara_scan_bytes(struct yara_scan *s, const struct file_facts *f, struct str bytes,
		     const struct yara_sink *sink, struct yara_end *end, struct err *why)
{
	const void *p = bytes.n > 0 ? bytes.p : "";

	if (!define(s, f))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	s->sink = sink;
	s->end = end;
	return ended(yr_scanner_scan_mem(s->scanner, p, bytes.n), end, why);
}

/* --- windows --- */

struct windows_at {
	struct yara_windows *w;
	YR_MEMORY_BLOCK block;
	size_t at;   /* of the window that is handed out */
	size_t held; /* that stands in the room; w->n: none */
};

static const uint8_t *fetch(YR_MEMORY_BLOCK *block)
{
	struct windows_at *x = block->context;
	struct yara_windows *w = x->w;

	if (x->held != x->at) {
		w->read += window_read(w->fd, w->window[x->at].at, w->room, w->window[x->at].len,
				       &w->error);
		x->held = x->at;
	}
	return (const uint8_t *)w->room;
}

static YR_MEMORY_BLOCK *hand_out(struct windows_at *x)
{
	static const struct window none;
	const struct window *w = x->w->n == 0 ? &none : &x->w->window[x->at];

	x->block = (YR_MEMORY_BLOCK){ .size = w->len, .base = w->at, .context = x };
	x->block.fetch_data = fetch;
	return &x->block;
}

/* Of nothing but a hole there is an empty one: modules of libyara take it for granted that there is one. */
static YR_MEMORY_BLOCK *first(YR_MEMORY_BLOCK_ITERATOR *it)
{
	struct windows_at *x = it->context;

	it->last_error = ERROR_SUCCESS;
	x->at = 0;
	return hand_out(x);
}

static YR_MEMORY_BLOCK *next(YR_MEMORY_BLOCK_ITERATOR *it)
{
	struct windows_at *x = it->context;

	it->last_error = ERROR_SUCCESS;
	return ++x->at < x->w->n ? hand_out(x) : NULL;
}

static uint64_t file_size(YR_MEMORY_BLOCK_ITERATOR *it)
{
	const struct windows_at *x = it->context;

	return x->w->size;
}

bool yara_scan_windows(struct yara_scan *s, const struct file_facts *f, struct yara_windows *w,
		       const struct yara_sink *sink, struct yara_end *end, struct err *why)
{
	struct windows_at x = { .w = w, .held = w->n };
	YR_MEMORY_BLOCK_ITERATOR it = {
		.context = &x, .first = first, .next = next, .file_size = file_size
	};

	w->read = 0;
	w->error = 0;
	if (!define(s, f))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	s->sink = sink;
	s->end = end;
	return ended(yr_scanner_scan_mem_blocks(s->scanner, &it), end, why);
}
