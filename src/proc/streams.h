/* SPDX-License-Identifier: Apache-2.0 */
/*
 * streams.h - how far each stream is durable, for the doors: they ask from their own threads, and the
 * store is the pipeline's alone.
 *
 * Filled from the store before the pipeline runs, moved on after each commit. Safe from any thread.
 */
#ifndef PROC_STREAMS_H
#define PROC_STREAMS_H

#include "base/str.h"

enum { STREAM_HEAD_MAX = 64, STREAMS_MAX = 1 << 17 };

struct stream_place {
	uint64_t place, inode;
	size_t head_len;
	char head[STREAM_HEAD_MAX];
};

struct streams;
struct streams *streams_new(void); /* NULL when out of memory */
void streams_free(struct streams *s);
/* False when there are STREAMS_MAX, or no memory. */
MUST_USE bool streams_put(struct streams *s, struct str key, const struct stream_place *at);
void streams_forget(struct streams *s, struct str key);
/* False where nothing is known; *out is then zero. */
bool streams_find(struct streams *s, struct str key, struct stream_place *out);

#endif
