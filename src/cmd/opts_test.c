/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/opts.h"

#include "base/msg.h"
#include "base/test.h"

static bool flag;
static const char *text, *choice;
static struct opt_list many;
static uint64_t number;

static const struct opt table[] = {
	{ "flag", OPT_FLAG, &flag, NULL, MSG_ID("x") },
	{ "text", OPT_TEXT, &text, "T", MSG_ID("x") },
	{ "many", OPT_MANY, &many, "M", MSG_ID("x") },
	{ "choice", OPT_CHOICE, &choice, "one|two", MSG_ID("x") },
	{ "number", OPT_NUMBER, &number, "N", MSG_ID("x") },
	{ "f", OPT_TEXT, &text, "T", MSG_ID("x") },
};

static const struct {
	const char *name, *args; /* split at blanks */
	enum opts_result result;
	const char *operands, *text, *choice;
	size_t many;
	bool flag;
} cases[] = {
	{ "operands", "a b", OPTS_GO, "a b", NULL, NULL, 0, false },
	{ "flag", "--flag a", OPTS_GO, "a", NULL, NULL, 0, true },
	{ "behind", "a --flag b", OPTS_GO, "a b", NULL, NULL, 0, true },
	{ "value", "--text v a", OPTS_GO, "a", "v", NULL, 0, false },
	{ "value with =", "--text=v=w a", OPTS_GO, "a", "v=w", NULL, 0, false },
	{ "empty value", "--text= a", OPTS_GO, "a", "", NULL, 0, false },
	{ "value like an option", "--text --flag a", OPTS_GO, "a", "--flag", NULL, 0, false },
	{ "short", "-f v a", OPTS_GO, "a", "v", NULL, 0, false },
	{ "many", "--many 1 --many=2 --many 3 a", OPTS_GO, "a", NULL, NULL, 3, false },
	{ "choice", "--choice two a", OPTS_GO, "a", NULL, "two", 0, false },
	{ "end of options", "-- --flag", OPTS_GO, "--flag", NULL, NULL, 0, false },
	{ "stdin", "-", OPTS_GO, "-", NULL, NULL, 0, false },
	{ "language", "--lang vi a", OPTS_GO, "a", NULL, NULL, 0, false },
	{ "no such choice", "--choice three a", OPTS_WRONG, NULL, NULL, NULL, 0, false },
	{ "no such option", "--nothing a", OPTS_WRONG, NULL, NULL, NULL, 0, false },
	{ "beginning of an option", "--fla a", OPTS_WRONG, NULL, NULL, NULL, 0, false },
	{ "flag with a value", "--flag=1 a", OPTS_WRONG, NULL, NULL, NULL, 0, false },
	{ "value missing", "a --text", OPTS_WRONG, NULL, NULL, NULL, 0, false },
	{ "no number", "--number x a", OPTS_WRONG, NULL, NULL, NULL, 0, false },
	{ "no such language", "--lang xx a", OPTS_WRONG, NULL, NULL, NULL, 0, false },
	{ "too few", "--flag", OPTS_WRONG, NULL, NULL, NULL, 0, true },
	{ "too many", "a b c", OPTS_WRONG, NULL, NULL, NULL, 0, false },
	{ "description", "--describe", OPTS_HELPED, NULL, NULL, NULL, 0, false },
	{ "help", "a b c --help", OPTS_HELPED, NULL, NULL, NULL, 0, false },
};

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void check(size_t i)
{
	const struct opts o = { "test", "X...", MSG_ID("x"), table, COUNT(table), 1, 2 };
	char mem[256], joined[256] = "";
	char *argv[32] = { mem };
	int argc = 1, at = snprintf(mem, sizeof mem, "test") + 1;
	struct str rest = str_of(cases[i].args), one;
	size_t n = 0;

	flag = false;
	text = choice = NULL;
	many.n = 0;
	while (str_split(&rest, ' ', &one)) {
		argv[argc++] = mem + at;
		at += snprintf(mem + at, sizeof mem - (size_t)at, "%.*s", STR_ARG(one)) + 1;
	}
	CHECK(cases[i].name, opts_parse(&o, argc, argv, &n) == cases[i].result);
	if (cases[i].result != OPTS_GO)
		return;
	for (size_t k = 0, len = 0; k < n; k++)
		len += (size_t)snprintf(joined + len, sizeof joined - len, "%s%s", k > 0 ? " " : "",
					argv[k]);
	CHECK(cases[i].name, same(joined, cases[i].operands));
	CHECK(cases[i].name, same(text, cases[i].text) && same(choice, cases[i].choice));
	CHECK(cases[i].name, many.n == cases[i].many && flag == cases[i].flag);
}

int main(void)
{
	msg_lang_set(LANG_EN);
	for (size_t i = 0; i < COUNT(cases); i++)
		check(i);
	char name[] = "canh", lang[] = "--lang=vi", end[] = "--", *argv[] = { name, lang };
	setenv("LC_ALL", "C", 1);
	opts_language(2, argv);
	CHECK("--lang before the environment", msg_lang() == LANG_VI);
	opts_language(1, argv);
	CHECK("environment", msg_lang() == LANG_EN);
	setenv("LC_ALL", "", 1);
	setenv("LC_MESSAGES", "vi_VN.UTF-8", 1);
	opts_language(1, argv);
	CHECK("the next that is set", msg_lang() == LANG_VI);
	char *after[] = { name, end, lang };
	setenv("LC_MESSAGES", "en_US", 1);
	opts_language(3, after);
	CHECK("an operand is no option", msg_lang() == LANG_EN);
	return TEST_REPORT();
}
