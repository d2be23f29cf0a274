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
#include "event/ranges.h"
#include "ingest/chunk.h"
#include "ingest/frame.h"
#include "net/tls.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	EVENTS = 64,
	MAX_CONNS = 2048,
	HELD_MAX = 4 << 20,
	READ_STEP = 64 << 10,
	TURN_MS = 1000,
	REST_US = 20000,
	HANDSHAKE_S = 20, /* a connection that has not said a word by then is let go */
};

struct conn {
	struct conn *next;       /* on the list of finished ones */
	struct conn *also, **at; /* on the list of all */
	struct tls_door *door;
	struct tls *tls;
	int fd;
	char peer[ADDR_TEXT_MAX];
	struct buf held;
	size_t taken; /* of held, by the chunk under way */
	uint64_t skip;
	int64_t since;
	enum frame_end end;
	bool waiting, stored, spoke;
};

struct tls_door {
	struct queue *intake; /* borrowed */
	struct tls_context *context;
	int listener, epoll, wake;
	bool stop; /* atomic */
	pthread_t thread;
	pthread_mutex_t lock;
	struct conn *ready, *all;
	size_t n;
};

static void done(struct chunk *chunk, const struct chunk_result *r)
{
	struct conn *c = chunk->owner;
	struct tls_door *d = c->door;
	uint64_t one = 1;

	c->stored = r->ok;
	chunk_free(chunk);
	pthread_mutex_lock(&d->lock);
	c->next = d->ready;
	d->ready = c;
	pthread_mutex_unlock(&d->lock);
	if (write(d->wake, &one, sizeof one) == -1)
		return; /* full: it is awake */
}

static void watch_fd(struct conn *c)
{
	/* a hang-up is told even of one that waits: once is enough */
	struct epoll_event e = { .events = EPOLLONESHOT, .data.ptr = c };

	if (!c->waiting)
		e.events = tls_wants_write(c->tls) ? EPOLLIN | EPOLLOUT : EPOLLIN;
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
	epoll_ctl(c->door->epoll, EPOLL_CTL_DEL, c->fd, NULL);
	*c->at = c->also;
	if (c->also != NULL)
		c->also->at = c->at;
	c->door->n--;
	free_conn(c);
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
		return false;
	c->taken = frame_fill(buf_str(&c->held), c->end, &c->skip, chunk);
	if (chunk->n == 0 && chunk->dropped[DROP_TOO_LONG] == 0) {
		buf_eat(&c->held, c->taken);
		c->taken = 0;
		chunk_free(chunk);
		return false;
	}
	chunk->received = time_now();
	chunk->owner = c;
	chunk->done = done;
	c->waiting = true;
	if (!queue_put(c->door->intake, chunk, chunk_weight(chunk)))
		chunk_free(chunk); /* closing down */
	return true;
}

/* Read until nothing is there, a chunk is full or the connection ends. */
static void readable(struct conn *c)
{
	struct err why = { 0 };

	while (c->end == FRAME_GOES_ON && c->held.n < HELD_MAX - READ_STEP) {
		char *room = buf_room(&c->held, READ_STEP);
		size_t n = 0;
		enum tls_got got = room == NULL ? TLS_FAULT
						: tls_read(c->tls, room, READ_STEP, &n, &why);

		if (got == TLS_BYTES) {
			c->held.n += n;
			c->spoke = true;
		}
		if (got == TLS_END || got == TLS_FAULT)
			c->end = got == TLS_END ? FRAME_ENDED : FRAME_BROKEN;
		if (got == TLS_WAIT)
			break;
	}
	if (hand_on(c))
		watch_fd(c);
	else if (c->end != FRAME_GOES_ON)
		end_conn(c);
	else
		watch_fd(c);
}

static void resume(struct conn *c)
{
	c->waiting = false;
	buf_eat(&c->held, c->taken);
	c->taken = 0;
	readable(c);
}

static void take_ready(struct tls_door *d)
{
	uint64_t n;
	struct conn *list;

	if (read(d->wake, &n, sizeof n) == -1)
		return;
	pthread_mutex_lock(&d->lock);
	list = d->ready;
	d->ready = NULL;
	pthread_mutex_unlock(&d->lock);
	for (struct conn *c = list, *next; c != NULL; c = next) {
		next = c->next;
		resume(c);
	}
}

static void name_peer(struct conn *c, const struct sockaddr_storage *sa)
{
	struct addr a = { .b = { [10] = 0xFF, [11] = 0xFF } };
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (sa->ss_family == AF_INET) {
		memcpy(&v4, sa, sizeof v4);
		memcpy(a.b + 12, &v4.sin_addr, 4);
	} else {
		memcpy(&v6, sa, sizeof v6);
		memcpy(a.b, &v6.sin6_addr, 16);
	}
	addr_text(&a, c->peer);
}

static void take_connection(struct tls_door *d, int fd, const struct sockaddr_storage *sa)
{
	struct conn *c = d->n < MAX_CONNS ? calloc(1, sizeof *c) : NULL;
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

	if (c == NULL || (c->tls = tls_accept(d->context, fd, NULL)) == NULL) {
		free(c);
		close(fd);
		return;
	}
	c->door = d;
	c->fd = fd;
	c->held = BUF(HELD_MAX);
	c->since = time_monotonic();
	name_peer(c, sa);
	c->also = d->all;
	c->at = &d->all;
	if (d->all != NULL)
		d->all->at = &c->also;
	d->all = c;
	d->n++;
	epoll_ctl(d->epoll, EPOLL_CTL_ADD, fd, &e);
}

static void take_connections(struct tls_door *d)
{
	for (int i = 0; i < EVENTS; i++) {
		struct sockaddr_storage sa = { 0 };
		socklen_t len = sizeof sa;
		int fd = accept4(d->listener, (struct sockaddr *)&sa, &len,
				 SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd == -1) {
			if (errno == EMFILE || errno == ENFILE)
				usleep(REST_US); /* or epoll would tell of it at once again */
			return;
		}
		take_connection(d, fd, &sa);
	}
}

static void drop_silent(struct tls_door *d)
{
	int64_t limit = time_monotonic() - HANDSHAKE_S * TIME_SECOND;

	for (struct conn *c = d->all, *next; c != NULL; c = next) {
		next = c->also;
		if (!c->spoke && !c->waiting && c->since < limit)
			end_conn(c);
	}
}

static void *run(void *arg)
{
	struct tls_door *d = arg;
	struct epoll_event events[EVENTS];

	while (!__atomic_load_n(&d->stop, __ATOMIC_ACQUIRE)) {
		int n = epoll_wait(d->epoll, events, EVENTS, TURN_MS);
		bool ready = false, accept = false;

		for (int i = 0; i < n; i++) {
			void *p = events[i].data.ptr;

			if (p == &d->wake)
				ready = true;
			else if (p == &d->listener)
				accept = true;
			else if (!((struct conn *)p)->waiting)
				readable(p); /* a hang-up is told even of one that waits */
		}
		/* after the loop: a connection that ends in it must not stand in `events` still */
		if (ready)
			take_ready(d);
		if (accept)
			take_connections(d);
		drop_silent(d);
	}
	return NULL;
}

static bool open_all(struct tls_door *d, struct str cert_pem, struct str key_pem, struct err *why)
{
	struct epoll_event wake = { .events = EPOLLIN, .data.ptr = &d->wake };
	struct epoll_event listener = { .events = EPOLLIN, .data.ptr = &d->listener };

	d->context = tls_context_new(cert_pem, key_pem, why);
	if (d->context == NULL)
		return false;
	d->epoll = epoll_create1(EPOLL_CLOEXEC);
	d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->epoll == -1 || d->wake == -1 ||
	    epoll_ctl(d->epoll, EPOLL_CTL_ADD, d->wake, &wake) == -1 ||
	    epoll_ctl(d->epoll, EPOLL_CTL_ADD, d->listener, &listener) == -1 ||
	    pthread_create(&d->thread, NULL, run, d) != 0)
		return err_set(why, ERR_LIMIT, 0, "cannot start a thread");
	return true;
}

struct tls_door *tls_door_open(int fd, struct str cert_pem, struct str key_pem,
			       struct queue *intake, struct err *why)
{
	struct tls_door *d = calloc(1, sizeof *d);

	if (d == NULL) {
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	d->listener = fd;
	d->intake = intake;
	pthread_mutex_init(&d->lock, NULL);
	if (open_all(d, cert_pem, key_pem, why))
		return d;
	tls_context_free(d->context);
	free(d);
	return NULL;
}

void tls_door_close(struct tls_door *d)
{
	if (d == NULL)
		return;
	__atomic_store_n(&d->stop, true, __ATOMIC_RELEASE);
	pthread_join(d->thread, NULL);
	for (struct conn *c = d->all, *next; c != NULL; c = next) {
		next = c->also;
		free_conn(c);
	}
	close(d->epoll);
	close(d->wake);
	close(d->listener);
	tls_context_free(d->context);
	pthread_mutex_destroy(&d->lock);
	free(d);
}
