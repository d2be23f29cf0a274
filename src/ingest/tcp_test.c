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
static const struct tcp_stream fresh = { STR("x"), STR("127.0.0.1"), 0, 0 };

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
	uint64_t committed, skip;
	int closed; /* atomic */
};

/* After the last chunk that counts. */
static void end_door(struct queue *q, struct tcp_door *d)
{
	queue_close(q);
	tcp_close(d);
	for (struct chunk *c; (c = queue_take(q, 0)) != NULL;)
		chunk_free(c);
	queue_free(q);
}

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
	s->skip = c->stream_inode;
}

/* A watch that stores `chunks` chunks and then dies between commit and taking (half of the time), or
 * before the commit. */
static void one_life(struct seen *s, int fd, int chunks, bool after_commit)
{
	struct queue *q = queue_new(16, 64 << 20);
	struct tcp_calls calls = { s, closed };
	struct tcp_door *d = tcp_open(q, &calls, NULL);
	struct chunk_result ok = { .ok = true };

	const struct tcp_stream at = { STR("00112233445566778899aabbccddeeff"), STR("127.0.0.1"),
				       s->committed, s->skip };

	if (!CHECK("door", d != NULL && tcp_add(d, dup(fd), &at, NULL)))
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
	end_door(q, d);
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
	    !CHECK("added", tcp_add(d, server, &fresh, NULL)))
		return;
	CHECK("half a line", write(client, "half", 4) == 4 && queue_take(q, 150) == NULL);
	CHECK("the other half", write(client, " done\nrest", 10) == 10);
	c = queue_take(q, 20000);
	CHECK("one record", c != NULL && c->n == 1 && str_eq(c->records[0], STR("half done")));
	if (c != NULL)
		c->done(c, &ok);
	CHECK("the rest waits", queue_take(q, 150) == NULL);
	close(client);
	c = queue_take(q, 20000);
	CHECK("the rest at the end", c != NULL && c->n == 1 && str_eq(c->records[0], STR("rest")));
	if (c != NULL)
		c->done(c, &ok);
	for (int i = 0; i < 1000 && __atomic_load_n(&s.closed, __ATOMIC_SEQ_CST) == 0; i++)
		usleep(20000);
	CHECK("closed", s.closed == 1);
	c = queue_take(q, 0);
	CHECK("its place is forgotten",
	      c != NULL && c->stream_ended && c->n == 0 && str_eq(str_of(c->stream), STR("tcp/x")));
	if (c != NULL)
		c->done(c, &ok);
	end_door(q, d);
}

/* The next chunk with records, answered. NULL after 20 s. What it holds is copied into *out first. */
static bool next_records(struct queue *q, struct chunk *out)
{
	struct chunk_result ok = { .ok = true };

	for (struct chunk *c; (c = queue_take(q, 20000)) != NULL; c->done(c, &ok)) {
		if (c->n == 0)
			continue;
		*out = (struct chunk){ .n = c->n, .bytes = c->records[0].n };
		out->stream_offset = c->cut[c->n - 1];
		c->done(c, &ok);
		return true;
	}
	return false;
}

/* What a connection leaves when it breaks within a record: kept, and marked as a part. */
static void breaks(void)
{
	static const struct {
		const char *name, *sent;
		size_t more; /* bytes of filling behind it, which the door takes out of the kernel */
		bool reset, cut;
	} cases[] = {
		{ "a counted record, closed", "9 <1>ab", 0, false, true },
		{ "a counted record, reset", "9 <1>ab", 0, true, true },
		{ "a line, closed", "<1>ab", 0, false, false },
		{ "a line, reset", "<1>ab", 0, true, true },
		{ "a whole record, reset", "5 <1>ab", 0, true, false },
		{ "a long part, reset", "900000 <1>", 200000, true, true },
		{ "a long part, closed", "900000 <1>", 200000, false, true },
	};
	struct linger now = { .l_onoff = 1, .l_linger = 0 };
	char *filling = calloc(1, 200000);

	for (size_t i = 0; filling != NULL && i < COUNT(cases); i++) {
		struct seen s = { 0 };
		struct queue *q = queue_new(16, 64 << 20);
		struct tcp_calls calls = { &s, closed };
		struct tcp_door *d = tcp_open(q, &calls, NULL);
		struct chunk got = { 0 };
		int client, server;

		if (!CHECK("connected", d != NULL && connect_pair(&client, &server)))
			break;
		CHECK("added", tcp_add(d, server, &fresh, NULL));
		memset(filling, 'x', 200000);
		CHECK("sent",
		      write(client, cases[i].sent, strlen(cases[i].sent)) > 0 &&
			      write(client, filling, cases[i].more) == (ssize_t)cases[i].more);
		usleep(600000); /* a long part is taken out of the kernel by now */
		if (cases[i].reset)
			setsockopt(client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
		close(client);
		CHECK(cases[i].name, next_records(q, &got) && got.n == 1);
		CHECK(cases[i].name, got.bytes == (cases[i].more > 0 ? cases[i].more + 3 : 5));
		CHECK(cases[i].name, (got.stream_offset != 0) == cases[i].cut);
		end_door(q, d);
	}
	free(filling);
}

struct writing {
	int fd;
	struct str what;
};

static void *write_all(void *arg)
{
	struct writing *w = arg;

	for (ssize_t n; w->what.n > 0; w->what = str_skip(w->what, (size_t)n))
		if ((n = write(w->fd, w->what.p, w->what.n)) <= 0)
			break;
	return NULL;
}

/* A watch that stores all it is sent, the last record in *last, until nothing comes for a second. */
static void store_all(struct seen *s, int fd, struct str what, int client, struct buf *last)
{
	struct queue *q = queue_new(16, 64 << 20);
	struct tcp_calls calls = { s, closed };
	struct tcp_door *d = tcp_open(q, &calls, NULL);
	const struct tcp_stream at = { STR("x"), STR("127.0.0.1"), s->committed, s->skip };
	struct chunk_result ok = { .ok = true };
	struct writing w = { client, what };
	pthread_t t;

	if (!CHECK("door", d != NULL && tcp_add(d, dup(fd), &at, NULL)))
		return;
	pthread_create(&t, NULL, write_all, &w);
	for (struct chunk *c; (c = queue_take(q, 1000)) != NULL; c->done(c, &ok)) {
		for (size_t i = 0; i < c->n; i++, s->next++) {
			buf_clear(last);
			buf_add(last, str_sub(c->records[i], 0, 20));
		}
		s->committed = c->stream_offset;
		s->skip = c->stream_inode;
	}
	pthread_join(t, NULL);
	end_door(q, d);
}

/* A watch that ends within the rest of a record that was too long: the next one passes over it, too. */
static void long_over_a_death(void)
{
	enum { LONG = 3 << 20 };
	static const char line[] = "line of no record\n";
	struct seen s = { .next = 0 };
	struct buf b = BUF(LONG + 1000), last = BUF(100);
	int client, server;

	if (!CHECK("connected", connect_pair(&client, &server)))
		return;
	buf_printf(&b, "%d <1>", LONG + 3);
	size_t head = b.n;
	while (b.n < head + LONG)
		buf_add(&b, str_sub(str_of(line), 0, head + LONG - b.n));
	buf_add(&b, STR("7 <1>last"));
	size_t half = b.n - (1 << 20);
	store_all(&s, server, str_sub(buf_str(&b), 0, half), client, &last);
	CHECK("its beginning", s.next == 1 && s.skip > 0 && s.skip < 1 << 20);
	CHECK("all of it is taken", s.committed == half);
	store_all(&s, server, str_skip(buf_str(&b), half), client, &last);
	CHECK("the next record, and nothing else", s.next == 2);
	CHECK("it is whole", str_eq(buf_str(&last), STR("<1>last")));
	close(client);
	close(server);
	buf_free(&b);
	buf_free(&last);
}

/* A window that closes on the beginning of a record: it is taken, or the rest would never come. The
 * kernel keeps a whole segment for the few bytes of it that are left, and on loopback a segment is half
 * of the buffer that a socket begins with. */
static void small_window(void)
{
	enum { N = 60000, EACH = 10 };
	struct seen s = { .next = 0 };
	struct buf b = BUF(N * (EACH + 1) + 1), last = BUF(100);
	int client, server;

	if (!CHECK("connected", connect_pair(&client, &server)))
		return;
	for (int i = 0; i < N; i++)
		buf_printf(&b, "%0*d\n", EACH, i);
	size_t first = 65483;
	CHECK("a whole segment", write(client, b.p, first) == (ssize_t)first);
	store_all(&s, server, str_skip(buf_str(&b), first), client, &last);
	if (!CHECK("every line", s.next == N))
		printf("%d of %d\n", s.next, N);
	CHECK("the last", str_eq(buf_str(&last), STR("0000059999")));
	close(client);
	close(server);
	buf_free(&b);
	buf_free(&last);
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
		CHECK("added", tcp_add(d, server, &fresh, NULL));
	}
	for (int i = 0; i < 2000 && __atomic_load_n(&s.closed, __ATOMIC_SEQ_CST) < ROUNDS; i++) {
		struct chunk *c = queue_take(q, 20);

		if (c != NULL)
			c->done(c, &ok);
	}
	CHECK("each has ended", __atomic_load_n(&s.closed, __ATOMIC_SEQ_CST) == ROUNDS);
	end_door(q, d);
}

int main(void)
{
	edges();
	breaks();
	long_over_a_death();
	small_window();
	resets();
	lives();
	return TEST_REPORT();
}
