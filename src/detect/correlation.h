/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correlation.h - a correlation with the rules it names found: numbers instead of names.
 *
 * Made by rule_set_link(), immutable, in the arena of the rule set.
 */
#ifndef DETECT_CORRELATION_H
#define DETECT_CORRELATION_H

#include "detect/correl_rule.h"

enum { CORREL_MAX_DEPTH = 8 }; /* correlations of correlations */

/* One of the rules it names; fields by their number in the rule set, as events of that rule have them. */
struct correl_member {
	uint32_t rule;
	const uint32_t *group, *field;
};

struct correlation {
	const struct sigma_correlation *x;
	uint32_t rule;         /* its own number among the rules */
	const uint32_t *group; /* the names as x->group has them: for what is chained to it */
	const struct correl_member *member; /* x->n_rules */
	unsigned depth;                     /* 1: of rules only */
	uint64_t print;                     /* of all that its state depends on */
};

struct correl_use {
	uint32_t correlation, member;
};

#endif
