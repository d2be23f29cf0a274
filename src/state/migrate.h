/* SPDX-License-Identifier: Apache-2.0 */
/*
 * migrate.h - bring a database to the form this program knows, one numbered step after the other.
 *
 * A step is a file of SQL, src/state/migrations/NNNN-name.sql, built into the program. Once it has
 * been released it never changes: the database remembers the hash of what was applied. Each step is
 * one transaction; a step that fails leaves the database as it was before it.
 */
#ifndef STATE_MIGRATE_H
#define STATE_MIGRATE_H

#include "state/db.h"

struct migration {
	int number; /* 1, 2, 3 ... without a gap */
	const char *name, *sql;
};

/* The steps of state.db, in order. */
extern const struct migration migrations[];
extern const size_t nmigrations;

/* Apply what is missing of `list`. Fails with ERR_STATE, changing nothing, when the database has a
 * step that `list` has not (it is newer than this program), or one with another text. */
MUST_USE bool migrate(struct db *db, const struct migration *list, size_t n, struct err *why);
/* Fail unless the database has exactly the steps of `list`; changes nothing. */
MUST_USE bool migrate_check(struct db *db, const struct migration *list, size_t n, struct err *why);

#endif
