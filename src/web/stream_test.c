/* SPDX-License-Identifier: Apache-2.0 */
/* Server-sent events: order, ids, resuming, reset, heartbeat, many readers, a reader that is stuck. */
#include "web/house_test.h"

static struct house house;

struct listener {
	int fd;
	struct buf got;
};

static struct listener listen_from(const char *last_id)
{
	struct listener l = { .fd = client_open(house.port), .got = BUF(64 << 20) };
	char request[400], last[100] = "";

	if (last_id != NULL)
		snprintf(last, sizeof last, "Last-Event-ID: %s\r\n", last_id);
	snprintf(request, sizeof request,
		 "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n",
		 house.token[ROLE_VIEWER], last);
	CHECK("asked", client_send(l.fd, str_of(request)));
	return l;
}

/* Read until `text` has come; false after wait_ms. */
static bool wait_for(struct listener *l, const char *text, int wait_ms)
{
	struct timeval patience = { .tv_usec = 50000 };
	int64_t until = time_monotonic() + (int64_t)wait_ms * 1000;
	size_t len = strlen(text), from = 0; /* what stands before it was looked through */

	setsockopt(l->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	for (;;) {
		struct str rest = str_skip(buf_str(&l->got), from);

		if (str_find(rest, str_of(text)) < rest.n)
			return true;
		from = l->got.n < len ? 0 : l->got.n - len + 1;
		char *room = buf_room(&l->got, 65536);
		ssize_t n = room == NULL ? 0 : recv(l->fd, room, 65536, 0);

		if (n > 0)
			l->got.n += (size_t)n;
		else if (n == 0 || time_monotonic() > until)
			return false;
	}
}

static void hang_up(struct listener *l)
{
	close(l->fd);
	buf_free(&l->got);
}

/* The last id that came, into out[cap]. */
static void last_id(const struct listener *l, char *out, size_t cap)
{
	struct str rest = buf_str(&l->got), line;

	out[0] = '\0';
	while (str_line(&rest, &line))
		if (str_starts(line, STR("id: ")))
			fake_keep(out, cap, str_skip(line, 4));
}

static void test_order(void)
{
	struct listener a = listen_from(NULL), b;
	char id[64];

	CHECK("head", wait_for(&a, "retry: 2000", 30000));
	CHECK("type", str_find(buf_str(&a.got), STR("text/event-stream")) < a.got.n);
	web_publish(house.web, "alert", STR("{\"number\":1}"));
	web_publish(house.web, "rules", STR("{}"));
	CHECK("one", wait_for(&a, "event: alert\ndata: {\"number\":1}\n\n", 30000));
	CHECK("two", wait_for(&a, "event: rules\ndata: {}\n\n", 30000));
	last_id(&a, id, sizeof id);
	hang_up(&a);
	web_publish(house.web, "alert", STR("{\"number\":2}"));
	web_publish(house.web, "alert", STR("{\"number\":3}"));
	b = listen_from(id);
	CHECK("what was missed",
	      wait_for(&b, "{\"number\":2}", 30000) && wait_for(&b, "{\"number\":3}", 30000));
	CHECK("nothing twice", str_find(buf_str(&b.got), STR("{\"number\":1}")) == b.got.n);
	CHECK("no reset", str_find(buf_str(&b.got), STR("event: reset")) == b.got.n);
	hang_up(&b);
}

static void test_reset(void)
{
	static const char *const strange[] = { "0-1", "nonsense", "1-99999999999999999999", "-" };
	char id[64];

	for (size_t i = 0; i < COUNT(strange); i++) {
		struct listener l = listen_from(strange[i]);

		CHECK(strange[i], wait_for(&l, "event: reset", 30000));
		hang_up(&l);
	}
	struct listener l = listen_from(NULL);
	CHECK("head", wait_for(&l, "retry", 30000));
	web_publish(house.web, "board", STR("{}"));
	CHECK("board", wait_for(&l, "event: board", 30000));
	last_id(&l, id, sizeof id);
	hang_up(&l);
	for (int i = 0; i < 3000; i++)
		web_publish(house.web, "stored", STR("{}"));
	l = listen_from(id);
	CHECK("fell off the ring", wait_for(&l, "event: reset", 30000));
	web_publish(house.web, "board", STR("{\"after\":1}"));
	CHECK("goes on", wait_for(&l, "{\"after\":1}", 30000));
	hang_up(&l);
}

static void test_heartbeat(void)
{
	struct listener l = listen_from(NULL);

	CHECK("beats", wait_for(&l, "\n: \n\n", 15000));
	hang_up(&l);
}

/* The token is revoked while its stream is open: the stream ends. */
static void test_revoked(void)
{
	struct listener l = listen_from(NULL);
	struct token *list;
	size_t n;
	struct arena mem = { 0 };
	struct err why;
	struct who who = { .kind = WHO_USER, .role = ROLE_ADMIN, .actor = "user:1" };

	CHECK("open", wait_for(&l, "retry", 30000) && arena_reserve(&mem, 1 << 20));
	struct arena a = mem;
	CHECK("list", token_list(house.access, &(struct scope){ "", "" }, &a, &list, &n, &why));
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i].name, STR("viewer")))
			CHECK("revoke", token_revoke(house.access, &who, str_of(list[i].id), &why));
	CHECK("ends", wait_for(&l, "\r\n0\r\n\r\n", 15000));
	hang_up(&l);
	arena_release(mem);
}

/* Sixty readers of which one never reads: the publisher does not wait, all others get everything. */
static void test_many(void)
{
	enum { READERS = 60, EVENTS = 300 };
	static struct listener l[READERS];
	static char big[20000];
	size_t ok = 0;

	for (size_t i = 0; i < READERS; i++)
		l[i] = listen_from(NULL);
	for (size_t i = 0; i < READERS; i++)
		CHECK("open", wait_for(&l[i], "retry", 30000));
	memset(big, '1', sizeof big);
	int64_t from = time_monotonic();
	for (int i = 0; i < EVENTS; i++)
		web_publish(house.web, "alert", (struct str){ big, sizeof big });
	web_publish(house.web, "alert", STR("{\"last\":true}"));
	CHECK("publishing is quick", time_monotonic() - from < 2 * TIME_SECOND);
	for (size_t i = 1; i < READERS; i++)
		ok += wait_for(&l[i], "{\"last\":true}", 60000);
	CHECK("all others have it", ok == READERS - 1);
	for (size_t i = 0; i < READERS; i++)
		hang_up(&l[i]);
}

/* Streams that are open do not keep the server from stopping. */
static void test_stop(void)
{
	struct listener l = listen_from(NULL);
	int64_t from;

	CHECK("open", wait_for(&l, "retry", 30000));
	from = time_monotonic();
	web_stop(house.web);
	CHECK("stops at once", time_monotonic() - from < 2 * TIME_SECOND);
	web_publish(house.web, "alert", STR("{}")); /* as a thread of the process may, meanwhile */
	web_free(house.web);
	house.web = NULL;
	hang_up(&l);
}

int main(void)
{
	house_open(&house);
	house_serve(&house, (struct web_config){ .heartbeat_s = 2 });
	test_order();
	test_reset();
	test_heartbeat();
	test_many();
	test_stop();
	house_serve(&house, (struct web_config){ .heartbeat_s = 1 });
	test_revoked();
	house_close(&house);
	return TEST_REPORT();
}
