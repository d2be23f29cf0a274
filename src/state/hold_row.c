/* SPDX-License-Identifier: Apache-2.0 */
#include "state/hold_row.h"

#include "base/json.h"
#include "base/uuid.h"
#include "state/ledger.h"
#include "state/state.h"

#include <stdio.h>

enum { SEEN_MAX = 10000, DAY_LEN = 10 };

bool hold_in_force(const struct hold_row *r, int64_t now)
{
	return r->released == TIME_NONE && (r->until == TIME_NONE || r->until > now);
}

int64_t hold_days(struct str day, struct str last)
{
	int64_t from, to;

	if (day.n != DAY_LEN || last.n != DAY_LEN || !time_parse_date(day, &from) ||
	    !time_parse_date(last, &to) || to < from)
		return 0;
	return (to - from) / TIME_DAY + 1;
}

/* --- place, release --- */

static bool fits(const struct hold_row *r, struct err *why)
{
	int64_t days = hold_days(r->day, r->last);

	if (days == 0 || days > HOLD_DAYS_MAX)
		return err_set(why, ERR_INPUT, 0,
			       "expected a day such as 2026-11-22, and a last one not before it");
	if (str_trim(r->reason).n == 0 || r->reason.n > HOLD_TEXT_MAX)
		return err_set(why, ERR_INPUT, 0, "a reason of up to %d bytes is needed",
			       HOLD_TEXT_MAX);
	if (str_trim(r->case_text).n == 0 || r->case_text.n > HOLD_TEXT_MAX)
		return err_set(why, ERR_INPUT, 0, "the case it is for is needed, in up to %d bytes",
			       HOLD_TEXT_MAX);
	return r->until == TIME_NONE || r->until > r->placed ||
	       err_set(why, ERR_INPUT, 0, "the end of a hold lies in the future");
}

static bool put(struct db *db, const struct hold_row *r, const char *actor, const char *id,
		struct err *why)
{
	const struct ledger_note note = { actor, "hold.placed", str_of(id), r->placed };
	char unit[UUID_MAX];
	int64_t n;

	if (!state_unit(db, unit, why) ||
	    !db_number(db,
		       "SELECT count(*) FROM holds WHERE released IS NULL"
		       " AND (until IS NULL OR until > $1)",
		       DB_VALS(V_TIME(r->placed)), &n, why))
		return false;
	if (n >= HOLDS_MAX)
		return err_set(why, ERR_LIMIT, 0, "more than %d holds", HOLDS_MAX);
	return db_run(db,
		      "INSERT INTO holds (id, unit, day, last, reason, case_text, until, placed,"
		      " placed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		      DB_VALS(V_Z(id), V_Z(unit), V_TEXT(r->day), V_TEXT(r->last),
			      V_TEXT(r->reason), V_TEXT(r->case_text), V_TIME(r->until),
			      V_TIME(r->placed), V_Z(actor)),
		      why) &&
	       ledger_append(db, &note,
			     LEDGER_FIELDS(F_TEXT("day", r->day), F_TEXT("last", r->last),
					   F_INT("until", r->until == TIME_NONE ? 0 : r->until),
					   F_PERSONAL("reason", r->reason),
					   F_PERSONAL("case", r->case_text)),
			     NULL, why);
}

bool hold_row_put(struct db *db, const struct hold_row *row, const char *actor, char id[40],
		  struct err *why)
{
	_Static_assert(UUID_MAX <= 40, "room for an id");

	if (!fits(row, why))
		return false;
	uuid_new(id);
	return db_begin(db, why) && db_leave(db, put(db, row, actor, id, why), why);
}

static bool release(struct db *db, struct str id, struct str reason, const char *actor, int64_t now,
		    struct err *why)
{
	const struct ledger_note note = { actor, "hold.released", id, now };

	return db_run(db,
		      "UPDATE holds SET released = $1, released_by = $2, released_why = $3"
		      " WHERE id = $4",
		      DB_VALS(V_TIME(now), V_Z(actor), V_TEXT(reason), V_TEXT(id)), why) &&
	       ledger_append(db, &note, LEDGER_FIELDS(F_PERSONAL("reason", reason)), NULL, why);
}

bool hold_row_release(struct db *db, struct str id, struct str reason, const char *actor,
		      int64_t now, struct err *why)
{
	unsigned char mem[16384];
	struct arena a = { mem, mem + sizeof mem };
	struct hold_row row = { .placed = TIME_NONE };

	if (reason.n > HOLD_TEXT_MAX)
		return err_set(why, ERR_INPUT, 0, "a reason of up to %d bytes is needed",
			       HOLD_TEXT_MAX);
	if (!hold_row_get(db, &a, id, &row, why))
		return false;
	if (!hold_in_force(&row, now))
		return err_set(why, ERR_STATE, 0, "the hold has ended already");
	return db_begin(db, why) && db_leave(db, release(db, row.id, reason, actor, now, why), why);
}

/* --- read --- */

#define COLUMNS                                                                        \
	"SELECT id, day, last, reason, case_text, until, placed, placed_by, released," \
	" coalesce(released_by, ''), coalesce(released_why, '') FROM holds "

static void take(struct db_rows *r, struct arena *a, struct hold_row *out)
{
	*out = (struct hold_row){
		.id = db_keep(r, 0, a),
		.day = db_keep(r, 1, a),
		.last = db_keep(r, 2, a),
		.reason = db_keep(r, 3, a),
		.case_text = db_keep(r, 4, a),
		.until = db_time(r, 5),
		.placed = db_time(r, 6),
		.placed_by = db_keep(r, 7, a),
		.released = db_time(r, 8),
		.released_by = db_keep(r, 9, a),
		.released_why = db_keep(r, 10, a),
	};
}

bool hold_row_all(struct db *db, struct arena *a, int64_t now, struct hold_row **out, size_t *n,
		  struct err *why)
{
	struct hold_row *rows = NEW(a, struct hold_row, HOLDS_MAX);
	size_t got = 0;

	if (rows == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *r =
		db_query(db,
			 COLUMNS "ORDER BY released IS NULL AND (until IS NULL OR until > $1) DESC,"
				 " placed DESC, id DESC LIMIT $2",
			 DB_VALS(V_TIME(now), V_INT(HOLDS_MAX)), why);
	while (got < HOLDS_MAX && db_next(r))
		take(r, a, &rows[got++]);
	if (!db_end(r, why))
		return false;
	*out = rows;
	*n = got;
	return true;
}

bool hold_row_get(struct db *db, struct arena *a, struct str id, struct hold_row *out,
		  struct err *why)
{
	struct hold_row row = { .placed = TIME_NONE };
	struct db_rows *r = db_query(db, COLUMNS "WHERE id = $1", DB_VALS(V_TEXT(id)), why);
	bool found = db_next(r);

	if (found)
		take(r, a, &row);
	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "no such hold");
	*out = row;
	return true;
}

bool hold_days_gone(struct db *db, struct str day, struct str last, int64_t *out, struct err *why)
{
	return db_number(db,
			 "SELECT count(*) FROM ledger_entries WHERE kind = 'store.gone'"
			 " AND subject >= $1 AND subject <= $2",
			 DB_VALS(V_TEXT(day), V_TEXT(last)), out, why);
}

#define IN_FORCE "h.released IS NULL AND (h.until IS NULL OR h.until > $1)"

bool hold_days_held(struct db *db, int64_t now, int64_t *days, int64_t *holds, struct err *why)
{
	struct db_rows *r =
		db_query(db, "SELECT h.day, h.last FROM holds h WHERE " IN_FORCE " ORDER BY h.day",
			 DB_VALS(V_INT(now)), why);
	int64_t today = now + 7 * TIME_HOUR, next = INT64_MIN, from, to, n = 0, all = 0, gone;

	today -= today % TIME_DAY;
	for (; db_next(r); all++) {
		if (!time_parse_date(db_text(r, 0), &from) || !time_parse_date(db_text(r, 1), &to))
			continue;
		from = from > next ? from : next;
		to = to < today ? to : today;
		n += to >= from ? (to - from) / TIME_DAY + 1 : 0;
		next = to + TIME_DAY > next ? to + TIME_DAY : next;
	}
	if (!db_end(r, why) ||
	    !db_number(db,
		       "SELECT count(DISTINCT e.subject) FROM ledger_entries e JOIN holds h"
		       " ON e.subject >= h.day AND e.subject <= h.last WHERE e.kind ="
		       " 'store.gone' AND " IN_FORCE,
		       DB_VALS(V_INT(now)), &gone, why))
		return false;
	*days = n - gone;
	*holds = all;
	return true;
}

/* --- as the ledger tells --- */

struct seen_list {
	struct hold_seen *all;
	struct str *ids;
	size_t n;
};

static bool take_placed(const struct ledger_entry *e, struct hold_seen *out)
{
	struct json *j = NULL;
	int64_t until = 0;

	if (!json_parse(e->body, LEDGER_BODY_MAX, &j, NULL))
		return false;
	struct str day = json_get_str(j, "day"), last = json_get_str(j, "last");
	bool ok = hold_days(day, last) > 0 && json_int(json_get(j, "until"), &until);

	if (ok) {
		*out = (struct hold_seen){ .since = e->recorded,
					   .until = until == 0 ? INT64_MAX : until };
		snprintf(out->day, sizeof out->day, "%.*s", STR_ARG(day));
		snprintf(out->last, sizeof out->last, "%.*s", STR_ARG(last));
	}
	json_free(j);
	return ok;
}

static void end_one(struct seen_list *l, const struct ledger_entry *e)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->ids[i], e->subject) && l->all[i].until > e->recorded)
			l->all[i].until = e->recorded;
}

static bool list(struct db *db, struct arena *a, const char *kind, struct ledger_entry **out,
		 size_t *n, struct err *why)
{
	const struct ledger_wish wish = {
		.kind = str_of(kind), .from = TIME_NONE, .to = TIME_NONE, .most = SEEN_MAX
	};

	return ledger_list(db, a, &wish, out, n, why);
}

bool hold_seen_all(struct db *db, struct arena *a, struct hold_seen **out, size_t *n,
		   struct err *why)
{
	struct ledger_entry *placed = NULL, *released = NULL;
	size_t n_placed = 0, n_released = 0;
	struct seen_list l = { .n = 0 };

	if (!list(db, a, "hold.placed", &placed, &n_placed, why) ||
	    !list(db, a, "hold.released", &released, &n_released, why))
		return false;
	l.all = NEW(a, struct hold_seen, n_placed + 1);
	l.ids = NEW(a, struct str, n_placed + 1);
	if (l.all == NULL || l.ids == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < n_placed; i++) {
		l.ids[l.n] = placed[i].subject;
		l.n += take_placed(&placed[i], &l.all[l.n]);
	}
	for (size_t i = 0; i < n_released; i++)
		end_one(&l, &released[i]);
	*out = l.all;
	*n = l.n;
	return true;
}
