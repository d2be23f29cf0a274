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
 * its own to write and read, or -1, with which no more than `room` fit. NULL: no memory.
 */
struct hit_sort *hit_sort_new(size_t room, int fd);
void hit_sort_free(struct hit_sort *s);
/* Frames of hits (hit_out_framed()); those that were taken are gone from *frames. False where no more fit. */
MUST_USE bool hit_sort_add(struct hit_sort *s, struct str *frames, struct err *why);
/*
 * What it holds is given to `put` in order, without frames, in pieces of any size, and it begins anew; false
 * from `put` ends it, with why->kind ERR_NONE. For when no more fit: what comes then is a part of its own.
 */
MUST_USE bool hit_sort_part(struct hit_sort *s, bool (*put)(void *ctx, struct str text), void *ctx,
			    struct err *why);
/* All came: the last part. */
MUST_USE bool hit_sort_end(struct hit_sort *s, bool (*put)(void *ctx, struct str text), void *ctx,
			   struct err *why);
/* Parts that were told, each in order; one: all of them are. */
uint64_t hit_sort_parts(const struct hit_sort *s);
/* Pieces that were written to the file so far. */
uint64_t hit_sort_spilled(const struct hit_sort *s);

#endif
