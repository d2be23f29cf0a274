/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drop_folder.c - which file of the drop folder is whole, and where it goes when it is done.
 *
 * Nobody else puts files into done/ and failed/, so that a free name stays free until the move.
 */
#include "base/file.h"
#include "base/time.h"
#include "ingest/drop_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { NUMBERS = 100000, NAME_ROOM = 230 };

int64_t drop_mtime(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

/* Names that copying programs give to what is not whole yet. */
static bool unfinished(struct str name)
{
	static const struct str ends[] = { STR(".part"),       STR(".partial"), STR(".filepart"),
					   STR(".tmp"),        STR(".temp"),    STR(".download"),
					   STR(".crdownload"), STR(".swp"),     STR("~") };

	if (name.n == 0 || name.p[0] == '.')
		return true;
	for (size_t i = 0; i < COUNT(ends); i++)
		if (str_ends_nocase(name, ends[i]))
			return true;
	return false;
}

static struct waiting *waiting_of(struct drop *d, const char *name)
{
	struct waiting *w;

	for (size_t i = 0; i < d->n_waiting; i++)
		if (strcmp(d->waiting[i].name, name) == 0)
			return &d->waiting[i];
	if (d->n_waiting == DROP_WAITING || strlen(name) >= DROP_MAX_NAME)
		return NULL; /* its turn comes when others are done */
	w = &d->waiting[d->n_waiting++];
	*w = (struct waiting){ .size = -1 };
	snprintf(w->name, sizeof w->name, "%s", name);
	return w;
}

static void tell_once(struct drop *d, struct waiting *w, const struct stat *st)
{
	struct err why;

	if (w->told)
		return;
	w->told = true;
	if (S_ISDIR(st->st_mode))
		err_set(&why, ERR_INPUT, 0,
			"'%s' in the drop folder is a folder: put its files there, or an archive",
			w->name);
	else
		err_set(&why, ERR_INPUT, 0, "'%s' in the drop folder is not a plain file", w->name);
	d->calls.follow.report(d->calls.follow.ctx, w->name, &why);
}

static void look_at(struct drop *d, const char *name, const struct stat *st, int64_t now)
{
	struct waiting *w = waiting_of(d, name);

	if (w == NULL)
		return;
	w->seen = true;
	if (w->inode != (uint64_t)st->st_ino || w->size != st->st_size ||
	    w->mtime != drop_mtime(st)) {
		w->inode = (uint64_t)st->st_ino;
		w->size = st->st_size;
		w->mtime = drop_mtime(st);
		w->since = now;
		w->told = false;
	}
	if (!S_ISREG(st->st_mode))
		tell_once(d, w, st);
}

static void forget_unseen(struct drop *d)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->n_waiting; i++)
		if (d->waiting[i].seen)
			d->waiting[kept++] = d->waiting[i];
	d->n_waiting = kept;
}

static void look(struct drop *d, int64_t now)
{
	DIR *dir = opendir(d->folder);
	struct stat st;

	if (dir == NULL)
		return;
	for (size_t i = 0; i < d->n_waiting; i++)
		d->waiting[i].seen = false;
	for (struct dirent *e; (e = readdir(dir)) != NULL;)
		if (!unfinished(str_of(e->d_name)) && strcmp(e->d_name, "done") != 0 &&
		    strcmp(e->d_name, "failed") != 0 && strcmp(e->d_name, "bad") != 0 &&
		    fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			look_at(d, e->d_name, &st, now);
	closedir(dir);
	forget_unseen(d);
}

/* Does anybody have it open for writing? Told by whether a lease could be had; where that cannot be
 * asked (another owner's file), that it is still must do. */
static bool written(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == -1)
		return errno == EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

/* False: it has changed, or somebody writes it. */
static bool open_file(struct drop *d, struct waiting *w)
{
	struct taking *t = &d->t;
	char path[DROP_PATH];

	*t = (struct taking){ .fd = -1 };
	snprintf(t->name, sizeof t->name, "%s", w->name);
	snprintf(path, sizeof path, "%s/%s", d->folder, w->name);
	t->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (t->fd == -1) {
		t->failed = errno;
		return errno != ENOENT;
	}
	if (fstat(t->fd, &t->st) == 0 && t->st.st_size == w->size &&
	    (uint64_t)t->st.st_ino == w->inode && drop_mtime(&t->st) == w->mtime && !written(t->fd))
		return true;
	close(t->fd);
	return false;
}

size_t drop_pick(struct drop *d)
{
	int64_t now = time_monotonic();
	size_t best;

	look(d, now);
	best = d->n_waiting;
	for (size_t i = 0; i < d->n_waiting; i++) {
		const struct waiting *w = &d->waiting[i];

		if (!w->told && now - w->since >= (int64_t)d->calls.quiet_ms * 1000 &&
		    (best == d->n_waiting || strcmp(w->name, d->waiting[best].name) < 0))
			best = i;
	}
	if (best == d->n_waiting || open_file(d, &d->waiting[best]))
		return best;
	d->waiting[best].since = now;
	return d->n_waiting;
}

/* A name in folder/where that is not taken, as a path: NAME, NAME.2, NAME.3 ... */
static bool free_path(struct drop *d, const char *where, char path[DROP_PATH])
{
	struct stat st;

	for (int n = 1; n < NUMBERS; n++) {
		if (n == 1)
			snprintf(path, DROP_PATH, "%s/%s/%s", d->folder, where, d->t.name);
		else
			snprintf(path, DROP_PATH, "%s/%s/%.*s.%d", d->folder, where, (int)NAME_ROOM,
				 d->t.name, n);
		if (lstat(path, &st) == -1)
			return errno == ENOENT;
	}
	return false;
}

static bool save_reasons(struct drop *d, const char *moved, struct err *why)
{
	const struct taking *t = &d->t;
	struct buf b = BUF(2 * DROP_MAX_REASONS);
	char path[DROP_PATH];
	const char *slash = strrchr(moved, '/');
	int folder = (int)(slash - moved);

	for (int l = LANG_VI; l <= LANG_EN; l++)
		buf_printf(
			&b, "%s\n",
			msg_in((enum lang)l,
			       MSG_ID("Not all of this file could be read; what could be read of it "
				      "is stored.")));
	buf_char(&b, '\n');
	buf_add(&b, buf_str(&t->reasons));
	if (t->reasons.full)
		buf_add(&b, STR("...\n"));
	snprintf(path, sizeof path, "%.*s/%.*s.reason", folder, moved, (int)NAME_ROOM + 10,
		 slash + 1);
	bool ok = file_save(AT_FDCWD, path, buf_str(&b), 0640, why);
	buf_free(&b);
	return ok;
}

bool drop_move(struct drop *d)
{
	const struct taking *t = &d->t;
	bool whole = t->unread == 0;
	char from[DROP_PATH], to[DROP_PATH];
	struct err why = { 0 };

	snprintf(from, sizeof from, "%s/%s", d->folder, t->name);
	bool ok = free_path(d, whole ? "done" : "failed", to) && rename(from, to) == 0;
	if (!ok)
		err_set(&why, ERR_IO, 0, "cannot move '%s': %s", t->name, strerror(errno));
	else if (!whole && save_reasons(d, to, &why))
		err_set(&why, ERR_INPUT, 0, "'%s': not all of it could be read: see '%s.reason'",
			t->name, to);
	if (!ok || !whole)
		d->calls.follow.report(d->calls.follow.ctx, t->name, &why);
	return ok;
}
