/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search.c - `canh search`: find events in the store of a data folder, whether it is being served or
 * not. Reads only; ends with what was looked at and what was not.
 */
#include "base/jsonw.h"
#include "base/msg.h"
#include "base/sandbox.h"
#include "base/time.h"
#include "cmd/cmd.h"
#include "cmd/opts.h"
#include "event/write.h"
#include "store/day.h"
#include "store/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 2000, LINE_MAX_BYTES = 64 << 20, QUERY_ROOM = 1 << 20 };
#define PAGE_ROOM ((size_t)768 << 20)

enum form { FORM_TEXT, FORM_JSONL, FORM_CSV };

struct search {
	const char *data, *from, *to, *tz, *format;
	bool newest_first;
	struct zone *zone; /* owned */
	struct store_search want;
	struct store_reader *store; /* owned */
	struct arena query_room, room;
	struct buf out;
	enum form form;
	uint64_t found, blocks, events;
	struct store_coverage last; /* of the last page; its lists are of the whole search */
	bool failed;                /* the output */
	int64_t started, shown;
};

static void say_err(const char *what, const struct err *why)
{
	char text[ERR_TEXT_MAX];

	fprintf(stderr, "%s: %s\n", what, err_text(why, msg_lang(), text, sizeof text));
}

/* --- one event --- */

/* On one line of a terminal: no control characters, neither C0 nor C1. */
static void put_plain(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool c1 = c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0;

		if (c < 0x20 || c == 0x7f || c1)
			buf_printf(out, "\\x%02x", c);
		else
			buf_char(out, s.p[i]);
	}
}

static struct str source_name(const struct store_found *f)
{
	if (f->source == NULL)
		return STR("-");
	return f->source->name.n > 0 ? f->source->name : f->source->peer;
}

static struct str host_of(const struct event *ev)
{
	struct str host = event_ecs(ev, ECS_HOST_NAME);

	return host.p != NULL ? host : event_ecs(ev, ECS_HOST_IP);
}

static void put_text(struct buf *out, const struct store_found *f)
{
	char when[TIME_TEXT_MAX], id[STORE_ID_MAX];
	struct str host = host_of(&f->event);

	buf_printf(out, "%s %s ", time_rfc3339(f->event.time, when), store_id_text(&f->id, id));
	put_plain(out, host.n > 0 ? host : source_name(f));
	buf_printf(out, " %s ", f->format);
	put_plain(out, f->event.raw);
	buf_char(out, '\n');
}

static void put_json(struct buf *out, const struct store_found *f)
{
	struct jsonw w = { .out = out };
	char id[STORE_ID_MAX];

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "id", str_of(store_id_text(&f->id, id)));
	jsonw_kv_time(&w, "time", f->event.time);
	jsonw_kv_bool(&w, "time_told", f->event.time_told);
	jsonw_kv_time(&w, "received", f->event.received);
	jsonw_key(&w, "source");
	jsonw_open(&w, '{');
	jsonw_kv_int(&w, "id", f->event.source);
	jsonw_kv_str(&w, "name", source_name(f));
	if (f->source != NULL) {
		jsonw_kv_str(&w, "kind",
			     str_of(source_kind_name((enum source_kind)f->source->kind)));
		jsonw_kv_str(&w, "peer", f->source->peer);
	}
	jsonw_close(&w, '}');
	jsonw_kv_int(&w, "seq", (int64_t)f->event.seq);
	jsonw_kv_str(&w, "format", str_of(f->format));
	jsonw_kv_bool(&w, "partial", f->event.partial);
	jsonw_kv_str(&w, "raw", f->event.raw);
	jsonw_key(&w, "fields");
	event_write_fields(&w, &f->event);
	jsonw_close(&w, '}');
	buf_char(out, '\n');
}

/* RFC 4180; a cell that a spreadsheet would take for a formula gets a quote in front. */
static void put_cell(struct buf *out, struct str s, char behind)
{
	bool formula = s.n > 0 && memchr("=+-@\t\r", s.p[0], 6) != NULL;

	buf_char(out, '"');
	if (formula)
		buf_char(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_char(out, '"');
		buf_char(out, s.p[i]);
	}
	buf_char(out, '"');
	buf_char(out, behind);
}

static void put_csv(struct buf *out, const struct store_found *f)
{
	char when[TIME_TEXT_MAX], id[STORE_ID_MAX];

	buf_printf(out, "%s,", store_id_text(&f->id, id));
	buf_printf(out, "%s,", time_rfc3339(f->event.time, when));
	buf_printf(out, "%s,", time_rfc3339(f->event.received, when));
	put_cell(out, source_name(f), ',');
	buf_printf(out, "%ju,%s,", (uintmax_t)f->event.seq, f->format);
	put_cell(out, host_of(&f->event), ',');
	put_cell(out, f->event.raw, '\n');
}

static void put(struct search *s, const struct store_found *f)
{
	buf_clear(&s->out);
	if (s->form == FORM_JSONL)
		put_json(&s->out, f);
	else if (s->form == FORM_CSV)
		put_csv(&s->out, f);
	else
		put_text(&s->out, f);
	if (s->out.full || fwrite(s->out.p, 1, s->out.n, stdout) != s->out.n)
		s->failed = true;
}

/* --- the search --- */

static void progress(struct search *s, bool last)
{
	int64_t now = time_monotonic();

	if (!isatty(STDERR_FILENO) || now - s->started < TIME_SECOND ||
	    (!last && now - s->shown < TIME_SECOND / 5))
		return;
	s->shown = now;
	if (last)
		fprintf(stderr, "\r\033[K");
	else
		fprintf(stderr, msg(MSG_ID("\r\033[K%llu found, %llu events looked at")),
			(unsigned long long)s->found, (unsigned long long)s->events);
}

static void say_gaps(const struct store_gap *gap, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char day[TIME_TEXT_MAX];

		say_err(day_text(gap[i].day, day), &gap[i].why);
	}
}

/* Gaps are named once, though every page meets them. */
static void say_coverage(struct search *s)
{
	char first[TIME_TEXT_MAX] = "-", last[TIME_TEXT_MAX] = "-";
	const struct store_coverage *c = &s->last;

	if (c->n_days > 0) {
		day_text(c->days[0], first);
		day_text(c->days[c->n_days - 1], last);
	}
	say_gaps(c->missing, c->n_missing);
	say_gaps(c->damaged, c->n_damaged);
	fprintf(stderr,
		msg(MSG_ID(
			"%llu found; looked at %llu events in %llu blocks of %zu days (%s to %s); "
			"%zu days without a file, %zu places damaged\n")),
		(unsigned long long)s->found, (unsigned long long)s->events,
		(unsigned long long)s->blocks, c->n_days, first, last, c->n_missing, c->n_damaged);
}

static int status_of(const struct search *s)
{
	const struct store_coverage *c = &s->last;
	bool lost = c->n_damaged > 0;

	/* A day on which nothing came, or that retention took, is named but leaves no doubt. */
	for (size_t i = 0; i < c->n_missing; i++)
		lost = lost || c->missing[i].why.kind == ERR_INPUT;
	if (s->failed)
		return EXIT_FAULT;
	if (lost && s->blocks == 0)
		return EXIT_INPUT;
	return lost ? EXIT_PART : EXIT_DONE;
}

static int run(struct search *s)
{
	char cursor[STORE_CURSOR_MAX] = "";
	struct store_page page = { 0 };
	struct err why = { 0 };

	s->started = time_monotonic();
	if (s->form == FORM_CSV)
		printf("id,time,received,source,seq,format,host,raw\n");
	do {
		struct arena a = s->room;

		s->want.cursor = str_of(cursor);
		if (!store_scan(s->store, &a, &s->want, &page, &s->last, &why)) {
			say_err("store", &why);
			return EXIT_FAULT;
		}
		s->blocks += s->last.blocks;
		s->events += s->last.events;
		for (size_t i = 0; i < page.n && !s->failed; i++, s->found++)
			put(s, &page.items[i]);
		memcpy(cursor, page.next, sizeof cursor);
		progress(s, false);
	} while (cursor[0] != '\0' && !s->failed);
	progress(s, true);
	s->failed = s->failed || fflush(stdout) != 0;
	say_coverage(s);
	return status_of(s);
}

/* --- what was asked --- */

static bool take_time(const struct search *s, const char *name, const char *text, int64_t *out)
{
	bool zoned = true;
	int64_t t;

	*out = TIME_NONE;
	if (text == NULL)
		return true;
	if (time_parse_date(str_of(text), &t)) {
		zoned = false;
	} else if (!time_parse_rfc3339(str_of(text), &t, &zoned)) {
		fprintf(stderr, msg(MSG_ID("--%s: '%s' is not a time like 2026-11-22T08:00:00\n")),
			name, text);
		return false;
	}
	struct civil c = civil_from_time(t);

	*out = zoned ? t : zone_to_utc(s->zone, &c);
	return true;
}

static bool take_times(struct search *s)
{
	struct err why = { 0 };

	s->zone = zone_load(str_of(s->tz != NULL ? s->tz : "Asia/Ho_Chi_Minh"), &why);
	if (s->zone == NULL) {
		say_err("--tz", &why);
		return false;
	}
	if (!take_time(s, "from", s->from, &s->want.from) ||
	    !take_time(s, "to", s->to, &s->want.to))
		return false;
	if (s->want.to != TIME_NONE)
		s->want.to--; /* before that time, as everywhere on the command line */
	return true;
}

/* The operands with a blank between, as if they had been typed in the page's field. */
static bool take_query(struct search *s, char **words, size_t n)
{
	struct buf text = BUF(QUERY_MAX_LEN + 1);
	struct err why = { 0 };
	bool ok;

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&text, ' ');
		buf_add(&text, str_of(words[i]));
	}
	ok = !text.full ||
	     err_set(&why, ERR_LIMIT, QUERY_MAX_LEN, "longer than %d bytes", (int)QUERY_MAX_LEN);
	ok = ok && query_parse(&s->query_room, buf_str(&text), &s->want.query, &why);
	if (!ok) {
		char said[ERR_TEXT_MAX];

		fprintf(stderr, msg(MSG_ID("query, at %zu: %s\n")), why.at,
			err_text(&why, msg_lang(), said, sizeof said));
	}
	buf_free(&text);
	return ok;
}

/* The store's folder, to read only. Beside it SQLite may need to make its index of a log that a
 * crash left, where the folder can be written. */
static bool lock_up(const char *folder)
{
	struct rights r = { .paths = { { folder, true } }, .n_paths = 1 };
	struct sandbox_state got;
	struct err why = { 0 };

	if (sandbox_enter(&r, &got, &why))
		return true;
	say_err("sandbox", &why);
	return false;
}

static int prepare_and_run(struct search *s, char **words, size_t n)
{
	char folder[DAY_PATH_MAX];
	struct stat st;

	if (!arena_reserve(&s->query_room, QUERY_ROOM) || !arena_reserve(&s->room, PAGE_ROOM)) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return EXIT_FAULT;
	}
	if (!take_times(s) || !take_query(s, words, n))
		return EXIT_USAGE;
	if (snprintf(folder, sizeof folder, "%s/store", s->data) >= (int)sizeof folder ||
	    stat(folder, &st) == -1 || !S_ISDIR(st.st_mode)) {
		fprintf(stderr, msg(MSG_ID("'%s' is no data folder: it has no store\n")), s->data);
		return EXIT_INPUT;
	}
	s->store = store_reader_new(folder, NULL);
	if (s->store == NULL) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return EXIT_FAULT;
	}
	return lock_up(folder) ? run(s) : EXIT_FAULT;
}

int cmd_search(int argc, char **argv)
{
	static struct search s = { .format = "text", .out = { .max = LINE_MAX_BYTES } };
	size_t n = 0;
	const struct opt table[] = {
		{ "data", OPT_TEXT, &s.data, "DIR", MSG_ID("the data folder") },
		{ "from", OPT_TEXT, &s.from, "TIME", MSG_ID("only events from that time on") },
		{ "to", OPT_TEXT, &s.to, "TIME", MSG_ID("only events before that time") },
		{ "tz", OPT_TEXT, &s.tz, "ZONE",
		  MSG_ID("zone of times that tell none (Asia/Ho_Chi_Minh)") },
		{ "newest", OPT_FLAG, &s.newest_first, NULL, MSG_ID("the newest event first") },
		{ "format", OPT_CHOICE, &s.format, "text|jsonl|csv", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"search",
		"QUERY...",
		MSG_ID("Find events in the store. The query is words and field:value, all of which "
		       "must hold; * stands for anything, \"...\" keeps blanks; case and marks do "
		       "not count. Without a query: all events."),
		table,
		COUNT(table),
		0,
		SIZE_MAX
	};
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return got == OPTS_HELPED ? EXIT_DONE : EXIT_USAGE;
	if (s.data == NULL) {
		fprintf(stderr, "%s", msg(MSG_ID("canh search needs --data\n")));
		return EXIT_USAGE;
	}
	s.form = strcmp(s.format, "jsonl") == 0 ? FORM_JSONL
		 : strcmp(s.format, "csv") == 0 ? FORM_CSV
						: FORM_TEXT;
	s.want.limit = PAGE;
	s.want.oldest_first = !s.newest_first;
	int status = prepare_and_run(&s, argv, n);

	store_reader_free(s.store);
	zone_free(s.zone);
	buf_free(&s.out);
	return status;
}
