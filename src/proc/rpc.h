/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpc.h - the asking side of a link: requests from many threads, answers matched by number.
 *
 * The process on the other side may die: the parent then hands over a new link, and requests marked
 * `again` that have no answer yet are sent once more; the others fail. Messages that answer nothing
 * go to the handler. Safe from any thread.
 */
#ifndef PROC_RPC_H
#define PROC_RPC_H

#include "base/buf.h"
#include "proc/wire.h"

struct rpc;

/* `handler(ctx, msg)` is called from the link's thread for unasked messages; may be NULL. */
struct rpc *rpc_new(enum proc peer, void (*handler)(void *ctx, struct wire_msg *m), void *ctx);
/* Use `link` (now owned) in place of the former one. */
void rpc_attach(struct rpc *r, int link);
/* Is there a link now? */
bool rpc_up(struct rpc *r);
/* All that waits fails now, and so does what is asked later. The handler has run for the last time
 * when this returns; it is not to be called from there. */
void rpc_stop(struct rpc *r);

struct rpc_call {
	enum wire_type type;
	struct str payload;
	int fd;         /* -1, or the caller's */
	int timeout_ms; /* for the whole call */
	bool again;     /* send again when the other process was restarted */
};
/* The answer's payload is appended to *answer; *answer_fd (may be NULL) is the caller's to close.
 * An answer WIRE_FAILED comes back as the error it carries. */
MUST_USE bool rpc_call(struct rpc *r, const struct rpc_call *call, struct buf *answer,
		       int *answer_fd, struct err *why);
/* The answering side's helpers. An error travels as JSON {kind, at, text, id, args}, so that it can be
 * told in the reader's language. */
void rpc_write_failure(const struct err *reason, struct buf *out);
bool rpc_answer(int link, uint64_t number, struct str json, struct err *why);
bool rpc_refuse(int link, uint64_t number, const struct err *reason, struct err *why);
/* The error that a WIRE_FAILED carries, in *why; false, as err_set(). */
bool rpc_read_failure(struct str payload, struct err *why);

#endif
