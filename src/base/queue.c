/* SPDX-License-Identifier: Apache-2.0 */
/* queue.c - a ring under one mutex. Invariant: n <= slots; weight is the sum over what is in. */
#include "base/queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct item {
	void *p;
	size_t weight;
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled, drained;
	struct item *ring; /* owned */
	size_t slots, first, n, weight, max_weight;
	bool closed, held;
};

struct queue *queue_new(size_t slots, size_t max_weight)
{
	struct queue *q = calloc(1, sizeof *q);
	pthread_condattr_t mono;

	if (q == NULL)
		return NULL;
	q->ring = calloc(slots, sizeof *q->ring);
	if (q->ring == NULL) {
		free(q);
		return NULL;
	}
	q->slots = slots;
	q->max_weight = max_weight;
	pthread_condattr_init(&mono);
	pthread_condattr_setclock(&mono, CLOCK_MONOTONIC);
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->filled, &mono);
	pthread_cond_init(&q->drained, &mono);
	pthread_condattr_destroy(&mono);
	return q;
}

void queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	pthread_cond_destroy(&q->filled);
	pthread_cond_destroy(&q->drained);
	pthread_mutex_destroy(&q->lock);
	free(q->ring);
	free(q);
}

static bool has_room(const struct queue *q, size_t weight)
{
	if (q->held || q->n == q->slots)
		return false;
	return q->n == 0 || (q->weight <= q->max_weight && weight <= q->max_weight - q->weight);
}

static bool put(struct queue *q, void *item, size_t weight, bool wait)
{
	bool ok;

	pthread_mutex_lock(&q->lock);
	while (wait && !q->closed && !has_room(q, weight))
		pthread_cond_wait(&q->drained, &q->lock);
	ok = !q->closed && has_room(q, weight);
	if (ok) {
		q->ring[(q->first + q->n) % q->slots] = (struct item){ item, weight };
		q->n++;
		q->weight += weight;
		pthread_cond_signal(&q->filled);
	}
	pthread_mutex_unlock(&q->lock);
	return ok;
}

bool queue_put(struct queue *q, void *item, size_t weight)
{
	return put(q, item, weight, true);
}

bool queue_try_put(struct queue *q, void *item, size_t weight)
{
	return put(q, item, weight, false);
}

/* Wait until something is in; false when it is not in time or will never be. */
static bool await(struct queue *q, int wait_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (q->n == 0 && !q->closed && wait_ms != 0) {
		if (wait_ms < 0)
			pthread_cond_wait(&q->filled, &q->lock);
		else if (pthread_cond_timedwait(&q->filled, &q->lock, &until) != 0)
			break;
	}
	return q->n > 0;
}

void *queue_take(struct queue *q, int wait_ms)
{
	void *p = NULL;

	pthread_mutex_lock(&q->lock);
	if (await(q, wait_ms)) {
		p = q->ring[q->first].p;
		q->weight -= q->ring[q->first].weight;
		q->first = (q->first + 1) % q->slots;
		q->n--;
		pthread_cond_broadcast(&q->drained);
	}
	pthread_mutex_unlock(&q->lock);
	return p;
}

void queue_hold(struct queue *q, bool held)
{
	pthread_mutex_lock(&q->lock);
	q->held = held;
	pthread_cond_broadcast(&q->drained);
	pthread_mutex_unlock(&q->lock);
}

void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->filled);
	pthread_cond_broadcast(&q->drained);
	pthread_mutex_unlock(&q->lock);
}

bool queue_closed(struct queue *q)
{
	bool closed;

	pthread_mutex_lock(&q->lock);
	closed = q->closed;
	pthread_mutex_unlock(&q->lock);
	return closed;
}

size_t queue_length(struct queue *q)
{
	size_t n;

	pthread_mutex_lock(&q->lock);
	n = q->n;
	pthread_mutex_unlock(&q->lock);
	return n;
}

void queue_each(struct queue *q, void (*fn)(void *ctx, void *item), void *ctx)
{
	pthread_mutex_lock(&q->lock);
	for (size_t i = 0; i < q->n; i++)
		fn(ctx, q->ring[(q->first + i) % q->slots].p);
	pthread_mutex_unlock(&q->lock);
}
