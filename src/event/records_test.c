/* SPDX-License-Identifier: Apache-2.0 */
/* records_test.c - streams cut into records: whole, byte by byte, and with no end in sight. */
#include "event/reader.h"

#include "base/arena.h"
#include "base/test.h"

#define A1 "type=SYSCALL msg=audit(1700000000.123:7): arch=c000003e syscall=59\n"
#define A2 "type=EXECVE msg=audit(1700000000.123:7): argc=1 a0=\"ls\"\n"
#define A3 "type=PROCTITLE msg=audit(1700000000.123:7): proctitle=\"ls\""
#define U1 "type=USER_LOGIN msg=audit(1700000001.000:8): pid=1"
#define V1 "type=AVC msg=audit(1700000002.000:9): avc"

static const struct {
	const char *name, *in;
	const char *out[6]; /* NULL after the last */
} cases[] = {
	{ "lines", "a\nb\r\nc", { "a", "b", "c" } },
	{ "blank lines", "\n\na\n\r\n\nb\n", { "a", "b" } },
	{ "byte order mark",
	  "\xef\xbb\xbf"
	  "a\nb\n",
	  { "a", "b" } },
	{ "JSON lines", "{\"a\":1}\n{\"b\":2}\n", { "{\"a\":1}", "{\"b\":2}" } },
	{ "JSON side by side", "{\"a\":1}{\"b\":2}\n", { "{\"a\":1}", "{\"b\":2}" } },
	{ "JSON over lines",
	  "{\n \"a\": {\n  \"b\": \"}\"\n }\n}\nnext\n",
	  { "{\n \"a\": {\n  \"b\": \"}\"\n }\n}", "next" } },
	{ "JSON array of objects",
	  "[\n {\"a\":1},\n {\"b\":[{\"c\":2}]}\n]\nnext\n",
	  { "{\"a\":1}", "{\"b\":[{\"c\":2}]}", "next" } },
	{ "JSON array on one line", "[{\"a\":1},{\"b\":2}]\n", { "{\"a\":1}", "{\"b\":2}" } },
	{ "array of numbers is a line", "[1,2]\nx\n", { "[1,2]", "x" } },
	{ "broken JSON is a line", "{\"a\":1,\n{\"b\":2}\n", { "{\"a\":1,", "{\"b\":2}" } },
	{ "text behind JSON", "{\"a\":1} and more\nx\n", { "{\"a\":1} and more", "x" } },
	{ "open string", "{\"a\":\"x\n{\"b\":2}\n", { "{\"a\":\"x", "{\"b\":2}" } },
	{ "brace that is no JSON", "{foo}\nbar\n", { "{foo}", "bar" } },
	{ "JSON cut off", "{\n\"a\":1\n", { "{", "\"a\":1" } },
	{ "audit", A1 A2 A3 "\n" U1 "\n" V1 "\nx\n", { A1 A2 A3, U1, V1, "x" } },
	{ "audit of a node", "node=h " A1 "node=h " A3 "\n", { "node=h " A1 "node=h " A3 } },
	{ "bracket of a time",
	  "[Wed Oct 11 14:32:52 2000] x\n",
	  { "[Wed Oct 11 14:32:52 2000] x" } },
	{ "declaration", "<?xml version=\"1.0\"?>\n<Events>\nx\n", { "x" } },
	{ "declaration over lines", "<?xml\n#?>\nx\n", { "<?xml", "#?>", "x" } },
	{ "nothing", "", { NULL } },
};

static void check(const char *name, struct str all, const char *const *want, size_t step)
{
	struct str rest = { all.p, 0 }, out;
	size_t n = 0, given = 0;
	bool cut;

	for (;;) {
		bool last = given == all.n;

		while (records_next(&rest, last, &out, &cut)) {
			bool same = n < 6 && want[n] != NULL && str_eq(out, str_of(want[n]));

			CHECK(name, same && !cut);
			n++;
		}
		if (last)
			break;
		size_t more = given + step < all.n ? step : all.n - given;
		rest.n += more;
		given += more;
	}
	CHECK(name, n == 6 || want[n] == NULL);
}

static void test_caps(void)
{
	size_t n = (size_t)EVENT_MAX_RAW + 100;
	struct arena whole, a;
	struct str rest, out;
	bool cut;

	if (!CHECK("room", arena_reserve(&whole, n + 4096)))
		return;
	a = whole;
	char *p = arena_bytes(&a, n);
	memset(p, 'x', n);
	rest = (struct str){ p, n };
	CHECK("long line", records_next(&rest, false, &out, &cut) && cut && out.n == EVENT_MAX_RAW);
	CHECK("its end", records_next(&rest, true, &out, &cut) && !cut && out.n == 100);
	/* A document over lines is waited for only up to a cap. */
	memset(p, ' ', n);
	memcpy(p, "{\n", 2);
	rest = (struct str){ p, 1 << 20 };
	CHECK("endless document", records_next(&rest, false, &out, &cut) && str_eq(out, STR("{")));
	memset(p, '[', n);
	p[n - 1] = '\n';
	rest = (struct str){ p, n };
	CHECK("brackets", records_next(&rest, false, &out, &cut) && cut);
	arena_release(whole);
}

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str all = str_of(cases[i].in);

		check(cases[i].name, all, cases[i].out, all.n + 1);
		check(cases[i].name, all, cases[i].out, 1);
		check(cases[i].name, all, cases[i].out, 7);
	}
	test_caps();
	return TEST_REPORT();
}
