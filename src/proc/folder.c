/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

bool folder_look(const char *path, const char *suffix, struct folder *out, struct err *why)
{
	DIR *d = opendir(path);
	struct folder got = { .n = 0 };
	struct stat st;

	if (d == NULL)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		size_t n = strlen(e->d_name);

		if (n >= FOLDER_NAME || !str_ends(str_of(e->d_name), str_of(suffix)) ||
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		got.n++;
		got.bytes += (uint64_t)st.st_size;
		if (got.first[0] == '\0' || strcmp(e->d_name, got.first) < 0)
			memcpy(got.first, e->d_name, n + 1);
	}
	closedir(d);
	*out = got;
	return true;
}
