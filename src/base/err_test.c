/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include "base/test.h"

static const struct msg_entry catalogue[] = {
	{ "cannot open '%s': %s", "không mở được '%s': %s" },
	{ "more than %d fields, %zu%% of %.*s", "quá %d trường, %zu%% của %.*s" },
};

int main(void)
{
	struct err why = { 0 };
	char out[ERR_TEXT_MAX];

	msg_catalogue(catalogue, COUNT(catalogue));
	CHECK("false", !err_set(&why, ERR_IO, 7, "cannot open '%s': %s", "x", "gone"));
	CHECK("kind", why.kind == ERR_IO && why.at == 7);
	CHECK("english",
	      strcmp(err_text(&why, LANG_EN, out, sizeof out), "cannot open 'x': gone") == 0);
	CHECK("vietnamese",
	      strcmp(err_text(&why, LANG_VI, out, sizeof out), "không mở được 'x': gone") == 0);
	err_set(&why, ERR_LIMIT, 0, "more than %d fields, %zu%% of %.*s", 9, (size_t)50,
		STR_ARG(STR("abc")));
	CHECK("numbers", strcmp(err_text(&why, LANG_EN, out, sizeof out),
				"more than 9 fields, 50% of abc") == 0);
	CHECK("numbers in vietnamese",
	      strcmp(err_text(&why, LANG_VI, out, sizeof out), "quá 9 trường, 50% của abc") == 0);
	err_set(&why, ERR_IO, 0, "cannot open '%s': %s", "y", why.text);
	CHECK("from itself",
	      strcmp(why.text, "cannot open 'y': more than 9 fields, 50% of abc") == 0);
	CHECK("cut", strlen(err_text(&why, LANG_EN, out, 5)) == 4);
	CHECK("nobody cares", !err_set(NULL, ERR_IO, 0, "x"));
	CHECK("language names", lang_parse("vi_VN.UTF-8") == LANG_VI &&
					lang_parse("C") == LANG_EN && lang_parse(NULL) == LANG_EN);
	return TEST_REPORT();
}
