/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drop.c - one thread that waits until a file is whole, takes it in piece by piece, and moves it.
 *
 * Invariant: `pos` is the place, in the bytes that come of the file, of what comes next; `hold` are the
 * bytes right before it that are in no chunk yet. Of an archive the places run through all its
 * members, each end counting one, so that one number says how far it is durable.
 */
#include "ingest/drop.h"

#include "ingest/drop_int.h"

#include "base/hash.h"
#include "base/time.h"
#include "base/unpack.h"
#include "event/binary.h"
#include "event/evtx.h"
#include "ingest/head.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { STEP = 1 << 20, FIRST_BYTES = 512, AGAIN_US = 10000000 };

static bool stopping(struct drop *d)
{
	pthread_mutex_lock(&d->lock);
	bool stop = d->stop;
	pthread_mutex_unlock(&d->lock);
	return stop;
}

/* --- chunks --- */

static void done(struct chunk *c, const struct chunk_result *r)
{
	struct drop *d = c->owner;

	chunk_free(c);
	pthread_mutex_lock(&d->lock);
	d->stored = r->ok;
	d->answered = true;
	pthread_cond_signal(&d->changed);
	pthread_mutex_unlock(&d->lock);
}

static struct chunk *new_chunk(const struct taking *t, size_t cap)
{
	return chunk_new(DOOR_DROP, STR(""), str_of(t->source), CHUNK_RECORDS, cap);
}

/* Until it is durable, and with it that the file is up to `end`; false when it is not, or on a stop. */
static bool send(struct drop *d, struct chunk *c, uint64_t end)
{
	struct taking *t = &d->t;

	snprintf(c->stream, sizeof c->stream, "%s", t->stream);
	c->stream_offset = end;
	c->stream_inode = (uint64_t)t->st.st_ino;
	c->stream_head = arena_str(&c->mem, str_of(t->head));
	c->received = time_now();
	c->owner = d;
	c->done = done;
	d->answered = d->stored = false;
	if (!queue_put(d->intake, c, chunk_weight(c))) {
		chunk_free(c);
		return false;
	}
	pthread_mutex_lock(&d->lock);
	while (!d->answered && !d->stop)
		pthread_cond_wait(&d->changed, &d->lock);
	bool ok = d->answered && d->stored;
	pthread_mutex_unlock(&d->lock);
	t->sent = t->sent || ok;
	t->place = ok ? end : t->place;
	return ok;
}

/* One file, or file of an archive, that could not be read is counted where its records would be. */
static bool count_unreadable(struct drop *d)
{
	struct chunk *c = new_chunk(&d->t, 0);

	if (c == NULL)
		return false;
	c->dropped[DROP_UNREADABLE] = 1;
	return send(d, c, d->t.pos);
}

/* Records of what is held, all of it with `last`. False: not now. */
static bool pour(struct drop *d, bool last)
{
	while (d->hold.n >= CHUNK_BYTES || (last && d->hold.n > 0)) {
		struct str bytes = str_sub(buf_str(&d->hold), 0, CHUNK_BYTES);
		bool end = last && bytes.n == d->hold.n;
		struct str text = wide_text(&d->text, bytes, d->t.wide, end);
		struct chunk *c = d->text.full ? NULL : new_chunk(&d->t, text.n);
		uint64_t from = d->t.pos - d->hold.n;

		d->text.full = false;
		if (c == NULL)
			return false;
		size_t used = chunk_fill(c, text, end);
		if (used == 0) /* a record longer than a chunk */
			used = chunk_fill(c, text, true);
		used = wide_used(bytes, text, d->t.wide, used, end);
		if (c->n == 0 && c->dropped[DROP_TOO_LONG] == 0)
			chunk_free(c);
		else if (!send(d, c, from + used))
			return false;
		buf_eat(&d->hold, used);
	}
	return true;
}

/* What comes next of the file; what is durable already is passed over. */
static bool take_bytes(struct drop *d, struct str bytes)
{
	struct taking *t = &d->t;

	if (t->pos < t->place) {
		uint64_t known = t->place - t->pos;
		size_t skip = known < bytes.n ? (size_t)known : bytes.n;

		bytes = str_skip(bytes, skip);
		t->pos += skip;
	}
	t->pos += bytes.n;
	buf_add(&d->hold, bytes);
	return !d->hold.full && pour(d, false);
}

/* --- what could not be read --- */

static void add_fault(struct drop *d, const char *what, const struct err *why)
{
	char text[ERR_TEXT_MAX];

	d->t.unread++;
	for (int l = LANG_VI; l <= LANG_EN; l++)
		buf_printf(&d->t.reasons, "%s: %s\n", what,
			   err_text(why, (enum lang)l, text, sizeof text));
}

/* --- a log --- */

enum took { TOOK_IT, TOOK_LATER };

static enum took refuse_file(struct drop *d, const struct err *why)
{
	struct taking *t = &d->t;

	add_fault(d, t->name, why);
	return count_unreadable(d) ? TOOK_IT : TOOK_LATER;
}

static enum took take_log(struct drop *d)
{
	struct taking *t = &d->t;
	struct err why;
	char *step = d->step;
	ssize_t n;

	t->pos = t->place;
	while ((n = pread(t->fd, step, STEP, (off_t)t->pos)) > 0)
		if (stopping(d) || !take_bytes(d, (struct str){ step, (size_t)n }))
			return TOOK_LATER;
	int failed = errno;
	if (!pour(d, true))
		return TOOK_LATER;
	if (n == 0)
		return TOOK_IT;
	err_set(&why, ERR_IO, (size_t)t->pos, "cannot read '%s': %s", t->name, strerror(failed));
	return refuse_file(d, &why);
}

/* --- an archive --- */

static void begin_member(struct drop *d, struct str name)
{
	struct taking *t = &d->t;

	t->members++;
	t->fresh = true;
	t->refused = false;
	t->wide = WIDE_NONE;
	snprintf(t->source, sizeof t->source, "%s%s%.*s", t->name, name.n > 0 ? "/" : "",
		 STR_ARG(str_sub(name, 0, DROP_MAX_SOURCE - DROP_MAX_NAME - 2)));
	for (char *c = t->source; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
}

static bool member_bytes(struct drop *d, struct str bytes)
{
	struct taking *t = &d->t;
	struct err why;

	if (t->fresh)
		t->wide = utf16_told(bytes);
	if (t->fresh && binary_known(bytes, &why)) {
		t->refused = true;
		add_fault(d, t->source, &why);
	}
	t->fresh = false;
	if (!t->refused)
		return take_bytes(d, bytes);
	t->pos += bytes.n;
	return true;
}

static bool end_member(struct drop *d, const struct unpacked_piece *p)
{
	struct taking *t = &d->t;
	bool known;

	if (!pour(d, true))
		return false;
	if (p->why.kind != ERR_NONE)
		add_fault(d, t->source, &p->why);
	known = ++t->pos <= t->place;
	return known || (p->why.kind == ERR_NONE && !t->refused) || count_unreadable(d);
}

static enum took end_archive(struct drop *d, const struct unpacked_piece *p)
{
	struct taking *t = &d->t;
	struct err why = p->why;

	if (!pour(d, true))
		return TOOK_LATER;
	if (why.kind == ERR_NONE && t->members == 0)
		err_set(&why, ERR_INPUT, 0, "the archive holds no file");
	/* of a single file that has been told */
	if (why.kind == ERR_NONE || (t->unread > 0 && strcmp(t->source, t->name) == 0))
		return TOOK_IT;
	snprintf(t->source, sizeof t->source, "%s", t->name);
	add_fault(d, t->name, &why);
	return ++t->pos <= t->place || count_unreadable(d) ? TOOK_IT : TOOK_LATER;
}

static enum took read_archive(struct drop *d, void *archive)
{
	struct unpacked_piece p;
	bool ok = true;

	while (ok && !stopping(d)) {
		p = (struct unpacked_piece){ 0 };
		switch (d->calls.next(archive, &p)) {
		case UNPACKED_NOTHING:
			break;
		case UNPACKED_BEGIN:
			begin_member(d, p.bytes);
			break;
		case UNPACKED_BYTES:
			ok = member_bytes(d, p.bytes);
			break;
		case UNPACKED_END:
			ok = end_member(d, &p);
			break;
		case UNPACKED_DONE:
			return end_archive(d, &p);
		}
	}
	return TOOK_LATER;
}

static enum took take_archive(struct drop *d)
{
	struct err why = { 0 };
	void *archive = d->calls.unpack(d->calls.ctx, d->t.fd, &why);

	if (archive == NULL) {
		d->calls.follow.report(d->calls.follow.ctx, d->t.name, &why);
		return TOOK_LATER;
	}
	enum took took = read_archive(d, archive);
	d->calls.close(archive);
	return took;
}

/* --- one file --- */

/* How it begins, and of an archive also its size and time: a log may grow, an archive is the same. */
static bool identify(struct taking *t, char *bytes, size_t *n, bool *archive)
{
	char head[HEAD_TEXT];
	ssize_t got = pread(t->fd, bytes, FIRST_BYTES, 0);

	if (got < 0 || !head_of(t->fd, (uint64_t)t->st.st_size, head))
		return false;
	*n = (size_t)got;
	/* an event log is unpacked, too: what comes of it are lines */
	*archive = unpack_knows((struct str){ bytes, *n }) || evtx_known((struct str){ bytes, *n });
	if (*archive)
		snprintf(t->head, sizeof t->head, "%s:%llx:%llx", head,
			 (unsigned long long)t->st.st_size, (unsigned long long)drop_mtime(&t->st));
	else
		snprintf(t->head, sizeof t->head, "%s", head);
	return true;
}

static void resume(struct drop *d, bool archive)
{
	struct taking *t = &d->t;
	struct follow_position at;
	char head[64];

	snprintf(t->stream, sizeof t->stream, "drop/%016llx",
		 (unsigned long long)hash_quick(str_of(t->name), 0));
	if (!d->calls.follow.position(d->calls.follow.ctx, str_of(t->stream), &at, head) ||
	    at.inode != (uint64_t)t->st.st_ino ||
	    (archive ? !str_eq(at.head, str_of(t->head))
		     : at.place > (uint64_t)t->st.st_size || !head_same(t->fd, at.head)))
		return;
	t->place = at.place;
	t->sent = true;
}

static enum took take_open(struct drop *d)
{
	struct taking *t = &d->t;
	char bytes[FIRST_BYTES];
	size_t n = 0;
	bool archive = false;
	struct err why;

	if (!identify(t, bytes, &n, &archive)) {
		err_set(&why, ERR_IO, 0, "cannot read '%s': %s", t->name, strerror(errno));
		return refuse_file(d, &why);
	}
	t->wide = archive ? WIDE_NONE : utf16_told((struct str){ bytes, n });
	resume(d, archive);
	if (archive)
		return take_archive(d);
	if (binary_known((struct str){ bytes, n }, &why))
		return refuse_file(d, &why);
	return take_log(d);
}

/* The move has happened: its place is needed no more. */
static void forget(struct drop *d)
{
	struct chunk *c = d->t.sent ? new_chunk(&d->t, 0) : NULL;

	if (c == NULL)
		return;
	c->stream_ended = true;
	(void)send(d, c, 0); /* else it stands in the store, unused */
}

static enum took take(struct drop *d)
{
	struct taking *t = &d->t;
	struct err why;

	if (t->fd == -1) {
		err_set(&why, ERR_IO, 0, "cannot open '%s': %s", t->name, strerror(t->failed));
		return refuse_file(d, &why);
	}
	return take_open(d);
}

/* False: it is to be tried again later. */
static bool take_file(struct drop *d)
{
	struct taking *t = &d->t;
	struct stat now;

	buf_clear(&d->hold);
	snprintf(t->source, sizeof t->source, "%s", t->name);
	t->reasons = BUF(DROP_MAX_REASONS);
	enum took took = take(d);
	bool same = t->fd == -1 || (fstat(t->fd, &now) == 0 && now.st_size == t->st.st_size &&
				    drop_mtime(&now) == drop_mtime(&t->st));

	if (t->fd != -1)
		close(t->fd);
	/* whoever copied it went on: what is new comes with the next turn */
	bool moved = took == TOOK_IT && same && drop_move(d);
	if (moved)
		forget(d);
	buf_free(&t->reasons);
	return moved;
}

/* --- the thread --- */

static void *run(void *arg)
{
	struct drop *d = arg;
	struct timespec until;

	pthread_mutex_lock(&d->lock);
	while (!d->stop) {
		pthread_mutex_unlock(&d->lock);
		size_t i = drop_pick(d);
		if (i < d->n_waiting && !take_file(d))
			d->waiting[i].since = time_monotonic() + AGAIN_US;
		clock_gettime(CLOCK_MONOTONIC, &until);
		if (i == d->n_waiting)
			until.tv_nsec += (int64_t)d->calls.quiet_ms * 1000000 / 4;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_mutex_lock(&d->lock);
		if (!d->stop)
			pthread_cond_timedwait(&d->changed, &d->lock, &until);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

struct drop *drop_new(const char *folder, struct queue *intake, const struct drop_calls *calls,
		      struct err *why)
{
	struct drop *d = calloc(1, sizeof *d);
	pthread_condattr_t mono;

	if (d == NULL || (d->step = malloc(STEP)) == NULL) {
		free(d);
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	d->intake = intake;
	d->calls = *calls;
	d->hold = BUF(CHUNK_BYTES + STEP);
	d->text = BUF(2 * (size_t)CHUNK_BYTES);
	snprintf(d->folder, sizeof d->folder, "%s", folder);
	signal(SIGIO, SIG_IGN); /* a lease that is broken in the moment that it is held */
	pthread_mutex_init(&d->lock, NULL);
	pthread_condattr_init(&mono);
	pthread_condattr_setclock(&mono, CLOCK_MONOTONIC);
	pthread_cond_init(&d->changed, &mono);
	pthread_condattr_destroy(&mono);
	if (pthread_create(&d->thread, NULL, run, d) == 0)
		return d;
	err_set(why, ERR_LIMIT, 0, "cannot start a thread");
	drop_free(d);
	return NULL;
}

void drop_stop(struct drop *d)
{
	if (d == NULL)
		return;
	pthread_mutex_lock(&d->lock);
	d->stop = true;
	pthread_cond_signal(&d->changed);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->thread, NULL);
}

void drop_free(struct drop *d)
{
	if (d == NULL)
		return;
	pthread_mutex_destroy(&d->lock);
	pthread_cond_destroy(&d->changed);
	buf_free(&d->hold);
	buf_free(&d->text);
	free(d->step);
	free(d);
}
