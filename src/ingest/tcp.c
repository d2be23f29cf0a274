/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcp.c - an epoll loop over connections that are peeked.
 *
 * A connection is idle (epoll waits for bytes), waiting (its chunk is under way, epoll is off) or
 * ended. SO_RCVLOWAT keeps epoll quiet while only the beginning of a record is there. A long beginning
 * that stays one, or grows large, is taken into `held` after all, and so is any on which the kernel has
 * closed the window: its buffer is full, and the rest would never come. That much, less than one
 * record, is what a kill can cost a connection; it is then counted (DROP_RESTART) and the stream found
 * again. A short one, as nearly all records are, never fills the buffer and stays where a kill cannot
 * reach it.
 * Invariant: `offset` is the stream position of the first byte still in the kernel; held holds no
 * whole record and at most HELD_MAX bytes.
 */
#include "ingest/tcp.h"

#include "base/buf.h"
#include "base/time.h"
#include "ingest/chunk.h"
#include "ingest/frame.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	PEEK = CHUNK_BYTES,
	EVENTS = 64,
	TURN_MS = 100,
	STALL_US = 200000,
	LONG_PART = 4 << 10,
	LARGE_PART = 64 << 10,
	HELD_MAX = RECORD_MAX + 64 /* the head of a counted one, too */
};
/* tcpi_state of a connection whose other side has closed (the kernel's enum, not in linux/tcp.h) */
enum { STATE_CLOSE_WAIT = 8, STATE_LAST_ACK = 9 };

struct conn {
	struct conn *next; /* on the door's list of finished or new ones */
	struct conn *also; /* on the list of all */
	struct tcp_door *door;
	int fd;
	char id[33], peer[64];
	uint64_t offset, skip; /* skip: what is still to be passed over (frame.h) */
	struct buf held;       /* the beginning of a record that was taken out of the kernel */
	size_t part;           /* bytes of a beginning that wait in the kernel */
	int64_t since;         /* monotonic: since when */
	bool cramped;          /* epoll is off for a moment: see wait_for_more() */
	bool lost;             /* what came before the first bytes was lost by a watch that died */
	/* under way */
	size_t held_taken, taken; /* of what is held, and of the kernel's bytes */
	uint64_t skip_after;
	bool waiting, stored;
	bool eof, broken; /* all that will come is there; the connection was reset */
	bool fresh;       /* not read from yet; epoll does not know it */
	bool kept;        /* the store may hold its place */
};

struct tcp_door {
	struct queue *intake; /* borrowed */
	struct tcp_calls calls;
	int epoll, wake;
	bool stop; /* atomic */
	pthread_t thread;
	pthread_mutex_t lock;
	struct conn *ready; /* finished chunks and new connections */
	struct conn *all;
	char *peek; /* PEEK bytes, owned */
};

static void wake(struct tcp_door *d)
{
	uint64_t one = 1;

	if (write(d->wake, &one, sizeof one) == -1)
		return; /* full: it is awake */
}

static void give_back(struct conn *c)
{
	struct tcp_door *d = c->door;

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

static void set_lowat(struct conn *c, size_t n)
{
	int low = n > PEEK / 2 ? PEEK / 2 : (int)n;

	setsockopt(c->fd, SOL_SOCKET, SO_RCVLOWAT, &low, sizeof low);
}

static void arm(struct conn *c, bool on)
{
	struct epoll_event e = { .events = on ? EPOLLIN | EPOLLRDHUP | EPOLLONESHOT : 0,
				 .data.ptr = c };

	epoll_ctl(c->door->epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static void forget(struct tcp_door *d, struct conn *c)
{
	pthread_mutex_lock(&d->lock);
	struct conn **at = &d->all;
	while (*at != c)
		at = &(*at)->also;
	*at = c->also;
	pthread_mutex_unlock(&d->lock);
}

static void freed(struct chunk *chunk, const struct chunk_result *r)
{
	(void)r; /* forgotten or not: the place means nothing any more */
	chunk_free(chunk);
}

/* The store need not keep the place of a connection that has ended. */
static void forget_place(struct conn *c)
{
	struct chunk *chunk = c->kept ? chunk_new(DOOR_TCP, str_of(c->peer), STR(""), 1, 64) : NULL;

	if (chunk == NULL)
		return;
	chunk->received = time_now();
	snprintf(chunk->stream, sizeof chunk->stream, "tcp/%s", c->id);
	chunk->stream_ended = true;
	chunk->done = freed;
	if (!queue_put(c->door->intake, chunk, chunk_weight(chunk)))
		chunk_free(chunk);
}

static void end_conn(struct conn *c)
{
	struct tcp_door *d = c->door;

	forget_place(c);

	epoll_ctl(d->epoll, EPOLL_CTL_DEL, c->fd, NULL);
	close(c->fd);
	forget(d, c);
	d->calls.closed(d->calls.ctx, c->id);
	buf_free(&c->held);
	free(c);
}

/* Take `n` bytes out of the kernel without looking at them. */
static bool consume(struct conn *c, uint64_t n)
{
	while (n > 0) {
		size_t step = n > PEEK ? PEEK : (size_t)n;
		ssize_t got = recv(c->fd, c->door->peek, step, MSG_TRUNC | MSG_DONTWAIT);

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		n -= (uint64_t)got;
		c->offset += (uint64_t)got;
	}
	return true;
}

/* `taken` of what is held and peeked together. */
static void send_chunk(struct conn *c, struct chunk *chunk, size_t taken)
{
	c->held_taken = taken < c->held.n ? taken : c->held.n;
	c->taken = taken - c->held_taken;
	c->waiting = c->kept = true;
	chunk->received = time_now();
	snprintf(chunk->stream, sizeof chunk->stream, "tcp/%s", c->id);
	chunk->stream_offset = c->offset - c->held.n + taken;
	chunk->stream_inode = c->skip_after; /* kept beside the place, for the next watch */
	chunk->owner = c;
	chunk->done = done;
	if (queue_put(c->door->intake, chunk, chunk_weight(chunk)))
		return;
	chunk_free(chunk); /* closing down: the bytes stay in the kernel */
}

/* The beginning of a record that does not go on: out of the kernel with it, so that the rest can come. */
static void hold_part(struct conn *c)
{
	size_t room = HELD_MAX - c->held.n, n = c->part < room ? c->part : room;
	char *to = buf_room(&c->held, n);
	ssize_t got = to == NULL ? 0 : recv(c->fd, to, n, MSG_DONTWAIT);

	if (got > 0) {
		c->held.n += (size_t)got;
		c->offset += (uint64_t)got;
		c->part = 0;
	}
	set_lowat(c, c->part + 1);
	arm(c, true);
}

static void wait_for_more(struct conn *c, size_t in_kernel)
{
	bool told_nothing = in_kernel > 0 && c->part == in_kernel;

	if (!told_nothing)
		c->since = time_monotonic();
	c->part = in_kernel;
	set_lowat(c, in_kernel + 1);
	/* told without a new byte, in spite of the mark: the window is small now. Left alone for a
	 * moment, or epoll would tell it again and again; hold_stalled() comes back to it */
	c->cramped = told_nothing;
	if (!told_nothing)
		arm(c, true);
}

static enum frame_end end_of(const struct conn *c, size_t peeked)
{
	if (!c->eof || peeked == PEEK) /* a full look has more behind it */
		return FRAME_GOES_ON;
	return c->broken ? FRAME_BROKEN : FRAME_ENDED;
}

/* `s`: what is held and peeked, `n` of it peeked. */
static void take_records(struct conn *c, struct str s, size_t n)
{
	struct chunk *chunk = chunk_new(DOOR_TCP, str_of(c->peer), STR(""), CHUNK_RECORDS,
					s.n + CHUNK_RECORDS);

	if (chunk == NULL) {
		arm(c, true); /* no memory now: the bytes wait */
		return;
	}
	c->skip_after = c->skip;
	chunk->dropped[DROP_RESTART] = c->lost;
	size_t taken = frame_fill(s, end_of(c, s.n), &c->skip_after, chunk);
	if (taken > 0) {
		send_chunk(c, chunk, taken);
		return;
	}
	chunk_free(chunk);
	wait_for_more(c, n);
}

/* Bytes are there, or the end. */
static void readable(struct conn *c)
{
	struct tcp_door *d = c->door;
	size_t held = c->held.n;
	ssize_t n = recv(c->fd, d->peek + held, PEEK - held, MSG_PEEK | MSG_DONTWAIT);

	if (n == -1 && (errno == EAGAIN || errno == EINTR)) {
		arm(c, true);
		return;
	}
	if (n < 0)
		c->eof = c->broken = true;
	if (n <= 0 && held == 0) {
		end_conn(c);
		return;
	}
	if (held > 0)
		memcpy(d->peek, c->held.p, held);
	if (n < 0)
		n = 0;
	take_records(c, (struct str){ d->peek, held + (size_t)n }, (size_t)n);
}

static void look_again(struct conn *c)
{
	int now = 0;

	c->cramped = false;
	if (ioctl(c->fd, FIONREAD, &now) == 0 && now > 0 && (size_t)now == c->part)
		hold_part(c);
	else
		arm(c, true);
}

static bool stalled(const struct conn *c, int64_t now)
{
	return c->part >= LARGE_PART || (c->part >= LONG_PART && now - c->since > STALL_US);
}

static void hold_stalled(struct tcp_door *d)
{
	int64_t now = time_monotonic();

	pthread_mutex_lock(&d->lock);
	for (struct conn *c = d->all; c != NULL; c = c->also) {
		if (c->waiting || c->fresh || c->part == 0)
			continue;
		if (c->cramped && now - c->since > STALL_US)
			look_again(c);
		else if (!c->cramped && stalled(c, now))
			hold_part(c);
	}
	pthread_mutex_unlock(&d->lock);
}

/* From here on epoll may name it: a reset told before that would have it read out of turn. */
static bool greet(struct conn *c)
{
	struct epoll_event e = { .events = EPOLLONESHOT, .data.ptr = c };

	c->fresh = false;
	return epoll_ctl(c->door->epoll, EPOLL_CTL_ADD, c->fd, &e) == 0;
}

/* A chunk came back from the pipeline, or the connection is new. */
static void resume(struct conn *c)
{
	if (c->fresh && !greet(c)) {
		end_conn(c);
		return;
	}
	if (c->stored) {
		if (!consume(c, c->taken)) {
			end_conn(c);
			return;
		}
		if (c->waiting) {
			c->skip = c->skip_after;
			c->lost = false;
			buf_eat(&c->held, c->held_taken);
		}
	}
	c->stored = c->waiting = false;
	c->taken = c->held_taken = c->part = 0;
	set_lowat(c, 1);
	if (c->eof)
		readable(c); /* RDHUP was seen: epoll would say it again at once */
	else
		arm(c, true);
}

static void take_ready(struct tcp_door *d)
{
	uint64_t n;
	struct conn *list;

	if (read(d->wake, &n, sizeof n) == -1)
		return;
	pthread_mutex_lock(&d->lock);
	list = d->ready;
	d->ready = NULL;
	pthread_mutex_unlock(&d->lock);
	while (list != NULL) {
		struct conn *c = list;

		list = c->next;
		resume(c);
	}
}

static void *run(void *arg)
{
	struct tcp_door *d = arg;
	struct epoll_event events[EVENTS];

	while (!__atomic_load_n(&d->stop, __ATOMIC_ACQUIRE)) {
		int n = epoll_wait(d->epoll, events, EVENTS, TURN_MS);

		bool ready = false;

		for (int i = 0; i < n; i++) {
			struct conn *c = events[i].data.ptr;

			if (c == NULL) {
				ready = true;
				continue;
			}
			if (c->waiting)
				continue; /* told again when it is armed */
			if ((events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
				c->eof = true;
			c->broken |= (events[i].events & EPOLLERR) != 0;
			readable(c);
		}
		/* after the loop: one that ends in it must not stand in `events` still */
		if (ready)
			take_ready(d);
		hold_stalled(d);
	}
	return NULL;
}

static bool open_fds(struct tcp_door *d)
{
	struct epoll_event e = { .events = EPOLLIN };

	d->epoll = epoll_create1(EPOLL_CLOEXEC);
	d->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return d->epoll != -1 && d->wake != -1 &&
	       epoll_ctl(d->epoll, EPOLL_CTL_ADD, d->wake, &e) == 0;
}

struct tcp_door *tcp_open(struct queue *intake, const struct tcp_calls *calls, struct err *why)
{
	struct tcp_door *d = calloc(1, sizeof *d);

	if (d == NULL || (d->peek = malloc(PEEK)) == NULL) {
		free(d);
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	d->intake = intake;
	d->calls = *calls;
	pthread_mutex_init(&d->lock, NULL);
	if (!open_fds(d) || pthread_create(&d->thread, NULL, run, d) != 0) {
		free(d->peek);
		free(d);
		err_set(why, ERR_LIMIT, 0, "cannot start a thread");
		return NULL;
	}
	return d;
}

void tcp_close(struct tcp_door *d)
{
	if (d == NULL)
		return;
	__atomic_store_n(&d->stop, true, __ATOMIC_RELEASE);
	wake(d);
	pthread_join(d->thread, NULL);
	for (struct conn *c = d->all, *next; c != NULL; c = next) {
		next = c->also;
		close(c->fd);
		buf_free(&c->held);
		free(c);
	}
	close(d->epoll);
	close(d->wake);
	pthread_mutex_destroy(&d->lock);
	free(d->peek);
	free(d);
}

/* How many bytes of the stream have left the kernel: all that came in order, less what still waits.
 * Both are asked for until no byte came in between. */
static bool position(int fd, uint64_t *out)
{
	struct tcp_info info = { 0 };
	int before, waiting;

	do {
		socklen_t len = sizeof info;

		if (ioctl(fd, FIONREAD, &before) == -1 ||
		    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == -1 ||
		    ioctl(fd, FIONREAD, &waiting) == -1)
			return false;
	} while (before != waiting);
	/* the kernel counts the end of the stream as a byte */
	bool ended = info.tcpi_state == STATE_CLOSE_WAIT || info.tcpi_state == STATE_LAST_ACK;
	*out = (uint64_t)info.tcpi_bytes_received - (uint64_t)waiting - (uint64_t)ended;
	return true;
}

bool tcp_add(struct tcp_door *d, int fd, const struct tcp_stream *at, struct err *why)
{
	struct conn *c = calloc(1, sizeof *c);

	if (c == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	*c = (struct conn){
		.door = d, .fd = fd, .held = BUF(HELD_MAX), .fresh = true, .kept = at->committed > 0
	};
	snprintf(c->id, sizeof c->id, "%.*s", STR_ARG(at->id));
	snprintf(c->peer, sizeof c->peer, "%.*s", STR_ARG(at->peer));
	if (!position(fd, &c->offset)) {
		free(c);
		return err_set(why, ERR_IO, 0, "cannot read a connection: %s", strerror(errno));
	}
	/* what was stored but not yet taken when the last watch died */
	if (at->committed > c->offset) {
		c->taken = (size_t)(at->committed - c->offset);
		c->stored = true;
	}
	c->lost = at->committed < c->offset;
	c->skip = c->lost ? FRAME_TO_FRAME : at->skip;
	pthread_mutex_lock(&d->lock);
	c->also = d->all;
	d->all = c;
	pthread_mutex_unlock(&d->lock);
	give_back(c);
	return true;
}
