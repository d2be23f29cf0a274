/* SPDX-License-Identifier: Apache-2.0 */
/* own.c - own addresses that a list of infected ones holds: found, seen again, open until closed. */
#include "govern/govern.h"
#include "state/ledger.h"
#include "state/state.h"

static bool find(struct db *db, const char *unit, const struct own_check *c, struct str value,
		 struct err *why)
{
	if (!db_run(db,
		    "UPDATE own_findings SET last_list = $1, seen = $2 WHERE unit = $3"
		    " AND value = $4 AND closed IS NULL",
		    DB_VALS(V_TEXT(c->list), V_TIME(c->now), V_Z(unit), V_TEXT(value)), why))
		return false;
	return db_changes(db) > 0 ||
	       db_run(db,
		      "INSERT INTO own_findings (unit, value, first_list, last_list, found, seen)"
		      " VALUES ($1, $2, $3, $3, $4, $4)",
		      DB_VALS(V_Z(unit), V_TEXT(value), V_TEXT(c->list), V_TIME(c->now)), why);
}

static bool keep(struct db *db, const struct own_check *c, struct err *why)
{
	char unit[UUID_MAX];
	const struct ledger_note note = { "canh", "own_addresses.checked", c->list, c->now };
	int64_t withdrawn;

	if (!state_unit(db, unit, why) ||
	    !db_run(db,
		    "INSERT INTO own_checks (list, at, ranges) VALUES ($1, $2, $3)"
		    " ON CONFLICT (list) DO UPDATE SET at = excluded.at, ranges = excluded.ranges",
		    DB_VALS(V_TEXT(c->list), V_TIME(c->now), V_INT(c->ranges)), why))
		return false;
	for (size_t i = 0; i < c->n; i++)
		if (!find(db, unit, c, c->found[i], why))
			return false;
	/* The same list finds it no more: it is no address of ours any longer, or the list was read
	 * anew. What a newer list leaves out stays open. */
	if (!db_run(db,
		    "UPDATE own_findings SET closed = $1 WHERE unit = $2 AND last_list = $3"
		    " AND closed IS NULL AND seen < $1",
		    DB_VALS(V_TIME(c->now), V_Z(unit), V_TEXT(c->list)), why))
		return false;
	withdrawn = db_changes(db);
	return ledger_append(db, &note,
			     LEDGER_FIELDS(F_INT("ranges", c->ranges), F_INT("found", c->n),
					   F_INT("withdrawn", withdrawn)),
			     NULL, why);
}

bool own_addresses_put(struct db *db, const struct own_check *check, struct err *why)
{
	return db_begin(db, why) && db_leave(db, keep(db, check, why), why);
}
