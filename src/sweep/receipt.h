/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt.h - what a sweep has looked at and what not, and its lines of JSON.
 *
 *   {"time", "path", "kind", "rule", "sha256", "size", "action", ...}   a hit
 *   {"skipped": {"path", "reason"}}       not looked at
 *   {"partial": {"path", "reasons"}}      looked at in part
 *   {"error": {"path", "reason"}}         cannot be read
 *   {"receipt": {...}}                    the sum of all, last
 * A path that is not UTF-8 comes with "path_b64", the bytes themselves.
 */
#ifndef SWEEP_RECEIPT_H
#define SWEEP_RECEIPT_H

#include "base/buf.h"
#include "sweep/crew.h"

enum { RECEIPT_REASONS = 16 };

struct receipt {
	int64_t start, end; /* µs UTC */
	int64_t took;       /* µs */
	struct walk_counts walked;
	uint64_t files;      /* found */
	uint64_t files_read; /* whose bytes were looked at, in part at least */
	uint64_t bytes;      /* their size */
	uint64_t bytes_read;
	uint64_t windowed, known_good;
	uint64_t hits, held; /* held: by a known-good list */
	uint64_t skipped[WALK_SKIP_N], partial[INSPECT_PART_N];
	uint64_t files_partial, errors;
	struct {
		char text[ERR_TEXT_MAX];
		uint64_t n;
	} reason[RECEIPT_REASONS]; /* of errors, English; the last stands for all others */
	size_t n_reasons;
	bool interrupted;
};

/* Count an item, which was told. */
void receipt_add(struct receipt *r, const struct crew_item *item);
/* Was there anything that could not be looked at whole? */
bool receipt_gaps(const struct receipt *r);

/* The lines about one item, none for a file about which there is nothing to say. */
void receipt_item_json(const struct crew_item *item, struct buf *out);

/* What was looked for, and where. */
struct receipt_about {
	char *const *path;
	size_t n_paths;
	const struct list_set *lists;
	size_t lists_failed;
	const struct yara_set *rules;
	size_t threads;
	unsigned timeout_s;
};
void receipt_json(const struct receipt *r, const struct receipt_about *about, struct buf *out);

#endif
