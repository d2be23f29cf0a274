/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yara_scan.h - one thread's use of a YARA rule set over the bytes of files.
 *
 * The bytes are hostile; what libyara does with them has a time limit. Rules that are marked private
 * say nothing. A string that matches too often is given up on, which is told.
 */
#ifndef SWEEP_YARA_SCAN_H
#define SWEEP_YARA_SCAN_H

#include "sweep/file_facts.h"
#include "sweep/window.h"
#include "sweep/yara_rules.h"

struct yara_scan;

/* `set` is borrowed; NULL: no memory. */
struct yara_scan *yara_scan_new(const struct yara_set *set, unsigned timeout_s);
void yara_scan_free(struct yara_scan *s);

/* A rule that holds; views into the set. */
struct yara_hit {
	struct str rule, file,
		description; /* description: as the rule's meta gives it, may be empty */
};
struct yara_sink {
	void (*hit)(void *ctx, const struct yara_hit *h);
	void *ctx;
};
/* What kept it from looking at all there is. */
struct yara_end {
	bool timed_out, too_many;
};

/* A whole file. False when libyara failed. */
MUST_USE bool yara_scan_bytes(struct yara_scan *s, const struct file_facts *f, struct str bytes,
			      const struct yara_sink *sink, struct yara_end *end, struct err *why);

/* One by windows: `room` holds WINDOW_BYTES. */
struct yara_windows {
	int fd;
	uint64_t size; /* of the file */
	const struct window *window;
	size_t n;
	char *room;
	uint64_t read; /* out: bytes, those that were read again, too */
	int error;     /* out: errno where reading failed, or 0 */
};
MUST_USE bool yara_scan_windows(struct yara_scan *s, const struct file_facts *f,
				struct yara_windows *w, const struct yara_sink *sink,
				struct yara_end *end, struct err *why);

#endif
