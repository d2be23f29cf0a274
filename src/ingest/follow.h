/* SPDX-License-Identifier: Apache-2.0 */
/*
 * follow.h - log files that grow, are rotated and truncated: one thread for all.
 *
 * A file is read from the position that the store holds for its path and inode; the position moves in
 * the same commit as the records. A file that was renamed away is read to its end before the new one
 * begins, also when that was while nobody watched: it is then looked for beside it, by its inode. What
 * had the name in between, when it was rotated several times since, is found by its name and by when it
 * was made, and read in that order (not on a file system that keeps no such time). One
 * that became shorter, or whose first bytes changed, is read from its beginning; what was seen of it
 * but not read yet is counted. A line without an end is taken after two seconds, as a part.
 */
#ifndef INGEST_FOLLOW_H
#define INGEST_FOLLOW_H

#include "base/err.h"
#include "base/queue.h"

struct follower;

struct follow_position {
	uint64_t place, inode;
	struct str head; /* hash of the first bytes, as kept; empty: none */
};

struct follow_calls {
	void *ctx;
	/* What the store holds for a stream; false where nothing. `head` is put in buf[64]. */
	bool (*position)(void *ctx, struct str stream, struct follow_position *out, char buf[64]);
	/* For the operator: a file that cannot be read. */
	void (*report)(void *ctx, const char *path, const struct err *why);
};

struct follow_file {
	const char *path, *name; /* name: of the source */
};

enum { FOLLOW_MAX_FILES = 257 };

/* Strings are copied. NULL and *why on failure. */
struct follower *follower_new(const struct follow_file *files, size_t n, struct queue *intake,
			      const struct follow_calls *calls, struct err *why);
/* Follow these from now on, in place of those of before; one that stays is read on where it is. Safe from
 * any thread; strings are copied. */
MUST_USE bool follower_set(struct follower *f, const struct follow_file *files, size_t n,
			   struct err *why);
/* Before the pipeline ends: no new chunk is made after it returns; chunks under way are answered. */
void follower_stop(struct follower *f);
/* After the pipeline has ended. */
void follower_free(struct follower *f);

#endif
