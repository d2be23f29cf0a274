/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcp_test.c - a real connection, a pipeline that "dies" with chunks under way, and a second door on
 * the same socket: every line comes exactly once, in order.
 */
#include "ingest/tcp.h"

#include "base/buf.h"
#include "base/num.h"
#include "base/test.h"
#include "ingest/chunk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static bool connect_pair(int *client, int *server)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sa;
	int l = socket(AF_INET, SOCK_STREAM, 0);

	*client = socket(AF_INET, SOCK_STREAM, 0);
	bool ok = bind(l, (struct sockaddr *)&sa, sizeof sa) == 0 && listen(l, 1) == 0 &&
		  getsockname(l, (struct sockaddr *)&sa, &len) == 0 &&
		  connect(*client, (struct sockaddr *)&sa, sizeof sa) == 0 &&
		  (*server = accept4(l, NULL, NULL, SOCK_NONBLOCK)) != -1;
	close(l);
	return ok;
}

enum { LINES = 20000 };

static bool sent; /* atomic */

static void *sender(void *arg)
{
	int fd = *(int *)arg;
	struct buf b = BUF(4 << 20);

	for (int i = 0; i < LINES; i++) {
		if (i % 3 == 0)
			buf_printf(&b, "%d <1>%07d\n", 11, i);
		else
			buf_printf(&b, "line %07d\n", i);
	}
	for (size_t at = 0; at < b.n;) {
		size_t step = b.n - at < 1777 ? b.n - at : 1777;
		ssize_t n = write(fd, b.p + at, step);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	buf_free(&b);
	shutdown(fd, SHUT_WR);
	__atomic_store_n(&sent, true, __ATOMIC_RELEASE);
	return NULL;
}

struct seen {
	int next, wrong, missing, restarts;
	uint64_t committed;
	int closed; /* atomic */
};

static void closed(void *ctx, const char *id)
{
	struct seen *s = ctx;

	(void)id;
	__atomic_add_fetch(&s->closed, 1, __ATOMIC_SEQ_CST);
}

static void store(struct seen *s, const struct chunk *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct str r = c->records[i];
		uint64_t n = 0;
		int v = r.n >= 7 && num_parse(str_skip(r, r.n - 7), 0, LINES, &n) ? (int)n : -1;

		s->wrong += v < s->next;
		s->missing += v > s->next ? v - s->next : 0;
		s->next = v + 1;
	}
	if (c->stream_ended)
		return;
	s->restarts += (int)c->dropped[DROP_RESTART];
	s->committed = c->stream_offset;
}

/* A watch that stores `chunks` chunks and then dies between commit and taking (half of the time), or
 * before the commit. */
static void one_life(struct seen *s, int fd, int chunks, bool after_commit)
{
	struct queue *q = queue_new(16, 64 << 20);
	struct tcp_calls calls = { s, closed };
	struct tcp_door *d = tcp_open(q, &calls, NULL);
	struct chunk_result ok = { .ok = true };

	if (!CHECK("door", d != NULL && tcp_add(d, dup(fd), STR("00112233445566778899aabbccddeeff"),
						STR("127.0.0.1"), s->committed, NULL)))
		return;
	while (chunks-- != 0 && __atomic_load_n(&s->closed, __ATOMIC_SEQ_CST) == 0) {
		struct chunk *c = queue_take(q, 100);

		if (c == NULL)
			continue;
		if (chunks != 0 || after_commit)
			store(s, c);
		if (chunks == 0)
			chunk_free(c); /* died: nobody is told */
		else
			c->done(c, &ok);
	}
	queue_close(q);
	tcp_close(d);
	for (struct chunk *c; (c = queue_take(q, 0)) != NULL;)
		chunk_free(c);
	queue_free(q);
}

static void lives(void)
{
	struct seen s = { 0 };
	int client, server;
	pthread_t t;

	if (!CHECK("connected", connect_pair(&client, &server)))
		return;
	pthread_create(&t, NULL, sender, &client);
	/* at least twelve lives, and as many as the sender needs to get rid of all */
	for (int life = 0; life < 12 || !__atomic_load_n(&sent, __ATOMIC_ACQUIRE); life++)
		one_life(&s, server, 2 + life % 3, life % 2 == 0);
	pthread_join(t, NULL);
	/* the end of the stream is there already when this one begins */
	one_life(&s, server, 1, true);
	one_life(&s, server, -1, true);
	CHECK("every line", s.next == LINES);
	CHECK("once and in order", s.wrong == 0);
	/* a line whose rest was late when its watch died, which is told */
	CHECK("what is missing is counted", s.missing <= s.restarts);
	CHECK("closed", s.closed >= 1); /* by each life that met the end */
	close(client);
	close(server);
}

/* Half a line waits; a blank connection ends; a record without newline at the end counts. */
static void edges(void)
{
	struct seen s = { 0 };
	struct queue *q = queue_new(16, 64 << 20);
	struct tcp_calls calls = { &s, closed };
	struct tcp_door *d = tcp_open(q, &calls, NULL);
	struct chunk_result ok = { .ok = true };
	struct chunk *c;
	int client, server;

	if (!CHECK("connected", d != NULL && connect_pair(&client, &server)) ||
	    !CHECK("added", tcp_add(d, server, STR("x"), STR("127.0.0.1"), 0, NULL)))
		return;
	CHECK("half a line", write(client, "half", 4) == 4 && queue_take(q, 150) == NULL);
	CHECK("the other half", write(client, " done\nrest", 10) == 10);
	c = queue_take(q, 2000);
	CHECK("one record", c != NULL && c->n == 1 && str_eq(c->records[0], STR("half done")));
	if (c != NULL)
		c->done(c, &ok);
	CHECK("the rest waits", queue_take(q, 150) == NULL);
	close(client);
	c = queue_take(q, 2000);
	CHECK("the rest at the end", c != NULL && c->n == 1 && str_eq(c->records[0], STR("rest")));
	if (c != NULL)
		c->done(c, &ok);
	for (int i = 0; i < 100 && __atomic_load_n(&s.closed, __ATOMIC_SEQ_CST) == 0; i++)
		usleep(20000);
	CHECK("closed", s.closed == 1);
	c = queue_take(q, 0);
	CHECK("its place is forgotten",
	      c != NULL && c->stream_ended && c->n == 0 && str_eq(str_of(c->stream), STR("tcp/x")));
	if (c != NULL)
		c->done(c, &ok);
	queue_close(q);
	tcp_close(d);
	queue_free(q);
}

/* Connections that are reset before the door looks at them, while others send. */
static void resets(void)
{
	enum { ROUNDS = 400 };
	struct seen s = { 0 };
	struct queue *q = queue_new(4096, 64 << 20);
	struct tcp_calls calls = { &s, closed };
	struct tcp_door *d = tcp_open(q, &calls, NULL);
	struct chunk_result ok = { .ok = true };
	struct linger now = { .l_onoff = 1, .l_linger = 0 };
	int client, server;

	if (!CHECK("door", d != NULL))
		return;
	for (int i = 0; i < ROUNDS; i++) {
		if (!CHECK("connected", connect_pair(&client, &server)))
			break;
		if (i % 2 == 0)
			CHECK("sent", write(client, "<1>x\nhalf", 9) == 9);
		setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		close(client);
		CHECK("added", tcp_add(d, server, STR("x"), STR("127.0.0.1"), 0, NULL));
	}
	for (int i = 0; i < 2000 && __atomic_load_n(&s.closed, __ATOMIC_SEQ_CST) < ROUNDS; i++) {
		struct chunk *c = queue_take(q, 20);

		if (c != NULL)
			c->done(c, &ok);
	}
	CHECK("each has ended", __atomic_load_n(&s.closed, __ATOMIC_SEQ_CST) == ROUNDS);
	queue_close(q);
	tcp_close(d);
	for (struct chunk *c; (c = queue_take(q, 0)) != NULL;)
		chunk_free(c);
	queue_free(q);
}

int main(void)
{
	edges();
	resets();
	lives();
	return TEST_REPORT();
}
