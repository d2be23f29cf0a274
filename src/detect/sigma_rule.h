/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_rule.h - one YAML document to a Sigma detection rule.
 *
 * Sigma 2.1, "Components". Input is hostile; never logs; all that is made lives in the arena of the
 * context, the document may go. why->at is the line of the fault. Correlation rules and filters are
 * read and then refused: what runs them is not there yet.
 */
#ifndef DETECT_SIGMA_RULE_H
#define DETECT_SIGMA_RULE_H

#include "detect/hit.h"
#include "detect/sigma_item.h"

struct logsource {
	struct str category, product, service; /* p == NULL where the rule gives none */
};

struct sigma_rule {
	struct rule_info info; /* info.file is the caller's to set */
	struct logsource source;
	const struct node *condition;
};

/* On failure *out is untouched. ERR_STATE: well-formed, but of a kind that is not run yet. */
MUST_USE bool sigma_rule_parse(const struct sigma_ctx *c, const struct yml *doc,
			       struct sigma_rule *out, struct err *why);

#endif
