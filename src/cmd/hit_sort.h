/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hit_sort.h - hits by time, however many: what memory does not hold lies sorted in a file.
 *
 * Those of one time keep the order in which they came; those that tell none stand behind all others.
 */
#ifndef CMD_HIT_SORT_H
#define CMD_HIT_SORT_H

#include "base/err.h"
#include "cmd/hit_out.h"

struct hit_sort;
/*
 * `room`: bytes of hits to hold in memory; a hit that is longer is held alone. `fd` (borrowed): a file of
 * its own to write and read, or -1, with which more than `room` fail. NULL: no memory.
 */
struct hit_sort *hit_sort_new(size_t room, int fd);
void hit_sort_free(struct hit_sort *s);
/* Frames of hits (hit_out_framed()). */
MUST_USE bool hit_sort_add(struct hit_sort *s, struct str frames, struct err *why);
/* All came: they are given to `put` in order, without their frames, in pieces of any size; false from it
 * ends it, with why->kind ERR_NONE. */
MUST_USE bool hit_sort_end(struct hit_sort *s, bool (*put)(void *ctx, struct str text), void *ctx,
			   struct err *why);
/* Pieces that were written to the file so far. */
uint64_t hit_sort_spilled(const struct hit_sort *s);

#endif
