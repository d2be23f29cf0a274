/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused of content/snippets.yaml, and that the shipped one is taken whole. */
#include "web/snippets.h"

#include "base/file.h"
#include "base/json.h"
#include "base/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena mem;

#define BOTH "{vi: a, en: b}"
#define HEAD "- id: x\n  formats: [kv]\n  title: " BOTH "\n  about: " BOTH "\n  undo: " BOTH "\n"
#define WAY(door, text) "  ways:\n    - {door: " door ", title: " BOTH ", text: \"" text "\"}\n"

static const struct {
	const char *name, *yaml;
	bool ok;
	size_t line;
} cases[] = {
	{ "one snippet", HEAD WAY("tcp", "to {{host}} {{port}} {{url}} {{name}} {{token}}"), true,
	  0 },
	{ "a blank that nobody fills in", HEAD WAY("tcp", "to {{hosts}}"), false, 7 },
	{ "a blank that does not end", HEAD WAY("tcp", "to {{host"), false, 7 },
	{ "a door that canh has not", HEAD WAY("smtp", "x"), false, 7 },
	{ "no text", HEAD WAY("tcp", ""), false, 7 },
	{ "no way", HEAD, false, 1 },
	{ "no English", "- id: x\n  formats: [kv]\n  title: {vi: a}\n", false, 1 },
	{ "no format", "- id: x\n  title: " BOTH "\n", false, 1 },
	{ "no list", "id: x\n", false, 1 },
};

static void check_shipped(void)
{
	char path[4096];
	struct arena a = mem;
	struct str text, out = { NULL, 0 };
	struct json *j = NULL;
	struct err why = { 0 };

	if (getenv("CANH_SOURCE") == NULL) {
		test_skip("shipped", "CANH_SOURCE is not set");
		return;
	}
	snprintf(path, sizeof path, "%s/content/snippets.yaml", getenv("CANH_SOURCE"));
	CHECK(why.text, file_load(&a, AT_FDCWD, path, 1 << 20, &text, &why) &&
				snippets_parse(&a, text, &out, &why) &&
				json_parse(out, 1 << 20, &j, &why));
	CHECK("shipped", json_count(json_get(j, "items")) >= 7);
	json_free(j);
}

int main(void)
{
	if (!arena_reserve(&mem, 64 << 20))
		return 1;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = mem;
		struct str out = { NULL, 0 };
		struct err why = { 0 };

		CHECK(cases[i].name,
		      snippets_parse(&a, str_of(cases[i].yaml), &out, &why) == cases[i].ok);
		CHECK(cases[i].name, why.at == cases[i].line && (out.n > 0) == cases[i].ok);
	}
	check_shipped();
	return TEST_REPORT();
}
