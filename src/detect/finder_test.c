/* SPDX-License-Identifier: Apache-2.0 */
/* What the finder tells against a plain search for each text, over texts and values full of likenesses. */
#include "detect/finder.h"

#include "base/test.h"

static const char *const texts[] = { "a",       "\\",           "\xc4",   "ab",         "\xe1\xbb",
				     "xyz",     "\xe1\xbb\x8b", "abcd",   "bcde",       "abcdef",
				     "cmd.exe", "cmd.exe /c",   "power",  "powershell", "aaaa",
				     "aaaaa",   "-enc ",        "http://" };

static const char *const values[] = {
	"",
	"a",
	"ab",
	"abc",
	"abcd",
	"abcdef",
	"xabcdefx",
	"aaaaaa",
	"aaa",
	"cmd.exe",
	"cmd.exe /c",
	"c:\\cmd.exe",
	"powershel",
	"xyz",
	"powershell -enc ",
	"-enc",
	"\xe1\xbb\x8b",
	"\xe1\xbb",
	"x\xc4\x90",
	"http:/",
	"http://a",
	"xy",
	"zzzzzzzzzz",
};

struct seen {
	size_t times[COUNT(texts)];
};

static void count(void *ctx, uint32_t id)
{
	struct seen *s = ctx;

	s->times[id]++;
}

/* At how many places it stands. */
static size_t plain(struct str value, struct str text)
{
	size_t n = 0;

	for (size_t at = 0; at + text.n <= value.n; at++)
		n += memcmp(value.p + at, text.p, text.n) == 0;
	return n;
}

static void check(const struct finder *f, size_t n, const char *value)
{
	struct seen s = { 0 };
	size_t work = finder_run(f, str_of(value), count, &s);

	CHECK(value, work >= strlen(value));
	for (size_t i = 0; i < n; i++)
		CHECK(texts[i], s.times[i] == plain(str_of(value), str_of(texts[i])));
}

int main(void)
{
	static unsigned char mem[8 << 20];
	struct finder_text all[COUNT(texts)];

	for (uint32_t i = 0; i < COUNT(texts); i++)
		all[i] = (struct finder_text){ str_of(texts[i]), i };
	/* each number of texts: tables of one kind may be empty */
	for (size_t n = 0; n <= COUNT(texts); n++) {
		struct arena a = { mem, mem + sizeof mem };
		const struct finder *f = finder_new(&a, all, n);

		CHECK("built", f != NULL);
		for (size_t i = 0; f != NULL && i < COUNT(values); i++)
			check(f, n, values[i]);
	}
	struct arena none = { mem, mem + 64 };
	CHECK("no room", finder_new(&none, all, COUNT(all)) == NULL);
	return TEST_REPORT();
}
