/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_feed.c - invariant: a slice that was given away holds whole records, and what is left of the bytes
 * begins with the next one.
 */
#include "cmd/hunt_feed.h"

#include "base/inflate.h"
#include "base/utf8.h"
#include "base/zstd.h"
#include "cmd/evtx_fd.h"
#include "cmd/tell.h"
#include "event/binary.h"
#include "event/reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1 << 20, HEAD = 16 };
#define PACKED_MAX ((size_t)512 << 20)
#define UNPACKED_MAX ((size_t)2 << 30)

/* Where no memory is left the hunt ends, too: what was not looked at must not seem to be. */
static void give(struct hunt_feed *f, struct slice *p, struct str bytes)
{
	f->failed = !jobs_give(f->jobs, p, bytes) || f->failed;
	f->moved(f->ctx);
}

/* All records of `text`, which is whole or, without `last`, goes on; returns what is left. */
static struct str take_records(struct hunt_feed *f, struct str text, bool last)
{
	const char *from = text.p;
	struct slice *p = jobs_slice(f->jobs);
	struct str record;
	bool cut = false;

	while (!f->failed && records_next(&text, last, &record, &cut)) {
		if (!slice_record(p, (size_t)(record.p - from), record.n, cut))
			f->failed = true;
		cut = false;
		if ((size_t)(text.p - from) < PIECE_BYTES)
			continue;
		give(f, p, (struct str){ from, (size_t)(text.p - from) });
		from = text.p;
		p = jobs_slice(f->jobs);
	}
	give(f, p, (struct str){ from, (size_t)(text.p - from) });
	return text;
}

/* Objects of JSON say all of themselves; a head may stand before other records. */
static enum pieces pieces_of(const struct hunt_feed *f, struct str head)
{
	head = str_trim(head);
	if (str_starts(head, STR("\xef\xbb\xbf")))
		head = str_skip(head, 3);
	return !f->forced && head.n > 0 && head.p[0] == '{' ? PIECES_ALONE : PIECES_IN_ORDER;
}

static bool begin(struct hunt_feed *f, const char *path, enum pieces how, struct err *why)
{
	return jobs_file(f->jobs, path, how) ||
	       err_set(why, ERR_LIMIT, 0, "the system has no memory");
}

/* read(), which a signal ends only where the hunt ends with it: -1, f->failed. */
static ssize_t read_some(struct hunt_feed *f, int fd, char *room, size_t max)
{
	for (;;) {
		ssize_t n = read(fd, room, max);

		if (n != -1 || errno != EINTR)
			return n;
		f->moved(f->ctx);
		if (f->failed)
			return -1;
	}
}

/* Read on until the end, `f->in` holding what is read and not yet taken. */
static bool stream(struct hunt_feed *f, const char *path, int fd, struct err *why)
{
	enum wide wide = utf16_told(buf_str(&f->in));

	buf_clear(&f->text);
	if (!begin(f, path, pieces_of(f, buf_str(&f->in)), why))
		return false;
	for (;;) {
		char *room = buf_room(&f->in, CHUNK);
		ssize_t n = room == NULL ? 0 : read_some(f, fd, room, CHUNK);

		if (room == NULL)
			return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", (size_t)CHUNK);
		if (n == -1)
			return f->failed || err_set(why, ERR_IO, 0, "%s", strerror(errno));
		f->in.n += (size_t)n;
		f->bytes += (uint64_t)n;
		if (wide != WIDE_NONE) {
			size_t took = utf16_take(buf_str(&f->in), wide, n == 0, &f->text);

			if (f->text.full)
				return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes",
					       (size_t)CHUNK);
			buf_eat(&f->in, took);
		}
		struct buf *text = wide != WIDE_NONE ? &f->text : &f->in;
		struct str left = take_records(f, buf_str(text), n == 0);
		buf_eat(text, text->n - left.n);
		if (n == 0 || f->failed)
			return true;
	}
}

/* Compressed as a whole: unpacked in memory, up to a cap. */
static bool packed(struct hunt_feed *f, const char *path, int fd, bool gzip, struct err *why)
{
	struct buf raw = BUF(PACKED_MAX), text = BUF(UNPACKED_MAX);
	struct zstd *z = gzip ? NULL : zstd_new();
	ssize_t n = 1;
	bool ok = false;

	buf_add(&raw, buf_str(&f->in));
	while (n > 0) {
		char *room = buf_room(&raw, CHUNK);

		n = room == NULL ? 0 : read_some(f, fd, room, CHUNK);
		raw.n += n > 0 ? (size_t)n : 0;
	}
	f->bytes += raw.n - f->in.n;
	f->moved(f->ctx); /* who writes the pipe ends by the same Ctrl-C: what came is no whole */
	if (f->failed)
		ok = true;
	else if (raw.full)
		err_set(why, ERR_LIMIT, 0, "longer than %zu bytes", PACKED_MAX);
	else if (n == -1)
		err_set(why, ERR_IO, 0, "%s", strerror(errno));
	else if (gzip ? inflate_gzip(buf_str(&raw), &text, why)
		      : z != NULL && zstd_unpack(z, buf_str(&raw), &text, why))
		ok = true;
	enum wide wide = utf16_told(buf_str(&text));
	if (ok && wide != WIDE_NONE) {
		buf_clear(&raw);
		utf16_take(buf_str(&text), wide, true, &raw);
		ok = !raw.full || err_set(why, ERR_LIMIT, 0, "longer than %zu bytes", raw.max);
	}
	struct str all = buf_str(wide != WIDE_NONE ? &raw : &text);
	ok = ok && begin(f, path, pieces_of(f, str_sub(all, 0, HEAD)), why);
	if (ok)
		take_records(f, all, true);
	zstd_free(z);
	buf_free(&raw);
	buf_free(&text);
	return ok;
}

struct log {
	struct hunt_feed *f;
	struct slice *piece;
	struct str chunk;
};

static bool log_record(void *ctx, const struct evtx_record *rec)
{
	struct log *l = ctx;

	if (!slice_record(l->piece, (size_t)(rec->bytes.p - l->chunk.p), rec->bytes.n, false))
		return false;
	if (rec->carved)
		slice_carved(l->piece);
	return true;
}

static bool log_chunk(void *ctx, struct str chunk, bool begins)
{
	struct log *l = ctx;

	if (begins) {
		l->piece = jobs_slice(l->f->jobs);
		l->chunk = chunk;
	} else {
		give(l->f, l->piece, chunk);
	}
	return !l->f->failed;
}

/* An event log, or any blob that may hold pieces of some. */
static bool event_log(struct hunt_feed *f, const char *path, int fd, struct err *why)
{
	struct log l = { .f = f };
	struct evtx_fd x = { .evtx = evtx_new(),
			     .carve = f->carve,
			     .record = log_record,
			     .chunk = log_chunk,
			     .ctx = &l };
	struct err damage;

	if (x.evtx == NULL)
		return err_set(why, ERR_LIMIT, 0, "the system has no memory");
	bool ok = begin(f, path, PIECES_CHUNKS, why) && evtx_fd_walk(&x, fd, buf_str(&f->in), why);

	f->bytes += x.bytes;
	if (ok && evtx_fd_damage(&x, &damage)) {
		f->files_damaged++;
		tell_fault(path, &damage);
	}
	evtx_feed_free(&x.feed);
	evtx_free(x.evtx);
	return ok;
}

bool hunt_feed(struct hunt_feed *f, const char *path, int fd, struct err *why)
{
	char *head = buf_room(&f->in, HEAD);
	ssize_t n = 1;

	while (head != NULL && f->in.n < HEAD && n > 0) {
		n = read_some(f, fd, f->in.p + f->in.n, HEAD - f->in.n);
		f->in.n += n > 0 ? (size_t)n : 0;
	}
	if (head == NULL || n == -1)
		return f->failed || err_set(why, ERR_IO, 0, "%s", strerror(errno));
	f->bytes += f->in.n;
	if (f->carve || evtx_known(buf_str(&f->in)))
		return event_log(f, path, fd, why);
	if (binary_known(buf_str(&f->in), why))
		return false;
	if (str_starts(buf_str(&f->in), STR("\x1f\x8b")))
		return packed(f, path, fd, true, why);
	if (str_starts(buf_str(&f->in), STR("\x28\xb5\x2f\xfd")))
		return packed(f, path, fd, false, why);
	return stream(f, path, fd, why);
}
