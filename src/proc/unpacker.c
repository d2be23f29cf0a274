/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unpacker.c - one archive at a time. A clerk that ends before it has said so was killed, by what it
 * read or by its limits: the archive counts as unreadable from there on.
 */
#include "proc/unpacker.h"

#include "base/time.h"
#include "proc/rpc.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { CLERK_WAIT_S = 5, NEXT_WAIT_MS = 200, RECV_ARENA = 1 << 20 };

struct unpacker {
	int parent;
	pthread_mutex_t lock;
	pthread_cond_t came;
	uint64_t number; /* of the request that waits; 0: none */
	int link;        /* -1: not there yet */
};

struct archive {
	int link;
	struct arena whole;
	struct wire_msg m; /* the last piece */
};

struct unpacker *unpacker_new(int parent)
{
	struct unpacker *u = calloc(1, sizeof *u);
	pthread_condattr_t mono;

	if (u == NULL)
		return NULL;
	u->parent = parent;
	u->link = -1;
	pthread_mutex_init(&u->lock, NULL);
	pthread_condattr_init(&mono);
	pthread_condattr_setclock(&mono, CLOCK_MONOTONIC);
	pthread_cond_init(&u->came, &mono);
	pthread_condattr_destroy(&mono);
	return u;
}

void unpacker_clerk(struct unpacker *u, uint64_t number, int link)
{
	pthread_mutex_lock(&u->lock);
	bool mine = u->number == number && u->link == -1;
	if (mine)
		u->link = link;
	pthread_cond_signal(&u->came);
	pthread_mutex_unlock(&u->lock);
	if (!mine)
		close(link);
}

/* The link to a clerk of its own, or -1. */
static int ask_for_clerk(struct unpacker *u, struct err *why)
{
	static uint64_t last; /* one thread asks */
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += CLERK_WAIT_S;
	pthread_mutex_lock(&u->lock);
	u->number = ++last;
	u->link = -1;
	bool asked = wire_send(u->parent, WIRE_NEED_CLERK, u->number, STR(""), -1, why);
	while (asked && u->link == -1 && pthread_cond_timedwait(&u->came, &u->lock, &until) == 0)
		;
	int link = u->link;
	u->number = 0;
	u->link = -1;
	pthread_mutex_unlock(&u->lock);
	if (asked && link == -1)
		err_set(why, ERR_STATE, 0, "process %s does not answer", proc_name(PROC_CLERK));
	return link;
}

void *unpacker_open(void *unpacker, int fd, struct err *why)
{
	struct archive *a = calloc(1, sizeof *a);

	if (a == NULL || !arena_reserve(&a->whole, RECV_ARENA)) {
		free(a);
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	a->m.fd = -1;
	a->link = ask_for_clerk(unpacker, why);
	if (a->link != -1 && wire_send(a->link, WIRE_PARSE, 1, STR("{\"op\":\"unpack\"}"), fd, why))
		return a;
	unpacker_close(a);
	return NULL;
}

static enum unpacked take(struct archive *a, struct unpacked_piece *out)
{
	out->bytes = a->m.payload;
	switch (a->m.type) {
	case WIRE_MEMBER:
		return UNPACKED_BEGIN;
	case WIRE_BYTES:
		return UNPACKED_BYTES;
	case WIRE_MEMBER_END:
		if (a->m.payload.n > 0)
			(void)rpc_read_failure(a->m.payload, &out->why);
		return UNPACKED_END;
	case WIRE_FAILED:
		(void)rpc_read_failure(a->m.payload, &out->why);
		return UNPACKED_DONE;
	default:
		return UNPACKED_DONE;
	}
}

enum unpacked unpacker_next(void *archive, struct unpacked_piece *out)
{
	struct archive *a = archive;
	struct pollfd p = { .fd = a->link, .events = POLLIN };
	struct arena mem = a->whole;
	struct err why = { 0 };

	wire_drop(&a->m);
	if (poll(&p, 1, NEXT_WAIT_MS) != 1)
		return UNPACKED_NOTHING;
	if (wire_recv(a->link, PROC_CLERK, &mem, &a->m, &why))
		return take(a, out);
	err_set(&out->why, ERR_INPUT, 0,
		"the process that unpacked it was ended; the archive may be made to do that");
	return UNPACKED_DONE;
}

void unpacker_close(void *archive)
{
	struct archive *a = archive;

	wire_drop(&a->m);
	if (a->link != -1)
		close(a->link);
	arena_release(a->whole);
	free(a);
}
