/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_set.h - Sigma rules loaded together, and which of them hold for an event.
 *
 * Fill it (sources and lists first, then rules), link it, then only match: from the first
 * rule_scratch_new() on it is immutable and safe from any thread, with a scratch for each. Everything it holds lives in its own
 * arena. Rule files are hostile; what cannot be used is kept as a fault with file, line and reason,
 * never skipped. No I/O: the caller loads the files.
 */
#ifndef DETECT_RULE_SET_H
#define DETECT_RULE_SET_H

#include "base/err.h"
#include "detect/correlation.h"
#include "detect/hit.h"
#include "detect/sigma_eval.h"
#include "event/event.h"

enum { RULES_MAX = 1 << 15, RULE_FAULTS_MAX = 1 << 16, CORRELATIONS_MAX = 4096 };

struct rule_set;
struct rule_set *rule_set_new(void); /* NULL when there is no memory */
void rule_set_free(struct rule_set *rs);

/* A file of log sources (detect/logsource.h); why->at is the line. */
MUST_USE bool rule_set_sources(struct rule_set *rs, struct str text, struct err *why);
/* Lists for the modifier `expand`: a map from name to values. Documents of rule files that are such a map
 * under `values` are taken, too; what is shipped is used where neither has a list of that name. */
MUST_USE bool rule_set_lists(struct rule_set *rs, struct str text, struct err *why);
MUST_USE bool rule_set_lists_shipped(struct rule_set *rs, struct str text, struct err *why);
/* How many lists were given, and how many rules wait for one that may be given yet. */
size_t rule_set_pending(const struct rule_set *rs);
/* All documents of a rule file: rules, filters, correlations. Returns how many of them are sound. */
size_t rule_set_add(struct rule_set *rs, struct str file, struct str text);
/* A file that could not even be read. */
void rule_set_refuse(struct rule_set *rs, struct str file, const struct err *why);

/* When all is added: apply the filters, find what correlations name. Once more does no harm. */
void rule_set_link(struct rule_set *rs);

struct rule_fault {
	struct str file, id, title; /* id and title where the document tells them */
	struct err why;             /* at is the line, 0: the file */
	bool unmapped;              /* a sound rule, but no log source here could make it fire */
};
size_t rule_set_faults(const struct rule_set *rs);
const struct rule_fault *rule_set_fault(const struct rule_set *rs, size_t i);

size_t rule_set_count(const struct rule_set *rs);
const struct rule_info *rule_set_at(const struct rule_set *rs, size_t i);
/* Its condition with the filters in it; NULL: it is a correlation. */
const struct node *rule_set_condition(const struct rule_set *rs, size_t i);
/* The rule of that id, or rule_set_count(). */
size_t rule_set_find(const struct rule_set *rs, struct str id);
/* The number of a field name that exceptions use; before the first scratch. NAME_NONE: full. */
uint32_t rule_set_name(struct rule_set *rs, struct str field);

/* Filters and correlations that wait for rule_set_link(). */
size_t rule_set_waiting(const struct rule_set *rs);
const struct rule_info *rule_set_waiting_at(const struct rule_set *rs, size_t i);

/* Correlations, after rule_set_link(); detect/correlation.h. */
size_t rule_set_correlations(const struct rule_set *rs);
const struct correlation *rule_set_correlation(const struct rule_set *rs, size_t i);
/* What wants to know when rule `i` holds. */
const struct correl_use *rule_set_uses(const struct rule_set *rs, size_t i, size_t *n);
/* The fields of its events that are then wanted. */
const uint32_t *rule_set_needs(const struct rule_set *rs, size_t i, size_t *n);
struct str rule_set_field(const struct rule_set *rs, uint32_t name);
uint32_t rule_set_name_find(const struct rule_set *rs, struct str field); /* or NAME_NONE */

/* The distinct log sources of the rules, for "rules that can fire". */
struct rule_source {
	struct str key; /* as in rule_info.logsource */
	size_t rules;
};
size_t rule_set_n_sources(const struct rule_set *rs);
struct rule_source rule_set_source(const struct rule_set *rs, size_t i);
/* The number of the log source of rule `i`. */
size_t rule_set_source_of(const struct rule_set *rs, size_t i);

/* From here on match by the compiled engine (detect/engine.h), not by the reference; nothing may be
 * added any more. */
MUST_USE bool rule_set_compile(struct rule_set *rs, struct err *why);

struct rule_scratch;
struct rule_scratch *rule_scratch_new(const struct rule_set *rs); /* NULL: no memory */
/* One that matches by the reference, compiled or not. */
struct rule_scratch *rule_scratch_plain(const struct rule_set *rs);
void rule_scratch_free(struct rule_scratch *s);

/* Called for each rule that holds, `text` and `field` are views into the event. */
typedef void rule_hit_fn(void *ctx, size_t rule, const struct sigma_match *where);
void rule_set_match(const struct rule_set *rs, struct rule_scratch *s, const struct event *ev,
		    rule_hit_fn *fn, void *ctx);
/* The last event would have taken too much work: other rules may hold, too. */
bool rule_scratch_gave_up(const struct rule_scratch *s);
/* Events of log source `i` that this scratch has seen. */
uint64_t rule_scratch_seen(const struct rule_scratch *s, size_t i);
/* Take another event without matching: then ask what log sources it belongs to, and by what names its
 * fields go there. */
void rule_scratch_look(struct rule_scratch *s, const struct event *ev);
bool rule_scratch_belongs(struct rule_scratch *s, size_t source, const struct rename **rename,
			  size_t *n_renames);
/* For exceptions, over the event of the last match. */
struct sigma_scratch *rule_scratch_sigma(struct rule_scratch *s);

#endif
