/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp.c - datagrams in batches, grouped by sender, each group one chunk.
 *
 * Invariant: the chunks of one batch are put on the queue before the next batch is read, so the
 * records of a sender stay in the order of their arrival.
 */
#include "ingest/udp.h"

#include "base/time.h"
#include "event/ranges.h"
#include "ingest/chunk.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 128, DATAGRAM = 65536, WAIT_MS = 200 };

struct udp_door {
	int fd;
	struct queue *intake; /* borrowed */
	pthread_t thread;
	bool stop, finish;     /* atomic; finish: read to the end of what is there first */
	uint64_t socket;       /* the kernel's name of it */
	uint32_t kernel_drops; /* as last counted */
	uint32_t lost;         /* no memory for them, not counted yet */
	struct udp_mark *mark; /* borrowed */
	uint64_t before;       /* that the process before had taken and not stored */
	uint64_t handed;       /* of those taken: in chunks that were put on the queue, or lost */
	char name[128];
	/* one batch */
	struct mmsghdr msgs[BATCH];
	struct iovec iov[BATCH];
	struct sockaddr_in6 from[BATCH];
	unsigned char *bytes; /* BATCH * DATAGRAM, owned */
};

static struct addr address_of(const struct sockaddr_in6 *sa)
{
	struct addr a = { .b = { [10] = 0xFF, [11] = 0xFF } };
	struct sockaddr_in v4;

	if (sa->sin6_family == AF_INET6) {
		memcpy(a.b, &sa->sin6_addr, 16);
		return a;
	}
	memcpy(&v4, sa, sizeof v4);
	memcpy(a.b + 12, &v4.sin_addr, 4);
	return a;
}

static void done(struct chunk *c, const struct chunk_result *r)
{
	(void)r; /* nobody to tell */
	chunk_free(c);
}

static void send_chunk(struct udp_door *d, struct chunk *c)
{
	c->done = done;
	if (!queue_put(d->intake, c, chunk_weight(c)))
		chunk_free(c);
}

void udp_stream(struct str name, char *out, size_t room)
{
	snprintf(out, room, "udp/%.*s", STR_ARG(name));
}

void udp_taken_stream(struct str name, char *out, size_t room)
{
	snprintf(out, room, "udp-taken/%.*s", STR_ARG(name));
}

/* How far the chunk reaches in what was taken: kept in the commit that holds it. */
static void note_handed(struct udp_door *d, struct chunk *c)
{
	udp_taken_stream(str_of(d->name), c->stream, sizeof c->stream);
	c->stream_offset = d->handed;
	c->stream_inode = d->socket;
}

/* Another process had taken them and was killed: to the listener's own source. */
static void count_lost(struct udp_door *d, uint64_t n)
{
	struct chunk *c = n == 0 ? NULL : chunk_new(DOOR_UDP, STR(""), str_of(d->name), 1, 64);

	if (c == NULL)
		return;
	c->received = time_now();
	c->dropped[DROP_RESTART] = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	note_handed(d, c);
	send_chunk(d, c);
}

/* How many datagrams the kernel dropped since the last look, to the listener's own source. */
static void read_drops(struct udp_door *d)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof info;

	if (getsockopt(d->fd, SOL_SOCKET, SO_MEMINFO, info, &len) == -1 ||
	    (info[SK_MEMINFO_DROPS] == d->kernel_drops && d->lost == 0))
		return;
	struct chunk *c = chunk_new(DOOR_UDP, STR(""), str_of(d->name), 1, 64);
	if (c == NULL)
		return; /* counted at the next look */
	c->received = time_now();
	c->dropped[DROP_KERNEL] = info[SK_MEMINFO_DROPS] - d->kernel_drops;
	c->dropped[DROP_OVERLOAD] = d->lost;
	udp_stream(str_of(d->name), c->stream, sizeof c->stream);
	c->stream_offset = info[SK_MEMINFO_DROPS];
	c->stream_inode = d->socket;
	d->kernel_drops = info[SK_MEMINFO_DROPS];
	d->lost = 0;
	send_chunk(d, c);
}

/* The chunk with all datagrams of the sender of msgs[first]; marks them taken by an empty length. */
static struct chunk *gather(struct udp_door *d, int first, int n)
{
	struct addr peer = address_of(&d->from[first]);
	char text[ADDR_TEXT_MAX];
	size_t bytes = 0;

	for (int i = first; i < n; i++)
		bytes += d->msgs[i].msg_len;
	struct chunk *c = chunk_new(DOOR_UDP, str_of(addr_text(&peer, text)), str_of(d->name),
				    BATCH, bytes + BATCH);
	if (c == NULL)
		return NULL;
	c->received = time_now();
	for (int i = first; i < n; i++) {
		struct addr other = address_of(&d->from[i]);
		struct str record = { (const char *)d->iov[i].iov_base, d->msgs[i].msg_len };

		if (d->msgs[i].msg_len == 0 || addr_cmp(&peer, &other) != 0)
			continue;
		record = str_trim(record);
		if (record.n > 0 && !chunk_add(c, record))
			c->dropped[DROP_OVERLOAD]++;
		d->msgs[i].msg_len = 0;
		d->handed++;
	}
	note_handed(d, c);
	return c;
}

static void take_batch(struct udp_door *d)
{
	uint64_t taken = 0;
	int n;

	for (int i = 0; i < BATCH; i++)
		d->msgs[i].msg_hdr.msg_namelen = sizeof d->from[i];
	n = recvmmsg(d->fd, d->msgs, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		taken += d->msgs[i].msg_len > 0;
	__atomic_add_fetch(&d->mark->taken, taken, __ATOMIC_RELEASE);
	for (int i = 0; i < n; i++) {
		struct chunk *c = d->msgs[i].msg_len == 0 ? NULL : gather(d, i, n);

		if (c != NULL)
			send_chunk(d, c);
		else if (d->msgs[i].msg_len > 0) {
			d->lost++;
			d->handed++;
		}
	}
}

static void *run(void *arg)
{
	struct udp_door *d = arg;
	struct pollfd p = { .fd = d->fd, .events = POLLIN };

	count_lost(d, d->before); /* here, since the queue may hold back who puts */
	while (!__atomic_load_n(&d->stop, __ATOMIC_ACQUIRE)) {
		if (poll(&p, 1, WAIT_MS) > 0)
			take_batch(d);
		read_drops(d);
	}
	while (__atomic_load_n(&d->finish, __ATOMIC_ACQUIRE) && poll(&p, 1, 0) > 0)
		take_batch(d);
	read_drops(d);
	return NULL;
}

static void prepare(struct udp_door *d)
{
	for (int i = 0; i < BATCH; i++) {
		d->iov[i] = (struct iovec){ d->bytes + (size_t)i * DATAGRAM, DATAGRAM };
		d->msgs[i].msg_hdr = (struct msghdr){ .msg_name = &d->from[i],
						      .msg_iov = &d->iov[i],
						      .msg_iovlen = 1 };
	}
}

/* From where to count: what was told of this very socket, or its beginning. Returns how many datagrams
 * were taken from it before and are not in the store. */
static uint64_t begin_count(struct udp_door *d, const struct udp_before *before)
{
	socklen_t len = sizeof d->socket;

	if (getsockopt(d->fd, SOL_SOCKET, SO_COOKIE, &d->socket, &len) == -1)
		d->socket = 0;
	if (d->socket != 0 && before->drops_socket == d->socket && before->drops <= UINT32_MAX)
		d->kernel_drops = (uint32_t)before->drops;
	if (d->socket == 0 || d->mark->socket != d->socket)
		*d->mark = (struct udp_mark){ .socket = d->socket };
	d->handed = d->mark->taken;
	uint64_t stored = before->taken_socket == d->socket ? before->taken : 0;

	return d->handed > stored ? d->handed - stored : 0;
}

struct udp_door *udp_open(int fd, const struct udp_given *given, struct queue *intake,
			  struct err *why)
{
	struct udp_door *d = calloc(1, sizeof *d);

	if (d == NULL || (d->bytes = malloc((size_t)BATCH * DATAGRAM)) == NULL) {
		free(d);
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	d->fd = fd;
	d->intake = intake;
	d->mark = given->mark;
	snprintf(d->name, sizeof d->name, "%.*s", STR_ARG(given->name));
	prepare(d);
	d->before = begin_count(d, &given->before);
	if (pthread_create(&d->thread, NULL, run, d) != 0) {
		free(d->bytes);
		free(d);
		err_set(why, ERR_LIMIT, 0, "cannot start a thread");
		return NULL;
	}
	return d;
}

void udp_finish(struct udp_door *d)
{
	__atomic_store_n(&d->finish, true, __ATOMIC_RELEASE);
	udp_close(d);
}

void udp_close(struct udp_door *d)
{
	if (d == NULL)
		return;
	__atomic_store_n(&d->stop, true, __ATOMIC_RELEASE);
	pthread_join(d->thread, NULL);
	close(d->fd);
	free(d->bytes);
	free(d);
}
