/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanes.h - worker threads that take jobs by lane, so that no kind of work takes them all.
 *
 * A lane has its own line and may occupy only so many workers at once: pushes that wait for the disk
 * leave workers for the page, and password hashing cannot eat the memory. Safe from any thread.
 */
#ifndef WEB_LANES_H
#define WEB_LANES_H

#include "base/err.h"

enum lane {
	LANE_QUICK,  /* the state, memory */
	LANE_PUSH,   /* waits until events are durable */
	LANE_SEEK,   /* searches */
	LANE_UPLOAD, /* parses an upload, compiles rules */
	LANE_LOOK,   /* reads a file that is held out: minutes */
	LANE_SIGNIN, /* password hashing: 64 MiB each */
	LANES
};

/* Embedded in what is to be done. */
struct job {
	struct job *next;
	enum lane lane;
};

struct lanes;

/* `run(ctx, worker, job)` is called on one of `workers` threads; `worker` is its number. NULL and
 * *why when threads cannot be made. */
struct lanes *lanes_start(unsigned workers, void (*run)(void *ctx, unsigned worker, struct job *),
			  void *ctx, struct err *why);
/* False when the line of that lane is full; the job is the caller's again. */
MUST_USE bool lanes_put(struct lanes *l, struct job *job);
/* Runs what is in line, then ends the threads; lanes_put() is false from then on. NULL is fine. */
void lanes_stop(struct lanes *l);
void lanes_free(struct lanes *l); /* stops first; NULL is fine */

#endif
