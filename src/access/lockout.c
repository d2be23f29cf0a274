/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lockout.c - failed sign-ins, counted by account and by address.
 *
 * Unknown names are counted like known ones, so that counting tells nobody which exist. Rows older
 * than the window go at each failure, so that made-up names cannot fill the table for long.
 */
#include "access/access_int.h"
#include "base/time.h"

#include <stdio.h>

/* Behind one address may sit an office: a person is stopped early, the address late. */
enum { ACCOUNT_FAILURES = 5, ADDRESS_FAILURES = 20 };
#define WINDOW (15 * TIME_MINUTE)

struct lock_subject lock_subject(const char *kind, struct str account, struct str address)
{
	struct lock_subject s = { "", "" };

	if (account.n > 0)
		snprintf(s.account, sizeof s.account, "%s:%.*s", kind, STR_ARG(account));
	snprintf(s.address, sizeof s.address, "address:%.*s", STR_ARG(address));
	return s;
}

bool lock_check(struct access *ac, const struct lock_subject *s, int64_t *retry_s, struct err *why)
{
	int64_t until = 0, now = ac->clock();

	*retry_s = 0;
	if (!db_number(ac->db,
		       "SELECT coalesce(max(locked_until), 0) FROM lockouts "
		       "WHERE subject = $1 OR subject = $2",
		       DB_VALS(V_Z(s->account), V_Z(s->address)), &until, why))
		return false;
	if (until <= now)
		return true;
	*retry_s = (until - now + TIME_SECOND - 1) / TIME_SECOND;
	return err_set(why, ERR_LIMIT, 0, "too many failed attempts; try again in %lld minutes",
		       (long long)((*retry_s + 59) / 60));
}

static bool count_one(struct access *ac, const char *subject, int most, struct err *why)
{
	int64_t now = ac->clock(), failures = 0;

	if (subject[0] == '\0')
		return true;
	if (!db_number(ac->db,
		       "INSERT INTO lockouts (subject, failures, last_failure) VALUES ($1, 1, $2) "
		       "ON CONFLICT (subject) DO UPDATE SET failures = lockouts.failures + 1, "
		       "last_failure = excluded.last_failure RETURNING failures",
		       DB_VALS(V_Z(subject), V_TIME(now)), &failures, why))
		return false;
	if (failures < most)
		return true;
	return db_run(ac->db,
		      "UPDATE lockouts SET failures = 0, locked_until = $2 WHERE subject = $1",
		      DB_VALS(V_Z(subject), V_TIME(now + WINDOW)), why) &&
	       access_note(ac, NULL, "session.locked", STR(""),
			   NOTE(F_PERSONAL("subject", str_of(subject)),
				F_INT("minutes", WINDOW / TIME_MINUTE)),
			   why);
}

bool lock_failure(struct access *ac, const struct lock_subject *s, struct err *why)
{
	return db_run(ac->db,
		      "DELETE FROM lockouts WHERE last_failure < $1 AND "
		      "coalesce(locked_until, 0) < $2",
		      DB_VALS(V_TIME(ac->clock() - WINDOW), V_TIME(ac->clock())), why) &&
	       count_one(ac, s->account, ACCOUNT_FAILURES, why) &&
	       count_one(ac, s->address, ADDRESS_FAILURES, why);
}

bool lock_clear(struct access *ac, const struct lock_subject *s, struct err *why)
{
	return db_run(ac->db, "DELETE FROM lockouts WHERE subject = $1", DB_VALS(V_Z(s->account)),
		      why);
}
