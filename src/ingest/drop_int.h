/* SPDX-License-Identifier: Apache-2.0 */
/* drop_int.h - what drop.c (taking in) and drop_folder.c (which file, and where to) share. */
#ifndef INGEST_DROP_INT_H
#define INGEST_DROP_INT_H

#include "base/buf.h"
#include "ingest/chunk.h"
#include "ingest/drop.h"
#include "ingest/wide.h"

#include <pthread.h>
#include <sys/stat.h>

enum { DROP_MAX_SOURCE = 1000, DROP_MAX_REASONS = 1 << 20, DROP_PATH = 4096 };

/* A file that may be taken once it has been still for a while. */
struct waiting {
	char name[DROP_MAX_NAME];
	uint64_t inode;
	int64_t size, mtime, since; /* since: monotonic; not before it is still from then on */
	bool seen, told;            /* told: that it is none that can be taken */
};

/* The file at hand. */
struct taking {
	char name[DROP_MAX_NAME], source[DROP_MAX_SOURCE];
	char stream[STREAM_KEY_MAX], head[64];
	int fd, failed; /* failed: errno of its opening */
	struct stat st;
	uint64_t place, pos; /* place: durable */
	enum wide wide;      /* of the log or member at hand */
	bool sent;           /* the store knows its stream */
	/* of an archive */
	size_t members;
	bool fresh, refused; /* of the member at hand: no byte has come; it is none that is read */
	struct buf reasons;  /* what could not be read */
	size_t unread;
};

struct drop {
	struct queue *intake; /* borrowed */
	struct drop_calls calls;
	char folder[DROP_PATH - 3 * DROP_MAX_NAME];
	struct waiting waiting[DROP_WAITING];
	size_t n_waiting;
	struct taking t;
	struct buf hold, text; /* text: what they say in UTF-8 where they are UTF-16 */
	char *step;            /* owned: of one read */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop, answered, stored; /* under the lock */
};

int64_t drop_mtime(const struct stat *st); /* ns */
/* The file to take now, opened in d->t (or why not, in t.failed); n_waiting: none. */
size_t drop_pick(struct drop *d);
/* The file at hand to done/, or to failed/ with its reasons. */
bool drop_move(struct drop *d);

#endif
