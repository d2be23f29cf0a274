/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl.h - several events that mean something together: the correlations of a rule set at work.
 *
 * Fed with sightings: a rule held for an event. In a window of its timespan, for each group of equal
 * values, a correlation counts, adds up or looks which rules held.
 *
 * - A window ends with an event and reaches back one timespan, both ends in it, and is looked at with each
 *   event: it slides. A group that fired is silent for one timespan.
 * - Conditions that more events could make false again (lt, lte, eq, neq, `not`) are decided when a window
 *   that begins with an event of the group has passed.
 * - Values are the same without regard to case. An event that lacks a field of group-by is in no group.
 * - One correlation over another sees the group of the lower one, and for other fields the event that
 *   completed it. Temporal ones see it with every event for which it holds, others each time it fires.
 *
 * Bounded: over `bytes` of state the group that was quiet longest goes, of the correlation that holds most,
 * and is counted. Pure; one thread. What is fed late is put where its time belongs.
 */
#ifndef DETECT_CORREL_H
#define DETECT_CORREL_H

#include "detect/rule_set.h"

#define CORREL_BYTES ((size_t)64 << 20)
#define CORREL_LATE ((int64_t)600000000) /* 10 minutes */

struct sight_field {
	uint32_t name; /* number in the rule set */
	struct str value;
};

/* A rule of the set held for an event. */
struct sighting {
	uint32_t rule;
	int64_t time, received; /* µs UTC; time order decides, received tells how late it is */
	uint64_t place;         /* which event, the caller's; no two have the same */
	const struct sight_field
		*field; /* what rule_set_needs() asks for; several values: several */
	size_t n;
};

struct correl_fire {
	const struct correlation *what;
	int64_t from, to;     /* the first and the last event of it */
	uint64_t first, last; /* their places */
	uint64_t events;
	double value;            /* what the condition compared; events where it is an expression */
	const struct str *group; /* what->x->n_group values, as the first event had them */
	bool done;               /* a window that passed: no event completes it */
};
typedef void correl_fn(void *ctx, const struct correl_fire *f);

struct correl_limits {
	size_t bytes;
	int64_t late; /* how long after its time an event may come; 0: they come in order */
};

struct correl_counts {
	uint64_t groups, bytes; /* now */
	uint64_t seen, fired;
	uint64_t evicted;   /* groups that went for want of room */
	uint64_t cut;       /* events that went out of groups for want of room */
	uint64_t late;      /* came when their window had passed: not counted in it */
	uint64_t unlooked;  /* came late into more windows than are looked at for one */
	uint64_t ungrouped; /* lacked a field of group-by */
	uint64_t unusable;  /* lacked the field that is counted, or held no number */
};

struct correl;
/* `rs` must be linked and outlive it. NULL: no memory. */
struct correl *correl_new(const struct rule_set *rs, const struct correl_limits *limits);
void correl_free(struct correl *c);
/* What fires, and what it lends, lives during the call. */
void correl_feed(struct correl *c, const struct sighting *s, correl_fn *fn, void *ctx);
/* It is `now`: windows that have passed are decided. INT64_MAX: all. */
void correl_clock(struct correl *c, int64_t now, correl_fn *fn, void *ctx);
/* Go on with the state of correlations that are the same in `old`; what is left there is to be freed. */
void correl_adopt(struct correl *c, struct correl *old);
struct correl_counts correl_counts(const struct correl *c);

#endif
