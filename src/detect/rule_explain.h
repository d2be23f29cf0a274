/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_explain.h - why a rule holds for an event, or not: its log source and its condition, part by part.
 *
 * By the reference evaluator, so slow; for people. Pure.
 */
#ifndef DETECT_RULE_EXPLAIN_H
#define DETECT_RULE_EXPLAIN_H

#include "detect/rule_set.h"

enum explain_kind {
	EXPLAIN_SOURCE, /* `text`: a log source that the rule means; holds: the event is of it */
	EXPLAIN_SHAPE,  /* one of the shapes of its events; below it what it asks for */
	EXPLAIN_RULE,   /* the condition as a whole */
	EXPLAIN_AND,
	EXPLAIN_OR,
	EXPLAIN_NOT,
	EXPLAIN_ATOM, /* `text`: what is asked of `field` */
};

enum { EXPLAIN_VALUES = 8 };

struct explain_line {
	uint8_t kind; /* enum explain_kind */
	bool holds;
	unsigned depth;
	struct str field; /* as the event calls it; empty: any, or the record as a whole */
	struct str text;
	struct str value[EXPLAIN_VALUES]; /* what the event has there */
	size_t n_values;
};
typedef void explain_fn(void *ctx, const struct explain_line *line);

/* `s` was made by rule_scratch_plain() and looked at the event; `a` is for texts, back after each line.
 * True when the rule holds, in an event of its log source. */
bool rule_explain(const struct rule_set *rs, struct rule_scratch *s, size_t rule, struct arena a,
		  explain_fn *fn, void *ctx);

#endif
