/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crew.c - a ring of slots: the walk fills at `head`, threads take at `taken`, the walk tells at `tail`.
 *
 * Invariant: tail <= taken <= head <= tail + n_slots. A slot between tail and taken belongs to the
 * thread that took it until `done`; all others belong to the walk.
 */
#include "sweep/crew.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS_A_THREAD = 8, WAIT_MS = 200 };
#define SLOT_ROOM ((size_t)4 << 20)

struct slot {
	struct arena whole, arena;
	struct crew_item item;
	int fd;
	bool done;
};

struct crew {
	struct crew_with with;
	struct slot *slot; /* owned */
	size_t n_slots;
	struct inspect **inspect; /* owned, one a thread */
	pthread_t *thread;        /* owned */
	size_t n_threads;         /* that run */
	pthread_mutex_t lock;
	pthread_cond_t work, ready;
	uint64_t head, taken, tail;
	bool closed;
};

static void do_slot(struct inspect *l, struct slot *s)
{
	if (s->item.what != CREW_FILE)
		return;
	inspect_file(l, &s->arena, s->item.path, s->fd, &s->item.st, &s->item.seen);
	close(s->fd);
}

struct worker {
	struct crew *c;
	struct inspect *inspect;
};

static void *work(void *arg)
{
	struct worker *me = arg;
	struct crew *c = me->c;

	pthread_mutex_lock(&c->lock);
	for (;;) {
		while (c->taken == c->head && !c->closed)
			pthread_cond_wait(&c->work, &c->lock);
		if (c->taken == c->head)
			break;
		struct slot *s = &c->slot[c->taken++ % c->n_slots];

		pthread_mutex_unlock(&c->lock);
		do_slot(me->inspect, s);
		pthread_mutex_lock(&c->lock);
		s->done = true;
		pthread_cond_signal(&c->ready);
	}
	pthread_mutex_unlock(&c->lock);
	free(me);
	return NULL;
}

static bool start_one(struct crew *c)
{
	struct worker *w = malloc(sizeof *w);

	if (w == NULL)
		return false;
	*w = (struct worker){ c, c->inspect[c->n_threads] };
	if (pthread_create(&c->thread[c->n_threads], NULL, work, w) == 0) {
		c->n_threads++;
		return true;
	}
	free(w);
	return false;
}

static bool make_parts(struct crew *c)
{
	size_t n = c->with.threads;

	c->slot = calloc(c->n_slots, sizeof *c->slot);
	c->inspect = calloc(n, sizeof(struct inspect *));
	c->thread = calloc(n, sizeof *c->thread);
	if (c->slot == NULL || c->inspect == NULL || c->thread == NULL)
		return false;
	for (size_t i = 0; i < c->n_slots; i++)
		if (!arena_reserve(&c->slot[i].whole, SLOT_ROOM))
			return false;
	for (size_t i = 0; i < n; i++) {
		c->inspect[i] = inspect_new(c->with.inspect);
		if (c->inspect[i] == NULL)
			return false;
	}
	return true;
}

struct crew *crew_new(const struct crew_with *with)
{
	struct crew *c = calloc(1, sizeof *c);
	bool ok;

	if (c == NULL)
		return NULL;
	c->with = *with;
	c->n_slots = with->threads * SLOTS_A_THREAD;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->work, NULL);
	pthread_cond_init(&c->ready, NULL);
	ok = with->threads >= 1 && with->threads <= CREW_THREADS_MAX && make_parts(c);
	while (ok && c->n_threads < with->threads)
		ok = start_one(c);
	if (ok)
		return c;
	crew_free(c);
	return NULL;
}

/* Tell what is ready, from the oldest on. Called with the lock held. */
static void tell_ready(struct crew *c)
{
	while (c->tail < c->head && c->slot[c->tail % c->n_slots].done) {
		struct slot *s = &c->slot[c->tail % c->n_slots];

		pthread_mutex_unlock(&c->lock);
		c->with.told(c->with.ctx, &s->item);
		pthread_mutex_lock(&c->lock);
		c->tail++;
	}
}

static void wait_some(struct crew *c)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += WAIT_MS * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_nsec -= 1000000000L;
		until.tv_sec++;
	}
	if (pthread_cond_timedwait(&c->ready, &c->lock, &until) == 0 || c->with.waiting == NULL)
		return;
	pthread_mutex_unlock(&c->lock);
	c->with.waiting(c->with.ctx);
	pthread_mutex_lock(&c->lock);
}

/* A slot that is free, its item empty. */
static struct slot *next_slot(struct crew *c, struct str path)
{
	struct slot *s;

	pthread_mutex_lock(&c->lock);
	tell_ready(c);
	while (c->head - c->tail == c->n_slots) {
		wait_some(c);
		tell_ready(c);
	}
	pthread_mutex_unlock(&c->lock);
	s = &c->slot[c->head % c->n_slots];
	s->arena = s->whole;
	s->done = false;
	s->item = (struct crew_item){ .path = arena_str(&s->arena, path) };
	assert(s->item.path.p != NULL); /* a path is shorter than a slot */
	return s;
}

static void put(struct crew *c)
{
	pthread_mutex_lock(&c->lock);
	c->head++;
	pthread_cond_signal(&c->work);
	pthread_mutex_unlock(&c->lock);
}

void crew_file(struct crew *c, struct str path, int fd, const struct stat *st)
{
	struct slot *s = next_slot(c, path);

	s->item.what = CREW_FILE;
	s->item.st = *st;
	s->fd = fd;
	put(c);
}

void crew_skip(struct crew *c, struct str path, enum walk_skip why)
{
	struct slot *s = next_slot(c, path);

	s->item.what = CREW_SKIPPED;
	s->item.skip = why;
	put(c);
}

void crew_fail(struct crew *c, struct str path, const struct err *why)
{
	struct slot *s = next_slot(c, path);

	s->item.what = CREW_FAILED;
	s->item.why = *why;
	put(c);
}

void crew_drop(struct crew *c)
{
	pthread_mutex_lock(&c->lock);
	while (c->head > c->taken) {
		struct slot *s = &c->slot[--c->head % c->n_slots];

		if (s->item.what == CREW_FILE)
			close(s->fd);
	}
	pthread_mutex_unlock(&c->lock);
}

void crew_end(struct crew *c)
{
	pthread_mutex_lock(&c->lock);
	c->closed = true;
	pthread_cond_broadcast(&c->work);
	tell_ready(c);
	while (c->tail < c->head) {
		wait_some(c);
		tell_ready(c);
	}
	pthread_mutex_unlock(&c->lock);
	for (size_t i = 0; i < c->n_threads; i++)
		pthread_join(c->thread[i], NULL);
	c->n_threads = 0;
}

void crew_free(struct crew *c)
{
	if (c == NULL)
		return;
	if (c->n_threads > 0)
		crew_end(c);
	for (size_t i = 0; c->inspect != NULL && i < c->with.threads; i++)
		inspect_free(c->inspect[i]);
	for (size_t i = 0; c->slot != NULL && i < c->n_slots; i++)
		arena_release(c->slot[i].whole);
	free(c->inspect);
	free(c->slot);
	free(c->thread);
	pthread_mutex_destroy(&c->lock);
	pthread_cond_destroy(&c->work);
	pthread_cond_destroy(&c->ready);
	free(c);
}
