/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blind.c - minutes in which canh saw nothing. The setting "blind_beat" says since when minutes are
 * noted and which was the last; a beat that comes after a gap makes the gap blind.
 */
#include "govern/govern.h"
#include "govern/metrics_int.h"
#include "state/ledger.h"
#include "state/state.h"

#include <stdio.h>

enum { SETTING_MAX = 256, LATE = 2, GAP_MAX = 31 * 24 * 60 };
static const char setting[] = "blind_beat";

bool blind_span(struct db *db, struct arena scratch, int64_t *since, int64_t *at, struct err *why)
{
	struct json *v = NULL;
	struct str text;

	*since = *at = 0;
	if (!state_setting(db, &scratch, setting, &text, why))
		return false;
	if (text.n == 0)
		return true;
	if (!json_parse(text, SETTING_MAX, &v, why))
		return false;
	bool ok = json_int(json_get(v, "since"), since) && json_int(json_get(v, "at"), at);

	json_free(v);
	return ok || err_set(why, ERR_INPUT, 0, "the setting '%s' is damaged", setting);
}

static bool add(struct db *db, const char *unit, int64_t minute, const char *reason,
		struct err *why)
{
	return db_run(db,
		      "INSERT INTO blind_minutes (unit, minute, reason) VALUES ($1, $2, $3)"
		      " ON CONFLICT DO NOTHING",
		      DB_VALS(V_Z(unit), V_INT(minute), V_Z(reason)), why);
}

static bool say(struct db *db, int64_t from, int64_t to, const char *reason, struct err *why)
{
	const struct ledger_note note = { "canh", "canh.blind", STR("canh"), from * TIME_MINUTE };

	return ledger_append(db, &note,
			     LEDGER_FIELDS(F_Z("reason", reason), F_INT("from", from * TIME_MINUTE),
					   F_INT("to", (to + 1) * TIME_MINUTE)),
			     NULL, why);
}

/* The minutes after `last` and before `minute`; one that a beat merely came late for is not blind. */
static bool gap(struct db *db, const char *unit, int64_t last, int64_t minute, struct err *why)
{
	int64_t from = last + 1;

	if (minute - last <= LATE)
		return true;
	if (minute - from > GAP_MAX)
		from = minute - GAP_MAX;
	for (int64_t m = from; m < minute; m++)
		if (!add(db, unit, m, "stopped", why))
			return false;
	return say(db, from, minute - 1, "stopped", why);
}

static bool blind_now(struct db *db, const char *unit, int64_t minute, const char *reason,
		      struct err *why)
{
	int64_t before;

	return db_number(db,
			 "SELECT count(*) FROM blind_minutes WHERE minute >= $1 AND minute <= $2"
			 " AND reason = $3",
			 DB_VALS(V_INT(minute - LATE), V_INT(minute), V_Z(reason)), &before, why) &&
	       add(db, unit, minute, reason, why) &&
	       (before > 0 || say(db, minute, minute, reason, why));
}

static bool beat(struct db *db, int64_t minute, const char *reason, struct err *why)
{
	unsigned char mem[SETTING_MAX];
	struct arena a = { mem, mem + sizeof mem };
	char unit[UUID_MAX], text[SETTING_MAX];
	int64_t since, last;

	if (!state_unit(db, unit, why) || !blind_span(db, a, &since, &last, why))
		return false;
	if (since == 0)
		since = minute;
	else if (!gap(db, unit, last, minute, why))
		return false;
	snprintf(text, sizeof text, "{\"at\":%jd,\"since\":%jd}",
		 (intmax_t)(minute > last ? minute : last), (intmax_t)since);
	return (reason == NULL || blind_now(db, unit, minute, reason, why)) &&
	       state_setting_put(db, setting, str_of(text), "canh", why);
}

bool blind_beat(struct db *db, int64_t now, const char *reason, struct err *why)
{
	return db_begin(db, why) && db_leave(db, beat(db, now / TIME_MINUTE, reason, why), why);
}

/* Reasons for which nothing was taken in. */
#define TOOK_NOTHING "reason IN ('stopped', 'watch_down', 'starting')"

bool blind_pending(struct db *db, int64_t until, struct blind_span *out, bool *found,
		   struct err *why)
{
	struct blind_span s = { 0, -1 };
	struct db_rows *r = db_query(db,
				     "SELECT minute FROM blind_minutes WHERE hunted IS NULL"
				     " AND minute < $1 AND " TOOK_NOTHING " ORDER BY minute",
				     DB_VALS(V_INT(until / TIME_MINUTE)), why);

	while (db_next(r)) {
		int64_t minute = db_int(r, 0);

		if (s.to != -1 && minute != s.to + 1)
			break;
		s.from = s.to == -1 ? minute : s.from;
		s.to = minute;
	}
	if (!db_end(r, why))
		return false;
	*found = s.to != -1;
	if (*found)
		*out = s;
	return true;
}

static bool hunted(struct db *db, const struct blind_span *s, int64_t records, int64_t now,
		   struct err *why)
{
	const struct ledger_note note = { "canh", "canh.hunted", STR("canh"), now };

	if (!db_run(db,
		    "UPDATE blind_minutes SET hunted = $1 WHERE minute >= $2 AND minute <= $3"
		    " AND hunted IS NULL AND " TOOK_NOTHING,
		    DB_VALS(V_TIME(now), V_INT(s->from), V_INT(s->to)), why))
		return false;
	if (db_changes(db) == 0)
		return true;
	return ledger_append(db, &note,
			     LEDGER_FIELDS(F_INT("from", s->from * TIME_MINUTE),
					   F_INT("to", (s->to + 1) * TIME_MINUTE),
					   F_INT("records", records)),
			     NULL, why);
}

bool blind_hunted(struct db *db, const struct blind_span *span, int64_t records, int64_t now,
		  struct err *why)
{
	return db_begin(db, why) && db_leave(db, hunted(db, span, records, now, why), why);
}
