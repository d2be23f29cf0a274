/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_report.h - a hunt as somebody reads it who must find out what happened: what was looked at, the
 * techniques, then machine by machine in the order of time, the same hits told once.
 */
#ifndef CMD_HUNT_REPORT_H
#define CMD_HUNT_REPORT_H

#include "cmd/hunt_fold.h"
#include "cmd/hunt_jobs.h"

struct techniques;

/* What was looked at and with what. */
struct hunt_sum {
	uint64_t files, files_read, files_failed, files_damaged, bytes;
	bool interrupted; /* there may be more files than these, and more in the last */
	struct hunt_counts n;
	uint64_t hits, open; /* open: parts of rules that could not be decided */
	size_t rules, could_fire, refused, lists;
	const struct times *times;           /* borrowed */
	const struct techniques *techniques; /* borrowed */
};

/* False: no memory, or `put` said so. */
struct hunt_pen { /* where what is written goes, a piece at a time */
	bool (*put)(void *ctx, struct str text);
	void *ctx;
};
MUST_USE bool hunt_report(const struct hunt_sum *sum, struct hunt_fold *f, bool colour,
			  const struct hunt_pen *pen);

/* For both forms of report. */

/* "nghiêm trọng" */
const char *report_severity(uint8_t severity, enum lang lang);
/* What people call a field: "command line"; its name where there is no such word. */
struct str report_label(struct str field, enum lang lang);
/* The fields that there are such words for, by number; empty behind the last. */
struct str report_field(size_t i);
/* The rule's title in that language, or the list's name. */
struct str report_title(const struct fold_group *g, enum lang lang);

#endif
