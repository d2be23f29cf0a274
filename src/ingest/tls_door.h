/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_door.h - syslog over TLS (RFC 5425): one thread, one chunk under way a connection.
 *
 * The state of a TLS connection dies with this process: after a restart the sender connects anew, and
 * what had come but was not stored by then is lost. How much that is at most stands in a mark of each
 * connection, in memory that outlives the process: whoever holds the socket can then tell. It never
 * says less than what is lost, and for a connection that is at rest it says nothing is.
 */
#ifndef INGEST_TLS_DOOR_H
#define INGEST_TLS_DOOR_H

#include "base/err.h"
#include "base/queue.h"

/*
 * Lost are at most opened - stored bytes of text, and of what the kernel took in for the connection
 * (TLS and all) what lies beyond `taken`. Each number only grows, and is written in the order in which
 * a death in between makes it too much and never too little.
 */
struct tls_mark {
	uint64_t opened;  /* bytes of text that were read */
	uint64_t taken;   /* bytes of the connection that they were read from */
	uint64_t stored;  /* bytes of text that are durable */
	int64_t clean;    /* what had come by then is durable; µs UTC */
	uint32_t touched; /* something was read, if only of the handshake */
};

struct tls_door;

struct tls_calls {
	void *ctx;
	unsigned handshake_s; /* who has not finished it by then is let go; 0: 20 */
	/* The connection has ended, and what came of it is stored; from the door's thread. */
	void (*closed)(void *ctx, const char *id);
	/* For the operator: a handshake that failed, a session that broke. From the door's thread. */
	void (*report)(void *ctx, const char *peer, const struct err *why);
};

/* With certificate chain and key as PEM. Reads nothing before tls_door_begin(): what a session has
 * opened nobody can give back. NULL and *why on failure. */
struct tls_door *tls_door_open(struct str cert_pem, struct str key_pem, struct queue *intake,
			       const struct tls_calls *calls, struct err *why);
void tls_door_begin(struct tls_door *d);
/* Show this one from now on; connections that are open stay. Safe from any thread. */
MUST_USE bool tls_door_certificate(struct tls_door *d, struct str cert_pem, struct str key_pem,
				   struct err *why);
/* Reads no more; before the pipeline ends. */
void tls_door_stop(struct tls_door *d);
/* After the pipeline has ended: no chunk of the door may be under way. */
void tls_door_close(struct tls_door *d);

struct tls_stream {
	struct str id, peer;   /* id: 32 characters, told to closed() */
	struct tls_mark *mark; /* zero; lives until closed() or tls_door_close() */
};
/* Read `fd` (now owned). Safe from any thread. */
MUST_USE bool tls_door_add(struct tls_door *d, int fd, const struct tls_stream *s, struct err *why);

#endif
