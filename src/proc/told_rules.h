/* SPDX-License-Identifier: Apache-2.0 */
/*
 * told_rules.h - the table of rules as watch compiled it last, kept parsed: it has thousands of rows, and
 * every look at the house asks how many of them can fire.
 *
 * Immutable once it is made, so that several threads may read it. What moves, when an event of a rule's
 * log source was last seen, is handed in with each question.
 */
#ifndef PROC_TOLD_RULES_H
#define PROC_TOLD_RULES_H

#include "base/jsonw.h"
#include "base/time.h"
#include "proc/counters.h"

enum { TOLD_RULES_MAX = 32 << 20 };

struct told_rules;
/* {"rules": [...]}, what watch answers to a reload (loader.h). */
MUST_USE bool told_rules_parse(struct str answer, struct told_rules **out, struct err *why);
void told_rules_free(struct told_rules *t);

/* The log sources of its rules, each once. */
size_t told_rules_sources(const struct told_rules *t);
struct str told_rules_source(const struct told_rules *t, size_t i);

struct told_seen {
	int64_t now;
	const int64_t *at; /* by log source; TIME_NONE: never */
	struct counters_lost lost;
};
struct told_counts {
	int64_t loaded, refused, can_fire;
};
/* t may be NULL: nothing was told yet, nothing counts. */
void told_rules_count(const struct told_rules *t, const struct told_seen *seen,
		      struct told_counts *out);

/* The file of the loaded rule with that id; p is NULL when there is none, or nothing was told yet. */
struct str told_rules_file(const struct told_rules *t, struct str id);
/* Is there a rule of that id, loaded or refused? */
bool told_rules_has(const struct told_rules *t, struct str id);

/* Why the file of that list could not be read at the last load; p is NULL when it could, or nothing was
 * told yet. *kept: what was read of it before is still in use. */
struct str told_rules_list(const struct told_rules *t, struct str id, enum lang lang, bool *kept);

/* A page of GET /rules: {"items", "next", "counts"}, the items without "alerts_24h". */
struct told_wish {
	struct str q;     /* in title, id, file, log source or level; empty: any */
	struct str state; /* "loaded", "refused"; empty: both */
	size_t from, limit;
};
MUST_USE bool told_rules_write(const struct told_rules *t, const struct told_seen *seen,
			       const struct told_wish *wish, struct jsonw *w, struct err *why);

#endif
