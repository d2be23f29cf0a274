/* SPDX-License-Identifier: Apache-2.0 */
/* The same hits come out, by time, in the order in which they came where that is the same; with any memory. */
#include "cmd/hit_sort.h"

#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HITS = 3000, LONG = 100000 };

struct want {
	int64_t time;
	int number;
};
static struct want want[HITS];

static int by_time(const void *a, const void *b)
{
	const struct want *x = a, *y = b;

	return x->time != y->time ? (x->time > y->time ? 1 : -1) : x->number - y->number;
}

/* "NUMBER.....\n", some of them longer than any block. */
static void hit_text(int number, struct buf *out)
{
	size_t pad = number % 1000 == 7 ? LONG : (size_t)(number % 50);

	buf_printf(out, "%d", number);
	while (pad-- > 0)
		buf_char(out, '.');
	buf_char(out, '\n');
}

static bool put(void *ctx, struct str text)
{
	buf_add(ctx, text);
	return true;
}

/* A thousand at a time, as a hunt gives them; what does not fit goes to `parted`, NULL: fails. */
static bool give(struct hit_sort *s, struct buf *parted, struct err *why)
{
	struct buf frames = BUF(64 << 20);
	unsigned seed = 1;
	bool ok = true;

	for (int i = 0; ok && i < HITS; i++) {
		struct hit_frame f = { 0 };
		size_t at = frames.n;

		seed = seed * 1103515245 + 12345;
		f.time = seed % 97 == 0 ? INT64_MAX : (int64_t)(seed >> 16 & 255) - 100;
		want[i] = (struct want){ f.time, i };
		buf_add(&frames, (struct str){ (const char *)&f, sizeof f });
		hit_text(i, &frames);
		f.len = frames.n - at - sizeof f;
		memcpy(frames.p + at, &f, sizeof f);
		if (i % 1000 == 999 || i == HITS - 1) {
			struct str rest = buf_str(&frames);

			while (!hit_sort_add(s, &rest, why) && parted != NULL)
				CHECK("part", hit_sort_part(s, put, parted, why));
			ok = rest.n == 0;
			buf_clear(&frames);
		}
	}
	buf_free(&frames);
	qsort(want, HITS, sizeof *want, by_time);
	return ok;
}

static bool refuse(void *ctx, struct str text)
{
	(void)ctx;
	(void)text;
	return false;
}

static int temporary(void)
{
	char path[] = "/tmp/canh-sort-XXXXXX";
	int fd = mkstemp(path);

	if (fd != -1)
		unlink(path);
	return fd;
}

static const struct {
	const char *name;
	size_t room;
	bool spills;
} cases[] = {
	{ "each hit alone", 0, true },
	{ "a few at a time", 2000, true },
	{ "some runs", 100000, true },
	{ "all in memory", 8 << 20, false },
};

static void check_order(size_t i)
{
	const char *name = cases[i].name;
	int fd = temporary();
	struct hit_sort *s = hit_sort_new(cases[i].room, fd);
	struct buf out = BUF(64 << 20), all = BUF(64 << 20);
	struct err why = { 0 };

	CHECK(name, give(s, NULL, &why));
	CHECK(name, hit_sort_end(s, put, &out, &why));
	CHECK(name, (hit_sort_spilled(s) > 0) == cases[i].spills);
	for (size_t k = 0; k < HITS; k++)
		hit_text(want[k].number, &all);
	CHECK(name, str_eq(buf_str(&out), buf_str(&all)));
	buf_free(&out);
	buf_free(&all);
	hit_sort_free(s);
	close(fd);
}

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lines in an order of their own, for comparing what came whatever its order. */
static size_t lines_of(struct buf *b, char **line)
{
	size_t n = 0;

	for (char *p = b->p; n < HITS && p < b->p + b->n; p += strlen(p) + 1) {
		*strchr(p, '\n') = '\0';
		line[n++] = p;
	}
	qsort(line, n, sizeof *line, by_line);
	return n;
}

/* Where nothing can be written aside, or only the first of it: parts, and nothing lost. */
static void check_parts(const char *name, int fd, size_t room)
{
	static char *got[HITS], *all[HITS];
	struct hit_sort *s = hit_sort_new(room, fd);
	struct buf out = BUF(64 << 20), whole = BUF(64 << 20);
	struct err why = { 0 };
	size_t same = 0;

	CHECK(name, give(s, &out, &why));
	CHECK(name, hit_sort_end(s, put, &out, &why) && hit_sort_parts(s) > 1);
	for (size_t k = 0; k < HITS; k++)
		hit_text(want[k].number, &whole);
	CHECK(name, lines_of(&out, got) == HITS && lines_of(&whole, all) == HITS);
	for (size_t k = 0; k < HITS && got[k] != NULL; k++)
		same += strcmp(got[k], all[k]) == 0;
	CHECK(name, same == HITS);
	buf_free(&out);
	buf_free(&whole);
	hit_sort_free(s);
}

/* What was merged takes no room on the disk any more. */
static void check_room(void)
{
	int fd = temporary();
	struct hit_sort *s = hit_sort_new(0, fd); /* each hit a run: some are merged twice */
	struct buf out = BUF(64 << 20);
	struct err why = { 0 };
	struct stat st;

	if (fallocate(fd, 0, 0, 1 << 20) == -1 ||
	    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1 << 20) == -1) {
		test_skip("room", "this file system punches no holes");
	} else if (CHECK("room", give(s, NULL, &why) && fstat(fd, &st) == 0)) {
		uint64_t all = 0;

		for (int i = 0; i < HITS; i++)
			all += sizeof(struct hit_frame) + (i % 1000 == 7 ? LONG : 25);
		/* blocks at the borders of runs are not given back */
		CHECK("twice the hits lie in the file", (uint64_t)st.st_size > 2 * all);
		CHECK("and once on the disk", (uint64_t)st.st_blocks * 512 < all + all / 2);
		CHECK("told", hit_sort_end(s, put, &out, &why) && fstat(fd, &st) == 0);
		CHECK("then nothing", (uint64_t)st.st_blocks * 512 < all / 2);
	}
	buf_free(&out);
	hit_sort_free(s);
	close(fd);
}

static void check_faults(void)
{
	struct err why = { 0 };
	struct hit_sort *s = hit_sort_new(2000, -1);

	CHECK("no file", !give(s, NULL, &why) && why.kind == ERR_LIMIT);
	hit_sort_free(s);

	int fd = temporary();

	close(fd);
	s = hit_sort_new(2000, fd);
	why = (struct err){ 0 };
	CHECK("a file that cannot be written", !give(s, NULL, &why) && why.kind == ERR_IO);
	hit_sort_free(s);

	s = hit_sort_new(8 << 20, -1);
	CHECK("memory is enough", give(s, NULL, &why));
	CHECK("refused", !hit_sort_end(s, refuse, NULL, &why) && why.kind == ERR_NONE);
	hit_sort_free(s);

	struct buf out = BUF(100);

	s = hit_sort_new(100, -1);
	CHECK("none", hit_sort_end(s, put, &out, &why) && out.n == 0);
	hit_sort_free(s);
	buf_free(&out);
}

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++)
		check_order(i);
	check_room();
	check_faults();
	check_parts("no file aside", -1, 20000);
	check_parts("a full disk", open("/dev/full", O_RDWR), 20000);
	int fd = temporary();
	struct rlimit least = { 400000, RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &least);
	check_parts("full after some runs", fd, 20000);
	close(fd);
	return TEST_REPORT();
}
