/* SPDX-License-Identifier: Apache-2.0 */
/* sweep_say.h - what `canh sweep` says to people: a line a hit, what was not looked at, the sum. */
#ifndef CMD_SWEEP_SAY_H
#define CMD_SWEEP_SAY_H

#include "cmd/tell.h"
#include "sweep/receipt.h"

/* A line for each hit. */
void sweep_say_hits(const struct crew_item *item, struct buf *out);
/* On stderr: what could not be looked at, or in part only. Links, pipes and the like are only counted. */
void sweep_say_gap(const struct crew_item *item);
/* On stderr, each rule file that is not used. */
void sweep_say_faults(const struct yara_set *set);
/* On stderr, the last lines. */
void sweep_say_sum(const struct receipt *r, const struct receipt_about *about);
void sweep_say_progress(struct tell_progress *due, const struct receipt *r, bool last);

#endif
