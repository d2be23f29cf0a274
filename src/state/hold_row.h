/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold_row.h - holds: days of the store that must not go, by whose word, for which case, until when.
 *
 * A hold ends at its end or when it is released; the row stays. What was held when is read from the
 * ledger (hold_seen_all()), so that a row that was changed by hand hides nothing.
 */
#ifndef STATE_HOLD_ROW_H
#define STATE_HOLD_ROW_H

#include "base/time.h"
#include "state/db.h"

enum { HOLDS_MAX = 1000, HOLD_DAYS_MAX = 3660, HOLD_TEXT_MAX = 2000 };

struct hold_row {
	struct str id;
	struct str day, last; /* "2026-11-22", both included */
	struct str reason, case_text;
	int64_t until; /* TIME_NONE: until it is released */
	int64_t placed, released;
	struct str placed_by, released_by, released_why;
};
bool hold_in_force(const struct hold_row *r, int64_t now);

/* Checks the words and days. ERR_INPUT: they are none. ERR_LIMIT: HOLDS_MAX are in force. Its id goes to
 * *id; with an entry of the ledger, in a transaction of its own. */
MUST_USE bool hold_row_put(struct db *db, const struct hold_row *row, const char *actor,
			   char id[40], struct err *why);
/* ERR_ABSENT: there is none of that id. ERR_STATE: it has ended already. */
MUST_USE bool hold_row_release(struct db *db, struct str id, struct str reason, const char *actor,
			       int64_t now, struct err *why);
/* The newest HOLDS_MAX of those in force, then of the others, in `a`. */
MUST_USE bool hold_row_all(struct db *db, struct arena *a, int64_t now, struct hold_row **out,
			   size_t *n, struct err *why);
MUST_USE bool hold_row_get(struct db *db, struct arena *a, struct str id, struct hold_row *out,
			   struct err *why);
/* How many of those days the ledger says have left the store. */
MUST_USE bool hold_days_gone(struct db *db, struct str day, struct str last, int64_t *out,
			     struct err *why);
/* How many days, the present one the last, the store keeps because of holds in force; *holds: of so many. A
 * day that several hold counts once, one that has left not at all. */
MUST_USE bool hold_days_held(struct db *db, int64_t now, int64_t *days, int64_t *holds,
			     struct err *why);
/* Days from the first to the last, both included; 0: they are none. */
int64_t hold_days(struct str day, struct str last);

/* As the ledger tells: held from `since` to `until` (INT64_MAX: still). */
struct hold_seen {
	char day[16], last[16];
	int64_t since, until;
};
MUST_USE bool hold_seen_all(struct db *db, struct arena *a, struct hold_seen **out, size_t *n,
			    struct err *why);

#endif
