/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pusher.h - pushed bodies in watch: read by a few threads, answered when durable.
 *
 * The answer to WIRE_PUSH is {"received", "stored", "dropped": {reason: n}, "replay"} and, behind a NUL,
 * the items of a _bulk request as ingest/bulk.h writes them.
 */
#ifndef PROC_PUSHER_H
#define PROC_PUSHER_H

#include "base/queue.h"
#include "proc/wire.h"

struct pusher;
struct pusher *pusher_new(struct queue *intake); /* NULL when out of memory */
/* Take over the request `m` (its descriptor and payload) that came by `link`. */
void pusher_take(struct pusher *p, int link, struct wire_msg *m);
/* The link has ended: answers to it are dropped. Returns when none is being sent. */
void pusher_forget(struct pusher *p, int link);

#endif
