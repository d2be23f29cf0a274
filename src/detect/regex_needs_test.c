/* SPDX-License-Identifier: Apache-2.0 */
/* What is read out of regular expressions, and where nothing is. */
#include "detect/regex_needs.h"

#include "base/test.h"

static const struct {
	const char *regex, *needs; /* joined by blanks; "": nothing */
} cases[] = {
	{ "whoami", "whoami" },
	{ "WhoAmI", "whoami" },
	{ "(?i)mimi(katz|lib)", "mimi" },
	{ "(mimikatz|sekurlsa)::", "mimikatz sekurlsa" },
	{ "a|bcdefg", "a bcdefg" },
	{ "abcdef|x*", "" },
	{ "abcdef|", "" },
	{ "abcd(efghij)?", "abcd" },
	{ "abcd+efghijk", "defghijk" },
	{ "qq{0,3}zzzzzz", "zzzzzz" },
	{ "qq{2}xyz", "qxyz" },
	{ "[abc]+", "" },
	{ ".*", "" },
	{ "\\\\temp\\\\x", "\\temp\\x" },
	{ "\\.js$", ".js" },
	{ "^\\d{4}-evil-\\d$", "-evil-" },
	{ "(?:xq|zk){2}", "xq zk" },
	{ "(?=abc)", "" },
	{ "(?!abc)qzwx", "qzwx" },
	{ "(?<name>qzwx)y", "qzwx" },
	/* not understood: nothing, never something wrong */
	{ "(?x)a b c", "" },
	{ "\\Qa.b\\E", "" },
	{ "qzwx\\1", "" },
	{ "qzwx[[:alpha:]]", "" },
	{ "[+\\c]k|ligolo[\\w-]*|dnsc", "" }, /* one class up to the second ']' */
	{ "(*UTF)qzwx", "" },
	{ "qzwx{,3}", "" },
	{ "(qzwx", "" },
	{ "qzwx)", "" },
	{ "+qzwx", "" },
	{ "", "" },
};

int main(void)
{
	static unsigned char mem[1 << 20];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct regex_needs needs;
		char got[512] = "";
		size_t n = 0;

		CHECK(cases[i].regex, regex_needs_find(&a, str_of(cases[i].regex), &needs));
		for (size_t k = 0; k < needs.n; k++)
			n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", k > 0 ? " " : "",
					      STR_ARG(needs.text[k]));
		if (!CHECK(cases[i].regex, strcmp(got, cases[i].needs) == 0))
			printf("  got '%s'\n", got);
	}
	struct arena none = { mem, mem };
	struct regex_needs needs;
	CHECK("no room", !regex_needs_find(&none, STR("abcdef"), &needs));
	return TEST_REPORT();
}
