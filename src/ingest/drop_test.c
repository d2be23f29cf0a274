/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drop_test.c - real files in a drop folder, archives as a script of pieces, a reader that dies in
 * between: every record once, and the file where it belongs.
 */
#include "ingest/drop.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/test.h"
#include "ingest/chunk.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/canh-drop-XXXXXX";

static struct store {    /* what a store would hold */
	char text[8192]; /* "source=record|", "source!1|" for what was unreadable */
	uint64_t place, inode;
	char head[64];
	bool any;
} kept;

static pthread_mutex_t keeping =
	PTHREAD_MUTEX_INITIALIZER; /* the reader's thread asks for places */

static bool position(void *ctx, struct str stream, struct follow_position *out, char buf[64])
{
	(void)ctx;
	(void)stream;
	pthread_mutex_lock(&keeping);
	bool any = kept.any;
	if (any) {
		snprintf(buf, 64, "%s", kept.head);
		*out = (struct follow_position){ kept.place, kept.inode, str_of(buf) };
	}
	pthread_mutex_unlock(&keeping);
	return any;
}

static atomic_int reports;

static void report(void *ctx, const char *path, const struct err *why)
{
	(void)ctx;
	(void)path;
	CHECK("a reason", why->kind != ERR_NONE);
	reports++;
}

/* An archive is a script: a line of "begin NAME", "bytes TEXT", "end", "lost", "done", "broken". */
static const char *_Atomic script;
static atomic_int unpackings;

struct playing {
	struct str rest;
	char line[256];
};

static struct playing now_playing;

static void *play_open(void *ctx, int fd, struct err *why)
{
	(void)ctx;
	if (script == NULL) {
		err_set(why, ERR_STATE, 0, "not now");
		return NULL;
	}
	CHECK("an open file", fcntl(fd, F_GETFD) != -1);
	unpackings++;
	now_playing.rest = str_of(script);
	return &now_playing;
}

static enum unpacked play_next(void *archive, struct unpacked_piece *out)
{
	struct playing *p = archive;
	struct str line;

	if (!str_line(&p->rest, &line)) {
		usleep(20000);
		return UNPACKED_NOTHING;
	}
	size_t n = str_find_char(line, ' ');
	/* "~" stands for the end of a line */
	snprintf(p->line, sizeof p->line, "%.*s", STR_ARG(str_skip(line, n + 1)));
	for (char *c = p->line; *c != '\0'; c++)
		if (*c == '~')
			*c = '\n';
	out->bytes = str_of(p->line);
	if (str_starts(line, STR("begin")))
		return UNPACKED_BEGIN;
	if (str_starts(line, STR("bytes")))
		return UNPACKED_BYTES;
	if (str_starts(line, STR("lost")) || str_starts(line, STR("broken")))
		err_set(&out->why, ERR_INPUT, 0, "made to fail");
	return str_starts(line, STR("end")) || str_starts(line, STR("lost")) ? UNPACKED_END
									     : UNPACKED_DONE;
}

static void play_close(void *archive)
{
	CHECK("what was opened", archive == &now_playing);
}

static const char *in(const char *name)
{
	static char paths[4][160];
	static int next;
	char *p = paths[next++ % 4];

	snprintf(p, sizeof paths[0], "%s/%s", dir, name);
	return p;
}

static void put(const char *name, const char *text)
{
	CHECK("put", file_save(AT_FDCWD, in(name), str_of(text), 0600, NULL));
}

static bool there(const char *name)
{
	struct stat st;

	for (int i = 0; i < 400; i++) {
		if (stat(in(name), &st) == 0)
			return true;
		usleep(100000);
	}
	return false;
}

static bool absent(const char *name)
{
	struct stat st;

	return stat(in(name), &st) == -1;
}

static void note(const struct chunk *c)
{
	struct buf b = BUF(sizeof kept.text);

	for (size_t k = 0; k < c->n; k++)
		buf_printf(&b, "%.*s=%.*s|", STR_ARG(c->name), STR_ARG(c->records[k]));
	if (c->dropped[DROP_UNREADABLE] > 0)
		buf_printf(&b, "%.*s!%u|", STR_ARG(c->name), c->dropped[DROP_UNREADABLE]);
	pthread_mutex_lock(&keeping);
	size_t at = strlen(kept.text);
	snprintf(kept.text + at, sizeof kept.text - at, "%.*s", STR_ARG(buf_str(&b)));
	kept.any = !c->stream_ended;
	kept.place = c->stream_offset;
	kept.inode = c->stream_inode;
	snprintf(kept.head, sizeof kept.head, "%.*s", STR_ARG(c->stream_head));
	pthread_mutex_unlock(&keeping);
	buf_free(&b);
}

/* Take chunks until `want` is what is stored and nothing more comes; `most`: of them, then die. */
static void expect(struct queue *q, const char *want, int most)
{
	struct chunk_result ok = { .ok = true }, lost = { .ok = false };
	int idle = 0, limit = 400;

	while (limit-- > 0 && (idle < 3 || strcmp(kept.text, want) != 0)) {
		struct chunk *c = queue_take(q, 100);

		idle = c == NULL ? idle + 1 : 0;
		if (c == NULL)
			continue;
		if (most == 0) { /* it was never committed */
			c->done(c, &lost);
			break;
		}
		most--;
		note(c);
		c->done(c, &ok);
	}
	if (!CHECK(want, strcmp(kept.text, want) == 0))
		printf("has %s\n", kept.text);
}

static struct drop *begin(struct queue *q)
{
	const struct drop_calls calls = {
		{ NULL, position, report }, NULL, play_open, play_next, play_close, 300
	};
	struct drop *d = drop_new(dir, q, &calls, NULL);

	CHECK("started", d != NULL);
	return d;
}

static void end(struct drop *d)
{
	drop_stop(d);
	drop_free(d);
}

static void clear(void)
{
	pthread_mutex_lock(&keeping);
	memset(&kept, 0, sizeof kept);
	pthread_mutex_unlock(&keeping);
	reports = 0;
}

/* A text is taken when it is whole; a second one of the name takes nothing from the first. */
static void logs(struct queue *q)
{
	struct drop *d = begin(q);
	int fd;

	clear();
	put("x.log", "one\ntwo");
	put("y.part", "not yet\n");
	put(".z.log.Xa3", "nor that\n");
	CHECK("a folder", mkdir(in("sub"), 0700) == 0);
	expect(q, "x.log=one|x.log=two|", -1);
	CHECK("moved when stored", there("done/x.log"));
	expect(q, "x.log=one|x.log=two|", -1);
	CHECK("its place is forgotten", !kept.any);
	put("x.log", "one\nthree\n");
	expect(q, "x.log=one|x.log=two|x.log=one|x.log=three|", -1);
	CHECK("both are kept", there("done/x.log.2") && there("done/x.log"));
	put("x.log", "four\n");
	expect(q, "x.log=one|x.log=two|x.log=one|x.log=three|x.log=four|", -1);
	CHECK("and a third", there("done/x.log.3"));
	CHECK("unfinished ones stay", !absent("y.part") && !absent(".z.log.Xa3"));
	CHECK("the folder is named, once", reports == 1);

	clear();
	fd = open(in("slow.log"), O_WRONLY | O_CREAT, 0600);
	CHECK("open to write", fd != -1 && write(fd, "first ", 6) == 6);
	usleep(1500000);
	CHECK("not while somebody writes", kept.text[0] == '\0' && !absent("slow.log"));
	CHECK("the rest", write(fd, "half\n", 5) == 5);
	close(fd);
	expect(q, "slow.log=first half|", -1);
	CHECK("then it is", there("done/slow.log"));

	clear();
	CHECK("UTF-16",
	      file_save(AT_FDCWD, in("w.log"), STR("\xff\xfe\x42\x1e\n\0a\0"), 0600, NULL));
	expect(q, "w.log=\u1e42|w.log=a|", -1);
	CHECK("taken", there("done/w.log"));
	end(d);
	rmdir(in("sub"));
}

/* A reader that dies goes on where the store says, also when the log has grown. */
static void dies(struct queue *q)
{
	struct drop *d = begin(q);
	char line[128];
	struct buf text = BUF(32 << 20);

	clear();
	memset(line, 'a', sizeof line);
	/* more than a chunk */
	for (int i = 0; i < 3 * CHUNK_RECORDS; i++)
		buf_printf(&text, "%d %.*s\n", i, 60, line);
	CHECK("put", file_save(AT_FDCWD, in("long.log"), buf_str(&text), 0600, NULL));
	buf_free(&text);
	struct chunk *c = NULL;
	for (int i = 0; i < 400 && c == NULL; i++)
		c = queue_take(q, 100);
	if (!CHECK("the first chunk", c != NULL))
		return;
	struct chunk_result ok = { .ok = true };
	size_t n = c->n;
	note(c);
	kept.text[0] = '\0';
	c->done(c, &ok);
	c = queue_take(q, 20000); /* the second is lost with the reader */
	drop_stop(d);
	CHECK("it is where it was", !absent("long.log"));
	if (CHECK("the second chunk", c != NULL)) {
		struct chunk_result lost = { .ok = false };

		c->done(c, &lost);
	}
	drop_free(d);
	d = begin(q);
	for (int i = 0; i < 400 && n < 3 * (size_t)CHUNK_RECORDS; i++) {
		c = queue_take(q, 100);
		if (c == NULL)
			continue;
		char want[32];
		snprintf(want, sizeof want, "%zu ", n);
		CHECK("goes on at the record", str_starts(c->records[0], str_of(want)));
		n += c->n;
		note(c);
		kept.text[0] = '\0';
		c->done(c, &ok);
	}
	CHECK("all of it, once", n == 3 * (size_t)CHUNK_RECORDS);
	expect(q, "", -1);
	CHECK("done", there("done/long.log") && !kept.any);
	end(d);
}

static const struct {
	const char *name, *script, *want, *reason;
	int reports;
} archives[] = {
	{ "good.zip", "begin a.log\nbytes one~tw\nbytes o~\nend\nbegin b\nbytes three\nend\ndone\n",
	  "good.zip/a.log=one|good.zip/a.log=two|good.zip/b=three|", NULL, 0 },
	{ "single.gz", "begin \nbytes just~lines~\nend\ndone\n", "single.gz=just|single.gz=lines|",
	  NULL, 0 },
	{ "lost.zip",
	  "begin a\nlost\nbegin b\nbytes two~half\nlost\nbegin c\nbytes ok~\nend\ndone\n",
	  "lost.zip/a!1|lost.zip/b=two|lost.zip/b=half|lost.zip/b!1|lost.zip/c=ok|",
	  "lost.zip/a: made to fail", 1 },
	{ "broken.zip", "begin a\nbytes one~\nend\nbroken\n", "broken.zip/a=one|broken.zip!1|",
	  "broken.zip: made to fail", 1 },
	{ "cut.zip", "begin a\nbytes one~\nbroken\n", "cut.zip/a=one|cut.zip!1|",
	  "cut.zip: made to fail", 1 },
	{ "empty.zip", "done\n", "empty.zip!1|", "empty.zip: the archive holds no file", 1 },
	{ "binary.zip",
	  "begin x.evtx\nbytes ElfFile\nend\nbegin y\nbytes %PDF-1.7~\nend\nbegin z\nbytes z~\nend\ndone\n",
	  "binary.zip/x.evtx=ElfFile|binary.zip/y!1|binary.zip/z=z|",
	  "binary.zip/y: PDF files are not read yet", 1 },
};

static void check_reason(const char *name, const char *want)
{
	static unsigned char mem[1 << 16];
	struct arena a = { mem, mem + sizeof mem };
	char path[128];
	struct str text = STR("");

	snprintf(path, sizeof path, "failed/%s.reason", name);
	CHECK(name, there(path) && file_load(&a, AT_FDCWD, in(path), 65000, &text, NULL));
	CHECK(name, str_find(text, str_of(want)) < text.n);
}

static void packed(struct queue *q)
{
	char path[128];

	for (size_t i = 0; i < COUNT(archives); i++) {
		struct drop *d;

		clear();
		script = archives[i].script;
		put(archives[i].name, "PK\x03\x04 an archive");
		d = begin(q);
		expect(q, archives[i].want, -1);
		snprintf(path, sizeof path, "%s/%s", archives[i].reason == NULL ? "done" : "failed",
			 archives[i].name);
		CHECK(archives[i].name, there(path));
		if (archives[i].reason != NULL)
			check_reason(archives[i].name, archives[i].reason);
		end(d);
		CHECK(archives[i].name, reports == archives[i].reports);
	}
}

/* Killed in the middle of an archive: each record once, what was unreadable counted once. */
static void packed_dies(struct queue *q)
{
	static const char whole[] = "k.zip/a=one|k.zip/b!1|k.zip/c=two|k.zip/d=three|";

	for (int stop = 0; stop < 4; stop++) {
		struct drop *d;
		struct buf part = BUF(256);
		struct str rest = str_of(whole), piece;

		clear();
		script =
			"begin a\nbytes one~\nend\nbegin b\nlost\nbegin c\nbytes two~\nend\nbegin d\n"
			"bytes three~\nend\ndone\n";
		put("k.zip", "PK\x03\x04 an archive");
		d = begin(q);
		for (int i = 0; i < stop && str_split(&rest, '|', &piece); i++)
			buf_printf(&part, "%.*s|", STR_ARG(piece));
		buf_char(&part, '\0');
		expect(q, part.p, stop);
		end(d);
		CHECK("not moved", !absent("k.zip"));
		d = begin(q);
		expect(q, whole, -1);
		CHECK("moved", there("failed/k.zip.reason"));
		end(d);
		buf_free(&part);
		unlink(in("failed/k.zip"));
		unlink(in("failed/k.zip.reason"));
	}
}

/* No process to unpack it now: it stays and is tried again. */
static void later(struct queue *q)
{
	struct drop *d;

	clear();
	script = NULL;
	put("wait.zip", "PK\x03\x04");
	put("after.log", "\x89PNG no text\n");
	d = begin(q);
	expect(q, "after.log!1|", -1);
	CHECK("named", there("failed/after.log.reason"));
	for (int i = 0; i < 300 && atomic_load(&reports) < 2; i++)
		usleep(100000);
	CHECK("it stays", !absent("wait.zip") && reports >= 2);
	end(d);
	unlink(in("wait.zip"));
}

int main(void)
{
	struct queue *q = queue_new(16, 64 << 20);

	if (mkdtemp(dir) == NULL || q == NULL)
		return 1;
	CHECK("folders", dir_make(in("done"), 0700, NULL) && dir_make(in("failed"), 0700, NULL));
	logs(q);
	dies(q);
	packed(q);
	packed_dies(q);
	later(q);
	CHECK("unpacked", unpackings > 0);
	queue_free(q);
	return TEST_REPORT();
}
