/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold.c - `canh hold ls|place|release`: days of the store that must not go while a case needs them,
 * whether a server runs or not.
 */
#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "cmd/plain.h"
#include "state/hold_row.h"

#include <stdio.h>

#define ROOM ((size_t)32 << 20)
enum { LINE_MAX_BYTES = 1 << 16 };

struct hold_cmd {
	const char *data, *case_text, *reason, *until, *format;
	struct arena a;
};

/* --- ls --- */

static void put_text(const char *key, struct str s, struct jsonw *w)
{
	jsonw_kv_str(w, key, s.n > 0 ? s : (struct str){ NULL, 0 });
}

static void show_json(const struct hold_row *r, int64_t gone, int64_t now)
{
	struct buf b = BUF(LINE_MAX_BYTES);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "id", r->id);
	jsonw_kv_str(&w, "day", r->day);
	jsonw_kv_str(&w, "last", r->last);
	jsonw_kv_int(&w, "days", hold_days(r->day, r->last));
	jsonw_kv_int(&w, "gone", gone);
	jsonw_kv_str(&w, "reason", r->reason);
	jsonw_kv_str(&w, "case", r->case_text);
	jsonw_kv_time(&w, "until", r->until);
	jsonw_kv_bool(&w, "in_force", hold_in_force(r, now));
	jsonw_kv_time(&w, "placed", r->placed);
	jsonw_kv_str(&w, "placed_by", r->placed_by);
	jsonw_kv_time(&w, "released", r->released);
	put_text("released_by", r->released_by, &w);
	put_text("released_why", r->released_why, &w);
	jsonw_close(&w, '}');
	printf("%.*s\n", STR_ARG(buf_str(&b)));
	buf_free(&b);
}

static void show_text(const struct hold_row *r, int64_t gone, int64_t now)
{
	struct buf b = BUF(LINE_MAX_BYTES);

	plain_put(&b, r->case_text, HOLD_TEXT_MAX);
	buf_add(&b, STR(": "));
	plain_put(&b, r->reason, HOLD_TEXT_MAX);
	printf("%.*s  %.*s  %.*s  %s  %.*s", STR_ARG(r->id), STR_ARG(r->day), STR_ARG(r->last),
	       msg(hold_in_force(r, now) ? MSG_ID("held") : MSG_ID("ended")), STR_ARG(buf_str(&b)));
	if (gone > 0)
		printf(msg(MSG_ID("  (%lld of %lld days have left the store)")), (long long)gone,
		       (long long)hold_days(r->day, r->last));
	printf("\n");
	buf_free(&b);
}

static bool show(struct hold_cmd *c, struct db *db, struct err *why)
{
	int64_t now = time_now(), gone = 0, days, holds;
	struct hold_row *rows;
	size_t n;

	if (!hold_row_all(db, &c->a, now, &rows, &n, why) ||
	    !hold_days_held(db, now, &days, &holds, why))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!hold_days_gone(db, rows[i].day, rows[i].last, &gone, why))
			return false;
		(strcmp(c->format, "jsonl") == 0 ? show_json : show_text)(&rows[i], gone, now);
	}
	fprintf(stderr, msg(MSG_ID("%lld holds in force, of %lld days of the store\n")),
		(long long)holds, (long long)days);
	return true;
}

/* --- place, release --- */

/* A day is its end in Viet Nam. */
static bool take_until(const char *text, int64_t *out, struct err *why)
{
	if (text == NULL)
		return true;
	if (!time_parse_date(str_of(text), out))
		return err_set(why, ERR_INPUT, 0, "expected a day such as 2026-12-31");
	*out += TIME_DAY - 7 * TIME_HOUR;
	return true;
}

static bool place(struct hold_cmd *c, struct db *db, const char *days, struct err *why)
{
	struct str rest = str_of(days), day;
	struct hold_row r = { .until = TIME_NONE,
			      .placed = time_now(),
			      .released = TIME_NONE,
			      .reason = str_of(c->reason == NULL ? "" : c->reason),
			      .case_text = str_of(c->case_text == NULL ? "" : c->case_text) };
	char id[40];
	int64_t gone;

	if (!str_split(&rest, '/', &day) || !take_until(c->until, &r.until, why))
		return day.n > 0 ? false : err_set(why, ERR_INPUT, 0, "no day is named");
	r.day = day;
	r.last = rest.n > 0 ? rest : day;
	if (!hold_days_gone(db, r.day, r.last, &gone, why))
		return false;
	int64_t all = hold_days(r.day, r.last);
	if (all > 0 && gone >= all)
		return err_set(why, ERR_STATE, 0, "all of these days have left the store already");
	if (!hold_row_put(db, &r, "canh", id, why))
		return false;
	printf("%s\n", id);
	fprintf(stderr,
		msg(MSG_ID("%lld days are held; a running canh keeps them within seconds\n")),
		(long long)all);
	return true;
}

static bool release(struct hold_cmd *c, struct db *db, const char *id, struct err *why)
{
	return hold_row_release(db, str_of(id), str_of(c->reason == NULL ? "" : c->reason), "canh",
				time_now(), why);
}

/* --- all --- */

enum verb { LS, PLACE, RELEASE, VERBS };

static enum verb verb_of(const char *name, size_t operands)
{
	static const struct {
		const char *name;
		size_t operands;
	} verbs[VERBS] = { { "ls", 1 }, { "place", 2 }, { "release", 2 } };
	size_t i = 0;

	while (i < VERBS && (strcmp(verbs[i].name, name) != 0 || verbs[i].operands != operands))
		i++;
	return (enum verb)i;
}

static int run(struct hold_cmd *c, enum verb verb, const char *of)
{
	struct opened_state s;
	struct err why = { 0 };

	if (!command_state_open(c->data, &s))
		return EXIT_INPUT;
	bool ok = verb == LS      ? show(c, s.db, &why)
		  : verb == PLACE ? place(c, s.db, of, &why)
				  : release(c, s.db, of, &why);
	if (!ok)
		command_complain(&why);
	command_state_close(&s);
	if (ok)
		return EXIT_DONE;
	return verb == RELEASE && why.kind == ERR_ABSENT ? EXIT_NOT : EXIT_INPUT;
}

int cmd_hold(int argc, char **argv)
{
	static struct hold_cmd c = { .format = "text" };
	const struct opt table[] = {
		{ "data", OPT_TEXT, &c.data, "DIR", MSG_ID("the data folder") },
		{ "case", OPT_TEXT, &c.case_text, "TEXT", MSG_ID("place: the case it is for") },
		{ "reason", OPT_TEXT, &c.reason, "TEXT",
		  MSG_ID("place: why they must stay; release: why they may go") },
		{ "until", OPT_TEXT, &c.until, "DATE",
		  MSG_ID("place: the last day of the hold; else until it is released") },
		{ "format", OPT_CHOICE, &c.format, "text|jsonl", MSG_ID("how ls prints") },
	};
	const struct opts o = {
		"hold",
		"ls|place DAY[/LAST]|release ID",
		MSG_ID("Show the holds, place one on days of the store (2026-11-20, or "
		       "2026-11-20/2026-11-23), or release one. Held days leave the store neither by "
		       "age nor for want of space; each change is an entry of the ledger."),
		table,
		COUNT(table),
		1,
		2
	};
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	enum verb verb = verb_of(argv[0], n);
	if (verb == VERBS || c.data == NULL) {
		fprintf(stderr, "%s",
			msg(MSG_ID("canh: hold wants ls, place DAY or release ID, and --data "
				   "DIR\n")));
		return EXIT_USAGE;
	}
	if (!arena_reserve(&c.a, ROOM))
		return EXIT_FAULT;
	return run(&c, verb, n > 1 ? argv[1] : NULL);
}
