/* SPDX-License-Identifier: Apache-2.0 */
/*
 * follow_test.c - real files that grow, are renamed and truncated, and a reader that dies in between:
 * every line once, in order.
 */
#include "ingest/follow.h"

#include "base/file.h"
#include "base/test.h"
#include "ingest/chunk.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/canh-follow-XXXXXX";

static struct store { /* what a store would hold */
	char text[4096];
	uint64_t place, inode;
	char head[64];
	bool any;
} kept;

static bool position(void *ctx, struct str stream, struct follow_position *out, char buf[64])
{
	(void)ctx;
	(void)stream;
	if (!kept.any)
		return false;
	snprintf(buf, 64, "%s", kept.head);
	*out = (struct follow_position){ kept.place, kept.inode, str_of(buf) };
	return true;
}

static int reports;

static void report(void *ctx, const char *path, const struct err *why)
{
	(void)ctx;
	(void)path;
	(void)why;
	reports++;
}

static const char *in(const char *name)
{
	static char paths[4][128];
	static int next;
	char *p = paths[next++ % 4];

	snprintf(p, 128, "%s/%s", dir, name);
	return p;
}

static void append(const char *name, const char *text)
{
	FILE *f = fopen(in(name), "a");

	if (!CHECK("append", f != NULL))
		return;
	fputs(text, f);
	fclose(f);
}

/* Take chunks until `want` is the text so far (lines joined by '|') or 6 s have passed. */
static void expect(struct queue *q, const char *want)
{
	struct chunk_result ok = { .ok = true };

	for (int i = 0; i < 60 && strcmp(kept.text, want) != 0; i++) {
		struct chunk *c = queue_take(q, 100);

		if (c == NULL)
			continue;
		for (size_t k = 0; k < c->n; k++) {
			size_t at = strlen(kept.text);

			snprintf(kept.text + at, sizeof kept.text - at, "%.*s|",
				 STR_ARG(c->records[k]));
		}
		kept.any = true;
		kept.place = c->stream_offset;
		kept.inode = c->stream_inode;
		snprintf(kept.head, sizeof kept.head, "%.*s", STR_ARG(c->stream_head));
		c->done(c, &ok);
	}
	if (!CHECK(want, strcmp(kept.text, want) == 0))
		printf("has %s\n", kept.text);
}

static struct follower *begin(struct queue *q)
{
	struct follow_calls calls = { NULL, position, report };
	struct follow_file file = { in("log"), "" };

	return follower_new(&file, 1, q, &calls, NULL);
}

static void grows(void)
{
	struct queue *q = queue_new(16, 64 << 20);
	struct follower *f;

	append("log", "a\nb\nhal");
	f = begin(q);
	expect(q, "a|b|");
	append("log", "f\n");
	expect(q, "a|b|half|");
	CHECK("rotate", rename(in("log"), in("log.1")) == 0);
	append("log.1", "late\n");
	append("log", "new\n");
	expect(q, "a|b|half|late|new|");
	follower_stop(f);
	follower_free(f);

	append("log", "while away\n");
	f = begin(q);
	expect(q, "a|b|half|late|new|while away|");
	CHECK("truncate", truncate(in("log"), 0) == 0);
	usleep(500000);
	append("log", "after\n");
	expect(q, "a|b|half|late|new|while away|after|");
	follower_stop(f);
	follower_free(f);
	queue_free(q);
}

/* What a Windows console saves: UTF-16, here in two halves that part a character and a line. */
static void wide(void)
{
	static const char text[] = "\xff\xfe\x42\x1e\n\0a\0\x3d\xd8\x00\xde\n\0b\0\n\0";
	struct queue *q = queue_new(16, 64 << 20);
	struct follower *f;
	FILE *out;

	memset(&kept, 0, sizeof kept);
	CHECK("new", unlink(in("log")) == 0);
	out = fopen(in("log"), "wb");
	CHECK("half", out != NULL && fwrite(text, 1, 9, out) == 9 && fflush(out) == 0);
	f = begin(q);
	expect(q, "\u1e42|");
	CHECK("place", kept.place == 6);
	CHECK("rest",
	      fwrite(text + 9, 1, sizeof text - 10, out) == sizeof text - 10 && fclose(out) == 0);
	expect(q, "\u1e42|a\U0001f600|b|");
	CHECK("place", kept.place == sizeof text - 1);
	follower_stop(f);
	follower_free(f);
	queue_free(q);
}

int main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	grows();
	wide();
	CHECK("nothing to complain about", reports == 0);
	return TEST_REPORT();
}
