/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex_needs.h - pieces of text of which at least one stands in whatever a regular expression matches.
 *
 * So that an expression need not be tried where none of them is. Reads the syntax that rules use and gives
 * up on the rest: to find nothing is always right. Expressions are hostile; pure.
 */
#ifndef DETECT_REGEX_NEEDS_H
#define DETECT_REGEX_NEEDS_H

#include "base/arena.h"

enum { REGEX_NEEDS_MAX = 64, REGEX_NEED_LEN_MAX = 64 };

struct regex_needs {
	struct str text[REGEX_NEEDS_MAX]; /* lower case ASCII: what folding makes of it */
	size_t n;                         /* 0: nothing is known */
};

/* False when `a` is full. */
MUST_USE bool regex_needs_find(struct arena *a, struct str regex, struct regex_needs *out);

#endif
