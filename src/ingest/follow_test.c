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
	uint32_t truncated;
} kept;

/* ... of each stream, where a test follows several files. */
static struct place {
	char stream[STREAM_KEY_MAX], head[64];
	uint64_t place, inode;
} places[4];
static bool by_stream;

static struct place *place_of(struct str stream)
{
	size_t i = 0;

	while (i < COUNT(places) - 1 && places[i].stream[0] != '\0' &&
	       !str_eq(stream, str_of(places[i].stream)))
		i++;
	return &places[i];
}

static bool position(void *ctx, struct str stream, struct follow_position *out, char buf[64])
{
	const struct place *p = place_of(stream);

	(void)ctx;
	if (by_stream) {
		snprintf(buf, 64, "%s", p->head);
		*out = (struct follow_position){ p->place, p->inode, str_of(buf) };
		return p->stream[0] != '\0';
	}
	if (!kept.any)
		return false;
	snprintf(buf, 64, "%s", kept.head);
	*out = (struct follow_position){ kept.place, kept.inode, str_of(buf) };
	return true;
}

static int reports; /* atomic */

static void report(void *ctx, const char *path, const struct err *why)
{
	(void)ctx;
	(void)path;
	(void)why;
	__atomic_add_fetch(&reports, 1, __ATOMIC_SEQ_CST);
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

/* Take chunks until `want` is the text so far (lines joined by '|') or 40 s have passed. */
static void expect(struct queue *q, const char *want)
{
	struct chunk_result ok = { .ok = true };

	for (int i = 0; i < 400 && strcmp(kept.text, want) != 0; i++) {
		struct chunk *c = queue_take(q, 100);

		if (c == NULL)
			continue;
		for (size_t k = 0; k < c->n; k++) {
			size_t at = strlen(kept.text);

			snprintf(kept.text + at, sizeof kept.text - at, "%.*s%c",
				 STR_ARG(c->records[k]), c->cut[k] ? '~' : '|');
		}
		kept.truncated += c->dropped[DROP_TRUNCATED];
		struct place *p = place_of(str_of(c->stream));
		snprintf(p->stream, sizeof p->stream, "%s", c->stream);
		snprintf(p->head, sizeof p->head, "%.*s", STR_ARG(c->stream_head));
		p->place = c->stream_offset;
		p->inode = c->stream_inode;
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

/* Files that come and go while it runs: one that stays is read on where it was, one that comes back too. */
static void another_set(void)
{
	struct queue *q = queue_new(16, 64 << 20);
	static char log[128], two[128];
	const struct follow_file one = { log, "log" }, other = { two, "two" };
	const struct follow_file both[] = { one, other };
	struct follow_file many[FOLLOW_MAX_FILES + 1] = { { NULL, NULL } };
	struct follower *f;
	struct err why = { 0 };

	snprintf(log, sizeof log, "%s", in("log"));
	snprintf(two, sizeof two, "%s", in("two"));
	memset(&kept, 0, sizeof kept);
	memset(places, 0, sizeof places);
	by_stream = true;
	CHECK("new", unlink(in("log")) == 0);
	append("log", "a\n");
	append("two", "x\n");
	f = begin(q);
	expect(q, "a|");
	CHECK("both", follower_set(f, both, 2, &why));
	expect(q, "a|x|");
	append("log", "b\n");
	expect(q, "a|x|b|");
	CHECK("the second only", follower_set(f, &other, 1, &why));
	usleep(300000);
	append("log", "c\n");
	append("two", "y\n");
	expect(q, "a|x|b|y|");
	CHECK("the first again", follower_set(f, both, 2, &why));
	expect(q, "a|x|b|y|c|");
	CHECK("too many", !follower_set(f, many, COUNT(many), &why) && why.kind == ERR_LIMIT);
	follower_stop(f);
	follower_free(f);
	CHECK("clean", unlink(in("two")) == 0);
	by_stream = false;
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

/* A life of the follower in each case: what is done to the files, and what has come by then. */
struct life {
	struct queue *q;
	struct follower *f;
};

static void wake(struct life *l)
{
	l->f = begin(l->q);
}

static void sleep_on(struct life *l)
{
	follower_stop(l->f);
	follower_free(l->f);
	l->f = NULL;
}

static void look_for(int ms)
{
	usleep((useconds_t)ms * 1000);
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(in(name), "w");

	if (CHECK("put", f != NULL))
		CHECK("put", fputs(text, f) >= 0 && fclose(f) == 0);
}

static void copy_and_truncate(struct life *l)
{
	append("log", "one\ntwo\n");
	wake(l);
	expect(l->q, "one|two|");
	put("log.1", "one\ntwo\n");
	/* the writer goes on at once, and is farther than before when we look */
	CHECK("truncate", truncate(in("log"), 0) == 0);
	append("log", "three and more than there was\n");
	expect(l->q, "one|two|three and more than there was|");
	CHECK("nothing was cut away unread", kept.truncated == 0);
}

static void truncated_unread(struct life *l)
{
	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	append("log", "half"); /* seen, and not read: it has no end */
	look_for(700);
	CHECK("truncate", truncate(in("log"), 0) == 0);
	look_for(700);
	append("log", "two\n");
	expect(l->q, "one|two|");
	CHECK("that it was cut away is counted", kept.truncated == 1);
}

static void same_size(struct life *l)
{
	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	put("log", "two\n");
	expect(l->q, "one|two|");
}

static void while_away(struct life *l)
{
	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	sleep_on(l);
	append("log", "two\n");
	CHECK("rotate", rename(in("log"), in("log.7")) == 0);
	append("log", "three\n");
	wake(l);
	expect(l->q, "one|two|three|");
	append("log", "four\n");
	expect(l->q, "one|two|three|four|");
}

/* The former file is gone for good: what it held last is lost, which is told; the new one is read. */
static void gone_while_away(struct life *l)
{
	int before = __atomic_load_n(&reports, __ATOMIC_SEQ_CST);

	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	sleep_on(l);
	append("next", "two\n"); /* before, or it might get the inode that the former had */
	CHECK("gone", unlink(in("log")) == 0);
	CHECK("another", rename(in("next"), in("log")) == 0);
	wake(l);
	expect(l->q, "one|two|");
	CHECK("told", __atomic_load_n(&reports, __ATOMIC_SEQ_CST) == before + 1);
	__atomic_store_n(&reports, before, __ATOMIC_SEQ_CST);
}

static void hard_link(struct life *l)
{
	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	/* the way of some rotations: another name, then the old name goes, then a new file */
	CHECK("link", link(in("log"), in("log.1")) == 0);
	append("log", "two\n");
	expect(l->q, "one|two|");
	CHECK("unlink", unlink(in("log")) == 0);
	append("log.1", "three\n");
	look_for(500);
	append("log", "four\n");
	expect(l->q, "one|two|three|four|");
}

static void symbolic_link(struct life *l)
{
	append("one.log", "one\n");
	append("two.log", "two\n");
	CHECK("link", symlink("one.log", in("log")) == 0);
	wake(l);
	expect(l->q, "one|");
	CHECK("another", unlink(in("log")) == 0 && symlink("two.log", in("log")) == 0);
	expect(l->q, "one|two|");
}

static void folder_goes(struct life *l)
{
	char away[160];

	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	snprintf(away, sizeof away, "%s.away", dir);
	CHECK("away", rename(dir, away) == 0);
	look_for(500);
	CHECK("a new one", mkdir(dir, 0700) == 0);
	append("log", "two\n");
	expect(l->q, "one|two|");
	CHECK("cleaned", test_remove(away));
}

static void half_a_line(struct life *l)
{
	append("log", "half");
	wake(l);
	look_for(1000);
	CHECK("it waits", queue_length(l->q) == 0);
	expect(l->q, "half~");
	append("log", " of it\nwhole\n");
	expect(l->q, "half~of it|whole|");
}

static void no_plain_file(struct life *l)
{
	int before = __atomic_load_n(&reports, __ATOMIC_SEQ_CST);

	CHECK("pipe", mkfifo(in("log"), 0600) == 0);
	wake(l);
	for (int i = 0; i < 40 && __atomic_load_n(&reports, __ATOMIC_SEQ_CST) == before; i++)
		look_for(500);
	look_for(700);
	CHECK("told once", __atomic_load_n(&reports, __ATOMIC_SEQ_CST) == before + 1);
	__atomic_store_n(&reports, before, __ATOMIC_SEQ_CST);
	CHECK("gone", unlink(in("log")) == 0);
	append("log", "one\n");
	expect(l->q, "one|");
}

static void not_there_yet(struct life *l)
{
	wake(l);
	look_for(500);
	append("log", "one\n");
	expect(l->q, "one|");
}

static void twice_in_a_row(struct life *l)
{
	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	for (int i = 0; i < 3; i++) {
		char name[16], text[16], want[64];

		snprintf(name, sizeof name, "log.%d", i);
		CHECK("rotate", rename(in("log"), in(name)) == 0);
		snprintf(text, sizeof text, "new %d\n", i);
		append("log", text);
		snprintf(want, sizeof want, "one|new 0|new 1|new 2|");
		want[4 + 6 * (i + 1)] = '\0';
		expect(l->q, want);
	}
}

/* Twice, before anybody looks. */
static void rotate_twice(const char *const names[2])
{
	for (int i = 0; i < 2; i++) {
		CHECK("rotate", rename(in("log"), in(names[i])) == 0);
		look_for(10);
		append("log", i == 0 ? "middle\n" : "last\n");
		look_for(10);
	}
}

static void several_unseen(struct life *l)
{
	static const char *const names[] = { "log.7", "log-20261123" };

	put("log.9", "read long ago\n");
	put("log.txt", "another's\n");
	look_for(10);
	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	put("log.8", "one\n"); /* a copy */
	put("log-notes", "another's\n");
	append("log", "two\n");
	rotate_twice(names);
	expect(l->q, "one|two|middle|last|");
	append("log", "more\n");
	expect(l->q, "one|two|middle|last|more|");
}

static void several_while_away(struct life *l)
{
	static const char *const names[] = { "log.2", "log.1" };

	put("log.3", "read long ago\n");
	look_for(10);
	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	sleep_on(l);
	append("log", "two\n");
	rotate_twice(names);
	wake(l);
	expect(l->q, "one|two|middle|last|");
}

/* Who writes may go on with the file that was renamed until it is told to open the new one. */
static void written_on(struct life *l)
{
	append("log", "one\n");
	wake(l);
	expect(l->q, "one|");
	CHECK("rotate", rename(in("log"), in("log.1")) == 0);
	put("log", "");
	look_for(500);
	append("log.1", "two\n");
	expect(l->q, "one|two|");
	append("log", "three\n");
	expect(l->q, "one|two|three|");
}

static const struct {
	const char *name;
	void (*run)(struct life *l);
} cases[] = {
	{ "copied and truncated", copy_and_truncate },
	{ "truncated before it was read", truncated_unread },
	{ "written anew at the same size", same_size },
	{ "rotated while nobody watched", while_away },
	{ "gone while nobody watched", gone_while_away },
	{ "rotated by a hard link", hard_link },
	{ "a symbolic link to another file", symbolic_link },
	{ "the folder goes and comes", folder_goes },
	{ "half a line", half_a_line },
	{ "a pipe", no_plain_file },
	{ "not there yet", not_there_yet },
	{ "rotated again and again", twice_in_a_row },
	{ "rotated several times before anybody looked", several_unseen },
	{ "rotated several times while nobody watched", several_while_away },
	{ "written on after it was rotated", written_on },
};

static void each(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct life l = { .q = queue_new(16, 64 << 20) };
		unsigned failed = test_failed;

		memset(&kept, 0, sizeof kept);
		CHECK("an empty folder", test_remove(dir) && mkdir(dir, 0700) == 0);
		cases[i].run(&l);
		if (test_failed > failed)
			printf("... in: %s\n", cases[i].name);
		sleep_on(&l);
		queue_free(l.q);
	}
}

int main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	grows();
	another_set();
	wide();
	each();
	CHECK("nothing else to complain about", reports == 0);
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
