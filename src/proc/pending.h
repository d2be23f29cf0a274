/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pending.h - how many records of each source watch holds that no commit has taken yet, as far as it told.
 *
 * watch tells what it received of a source, in memory or not; the store tells what is durable. A telling
 * that is older than the store's numbers says too little, never too much. Safe from any thread.
 */
#ifndef PROC_PENDING_H
#define PROC_PENDING_H

#include "base/str.h"

struct pending;
struct pending *pending_new(void); /* NULL when there is no memory */
void pending_free(struct pending *p);

/* What watch told: {"sources": {ID: {"received": n}}}; what has another form is left out. */
void pending_take(struct pending *p, struct str counters);
/* The watch that told has ended: what it held is stored, comes again, or is counted as lost. */
void pending_forget(struct pending *p);
/* Of a source of which the store holds, or has counted as dropped, `durable`. */
int64_t pending_of(struct pending *p, uint32_t source, int64_t durable);

#endif
