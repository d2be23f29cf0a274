/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_set_int.h - what a rule set is made of, for the files that fill it, link it and match with it.
 */
#ifndef DETECT_RULE_SET_INT_H
#define DETECT_RULE_SET_INT_H

#include "detect/correl_rule.h"
#include "detect/logsource.h"
#include "detect/rule_set.h"

enum { NO_RULE = UINT32_MAX, LISTS_MAX = 256, FILTERS_MAX = 4096, AGAIN_MAX = 4096 };

/* A document that waits for a list of values: its file and which of it. */
struct rule_again {
	struct str file, text;
	size_t number;
};

struct rule {
	struct sigma_rule sigma;
	uint32_t source, next; /* the next rule of the same source, or NO_RULE */
	uint32_t correlation;  /* NO_RULE: it is none */
	const uint32_t *need;  /* fields that correlations want of its events */
	size_t n_needs;
	struct correl_use *use;
	size_t n_uses;
};

struct source {
	struct logsource key;
	struct source_need need;
	uint32_t first, last; /* NO_RULE: correlations only */
	uint32_t any;         /* some rule of it */
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
	const struct engine *engine;           /* in the arena; NULL: the reference matches */
	struct placeholder shipped[LISTS_MAX]; /* used where `list` has none of that name */
	size_t n_shipped;
	struct rule_again *again[AGAIN_MAX];
	size_t n_again;
	bool linking;
	/* read, and waiting to be linked */
	struct sigma_filter *filter[FILTERS_MAX];
	size_t n_filters;
	struct sigma_correlation *waiting[CORRELATIONS_MAX];
	size_t n_waiting;
	struct correlation *correlation[CORRELATIONS_MAX];
	size_t n_correlations;
};

struct rule_scratch {
	const struct rule_set *rs;
	struct sigma_scratch *sigma;
	uint16_t fit[SOURCES_MAX]; /* of the entries of the map, for the event at hand */
	uint64_t seen[SOURCES_MAX];
	struct engine_scratch *engine; /* owned; NULL: the reference matches */
	bool gave_up;                  /* on the event at hand */
};

/* Give a rule its number; false and *why when its id is taken or there is no room. */
MUST_USE bool rule_set_keep(struct rule_set *rs, const struct sigma_rule *sigma, uint32_t source,
			    struct err *why);
/* Read a document once more; false when it is not used, which is then told. */
bool rule_set_again(struct rule_set *rs, const struct rule_again *x);

/* rule_values.c: is it a document of lists; take it; let a rule wait for one; what waits, now. */
bool rule_values_are(const struct yml *doc);
MUST_USE bool rule_values_add(struct rule_set *rs, const struct yml *doc, struct err *why);
bool rule_values_wait(struct rule_set *rs, struct str file, struct str text, size_t number);
void rule_values_link(struct rule_set *rs);
/* Keep why something that was read is not used. */
void rule_set_fail(struct rule_set *rs, const struct rule_info *info, const struct err *why);

#endif
