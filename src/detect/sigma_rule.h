/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_rule.h - one YAML document to a Sigma detection rule or a filter.
 *
 * Sigma 2.1, "Components" and "Sigma Filters"; correlation rules: detect/correl_rule.h. Input is hostile;
 * never logs; all that is made lives in the arena of the context, the document may go. why->at is the
 * line of the fault. On failure *out is untouched.
 */
#ifndef DETECT_SIGMA_RULE_H
#define DETECT_SIGMA_RULE_H

#include "detect/hit.h"
#include "detect/sigma_item.h"

struct logsource {
	struct str category, product, service; /* p == NULL where the rule gives none */
};

enum sigma_kind { SIGMA_RULE, SIGMA_FILTER, SIGMA_CORRELATION };
MUST_USE bool sigma_kind_find(const struct yml *doc, enum sigma_kind *out, struct err *why);

struct sigma_rule {
	struct rule_info info; /* info.file is the caller's to set */
	struct logsource source;
	const struct node *condition; /* NULL: a correlation */
};
MUST_USE bool sigma_rule_parse(const struct sigma_ctx *c, const struct yml *doc,
			       struct sigma_rule *out, struct err *why);

struct sigma_filter {
	struct rule_info info;
	struct logsource source;
	const struct str *rules; /* ids or names */
	size_t n_rules;          /* 0: all rules of that log source */
	const struct node *condition;
};
MUST_USE bool sigma_filter_parse(const struct sigma_ctx *c, const struct yml *doc,
				 struct sigma_filter *out, struct err *why);

#endif
