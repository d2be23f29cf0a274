/* SPDX-License-Identifier: Apache-2.0 */
/*
 * queue.h - a bounded queue of pointers between threads: many put, many take.
 *
 * The bound is a weight (bytes, say) beside the number of slots, so that a few large things wait as
 * well as many small ones; one thing heavier than the bound goes through alone. Items are borrowed.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include "base/str.h"

struct queue;

struct queue *queue_new(size_t slots, size_t max_weight); /* NULL when there is no memory */
void queue_free(struct queue *q);                         /* what it still holds is the caller's */

/* Wait for room, then put. False when the queue is closed. */
MUST_USE bool queue_put(struct queue *q, void *item, size_t weight);
/* The same without waiting; false when there is no room, too. */
MUST_USE bool queue_try_put(struct queue *q, void *item, size_t weight);
/* The oldest item, or NULL after wait_ms without one (-1: no limit, 0: do not wait) or when the
 * queue is closed and empty. */
void *queue_take(struct queue *q, int wait_ms);
/* While held nothing goes in, whoever puts waits: what feeds the queue stays with its sender. */
void queue_hold(struct queue *q, bool held);
/* Nothing more goes in; what is in may still be taken. Wakes all waiters. */
void queue_close(struct queue *q);
bool queue_closed(struct queue *q);
/* Look at everything that is in, the oldest first; `fn` must be quick and leave the queue alone. */
void queue_each(struct queue *q, void (*fn)(void *ctx, void *item), void *ctx);
size_t queue_length(struct queue *q);

#endif
