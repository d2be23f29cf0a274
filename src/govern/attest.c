/* SPDX-License-Identifier: Apache-2.0 */
/* attest.c - a person vouches for what no machine can see, for a while. */
#include "govern/govern.h"

#include "base/utf8.h"
#include "govern/result_int.h"
#include "state/ledger.h"
#include "state/state.h"

enum { STATEMENT_MAX = 4000, ATTEST_DAYS_MAX = 92 };

struct vouching {
	struct db *db;
	const struct directive *d;
	const struct measure *m;
	struct str statement;
	int64_t expires, now;
	const char *actor;
	struct err *why;
};

static bool take(const struct json *body, struct vouching *v)
{
	struct str end = json_get_str(body, "expires");
	bool zone;

	v->statement = json_get_str(body, "statement");
	if (str_trim(v->statement).n == 0 || utf8_count(v->statement) > STATEMENT_MAX)
		return err_set(v->why, ERR_INPUT, 0, "a statement of up to %d characters is needed",
			       STATEMENT_MAX);
	if (!time_parse_rfc3339(end, &v->expires, &zone) && !time_parse_date(end, &v->expires))
		return err_set(v->why, ERR_INPUT, 0, "an attestation needs its end");
	if (v->expires <= v->now || v->expires > v->now + ATTEST_DAYS_MAX * TIME_DAY)
		return err_set(v->why, ERR_INPUT, 0, "an attestation ends within %d days",
			       ATTEST_DAYS_MAX);
	return true;
}

static bool insert(const struct vouching *v, struct arena *a, const char *unit)
{
	struct str subject = arena_printf(a, "%.*s/%.*s", STR_ARG(v->d->id), STR_ARG(v->m->id));
	const struct ledger_note note = { v->actor, "measure.attested", subject, v->now };
	char id[UUID_MAX];
	int64_t entry;

	return ledger_append(v->db, &note,
			     LEDGER_FIELDS(F_PERSONAL("statement", v->statement),
					   F_INT("expires", v->expires)),
			     &entry, v->why) &&
	       db_run(v->db,
		      "INSERT INTO attestations (id, unit, directive, measure, statement, actor,"
		      " at, expires, ledger) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		      DB_VALS(V_Z(uuid_new(id)), V_Z(unit), V_TEXT(v->d->id), V_TEXT(v->m->id),
			      V_TEXT(v->statement), V_Z(v->actor), V_TIME(v->now),
			      V_TIME(v->expires), V_INT(entry)),
		      v->why);
}

/* What the machine did not know is attested at once, not at the next look. */
static bool show(const struct vouching *v, struct arena a, const char *unit)
{
	const struct subject s = { v->db, unit, v->d, v->m, v->now, NULL };
	struct err none = { .kind = ERR_NONE }, reason;
	struct result r;
	bool changed;

	if (!result_get(&s, &a, &r, &none)) {
		if (none.kind != ERR_ABSENT && v->why != NULL)
			*v->why = none;
		return none.kind == ERR_ABSENT; /* the next look will say it */
	}
	if (r.verdict != V_UNKNOWN)
		return true;
	r.verdict = V_ATTESTED;
	reason_attested(v->expires, &reason);
	r.reason = reason_both(&a, &reason);
	return result_put(&s, a, &r, &changed, v->why);
}

static bool vouch(const struct vouching *v, struct arena a)
{
	char unit[UUID_MAX];

	return state_unit(v->db, unit, v->why) && insert(v, &a, unit) && show(v, a, unit);
}

bool govern_attest(const struct govern_view *v, const struct directive *d, struct str measure,
		   const struct json *body, const char *actor, struct err *why)
{
	struct vouching vouching = { .db = v->db,
				     .d = d,
				     .m = measure_find(d, measure),
				     .now = v->now,
				     .actor = actor,
				     .why = why };

	if (vouching.m == NULL)
		return err_set(why, ERR_ABSENT, 0, "no such measure");
	return take(body, &vouching) && db_begin(v->db, why) &&
	       db_leave(v->db, vouch(&vouching, v->a), why);
}
