/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcp.h - syslog over plain TCP connections that outlive this process.
 *
 * Bytes are peeked, never taken, until the records in them are durable: what a killed watch had not
 * stored still waits in the kernel for the next one. Each connection is a stream with an offset that
 * the store keeps in the same commit as the records, so nothing is stored twice either: after a
 * restart the door takes the bytes between the kernel's position and the committed offset first. Only
 * the beginning of a record whose rest does not come is held in memory.
 * One thread; one chunk under way a connection.
 */
#ifndef INGEST_TCP_H
#define INGEST_TCP_H

#include "base/err.h"
#include "base/queue.h"

struct tcp_door;

struct tcp_calls {
	void *ctx;
	/* The connection has ended and all of it is stored; from the door's thread. */
	void (*closed)(void *ctx, const char *id);
};

struct tcp_door *tcp_open(struct queue *intake, const struct tcp_calls *calls, struct err *why);
/* After the pipeline has ended: no chunk of the door may be under way. */
void tcp_close(struct tcp_door *d);

/* What a connection is called over restarts, and what the store keeps of its stream. */
struct tcp_stream {
	struct str id, peer; /* id: 32 characters */
	uint64_t committed;  /* how many of its bytes the store holds: chunk.stream_offset */
	uint64_t skip;       /* what then is to be passed over: chunk.stream_inode */
};
/* Read `fd` (now owned). Safe from any thread. */
MUST_USE bool tcp_add(struct tcp_door *d, int fd, const struct tcp_stream *at, struct err *why);

#endif
