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

/* Note that a canary is about to be sent; `subject` is "" for the rule set, else the source's id as
 * in GET /sources. It must come back by `due`. */
MUST_USE bool control_begin(struct db *db, enum control_kind kind, struct str subject, int64_t now,
			    int64_t due, char id[UUID_MAX], struct err *why);
/* Tests that are past due have failed: says so in the ledger. *n failed now. */
MUST_USE bool control_expire(struct db *db, int64_t now, size_t *n, struct err *why);
/* When a test of that subject last passed and failed; TIME_NONE: never. */
MUST_USE bool control_last(struct db *db, enum control_kind kind, struct str subject,
			   int64_t *passed, int64_t *failed, struct err *why);

/* An exercise runs from now until `until`, one at a time (ERR_STATE). */
MUST_USE bool exercise_begin(struct db *db, const struct actor *who, struct str scenario,
			     int64_t now, int64_t until, char id[UUID_MAX], struct err *why);
MUST_USE bool exercise_end(struct db *db, const struct actor *who, struct str id, struct err *why);

#endif
