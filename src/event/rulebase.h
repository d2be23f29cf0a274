/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebase.h - one rule base, in the language of liblognorm (version 2): a line in, named fields out.
 *
 * The rules of a file are one tree, walked from the left with literals first, then fields in the order
 * of their type's priority, going back where a way does not reach the end of the line: what liblognorm
 * finds is found, and nothing else (rulebase_oracle_test.c). Values are views of the line; nothing is
 * copied or allocated. Immutable after loading: safe from any thread. Never logs.
 */
#ifndef EVENT_RULEBASE_H
#define EVENT_RULEBASE_H

#include "base/err.h"

enum { RULEBASE_MAX_BYTES = 1 << 20, RULEBASE_MAX_FIELDS = 64, RULEBASE_MAX_STEPS = 1 << 20 };

struct rulebase;

/* A name that fields have. `use` is the owner's, to be set before others see the rule base. */
struct rule_name {
	struct str text; /* lives as long as the rule base */
	uint32_t use;
};

/*
 * `text` is the file `name`, its first line "version=2". NULL and *why on failure; why->at is the line.
 * rulebase_free takes NULL.
 */
struct rulebase *rulebase_new(struct str text, const char *name, struct err *why);
void rulebase_free(struct rulebase *r);
struct rule_name *rulebase_names(struct rulebase *r, size_t *n);

/* A field; or, with `name` NULL, a tag of the rule, which lives as long as the rule base. */
typedef void rulebase_give(void *ctx, const struct rule_name *name, struct str val);

/*
 * False when no rule fits the whole of `line`, or when that took more than RULEBASE_MAX_STEPS; then
 * `give` was not called. Fields come in the order of the line, tags last.
 */
bool rulebase_match(const struct rulebase *r, struct str line, rulebase_give *give, void *ctx);

#endif
