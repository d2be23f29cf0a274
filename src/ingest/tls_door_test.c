/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_door_test.c - real sessions over loopback, the pipeline played by the test: records in order,
 * clients of every bad kind, and the mark, which must say of each moment what a death there costs.
 */
#include "ingest/tls_door.h"

#include "base/buf.h"
#include "base/test.h"
#include "base/time.h"
#include "ingest/chunk.h"
#include "net/test_tls.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNS = 400 };

static struct test_cert cert, other;

struct bench {
	struct queue *q;
	struct tls_door *door;
	struct tls_mark marks[CONNS];
	size_t n;
	int closed, reports; /* atomic */
	/* what was stored */
	struct buf text; /* records, each with its end: '|', or '~' where it is a part */
	size_t records, too_long, bytes;
};

static void closed(void *ctx, const char *id)
{
	struct bench *b = ctx;

	(void)id;
	__atomic_add_fetch(&b->closed, 1, __ATOMIC_SEQ_CST);
}

static void report(void *ctx, const char *peer, const struct err *why)
{
	struct bench *b = ctx;

	(void)peer;
	if (why->text[0] != '\0')
		__atomic_add_fetch(&b->reports, 1, __ATOMIC_SEQ_CST);
}

static struct bench *begin(bool reads)
{
	struct bench *b = calloc(1, sizeof *b);
	struct tls_calls calls = { b, 1, closed, report };

	if (b == NULL || (b->q = queue_new(64, 64 << 20)) == NULL)
		exit(1);
	b->text = BUF(32 << 20);
	b->door = tls_door_open(str_of(cert.cert), str_of(cert.key), b->q, &calls, NULL);
	if (!CHECK("door", b->door != NULL))
		exit(1);
	if (reads)
		tls_door_begin(b->door);
	return b;
}

static void end(struct bench *b)
{
	tls_door_stop(b->door);
	queue_close(b->q);
	for (struct chunk *c; (c = queue_take(b->q, 0)) != NULL;)
		chunk_free(c);
	tls_door_close(b->door);
	queue_free(b->q);
	buf_free(&b->text);
	free(b);
}

/* A connection whose other end the door reads; *server (may be NULL) is a second hold on that end. */
static int connect_to(struct bench *b, int *server)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sa;
	int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), s = -1;
	const struct tls_stream stream = { STR("x"), STR("192.0.2.1"), &b->marks[b->n++] };

	if (bind(l, (struct sockaddr *)&sa, sizeof sa) == 0 && listen(l, 1) == 0 &&
	    getsockname(l, (struct sockaddr *)&sa, &len) == 0 &&
	    connect(c, (struct sockaddr *)&sa, sizeof sa) == 0)
		s = accept4(l, NULL, NULL, SOCK_NONBLOCK);
	close(l);
	if (server != NULL)
		*server = dup(s);
	if (!CHECK("connected", s != -1 && tls_door_add(b->door, s, &stream, NULL)))
		exit(1);
	return c;
}

static void note(struct bench *b, const struct chunk *c)
{
	b->too_long += c->dropped[DROP_TOO_LONG];
	for (size_t i = 0; i < c->n; i++, b->records++) {
		buf_add(&b->text, str_sub(c->records[i], 0, 40));
		buf_char(&b->text, c->cut[i] ? '~' : '|');
		b->bytes += c->records[i].n;
	}
}

/* Store what comes until it is quiet for that long. */
static void store(struct bench *b, int quiet_ms)
{
	struct chunk_result ok = { .ok = true };

	for (struct chunk *c; (c = queue_take(b->q, quiet_ms)) != NULL; c->done(c, &ok))
		note(b, c);
}

/* Store until `want` is the end of what came, and then until it is quiet: nothing more should come. */
static void store_until(struct bench *b, const char *want)
{
	struct chunk_result ok = { .ok = true };

	for (int i = 0; i < 200 && !str_ends(buf_str(&b->text), str_of(want)); i++) {
		struct chunk *c = queue_take(b->q, 100);

		if (c == NULL)
			continue;
		note(b, c);
		c->done(c, &ok);
	}
	store(b, 300);
}

static bool reaches(const int *n, int want)
{
	for (int i = 0; i < 3000 && __atomic_load_n(n, __ATOMIC_SEQ_CST) < want; i++)
		usleep(10000);
	return __atomic_load_n(n, __ATOMIC_SEQ_CST) == want;
}

/* All that the kernel took in, as the parent asks it. */
static uint64_t came(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof info;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == -1)
		return UINT64_MAX;
	return info.tcpi_bytes_received;
}

static uint64_t get(const uint64_t *what)
{
	return __atomic_load_n(what, __ATOMIC_ACQUIRE);
}

static uint64_t lost_at_most(const struct tls_mark *m, int fd)
{
	uint64_t stored = get(&m->stored), taken = get(&m->taken), opened = get(&m->opened);

	return opened - stored + (came(fd) - taken);
}

static int64_t clean(const struct tls_mark *m)
{
	return __atomic_load_n(&m->clean, __ATOMIC_ACQUIRE);
}

static int count(const int *what)
{
	return __atomic_load_n(what, __ATOMIC_SEQ_CST);
}

/* --- what a good client sends --- */

static void in_order(void)
{
	struct bench *b = begin(false);
	struct test_client c;
	int server, fd = connect_to(b, &server);

	usleep(100000);
	CHECK("nothing is read before it begins",
	      __atomic_load_n(&b->marks[0].touched, __ATOMIC_ACQUIRE) == 0);
	tls_door_begin(b->door);
	CHECK("handshake", test_client_begin(&c, fd, cert.cert));
	CHECK("sent", test_client_send(&c, STR("5 <1>ab")) &&
			      test_client_send(&c, STR("<1>line\n6 <1>a\nb<1>ha")));
	store_until(b, "<1>a\nb|");
	CHECK("records", str_eq(buf_str(&b->text), STR("<1>ab|<1>line|<1>a\nb|")));
	/* "<1>ha" is held, and a death would cost it */
	CHECK("the part that is held", lost_at_most(&b->marks[0], server) == 5);
	CHECK("the rest", test_client_send(&c, STR("lf\n")));
	store_until(b, "|<1>half|");
	CHECK("whole", str_ends(buf_str(&b->text), STR("|<1>half|")));
	CHECK("at rest nothing is lost", lost_at_most(&b->marks[0], server) == 0);
	CHECK("since when", clean(&b->marks[0]) > 0 && clean(&b->marks[0]) < time_now());
	test_client_end(&c, true);
	CHECK("closed", reaches(&b->closed, 1));
	CHECK("nothing to report", count(&b->reports) == 0);
	close(fd);
	close(server);
	end(b);
}

static void slowly(void)
{
	static const char text[] = "10 <1>counted<1>line\n";
	struct bench *b = begin(true);
	struct test_client c;
	int server, fd = connect_to(b, &server);

	CHECK("handshake", test_client_begin(&c, fd, cert.cert));
	for (size_t i = 0; i < sizeof text - 1; i++) {
		CHECK("a byte", test_client_send(&c, (struct str){ text + i, 1 }));
		usleep(2000);
	}
	store_until(b, "<1>counted|<1>line|");
	CHECK("records", str_eq(buf_str(&b->text), STR("<1>counted|<1>line|")));
	CHECK("nothing is lost", lost_at_most(&b->marks[0], server) == 0);
	test_client_end(&c, true);
	close(fd);
	close(server);
	end(b);
}

/* Ten megabytes in one line, then in one counted record; what comes behind them is there. */
static void *send_long(void *arg)
{
	struct test_client *c = arg;
	struct buf b = BUF(24 << 20);

	for (int round = 0; round < 2; round++) {
		if (round == 1)
			buf_printf(&b, "%d ", 10 << 20);
		buf_add(&b, STR("<1>"));
		size_t n = (10 << 20) - 3;
		char *room = buf_room(&b, n);
		memset(room, 'x', n);
		b.n += n;
		buf_add(&b, round == 0 ? STR("\n<1>behind the line\n") : STR("9 <1>behind"));
	}
	CHECK("sent", test_client_send(c, buf_str(&b)));
	buf_free(&b);
	return NULL;
}

static void long_lines(void)
{
	struct bench *b = begin(true);
	struct test_client c;
	int server, fd = connect_to(b, &server);
	pthread_t t;

	CHECK("handshake", test_client_begin(&c, fd, cert.cert));
	pthread_create(&t, NULL, send_long, &c);
	store_until(b, "~<1>behind|");
	pthread_join(t, NULL);
	CHECK("beginnings and what is behind",
	      b->records == 4 && b->too_long == 2 && b->bytes == 2 * RECORD_MAX + 18 + 9);
	CHECK("parts are marked",
	      str_find(buf_str(&b->text), STR("~<1>behind the line|<1>xxx")) < b->text.n &&
		      str_ends(buf_str(&b->text), STR("~<1>behind|")));
	CHECK("nothing else is lost", lost_at_most(&b->marks[0], server) == 0);
	test_client_end(&c, true);
	close(fd);
	close(server);
	end(b);
}

/* --- how connections end --- */

static void endings(void)
{
	static const struct {
		const char *name, *sent;
		bool bye;
		const char *want;
		int reports;
	} cases[] = {
		{ "a counted record, closed", "9 <1>ab", true, "<1>ab~", 0 },
		{ "a counted record, broken", "9 <1>ab", false, "<1>ab~", 1 },
		{ "a line, closed", "<1>ab", true, "<1>ab|", 0 },
		{ "a line, broken", "<1>ab", false, "<1>ab~", 1 },
		{ "a whole one, broken", "5 <1>ab", false, "<1>ab|", 1 },
		{ "nothing, closed", "", true, "", 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench *b = begin(true);
		struct test_client c;
		int fd = connect_to(b, NULL);

		CHECK("handshake", test_client_begin(&c, fd, cert.cert));
		CHECK("sent", test_client_send(&c, str_of(cases[i].sent)));
		test_client_end(&c, cases[i].bye);
		close(fd);
		store_until(b, cases[i].want);
		CHECK(cases[i].name, str_eq(buf_str(&b->text), str_of(cases[i].want)));
		CHECK(cases[i].name, reaches(&b->closed, 1));
		CHECK(cases[i].name, count(&b->reports) == cases[i].reports);
		end(b);
	}
}

/* Half of a TLS record: what it holds was never seen, what came before is kept. */
static void half_a_record(void)
{
	struct bench *b = begin(true);
	struct test_client c;
	int fd = connect_to(b, NULL);

	CHECK("handshake", test_client_begin(&c, fd, cert.cert));
	CHECK("sent", test_client_send(&c, STR("<1>one\n<1>tw")));
	CHECK("half", write(fd, "\x17\x03\x03\x01\x00garbage", 12) == 12);
	close(fd);
	store_until(b, "<1>tw~");
	CHECK("kept", str_eq(buf_str(&b->text), STR("<1>one|<1>tw~")));
	CHECK("closed and told", reaches(&b->closed, 1) && count(&b->reports) == 1);
	test_client_end(&c, false);
	end(b);
}

/* --- clients that are none --- */

static void strangers(void)
{
	static const struct {
		const char *name, *sent;
	} cases[] = {
		{ "plain text", "<134>1 2026-11-22T10:00:00Z host app - - - plain\n" },
		{ "another protocol", "GET / HTTP/1.1\r\nHost: x\r\n\r\n" },
		{ "SSL 2", "\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10" },
		{ "a record of nonsense", "\x16\x03\x01\x00\x05hello" },
	};
	char answer[64];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench *b = begin(true);
		int fd = connect_to(b, NULL);

		CHECK(cases[i].name, write(fd, cases[i].sent, strlen(cases[i].sent)) > 0);
		CHECK(cases[i].name, reaches(&b->closed, 1) && reaches(&b->reports, 1));
		/* an alert (record type 21), or only the end */
		ssize_t n = read(fd, answer, sizeof answer);
		CHECK(cases[i].name, n <= 0 || answer[0] == 21);
		store(b, 50);
		CHECK(cases[i].name, b->records == 0);
		close(fd);
		end(b);
	}
}

static void distrust(void)
{
	struct bench *b = begin(true);
	struct test_client c;
	int fd = connect_to(b, NULL);

	CHECK("another root: the client refuses", !test_client_begin(&c, fd, other.cert));
	test_client_end(&c, false);
	close(fd);
	CHECK("told", reaches(&b->closed, 1) && reaches(&b->reports, 1));
	end(b);
}

static void bad_certificates(void)
{
	struct queue *q = queue_new(4, 1 << 20);
	struct tls_calls calls = { NULL, 0, closed, report };
	struct err why = { 0 };

	CHECK("no PEM",
	      tls_door_open(STR("x"), STR("y"), q, &calls, &why) == NULL && why.kind == ERR_INPUT);
	CHECK("the key of another",
	      tls_door_open(str_of(cert.cert), str_of(other.key), q, &calls, &why) == NULL);
	queue_free(q);
}

/* Many that say nothing, some not even their handshake; one that speaks is heard at once. */
static void idle(void)
{
	enum { SHAKEN = 60, SILENT = 60 };
	static struct test_client many[SHAKEN];
	static int fds[SHAKEN + SILENT];
	struct bench *b = begin(true);
	struct test_client c;

	for (size_t i = 0; i < SHAKEN + SILENT; i++) {
		fds[i] = connect_to(b, NULL);
		if (i < SHAKEN)
			CHECK("handshake", test_client_begin(&many[i], fds[i], cert.cert));
	}
	int fd = connect_to(b, NULL);
	CHECK("handshake", test_client_begin(&c, fd, cert.cert));
	CHECK("sent", test_client_send(&c, STR("<1>heard\n")));
	store_until(b, "<1>heard|");
	CHECK("heard", str_eq(buf_str(&b->text), STR("<1>heard|")));
	CHECK("who finishes no handshake is let go", reaches(&b->closed, SILENT));
	CHECK("... and told", reaches(&b->reports, SILENT));
	sleep(2);
	CHECK("who is only quiet is not", count(&b->closed) == SILENT);
	CHECK("... and is heard", test_client_send(&many[7], STR("<1>later\n")));
	store_until(b, "<1>later|");
	CHECK("later", str_ends(buf_str(&b->text), STR("<1>later|")));
	for (size_t i = 0; i < SHAKEN + SILENT; i++) {
		if (i < SHAKEN)
			test_client_end(&many[i], true);
		close(fds[i]);
	}
	test_client_end(&c, true);
	close(fd);
	end(b);
}

/* --- what a death costs --- */

struct flood {
	struct test_client *c;
	size_t bytes;
};

static void *send_flood(void *arg)
{
	struct flood *f = arg;
	struct buf b = BUF(1 << 16);

	for (int i = 0; i < 200; i++) {
		buf_clear(&b);
		for (int k = 0; k < 1 + i % 40; k++)
			buf_printf(&b, "<1>line %06d of a flood\n", i);
		if (!test_client_send(f->c, buf_str(&b)))
			break;
		f->bytes += b.n;
	}
	buf_free(&b);
	return NULL;
}

static size_t with_ends(const struct chunk *c)
{
	return c->bytes + c->n;
}

/* The pipeline stores `chunks` and then dies: what is missing is no more than the mark says, and the
 * mark says little more than that. */
static void death(int chunks)
{
	enum { RECORD_OVERHEAD = 64 };
	struct bench *b = begin(true);
	struct chunk_result ok = { .ok = true };
	struct test_client c;
	int server, fd = connect_to(b, &server), left = 1;
	struct flood flood = { .c = &c };
	size_t stored = 0;
	pthread_t t;

	CHECK("handshake", test_client_begin(&c, fd, cert.cert));
	pthread_create(&t, NULL, send_flood, &flood);
	for (int i = 0; i < chunks; i++) {
		struct chunk *k = queue_take(b->q, 300);

		if (k == NULL)
			break;
		stored += with_ends(k);
		k->done(k, &ok);
	}
	pthread_join(t, NULL);
	while (ioctl(fd, SIOCOUTQ, &left) == 0 && left > 0)
		usleep(1000);
	usleep(50000);
	/* one that lies on the queue is the pipeline's, which is dead */
	uint64_t said = lost_at_most(&b->marks[0], server), missing = flood.bytes - stored;
	CHECK("no more is missing than it says", missing <= said);
	CHECK("it says little more", said <= missing + 200 * RECORD_OVERHEAD);
	CHECK("a moment is said", clean(&b->marks[0]) <= time_now());
	test_client_end(&c, false);
	close(fd);
	close(server);
	end(b);
}

/* What could not be stored is cut and handed on once more, nothing of it lost or doubled. */
static void refused(void)
{
	struct bench *b = begin(true);
	struct chunk_result no = { .ok = false };
	struct test_client c;
	int server, fd = connect_to(b, &server);

	CHECK("handshake", test_client_begin(&c, fd, cert.cert));
	CHECK("sent", test_client_send(&c, STR("<1>a\n<1>b\n<1>c")));
	for (int i = 0; i < 3; i++) {
		struct chunk *k = queue_take(b->q, 20000);

		if (CHECK("handed on", k != NULL && k->n == 2))
			k->done(k, &no);
	}
	CHECK("not stored", get(&b->marks[0].stored) == 0);
	store_until(b, "<1>a|<1>b|");
	CHECK("once", str_eq(buf_str(&b->text), STR("<1>a|<1>b|")));
	CHECK("what is held", lost_at_most(&b->marks[0], server) == 4);
	test_client_end(&c, true);
	close(fd);
	close(server);
	store_until(b, "<1>c|");
	CHECK("and the rest", str_ends(buf_str(&b->text), STR("<1>c|")));
	end(b);
}

int main(void)
{
	if (!CHECK("certificates", test_cert_make(&cert) && test_cert_make(&other)))
		return TEST_REPORT();
	bad_certificates();
	in_order();
	slowly();
	long_lines();
	endings();
	half_a_record();
	strangers();
	distrust();
	idle();
	for (int chunks = 0; chunks < 12; chunks += 3)
		death(chunks);
	refused();
	return TEST_REPORT();
}
