/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_feed.h - a file of a hunt, whatever it is packed in, cut into slices of whole records.
 *
 * Memory does not grow with the file unless it is compressed as a whole; that is capped.
 */
#ifndef CMD_HUNT_FEED_H
#define CMD_HUNT_FEED_H

#include "cmd/hunt_jobs.h"

struct hunt_feed {
	struct jobs *jobs;   /* borrowed */
	bool forced;         /* every file is read as one format, which was told */
	bool carve;          /* any file may hold pieces of event logs */
	struct buf in, text; /* text: what `in` says in UTF-8 where it is UTF-16 */
	uint64_t bytes, files_damaged;
	bool failed; /* what came out could not be written, or there is no memory: the hunt is over */
	void (*moved)(void *ctx); /* some of it was given away */
	void *ctx;
};

/* False: it could not be read to its end. Damage within event logs is told by itself. */
MUST_USE bool hunt_feed(struct hunt_feed *f, const char *path, int fd, struct err *why);

#endif
