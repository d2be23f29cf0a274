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
#include "proc/links.h"
#include "proc/poison.h"

struct pusher;
/* Answers go to `links`; what is being read stands on `pages`, POISON_PUSHERS of them; all are borrowed.
 * NULL when out of memory. */
struct pusher *pusher_new(struct queue *intake, struct links *links, struct poison_page *pages);
/* Take over the request `m` (its descriptor) that came by `link`; refused when too many wait. */
void pusher_take(struct pusher *p, uint64_t link, struct wire_msg *m);
/* After the intake queue is closed and empty: answer what waits, end the threads. */
void pusher_free(struct pusher *p);

#endif
