/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conns.c - one list, longest idle first; counting walks it, which a few thousand entries allow.
 *
 * Invariant: an entry is in the list from conns_open() to conns_close(); `fd` is open all that time,
 * since the server closes it only after conns_close().
 */
#include "web/conns.h"

#include "base/time.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct conn {
	struct conn *prev, *next;
	int fd;
	bool busy, shut;
	unsigned char address[16];
	int64_t since; /* monotonic: idle since */
};

struct conns {
	pthread_mutex_t lock;
	struct conn *first, *last; /* by `since` */
	unsigned n, max, per_address;
	int64_t idle;
};

struct conns *conns_new(unsigned max, unsigned per_address, unsigned idle_s)
{
	struct conns *cs = calloc(1, sizeof *cs);

	if (cs == NULL)
		return NULL;
	pthread_mutex_init(&cs->lock, NULL);
	cs->max = max;
	cs->per_address = per_address;
	cs->idle = idle_s * TIME_SECOND;
	return cs;
}

void conns_free(struct conns *cs)
{
	if (cs == NULL)
		return;
	pthread_mutex_destroy(&cs->lock);
	free(cs);
}

/* IPv4 as ::ffff:a.b.c.d; of IPv6 the /64, since one holder has all of it. */
static void key_of(const struct sockaddr *peer, unsigned char out[16])
{
	memset(out, 0, 16);
	if (peer->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)peer;
		bool mapped = IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr);

		memcpy(out, &in6->sin6_addr, mapped ? 16 : 8);
	} else if (peer->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)peer;

		out[10] = out[11] = 0xFF;
		memcpy(out + 12, &in->sin_addr, 4);
	}
}

static void unlink_conn(struct conns *cs, struct conn *c)
{
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		cs->first = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	else
		cs->last = c->prev;
}

static void append(struct conns *cs, struct conn *c)
{
	c->since = time_monotonic();
	c->prev = cs->last;
	c->next = NULL;
	if (cs->last != NULL)
		cs->last->next = c;
	else
		cs->first = c;
	cs->last = c;
}

static void shut(struct conn *c)
{
	c->shut = true;
	shutdown(c->fd, SHUT_RDWR);
}

/* Make room for one more of that address. Lock held; false when all are busy. */
static bool make_room(struct conns *cs, const unsigned char address[16])
{
	struct conn *oldest = NULL, *oldest_same = NULL;
	unsigned all = 0, same = 0;

	for (struct conn *c = cs->first; c != NULL; c = c->next) {
		bool is_same = memcmp(c->address, address, 16) == 0;

		if (c->shut)
			continue;
		all++;
		same += is_same;
		if (!c->busy && oldest == NULL)
			oldest = c;
		if (!c->busy && is_same && oldest_same == NULL)
			oldest_same = c;
	}
	struct conn *victim = same >= cs->per_address ? oldest_same : oldest;
	if (same < cs->per_address && all < cs->max)
		return true;
	if (victim == NULL)
		return false;
	shut(victim);
	return true;
}

struct conn *conns_open(struct conns *cs, int fd, const struct sockaddr *peer)
{
	struct conn *c = calloc(1, sizeof *c);

	if (c == NULL) {
		shutdown(fd, SHUT_RDWR);
		return NULL;
	}
	c->fd = fd;
	key_of(peer, c->address);
	pthread_mutex_lock(&cs->lock);
	bool ok = make_room(cs, c->address);
	if (ok) {
		append(cs, c);
		cs->n++;
	}
	pthread_mutex_unlock(&cs->lock);
	if (ok)
		return c;
	shutdown(fd, SHUT_RDWR);
	free(c);
	return NULL;
}

void conns_close(struct conns *cs, struct conn *c)
{
	if (c == NULL)
		return;
	pthread_mutex_lock(&cs->lock);
	unlink_conn(cs, c);
	cs->n--;
	pthread_mutex_unlock(&cs->lock);
	free(c);
}

void conns_busy(struct conns *cs, struct conn *c, bool busy)
{
	if (c == NULL)
		return;
	pthread_mutex_lock(&cs->lock);
	c->busy = busy;
	unlink_conn(cs, c);
	append(cs, c);
	pthread_mutex_unlock(&cs->lock);
}

void conns_reap(struct conns *cs)
{
	int64_t before = time_monotonic() - cs->idle;

	pthread_mutex_lock(&cs->lock);
	for (struct conn *c = cs->first; c != NULL && c->since < before; c = c->next)
		if (!c->busy && !c->shut)
			shut(c);
	pthread_mutex_unlock(&cs->lock);
}

unsigned conns_count(struct conns *cs)
{
	pthread_mutex_lock(&cs->lock);
	unsigned n = cs->n;
	pthread_mutex_unlock(&cs->lock);
	return n;
}

const char *conns_address(const struct sockaddr *peer, char out[CONNS_ADDRESS_MAX])
{
	const char *ok = NULL;

	if (peer->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)peer;

		ok = inet_ntop(AF_INET, &in->sin_addr, out, CONNS_ADDRESS_MAX);
	} else if (peer->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)peer;
		const unsigned char *b = in6->sin6_addr.s6_addr;

		ok = IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)
			     ? inet_ntop(AF_INET, b + 12, out, CONNS_ADDRESS_MAX)
			     : inet_ntop(AF_INET6, b, out, CONNS_ADDRESS_MAX);
	}
	if (ok == NULL)
		snprintf(out, CONNS_ADDRESS_MAX, "local");
	return out;
}
