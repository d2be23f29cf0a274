/* SPDX-License-Identifier: Apache-2.0 */
/*
 * follow.c - one thread that looks at every file in turn.
 *
 * Invariant: `place` is what is durable; while a chunk is under way (`waiting`) the file is not read.
 */
#include "ingest/follow.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/time.h"
#include "event/reader.h"
#include "ingest/chunk.h"
#include "ingest/follow_int.h"
#include "ingest/head.h"
#include "ingest/wide.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TURN_US = 200000, QUIET_US = 2000000, PATH_BYTES = 4096, NAME_BYTES = 512 };

struct tail {
	char path[PATH_BYTES], name[NAME_BYTES], stream[STREAM_KEY_MAX]; /* no path: a free place */
	bool leaving; /* not followed any more once its chunk has come back */
	int fd;       /* -1: not open */
	uint64_t inode, place, size;
	int64_t changed;   /* its mtime when it was last looked at, ns */
	int64_t grown;     /* monotonic: when it was last seen to change */
	uint32_t cut_away; /* how often a part was cut away that was not read yet; to be told */
	char head[HEAD_TEXT];
	bool complained;
	/* the chunk under way */
	bool waiting, answered, stored; /* answered, stored: under the lock */
	uint64_t end;
};

/* What is to be followed from the next turn on. */
struct wish {
	size_t n;
	struct {
		char path[PATH_BYTES], name[NAME_BYTES];
	} file[];
};

struct follower {
	struct queue *intake; /* borrowed */
	struct follow_calls calls;
	struct tail *tails; /* FOLLOW_MAX_FILES, owned */
	struct wish *wish;  /* under the lock; owned; NULL: it stays as it is */
	char *bytes;        /* CHUNK_BYTES, owned */
	struct buf text;    /* what they say in UTF-8 where they are UTF-16 */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t answered;
	bool stop;
};

static void complain(struct follower *f, struct tail *t, const char *what, const char *because)
{
	struct err why = { 0 };

	if (t->complained)
		return;
	t->complained = true;
	err_set(&why, ERR_IO, 0, "cannot %s '%s': %s", what, t->path, because);
	f->calls.report(f->calls.ctx, t->path, &why);
}

/* Whether the file still begins with what was taken in of it. */
static bool same_head(const struct tail *t)
{
	return t->place == 0 || head_same(t->fd, str_of(t->head));
}

/* The file that has the name now, or -1. */
static int open_path(struct follower *f, struct tail *t, struct stat *st)
{
	int fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd == -1) {
		if (errno != ENOENT)
			complain(f, t, "read", strerror(errno));
		return -1;
	}
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	complain(f, t, "read", "it is no plain file");
	return -1;
}

/* `name` beside it, when that is the file that was followed; else -1. */
static int open_former(DIR *d, const char *name, const struct follow_position *at, struct stat *st)
{
	if (fstatat(dirfd(d), name, st, AT_SYMLINK_NOFOLLOW) == -1 || !S_ISREG(st->st_mode) ||
	    (uint64_t)st->st_ino != at->inode || (uint64_t)st->st_size < at->place)
		return -1;
	int fd = openat(dirfd(d), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd != -1 && !head_same(fd, at->head)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* While nobody watched, the file was renamed away and another has its name: what was written to it
 * since is read first. */
static bool go_back(struct tail *t, const struct follow_position *at, struct stat *st)
{
	const char *name;
	int fd = -1;
	DIR *d = follow_folder(t->path, &name);

	if (d == NULL)
		return false;
	for (struct dirent *e; fd == -1 && (e = readdir(d)) != NULL;)
		fd = open_former(d, e->d_name, at, st);
	closedir(d);
	if (fd == -1)
		return false;
	close(t->fd);
	t->fd = fd;
	return true;
}

static bool open_tail(struct follower *f, struct tail *t)
{
	struct follow_position at;
	struct stat st;
	char head[64];

	t->fd = open_path(f, t, &st);
	if (t->fd == -1)
		return false;
	t->complained = false;
	bool known = f->calls.position(f->calls.ctx, str_of(t->stream), &at, head);
	if (known && at.inode != (uint64_t)st.st_ino && !go_back(t, &at, &st)) {
		complain(f, t, "read on",
			 "the file that had its name is gone, and what came into it at last");
		t->complained = false; /* the one that has it now is read */
	}
	t->inode = (uint64_t)st.st_ino;
	t->size = t->place = 0;
	t->changed = 0;
	t->grown = time_monotonic();
	if (known && at.inode == t->inode && at.place <= (uint64_t)st.st_size) {
		t->place = at.place;
		snprintf(t->head, sizeof t->head, "%.*s", STR_ARG(at.head));
		if (!same_head(t))
			t->place = 0;
	}
	return true;
}

static void done(struct chunk *c, const struct chunk_result *r)
{
	struct tail *t = c->owner;
	struct follower *f = c->door_ctx;

	chunk_free(c);
	pthread_mutex_lock(&f->lock);
	t->stored = r->ok;
	t->answered = true;
	pthread_cond_signal(&f->answered);
	pthread_mutex_unlock(&f->lock);
}

static void hand_on(struct follower *f, struct tail *t, struct chunk *c, size_t used)
{
	char head[HEAD_TEXT] = "";

	t->end = t->place + used;
	if (head_of(t->fd, t->end, head))
		snprintf(t->head, sizeof t->head, "%s", head);
	snprintf(c->stream, sizeof c->stream, "%s", t->stream);
	c->stream_offset = t->end;
	c->stream_inode = t->inode;
	c->stream_head = arena_str(&c->mem, str_of(t->head));
	c->received = time_now();
	c->owner = t;
	c->door_ctx = f;
	c->done = done;
	c->dropped[DROP_TRUNCATED] = t->cut_away;
	t->cut_away = 0;
	t->answered = false;
	t->waiting = true;
	if (!queue_put(f->intake, c, chunk_weight(c))) {
		chunk_free(c);
		t->waiting = false;
	}
}

enum reading { READ_ON, READ_NOTHING, READ_LATER, READ_FAULT };

/* UTF-16, as the beginning of the file tells. */
static enum wide is_wide(const struct tail *t)
{
	char head[16];
	ssize_t n = pread(t->fd, head, sizeof head, 0);

	return utf16_told((struct str){ head, n < 0 ? 0 : (size_t)n });
}

/* Read on from `place`. READ_NOTHING: nothing whole is there. */
static enum reading read_on(struct follower *f, struct tail *t, bool last)
{
	ssize_t n = pread(t->fd, f->bytes, CHUNK_BYTES, (off_t)t->place);
	struct chunk *c;
	struct str bytes, text;
	enum wide wide;
	size_t used;

	if (n <= 0) {
		if (n < 0)
			complain(f, t, "read", strerror(errno));
		return n < 0 ? READ_FAULT : READ_NOTHING;
	}
	/* a full read has more behind it */
	last = last && (size_t)n < CHUNK_BYTES;
	bytes = (struct str){ f->bytes, (size_t)n };
	wide = is_wide(t);
	text = wide_text(&f->text, bytes, wide, last);
	c = chunk_new(DOOR_FILE, STR(""), str_of(t->name), CHUNK_RECORDS, text.n);
	if (c == NULL || f->text.full) {
		f->text.full = false;
		chunk_free(c);
		return READ_LATER; /* no memory now */
	}
	used = chunk_fill(c, text, last);
	if (used == 0 && (size_t)n == CHUNK_BYTES)
		used = chunk_fill(c, text, true);
	/* a line that has had no end for so long may still be a part */
	if (last && c->n > 0 && used == text.n && text.p[text.n - 1] != '\n')
		chunk_cut(c);
	used = wide_used(bytes, text, wide, used, last);
	if (used == 0) {
		chunk_free(c);
		return READ_NOTHING;
	}
	hand_on(f, t, c, used);
	return READ_ON;
}

/* --- rotation --- */

/*
 * Renamed away and read to its end: go on with the file that came after it. As long as nothing stands in
 * the one that has the name now, whoever writes may still write to the former.
 */
static void check_rotation(struct follower *f, struct tail *t)
{
	struct next_file now, next;
	struct stat st;

	if (stat(t->path, &st) == -1 || (uint64_t)st.st_ino == t->inode)
		return;
	now.fd = open_path(f, t, &now.st);
	if (now.fd == -1)
		return;
	now.born = follow_born(now.fd);
	next = follow_between(t->path, t->fd, &now);
	if (next.fd == -1) {
		next = now;
		now.fd = -1;
	}
	bool more = fstat(t->fd, &st) == 0 && (uint64_t)st.st_size != t->size;
	if (now.fd != -1)
		close(now.fd);
	if (more || next.st.st_size == 0) {
		close(next.fd);
		return;
	}
	close(t->fd);
	t->fd = next.fd;
	t->inode = (uint64_t)next.st.st_ino;
	t->size = t->place = 0;
	t->changed = 0;
	t->head[0] = '\0';
	t->grown = time_monotonic();
	t->complained = false;
}

/* Truncated, or written anew, it is read from its beginning. */
static void see_change(struct tail *t, const struct stat *st)
{
	int64_t changed = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;

	if ((uint64_t)st->st_size == t->size && changed == t->changed)
		return;
	if ((uint64_t)st->st_size < t->place || !same_head(t)) {
		t->cut_away += t->size > t->place;
		t->place = 0;
	}
	t->size = (uint64_t)st->st_size;
	t->changed = changed;
	t->grown = time_monotonic();
}

static void look(struct follower *f, struct tail *t)
{
	struct stat st;

	if (t->fd == -1 && !open_tail(f, t))
		return;
	if (fstat(t->fd, &st) == -1)
		return;
	see_change(t, &st);
	bool quiet = time_monotonic() - t->grown > QUIET_US;
	enum reading got = t->place < t->size ? read_on(f, t, quiet) : READ_NOTHING;
	if (got == READ_ON || got == READ_LATER)
		return;
	if (t->place == t->size || quiet)
		check_rotation(f, t);
}

/* The answer of a chunk came; true when the file may be read on. */
static bool settle(struct follower *f, struct tail *t)
{
	bool answered;

	if (!t->waiting)
		return true;
	pthread_mutex_lock(&f->lock);
	answered = t->answered;
	pthread_mutex_unlock(&f->lock);
	if (!answered)
		return false;
	t->waiting = false;
	if (t->stored)
		t->place = t->end;
	return true;
}

static void take_seat(struct tail *t, const char *path, const char *name)
{
	*t = (struct tail){ .fd = -1 };
	snprintf(t->path, sizeof t->path, "%s", path);
	snprintf(t->name, sizeof t->name, "%s", name);
	snprintf(t->stream, sizeof t->stream, "file/%016llx",
		 (unsigned long long)hash_quick(str_of(t->path), 0));
}

static void leave(struct tail *t)
{
	if (t->fd != -1)
		close(t->fd);
	*t = (struct tail){ .fd = -1 };
}

/* The place of that path, or of none when it is "". */
static struct tail *find_tail(struct follower *f, const char *path)
{
	for (size_t i = 0; i < FOLLOW_MAX_FILES; i++)
		if (strcmp(f->tails[i].path, path) == 0)
			return &f->tails[i];
	return NULL;
}

/* Those that are not wished for leave; false while one of them still waits for its chunk. */
static bool leave_all(struct follower *f, const struct wish *w)
{
	bool all = true;

	for (size_t i = 0; i < FOLLOW_MAX_FILES; i++) {
		struct tail *t = &f->tails[i];

		t->leaving = t->path[0] != '\0';
		for (size_t k = 0; k < w->n && t->leaving; k++)
			t->leaving = strcmp(t->path, w->file[k].path) != 0;
		if (t->leaving && !t->waiting)
			leave(t);
		all = all && !t->leaving;
	}
	return all;
}

static void take_wish(struct follower *f)
{
	struct wish *w;

	pthread_mutex_lock(&f->lock);
	w = f->wish;
	f->wish = NULL;
	pthread_mutex_unlock(&f->lock);
	if (w == NULL)
		return;
	if (!leave_all(f, w)) {
		pthread_mutex_lock(&f->lock);
		if (f->wish == NULL) {
			f->wish = w;
			w = NULL;
		}
		pthread_mutex_unlock(&f->lock);
		free(w);
		return;
	}
	for (size_t i = 0; i < w->n; i++) {
		struct tail *t = find_tail(f, w->file[i].path);

		if (t != NULL)
			snprintf(t->name, sizeof t->name, "%s", w->file[i].name);
		else if ((t = find_tail(f, "")) != NULL)
			take_seat(t, w->file[i].path, w->file[i].name);
	}
	free(w);
}

static void turn(struct follower *f)
{
	for (size_t i = 0; i < FOLLOW_MAX_FILES; i++) {
		struct tail *t = &f->tails[i];

		if (t->path[0] != '\0' && settle(f, t) && !t->leaving)
			look(f, t);
	}
	take_wish(f);
}

static bool under_way(const struct follower *f)
{
	for (size_t i = 0; i < FOLLOW_MAX_FILES; i++)
		if (f->tails[i].waiting && f->tails[i].answered)
			return true;
	return false;
}

static void *run(void *arg)
{
	struct follower *f = arg;
	struct timespec until;

	pthread_mutex_lock(&f->lock);
	while (!f->stop) {
		pthread_mutex_unlock(&f->lock);
		turn(f);
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += TURN_US * 1000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000;
		}
		pthread_mutex_lock(&f->lock);
		if (!f->stop && !under_way(f))
			pthread_cond_timedwait(&f->answered, &f->lock, &until);
	}
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

bool follower_set(struct follower *f, const struct follow_file *files, size_t n, struct err *why)
{
	struct wish *w = NULL, *old;

	if (n <= FOLLOW_MAX_FILES)
		w = malloc(sizeof *w + n * sizeof w->file[0]);
	if (w == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	w->n = n;
	for (size_t i = 0; i < n; i++) {
		const char *name = files[i].name[0] != '\0' ? files[i].name : files[i].path;

		snprintf(w->file[i].path, sizeof w->file[i].path, "%s", files[i].path);
		snprintf(w->file[i].name, sizeof w->file[i].name, "%s", name);
	}
	pthread_mutex_lock(&f->lock);
	old = f->wish;
	f->wish = w;
	pthread_cond_signal(&f->answered);
	pthread_mutex_unlock(&f->lock);
	free(old);
	return true;
}

struct follower *follower_new(const struct follow_file *files, size_t n, struct queue *intake,
			      const struct follow_calls *calls, struct err *why)
{
	struct follower *f = calloc(1, sizeof *f);
	pthread_condattr_t mono;

	if (n > FOLLOW_MAX_FILES || f == NULL || (f->bytes = malloc(CHUNK_BYTES)) == NULL ||
	    (f->tails = calloc(FOLLOW_MAX_FILES, sizeof *f->tails)) == NULL) {
		err_set(why, ERR_LIMIT, 0, "no memory");
		if (f != NULL)
			free(f->bytes);
		free(f);
		return NULL;
	}
	f->text = BUF(2 * (size_t)CHUNK_BYTES);
	f->intake = intake;
	f->calls = *calls;
	for (size_t i = 0; i < FOLLOW_MAX_FILES; i++)
		f->tails[i].fd = -1;
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&mono);
	pthread_condattr_setclock(&mono,
				  CLOCK_MONOTONIC); /* a clock that is set back stops nobody */
	pthread_cond_init(&f->answered, &mono);
	pthread_condattr_destroy(&mono);
	if (!follower_set(f, files, n, why)) {
		follower_free(f);
		return NULL;
	}
	take_wish(f);
	if (pthread_create(&f->thread, NULL, run, f) == 0)
		return f;
	err_set(why, ERR_LIMIT, 0, "cannot start a thread");
	follower_free(f);
	return NULL;
}

void follower_stop(struct follower *f)
{
	if (f == NULL)
		return;
	pthread_mutex_lock(&f->lock);
	f->stop = true;
	pthread_cond_signal(&f->answered);
	pthread_mutex_unlock(&f->lock);
	pthread_join(f->thread, NULL);
}

void follower_free(struct follower *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < FOLLOW_MAX_FILES; i++)
		if (f->tails[i].fd != -1)
			close(f->tails[i].fd);
	pthread_mutex_destroy(&f->lock);
	pthread_cond_destroy(&f->answered);
	free(f->wish);
	free(f->bytes);
	buf_free(&f->text);
	free(f->tails);
	free(f);
}
