/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.h - the rules of a set compiled, so that an event is judged without looking at each of them.
 *
 * Each rule gives its guards (detect/guard.h); those of all rules stand in one table a field. What of an
 * event stands in the tables names the few rules that can hold; only those are evaluated, by the
 * reference evaluator, so that what a hit says of its place is the same too. Which log sources an event
 * is of is found once for all events alike. The engine is immutable and shared, its scratch belongs to
 * one thread; nothing is allocated for an event once the scratch knows what its events look like.
 */
#ifndef DETECT_ENGINE_H
#define DETECT_ENGINE_H

#include "base/err.h"
#include "detect/rule_set.h"

struct engine;
/* Compile what `rs` holds, into its arena; nothing may be added to it afterwards. */
const struct engine *engine_new(struct rule_set *rs, struct err *why);

struct engine_scratch;
/* `remembers`: what was found in a value is kept for the next time. NULL: no memory. */
struct engine_scratch *engine_scratch_new(const struct engine *e, bool remembers);
void engine_scratch_free(struct engine_scratch *s);

/*
 * The rules that hold for the event that sigma_event() made known to the scratch of `of`. False: to find
 * all would have taken more work than one event may cause; those that were told do hold.
 */
bool engine_match(struct engine_scratch *s, struct rule_scratch *of, rule_hit_fn *fn, void *ctx);
/* Events of log source `i` that this scratch has seen. */
uint64_t engine_seen(const struct engine_scratch *s, size_t i);

/* How much was done since the scratch was made. */
struct engine_counts {
	uint64_t tried; /* rules that were evaluated */
	uint64_t kinds; /* kinds of events that were met for the first time */
};
struct engine_counts engine_scratch_counts(const struct engine_scratch *s);

#endif
