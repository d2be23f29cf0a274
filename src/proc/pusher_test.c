/* SPDX-License-Identifier: Apache-2.0 */
/* pusher_test.c - pushes by a real link, the pipeline played by the test. */
#include "proc/pusher.h"

#include "base/test.h"
#include "ingest/bulk.h"
#include "ingest/chunk.h"

#include <sys/mman.h>
#include <unistd.h>

static struct arena whole;

struct bench {
	struct queue *intake;
	struct links *links;
	struct pusher *pusher;
	uint64_t link;
	int ends[2];
};

static void push(struct bench *b, const char *request, const char *body)
{
	int fd = memfd_create("body", MFD_CLOEXEC);
	struct wire_msg m = { WIRE_PUSH, 7, str_of(request), fd, { NULL, 0 } };

	if (fd == -1 || write(fd, body, strlen(body)) != (ssize_t)strlen(body))
		abort();
	pusher_take(b->pusher, b->link, &m);
	CHECK("the body is the pusher's now", m.fd == -1);
}

/* The chunk that came, answered with *r. */
static bool store(struct bench *b, size_t n, const struct chunk_result *r)
{
	struct chunk *c = queue_take(b->intake, 5000);

	if (c == NULL)
		return false;
	bool as_said = c->n == n;
	if (c->seen != NULL && n > 0)
		c->seen[0] = r->seen > 0;
	c->done(c, r);
	return as_said;
}

static struct wire_msg answer(struct bench *b)
{
	struct arena a = whole;
	struct wire_msg m = { .fd = -1 };

	CHECK("answered", wire_recv(b->ends[1], PROC_WATCH, &a, &m, NULL) && m.number == 7);
	return m;
}

static void lines(struct bench *b)
{
	struct chunk_result r = { .ok = true, .received = 2, .stored = 2 };

	push(b, "{\"kind\":\"plain\",\"token\":\"t\",\"name\":\"n\"}", "one\n\ntwo\n");
	CHECK("two records", store(b, 2, &r));
	struct wire_msg m = answer(b);
	CHECK("counts",
	      m.type == WIRE_DONE &&
		      str_eq(m.payload, STR("{\"received\":2,\"stored\":2,\"replay\":false,"
					    "\"dropped\":{}}")));
}

static void keys(struct bench *b)
{
	struct chunk_result replay = { .ok = true, .replay = true, .received = 1, .stored = 1 };
	struct chunk_result clash = { .ok = true, .replay = true, .clash = true };
	const char *ask = "{\"kind\":\"plain\",\"token\":\"t\",\"idempotency_key\":\"k\"}";

	push(b, ask, "one\n");
	CHECK("taken", store(b, 1, &replay));
	struct wire_msg m = answer(b);
	CHECK("replay is said", str_find(m.payload, STR("\"replay\":true")) < m.payload.n);
	push(b, ask, "other\n");
	CHECK("taken", store(b, 1, &clash));
	m = answer(b);
	CHECK("clash is refused", m.type == WIRE_FAILED);
}

static void bulk(struct bench *b)
{
	struct chunk_result r = { .ok = true, .received = 2, .stored = 1, .seen = 1 };
	static const enum bulk_fault want[] = { BULK_SEEN, BULK_NO_DOCUMENT, BULK_NOT_ADDING,
						BULK_STORED };
	struct bulk_item item;

	push(b, "{\"kind\":\"bulk\",\"token\":\"t\",\"index\":\"i\"}",
	     "{\"index\":{\"_id\":\"1\"}}\n{\"a\":1}\n{\"index\":{}}\nnone\n"
	     "{\"delete\":{\"_id\":\"1\"}}\n{\"create\":{}}\n{\"b\":2}\n");
	CHECK("two documents", store(b, 2, &r));
	struct wire_msg m = answer(b);
	size_t nul = str_find_char(m.payload, '\0');
	struct str rest = str_skip(m.payload, nul + 1);

	for (size_t i = 0; i < COUNT(want); i++)
		CHECK("each item in its place",
		      bulk_item_next(&rest, &item) && item.fault == want[i]);
	CHECK("no more", rest.n == 0);
}

static void refusals(struct bench *b)
{
	static const struct {
		const char *name, *request, *body;
	} cases[] = {
		{ "no JSON", "{", "x" },
		{ "no gzip", "{\"kind\":\"plain\",\"encoding\":\"gzip\"}", "x" },
		{ "no zstd", "{\"kind\":\"plain\",\"encoding\":\"zstd\"}", "x" },
		{ "no action", "{\"kind\":\"bulk\"}", "{\"a\":1}\n" },
	};
	struct chunk_result failed = { 0 };

	for (size_t i = 0; i < COUNT(cases); i++) {
		push(b, cases[i].request, cases[i].body);
		CHECK(cases[i].name, answer(b).type == WIRE_FAILED);
	}
	push(b, "{\"kind\":\"plain\"}", "x");
	CHECK("taken", store(b, 1, &failed));
	CHECK("not stored", answer(b).type == WIRE_FAILED);
	queue_close(b->intake);
	push(b, "{\"kind\":\"plain\"}", "x");
	CHECK("stopping", answer(b).type == WIRE_FAILED);
}

static struct poison_page pages[POISON_PUSHERS];

int main(void)
{
	struct bench b = { .intake = queue_new(16, 1 << 20), .links = links_new() };

	if (!arena_reserve(&whole, 1 << 20) || !wire_pair(b.ends, NULL))
		return 1;
	b.link = links_begin(b.links, b.ends[0]);
	b.pusher = pusher_new(b.intake, b.links, pages);
	lines(&b);
	keys(&b);
	bulk(&b);
	refusals(&b);
	pusher_free(b.pusher);
	links_end(b.links, b.link);
	links_free(b.links);
	queue_free(b.intake);
	close(b.ends[0]);
	close(b.ends[1]);
	arena_release(whole);
	return TEST_REPORT();
}
