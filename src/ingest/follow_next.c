/* SPDX-License-Identifier: Apache-2.0 */
/* follow_next.c - invariant: what is found is a plain file of the folder, opened without following links. */
#include "ingest/follow_int.h"

#include "base/str.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

DIR *follow_folder(const char *file, const char **name)
{
	char folder[PATH_BYTES];
	char *slash;

	snprintf(folder, sizeof folder, "%s", file);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		return NULL;
	*name = file + (slash - folder) + 1;
	slash[slash == folder] = '\0';
	return opendir(folder);
}

static bool is_stamp(struct str s)
{
	bool digits = false;

	for (size_t i = 0; i < s.n; i++) {
		digits |= ascii_digit(s.p[i]);
		if (!ascii_digit(s.p[i]) && memchr("-._TZ", s.p[i], 5) == NULL)
			return false;
	}
	return digits;
}

/* "a.log.1", "a.log-20261123", "a-20261123.log": names that "a.log" gets when it is rotated. */
static bool is_rotated(struct str own, struct str name)
{
	size_t dot = own.n;

	if (str_starts(name, own))
		return is_stamp(str_skip(name, own.n));
	while (dot > 0 && own.p[dot - 1] != '.')
		dot--;
	if (dot < 2)
		return false;
	struct str stem = str_sub(own, 0, dot - 1), end = str_skip(own, dot - 1);
	return name.n > own.n && str_starts(name, stem) && str_ends(name, end) &&
	       is_stamp(str_sub(name, stem.n, name.n - end.n));
}

int64_t follow_born(int fd)
{
	struct statx x;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &x) == -1 || !(x.stx_mask & STATX_BTIME))
		return 0;
	return (int64_t)x.stx_btime.tv_sec * 1000000000 + x.stx_btime.tv_nsec;
}

/* Somebody's copy of the one that was read: it says the same from its beginning. */
static bool is_copy(int fd, int of)
{
	char x[1024], y[1024];
	ssize_t n = pread(fd, x, sizeof x, 0);

	return n > 0 && pread(of, y, (size_t)n, 0) == n && memcmp(x, y, (size_t)n) == 0;
}

/* A file that had the name after the one that was read and before `now`, and the first of these. */
static void try_between(int former, DIR *d, const char *name, const struct next_file *now,
			struct next_file *best)
{
	struct next_file x = { .fd = openat(dirfd(d), name,
					    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) };

	if (x.fd == -1)
		return;
	x.born = follow_born(x.fd);
	bool fits = fstat(x.fd, &x.st) == 0 && S_ISREG(x.st.st_mode) && x.st.st_size > 0 &&
		    x.st.st_ino != now->st.st_ino && x.born > follow_born(former) &&
		    x.born <= now->born && (best->fd == -1 || x.born < best->born) &&
		    !is_copy(x.fd, former);
	if (!fits) {
		close(x.fd);
		return;
	}
	if (best->fd != -1)
		close(best->fd);
	*best = x;
}

struct next_file follow_between(const char *path, int former, const struct next_file *now)
{
	struct next_file best = { .fd = -1 };
	const char *own;
	DIR *d = follow_born(former) == 0 ? NULL : follow_folder(path, &own);

	if (d == NULL)
		return best;
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		if (is_rotated(str_of(own), str_of(e->d_name)))
			try_between(former, d, e->d_name, now, &best);
	closedir(d);
	return best;
}
