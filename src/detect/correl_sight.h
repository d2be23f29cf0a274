/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_sight.h - what correlations want to know of an event for which one of their rules holds.
 *
 * Fields are found as the rule would find them: under the names they have in the events of its log
 * source. A scratch belongs to one thread. No I/O.
 */
#ifndef DETECT_CORREL_SIGHT_H
#define DETECT_CORREL_SIGHT_H

#include "detect/correl.h"

struct sight_scratch;
/* `rs` must be linked and outlive it. NULL: no memory. */
struct sight_scratch *sight_scratch_new(const struct rule_set *rs);
void sight_scratch_free(struct sight_scratch *s);

/* From here on of this event, which must outlive what is taken. */
void sight_event(struct sight_scratch *s, const struct event *ev);
/* The fields in `a`, values as views into the event; time and received are the event's, place is the
 * caller's. False: `a` is full. */
MUST_USE bool sight_take(struct sight_scratch *s, uint32_t rule, struct arena *a,
			 struct sighting *out);

#endif
