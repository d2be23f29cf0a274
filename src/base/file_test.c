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

/* What a person named may be a link or a pipe; what is found in a folder may not. */
static void given(const char *dir)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct str s = STR("before");
	struct err why = { 0 };
	char path[128], link[128];
	int ends[2];

	snprintf(path, sizeof path, "%s/x", dir);
	snprintf(link, sizeof link, "%s/link", dir);
	CHECK("make a link", symlink(path, link) == 0);
	CHECK("a link in a folder", !file_load(&a, AT_FDCWD, link, 100, &s, &why));
	CHECK("untouched", str_eq(s, STR("before")));
	CHECK("a link that was named",
	      file_load_given(&a, link, 100, &s, &why) && str_eq(s, STR("again\n")));
	CHECK("a folder that was named", !file_load_given(&a, dir, 100, &s, &why));
	unlink(link);
	CHECK("absent", !file_load_given(&a, link, 100, &s, &why) && why.kind == ERR_ABSENT);
	for (size_t cap = 4; cap < 7; cap++) {
		if (!CHECK("pipe", pipe(ends) == 0 && write(ends[1], "12345", 5) == 5))
			return;
		close(ends[1]);
		snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
		bool ok = file_load_given(&a, path, cap, &s, &why);
		CHECK("a pipe that was named",
		      cap < 5 ? !ok && why.kind == ERR_LIMIT : ok && str_eq(s, STR("12345")));
		close(ends[0]);
	}
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
	given(dir);
	walks(dir);
	CHECK("nothing else was left", clean_up(dir));
	return TEST_REPORT();
}
