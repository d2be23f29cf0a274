/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_lint.h - what is likely a mistake in a rule that loads: a field its events do not have, a condition
 * that nothing can satisfy, a regular expression that costs too much. Tells; changes nothing. Pure.
 */
#ifndef DETECT_RULE_LINT_H
#define DETECT_RULE_LINT_H

#include "detect/rule_fields.h"
#include "detect/rule_set.h"

/* what->at is 0: the rule as a whole. */
typedef void rule_lint_fn(void *ctx, size_t rule, const struct err *what);
/* Rule `i` of a linked set; a correlation has nothing to be told. */
void rule_lint(const struct rule_set *rs, const struct rule_fields *fields, size_t i,
	       rule_lint_fn *fn, void *ctx);

#endif
