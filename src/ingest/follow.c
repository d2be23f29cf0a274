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

enum { TURN_US = 200000, QUIET_US = 2000000, PATH_BYTES = 4096 };

struct tail {
	char path[PATH_BYTES], name[512], stream[STREAM_KEY_MAX];
	int fd; /* -1: not open */
	uint64_t inode, place, size;
	int64_t grown; /* monotonic: when its size was last seen to change */
	char head[HEAD_TEXT];
	bool complained;
	/* the chunk under way */
	bool waiting, answered, stored; /* answered, stored: under the lock */
	uint64_t end;
};

struct follower {
	struct queue *intake; /* borrowed */
	struct follow_calls calls;
	struct tail *tails; /* FOLLOW_MAX_FILES, owned */
	size_t n;
	char *bytes;     /* CHUNK_BYTES, owned */
	struct buf text; /* what they say in UTF-8 where they are UTF-16 */
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

static bool open_tail(struct follower *f, struct tail *t)
{
	struct follow_position at;
	struct stat st;
	char head[64];

	t->fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (t->fd == -1 || fstat(t->fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		if (t->fd != -1)
			close(t->fd);
		t->fd = -1;
		if (errno != ENOENT)
			complain(f, t, "read", strerror(errno));
		return false;
	}
	t->complained = false;
	t->inode = (uint64_t)st.st_ino;
	t->size = 0;
	t->place = 0;
	t->grown = time_monotonic();
	if (f->calls.position(f->calls.ctx, str_of(t->stream), &at, head) && at.inode == t->inode &&
	    at.place <= (uint64_t)st.st_size) {
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
	used = wide_used(bytes, text, wide, used, last);
	if (used == 0) {
		chunk_free(c);
		return READ_NOTHING;
	}
	hand_on(f, t, c, used);
	return READ_ON;
}

/* Renamed away and read to its end: go on with the file that has the name now. */
static void check_rotation(struct tail *t)
{
	struct stat st;

	if (stat(t->path, &st) == -1 || (uint64_t)st.st_ino == t->inode)
		return;
	close(t->fd);
	t->fd = -1;
}

static void look(struct follower *f, struct tail *t)
{
	struct stat st;

	if (t->fd == -1 && !open_tail(f, t))
		return;
	if (fstat(t->fd, &st) == -1)
		return;
	if ((uint64_t)st.st_size != t->size) {
		if ((uint64_t)st.st_size < t->place || !same_head(t))
			t->place = 0; /* truncated or written anew */
		t->size = (uint64_t)st.st_size;
		t->grown = time_monotonic();
	}
	bool quiet = time_monotonic() - t->grown > QUIET_US;
	enum reading got = t->place < t->size ? read_on(f, t, quiet) : READ_NOTHING;
	if (got == READ_ON || got == READ_LATER)
		return;
	if (t->place == t->size || quiet)
		check_rotation(t);
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

static void turn(struct follower *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (settle(f, &f->tails[i]))
			look(f, &f->tails[i]);
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

static void add_file(struct follower *f, const struct follow_file *file)
{
	struct tail *t = &f->tails[f->n++];

	*t = (struct tail){ .fd = -1 };
	snprintf(t->path, sizeof t->path, "%s", file->path);
	snprintf(t->name, sizeof t->name, "%s", file->name[0] != '\0' ? file->name : file->path);
	snprintf(t->stream, sizeof t->stream, "file/%016llx",
		 (unsigned long long)hash_quick(str_of(t->path), 0));
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
	for (size_t i = 0; i < n; i++)
		add_file(f, &files[i]);
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&mono);
	pthread_condattr_setclock(&mono,
				  CLOCK_MONOTONIC); /* a clock that is set back stops nobody */
	pthread_cond_init(&f->answered, &mono);
	pthread_condattr_destroy(&mono);
	if (pthread_create(&f->thread, NULL, run, f) == 0)
		return f;
	err_set(why, ERR_LIMIT, 0, "cannot start a thread");
	free(f->bytes);
	buf_free(&f->text);
	free(f->tails);
	free(f);
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
	free(f->bytes);
	buf_free(&f->text);
	free(f->tails);
	free(f);
}
