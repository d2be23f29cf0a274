/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logsource.h - which events the logsource of a rule means, as content/sigma/logsources/ says.
 *
 * A document of such a file is a list of entries: category, product, service as rules write them, and
 * `events`, a list of shapes of which one must fit: `when` is a Sigma detection over the event's fields,
 * `rename` gives the names that fields of rules have in that shape. A rule means the events that fit all
 * entries which agree with it; together they must name all that the rule names. Where a rule gives only
 * a category and no entry is as general, it means the events of any entry of that category.
 * Parsing: hostile input, memory in the context's arena, why->at is the line.
 */
#ifndef DETECT_LOGSOURCE_H
#define DETECT_LOGSOURCE_H

#include "detect/sigma_eval.h"
#include "detect/sigma_rule.h"

enum { SOURCES_MAX = 1024, SOURCE_NEEDS_MAX = 32 };

struct source_shape {
	const struct node *when;
	const struct rename *rename;
	size_t n_renames;
};

struct source_entry {
	struct logsource key;
	const struct source_shape *shape;
	size_t n;
};

struct source_map {
	struct source_entry entry[SOURCES_MAX];
	size_t n;
};

/* What a logsource means in a map. */
struct source_need {
	uint16_t entry[SOURCE_NEEDS_MAX];
	uint8_t n;
	bool any; /* one of them is enough; else all */
};

/* Add the entries of a document; nothing is added on failure. */
MUST_USE bool source_map_add(const struct sigma_ctx *c, struct source_map *map,
			     const struct yml *doc, struct err *why);
/* False when the map does not know it. */
MUST_USE bool source_map_find(const struct source_map *map, const struct logsource *want,
			      struct source_need *out);
bool logsource_same(const struct logsource *a, const struct logsource *b);

#endif
