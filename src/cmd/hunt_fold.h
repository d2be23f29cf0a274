/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_fold.h - hits that say the same (rule, machine, values, how bad) as one group with its first and last time.
 *
 * Memory is bounded whatever the number of hits: beyond it hits of a rule on a machine are one group
 * without values, and beyond that they are counted. Nothing is dropped uncounted.
 */
#ifndef CMD_HUNT_FOLD_H
#define CMD_HUNT_FOLD_H

#include "cmd/hit_note.h"

enum { SPREAD_PARTS = 32 };

/* When the hits of a group were: n[i] of them in the seconds [base + i << shift, base + (i+1) << shift). */
struct fold_spread {
	int64_t base; /* seconds since 1970, a multiple of 1 << shift */
	unsigned shift;
	uint32_t n[SPREAD_PARTS];
};

struct fold_group {
	const struct rule_info *rule; /* borrowed from the detector; NULL: an indicator */
	const struct list_info *list;
	struct str indicator, host;
	struct note_value *value;
	size_t n;
	bool rest; /* of all that did not fit: what they say differs */
	bool known_good;
	uint8_t severity;
	uint64_t count, untimed;
	int64_t first, last; /* TIME_NONE: none tells a time */
	struct str path;     /* of the first that was read, with its record */
	uint64_t record;
	struct fold_spread *spread; /* NULL: all at `first`, or not known */
	uint64_t key;
};

struct fold_totals {
	uint64_t hits, groups, unlisted;
	uint64_t severity[SEV_N];
	int64_t first, last; /* TIME_NONE: none */
};

struct hunt_fold;
/* At most that many groups, in as many bytes. NULL: no memory. */
struct hunt_fold *hunt_fold_new(size_t groups, size_t bytes);
void hunt_fold_free(struct hunt_fold *f);
void hunt_fold_add(struct hunt_fold *f, const struct hit_note *note);
/* Frames of notes (hit_out_framed()). */
void hunt_fold_frames(struct hunt_fold *f, struct str frames);

struct fold_totals hunt_fold_totals(const struct hunt_fold *f);
/* All groups: machines by their worst severity, then by their first time; groups of one by time.
 * Valid until the next hunt_fold_add(). */
const struct fold_group *hunt_fold_sorted(struct hunt_fold *f);

/* Rules by their numbers, then lists in the order in which they were given (they are one array). */
int fold_by_rule(const struct fold_group *x, const struct fold_group *y);

#endif
