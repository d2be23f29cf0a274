/* SPDX-License-Identifier: Apache-2.0 */
/* gaps_test.c - what the parent says was lost of TLS connections whose watch has ended. */
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"
#include "base/time.h"
#include "proc/notes.h"
#include "proc/parent_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static void table(void)
{
	static const struct {
		const char *name;
		struct tls_mark mark; /* opened, taken, stored */
		uint64_t came, want;
	} cases[] = {
		{ "at rest", { .opened = 900, .taken = 1000, .stored = 900 }, 1000, 0 },
		{ "nothing was read", { .opened = 0 }, 500, 500 },
		{ "in the kernel", { .opened = 900, .taken = 1000, .stored = 900 }, 1200, 200 },
		{ "held", { .opened = 900, .taken = 1000, .stored = 600 }, 1000, 300 },
		{ "both", { .opened = 900, .taken = 1000, .stored = 600 }, 1100, 400 },
		{ "died before it noted what it had taken",
		  { .opened = 900, .taken = 800, .stored = 800 },
		  1000,
		  300 },
		{ "no connection any more", { .opened = 900, .taken = 1000, .stored = 900 }, 0, 0 },
		{ "more taken than came",
		  { .opened = 900, .taken = 5000, .stored = 900 },
		  1000,
		  0 },
		{ "more stored than opened",
		  { .opened = 900, .taken = 1000, .stored = 901 },
		  1000,
		  1000 },
		{ "more opened than came",
		  { .opened = UINT64_MAX, .taken = 1000, .stored = 0 },
		  1000,
		  1000 },
		{ "wild",
		  { .opened = UINT64_MAX, .taken = UINT64_MAX, .stored = 1 },
		  UINT64_MAX,
		  UINT64_MAX - 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(cases[i].name, gap_bytes(&cases[i].mark, cases[i].came) == cases[i].want);
}

static int connect_to(int *server)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sa;
	int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0);

	*server = -1;
	if (bind(l, (struct sockaddr *)&sa, sizeof sa) == 0 && listen(l, 1) == 0 &&
	    getsockname(l, (struct sockaddr *)&sa, &len) == 0 &&
	    connect(c, (struct sockaddr *)&sa, sizeof sa) == 0)
		*server = accept(l, NULL, NULL);
	close(l);
	CHECK("connected", *server != -1);
	return c;
}

struct end {
	const char *name, *peer;
	bool tls, handed;
	struct tls_mark mark;
	bool stays;
	int client;
};

static bool reset(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == -1 && errno == ECONNRESET;
}

static void check_note(struct str text)
{
	struct json *j = NULL;
	int64_t from = 0, to = 0, bytes = 0, n = 0;

	if (!CHECK("JSON", json_parse(text, NOTE_BYTES, &j, NULL)))
		return;
	const struct json *items = json_get(j, "items"), *one = json_at(items, 0);
	CHECK("two senders", json_count(items) == 2);
	CHECK("of a restart", str_eq(json_get_str(j, "reason"), STR("restart")) &&
				      str_eq(json_get_str(j, "kind"), STR("tls")));
	CHECK("the first, of two connections",
	      str_eq(json_get_str(one, "peer"), STR("192.0.2.1")) &&
		      json_int(json_get(one, "connections"), &n) && n == 2 &&
		      json_int(json_get(one, "bytes"), &bytes) && bytes == 30 + 0);
	CHECK("since the earlier of both", json_int(json_get(one, "from"), &from) && from == 2000);
	CHECK("until now", json_int(json_get(j, "to"), &to) && to <= time_now() && to > from);
	one = json_at(items, 1);
	CHECK("the second, whose mark says a time of the future",
	      str_eq(json_get_str(one, "peer"), STR("2001:db8::1")) &&
		      json_int(json_get(one, "bytes"), &bytes) && bytes == 100 &&
		      json_int(json_get(one, "from"), &from) && from == 1000);
	json_free(j);
}

static void restart(struct parent *p, struct arena a)
{
	struct end ends[] = {
		{ "held and unread",
		  "192.0.2.1",
		  true,
		  true,
		  { .opened = 60, .taken = 80, .stored = 50, .clean = 3000, .touched = 1 },
		  false,
		  -1 },
		{ "at rest",
		  "192.0.2.1",
		  true,
		  true,
		  { .opened = 90, .taken = 100, .stored = 90, .clean = 2000, .touched = 1 },
		  false,
		  -1 },
		{ "not read from", "192.0.2.1", true, true, { .touched = 0 }, true, -1 },
		{ "not handed over", "192.0.2.1", true, false, { .touched = 1 }, true, -1 },
		{ "plain TCP", "192.0.2.1", false, true, { .touched = 1 }, true, -1 },
		{ "a mark of nonsense",
		  "2001:db8::1",
		  true,
		  true,
		  { .opened = 1, .stored = 7, .clean = INT64_MAX, .touched = 9 },
		  false,
		  -1 },
	};
	char bytes[100] = { 0 };
	struct str name, text;

	for (size_t i = 0; i < COUNT(ends); i++) {
		struct connection *c = &p->connections[i];

		ends[i].client = connect_to(&c->fd);
		CHECK("sent", write(ends[i].client, bytes, sizeof bytes) == sizeof bytes);
		c->tls = ends[i].tls;
		c->handed = ends[i].handed;
		c->accepted = 1000;
		snprintf(c->peer, sizeof c->peer, "%s", ends[i].peer);
		p->shared->tls[i] = ends[i].mark;
		p->n_tls += c->tls;
		p->n_tcp += !c->tls;
	}
	gaps_note(p);
	for (size_t i = 0; i < COUNT(ends); i++) {
		CHECK(ends[i].name, (p->connections[i].fd != -1) == ends[i].stays);
		CHECK(ends[i].name, reset(ends[i].client) == !ends[i].stays);
	}
	CHECK("counted", p->n_tls == 2 && p->n_tcp == 1);
	if (CHECK("noted", note_first(&a, p->config->data, &name, &text, NULL))) {
		check_note(text);
		CHECK("removed", note_remove(p->config->data, name, NULL));
	}
	gaps_note(p);
	CHECK("nothing to note", !note_first(&a, p->config->data, &name, &text, NULL));
	for (size_t i = 0; i < COUNT(ends); i++)
		close(ends[i].client);
}

int main(void)
{
	static char data[] = "/tmp/canh-gaps-XXXXXX";
	char path[64];
	static struct parent p;
	static struct config c;
	struct arena mem;

	table();
	if (mkdtemp(data) == NULL || !arena_reserve(&mem, 4 << 20))
		return 1;
	c.data = str_of(data);
	p.config = &c;
	snprintf(path, sizeof path, "%s/run/notes", data);
	CHECK("folder", dir_make(path, 0700, NULL));
	p.shared_fd = shared_make(NULL);
	p.shared = shared_map(p.shared_fd, NULL);
	p.connections = calloc(MAX_CONNECTIONS, sizeof *p.connections);
	if (!CHECK("shared memory", p.shared != NULL && p.connections != NULL))
		return 1;
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		p.connections[i].fd = -1;
	restart(&p, mem);
	for (size_t i = 0; i < MAX_CONNECTIONS; i++)
		if (p.connections[i].fd != -1)
			close(p.connections[i].fd);
	free(p.connections);
	CHECK("clean up", test_remove(data));
	arena_release(mem);
	return TEST_REPORT();
}
