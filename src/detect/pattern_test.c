/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/pattern.h"

#include "base/test.h"
#include "base/utf8.h"

static unsigned char mem[1 << 20];

static const struct {
	const char *name;
	struct str pattern, value;
	bool match;
} cases[] = {
	{ "same", STR("abc"), STR("abc"), true },
	{ "case", STR("ABC"), STR("aBc"), true },
	{ "Unicode case", STR("ĐỘC"), STR("độc"), true },
	{ "Kelvin sign folds", STR("\xe2\x84\xaa"), STR("k"), true },
	{ "whole value", STR("abc"), STR("abcd"), false },
	{ "empty pattern, empty value", STR(""), STR(""), true },
	{ "empty pattern, some value", STR(""), STR("x"), false },
	{ "star takes nothing", STR("*"), STR(""), true },
	{ "star in front", STR("*\\cmd.exe"), STR("C:\\Windows\\cmd.exe"), true },
	{ "star in front, not the end", STR("*\\cmd.exe"), STR("C:\\cmd.exe "), false },
	{ "star in front, twice there", STR("*ab"), STR("abxab"), true },
	{ "star behind", STR("adm*"), STR("Administrator"), true },
	{ "star behind, not the start", STR("adm*"), STR("an adm"), false },
	{ "star inside", STR("a*c*e"), STR("abcde"), true },
	{ "star inside tries again", STR("a*bc*d"), STR("abXbcYd"), true },
	{ "star inside needs order", STR("a*c*b"), STR("abc"), false },
	{ "many stars", STR("**a**"), STR("xax"), true },
	{ "question", STR("prog?.exe"), STR("progA.exe"), true },
	{ "question is mandatory", STR("prog?.exe"), STR("prog.exe"), false },
	{ "question is a code point", STR("?"), STR("ộ"), true },
	{ "question is not two", STR("?"), STR("ab"), false },
	{ "question behind star", STR("*?b"), STR("b"), false },
	{ "question behind star, found", STR("*?b"), STR("xxab"), true },
	{ "question on a bad byte", STR("a?c"),
	  STR("a\xff"
	      "c"),
	  true },
	{ "escaped star", STR("\\*"), STR("*"), true },
	{ "escaped star is no wildcard", STR("\\*"), STR("x"), false },
	{ "escaped question", STR("a\\?"), STR("a?"), true },
	{ "escaped question is no wildcard", STR("a\\?"), STR("ab"), false },
	{ "plain backslash", STR("a\\b"), STR("a\\b"), true },
	{ "double backslash is one", STR("a\\\\b"), STR("a\\b"), true },
	{ "double backslash is not two", STR("a\\\\b"), STR("a\\\\b"), false },
	{ "backslash then wildcard", STR("a\\\\*"), STR("a\\xyz"), true },
	{ "three: backslash and plain star", STR("a\\\\\\*"), STR("a\\*"), true },
	{ "three: no wildcard", STR("a\\\\\\*"), STR("a\\x"), false },
	{ "three backslashes are two", STR("a\\\\\\b"), STR("a\\\\b"), true },
	{ "four backslashes are two", STR("a\\\\\\\\b"), STR("a\\\\b"), true },
	{ "trailing backslash", STR("a\\"), STR("a\\"), true },
	{ "NUL is a byte", STR("a\0b"), STR("a\0b"), true },
};

static const struct {
	const char *name;
	struct str pattern, value;
	bool match;
} dashes[] = {
	{ "same dash", STR("foo -bar"), STR("foo -bar"), true },
	{ "slash", STR("foo -bar"), STR("foo /bar"), true },
	{ "from slash", STR("foo /bar"), STR("foo -bar"), true },
	{ "en dash", STR("-bar"), STR("–bar"), true },
	{ "em dash", STR("-bar"), STR("—bar"), true },
	{ "horizontal bar", STR("-bar"), STR("―bar"), true },
	{ "not the hyphen", STR("-bar"), STR("‐bar"), false },
	{ "inside a word stays", STR("foo-bar"), STR("foo/bar"), false },
	{ "inside a word itself", STR("foo-bar"), STR("foo-bar"), true },
	{ "second dash of a flag stays", STR("-param-name"), STR("/param/name"), false },
	{ "first dash of a flag", STR("-param-name"), STR("/param-name"), true },
	{ "two dashes: only the one before the word", STR("--x"), STR("-/x"), true },
	{ "two dashes: the first stays", STR("--x"), STR("/-x"), false },
	{ "before a blank stays", STR("a - b"), STR("a / b"), false },
	{ "each on its own", STR(" -a -b"), STR(" /a –b"), true },
	{ "behind a star", STR("*-bar"), STR("x/bar"), true },
};

static bool matches(struct str text, struct str value, bool windash)
{
	struct arena a = { mem, mem + sizeof mem };
	struct pattern p = { 0 };

	if (!pattern_parse(&a, text, &p) || !pattern_fold(&a, &p, &p))
		return false;
	if (windash && !pattern_windash(&a, &p, &p))
		return false;
	return pattern_match(&p, utf8_fold_case(&a, value));
}

static void check_opened(void)
{
	struct arena a = { mem, mem + sizeof mem };
	struct pattern p = { 0 }, both = { 0 }, again = { 0 };

	CHECK("open", pattern_parse(&a, STR("b?c"), &p) && pattern_open(&a, &p, true, true, &both));
	CHECK("contains", pattern_match(&both, STR("abxcd")) && !pattern_match(&p, STR("abxcd")));
	CHECK("open once", pattern_open(&a, &both, true, true, &again) && again.n == both.n);
	CHECK("empty", pattern_literal(&a, STR(""), &p) && pattern_open(&a, &p, true, true, &p) &&
			       pattern_match(&p, STR("anything")) && pattern_match(&p, STR("")));
	CHECK("weight", pattern_parse(&a, STR("a*b?"), &p) && pattern_weight(&p) == 3 &&
				pattern_has_wildcard(&p));
	CHECK("literal", pattern_literal(&a, STR("a*"), &p) && !pattern_has_wildcard(&p) &&
				 pattern_match(&p, STR("a*")) && !pattern_match(&p, STR("ab")));
	struct arena none = { mem, mem };
	CHECK("full", !pattern_parse(&none, STR("a*b"), &p));
}

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(cases[i].name,
		      matches(cases[i].pattern, cases[i].value, false) == cases[i].match);
	for (size_t i = 0; i < COUNT(dashes); i++)
		CHECK(dashes[i].name,
		      matches(dashes[i].pattern, dashes[i].value, true) == dashes[i].match);
	check_opened();
	return TEST_REPORT();
}
