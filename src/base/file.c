/* SPDX-License-Identifier: Apache-2.0 */
/* file.c - who opens also closes and does nothing else; the work may return early. */
#include "base/file.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STREAM_STEP = 1 << 20 };

static bool read_all(struct arena *a, int fd, size_t cap, struct str *out, struct err *why)
{
	struct stat st;
	size_t have = 0;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return err_set(why, ERR_IO, 0, "not a plain file");
	if ((uintmax_t)st.st_size > cap)
		return err_set(why, ERR_LIMIT, 0, "longer than %zu bytes", cap);
	size_t len = (size_t)st.st_size;
	char *buf = arena_bytes(a, len);
	if (buf == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", len);
	while (have < len) {
		ssize_t n = read(fd, buf + have, len - have);

		if (n <= 0)
			return err_set(why, ERR_IO, have, "%s", n ? strerror(errno) : "it shrank");
		have += (size_t)n;
	}
	*out = (struct str){ buf, len };
	return true;
}

bool file_load(struct arena *a, int dirfd, const char *name, size_t cap, struct str *out,
	       struct err *why)
{
	struct err inner = { 0 };
	int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd == -1)
		return err_set(why, errno == ENOENT ? ERR_ABSENT : ERR_IO, 0,
			       "cannot open '%s': %s", name, strerror(errno));
	bool ok = read_all(a, fd, cap, out, &inner);
	close(fd);
	if (!ok)
		return err_set(why, inner.kind, inner.at, "cannot read '%s': %s", name, inner.text);
	return true;
}

/* What has no size beforehand: gathered aside, since an arena cannot grow a piece. */
static bool read_stream(struct arena *a, int fd, size_t cap, struct str *out, struct err *why)
{
	struct buf all = { .max = cap < SIZE_MAX ? cap + 1 : cap };
	ssize_t n = 1;

	while (n > 0 && all.n <= cap) {
		size_t step = all.max - all.n < STREAM_STEP ? all.max - all.n : STREAM_STEP;
		char *room = buf_room(&all, step);

		n = room == NULL ? -1 : read(fd, room, step);
		if (n == -1 && errno == EINTR)
			n = 1;
		else if (n > 0)
			all.n += (size_t)n;
	}
	struct str kept = n == 0 ? arena_str(a, buf_str(&all)) : (struct str){ NULL, 0 };
	size_t have = all.n;
	buf_free(&all);
	if (have > cap)
		return err_set(why, ERR_LIMIT, 0, "longer than %zu bytes", cap);
	if (n < 0)
		return err_set(why, ERR_IO, have, "%s", strerror(errno));
	if (kept.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", have);
	*out = kept;
	return true;
}

bool file_load_given(struct arena *a, const char *path, size_t cap, struct str *out,
		     struct err *why)
{
	struct err inner = { 0 };
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return err_set(why, errno == ENOENT ? ERR_ABSENT : ERR_IO, 0,
			       "cannot open '%s': %s", path, strerror(errno));
	bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read_all(a, fd, cap, out, &inner)
							     : read_stream(a, fd, cap, out, &inner);
	close(fd);
	if (!ok)
		return err_set(why, inner.kind, inner.at, "cannot read '%s': %s", path, inner.text);
	return true;
}

bool fd_write_all(int fd, struct str bytes, struct err *why)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return err_set(why, ERR_IO, 0, "cannot write: %s", strerror(errno));
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

static bool write_synced(int fd, struct str bytes, struct err *why)
{
	if (!fd_write_all(fd, bytes, why))
		return false;
	if (fsync(fd) == -1)
		return err_set(why, ERR_IO, 0, "cannot write: %s", strerror(errno));
	return true;
}

/* Make a rename in the folder of `name` durable. */
static bool sync_folder(int dirfd, const char *name, struct err *why)
{
	const char *slash = strrchr(name, '/');
	char dir[4096];
	int n = slash == NULL ? snprintf(dir, sizeof dir, ".")
			      : snprintf(dir, sizeof dir, "%.*s", (int)(slash - name) + 1, name);
	int fd = n > 0 && (size_t)n < sizeof dir
			 ? openat(dirfd, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
			 : -1;

	if (fd == -1)
		return err_set(why, ERR_IO, 0, "cannot open the folder of '%s': %s", name,
			       strerror(errno));
	bool ok = fsync(fd) == 0;
	close(fd);
	return ok || err_set(why, ERR_IO, 0, "cannot write '%s': %s", name, strerror(errno));
}

bool file_save(int dirfd, const char *name, struct str bytes, unsigned mode, struct err *why)
{
	char tmp[4096];
	struct err inner = { 0 };
	int n = snprintf(tmp, sizeof tmp, "%s.%d.new", name, (int)getpid());
	int fd;

	if (n < 0 || (size_t)n >= sizeof tmp)
		return err_set(why, ERR_LIMIT, 0, "name too long: '%s'", name);
	unlinkat(dirfd, tmp, 0);
	fd = openat(dirfd, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd == -1)
		return err_set(why, ERR_IO, 0, "cannot create '%s': %s", tmp, strerror(errno));
	bool ok = write_synced(fd, bytes, &inner);
	close(fd);
	if (ok && renameat(dirfd, tmp, dirfd, name) == 0)
		return sync_folder(dirfd, name, why);
	if (ok)
		err_set(&inner, ERR_IO, 0, "cannot write: %s", strerror(errno));
	unlinkat(dirfd, tmp, 0);
	return err_set(why, ERR_IO, 0, "cannot write '%s': %s", name, inner.text);
}

bool dir_make(const char *path, unsigned mode, struct err *why)
{
	char part[4096];
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof part)
		return err_set(why, ERR_LIMIT, 0, "name too long: '%s'", path);
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, mode) == -1 && errno != EEXIST)
			return err_set(why, ERR_IO, 0, "cannot make the folder '%s': %s", part,
				       strerror(errno));
	}
	struct stat st;
	if (stat(path, &st) == -1 || !S_ISDIR(st.st_mode))
		return err_set(why, ERR_IO, 0, "'%s' is not a folder", path);
	return true;
}

enum { WALK_DEPTH = 32 };

static bool walk(const char *path, const struct walk *w, int depth);

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static void report(const char *path, const struct walk *w)
{
	struct err why = { 0 };

	err_set(&why, ERR_IO, 0, "cannot read '%s': %s", path, strerror(errno));
	if (w->bad != NULL)
		w->bad(w->ctx, path, &why);
}

static bool walk_folder(const char *path, const struct walk *w, int depth)
{
	struct dirent **names;
	int n = scandir(path, &names, not_dots, by_name);
	bool go = true;

	if (n == -1) {
		report(path, w);
		return true;
	}
	for (int i = 0; i < n; i++) {
		char *sub = NULL;

		if (go && asprintf(&sub, "%s/%s", path, names[i]->d_name) != -1)
			go = walk(sub, w, depth + 1);
		free(sub);
		free(names[i]);
	}
	free(names);
	return go;
}

static bool walk(const char *path, const struct walk *w, int depth)
{
	struct stat st;
	const char *slash = strrchr(path, '/');

	/* The place that was named may be a link; what is found below it is not followed. */
	if ((depth == 0 ? stat(path, &st) : lstat(path, &st)) == -1) {
		report(path, w);
		return true;
	}
	if (S_ISREG(st.st_mode) || (depth == 0 && !S_ISDIR(st.st_mode)))
		return w->fn(w->ctx, path, slash == NULL ? path : slash + 1);
	if (!S_ISDIR(st.st_mode))
		return true;
	if (depth == WALK_DEPTH) {
		errno = ELOOP;
		report(path, w);
		return true;
	}
	return walk_folder(path, w, depth);
}

bool file_walk(const char *path, const struct walk *w)
{
	return walk(path, w, 0);
}
