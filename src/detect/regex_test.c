/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/regex.h"

#include "base/test.h"

static unsigned char mem[4 << 20];

static const struct {
	const char *name;
	struct str text;
	unsigned flags;
	struct str value;
	enum regex_result result;
} cases[] = {
	{ "somewhere", STR("b+"), 0, STR("abbc"), REGEX_YES },
	{ "case matters", STR("B"), 0, STR("abc"), REGEX_NO },
	{ "i", STR("B"), REGEX_NOCASE, STR("abc"), REGEX_YES },
	{ "i beyond ASCII", STR("ĐỘC"), REGEX_NOCASE, STR("độc"), REGEX_YES },
	{ "inline i", STR("(?i)B"), 0, STR("abc"), REGEX_YES },
	{ "no m", STR("^b"), 0, STR("a\nb"), REGEX_NO },
	{ "m", STR("^b"), REGEX_MULTILINE, STR("a\nb"), REGEX_YES },
	{ "no s", STR("a.b"), 0, STR("a\nb"), REGEX_NO },
	{ "s", STR("a.b"), REGEX_DOTALL, STR("a\nb"), REGEX_YES },
	{ "start", STR("b"), REGEX_START, STR("ab"), REGEX_NO },
	{ "end", STR("a|ab"), REGEX_END, STR("xab"), REGEX_YES },
	{ "not at the end", STR("a"), REGEX_END, STR("ab"), REGEX_NO },
	{ "bad bytes do not end it", STR("b"), 0, STR("\xff\xfe b"), REGEX_YES },
	{ "empty value", STR("^$"), 0, STR(""), REGEX_YES },
	{ "lookbehind", STR("(?<!x)y"), 0, STR("xy"), REGEX_NO },
	{ "blow-up is cut off", STR("(a+)+$"), 0, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
	  REGEX_GAVE_UP },
};

int main(void)
{
	struct regex_scratch *s = regex_scratch_new();
	struct err why = { 0 };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		const struct regex *re = regex_compile(&a, cases[i].text, cases[i].flags, &why);
		size_t from = 0, to = 0;

		if (CHECK(cases[i].name, re != NULL && s != NULL))
			CHECK(cases[i].name,
			      regex_match(re, s, cases[i].value, &from, &to) == cases[i].result);
		CHECK(cases[i].name, from <= to && to <= cases[i].value.n);
	}
	struct arena a = { mem, mem + sizeof mem }, tiny = { mem, mem + 64 };
	CHECK("fault", regex_compile(&a, STR("a(b"), 0, &why) == NULL && why.kind == ERR_INPUT &&
			       why.at == 3);
	CHECK("full", regex_compile(&tiny, STR("abc"), 0, &why) == NULL && why.kind == ERR_LIMIT);
	regex_scratch_free(s);
	regex_scratch_free(NULL);
	return TEST_REPORT();
}
