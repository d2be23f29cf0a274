/* SPDX-License-Identifier: Apache-2.0 */
/*
 * counts.h - how many records of each source watch has received, and how many of them are durable.
 *
 * A record counts as received when it waits on the intake queue, as stored when the commit that holds it
 * is on disk; in between it is pending. For one thread.
 */
#ifndef PROC_COUNTS_H
#define PROC_COUNTS_H

#include "base/jsonw.h"

struct counts;
/* For sources 1 to max; NULL when there is no memory. */
struct counts *counts_new(size_t max);
void counts_free(struct counts *c);

/* What the store says of a source, before anything else is told of it. */
bool counts_known(const struct counts *c, uint32_t source);
void counts_begin(struct counts *c, uint32_t source, uint64_t stored, uint64_t dropped);

/* The number of the source's next record. */
uint64_t counts_next(const struct counts *c, uint32_t source);
/* One record, or so many dropped ones, are staged for the next commit. */
void counts_stage(struct counts *c, uint32_t source);
void counts_drop(struct counts *c, uint32_t source, uint64_t n);
/* All that was staged is durable. */
void counts_commit(struct counts *c);

/* What waits on the queue, told anew each time: first none, then each part. */
void counts_queue_none(struct counts *c);
void counts_queue(struct counts *c, uint32_t source, uint64_t n);

/* {"3": {"received": n, "stored": n}} of the sources that changed since the last time; whether any did. */
bool counts_tell(struct counts *c, struct jsonw *w);

#endif
