/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drop.h - the drop folder: what is put there is taken in, logs and archives of them, by one thread.
 *
 * A file is taken when nobody has it open for writing and it has not changed for two seconds; names
 * that begin with a dot or end as unfinished copies do (.part ...) are left alone. Once all of it is
 * durable it moves to done/, else to failed/ with a file NAME.reason beside it that says what could
 * not be read; a name that is there already gets a number. An archive is unpacked by another process
 * (drop_calls); each file in it is a source "ARCHIVE/MEMBER". A watch that dies goes on where the
 * store's position says.
 */
#ifndef INGEST_DROP_H
#define INGEST_DROP_H

#include "base/err.h"
#include "base/queue.h"
#include "ingest/follow.h"

enum { DROP_MAX_NAME = 256, DROP_WAITING = 1024 };

/* What comes of an archive that is being unpacked. */
enum unpacked {
	UNPACKED_NOTHING, /* not yet */
	UNPACKED_BEGIN,   /* of a member: its name */
	UNPACKED_BYTES,   /* of that member */
	UNPACKED_END,     /* of that member */
	UNPACKED_DONE,    /* of the archive */
};
struct unpacked_piece {
	struct str bytes; /* or the name; until the next call */
	struct err why;   /* of UNPACKED_END and _DONE: the rest of it could not be read */
};

struct drop_calls {
	struct follow_calls follow; /* position, report */
	void *ctx;
	/* Begin to unpack the archive `fd` in a process without rights; NULL and *why: not now. */
	void *(*unpack)(void *ctx, int fd, struct err *why);
	/* Waits a little for the next piece. */
	enum unpacked (*next)(void *archive, struct unpacked_piece *out);
	void (*close)(void *archive);
	int quiet_ms; /* a file is whole when it has not changed for so long */
};

/* By a clock whose hand skips hours nobody copies slowly. */
enum { DROP_QUIET_MS = 2000, DROP_SKIPPING_MS = 100 };

struct drop;
/* `folder`, its done/ and its failed/ exist. Strings are copied. NULL and *why on failure. */
struct drop *drop_new(const char *folder, struct queue *intake, const struct drop_calls *calls,
		      struct err *why);
/* As follower_stop() and follower_free(). */
void drop_stop(struct drop *d);
void drop_free(struct drop *d);

#endif
