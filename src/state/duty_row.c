/* SPDX-License-Identifier: Apache-2.0 */
#include "state/duty_row.h"

#include "state/contact_row.h"
#include "state/ledger.h"
#include "state/state.h"

static const char *const posts[POSTS] = { "watch", "second", "lead" };

const char *post_name(enum post p)
{
	return posts[p];
}

bool post_parse(struct str name, enum post *out)
{
	for (size_t i = 0; i < COUNT(posts); i++) {
		if (!str_eq(name, str_of(posts[i])))
			continue;
		*out = (enum post)i;
		return true;
	}
	return false;
}

#define COLUMNS                                                                                   \
	"SELECT s.id, s.person, s.post, s.begins, s.ends, s.entered, s.note,"                     \
	" coalesce(u.display_name, c.name, ''), c.phone, c.user_id IS NOT NULL"                   \
	" FROM shifts s JOIN contacts c ON c.id = s.person LEFT JOIN users u ON u.id = c.user_id" \
	" WHERE s.removed IS NULL"

static bool keep(struct db_rows *r, struct arena *a, struct shift *s)
{
	*s = (struct shift){ .from = db_int(r, 3),
			     .to = db_int(r, 4),
			     .entered = db_int(r, 5),
			     .note = db_keep(r, 6, a),
			     .name = db_keep(r, 7, a),
			     .phone = db_keep(r, 8, a),
			     .user = db_int(r, 9) != 0 };
	db_put(r, 0, s->id, sizeof s->id);
	db_put(r, 1, s->person, sizeof s->person);
	return s->name.p != NULL && post_parse(db_text(r, 2), &s->post);
}

bool shift_list(struct db *db, struct arena *a, int64_t from, int64_t to, struct shifts *out,
		struct err *why)
{
	const struct db_val span[] = { V_INT(from), V_INT(to) };
	int64_t count;
	size_t got = 0;

	if (!db_number(db,
		       "SELECT count(*) FROM shifts WHERE removed IS NULL AND ends > $1"
		       " AND begins < $2",
		       span, COUNT(span), &count, why))
		return false;
	struct shift *rows = count <= SHIFTS_MAX ? NEW(a, struct shift, (size_t)count + 1) : NULL;
	bool fits = rows != NULL;
	struct db_rows *r = db_query(
		db, COLUMNS " AND s.ends > $1 AND s.begins < $2 ORDER BY s.begins, s.id LIMIT $3",
		DB_VALS(V_INT(from), V_INT(to), V_INT(count)), why);

	while (fits && db_next(r))
		fits = keep(r, a, &rows[got++]);
	if (!db_end(r, why))
		return false;
	if (!fits)
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	*out = (struct shifts){ rows, got };
	return true;
}

bool shift_get(struct db *db, struct arena *a, struct str id, struct shift *out, struct err *why)
{
	struct db_rows *r = db_query(db, COLUMNS " AND s.id = $1", DB_VALS(V_TEXT(id)), why);
	struct shift s = { .id = "" };
	bool found = db_next(r);
	bool fits = found && keep(r, a, &s);

	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "there is no such shift");
	if (!fits)
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	*out = s;
	return true;
}

bool shift_times_check(int64_t from, int64_t to, struct err *why)
{
	if (from == TIME_NONE || to == TIME_NONE || to - from < TIME_MINUTE)
		return err_set(why, ERR_INPUT, 0, "a shift ends after it begins");
	return to - from <= SHIFT_LONGEST ||
	       err_set(why, ERR_INPUT, 0, "a shift lasts 7 days at most");
}

static bool free_then(struct db *db, const struct shift_draft *is, struct err *why)
{
	int64_t n;

	return db_number(db,
			 "SELECT count(*) FROM shifts WHERE removed IS NULL AND person = $1"
			 " AND post = $2 AND ends > $3 AND begins < $4",
			 DB_VALS(V_TEXT(is->person), V_Z(posts[is->post]), V_INT(is->from),
				 V_INT(is->to)),
			 &n, why) &&
	       (n == 0 || err_set(why, ERR_STATE, 0, "stands on that post at that time already"));
}

static bool note_shift(struct db *db, const char *kind, const char *id,
		       const struct shift_draft *is, const char *actor, struct err *why)
{
	const struct ledger_note note = { actor, kind, str_of(id), TIME_NONE };
	char from[TIME_TEXT_MAX], to[TIME_TEXT_MAX];

	return ledger_append(
		db, &note,
		LEDGER_FIELDS(F_Z("from", time_rfc3339(is->from, from)),
			      F_PERSONAL("note", is->note), F_TEXT("person", is->person),
			      F_Z("post", posts[is->post]), F_Z("to", time_rfc3339(is->to, to))),
		NULL, why);
}

bool shift_add_in(struct db *db, const struct shift_draft *is, const char *actor, char id[UUID_MAX],
		  struct err *why)
{
	char unit[UUID_MAX], made[UUID_MAX];

	uuid_new(made);
	if (!shift_times_check(is->from, is->to, why) ||
	    !contact_need_in(db, is->person, actor, why) || !free_then(db, is, why) ||
	    !state_unit(db, unit, why) ||
	    !db_run(db,
		    "INSERT INTO shifts (id, unit, person, post, begins, ends, note, entered,"
		    " entered_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		    DB_VALS(V_Z(made), V_Z(unit), V_TEXT(is->person), V_Z(posts[is->post]),
			    V_INT(is->from), V_INT(is->to),
			    is->note.n > 0 ? V_TEXT(is->note) : V_NULL, V_TIME(time_now()),
			    V_Z(actor)),
		    why) ||
	    !note_shift(db, "duty.added", made, is, actor, why))
		return false;
	memcpy(id, made, sizeof made);
	return true;
}

bool shift_add(struct db *db, const struct shift_draft *is, const char *actor, char id[UUID_MAX],
	       struct err *why)
{
	return db_begin(db, why) && db_leave(db, shift_add_in(db, is, actor, id, why), why);
}

static bool take_back(struct db *db, struct str id, int64_t now, const char *actor, struct err *why)
{
	unsigned char mem[4096];
	struct arena a = { mem, mem + sizeof mem };
	struct shift s = { .id = "" };

	if (!shift_get(db, &a, id, &s, why))
		return false;
	if (s.to <= now)
		return err_set(why, ERR_STATE, 0, "the shift is over: it stays");
	bool runs = s.from < now;
	const struct shift_draft was = { str_of(s.person), s.post, s.from, runs ? now : s.to,
					 STR("") };
	const char *sql = runs ? "UPDATE shifts SET ends = $2 WHERE id = $1"
			       : "UPDATE shifts SET removed = $2 WHERE id = $1";
	return db_run(db, sql, DB_VALS(V_TEXT(id), V_INT(now)), why) &&
	       note_shift(db, runs ? "duty.ended" : "duty.removed", s.id, &was, actor, why);
}

bool shift_remove(struct db *db, struct str id, int64_t now, const char *actor, struct err *why)
{
	return db_begin(db, why) && db_leave(db, take_back(db, id, now, actor, why), why);
}

bool shift_since(struct db *db, int64_t *out, struct err *why)
{
	int64_t n;

	if (!db_number(db, "SELECT min(entered) FROM shifts", NULL, 0, &n, why))
		return false;
	*out = n == 0 ? TIME_NONE : n;
	return true;
}
