/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_feed.h - from the bytes of a file, as they come, to chunks of EVTX.
 *
 * A file: its header, then a chunk every 64 KiB up to the end, whatever the header counts. Any blob (a disk
 * image, a memory dump, a damaged file): a chunk wherever one begins. Input is hostile; memory does not
 * grow with it.
 */
#ifndef EVENT_EVTX_FEED_H
#define EVENT_EVTX_FEED_H

#include "base/buf.h"
#include "event/evtx.h"

struct evtx_feed {
	bool carve;      /* any blob */
	bool begun;      /* the header is behind */
	uint64_t at;     /* of the first byte held, from the beginning of what came */
	uint64_t lost;   /* blocks of a file that are no chunk and not empty either */
	uint64_t chunks; /* handed out */
	uint64_t cut;    /* chunks that the end of the file cut off */
	size_t given;    /* bytes at the front that were handed out */
	struct buf hold;
};

void evtx_feed_begin(struct evtx_feed *f, bool carve); /* keeps its memory */
void evtx_feed_free(struct evtx_feed *f);
/* At most EVTX_CHUNK_BYTES at once. False: no memory. */
MUST_USE bool evtx_feed_add(struct evtx_feed *f, struct str bytes);
/* How many bytes are missing to the end of the header or the chunk at hand, so that none need be moved; from
 * 1 to EVTX_CHUNK_BYTES. */
size_t evtx_feed_wants(const struct evtx_feed *f);
/*
 * The next chunk of what was added, a view until the next call of these. False: more bytes are needed, or,
 * with `last`, there are no more chunks.
 */
bool evtx_feed_next(struct evtx_feed *f, bool last, struct str *out);
/* At the end: what could not be read, `more` places in chunks counted in. False where all could. */
bool evtx_feed_fault(const struct evtx_feed *f, uint64_t more, struct err *why);

#endif
