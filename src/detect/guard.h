/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard.h - what must stand in an event for a condition to hold: one of a few pieces of text, or fields
 * that are there. Where none of them is, the condition cannot hold and is not tried.
 *
 * A condition has many such sets; the one expected to be met least often is taken. Text of guards is
 * folded and compared with folded values. Pure; results in the arena, views into the condition.
 */
#ifndef DETECT_GUARD_H
#define DETECT_GUARD_H

#include "base/arena.h"
#include "detect/sigma_ast.h"

enum guard_kind {
	GUARD_EQUAL,  /* a value of the field is `text` */
	GUARD_STARTS, /* ... begins with it */
	GUARD_ENDS,   /* ... ends with it */
	GUARD_HOLDS,  /* ... holds it somewhere */
	GUARD_THERE,  /* the field is there, whatever it holds; `text` is empty */
};

struct guard {
	struct str text;
	uint32_t field; /* number in the names, or FIELD_ANY: any value, or the record as a whole */
	uint8_t kind;   /* enum guard_kind */
};

struct guards {
	struct guard *guard;
	size_t n;
	bool always; /* nothing must be there: the condition has to be tried on each event */
};

/* False when `a` is full. */
MUST_USE bool guards_find(struct arena *a, const struct node *condition, struct guards *out);

/* How often a piece of folded text is expected within values: 0 never .. 1 always. */
double text_odds(struct str folded);

#endif
