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

enum control_kind { CONTROL_RULES, CONTROL_SOURCE };

/* A canary that is about to be sent. */
struct control_plan {
	enum control_kind kind;
	struct str subject; /* "" for the rule set, else the source's id as in GET /sources */
	int64_t now, due;   /* it must come back by then */
};
MUST_USE bool control_begin(struct db *db, const struct control_plan *plan, char id[UUID_MAX],
			    struct err *why);
/* Tests that are past due have failed: says so in the ledger. *n failed now. */
MUST_USE bool control_expire(struct db *db, int64_t now, size_t *n, struct err *why);
/* When a test of that subject last passed and failed; TIME_NONE: never. */
MUST_USE bool control_last(struct db *db, enum control_kind kind, struct str subject,
			   int64_t *passed, int64_t *failed, struct err *why);

/* An exercise runs from now until `until`, at most a day, one at a time (ERR_STATE). */
struct exercise_plan {
	struct str scenario;
	int64_t now, until;
};
MUST_USE bool exercise_begin(struct db *db, const struct actor *who,
			     const struct exercise_plan *plan, char id[UUID_MAX], struct err *why);
MUST_USE bool exercise_end(struct db *db, const struct actor *who, struct str id, struct err *why);

#endif
