/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_set_int.h - what a rule set is made of, for the files that fill it and that match with it.
 */
#ifndef DETECT_RULE_SET_INT_H
#define DETECT_RULE_SET_INT_H

#include "detect/logsource.h"
#include "detect/rule_set.h"

enum { NO_RULE = UINT32_MAX, LISTS_MAX = 256 };

struct rule {
	struct sigma_rule sigma;
	uint32_t source, next; /* the next rule of the same source, or NO_RULE */
};

struct source {
	struct logsource key;
	struct source_need need;
	uint32_t first, last;
	size_t rules;
};

struct rule_set {
	struct arena whole, a; /* whole as it was reserved; a as it is now */
	struct arena yaml;     /* for the tree of the file at hand */
	struct names names, ids;
	struct source_map map;
	struct placeholder list[LISTS_MAX];
	size_t n_lists;
	struct rule *rule[RULES_MAX];
	size_t n;
	struct source source[SOURCES_MAX];
	size_t n_sources;
	struct rule_fault *fault[RULE_FAULTS_MAX];
	size_t n_faults;
	const struct engine *engine; /* in the arena; NULL: the reference matches */
};

struct rule_scratch {
	const struct rule_set *rs;
	struct sigma_scratch *sigma;
	uint16_t fit[SOURCES_MAX]; /* of the entries of the map, for the event at hand */
	uint64_t seen[SOURCES_MAX];
	struct engine_scratch *engine; /* owned; NULL: the reference matches */
};

#endif
