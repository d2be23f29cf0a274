/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep/receipt.h"

#include "base/crypt.h"
#include "base/jsonw.h"
#include "base/time.h"
#include "base/utf8.h"
#include "sweep/window.h"

#include <stdio.h>

enum { B64_ROOM = 256 << 10 };

/* --- counting --- */

static void count_reason(struct receipt *r, const char *text)
{
	size_t i = 0;

	while (i < r->n_reasons && strcmp(r->reason[i].text, text) != 0)
		i++;
	if (i == RECEIPT_REASONS) {
		i = RECEIPT_REASONS - 1;
		snprintf(r->reason[i].text, sizeof r->reason[i].text, "other");
	} else if (i == r->n_reasons) {
		snprintf(r->reason[i].text, sizeof r->reason[i].text, "%s", text);
		r->n_reasons++;
	}
	r->reason[i].n++;
}

static void count_error(struct receipt *r, const struct err *why)
{
	r->errors++;
	count_reason(r, why->text);
}

static void count_file(struct receipt *r, const struct crew_item *item)
{
	const struct inspected *l = &item->seen;

	r->files++;
	r->bytes += (uint64_t)item->st.st_size;
	r->bytes_read += l->bytes;
	r->files_read += l->read;
	r->windowed += l->windows;
	r->known_good += l->known_good;
	r->files_partial += l->parts != 0;
	for (unsigned p = 0; p < INSPECT_PART_N; p++)
		r->partial[p] += l->parts >> p & 1;
	for (size_t i = 0; i < l->n; i++)
		*(l->hit[i].held ? &r->held : &r->hits) += 1;
	if (l->failed)
		count_error(r, &l->why);
}

void receipt_add(struct receipt *r, const struct crew_item *item)
{
	switch (item->what) {
	case CREW_FILE:
		count_file(r, item);
		break;
	case CREW_SKIPPED:
		r->skipped[item->skip]++;
		break;
	case CREW_FAILED:
		count_error(r, &item->why);
		break;
	}
}

bool receipt_gaps(const struct receipt *r)
{
	uint64_t n = r->errors + r->files_partial + r->interrupted;

	for (unsigned s = 0; s < WALK_SKIP_N; s++)
		if (!walk_skip_harmless((enum walk_skip)s))
			n += r->skipped[s];
	return n > 0;
}

/* --- a line --- */

static void put_path(struct jsonw *w, struct str path)
{
	static _Thread_local unsigned char mem[B64_ROOM];
	struct arena a = { mem, mem + sizeof mem };

	jsonw_kv_str(w, "path", path);
	if (!utf8_valid(path))
		jsonw_kv_str(w, "path_b64", crypt_base64(&a, path));
}

static void line_end(struct jsonw *w, int depth)
{
	while (depth-- > 0)
		jsonw_close(w, '}');
	buf_char(w->out, '\n');
}

/* {"KEY": {"path": ..., and more to come. */
static struct jsonw line_begin(struct buf *out, const char *key, struct str path)
{
	struct jsonw w = { .out = out };

	jsonw_open(&w, '{');
	jsonw_key(&w, key);
	jsonw_open(&w, '{');
	put_path(&w, path);
	return w;
}

static void put_error(const struct crew_item *item, const struct err *why, struct buf *out)
{
	struct jsonw w = line_begin(out, "error", item->path);

	jsonw_kv_str(&w, "reason", str_of(why->text));
	line_end(&w, 2);
}

static void put_partial(const struct crew_item *item, struct buf *out)
{
	struct jsonw w = line_begin(out, "partial", item->path);

	jsonw_kv_int(&w, "size", (int64_t)item->st.st_size);
	jsonw_key(&w, "reasons");
	jsonw_open(&w, '[');
	for (unsigned p = 0; p < INSPECT_PART_N; p++)
		if ((item->seen.parts >> p & 1) != 0)
			jsonw_str(&w, str_of(inspect_part_name((enum inspect_part)p)));
	jsonw_close(&w, ']');
	line_end(&w, 2);
}

static void put_list(struct jsonw *w, const struct inspect_hit *h)
{
	jsonw_kv_str(w, "list", h->source);
	jsonw_kv_str(w, "list_kind", str_of(list_kind_name((enum list_kind)h->list->kind)));
	jsonw_kv_int(w, "line", (int64_t)h->line);
}

static void put_hit(const struct crew_item *item, const struct inspect_hit *h, struct buf *out)
{
	struct jsonw w = { .out = out };
	struct str sum = item->seen.hashed ? str_of(item->seen.sha256) : (struct str){ NULL, 0 };

	jsonw_open(&w, '{');
	jsonw_kv_time(&w, "time", time_now());
	put_path(&w, item->path);
	jsonw_kv_str(&w, "kind", str_of(inspect_kind_name(h->kind)));
	jsonw_kv_str(&w, "rule", h->rule);
	jsonw_kv_str(&w, "sha256", sum);
	jsonw_kv_int(&w, "size", (int64_t)item->st.st_size);
	jsonw_kv_str(&w, "action", STR("none"));
	if (h->list != NULL)
		put_list(&w, h);
	else
		jsonw_kv_str(&w, "rule_file", h->source);
	if (h->note.n > 0)
		jsonw_kv_str(&w, "note", h->note);
	if (h->known_good != NULL) {
		jsonw_kv_str(&w, "known_good", h->known_good->name);
		jsonw_kv_bool(&w, "held", h->held);
	}
	line_end(&w, 1);
}

void receipt_item_json(const struct crew_item *item, struct buf *out)
{
	const struct inspected *l = &item->seen;

	if (item->what == CREW_FAILED) {
		put_error(item, &item->why, out);
	} else if (item->what == CREW_SKIPPED) {
		struct jsonw w = line_begin(out, "skipped", item->path);

		jsonw_kv_str(&w, "reason", str_of(walk_skip_name(item->skip)));
		line_end(&w, 2);
	} else {
		for (size_t i = 0; i < l->n; i++)
			put_hit(item, &l->hit[i], out);
		if (l->parts != 0)
			put_partial(item, out);
		if (l->failed)
			put_error(item, &l->why, out);
	}
}

/* --- the receipt --- */

static void put_counts(struct jsonw *w, const struct receipt *r)
{
	const struct {
		const char *name;
		uint64_t n;
	} rows[] = {
		{ "folders", r->walked.folders },
		{ "file_systems", r->walked.file_systems },
		{ "files", r->files },
		{ "files_read", r->files_read },
		{ "files_partial", r->files_partial },
		{ "files_by_windows", r->windowed },
		{ "files_known_good", r->known_good },
		{ "bytes", r->bytes },
		{ "bytes_read", r->bytes_read },
		{ "hits", r->hits },
		{ "hits_held", r->held },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		jsonw_kv_int(w, rows[i].name, (int64_t)rows[i].n);
}

static void put_reasons(struct jsonw *w, const struct receipt *r)
{
	jsonw_key(w, "skipped");
	jsonw_open(w, '{');
	for (unsigned s = 0; s < WALK_SKIP_N; s++)
		if (r->skipped[s] > 0)
			jsonw_kv_int(w, walk_skip_name((enum walk_skip)s), (int64_t)r->skipped[s]);
	jsonw_close(w, '}');
	jsonw_key(w, "partial");
	jsonw_open(w, '{');
	for (unsigned p = 0; p < INSPECT_PART_N; p++)
		if (r->partial[p] > 0)
			jsonw_kv_int(w, inspect_part_name((enum inspect_part)p),
				     (int64_t)r->partial[p]);
	jsonw_close(w, '}');
	jsonw_kv_int(w, "errors", (int64_t)r->errors);
	jsonw_key(w, "error_reasons");
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->n_reasons; i++) {
		jsonw_open(w, '{');
		jsonw_kv_str(w, "reason", str_of(r->reason[i].text));
		jsonw_kv_int(w, "n", (int64_t)r->reason[i].n);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void put_looked_for(struct jsonw *w, const struct list_set *lists, int64_t at)
{
	static const struct {
		const char *name;
		enum indicator_type type;
	} rows[] = {
		{ "names", IND_FILE },
		{ "md5", IND_MD5 },
		{ "sha1", IND_SHA1 },
		{ "sha256", IND_SHA256 },
	};

	jsonw_key(w, "indicators");
	jsonw_open(w, '{');
	for (size_t i = 0; i < COUNT(rows); i++)
		jsonw_kv_int(w, rows[i].name,
			     lists == NULL ? 0
					   : (int64_t)list_set_count_told(lists, rows[i].type, at));
	jsonw_close(w, '}');
}

static void put_rules(struct jsonw *w, const struct yara_set *set)
{
	jsonw_key(w, "rules");
	jsonw_open(w, '{');
	jsonw_kv_int(w, "loaded", set == NULL ? 0 : (int64_t)yara_set_rules(set));
	jsonw_kv_int(w, "files", set == NULL ? 0 : (int64_t)yara_set_files(set));
	jsonw_kv_str(w, "sha256",
		     set == NULL ? (struct str){ NULL, 0 } : str_of(yara_set_sha256(set)));
	jsonw_key(w, "refused");
	jsonw_open(w, '[');
	for (size_t i = 0; set != NULL && i < yara_set_faults(set); i++) {
		const struct yara_fault *f = yara_set_fault(set, i);

		jsonw_open(w, '{');
		jsonw_kv_str(w, "file", f->path);
		jsonw_kv_known(w, "line", f->line > 0, (int64_t)f->line);
		jsonw_kv_str(w, "reason", str_of(f->why.text));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

void receipt_json(const struct receipt *r, const struct receipt_about *about, struct buf *out)
{
	struct jsonw w = { .out = out };

	jsonw_open(&w, '{');
	jsonw_key(&w, "receipt");
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "canh", STR(CANH_VERSION));
	jsonw_kv_str(&w, "yara", str_of(yara_version()));
	jsonw_key(&w, "paths");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < about->n_paths; i++)
		jsonw_str(&w, str_of(about->path[i]));
	jsonw_close(&w, ']');
	jsonw_kv_time(&w, "start", r->start);
	jsonw_kv_time(&w, "end", r->end);
	jsonw_key(&w, "seconds");
	jsonw_double(&w, (double)r->took / TIME_SECOND);
	jsonw_kv_int(&w, "threads", (int64_t)about->threads);
	jsonw_kv_bool(&w, "interrupted", r->interrupted);
	put_counts(&w, r);
	put_reasons(&w, r);
	put_looked_for(&w, about->lists, r->start);
	jsonw_key(&w, "lists");
	list_set_put(&w, about->lists);
	jsonw_kv_int(&w, "lists_failed", (int64_t)about->lists_failed);
	put_rules(&w, about->rules);
	jsonw_key(&w, "limits");
	jsonw_open(&w, '{');
	jsonw_kv_int(&w, "file_bytes", (int64_t)INSPECT_FILE_MAX);
	jsonw_kv_int(&w, "window_bytes", WINDOW_BYTES);
	jsonw_kv_int(&w, "depth", WALK_MAX_DEPTH);
	jsonw_kv_int(&w, "rule_seconds", about->timeout_s);
	jsonw_close(&w, '}');
	line_end(&w, 2);
}
