/* SPDX-License-Identifier: Apache-2.0 */
/* The same hits come out, by time, in the order in which they came where that is the same; with any memory. */
#include "cmd/hit_sort.h"

#include "base/test.h"

#include <errno.h>
#include <stdlib.h>
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

/* A thousand at a time, as a hunt gives them. */
static bool give(struct hit_sort *s, struct err *why)
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
			ok = hit_sort_add(s, buf_str(&frames), why);
			buf_clear(&frames);
		}
	}
	buf_free(&frames);
	qsort(want, HITS, sizeof *want, by_time);
	return ok;
}

static bool put(void *ctx, struct str text)
{
	buf_add(ctx, text);
	return true;
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

	CHECK(name, give(s, &why));
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

static void check_faults(void)
{
	struct err why = { 0 };
	struct hit_sort *s = hit_sort_new(2000, -1);

	CHECK("no file", !give(s, &why) && why.kind == ERR_LIMIT);
	hit_sort_free(s);

	int fd = temporary();

	close(fd);
	s = hit_sort_new(2000, fd);
	why = (struct err){ 0 };
	CHECK("a file that cannot be written", !give(s, &why) && why.kind == ERR_IO);
	hit_sort_free(s);

	s = hit_sort_new(8 << 20, -1);
	CHECK("memory is enough", give(s, &why));
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
	check_faults();
	return TEST_REPORT();
}
