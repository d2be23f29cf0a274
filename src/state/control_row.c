/* SPDX-License-Identifier: Apache-2.0 */
#include "state/control_row.h"

const char *const control_kind_names[CONTROL_KINDS] = { "rules", "door", "source" };
const struct control_past control_never = { .sent = TIME_NONE,
					    .passed = TIME_NONE,
					    .failed = TIME_NONE };

static bool last_times(struct db *db, enum control_kind kind, struct str subject,
		       struct control_past *out, struct err *why)
{
	struct db_rows *r = db_query(
		db,
		"SELECT max(sent), max(passed), max(failed) FROM control_tests"
		" WHERE kind = $1 AND subject = $2",
		DB_VALS(V_Z(control_kind_names[kind]), V_TEXT(subject.p ? subject : STR(""))), why);

	if (db_next(r)) {
		out->sent = db_time(r, 0);
		out->passed = db_time(r, 1);
		out->failed = db_time(r, 2);
	}
	return db_end(r, why);
}

static bool last_reason(struct db *db, enum control_kind kind, struct str subject,
			struct control_past *out, struct err *why)
{
	struct db_rows *r = db_query(
		db,
		"SELECT coalesce(reason, ''), coalesce(detail_vi, ''), coalesce(detail_en, '')"
		" FROM control_tests WHERE kind = $1 AND subject = $2 AND failed = $3 LIMIT 1",
		DB_VALS(V_Z(control_kind_names[kind]), V_TEXT(subject.p ? subject : STR("")),
			V_TIME(out->failed)),
		why);

	if (db_next(r)) {
		db_put(r, 0, out->reason, sizeof out->reason);
		db_put(r, 1, out->vi, sizeof out->vi);
		db_put(r, 2, out->en, sizeof out->en);
	}
	return db_end(r, why);
}

bool control_last(struct db *db, enum control_kind kind, struct str subject,
		  struct control_past *out, struct err *why)
{
	struct control_past p = control_never;

	if (!last_times(db, kind, subject, &p, why) ||
	    (p.failed != TIME_NONE && !last_reason(db, kind, subject, &p, why)))
		return false;
	*out = p;
	return true;
}

bool control_failed(const struct control_past *p)
{
	return p->failed != TIME_NONE && (p->passed == TIME_NONE || p->failed > p->passed);
}

int64_t control_next(const struct control_past *p, int64_t every, int64_t again)
{
	if (!control_failed(p))
		return p->sent + every;
	return (p->failed > p->sent ? p->failed : p->sent) + again;
}
