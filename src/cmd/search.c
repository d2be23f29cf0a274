/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search.c - `canh search`: find events in the store of a data folder, whether it is being served or
 * not. Reads only; ends with what was looked at and what was not.
 */
#include "base/jsonw.h"
#include "base/msg.h"
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "cmd/csv.h"
#include "cmd/load.h"
#include "cmd/open_state.h"
#include "cmd/plain.h"
#include "cmd/tell.h"
#include "cmd/times.h"
#include "proc/given.h"
#include "proc/ranges.h"
#include "store/day.h"
#include "store/found.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PAGE = 2000, LINE_MAX_BYTES = 64 << 20, QUERY_ROOM = 8 << 20 };
#define PAGE_ROOM ((size_t)768 << 20)

enum form { FORM_TEXT, FORM_JSONL, FORM_CSV };

struct search {
	const char *data, *format, *order;
	struct times times;
	bool newest_first;
	struct decoders *decoders;  /* owned */
	struct own_ranges own;      /* in query_room */
	struct source_given *given; /* in query_room */
	size_t n_given;
	struct store_search want;
	struct store_reader *store; /* owned */
	struct arena query_room, room;
	struct buf out;
	enum form form;
	uint64_t found, blocks, events;
	struct store_coverage last; /* of the last page; its days are those of the whole search */
	struct {
		int32_t day;
		int64_t block;
	} damaged[STORE_MAX_GAPS]; /* that were named */
	size_t n_damaged;
	bool unread; /* our own ranges */
	bool failed; /* the output */
	struct tell_progress progress;
};

/* --- one event --- */

static struct str source_name(const struct store_found *f)
{
	return f->source == NULL ? STR("-") : source_shown(f->source);
}

static struct str host_of(const struct event *ev)
{
	struct str host = event_ecs(ev, ECS_HOST_NAME);

	return host.p != NULL ? host : event_ecs(ev, ECS_HOST_IP);
}

static void put_text(struct buf *out, const struct times *times, const struct store_found *f)
{
	char when[TIME_TEXT_MAX], id[STORE_ID_MAX];
	struct str host = host_of(&f->event);

	buf_printf(out, "%s %s ", times_text(times, f->event.time, when),
		   store_id_text(&f->id, id));
	plain_put(out, host.n > 0 ? host : source_name(f), SIZE_MAX);
	buf_printf(out, " %s ", f->format);
	plain_put(out, f->event.raw, SIZE_MAX);
	buf_char(out, '\n');
}

static void put_json(struct buf *out, const struct store_found *f)
{
	struct jsonw w = { .out = out };

	found_write(&w, f);
	buf_char(out, '\n');
}

static void put_csv(struct buf *out, const struct store_found *f)
{
	char when[TIME_TEXT_MAX], id[STORE_ID_MAX];

	buf_printf(out, "%s,", store_id_text(&f->id, id));
	buf_printf(out, "%s,", time_rfc3339(f->event.time, when));
	buf_printf(out, "%s,", time_rfc3339(f->event.received, when));
	csv_cell(out, source_name(f), ',');
	buf_printf(out, "%ju,%s,", (uintmax_t)f->event.seq, f->format);
	csv_cell(out, host_of(&f->event), ',');
	csv_cell(out, f->event.raw, '\n');
}

static void put(struct search *s, const struct store_found *f)
{
	buf_clear(&s->out);
	if (s->form == FORM_JSONL)
		put_json(&s->out, f);
	else if (s->form == FORM_CSV)
		put_csv(&s->out, f);
	else
		put_text(&s->out, &s->times, f);
	if (s->out.full || fwrite(s->out.p, 1, s->out.n, stdout) != s->out.n)
		s->failed = true;
}

/* --- the search --- */

static void progress(struct search *s, bool last)
{
	if (tell_progress_due(&s->progress, last))
		fprintf(stderr, msg(MSG_ID("\r\033[K%llu found, %llu events looked at")),
			(unsigned long long)s->found, (unsigned long long)s->events);
}

static void say_gap(const struct store_gap *gap)
{
	char day[TIME_TEXT_MAX];

	tell_fault(day_text(gap->day, day), &gap->why);
}

static bool was_said(const struct search *s, const struct store_gap *gap)
{
	for (size_t i = 0; i < s->n_damaged; i++)
		if (s->damaged[i].day == gap->day && s->damaged[i].block == gap->block)
			return true;
	return false;
}

/* Damage is named when a page meets it; by time several meet the same. */
static void note_damage(struct search *s)
{
	const struct store_coverage *c = &s->last;

	for (size_t i = 0; i < c->n_damaged; i++) {
		if (was_said(s, &c->damaged[i]))
			continue;
		if (s->n_damaged < STORE_MAX_GAPS) {
			s->damaged[s->n_damaged].day = c->damaged[i].day;
			s->damaged[s->n_damaged++].block = c->damaged[i].block;
		}
		progress(s, true);
		say_gap(&c->damaged[i]);
	}
}

static void say_coverage(const struct search *s)
{
	char first[TIME_TEXT_MAX] = "-", last[TIME_TEXT_MAX] = "-";
	const struct store_coverage *c = &s->last;

	if (c->n_days > 0) {
		day_text(c->days[0], first);
		day_text(c->days[c->n_days - 1], last);
	}
	for (size_t i = 0; i < c->n_missing; i++)
		say_gap(&c->missing[i]);
	fprintf(stderr,
		msg(MSG_ID(
			"%llu found; looked at %llu events in %llu blocks of %zu days (%s to %s); "
			"%zu days without a file, %zu places damaged\n")),
		(unsigned long long)s->found, (unsigned long long)s->events,
		(unsigned long long)s->blocks, c->n_days, first, last, c->n_missing, s->n_damaged);
}

static int status_of(const struct search *s)
{
	const struct store_coverage *c = &s->last;
	bool lost = s->n_damaged > 0 || s->unread;

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

	progress(s, false);
	if (s->form == FORM_CSV)
		printf("id,time,received,source,seq,format,host,raw\n");
	do {
		struct arena a = s->room;

		s->want.cursor = str_of(cursor);
		if (!store_scan(s->store, &a, &s->want, &page, &s->last, &why)) {
			s->want.cursor = STR("");
			tell_fault("store", &why);
			return EXIT_FAULT;
		}
		s->blocks += s->last.blocks;
		s->events += s->last.events;
		for (size_t i = 0; i < page.n && !s->failed; i++, s->found++)
			put(s, &page.items[i]);
		memcpy(cursor, page.next, sizeof cursor);
		note_damage(s);
		progress(s, false);
	} while (cursor[0] != '\0' && !s->failed);
	s->want.cursor = STR("");
	progress(s, true);
	s->failed = s->failed || fflush(stdout) != 0;
	say_coverage(s);
	return status_of(s);
}

/* --- what was asked --- */

/* The operands with a blank between, as if they had been typed in the page's field. */
static bool take_query(struct search *s, char **words, size_t n)
{
	struct buf text = BUF(4 * QUERY_MAX_LEN + 1);
	struct err why = { 0 };
	bool ok;

	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&text, ' ');
		buf_add(&text, str_of(words[i]));
	}
	ok = !text.full || err_set(&why, ERR_LIMIT, QUERY_MAX_LEN, "longer than %d characters",
				   (int)QUERY_MAX_LEN);
	ok = ok && query_parse(&s->query_room, buf_str(&text), &s->want.query, &why);
	if (!ok) {
		char said[ERR_TEXT_MAX];

		fprintf(stderr, msg(MSG_ID("query, at %zu: %s\n")), why.at,
			err_text(&why, msg_lang(), said, sizeof said));
	}
	buf_free(&text);
	return ok;
}

/*
 * Events are read as the page reads them: with the shipped decoders, and the ranges that the settings
 * of this data folder call our own.
 */
static bool take_ranges(struct search *s, struct err *why)
{
	char state[DAY_PATH_MAX];

	if (snprintf(state, sizeof state, "%s/state", s->data) >= (int)sizeof state)
		return err_set(why, ERR_LIMIT, 0, "name too long: '%.*s'",
			       STR_ARG(str_of(s->data)));
	struct db *db = command_state_read(state, why);

	if (db == NULL)
		return false;
	bool ok = ranges_load(&s->query_room, db, &s->own, why) &&
		  given_load(&s->query_room, db, &s->given, &s->n_given, why);

	db_close(db);
	return ok;
}

static bool prepare_reading(struct search *s)
{
	struct err why = { 0 };

	if (!load_decoders(&s->decoders))
		return false;
	if (take_ranges(s, &why))
		return true;
	tell_fault("state", &why);
	fprintf(stderr, "%s",
		msg(MSG_ID(
			"own ranges are not known: direction goes by private addresses alone\n")));
	s->unread = true;
	return true;
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
	tell_fault("sandbox", &why);
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
	if (!times_take(&s->times) || !take_query(s, words, n))
		return EXIT_USAGE;
	s->want.from = s->times.begin;
	s->want.to = s->times.end == TIME_NONE ? TIME_NONE : s->times.end - 1;
	if (snprintf(folder, sizeof folder, "%s/store", s->data) >= (int)sizeof folder ||
	    stat(folder, &st) == -1 || !S_ISDIR(st.st_mode)) {
		fprintf(stderr, msg(MSG_ID("'%s' is no data folder: it has no store\n")), s->data);
		return EXIT_INPUT;
	}
	if (!prepare_reading(s))
		return EXIT_FAULT;
	s->store = store_reader_new(folder, &(struct store_reading){ s->decoders, &s->own });
	if (s->store == NULL) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return EXIT_FAULT;
	}
	store_reader_given(s->store, s->given, s->n_given);
	return lock_up(folder) ? run(s) : EXIT_FAULT;
}

int cmd_search(int argc, char **argv)
{
	static struct search s = { .format = "text",
				   .order = "stored",
				   .out = { .max = LINE_MAX_BYTES } };
	size_t n = 0;
	const struct opt table[] = {
		{ "data", OPT_TEXT, &s.data, "DIR", MSG_ID("the data folder") },
		TIMES_OPTIONS(&s.times),
		{ "order", OPT_CHOICE, &s.order, "stored|time",
		  MSG_ID("as they were stored, or by the time that they tell (dear over many)") },
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
		return opts_exit(got);
	if (s.data == NULL) {
		fprintf(stderr, "%s", msg(MSG_ID("canh search needs --data\n")));
		return EXIT_USAGE;
	}
	s.form = strcmp(s.format, "jsonl") == 0 ? FORM_JSONL
		 : strcmp(s.format, "csv") == 0 ? FORM_CSV
						: FORM_TEXT;
	s.want.limit = PAGE;
	s.want.patience = TIME_SECOND; /* a page ends then, and progress is shown */
	s.want.order = strcmp(s.order, "time") == 0 ? STORE_BY_TIME : STORE_BY_PLACE;
	s.want.oldest_first = !s.newest_first;
	int status = prepare_and_run(&s, argv, n);

	store_reader_free(s.store);
	decoders_free(s.decoders);
	times_free(&s.times);
	buf_free(&s.out);
	return status;
}
