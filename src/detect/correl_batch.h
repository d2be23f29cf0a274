/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_batch.h - correlation over files in hand or days of the archive: collect first, then in order.
 *
 * However files follow each other and whoever reads them, what is found is the same: what rules saw is
 * kept, and at the end fed to the correlations by time. One collector belongs to one thread; those of
 * several are run together.
 */
#ifndef DETECT_CORREL_BATCH_H
#define DETECT_CORREL_BATCH_H

#include "detect/correl.h"
#include "detect/lists.h"

struct correl_batch;
/* `rs` must be linked and outlive it; `max` is how much it may keep. NULL: no memory. */
struct correl_batch *correl_batch_new(const struct rule_set *rs, size_t max);
void correl_batch_free(struct correl_batch *b);

/* What held for an event, which is called `place`; hits that an exception takes out do not count. */
void correl_batch_event(struct correl_batch *b, const struct event *ev, const struct hits *hits,
			uint64_t place);

struct correl_batch_counts {
	uint64_t kept, bytes;
	uint64_t lost;    /* no room was left */
	uint64_t untimed; /* events that tell no time cannot be set beside others */
};
struct correl_batch_counts correl_batch_counts(const struct correl_batch *b);

/* All of it, by time. False: no memory, nothing was fed. */
MUST_USE bool correl_batch_run(struct correl_batch *const *all, size_t n, struct correl *c,
			       correl_fn *fn, void *ctx);

#endif
