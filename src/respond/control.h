/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control.h - positive controls: a canary that must come back; and exercises, which count as such.
 *
 * Whoever sends a canary puts the number of the test into the event's field "canh.canary" (an
 * exercise: "canh.exercise"); the hit that comes back passes the test. Numbers cannot be guessed.
 */
#ifndef RESPOND_CONTROL_H
#define RESPOND_CONTROL_H

#include "respond/respond.h"
#include "state/control_row.h"

/* A canary that is about to be sent. */
struct control_plan {
	enum control_kind kind;
	struct str
		subject;  /* "" for the rule set; "udp 127.0.0.1:5514"; the id as in GET /sources */
	int64_t now, due; /* it must come back by then */
};
MUST_USE bool control_begin(struct db *db, const struct control_plan *plan, char id[UUID_MAX],
			    struct err *why);
/* It came in through the door and was stored; what is left is that the rules find it. */
MUST_USE bool control_arrived(struct db *db, struct str id, int64_t at, struct err *why);
/* It could not even be sent, for that reason. */
MUST_USE bool control_unsent(struct db *db, struct str id, int64_t at, const struct err *reason,
			     struct err *why);
/* Tests that are past due have failed: says so in the ledger. *n failed now. */
MUST_USE bool control_expire(struct db *db, int64_t now, size_t *n, struct err *why);
/* Of the sources whose sender shall send a heartbeat, those from which none came since `since` have
 * failed their test; each failure is one test. */
MUST_USE bool control_missed(struct db *db, int64_t since, int64_t now, struct err *why);

/* Tests from before go; the ledger keeps what became of them. */
MUST_USE bool control_forget(struct db *db, int64_t before, struct err *why);

/* An exercise runs from now until `until`, at most a day, one at a time (ERR_STATE). */
struct exercise_plan {
	struct str scenario;
	int64_t now, until;
};
MUST_USE bool exercise_begin(struct db *db, const struct actor *who,
			     const struct exercise_plan *plan, char id[UUID_MAX], struct err *why);
/* How an exercise came out. It counts as a control test of the rules: passed when all that had to be
 * found was found. */
struct exercise_result {
	int64_t events, expected, found;
};
/* `result` NULL: it was broken off, and tests nothing. */
MUST_USE bool exercise_end(struct db *db, const struct actor *who, struct str id,
			   const struct exercise_result *result, struct err *why);

#endif
