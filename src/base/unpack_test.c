/* SPDX-License-Identifier: Apache-2.0 */
#include "base/unpack.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/test.h"

#include <fcntl.h>

struct seen {
	struct buf names; /* "name:bytes\n", "!name\n" for what is passed over */
	size_t stop;      /* after that many */
};

static bool member(void *ctx, struct str name, struct str bytes)
{
	struct seen *s = ctx;

	buf_printf(&s->names, "%.*s:%zu\n", STR_ARG(name), bytes.n);
	return s->stop == 0 || --s->stop > 0;
}

static void bad(void *ctx, struct str name, const struct err *why)
{
	struct seen *s = ctx;

	(void)why;
	buf_printf(&s->names, "!%.*s\n", STR_ARG(name));
}

static const struct {
	const char *name, *file, *members;
	size_t max_member, max_total, stop;
	bool ok;
	enum err_kind kind;
} cases[] = {
	{ "zip", "zip", "rules/a.yml:9\n!../b.yml\nbig.txt:100000\n", 1 << 20, 1 << 20, 0, true,
	  ERR_NONE },
	{ "tar", "tar", "rules/a.yml:9\n!/abs.yml\n", 1 << 20, 1 << 20, 0, true, ERR_NONE },
	{ "tar.gz", "tar.gz", "rules/a.yml:9\n!/abs.yml\n", 1 << 20, 1 << 20, 0, true, ERR_NONE },
	{ "long member", "zip", "rules/a.yml:9\n!../b.yml\n!big.txt\n", 99999, 1 << 20, 0, true,
	  ERR_NONE },
	{ "bomb", "zip", "rules/a.yml:9\n!../b.yml\n", 1 << 20, 1000, 0, false, ERR_LIMIT },
	{ "cut", "cut", "rules/a.yml:9\n", 1 << 20, 1 << 20, 0, false, ERR_INPUT },
	{ "ended", "zip", "rules/a.yml:9\n", 1 << 20, 1 << 20, 1, false, ERR_NONE },
};

static const struct {
	const char *name;
	bool safe;
} names[] = {
	{ "a.yml", true }, { "a/b.yml", true }, { "a..b/c", true }, { "./a", true },
	{ "", false },     { "/a", false },     { "../a", false },  { "a/../b", false },
	{ "a/..", false }, { "a\\b", false },   { "a\nb", false },  { "\xc4\x91.yml", true },
};

static void check_file(size_t i, struct arena a)
{
	char path[4096];
	struct str bytes;
	struct seen s = { BUF(4096), cases[i].stop };
	struct unpack u = { member, bad, &s, cases[i].max_member, cases[i].max_total };
	struct err why = { 0 };

	snprintf(path, sizeof path, "%s/fuzz/base_unpack/%s", getenv("CANH_SOURCE"), cases[i].file);
	if (!CHECK(cases[i].name, file_load(&a, AT_FDCWD, path, 1 << 20, &bytes, NULL)))
		return;
	CHECK(cases[i].name, unpack_knows(bytes));
	CHECK(cases[i].name, unpack_walk(a, bytes, &u, &why) == cases[i].ok);
	CHECK(cases[i].name, why.kind == cases[i].kind);
	size_t n = strlen(cases[i].members);
	CHECK(cases[i].name, s.names.n >= n && memcmp(s.names.p, cases[i].members, n) == 0 &&
				     (s.names.n == n || !cases[i].ok));
	buf_free(&s.names);
}

int main(void)
{
	struct arena whole;
	struct err why = { 0 };

	if (!arena_reserve(&whole, 16 << 20))
		return 1;
	for (size_t i = 0; i < COUNT(names); i++)
		CHECK(names[i].name, unpack_name_safe(str_of(names[i].name)) == names[i].safe);
	if (getenv("CANH_SOURCE") == NULL)
		test_skip("archives", "CANH_SOURCE is not set");
	for (size_t i = 0; i < COUNT(cases) && getenv("CANH_SOURCE") != NULL; i++)
		check_file(i, whole);
	struct unpack u = { member, bad, NULL, 100, 100 };
	CHECK("no archive", !unpack_walk(whole, STR("title: a\n"), &u, &why) &&
				    why.kind == ERR_INPUT && !unpack_knows(STR("title: a\n")));
	arena_release(whole);
	return TEST_REPORT();
}
