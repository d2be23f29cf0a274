/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "base/test.h"

static void split(void)
{
	struct str rest = STR("a,,b"), part;
	int n = 0;

	while (str_split(&rest, ',', &part))
		n++;
	CHECK("three parts", n == 3 && str_eq(part, STR("b")));
	rest = STR("a,");
	CHECK("first", str_split(&rest, ',', &part) && str_eq(part, STR("a")));
	CHECK("empty last", str_split(&rest, ',', &part) && part.n == 0);
	CHECK("end", !str_split(&rest, ',', &part));
	rest = STR("one\r\ntwo\n\nthree");
	CHECK("crlf", str_line(&rest, &part) && str_eq(part, STR("one")));
	CHECK("lf", str_line(&rest, &part) && str_eq(part, STR("two")));
	CHECK("empty", str_line(&rest, &part) && part.n == 0);
	CHECK("last", str_line(&rest, &part) && str_eq(part, STR("three")));
	CHECK("no more", !str_line(&rest, &part));
}

/* Every place of every length around the width of a block, and texts that nearly match everywhere. */
static void find(void)
{
	static char text[400], needle[80];

	for (size_t n = 1; n < 70; n++)
		for (size_t len = 1; len <= n && len < 40; len++)
			for (size_t at = 0; at + len <= n; at++) {
				memset(text, 'a', n);
				memset(needle, 'a', len);
				text[at + len - 1] = needle[len - 1] = 'b';
				CHECK("found where it stands",
				      str_find((struct str){ text, n },
					       (struct str){ needle, len }) == at);
				needle[len - 1] = 'c';
				CHECK("not found", str_find((struct str){ text, n },
							    (struct str){ needle, len }) == n);
			}
	memset(text, 'a', sizeof text);
	memset(needle, 'a', sizeof needle);
	needle[40] = 'b';
	CHECK("nearly everywhere", str_find((struct str){ text, sizeof text },
					    (struct str){ needle, sizeof needle }) == sizeof text);
	text[340] = 'b';
	CHECK("and in the end", str_find((struct str){ text, sizeof text },
					 (struct str){ needle, sizeof needle }) == 300);
}

int main(void)
{
	static const struct {
		const char *name;
		struct str a, b;
		bool eq, eq_nocase, starts, ends;
		size_t find;
	} cases[] = {
		{ "same", STR("abc"), STR("abc"), true, true, true, true, 0 },
		{ "case", STR("aBc"), STR("AbC"), false, true, false, false, 3 },
		{ "prefix", STR("abc"), STR("ab"), false, false, true, false, 0 },
		{ "suffix", STR("abc"), STR("bc"), false, false, false, true, 1 },
		{ "longer", STR("ab"), STR("abc"), false, false, false, false, 2 },
		{ "empty needle", STR("ab"), STR(""), false, false, true, true, 0 },
		{ "NUL counts", STR("a\0b"), STR("\0b"), false, false, false, true, 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		CHECK(cases[i].name, str_eq(cases[i].a, cases[i].b) == cases[i].eq);
		CHECK(cases[i].name, str_eq_nocase(cases[i].a, cases[i].b) == cases[i].eq_nocase);
		CHECK(cases[i].name, str_starts(cases[i].a, cases[i].b) == cases[i].starts);
		CHECK(cases[i].name, str_ends(cases[i].a, cases[i].b) == cases[i].ends);
		CHECK(cases[i].name, str_find(cases[i].a, cases[i].b) == cases[i].find);
	}
	CHECK("nocase ends", str_ends_nocase(STR("x.EXE"), STR(".exe")));
	CHECK("nocase starts", str_starts_nocase(STR("HTTP/1"), STR("http")));
	CHECK("trim", str_eq(str_trim(STR(" \t a b\r\n")), STR("a b")));
	CHECK("cmp", str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0);
	CHECK("sub past the end", str_sub(STR("abc"), 5, 9).n == 0);
	CHECK("of NULL", str_of(NULL).n == 0);
	split();
	find();
	return TEST_REPORT();
}
