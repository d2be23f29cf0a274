/* SPDX-License-Identifier: Apache-2.0 */
/* rulebase_int.h - the rules of a file with its types put in their place. */
#ifndef EVENT_RULEBASE_INT_H
#define EVENT_RULEBASE_INT_H

#include "base/arena.h"
#include "base/err.h"

enum { RULES_MAX = 8192, RULES_MAX_BYTES = 4 << 20, TYPES_MAX = 128 };

struct rules {
	char *text; /* rules, a line each, NUL behind; in the arena */
	size_t len, n;
	uint32_t line[RULES_MAX]; /* of the file, from 1 */
};

/*
 * liblognorm 2.0.6 leaks where a type of its own does not fit, and takes the length of the longest
 * attempt for the length of the match. So "type=@x:..." is resolved here: a rule with %.:@x% becomes
 * a rule for each row of that type. A type may use those above it. why->at is the line.
 */
MUST_USE bool rules_expand(struct arena *a, struct str text, const char *name, struct rules *out,
			   struct err *why);

#endif
