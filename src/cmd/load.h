/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.h - rules and lists from files that the command line names. What cannot be used is named on
 * stderr (lists) or stands as a fault in the rule set.
 */
#ifndef CMD_LOAD_H
#define CMD_LOAD_H

#include "cmd/opts.h"
#include "detect/detector.h"
#include "event/reader.h"

/* The decoders of text formats that are shipped. False after saying why. */
MUST_USE bool load_decoders(struct decoders **out);
/* A rule set with the log sources of content/. NULL after saying why. */
struct rule_set *load_rule_set(void);
/* What rule_files() finds there. */
void load_rules(struct rule_set *rs, const char *path);
/* Each fault on a line of its own: file, line, reason. */
void print_faults(const struct rule_set *rs);

struct load_lists {
	struct list_set *set; /* NULL: none given */
	uint64_t bad;         /* lines that could not be used */
	size_t failed;        /* files that could not be used */
};
/* Each is FILE or KIND:FILE. False after saying why: nothing could be made of them at all. */
MUST_USE bool load_lists(const struct opt_list *files, struct load_lists *out);

#endif
