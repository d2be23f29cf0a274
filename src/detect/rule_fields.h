/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_fields.h - what fields the events of a log source are known to have, as content/sigma/fields/ says.
 *
 * Only to tell writers of rules of a slip: nothing that is matched depends on it. Parsing: a document is
 * a list of entries (category, product, service, fields); hostile; all in the arena that is given.
 */
#ifndef DETECT_RULE_FIELDS_H
#define DETECT_RULE_FIELDS_H

#include "base/yaml.h"
#include "detect/sigma_rule.h"

enum { FIELD_LISTS_MAX = 512 };

struct field_list {
	struct logsource key;
	const struct str *name;
	size_t n;
};

struct rule_fields {
	struct field_list list[FIELD_LISTS_MAX];
	size_t n;
};

/* Add the entries of a text. Nothing is added on failure; why->at is the line. */
MUST_USE bool rule_fields_add(struct arena *a, struct arena scratch, struct rule_fields *f,
			      struct str text, struct err *why);
/* Is there a list for just that log source, and the field in none that fits? *near is then the known name
 * that looks most like it, or empty. */
bool rule_fields_unknown(const struct rule_fields *f, const struct logsource *source,
			 struct str field, struct str *near);

#endif
