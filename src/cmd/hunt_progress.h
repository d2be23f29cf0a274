/* SPDX-License-Identifier: Apache-2.0 */
/* hunt_progress.h - how far a hunt is: files and bytes of all there are, how fast, and how long yet. */
#ifndef CMD_HUNT_PROGRESS_H
#define CMD_HUNT_PROGRESS_H

#include "cmd/tell.h"

struct hunt_progress {
	struct tell_progress due; /* due.forced as asked for */
	uint64_t files, bytes;    /* of all; 0: not known */
	bool open_end;            /* among them what has no length: a pipe */
};

/* Count what is there. Nothing to do where nothing will be shown. */
void hunt_progress_begin(struct hunt_progress *p, char **paths, size_t n);
struct hunt_far {
	uint64_t files, bytes, records, hits;
};
void hunt_progress(struct hunt_progress *p, const struct hunt_far *far, bool last);

#endif
