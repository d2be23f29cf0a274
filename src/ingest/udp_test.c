/* SPDX-License-Identifier: Apache-2.0 */
/* udp_test.c - many senders in order; what the kernel dropped is counted, also while nobody read. */
#include "ingest/udp.h"

#include "base/num.h"
#include "base/test.h"
#include "ingest/chunk.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PEERS = 20, EACH = 50 };

static int bound(struct sockaddr_in *sa, int buffer)
{
	socklen_t len = sizeof *sa;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	*sa = (struct sockaddr_in){ .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (buffer > 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
	if (bind(fd, (struct sockaddr *)sa, sizeof *sa) == -1 ||
	    getsockname(fd, (struct sockaddr *)sa, &len) == -1)
		abort();
	return fd;
}

struct sum {
	uint64_t n, dropped, wrong, lost;
	uint64_t next[PEERS];
	struct udp_before before;
};

static struct udp_mark mark; /* as in memory that outlives the door */

/* What the store keeps with the chunk. */
static void keep(const struct chunk *c, struct udp_before *before)
{
	struct str stream = str_of(c->stream);

	if (str_starts(stream, STR("udp/"))) {
		before->drops_socket = c->stream_inode;
		before->drops = c->stream_offset;
	} else if (CHECK("a stream", str_starts(stream, STR("udp-taken/")))) {
		before->taken_socket = c->stream_inode;
		before->taken = c->stream_offset;
	}
}

static struct udp_door *open_door(int fd, const struct udp_before *before, struct queue *q)
{
	const struct udp_given given = { STR("127.0.0.1:514"), *before, &mark };

	return udp_open(fd, &given, q, NULL);
}

static void take_all(struct queue *q, struct sum *s, int wait_ms)
{
	struct chunk_result ok = { .ok = true };

	for (struct chunk *c; (c = queue_take(q, wait_ms)) != NULL;) {
		for (size_t i = 0; i < c->n; i++) {
			uint64_t v = 0;

			s->wrong += !num_parse(c->records[i], 0, PEERS * EACH, &v) ||
				    v % EACH != s->next[v / EACH]++;
			s->n++;
		}
		s->dropped += c->dropped[DROP_KERNEL];
		s->lost += c->dropped[DROP_RESTART];
		keep(c, &s->before);
		c->done(c, &ok);
	}
}

/* Until that many are there or counted, and then whatever else there is. */
static void take_until(struct queue *q, struct sum *s, uint64_t n)
{
	for (int i = 0; i < 1000 && s->n + s->dropped + s->lost < n; i++)
		take_all(q, s, 20);
	take_all(q, s, 300);
}

static void order(void)
{
	struct sockaddr_in sa;
	struct udp_before before = { 0 };
	struct queue *q = queue_new(64, 1 << 20);
	struct sum s = { 0 };
	int fd = bound(&sa, 0), peer[PEERS];
	struct udp_door *d = open_door(fd, &before, q);

	if (!CHECK("door", d != NULL))
		return;
	for (int i = 0; i < PEERS; i++) {
		struct sockaddr_in from = { .sin_family = AF_INET,
					    .sin_addr.s_addr =
						    htonl(INADDR_LOOPBACK + 1 + (unsigned)i) };

		peer[i] = socket(AF_INET, SOCK_DGRAM, 0);
		CHECK("an address of its own",
		      bind(peer[i], (struct sockaddr *)&from, sizeof from) == 0 &&
			      connect(peer[i], (struct sockaddr *)&sa, sizeof sa) == 0);
	}
	for (int k = 0; k < EACH; k++) {
		for (int i = 0; i < PEERS; i++) {
			char text[16];
			int n = snprintf(text, sizeof text, "%d", i * EACH + k);

			CHECK("sent", send(peer[i], text, (size_t)n, 0) == n);
		}
		take_all(q, &s, 1);
	}
	take_until(q, &s, PEERS * EACH);
	CHECK("all of them", s.n + s.dropped == PEERS * EACH);
	CHECK("each sender in order", s.wrong == 0);
	for (int i = 0; i < PEERS; i++)
		close(peer[i]);
	udp_close(d);
	take_all(q, &s, 0);
	queue_free(q);
}

static void send_some(int out, const struct sockaddr_in *to, int n)
{
	for (int i = 0; i < n; i++)
		if (sendto(out, "0", 1, 0, (const struct sockaddr *)to, sizeof *to) != 1)
			abort();
}

/* A buffer that overflows while no door is open: counted by the next, once. */
static void drops(void)
{
	enum { SENT = 3000 };
	struct sockaddr_in sa;
	struct queue *q = queue_new(64, 1 << 20);
	struct sum s = { 0 };
	int fd = bound(&sa, 4096), out = socket(AF_INET, SOCK_DGRAM, 0);

	send_some(out, &sa, SENT);
	uint64_t dropped = 0;
	for (int life = 0; life < 2; life++) {
		struct udp_door *d = open_door(dup(fd), &s.before, q);

		if (!CHECK("door", d != NULL))
			return;
		take_until(q, &s, SENT);
		udp_close(d);
		take_all(q, &s, 0);
		CHECK("what is not there is counted", s.n + s.dropped == SENT && s.dropped > 0);
		CHECK("once", life == 0 || s.dropped == dropped);
		dropped = s.dropped;
	}
	close(fd);
	close(out);
	queue_free(q);
}

/* What a door had taken and no commit holds is counted by the next: once, and only of this socket. */
static void killed(void)
{
	enum { SENT = 150, STORED = 50 }; /* less than the buffer holds */
	struct sockaddr_in sa;
	struct queue *q = queue_new(256, 1 << 22);
	struct chunk_result ok = { .ok = true };
	struct sum s = { 0 }, rest = { 0 };
	int fd = bound(&sa, 0), out = socket(AF_INET, SOCK_DGRAM, 0);
	struct udp_door *d = open_door(dup(fd), &s.before, q);

	send_some(out, &sa, STORED);
	/* these are committed, the others wait when it is killed */
	while (s.n < STORED) {
		struct chunk *c = queue_take(q, 20000);

		if (!CHECK("came", c != NULL))
			return;
		s.n += c->n;
		keep(c, &s.before);
		c->done(c, &ok);
	}
	send_some(out, &sa, SENT - STORED);
	for (int i = 0; i < 2000 && __atomic_load_n(&mark.taken, __ATOMIC_ACQUIRE) < SENT; i++)
		usleep(10000);
	udp_close(d);
	take_all(q, &rest, 0);
	CHECK("taken", mark.taken == SENT && s.n == STORED && rest.n == SENT - STORED);
	for (int life = 0; life < 2; life++) {
		d = open_door(dup(fd), &s.before, q);
		take_until(q, &s, SENT);
		udp_close(d);
		take_all(q, &s, 0);
		CHECK("stored or counted", s.n + s.lost == SENT && s.lost == rest.n);
	}
	close(fd);
	fd = bound(&sa, 0);
	d = open_door(dup(fd), &s.before, q);
	take_all(q, &s, 300);
	CHECK("another socket begins anew", s.lost == rest.n && mark.taken == 0);
	udp_close(d);
	close(fd);
	close(out);
	queue_free(q);
}

int main(void)
{
	order();
	drops();
	killed();
	return TEST_REPORT();
}
