/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_explain.c - `canh rules explain`: each rule over each record, part by part. Values are hostile:
 * control characters do not reach a terminal.
 */
#include "base/file.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "cmd/plain.h"
#include "cmd/rules_int.h"
#include "cmd/tell.h"
#include "detect/rule_explain.h"

#include <stdio.h>

enum { EVENTS_MAX = 64 << 20, SHOWN_MAX = 160, PAD = 6 };
#define ROOM ((size_t)512 << 20)

struct explain {
	const struct rule_set *rs;
	struct rule_scratch *scratch;
	struct arena a;
	struct buf *out;
	struct jsonw w;
	bool json;
	size_t told;
};

static const char *words(enum explain_kind k)
{
	switch (k) {
	case EXPLAIN_SOURCE:
		return msg(MSG_ID("log source"));
	case EXPLAIN_SHAPE:
		return msg(MSG_ID("one kind of its records:"));
	case EXPLAIN_RULE:
		return msg(MSG_ID("the condition"));
	case EXPLAIN_AND:
		return msg(MSG_ID("all of"));
	case EXPLAIN_OR:
		return msg(MSG_ID("any of"));
	case EXPLAIN_NOT:
		return msg(MSG_ID("not"));
	case EXPLAIN_ATOM:
		break;
	}
	return "";
}

static void put_atom(struct explain *x, const struct explain_line *l)
{
	if (l->field.n == 0)
		buf_add(x->out, str_of(msg(MSG_ID("anywhere"))));
	plain_put(x->out, l->field, SHOWN_MAX);
	buf_char(x->out, ' ');
	plain_put(x->out, l->text, SHOWN_MAX);
	if (l->field.n == 0)
		return;
	buf_add(x->out, STR("   | "));
	if (l->n_values == 0)
		buf_add(x->out, str_of(msg(MSG_ID("the record has no such field"))));
	for (size_t i = 0; i < l->n_values; i++) {
		buf_add(x->out, i > 0 ? STR(", ") : STR(""));
		plain_put(x->out, l->value[i], SHOWN_MAX);
	}
}

/* How many letters are seen of UTF-8. */
static int shown(const char *s)
{
	int n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static void put_line(struct explain *x, const struct explain_line *l)
{
	const char *truth = l->kind == EXPLAIN_SHAPE ? ""
			    : l->holds               ? msg(MSG_ID("yes"))
						     : msg(MSG_ID("no"));

	buf_printf(x->out, "  %s%.*s", truth, shown(truth) < PAD ? PAD - shown(truth) : 0,
		   "      ");
	for (unsigned i = 0; i < l->depth; i++)
		buf_add(x->out, STR("  "));
	if (l->kind == EXPLAIN_ATOM) {
		put_atom(x, l);
	} else {
		buf_add(x->out, str_of(words((enum explain_kind)l->kind)));
		if (l->text.n > 0)
			buf_char(x->out, ' ');
		plain_put(x->out, l->text, SHOWN_MAX);
	}
	buf_char(x->out, '\n');
}

static void put_json(struct explain *x, const struct explain_line *l)
{
	static const char *const names[] = { "log_source", "shape", "condition", "and",
					     "or",         "not",   "test" };

	jsonw_open(&x->w, '{');
	jsonw_kv_str(&x->w, "part", str_of(names[l->kind]));
	jsonw_kv_int(&x->w, "depth", l->depth);
	if (l->kind != EXPLAIN_SHAPE)
		jsonw_kv_bool(&x->w, "holds", l->holds);
	if (l->text.n > 0)
		jsonw_kv_str(&x->w, "text", l->text);
	if (l->kind == EXPLAIN_ATOM) {
		jsonw_kv_str(&x->w, "field", l->field.n > 0 ? l->field : (struct str){ NULL, 0 });
		jsonw_key(&x->w, "values");
		jsonw_open(&x->w, '[');
		for (size_t i = 0; i < l->n_values; i++)
			jsonw_str(&x->w, l->value[i]);
		jsonw_close(&x->w, ']');
	}
	jsonw_close(&x->w, '}');
}

static void take_line(void *ctx, const struct explain_line *l)
{
	struct explain *x = ctx;

	if (x->json)
		put_json(x, l);
	else
		put_line(x, l);
}

static void one_text(struct explain *x, size_t rule, uint64_t record)
{
	const struct rule_info *info = rule_set_at(x->rs, rule);
	struct str title = msg_lang() == LANG_VI && info->title_vi.n > 0 ? info->title_vi
									 : info->title;

	buf_printf(x->out, msg(MSG_ID("record %llu, rule '%.*s' (%.*s:%u)\n")),
		   (unsigned long long)record, STR_ARG(title), STR_ARG(info->file), info->line);
	bool fired = rule_explain(x->rs, x->scratch, rule, x->a, take_line, x);
	buf_add(x->out,
		str_of(fired ? msg(MSG_ID("  it fires\n")) : msg(MSG_ID("  it does not fire\n"))));
}

static void one_json(struct explain *x, size_t rule, uint64_t record)
{
	x->w = (struct jsonw){ .out = x->out };
	jsonw_open(&x->w, '{');
	jsonw_kv_int(&x->w, "record", (int64_t)record);
	jsonw_kv_str(&x->w, "rule_id", rule_set_at(x->rs, rule)->id);
	jsonw_key(&x->w, "parts");
	jsonw_open(&x->w, '[');
	bool fired = rule_explain(x->rs, x->scratch, rule, x->a, take_line, x);
	jsonw_close(&x->w, ']');
	jsonw_kv_bool(&x->w, "fires", fired);
	jsonw_close(&x->w, '}');
	buf_char(x->out, '\n');
}

static void one_record(struct explain *x, const struct event *ev, uint64_t record)
{
	rule_scratch_look(x->scratch, ev);
	for (size_t i = 0; i < rule_set_count(x->rs); i++) {
		if (rule_set_condition(x->rs, i) == NULL)
			continue;
		if (x->json)
			one_json(x, i, record);
		else
			one_text(x, i, record);
		x->told++;
		fwrite(x->out->p, 1, x->out->n, stdout);
		buf_clear(x->out);
	}
}

static int run(struct explain *x, const char *events, struct decoders *decoders)
{
	struct read_ctx ctx = { .decoders = decoders };
	struct reader *r = reader_new(&ctx);
	struct str text, record;
	struct err why = { 0 };
	uint64_t n = 0;
	bool cut = false;

	if (r == NULL || !file_load_given(&x->a, events, EVENTS_MAX, &text, &why)) {
		tell_fault(events, &why);
		reader_free(r);
		return EXIT_INPUT;
	}
	while (records_next(&text, true, &record, &cut)) {
		struct arena a = x->a, before = x->a;
		struct event ev = { 0 };

		reader_read(r, &a, record, &ev);
		x->a = a;
		if (!ev.header)
			one_record(x, &ev, ++n);
		x->a = before;
		cut = false;
	}
	reader_free(r);
	return x->told > 0 ? EXIT_DONE : EXIT_INPUT;
}

int rules_explain(const struct rule_set *rs, const char *events, bool json, struct buf *out)
{
	struct explain x = { .rs = rs, .json = json, .out = out };
	struct decoders *decoders = NULL;
	struct arena whole;

	if (!load_decoders(&decoders))
		return EXIT_FAULT;
	x.scratch = rule_scratch_plain(rs);
	if (x.scratch == NULL || !arena_reserve(&whole, ROOM)) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		rule_scratch_free(x.scratch);
		decoders_free(decoders);
		return EXIT_FAULT;
	}
	x.a = whole;
	int status = run(&x, events, decoders);
	arena_release(whole);
	rule_scratch_free(x.scratch);
	decoders_free(decoders);
	return status;
}
