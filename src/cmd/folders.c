/* SPDX-License-Identifier: Apache-2.0 */
/* folders.c - relative to the program, so that no path of the machine that built it is in it. */
#include "cmd/folders.h"

#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first of the places, taken from the program's own folder, that is a folder. */
static struct str beside(struct arena *a, const char *const *places, size_t n)
{
	char exe[PATH_MAX], path[PATH_MAX + 64], real[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof exe - 1);
	struct stat st;

	if (len <= 0)
		return STR("");
	exe[len] = '\0';
	char *slash = strrchr(exe, '/');
	if (slash != NULL)
		*slash = '\0';
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof path, "%s/%s", exe, places[i]);
		if (realpath(path, real) != NULL && stat(real, &st) == 0 && S_ISDIR(st.st_mode))
			return arena_str(a, str_of(real));
	}
	return STR("");
}

struct str folder_content(struct arena *a)
{
	static const char *const places[] = { "../../content", "../../../content",
					      "../share/canh/content" };

	return beside(a, places, COUNT(places));
}

struct str folder_page(struct arena *a)
{
	static const char *const places[] = { "../../ui/dist", "../../../ui/dist",
					      "../share/canh/page" };

	return beside(a, places, COUNT(places));
}

bool folder_absolute(struct arena *a, struct str *path, bool make, struct err *why)
{
	char given[PATH_MAX], real[PATH_MAX];

	if (path->n == 0)
		return true;
	if (path->n >= sizeof given)
		return err_set(why, ERR_LIMIT, 0, "name too long: '%.*s'", STR_ARG(*path));
	snprintf(given, sizeof given, "%.*s", STR_ARG(*path));
	if (make && !dir_make(given, 0700, why))
		return false;
	if (realpath(given, real) == NULL)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", given, strerror(errno));
	*path = arena_str(a, str_of(real));
	return path->p != NULL || err_set(why, ERR_LIMIT, 0, "no memory");
}
