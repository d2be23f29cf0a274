/* SPDX-License-Identifier: Apache-2.0 */
#include "base/unpack.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/test.h"
#include "base/zstd.h"

#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>

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

/* --- a stream of all, archives in archives too --- */

static bool begin(void *ctx, struct str name)
{
	struct seen *s = ctx;

	buf_printf(&s->names, "%.*s:", STR_ARG(name));
	return true;
}

static bool piece(void *ctx, struct str bytes)
{
	struct seen *s = ctx;

	buf_add(&s->names, str_sub(bytes, 0, 16));
	return s->stop == 0 || --s->stop > 0;
}

static bool end(void *ctx, const struct err *why)
{
	struct seen *s = ctx;

	buf_add(&s->names, why == NULL ? STR(".\n") : STR("damaged\n"));
	return true;
}

static const struct {
	const char *name, *file, *members;
	struct unpack_caps caps; /* 0: enough */
	size_t stop;
	enum err_kind kind;
} streams[] = {
	{ "7z", "7z", "log/a.log:one\ntwo\n.\nnhật ký.log:ba\n.\n", { .depth = 0 }, 0, ERR_NONE },
	{ "gz", "single.gz", ":just\nlines\n.\n", { .single = true }, 0, ERR_NONE },
	{ "zst", "single.zst", ":just\nlines\n.\n", { .single = true }, 0, ERR_NONE },
	{ "no archive in it", "single.gz", "", { .single = false }, 0, ERR_INPUT },
	{ "nested",
	  "nested",
	  "a.log:one\ntwo\n.\nnhật ký/b.log.gz:three\n.\nin.tar.gz/x.log:in\nner\n.\n"
	  "deep.zip/deeper.tar.gz/y.gz:deep\n.\n!false.gz\nlast.log:end\n.\n",
	  { .single = true, .depth = 3 },
	  0,
	  ERR_NONE },
	{ "not deeper than that",
	  "nested",
	  "a.log:one\ntwo\n.\nnhật ký/b.log.gz:three\n.\nin.tar.gz/x.log:in\nner\n.\n"
	  "deep.zip/deeper.tar.gz:\x1f\x8b",
	  { .single = true, .depth = 1 },
	  0,
	  ERR_NONE },
	{ "an inner one that is too long",
	  "nested",
	  "a.log:one\ntwo\n.\n!nhật ký/b.log.gz\n",
	  { .single = true, .depth = 3, .inner = 10 },
	  0,
	  ERR_NONE },
	{ "one damaged, the next read", "crc", "ok.log:fine\n.\n", { .depth = 0 }, 0, ERR_NONE },
	{ "one with a password",
	  "password",
	  "!secret.log\nopen.log:open\n.\n",
	  { .depth = 0 },
	  0,
	  ERR_NONE },
	{ "too many", "nested", "a.log:one\ntwo\n.\n", { .members = 1 }, 0, ERR_LIMIT },
	{ "too many in all depths",
	  "nested",
	  "a.log:one\ntwo\n.\nnhật ký/b.log.gz:three\n.\n",
	  { .members = 3, .depth = 3, .single = true },
	  0,
	  ERR_LIMIT },
	{ "too many bytes", "nested", "", { .bytes = 7 }, 0, ERR_LIMIT },
	{ "too many bytes in all depths",
	  "nested",
	  "a.log:one\ntwo\n.\n",
	  { .bytes = 10, .depth = 3 },
	  0,
	  ERR_LIMIT },
	{ "ended", "nested", "a.log:one\ntwo\n", { .depth = 0 }, 1, ERR_NONE },
};

static void check_stream(size_t i, struct arena a)
{
	char path[4096];
	struct str bytes;
	struct seen s = { BUF(4096), streams[i].stop };
	struct unpack_sink sink = { begin, piece, end, bad, &s };
	struct unpack_caps caps = streams[i].caps;
	struct err why = { 0 };

	caps.bytes = caps.bytes == 0 ? 1 << 20 : caps.bytes;
	caps.members = caps.members == 0 ? 100 : caps.members;
	caps.inner = caps.inner == 0 ? 1 << 20 : caps.inner;
	snprintf(path, sizeof path, "%s/fuzz/base_unpack/%s", getenv("CANH_SOURCE"),
		 streams[i].file);
	if (!CHECK(streams[i].name, file_load(&a, AT_FDCWD, path, 1 << 20, &bytes, NULL)))
		return;
	bool ok = unpack_stream(a, bytes, &caps, &sink, &why);
	CHECK(streams[i].name, ok == (why.kind == ERR_NONE && streams[i].stop == 0));
	CHECK(streams[i].name, why.kind == streams[i].kind);
	if (!CHECK(streams[i].name, str_starts(buf_str(&s.names), str_of(streams[i].members))))
		printf("has %.*s\n", STR_ARG(buf_str(&s.names)));
	buf_free(&s.names);
}

/* What comes out is held to what went in: a gigabyte of one byte is none of our logs. */
static void check_ratio(struct arena a)
{
	struct buf packed = BUF(128 << 20);
	struct zstd *z = zstd_new();
	struct seen s = { BUF(1 << 20), 0 };
	struct unpack_sink sink = { begin, piece, end, bad, &s };
	struct unpack_caps caps = { .bytes = UINT64_MAX, .members = 1, .single = true };
	size_t len = (size_t)UNPACK_RATIO_FROM + (1 << 20);
	char *same = malloc(len);
	struct err why = { 0 };

	if (z == NULL || same == NULL)
		exit(1);
	memset(same, 'a', len);
	CHECK("pack", zstd_pack(z, (struct str){ same, len }, 3, &packed, &why));
	CHECK("any ratio", unpack_stream(a, buf_str(&packed), &caps, &sink, &why));
	caps.ratio = 500;
	CHECK("a bomb",
	      !unpack_stream(a, buf_str(&packed), &caps, &sink, &why) && why.kind == ERR_LIMIT);
	free(same);
	zstd_free(z);
	buf_free(&packed);
	buf_free(&s.names);
}

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

	setlocale(LC_CTYPE, "C.UTF-8");
	if (!arena_reserve(&whole, 16 << 20))
		return 1;
	for (size_t i = 0; i < COUNT(names); i++)
		CHECK(names[i].name, unpack_name_safe(str_of(names[i].name)) == names[i].safe);
	if (getenv("CANH_SOURCE") == NULL)
		test_skip("archives", "CANH_SOURCE is not set");
	for (size_t i = 0; i < COUNT(cases) && getenv("CANH_SOURCE") != NULL; i++)
		check_file(i, whole);
	for (size_t i = 0; i < COUNT(streams) && getenv("CANH_SOURCE") != NULL; i++)
		check_stream(i, whole);
	check_ratio(whole);
	CHECK("a line of text", !unpack_knows(STR("BZh9 is how a line may begin\n")));
	struct unpack u = { member, bad, NULL, 100, 100 };
	CHECK("no archive", !unpack_walk(whole, STR("title: a\n"), &u, &why) &&
				    why.kind == ERR_INPUT && !unpack_knows(STR("title: a\n")));
	arena_release(whole);
	return TEST_REPORT();
}
