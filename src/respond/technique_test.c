/* SPDX-License-Identifier: Apache-2.0 */
/* Techniques: the shipped file, and what is no such file. */
#include "respond/technique.h"

#include "base/file.h"
#include "base/json.h"
#include "base/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#define ONE(ID) "- id: " ID "\n  name: {vi: a, en: b}\n  text: {vi: c, en: d}\n"

static const struct {
	const char *name, *yaml;
	size_t n, at; /* line of the fault; 0: fine */
} cases[] = {
	{ "none", "[]", 0, 0 },
	{ "one", ONE("T1059"), 1, 0 },
	{ "with parts", ONE("T1059") ONE("T1059.001") ONE("T1060"), 3, 0 },
	{ "no list", "id: T1059", 0, 1 },
	{ "no number", ONE("T105"), 0, 1 },
	{ "no digits", ONE("T10x9"), 0, 1 },
	{ "a long part", ONE("T1059.0001"), 0, 1 },
	{ "twice", ONE("T1059") ONE("T1059"), 0, 4 },
	{ "out of order", ONE("T1060") ONE("T1059"), 0, 4 },
	{ "one language", "- id: T1059\n  name: {vi: a}\n  text: {vi: c, en: d}\n", 0, 1 },
	{ "no text", "- id: T1059\n  name: {vi: a, en: b}\n", 0, 1 },
	{ "more", "- id: T1059\n  name: {vi: a, en: b}\n  text: {vi: c, en: d}\n  x: y\n", 0, 1 },
};

static void table(struct arena whole)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = whole;
		struct techniques t = { .n = 99 };
		struct err why = { 0 };
		bool ok = techniques_parse(&a, str_of(cases[i].yaml), &t, &why);

		CHECK(cases[i].name, ok == (cases[i].at == 0));
		CHECK(cases[i].name, ok ? t.n == cases[i].n : why.at == cases[i].at && t.n == 99);
	}
}

static void shipped(struct arena a)
{
	const char *source = getenv("CANH_SOURCE");
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	struct techniques t = { 0 };
	struct json *v = NULL;
	struct err why = { 0 };
	struct str text;
	char path[512];

	snprintf(path, sizeof path, "%s/content/techniques.yaml", source != NULL ? source : ".");
	if (!CHECK("shipped", file_load(&a, AT_FDCWD, path, 1 << 20, &text, &why) &&
				      techniques_parse(&a, text, &t, &why)))
		printf("%zu: %s\n", why.at, why.text);
	techniques_put(&t, &w);
	CHECK("JSON", json_parse(buf_str(&b), 1 << 20, &v, NULL));
	CHECK("all", json_count(json_get(v, "items")) == t.n && t.n > 50);
	json_free(v);
	buf_free(&b);
}

int main(void)
{
	struct arena whole;

	if (!arena_reserve(&whole, 16 << 20))
		abort();
	table(whole);
	shipped(whole);
	arena_release(whole);
	return TEST_REPORT();
}
