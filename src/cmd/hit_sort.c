/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hit_sort.c - sorted runs in one file, each later than those before it; as soon as there are MERGED of
 * one level they become one of the next, so that few are open at the end, and their room is given back.
 */
#include "cmd/hit_sort.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { MERGED = 32, RUNS_MAX = 8 * MERGED, BLOCK = 32 << 10, INDEX_FIRST = 1024 };

struct entry {
	int64_t time;
	uint64_t at; /* of its frame in the memory: in the order in which they came */
};

struct run {
	uint64_t at, len; /* in the file */
	unsigned level;
};

struct hit_sort {
	size_t room;
	int fd;
	struct buf mem;
	struct entry *entry; /* owned */
	size_t n, cap;
	struct run run[RUNS_MAX];
	size_t runs;
	uint64_t end; /* of the file */
	uint64_t spilled, parts;
};

/* A run that is being read: the frame at hand, its bytes not yet taken. */
struct source {
	int fd;
	uint64_t at, left; /* in the file, behind what `block` holds */
	struct hit_frame frame;
	bool over;
	size_t from, have;
	char *block; /* BLOCK bytes, of struct merge */
};

struct merge {
	struct source *source; /* owned */
	char *blocks;          /* owned */
	size_t n;
};

/* Where sorted hits go: with their frames into the file, or without to whoever asked. */
struct sink {
	struct hit_sort *s; /* NULL: to `put` */
	struct buf out;
	bool (*put)(void *ctx, struct str text);
	void *ctx;
};

struct hit_sort *hit_sort_new(size_t room, int fd)
{
	struct hit_sort *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->room = room;
	s->fd = fd;
	s->mem = BUF(SIZE_MAX / 2);
	return s;
}

void hit_sort_free(struct hit_sort *s)
{
	if (s == NULL)
		return;
	buf_free(&s->mem);
	free(s->entry);
	free(s);
}

uint64_t hit_sort_spilled(const struct hit_sort *s)
{
	return s->spilled;
}

uint64_t hit_sort_parts(const struct hit_sort *s)
{
	return s->parts;
}

static bool no_memory(struct err *why)
{
	return err_set(why, ERR_LIMIT, 0, "the system has no memory");
}

static bool write_at(struct hit_sort *s, struct str bytes, struct err *why)
{
	while (bytes.n > 0) {
		ssize_t n = pwrite(s->fd, bytes.p, bytes.n, (off_t)s->end);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(why, ERR_IO, 0, "cannot write hits aside to sort them: %s",
				       strerror(errno));
		s->end += (uint64_t)n;
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

static bool sink_flush(struct sink *k, struct err *why)
{
	struct str text = buf_str(&k->out);
	bool ok = true;

	if (k->out.full)
		return no_memory(why);
	if (k->s != NULL)
		ok = write_at(k->s, text, why);
	else if (text.n > 0)
		ok = k->put(k->ctx, text);
	buf_clear(&k->out);
	return ok;
}

static bool sink_frame(struct sink *k, const struct hit_frame *f)
{
	if (k->s != NULL)
		buf_add(&k->out, (struct str){ (const char *)f, sizeof *f });
	return !k->out.full;
}

static bool sink_bytes(struct sink *k, struct str bytes, struct err *why)
{
	buf_add(&k->out, bytes);
	return (!k->out.full && k->out.n < BLOCK) || sink_flush(k, why);
}

/* Sorting of what memory holds. */

static int by_time(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->time != y->time)
		return x->time > y->time ? 1 : -1;
	return (x->at > y->at) - (x->at < y->at);
}

static bool give_memory(struct hit_sort *s, struct sink *k, struct err *why)
{
	if (s->n > 0)
		qsort(s->entry, s->n, sizeof *s->entry, by_time);
	for (size_t i = 0; i < s->n; i++) {
		struct str rest = str_skip(buf_str(&s->mem), s->entry[i].at), bytes;
		struct hit_frame f;

		if (!hit_frame_next(&rest, &f, &bytes) || !sink_frame(k, &f))
			return no_memory(why);
		if (!sink_bytes(k, bytes, why))
			return false;
	}
	if (!sink_flush(k, why))
		return false;
	buf_clear(&s->mem);
	s->n = 0;
	return true;
}

/* Merging of runs. */

static bool fill(struct source *r, struct err *why)
{
	memmove(r->block, r->block + r->from, r->have);
	r->from = 0;
	while (r->left > 0 && r->have < BLOCK) {
		size_t want = BLOCK - r->have < r->left ? BLOCK - r->have : (size_t)r->left;
		ssize_t n = pread(r->fd, r->block + r->have, want, (off_t)r->at);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(why, ERR_IO, 0, "cannot read what was written aside: %s",
				       n == 0 ? "-" : strerror(errno));
		r->have += (size_t)n;
		r->at += (uint64_t)n;
		r->left -= (uint64_t)n;
	}
	return true;
}

static bool next_frame(struct source *r, struct err *why)
{
	if (r->have < sizeof r->frame && !fill(r, why))
		return false;
	r->over = r->have == 0;
	if (r->over)
		return true;
	assert(r->have >= sizeof r->frame);
	memcpy(&r->frame, r->block + r->from, sizeof r->frame);
	r->from += sizeof r->frame;
	r->have -= sizeof r->frame;
	return true;
}

/* The hit at hand to `k`; then the next one of the run is at hand. */
static bool pass(struct source *r, struct sink *k, struct err *why)
{
	uint64_t left = r->frame.len;

	if (!sink_frame(k, &r->frame))
		return no_memory(why);
	while (left > 0) {
		if (r->have == 0 && !fill(r, why))
			return false;
		size_t n = left < r->have ? (size_t)left : r->have;

		assert(n > 0);
		if (!sink_bytes(k, (struct str){ r->block + r->from, n }, why))
			return false;
		r->from += n;
		r->have -= n;
		left -= n;
	}
	return next_frame(r, why);
}

/* Of the runs that go on the one whose hit is next: of the same time the earlier run. */
static struct source *first_of(struct merge *m)
{
	struct source *best = NULL;

	for (size_t i = 0; i < m->n; i++) {
		struct source *r = &m->source[i];

		if (!r->over && (best == NULL || r->frame.time < best->frame.time))
			best = r;
	}
	return best;
}

static bool run_merge(struct merge *m, struct sink *k, struct err *why)
{
	struct source *r;

	for (size_t i = 0; i < m->n; i++)
		if (!next_frame(&m->source[i], why))
			return false;
	while ((r = first_of(m)) != NULL)
		if (!pass(r, k, why))
			return false;
	return sink_flush(k, why);
}

/* The runs from number `from` on to `k`. */
static bool merge(struct hit_sort *s, size_t from, struct sink *k, struct err *why)
{
	struct merge m = { .n = s->runs - from };
	bool ok = false;

	m.source = calloc(m.n, sizeof *m.source);
	m.blocks = malloc(m.n * BLOCK);
	if (m.source == NULL || m.blocks == NULL)
		no_memory(why);
	else
		ok = true;
	for (size_t i = 0; ok && i < m.n; i++)
		m.source[i] = (struct source){ .fd = s->fd,
					       .at = s->run[from + i].at,
					       .left = s->run[from + i].len,
					       .block = m.blocks + i * BLOCK };
	ok = ok && run_merge(&m, k, why);
	free(m.source);
	free(m.blocks);
	return ok;
}

/* How many runs at the end are of one level. */
static size_t alike(const struct hit_sort *s)
{
	size_t n = 1;

	while (n < s->runs && s->run[s->runs - 1 - n].level == s->run[s->runs - 1].level)
		n++;
	return n;
}

/* That part of the file is not read again: its room on the disk, where the system can take it back. */
static void give_back(const struct hit_sort *s, uint64_t from, uint64_t to)
{
	(void)fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)from,
			(off_t)(to - from));
}

/* A run of what memory holds, or one of the runs from number `from` on. What fails leaves all as it was. */
static bool add_run(struct hit_sort *s, size_t from, unsigned level, struct err *why)
{
	struct sink k = { .s = s, .out = BUF(SIZE_MAX / 2) };
	struct run r = { .at = s->end, .level = level };
	bool ok = from == s->runs ? give_memory(s, &k, why) : merge(s, from, &k, why);

	buf_free(&k.out);
	if (!ok) {
		s->end = r.at;
		return false;
	}
	r.len = s->end - r.at;
	if (from < s->runs)
		give_back(s, s->run[from].at, r.at);
	s->runs = from;
	s->run[s->runs++] = r;
	assert(s->runs < RUNS_MAX);
	return true;
}

/* What memory holds becomes a run; runs of one level become one where there are many. */
static bool spill(struct hit_sort *s, struct err *why)
{
	if (s->fd == -1)
		return err_set(why, ERR_LIMIT, 0,
			       "more hits than memory holds, and no file to sort them in");
	if (!add_run(s, s->runs, 0, why))
		return false;
	s->spilled++;
	while (alike(s) == MERGED)
		if (!add_run(s, s->runs - MERGED, s->run[s->runs - 1].level + 1, why))
			return false;
	return true;
}

static bool remember(struct hit_sort *s, int64_t time, struct err *why)
{
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? INDEX_FIRST : 2 * s->cap;
		struct entry *all = reallocarray(s->entry, cap, sizeof *all);

		if (all == NULL)
			return no_memory(why);
		s->entry = all;
		s->cap = cap;
	}
	s->entry[s->n++] = (struct entry){ time, s->mem.n };
	return true;
}

bool hit_sort_add(struct hit_sort *s, struct str *frames, struct err *why)
{
	struct str rest = *frames, bytes;
	struct hit_frame f;

	while (hit_frame_next(&rest, &f, &bytes)) {
		size_t held = s->mem.n + s->n * sizeof *s->entry;

		if (s->n > 0 && held + bytes.n + sizeof f > s->room && !spill(s, why))
			return false;
		if (!remember(s, f.time, why))
			return false;
		buf_add(&s->mem, (struct str){ bytes.p - sizeof f, sizeof f + bytes.n });
		if (s->mem.full)
			return no_memory(why);
		*frames = rest;
	}
	return true;
}

/* Runs and memory, each by time. */
static bool tell(struct hit_sort *s, struct sink *k, struct err *why)
{
	if (s->runs > 0 && !merge(s, 0, k, why))
		return false;
	if (s->end > 0)
		give_back(s, 0, s->end);
	s->runs = 0;
	s->end = 0;
	return give_memory(s, k, why);
}

bool hit_sort_part(struct hit_sort *s, bool (*put)(void *ctx, struct str text), void *ctx,
		   struct err *why)
{
	struct sink k = { .out = BUF(SIZE_MAX / 2), .put = put, .ctx = ctx };

	*why = (struct err){ 0 };
	s->parts += (s->runs > 0 ? 1u : 0u) + (s->n > 0 ? 1u : 0u);
	bool ok = tell(s, &k, why);
	buf_free(&k.out);
	return ok;
}

bool hit_sort_end(struct hit_sort *s, bool (*put)(void *ctx, struct str text), void *ctx,
		  struct err *why)
{
	/* one more run, so that one merge tells all; where it does not fit, two parts */
	if (s->runs > 0 && s->n > 0 && spill(s, why))
		*why = (struct err){ 0 };
	return hit_sort_part(s, put, ctx, why);
}
