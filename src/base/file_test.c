/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include "base/test.h"

#include <fcntl.h>
#include <unistd.h>

struct seen {
	int files, bad;
	char last[64];
};

static bool count(void *ctx, const char *path, const char *name)
{
	struct seen *s = ctx;

	(void)path;
	s->files++;
	snprintf(s->last, sizeof s->last, "%s", name);
	return s->files < 3;
}

static void count_bad(void *ctx, const char *path, const struct err *why)
{
	(void)path;
	((struct seen *)ctx)->bad += why->kind == ERR_IO;
}

static void walks(const char *dir)
{
	struct seen s = { 0 };
	struct walk w = { count, count_bad, &s };
	char path[128];

	snprintf(path, sizeof path, "%s/a/b", dir);
	CHECK("make folders", dir_make(path, 0700, NULL) && dir_make(path, 0700, NULL));
	for (int i = 0; i < 4; i++) {
		snprintf(path, sizeof path, "%s/a/b/f%d", dir, i);
		CHECK("save", file_save(AT_FDCWD, path, STR("x"), 0600, NULL));
	}
	CHECK("stops", !file_walk(dir, &w) && s.files == 3 && strcmp(s.last, "f2") == 0);
	snprintf(path, sizeof path, "%s/none", dir);
	CHECK("absent is reported", file_walk(path, &w) && s.bad == 1);
}

static bool clean_up(const char *dir)
{
	static const char *const left[] = { "a/b/f0", "a/b/f1", "a/b/f2", "a/b/f3",
					    "a/b",    "a",      "x",      "" };
	char path[128];

	for (size_t i = 0; i < COUNT(left); i++) {
		snprintf(path, sizeof path, "%s/%s", dir, left[i]);
		if (remove(path) == -1)
			return false;
	}
	return true;
}

int main(void)
{
	char dir[] = "/tmp/canh-file-XXXXXX", path[128];
	unsigned char mem[4096];
	struct arena a = { mem, mem + sizeof mem };
	struct err why = { 0 };
	struct str s = STR("before");

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/x", dir);
	CHECK("absent", !file_load(&a, AT_FDCWD, path, 100, &s, &why) && why.kind == ERR_ABSENT);
	CHECK("untouched", str_eq(s, STR("before")));
	CHECK("save", file_save(AT_FDCWD, path, STR("hello\n"), 0600, &why));
	CHECK("replace", file_save(AT_FDCWD, path, STR("again\n"), 0600, &why));
	CHECK("load", file_load(&a, AT_FDCWD, path, 100, &s, &why) && str_eq(s, STR("again\n")));
	CHECK("cap", !file_load(&a, AT_FDCWD, path, 3, &s, &why) && why.kind == ERR_LIMIT);
	CHECK("a folder", !file_load(&a, AT_FDCWD, dir, 100, &s, &why) && why.kind == ERR_IO);
	walks(dir);
	CHECK("nothing else was left", clean_up(dir));
	return TEST_REPORT();
}
