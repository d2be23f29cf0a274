/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that were committed come back in their order; those that were not, and what is damaged, do not. */
#include "proc/correl_journal.h"

#include "base/test.h"

#include <fcntl.h>
#include <unistd.h>

struct seen {
	char text[256];
	size_t n;
};

static void note(void *ctx, struct str notes)
{
	struct seen *s = ctx;

	assert(s->n + notes.n < sizeof s->text);
	memcpy(s->text + s->n, notes.p, notes.n);
	s->n += notes.n;
}

static void expect(const char *name, struct correl_journal *j, int64_t since, const char *want)
{
	struct seen s = { .n = 0 };
	struct err why = { 0 };

	CHECK(name, correl_journal_each(j, since, note, &s, &why));
	if (!CHECK(name, str_eq((struct str){ s.text, s.n }, str_of(want))))
		printf("  %.*s\n", (int)s.n, s.text);
}

static struct store_root at(int32_t day, int64_t records)
{
	return (struct store_root){ .day = day, .records = records };
}

static struct correl_journal *begin(const char *dir, int32_t day, int64_t records)
{
	struct store_root head = at(day, records);
	struct err why = { 0 };
	struct correl_journal *j = correl_journal_open(dir, &head, &why);

	if (!CHECK("open", j != NULL))
		printf("  %s\n", why.text);
	return j;
}

static void add(struct correl_journal *j, int32_t day, int64_t records, int64_t now,
		const char *text)
{
	struct store_root head = at(day, records);
	struct err why = { 0 };

	CHECK(text, correl_journal_add(j, &head, now, str_of(text), &why));
}

static void damage(const char *dir, off_t from_end, const char *bytes)
{
	int d = open(dir, O_RDONLY | O_DIRECTORY), fd = openat(d, "correlation.journal", O_RDWR);
	off_t size = lseek(fd, 0, SEEK_END);

	CHECK("damage", fd != -1 && pwrite(fd, bytes, strlen(bytes), size - from_end) ==
					    (ssize_t)strlen(bytes));
	close(fd);
	close(d);
}

int main(void)
{
	char dir[] = "/tmp/canh-journal-XXXXXX";

	if (!CHECK("folder", mkdtemp(dir) != NULL))
		return TEST_REPORT();
	struct correl_journal *j = begin(dir, 5, 0);
	expect("empty", j, 0, "");
	add(j, 5, 0, 100, "a");
	add(j, 5, 10, 200, "b");
	add(j, 5, 20, 300, "c");
	expect("in order", j, 0, "abc");
	expect("since", j, 200, "bc");
	correl_journal_close(j);
	/* the store is at 20: the commit behind "c" never came */
	j = begin(dir, 5, 20);
	expect("what was committed", j, 0, "ab");
	add(j, 5, 20, 400, "d");
	expect("goes on", j, 0, "abd");
	correl_journal_close(j);
	j = begin(dir, 6, 0);
	expect("another day", j, 0, "abd");
	add(j, 6, 0, 500, "e");
	add(j, 6, 1, 600, "f");
	correl_journal_close(j);
	damage(dir, 1, "X");
	j = begin(dir, 7, 0);
	expect("a damaged row, and what is behind it", j, 0, "abde");
	correl_journal_close(j);
	damage(dir, 0, "half a row");
	j = begin(dir, 7, 0);
	expect("half a row", j, 0, "abde");
	correl_journal_close(j);
	damage(dir, 41, "XXXX");
	j = begin(dir, 7, 0);
	expect("a damaged head", j, 0, "abd");
	correl_journal_close(j);
	CHECK("taken away", test_remove(dir));
	struct err why = { 0 };
	struct store_root head = at(1, 1);
	CHECK("no folder", correl_journal_open(dir, &head, &why) == NULL && why.kind == ERR_IO);
	return TEST_REPORT();
}
