/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chunk.h - what a door hands on: whole records of one source, in order, and who waits for them.
 *
 * A door fills a chunk and puts it on the intake queue; the pipeline of watch reads, detects and
 * stores, and after the commit that holds the chunk calls `done` once, from its own thread: then, and
 * only then, may the door acknowledge, consume the bytes it peeked, or move the file. A chunk that
 * cannot be stored is answered with result.ok == false and the door keeps what it can.
 */
#ifndef INGEST_CHUNK_H
#define INGEST_CHUNK_H

#include "base/arena.h"
#include "base/queue.h"

enum door {
	DOOR_UDP,
	DOOR_TCP,
	DOOR_TLS,
	DOOR_PUSH,
	DOOR_BULK,
	DOOR_FILE,
	DOOR_DROP,
	DOOR_IMPORT,
	DOOR_CANARY,
	DOOR_COUNT
};
/* "udp", "tcp", ... as stored and shown; NULL past the end. */
const char *door_name(enum door door);

/* Why a record that arrived was not stored. */
enum drop_reason {
	DROP_KERNEL,     /* the kernel's receive buffer was full (UDP), as far as it tells */
	DROP_TOO_LONG,   /* the part of a record beyond the cap */
	DROP_INVALID,    /* framing broken: not a record */
	DROP_OVERLOAD,   /* the queue was full and the door cannot wait (UDP) */
	DROP_RESTART,    /* taken from the kernel by a watch that died before the commit */
	DROP_UNREADABLE, /* a file, or file of an archive, that could not be read: counted as one */
	DROP_TRUNCATED,  /* a file was truncated before all of it was read: once each time */
	DROP_COUNT
};
const char *drop_name(enum drop_reason reason);

enum { CHUNK_RECORDS = 8192, CHUNK_BYTES = 4 << 20 };
/* One push fits whole into one commit of the store: its bytes and 64 for each record. */
enum { PUSH_RECORDS = 1 << 19, PUSH_BYTES = 32 << 20 };
enum { RECORD_MAX = 1 << 20, STREAM_KEY_MAX = 96 };

struct chunk_result {
	bool ok, replay; /* replay: what the idempotency key was answered before */
	bool clash;      /* the key was used for another request: nothing stored */
	uint64_t received, stored, dropped,
		seen; /* of this chunk; received is the sum of the rest */
};

struct chunk {
	/* the source: found or made by (door, peer or token id, name) */
	enum door door;
	struct str peer; /* "192.0.2.1", or the token's id; in mem */
	struct str name; /* given by the sender or the operator, may be empty; in mem */
	/* what the sender says of the records: format (0: as they look), zone (empty: as set); in mem */
	uint16_t format;
	struct str zone;

	struct str *records; /* in mem */
	size_t n, max, bytes;
	bool *cut;        /* of each record whether it is only a part (chunk_cut); in mem */
	int64_t received; /* µs UTC */
	uint32_t dropped[DROP_COUNT];
	/* The sender's own id of each record, or NULL: one that was stored before is not stored again
	 * and seen[i] set. In mem. */
	struct str *ids;
	bool *seen;

	/* Where this chunk ends in its stream, kept in the same commit; empty key: none. */
	char stream[STREAM_KEY_MAX];
	uint64_t stream_offset, stream_inode; /* inode and head hash: of files that are followed */
	struct str stream_head;
	bool stream_ended; /* it comes no more: its place is forgotten */
	/* Kept with the answer for 24 h in the same commit; empty: none. In mem. A key that was
	 * answered before stores nothing and gives the former answer. */
	struct str idempotency_key, request_hash;

	void (*done)(struct chunk *c, const struct chunk_result *r); /* must free or keep c */
	void *owner, *door_ctx;                                      /* of the door */
	struct arena whole, mem;
};

/* An empty chunk with room for `max` records of `cap` bytes together; NULL when out of memory. A push is
 * one chunk, so that it is stored whole or not at all. */
struct chunk *chunk_new(enum door door, struct str peer, struct str name, size_t max, size_t cap);
void chunk_free(struct chunk *c);
/* Copy one record in; false when the chunk is full (then send it and take a new one). */
MUST_USE bool chunk_add(struct chunk *c, struct str record);
/* The same without a copy: `record` lives at least as long as the chunk. */
MUST_USE bool chunk_add_view(struct chunk *c, struct str record);

/* The record that was added last is only a part of what was sent: stored as partial. */
void chunk_cut(struct chunk *c);

/* Cut `bytes` into records of the chunk, up to what it takes; how many of them those are. With `last`
 * no more will come. */
size_t chunk_fill(struct chunk *c, struct str bytes, bool last);

/* How many records have come in with it: those it holds and those that were dropped before. */
uint64_t chunk_received(const struct chunk *c);

/* The weight of a chunk on the intake queue. */
static inline size_t chunk_weight(const struct chunk *c)
{
	return c->bytes + c->n * 64 + 4096;
}

#endif
