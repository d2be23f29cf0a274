/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_times.h - when things happened, counted in equal steps of time over a span that nobody knows before.
 *
 * The step grows with the span, from a second on: memory does not. Zero-initialised is empty.
 */
#ifndef PROC_LOOK_TIMES_H
#define PROC_LOOK_TIMES_H

#include <stddef.h>
#include <stdint.h>

enum { LOOK_TIMES_CELLS = 4096, LOOK_TIMES_MAX = 240 };

struct look_times {
	int64_t step; /* µs; from days on powers of two of them; 0: empty */
	int64_t base; /* the cell that stands first, from the epoch, in steps */
	int64_t first, last;
	uint64_t n[2][LOOK_TIMES_CELLS];
};

/* A thing of kind 0 or 1 at that time. */
void look_times_add(struct look_times *t, int kind, int64_t at);

/* The same in at most `most` (LOOK_TIMES_MAX at most) parts of equal length. */
struct look_parts {
	int64_t from, step; /* µs */
	size_t n;
	uint64_t count[2][LOOK_TIMES_MAX];
};
void look_times_parts(const struct look_times *t, size_t most, struct look_parts *out);

#endif
