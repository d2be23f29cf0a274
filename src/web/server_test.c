/* SPDX-License-Identifier: Apache-2.0 */
/* The socket side: routing, caps, slow and idle peers, bodies, the page. */
#include "base/inflate.h"
#include "web/house_test.h"

#include <errno.h>

static struct house house;

static struct answer get(const char *path, const char *headers)
{
	char what[512];

	snprintf(what, sizeof what, "GET %s", path);
	return client_ask(house.port, what, headers, (struct str){ NULL, 0 });
}

static const char *bearer(enum role role)
{
	static char header[128];

	snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", house.token[role]);
	return header;
}

static bool has(const struct answer *a, const char *text)
{
	return str_find(a->body, str_of(text)) < a->body.n;
}

static void test_health(void)
{
	struct answer a = get("/api/v1/health", "");

	CHECK("health", a.status == 200 && has(&a, "\"status\":\"ok\"") &&
				has(&a, "\"setup\":false") && has(&a, "\"watch\":\"running\""));
	CHECK("json", str_eq(client_header(&a, "Content-Type"), STR("application/json")));
	CHECK("not kept", str_eq(client_header(&a, "Cache-Control"), STR("no-store")));
	CHECK("no sniffing", client_header(&a, "X-Content-Type-Options").p != NULL);
	CHECK("no frames", client_header(&a, "X-Frame-Options").p != NULL);
	CHECK("no HSTS without TLS", client_header(&a, "Strict-Transport-Security").p == NULL);
	buf_free(&a.bytes);
}

static const struct {
	const char *what, *headers;
	int status;
	const char *code;
} refusals[] = {
	{ "GET /nothing", "", 404, "not_found" },
	{ "GET /api/v1/nothing", "", 404, "not_found" },
	{ "DELETE /api/v1/health", "", 405, "method_not_allowed" },
	{ "BREW /api/v1/health", "", 405, "method_not_allowed" },
	{ "GET /api/../v1", "", 400, "invalid" },
	{ "GET /api/v1/health?a=%zz", "", 400, "invalid" },
	{ "GET /api/v1/events", "", 401, "unauthenticated" },
	{ "GET /api/v1/events", "Authorization: Bearer wrong\r\n", 401, "unauthenticated" },
	{ "GET /api/v1/events", "Cookie: canh_session=wrong\r\n", 401, "unauthenticated" },
	{ "GET /api/v1/stream", "", 401, "unauthenticated" },
};

static void test_refusals(void)
{
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct answer a = client_ask(house.port, refusals[i].what, refusals[i].headers,
					     (struct str){ NULL, 0 });

		CHECK(refusals[i].what, a.status == refusals[i].status);
		CHECK(refusals[i].what, has(&a, refusals[i].code));
		CHECK(refusals[i].what,
		      str_eq(client_header(&a, "Content-Type"), STR("application/problem+json")));
		buf_free(&a.bytes);
	}
	struct answer a = get("/nothing", "Accept-Language: en\r\n");
	CHECK("English", has(&a, "there is nothing at this address"));
	buf_free(&a.bytes);
	a = client_ask(house.port, "DELETE /api/v1/health", "", (struct str){ NULL, 0 });
	CHECK("Allow", str_eq(client_header(&a, "Allow"), STR("GET, HEAD")));
	buf_free(&a.bytes);
	a = client_ask(house.port, "HEAD /api/v1/health", "", (struct str){ NULL, 0 });
	CHECK("HEAD", a.status == 200 && a.body.n == 0);
	buf_free(&a.bytes);
}

static const struct {
	const char *name, *path, *accept;
	bool packed, varies;
} packings[] = {
	{ "long", "/api/v1/events", "gzip", true, true },
	{ "long, among others", "/api/v1/events", "br;q=1, gzip;q=0.5", true, true },
	{ "long, not wanted", "/api/v1/events", "gzip;q=0", false, true },
	{ "long, another way only", "/api/v1/events", "deflate, br", false, true },
	{ "short", "/api/v1/health", "gzip", false, false },
};

static void test_packing(void)
{
	static char text[5000];
	char headers[400];
	struct buf plain = BUF(sizeof text);

	snprintf(text, sizeof text, "{\"items\":[\"%04090d\"],\"next\":null}", 7);
	house.fake.answer = text;
	for (size_t i = 0; i < COUNT(packings); i++) {
		snprintf(headers, sizeof headers, "%sAccept-Encoding: %s\r\n", bearer(ROLE_VIEWER),
			 packings[i].accept);
		struct answer a = get(packings[i].path, headers);
		bool packed = str_eq(client_header(&a, "Content-Encoding"), STR("gzip"));
		bool varies = client_header(&a, "Vary").p != NULL;

		buf_clear(&plain);
		CHECK(packings[i].name, a.status == 200 && packed == packings[i].packed &&
						varies == packings[i].varies);
		CHECK(packings[i].name,
		      !packed || (a.body.n < 200 && inflate_gzip(a.body, &plain, NULL) &&
				  str_eq(buf_str(&plain), str_of(text))));
		CHECK(packings[i].name, packed || !varies || str_eq(a.body, str_of(text)));
		buf_free(&a.bytes);
	}
	house.fake.answer = NULL;
	buf_free(&plain);
}

static void test_push(void)
{
	struct answer a;
	char headers[300];

	snprintf(headers, sizeof headers, "%sContent-Type: text/plain\r\nIdempotency-Key: k1\r\n",
		 bearer(ROLE_SOURCE));
	a = client_ask(house.port, "POST /api/v1/ingest?source=fw%201", headers, STR("a\nb\nc\n"));
	CHECK("push",
	      a.status == 200 && str_eq(a.body, STR("{\"received\":3,\"stored\":2,\"dropped\":"
						    "{\"too_long\":1}}")));
	buf_free(&a.bytes);
	struct fake *f = &house.fake;
	CHECK("push as asked", f->last.kind == PUSH_PLAIN && f->last.encoding == ENC_NONE &&
				       f->last.len == 6 && strcmp(f->source, "fw 1") == 0 &&
				       strcmp(f->key, "k1") == 0 &&
				       strcmp(f->token, "source") == 0);
	a = client_ask(house.port, "POST /api/v1/ingest", bearer(ROLE_SOURCE), STR("x"));
	CHECK("no type", a.status == 415);
	buf_free(&a.bytes);
	snprintf(headers, sizeof headers, "%sContent-Type: text/plain\r\nContent-Encoding: br\r\n",
		 bearer(ROLE_SOURCE));
	a = client_ask(house.port, "POST /api/v1/ingest", headers, STR("x"));
	CHECK("no such packing", a.status == 415);
	buf_free(&a.bytes);
	a = client_ask(house.port, "POST /api/v1/ingest", "Content-Type: text/plain\r\n", STR("x"));
	CHECK("push by nobody", a.status == 401);
	buf_free(&a.bytes);
}

static void test_push_failures(void)
{
	static const struct {
		enum err_kind kind;
		int status;
	} cases[] = { { ERR_STATE, 429 }, { ERR_LIMIT, 413 }, { ERR_INPUT, 422 }, { ERR_IO, 503 } };
	char headers[300];

	snprintf(headers, sizeof headers, "%sContent-Type: application/x-ndjson\r\n",
		 bearer(ROLE_SOURCE));
	for (size_t i = 0; i < COUNT(cases); i++) {
		house.fake.fail = cases[i].kind;
		struct answer a = client_ask(house.port, "POST /api/v1/ingest", headers,
					     STR("{}\n"));

		CHECK("push fails", a.status == cases[i].status);
		CHECK("when again", (client_header(&a, "Retry-After").p != NULL) ==
					    (a.status == 429 || a.status == 503));
		buf_free(&a.bytes);
	}
	house.fake.fail = ERR_NONE;
}

/* The server here takes 1 MiB at most. */
static void test_caps(void)
{
	static char big[3 << 20];
	unsigned before = house.fake.pushes;
	struct answer a;
	char headers[300];

	memset(big, 'x', sizeof big);
	snprintf(headers, sizeof headers, "%sContent-Type: text/plain\r\n", bearer(ROLE_SOURCE));
	a = client_ask(house.port, "POST /api/v1/ingest", headers, (struct str){ big, sizeof big });
	CHECK("too large", a.status == 413 && has(&a, "too_large"));
	buf_free(&a.bytes);
	snprintf(headers, sizeof headers, "%sContent-Type: text/plain\r\nExpect: 100-continue\r\n",
		 bearer(ROLE_SOURCE));
	a = client_ask(house.port, "POST /api/v1/ingest", headers, (struct str){ big, sizeof big });
	CHECK("too large, before it is sent", a.status == 413);
	buf_free(&a.bytes);
	a = client_ask(house.port, "POST /api/v1/session", "", (struct str){ big, 300 << 10 });
	CHECK("JSON too large", a.status == 413);
	buf_free(&a.bytes);
	snprintf(headers, sizeof headers,
		 "%sContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n",
		 bearer(ROLE_SOURCE));
	int fd = client_open(house.port);
	struct buf out = BUF(4 << 20);
	buf_printf(&out, "POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\n%s\r\n200000\r\n", headers);
	buf_add(&out, (struct str){ big, 2 << 20 });
	buf_add(&out, STR("\r\n0\r\n\r\n"));
	a = (struct answer){ 0 };
	CHECK("chunked too large",
	      client_send(fd, buf_str(&out)) && client_read(fd, false, &a) && a.status == 413);
	buf_free(&a.bytes);
	buf_free(&out);
	close(fd);
	CHECK("none reached the backend", house.fake.pushes == before);
	memset(big, 'a', 60000);
	memcpy(big, "X-Long: ", 8);
	memcpy(big + 60000, "\r\n", 3);
	a = get("/api/v1/health", big);
	CHECK("header too large", a.status == 431 || a.status == 413);
	buf_free(&a.bytes);
}

/* Bodies that fill the budget are refused, and the room comes back. */
static void test_budget(void)
{
	static char body[900 << 10];
	int fds[4];
	char headers[400];
	struct answer a = { 0 };
	bool refused = false;

	memset(body, '\n', sizeof body);
	snprintf(headers, sizeof headers,
		 "POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\n%sContent-Type: text/plain\r\n"
		 "Content-Length: %zu\r\n\r\n",
		 bearer(ROLE_SOURCE), sizeof body);
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = client_open(house.port);
		CHECK("begin", client_send(fds[i], str_of(headers)) &&
				       client_send(fds[i], (struct str){ body, sizeof body - 1 }));
	}
	usleep(300000);
	for (size_t i = 0; i < COUNT(fds); i++) {
		a = (struct answer){ 0 };
		CHECK("end", client_send(fds[i], STR("\n")) && client_read(fds[i], false, &a));
		refused = refused || a.status == 429;
		buf_free(&a.bytes);
		close(fds[i]);
	}
	CHECK("over budget", refused);
	snprintf(headers, sizeof headers, "%sContent-Type: text/plain\r\n", bearer(ROLE_SOURCE));
	a = client_ask(house.port, "POST /api/v1/ingest", headers,
		       (struct str){ body, sizeof body });
	CHECK("room again", a.status == 200);
	buf_free(&a.bytes);
}

/* Two lengths of one body are no request at all. */
static void test_two_lengths(void)
{
	struct answer a = { 0 };
	int fd = client_open(house.port);

	CHECK("sent", client_send(fd, STR("GET /api/v1/health HTTP/1.1\r\nHost: x\r\n"
					  "Content-Length: 0\r\nContent-Length: 40\r\n\r\n")));
	CHECK("no answer, closed", !client_read(fd, false, &a) || a.status == 400);
	buf_free(&a.bytes);
	close(fd);
}

static int64_t timed_health(void)
{
	int64_t from = time_monotonic();
	struct answer a = get("/api/v1/health", "");
	bool ok = a.status == 200;

	buf_free(&a.bytes);
	return ok ? time_monotonic() - from : INT64_MAX;
}

/* Idle peers, peers that dribble a header, peers that dribble a body: others do not notice. */
static void test_idle(void)
{
	enum { IDLE = 1000 };
	static int fds[IDLE];
	char begun[300];
	size_t open = 0;
	int64_t worst = 0;

	snprintf(begun, sizeof begun,
		 "POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\n%sContent-Type: text/plain\r\n"
		 "Content-Length: 100\r\n\r\nab",
		 bearer(ROLE_SOURCE));
	for (size_t i = 0; i < IDLE; i++) {
		fds[i] = client_open(house.port);
		open += fds[i] != -1;
		if (i % 3 == 1)
			client_send(fds[i], STR("GET /api/v1/hea"));
		else if (i % 3 == 2 && i < 300)
			client_send(fds[i], str_of(begun));
	}
	CHECK("all were let in", open == IDLE);
	for (int i = 0; i < 20; i++) {
		int64_t took = timed_health();

		worst = took > worst ? took : worst;
	}
	CHECK("others are served", worst < 2 * TIME_SECOND);
	for (size_t i = 0; i < IDLE; i++)
		if (fds[i] != -1)
			close(fds[i]);
	CHECK("afterwards too", timed_health() < 2 * TIME_SECOND);
}

/* A backend that sleeps holds its lane only. */
static void test_lanes(void)
{
	enum { PUSHES = 12 };
	int fds[PUSHES];
	char request[300];
	size_t ok = 0;

	snprintf(request, sizeof request,
		 "POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\n%sContent-Type: text/plain\r\n"
		 "Content-Length: 2\r\n\r\na\n",
		 bearer(ROLE_SOURCE));
	house.fake.sleep_ms = 700;
	for (size_t i = 0; i < PUSHES; i++) {
		fds[i] = client_open(house.port);
		client_send(fds[i], str_of(request));
	}
	usleep(100000);
	/* the quickest of some: others may have the machine meanwhile */
	int64_t quickest = INT64_MAX;
	for (int i = 0; i < 5 && quickest >= 500000; i++) {
		int64_t took = timed_health();

		quickest = took < quickest ? took : quickest;
	}
	CHECK("the page is served meanwhile", quickest < 500000);
	for (size_t i = 0; i < PUSHES; i++) {
		struct answer a = { 0 };

		ok += client_read(fds[i], false, &a) && a.status == 200;
		buf_free(&a.bytes);
		close(fds[i]);
	}
	house.fake.sleep_ms = 0;
	CHECK("all pushes went through", ok == PUSHES);
}

static void test_keep_alive(void)
{
	int fd = client_open(house.port);
	size_t ok = 0;

	for (int i = 0; i < 5; i++) {
		struct answer a = { 0 };

		ok += client_send(fd, STR("GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n")) &&
		      client_read(fd, false, &a) && a.status == 200;
		buf_free(&a.bytes);
	}
	CHECK("five on one connection", ok == 5);
	close(fd);
}

static void test_metrics(void)
{
	struct answer a = get("/metrics", bearer(ROLE_VIEWER));

	CHECK("ready", has(&a, "\ncanh_ready 1\n"));
	CHECK("processes", has(&a, "canh_process_up{process=\"watch\"} 1\n"));
	CHECK("sources",
	      has(&a, "canh_source_stored_total{source=\"1\",name=\"fw\",kind=\"udp\"} 2\n"));
	CHECK("drops", has(&a, "kind=\"udp\",reason=\"kernel\"} 1\n"));
	CHECK("answers", has(&a, "canh_http_requests_total{code=\"2xx\"} "));
	buf_free(&a.bytes);
}

/* Send one byte every 200 ms until the server hangs up; after how many seconds it did. */
static double dribble(int fd, char byte)
{
	int64_t from = time_monotonic();
	char got;

	while (time_monotonic() - from < 10 * TIME_SECOND) {
		if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1)
			break;
		usleep(200000);
		ssize_t n = recv(fd, &got, 1, MSG_DONTWAIT);
		if (n == 0 || (n == -1 && errno != EAGAIN))
			break;
	}
	return (double)(time_monotonic() - from) / TIME_SECOND;
}

/* A server without patience: one second of everything, ten connections an address. */
static void test_impatient(void)
{
	char request[400];
	int fds[40];
	struct answer a;

	int fd = client_open(house.port);
	CHECK("header begun", client_send(fd, STR("GET /api/v1/health HTTP/1.1\r\nX: ")));
	CHECK("a dribbled header ends", dribble(fd, 'x') < 6);
	close(fd);
	fd = client_open(house.port);
	snprintf(request, sizeof request,
		 "POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\n%sContent-Type: text/plain\r\n"
		 "Content-Length: 100000\r\n\r\n",
		 bearer(ROLE_SOURCE));
	CHECK("body begun", client_send(fd, str_of(request)));
	CHECK("a dribbled body ends", dribble(fd, 'x') < 6);
	close(fd);
	for (size_t i = 0; i < COUNT(fds); i++)
		fds[i] = client_open(house.port);
	a = get("/api/v1/health", "");
	CHECK("the one with something to ask gets through", a.status == 200);
	buf_free(&a.bytes);
	a = get("/metrics", bearer(ROLE_VIEWER));
	struct str line = str_skip(a.body, str_find(a.body, STR("\ncanh_http_connections ")) + 23);
	uint64_t n = 99;
	CHECK("the cap holds",
	      num_parse(str_sub(line, 0, str_find_char(line, '\n')), 0, 99, &n) && n <= 11);
	buf_free(&a.bytes);
	for (size_t i = 0; i < COUNT(fds); i++)
		close(fds[i]);
}

/* Read until the server says that the body may come: it has let the sender in. */
static bool let_in(int fd)
{
	struct buf got = BUF(1000);
	char c;

	while (!str_ends(buf_str(&got), STR("\r\n\r\n")) && recv(fd, &c, 1, 0) == 1)
		buf_char(&got, c);
	bool ok = str_starts(buf_str(&got), STR("HTTP/1.1 100"));
	buf_free(&got);
	return ok;
}

/* Who was let in by one worker is served by another that served nobody yet: two workers, new each time,
 * of which a push keeps one, often the one that let the file's sender in. */
static void test_new_worker(void)
{
	static const char shift[] = "Từ;Đến;Họ tên;Vị trí\r\n"
				    "24/11/2026 01:00;24/11/2026 02:00;An;trực chính\r\n";
	char file[400], push[300];
	size_t ok = 0, rounds = 20;

	snprintf(file, sizeof file,
		 "POST /api/v1/duty/import HTTP/1.1\r\nHost: x\r\n%sContent-Type: text/csv\r\n"
		 "Expect: 100-continue\r\nContent-Length: %zu\r\n\r\n",
		 bearer(ROLE_ADMIN), sizeof shift - 1);
	snprintf(push, sizeof push,
		 "POST /api/v1/ingest HTTP/1.1\r\nHost: x\r\n%sContent-Type: text/plain\r\n"
		 "Content-Length: 2\r\n\r\na\n",
		 bearer(ROLE_SOURCE));
	house.fake.sleep_ms = 60;
	for (size_t i = 0; i < rounds; i++) {
		struct answer a = { 0 }, b = { 0 };

		web_free(house.web);
		house_serve(&house, (struct web_config){ .workers = 2 });
		int one = client_open(house.port), two = client_open(house.port);
		bool sent = client_send(one, str_of(file)) && let_in(one) &&
			    client_send(two, str_of(push));
		usleep(20000);
		ok += sent && client_send(one, str_of(shift)) && client_read(one, false, &a) &&
		      a.status == 200 && client_read(two, false, &b) && b.status == 200;
		buf_free(&a.bytes);
		buf_free(&b.bytes);
		close(one);
		close(two);
	}
	house.fake.sleep_ms = 0;
	CHECK("each is served", ok == rounds);
}

static void test_bind(void)
{
	struct err why = { 0 };

	CHECK("loopback", web_may_bind("127.0.0.1:80", false, &why));
	CHECK("loopback 6", web_may_bind("[::1]:80", false, &why));
	CHECK("TLS anywhere", web_may_bind("0.0.0.0:443", true, &why));
	CHECK("plain anywhere", !web_may_bind("0.0.0.0:80", false, &why) && why.kind == ERR_DENIED);
	CHECK("plain outside", !web_may_bind("192.0.2.1:80", false, &why));
}

int main(void)
{
	house_open(&house);
	house_serve(&house, (struct web_config){ .push_max = 1 << 20, .bodies_max = 2 << 20 });
	test_health();
	test_refusals();
	test_packing();
	test_push();
	test_push_failures();
	test_caps();
	test_two_lengths();
	test_budget();
	test_keep_alive();
	test_lanes();
	test_idle();
	test_metrics();
	test_bind();
	test_new_worker();
	web_free(house.web);
	house_serve(&house,
		    (struct web_config){ .idle_s = 1, .body_grace_s = 1, .per_address = 10 });
	test_impatient();
	house_close(&house);
	return TEST_REPORT();
}
