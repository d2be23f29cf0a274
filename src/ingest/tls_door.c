/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_door.c - an epoll loop over TLS sessions.
 *
 * Invariant: a connection with `waiting` set has its chunk under way and is not read from, so that
 * its sender is held back by TCP and its records stay in order.
 */
#include "ingest/tls_door.h"

#include "base/buf.h"
#include "base/time.h"
#include "ingest/chunk.h"
#include "ingest/frame.h"
#include "net/tls.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
	EVENTS = 64,
	HELD_MAX = 2 << 20, /* more than RECORD_MAX and one step; bounds what a death can cost */
	READ_STEP = 64 << 10,
	TURN_MS = 1000,
	HANDSHAKE_S = 20,
};

struct conn {
	struct conn *next;       /* on the list of new ones and of those whose chunk came back */
	struct conn *also, **at; /* on the list of all, of the door's thread */
	struct tls_door *door;
	struct tls *tls; /* NULL: new */
	struct tls_mark *mark;
	int fd;
	char id[33], peer[64];
	struct buf held;
	uint64_t skip; /* what is still to be passed over (frame.h) */
	int64_t since; /* monotonic */
	/* once all of `dry_opened` is durable, so is all that had come by `dry` */
	int64_t dry;
	uint64_t dry_opened;
	enum frame_end end;
	/* under way */
	size_t taken; /* of held */
	uint64_t skip_after;
	bool waiting, stored;
};

struct tls_door {
	struct queue *intake; /* borrowed */
	struct tls_calls calls;
	struct tls_context *context; /* owned; under the lock */
	int epoll, wake;
	bool stop;  /* atomic */
	bool begun; /* atomic */
	bool joined;
	pthread_t thread;
	pthread_mutex_t lock;
	struct conn *ready; /* under the lock */
	struct conn *all;
	int64_t looked; /* monotonic: for those that do not finish the handshake */
};

static void wake(struct tls_door *d)
{
	uint64_t one = 1;

	if (write(d->wake, &one, sizeof one) == -1)
		return; /* full: it is awake */
}

static void give_back(struct conn *c)
{
	struct tls_door *d = c->door;

	pthread_mutex_lock(&d->lock);
	c->next = d->ready;
	d->ready = c;
	pthread_mutex_unlock(&d->lock);
	wake(d);
}

/* From the pipeline's thread. */
static void done(struct chunk *chunk, const struct chunk_result *r)
{
	struct conn *c = chunk->owner;

	c->stored = r->ok;
	chunk_free(chunk);
	give_back(c);
}

/* --- the mark: written in the order in which a death in between makes it say too much --- */

static void set(uint64_t *what, uint64_t v)
{
	__atomic_store_n(what, v, __ATOMIC_RELEASE);
}

static void mark_opened(struct conn *c, size_t n)
{
	struct tls_mark *m = c->mark;

	set(&m->opened, m->opened + n);
	set(&m->taken, tls_opened(c->tls));
}

static void mark_clean(struct conn *c)
{
	struct tls_mark *m = c->mark;

	if (c->dry == 0 || m->stored < c->dry_opened)
		return;
	__atomic_store_n(&m->clean, c->dry, __ATOMIC_RELEASE);
	c->dry = 0;
}

static void mark_stored(struct conn *c, size_t n)
{
	set(&c->mark->stored, c->mark->stored + n);
	mark_clean(c);
}

/* Nothing more was there at `at`: all that had come by then is in what was opened. */
static void mark_dry(struct conn *c, int64_t at)
{
	if (c->dry == 0) {
		c->dry = at;
		c->dry_opened = c->mark->opened;
	}
	mark_clean(c);
}

/* --- connections --- */

static void watch_fd(struct conn *c)
{
	/* a hang-up is told even of one that waits: once is enough */
	struct epoll_event e = { .events = EPOLLONESHOT, .data.ptr = c };

	if (!c->waiting)
		e.events |= tls_wants_write(c->tls) ? EPOLLIN | EPOLLOUT : EPOLLIN;
	epoll_ctl(c->door->epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static void free_conn(struct conn *c)
{
	tls_free(c->tls);
	close(c->fd);
	buf_free(&c->held);
	free(c);
}

static void end_conn(struct conn *c)
{
	struct tls_door *d = c->door;
	char id[sizeof c->id];

	epoll_ctl(d->epoll, EPOLL_CTL_DEL, c->fd, NULL);
	*c->at = c->also;
	if (c->also != NULL)
		c->also->at = c->at;
	memcpy(id, c->id, sizeof id);
	free_conn(c);
	d->calls.closed(d->calls.ctx, id); /* its mark may be another's from here on */
}

/* Hand what is whole to the pipeline; true when a chunk is under way now. */
static bool hand_on(struct conn *c)
{
	struct chunk *chunk;

	if (c->held.n == 0)
		return false;
	chunk = chunk_new(DOOR_TLS, str_of(c->peer), STR(""), CHUNK_RECORDS,
			  c->held.n + CHUNK_RECORDS);
	if (chunk == NULL)
		return false; /* no memory now: it waits */
	c->skip_after = c->skip;
	c->taken = frame_fill(buf_str(&c->held), c->end, &c->skip_after, chunk);
	if (c->taken == 0) {
		chunk_free(chunk);
		return false;
	}
	chunk->received = time_now();
	chunk->owner = c;
	chunk->done = done;
	c->waiting = true;
	if (!queue_put(c->door->intake, chunk, chunk_weight(chunk)))
		chunk_free(chunk); /* closing down: it counts as not stored */
	return true;
}

/* False when nothing more can be read now. */
static bool read_step(struct conn *c)
{
	int64_t now = time_now();
	struct err why = { 0 };
	char *room = buf_room(&c->held, READ_STEP);
	size_t n = 0;

	if (room == NULL)
		return false;
	__atomic_store_n(&c->mark->touched, 1, __ATOMIC_RELEASE);
	enum tls_got got = tls_read(c->tls, room, READ_STEP, &n, &why);
	if (got == TLS_BYTES) {
		c->held.n += n;
		mark_opened(c, n);
		return true;
	}
	if (got == TLS_WAIT) {
		mark_opened(c, 0); /* the handshake counts as taken once it is done */
		mark_dry(c, now);
		return false;
	}
	if (got == TLS_FAULT)
		c->door->calls.report(c->door->calls.ctx, c->peer, &why);
	c->end = got == TLS_END ? FRAME_ENDED : FRAME_BROKEN;
	return false;
}

/* Read until nothing is there, enough is held or the connection ends. */
static void readable(struct conn *c)
{
	while (c->end == FRAME_GOES_ON && c->held.n < HELD_MAX - READ_STEP)
		if (!read_step(c))
			break;
	if (!hand_on(c) && c->end != FRAME_GOES_ON && c->held.n == 0)
		end_conn(c);
	else
		watch_fd(c);
}

/* Its chunk came back. */
static void settle(struct conn *c)
{
	c->waiting = false;
	if (!c->stored)
		return; /* it is cut and handed on once more */
	c->skip = c->skip_after;
	buf_eat(&c->held, c->taken);
	mark_stored(c, c->taken);
	c->stored = false;
}

static bool greet(struct conn *c)
{
	struct tls_door *d = c->door;
	struct epoll_event e = { .events = EPOLLONESHOT, .data.ptr = c };
	struct err why = { 0 };

	c->also = d->all;
	c->at = &d->all;
	if (d->all != NULL)
		d->all->at = &c->also;
	d->all = c;
	c->since = time_monotonic();
	pthread_mutex_lock(&d->lock);
	c->tls = tls_accept(d->context, c->fd, &why);
	pthread_mutex_unlock(&d->lock);
	if (c->tls != NULL && epoll_ctl(d->epoll, EPOLL_CTL_ADD, c->fd, &e) == 0)
		return true;
	if (c->tls == NULL)
		d->calls.report(d->calls.ctx, c->peer, &why);
	end_conn(c);
	return false;
}

static void take_ready(struct tls_door *d)
{
	struct conn *list;

	if (!__atomic_load_n(&d->begun, __ATOMIC_ACQUIRE))
		return;
	pthread_mutex_lock(&d->lock);
	list = d->ready;
	d->ready = NULL;
	pthread_mutex_unlock(&d->lock);
	for (struct conn *c = list, *next; c != NULL; c = next) {
		next = c->next;
		if (c->tls == NULL && !greet(c))
			continue;
		if (c->waiting)
			settle(c);
		readable(c);
	}
}

static void drop_silent(struct tls_door *d)
{
	int64_t now = time_monotonic(), limit = now - d->calls.handshake_s * TIME_SECOND;
	struct err why = { 0 };

	if (now - d->looked < TURN_MS * 1000)
		return;
	d->looked = now;
	for (struct conn *c = d->all, *next; c != NULL; c = next) {
		next = c->also;
		if (tls_ready(c->tls) || c->waiting || c->since >= limit)
			continue;
		err_set(&why, ERR_INPUT, 0, "TLS: no handshake within %u s", d->calls.handshake_s);
		d->calls.report(d->calls.ctx, c->peer, &why);
		end_conn(c);
	}
}

static void *run(void *arg)
{
	struct tls_door *d = arg;
	struct epoll_event events[EVENTS];
	uint64_t told;

	while (!__atomic_load_n(&d->stop, __ATOMIC_ACQUIRE)) {
		int n = epoll_wait(d->epoll, events, EVENTS, TURN_MS);
		bool ready = false;

		for (int i = 0; i < n; i++) {
			struct conn *c = events[i].data.ptr;

			if (c == NULL)
				ready = read(d->wake, &told, sizeof told) == sizeof told;
			else if (!c->waiting)
				readable(c); /* a hang-up is told even of one that waits */
		}
		/* after the loop: a connection that ends in it must not stand in `events` still */
		if (ready)
			take_ready(d);
		drop_silent(d);
	}
	return NULL;
}

static bool open_all(struct tls_door *d, struct str cert_pem, struct str key_pem, struct err *why)
{
	struct epoll_event e = { .events = EPOLLIN };

	d->context = tls_context_new(cert_pem, key_pem, why);
	if (d->context == NULL)
		return false;
	d->epoll = epoll_create1(EPOLL_CLOEXEC);
	d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->epoll == -1 || d->wake == -1 ||
	    epoll_ctl(d->epoll, EPOLL_CTL_ADD, d->wake, &e) == -1 ||
	    pthread_create(&d->thread, NULL, run, d) != 0)
		return err_set(why, ERR_LIMIT, 0, "cannot start a thread");
	return true;
}

struct tls_door *tls_door_open(struct str cert_pem, struct str key_pem, struct queue *intake,
			       const struct tls_calls *calls, struct err *why)
{
	struct tls_door *d = calloc(1, sizeof *d);

	if (d == NULL) {
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	d->epoll = d->wake = -1;
	d->intake = intake;
	d->calls = *calls;
	if (d->calls.handshake_s == 0)
		d->calls.handshake_s = HANDSHAKE_S;
	pthread_mutex_init(&d->lock, NULL);
	if (open_all(d, cert_pem, key_pem, why))
		return d;
	tls_context_free(d->context);
	if (d->epoll != -1)
		close(d->epoll);
	if (d->wake != -1)
		close(d->wake);
	free(d);
	return NULL;
}

void tls_door_begin(struct tls_door *d)
{
	__atomic_store_n(&d->begun, true, __ATOMIC_RELEASE);
	wake(d);
}

bool tls_door_certificate(struct tls_door *d, struct str cert_pem, struct str key_pem,
			  struct err *why)
{
	struct tls_context *next = tls_context_new(cert_pem, key_pem, why), *old;

	if (next == NULL)
		return false;
	pthread_mutex_lock(&d->lock);
	old = d->context;
	d->context = next;
	pthread_mutex_unlock(&d->lock);
	tls_context_free(old);
	return true;
}

bool tls_door_add(struct tls_door *d, int fd, const struct tls_stream *s, struct err *why)
{
	struct conn *c = calloc(1, sizeof *c);

	if (c == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	*c = (struct conn){ .door = d, .fd = fd, .mark = s->mark, .held = BUF(HELD_MAX) };
	snprintf(c->id, sizeof c->id, "%.*s", STR_ARG(s->id));
	snprintf(c->peer, sizeof c->peer, "%.*s", STR_ARG(s->peer));
	give_back(c);
	return true;
}

void tls_door_stop(struct tls_door *d)
{
	if (d == NULL || d->joined)
		return;
	__atomic_store_n(&d->stop, true, __ATOMIC_RELEASE);
	wake(d);
	pthread_join(d->thread, NULL);
	d->joined = true;
}

void tls_door_close(struct tls_door *d)
{
	if (d == NULL)
		return;
	tls_door_stop(d);
	/* what was under way is durable now; what never began stands on no list but this */
	for (struct conn *c = d->ready, *next; c != NULL; c = next) {
		next = c->next;
		if (c->waiting)
			settle(c);
		if (c->tls == NULL)
			free_conn(c);
	}
	for (struct conn *c = d->all, *next; c != NULL; c = next) {
		next = c->also;
		free_conn(c);
	}
	close(d->epoll);
	close(d->wake);
	tls_context_free(d->context);
	pthread_mutex_destroy(&d->lock);
	free(d);
}
