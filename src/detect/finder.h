/* SPDX-License-Identifier: Apache-2.0 */
/*
 * finder.h - which of many pieces of text stand somewhere in a value, in one pass over it.
 *
 * Built once, in an arena, from texts that live as long; then immutable and safe from any thread. Values
 * are hostile: the time is bounded by their length times the texts that share four bytes, and what
 * finder_run() returns tells how much of it was spent.
 */
#ifndef DETECT_FINDER_H
#define DETECT_FINDER_H

#include "base/arena.h"

struct finder_text {
	struct str text; /* not empty */
	uint32_t id;     /* the caller's */
};

struct finder;
/* NULL when `a` is full. `all` may go, the texts must stay. */
const struct finder *finder_new(struct arena *a, const struct finder_text *all, size_t n);

/* Called for a text at each place where it stands. */
typedef void finder_fn(void *ctx, uint32_t id);
/* Returns the work that was done, in bytes read and compared. */
size_t finder_run(const struct finder *f, struct str value, finder_fn *fn, void *ctx);

#endif
