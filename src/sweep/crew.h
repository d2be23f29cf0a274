/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crew.h - files looked at by several threads and told in the order in which they were found.
 *
 * One thread walks, puts and is told; what is held is bounded by the number of threads, not by the
 * tree. What comes out does not depend on how many threads there are. Also where one looks it is not the
 * one that walks: it gets memory of its own, which compiling rules has not broken into pieces (a third faster).
 */
#ifndef SWEEP_CREW_H
#define SWEEP_CREW_H

#include "sweep/inspect.h"
#include "sweep/walk.h"

enum { CREW_THREADS_MAX = 64 };

/* Something that the walk came by. Lives until the callback returns. */
struct crew_item {
	struct str path;
	enum crew_what { CREW_FILE, CREW_SKIPPED, CREW_FAILED } what;
	enum walk_skip skip; /* CREW_SKIPPED */
	struct err why;      /* CREW_FAILED */
	struct stat st;      /* CREW_FILE */
	struct inspected seen;
};

struct crew_with {
	const struct inspect_with *inspect; /* borrowed */
	size_t threads;
	/* In order, from the thread that puts. */
	void (*told)(void *ctx, const struct crew_item *item);
	/* Called now and then while it waits; may be NULL. */
	void (*waiting)(void *ctx);
	void *ctx;
};

struct crew;
struct crew *crew_new(const struct crew_with *with); /* NULL: no memory, or no thread */
/* Takes `fd`. */
void crew_file(struct crew *c, struct str path, int fd, const struct stat *st);
void crew_skip(struct crew *c, struct str path, enum walk_skip why);
void crew_fail(struct crew *c, struct str path, const struct err *why);
/* Forget what no thread has begun with: it is not told. */
void crew_drop(struct crew *c);
/* Waits until all is told. */
void crew_end(struct crew *c);
void crew_free(struct crew *c); /* after crew_end() */

#endif
