/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_doc_int.h - what the readers of rules, filters and correlations share. All that is made lives
 * in the arena of the context; on failure *why has the line, and outputs may be half written.
 */
#ifndef DETECT_SIGMA_DOC_INT_H
#define DETECT_SIGMA_DOC_INT_H

#include "detect/sigma_rule.h"

enum { DOC_TITLE_MAX = 256 };

struct doc {
	const struct sigma_ctx *c;
	const struct yml *top;
	struct err *why;
};

bool doc_no_room(const struct doc *d); /* false */
/* A list of texts, or one text. */
MUST_USE bool doc_texts(struct doc *d, const struct yml *map, const char *key, size_t max,
			const struct str **out, size_t *n);
/* Title, id, level ... of the document. */
MUST_USE bool doc_info(struct doc *d, struct rule_info *info);
/* *key as in rule_info.logsource. */
MUST_USE bool doc_source(struct doc *d, struct logsource *s, struct str *key);

#endif
