/* SPDX-License-Identifier: Apache-2.0 */
/* rule_files.c - one callback for whatever holds rules. */
#include "cmd/rule_files.h"

#include "base/file.h"
#include "base/unpack.h"

#include <fcntl.h>
#include <sys/stat.h>

#define ARCHIVE_MAX ((size_t)512 << 20)
#define UNPACKED_MAX ((size_t)2 << 30)
#define ROOM (ARCHIVE_MAX + ((size_t)64 << 20))

struct finding {
	bool (*fn)(void *ctx, const struct rule_file *f);
	void *ctx;
	bool (*is)(struct str name);
	size_t root; /* bytes of a path that are not `below` */
	bool folder;
	struct arena scratch;
	struct str archive; /* the path of the archive that is read */
};

bool rule_file_name(struct str name)
{
	return str_ends(name, STR(".yml")) || str_ends(name, STR(".yaml"));
}

static bool yara_file_name(struct str name)
{
	return str_ends_nocase(name, STR(".yar")) || str_ends_nocase(name, STR(".yara"));
}

static bool refuse(struct finding *g, struct str path, const struct err *why)
{
	struct rule_file f = { path, str_skip(path, g->root), { NULL, 0 }, why };

	return g->fn(g->ctx, &f);
}

static struct str shown(struct finding *g, struct arena *a, struct str name)
{
	struct str path = arena_printf(a, "%.*s/%.*s", STR_ARG(g->archive), STR_ARG(name));

	return path.p != NULL ? path : name;
}

static bool member(void *ctx, struct str name, struct str bytes)
{
	struct finding *g = ctx;
	char mem[2 * UNPACK_MAX_NAME + 4096];
	struct arena a = { (unsigned char *)mem, (unsigned char *)mem + sizeof mem };
	struct rule_file f = { shown(g, &a, name), name, bytes, NULL };

	return !g->is(name) || g->fn(g->ctx, &f);
}

static void bad_member(void *ctx, struct str name, const struct err *why)
{
	struct finding *g = ctx;
	char mem[2 * UNPACK_MAX_NAME + 4096];
	struct arena a = { (unsigned char *)mem, (unsigned char *)mem + sizeof mem };

	refuse(g, shown(g, &a, name), why);
}

static bool one(void *ctx, const char *path, const char *name)
{
	struct finding *g = ctx;
	struct arena a = g->scratch;
	struct err why = { 0 };
	struct str text;

	if (g->folder && !g->is(str_of(name)))
		return true;
	if (g->folder ? !file_load(&a, AT_FDCWD, path, RULE_FILE_MAX, &text, &why)
		      : !file_load_given(&a, path, ARCHIVE_MAX, &text, &why))
		return refuse(g, str_of(path), &why);
	if (g->folder || !unpack_knows(text)) {
		struct rule_file f = { str_of(path), str_skip(str_of(path), g->root), text, NULL };

		return g->fn(g->ctx, &f);
	}
	struct unpack u = { member, bad_member, g, RULE_FILE_MAX, UNPACKED_MAX };
	g->archive = str_of(path);
	if (unpack_walk(a, text, &u, &why) || why.kind == ERR_NONE)
		return true;
	return refuse(g, str_of(path), &why);
}

static void unreadable(void *ctx, const char *path, const struct err *why)
{
	refuse(ctx, str_of(path), why);
}

/* The last part of the path belongs to what is below, but where it is "." or "..". */
static size_t below_root(const char *path)
{
	struct str s = str_of(path);

	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	size_t at = s.n;
	while (at > 0 && s.p[at - 1] != '/')
		at--;
	struct str last = str_skip(s, at);
	return str_eq(last, STR(".")) || str_eq(last, STR("..")) ? s.n + 1 : at;
}

static void find_files(const char *path, bool (*is)(struct str name),
		       bool (*fn)(void *ctx, const struct rule_file *f), void *ctx)
{
	struct finding g = { .fn = fn, .ctx = ctx, .is = is };
	struct arena whole;
	struct stat st;
	struct err why;

	g.folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	g.root = below_root(path);
	if (!arena_reserve(&whole, ROOM)) {
		err_set(&why, ERR_LIMIT, 0, "no room for %zu bytes", ROOM);
		refuse(&g, str_of(path), &why);
		return;
	}
	g.scratch = whole;
	file_walk(path, &(struct walk){ one, unreadable, &g });
	arena_release(whole);
}

void rule_files(const char *path, bool (*fn)(void *ctx, const struct rule_file *f), void *ctx)
{
	find_files(path, rule_file_name, fn, ctx);
}

void yara_files(const char *path, bool (*fn)(void *ctx, const struct rule_file *f), void *ctx)
{
	find_files(path, yara_file_name, fn, ctx);
}
