/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_cond.h - the condition of a Sigma rule to a tree over its detections.
 *
 * Sigma 2.1, "Condition": or < and < not < "1 of", "any of", "all of" < ( ). Input is hostile: length
 * and depth are capped; never logs. why->at is the byte of the fault in the condition.
 */
#ifndef DETECT_SIGMA_COND_H
#define DETECT_SIGMA_COND_H

#include "base/err.h"
#include "detect/sigma_ast.h"

enum { COND_MAX_BYTES = 64 << 10, COND_MAX_DEPTH = 64 };

struct detection {
	struct str name;
	const struct node *node;
};

/* NULL and *why when it is no condition, names what is not there, or expands to nothing. */
const struct node *sigma_cond_parse(struct arena *a, struct str text, const struct detection *all,
				    size_t n, struct err *why);

/* An and, or of what `kid` holds (copied into `a`); the kid itself when it is one. NULL: `a` full. */
const struct node *node_join(struct arena *a, enum node_kind kind, const struct node *const *kid,
			     size_t n);
const struct node *node_not(struct arena *a, const struct node *kid);

#endif
