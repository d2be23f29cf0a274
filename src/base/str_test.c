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
	return TEST_REPORT();
}
