/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_jobs.c - invariant: pieces stand in a ring in the order they were cut and leave it in that order;
 * the threads take them in that order too, so that a piece that waits for the one before it in its file
 * never waits for one that nobody works on.
 */
#include "cmd/hunt_jobs.h"

#include "base/queue.h"
#include "cmd/evtx_fd.h"
#include "cmd/hunt_correl.h"
#include "cmd/times.h"
#include "event/formats.h"
#include "event/shape.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
	PIECES_PER_THREAD = 3,
	OUT_KEPT = 4 << 20,
	OUT_MAX = 256 << 20,
	BYTES_MAX = EVENT_MAX_RAW + 8 * PIECE_BYTES
};
#define EVENT_ROOM ((size_t)1 << 30)
#define EVENT_KEPT ((size_t)16 << 20)

struct extent {
	size_t at, len;
	bool cut;
};

struct hunt_file {
	enum pieces how;
	struct reader *reader; /* owned; PIECES_IN_ORDER */
	uint64_t number;       /* among those that correlations know */
	uint64_t records;      /* cut so far */
	uint64_t cut;          /* pieces */
	uint64_t turn;         /* the piece that may be read; under the lock */
	uint64_t told;         /* pieces */
	bool ended;
	char path[];
};

struct slice {
	struct hunt_file *file; /* NULL: free */
	uint64_t index;         /* of all pieces */
	uint64_t number;        /* in its file */
	uint64_t first;         /* number of its first record */
	struct buf bytes, out;
	struct extent *rec; /* owned */
	size_t n, room;
	size_t carved; /* the first record that its chunk no longer uses, or SIZE_MAX */
	struct hunt_counts counts;
	bool done; /* under the lock */
};

struct worker {
	struct jobs *j;
	pthread_t thread;
	bool runs;
	struct detect_scratch *scratch;
	struct reader *chunks; /* reads EVTX; remembers templates */
	struct shapes *shapes; /* owned */
	struct arena whole;    /* of events */
};

struct jobs {
	struct hunt_with with;
	struct worker *worker; /* owned; one works in the thread that cuts when no other runs */
	size_t n_workers;
	struct slice *ring; /* owned */
	size_t n_ring;
	uint64_t begun, told; /* pieces; told: written under the lock */
	struct hunt_file *file;
	struct queue *queue;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct hunt_counts counts;
	atomic_bool broken; /* what came out could not be written */
};

/* One piece. */

/* Much came of it: when all before it is told, begin to tell it. Nobody else writes until it is done. */
static void spill(struct jobs *j, struct slice *p)
{
	pthread_mutex_lock(&j->lock);
	while (j->told != p->index)
		pthread_cond_wait(&j->changed, &j->lock);
	pthread_mutex_unlock(&j->lock);
	if (p->out.full || (!j->broken && !j->with.put(j->with.put_ctx, buf_str(&p->out))))
		j->broken = true;
	buf_clear(&p->out);
}

static void count_time(struct hunt_counts *c, int64_t first, int64_t last, uint64_t n)
{
	if (n == 0)
		return;
	if (c->timed == 0 || first < c->first)
		c->first = first;
	if (c->timed == 0 || last > c->last)
		c->last = last;
	c->timed += n;
}

static void judge(struct worker *w, struct slice *p, const struct event *ev)
{
	const struct hunt_with *with = &w->j->with;
	struct hits hits;

	p->counts.unverified += ev->unverified;
	if (ev->time_told && !times_hold(with->times, ev->time)) {
		p->counts.outside++;
		return;
	}
	count_time(&p->counts, ev->time, ev->time, ev->time_told);
	detector_run(with->detector, w->scratch, ev, &hits);
	if (with->correl != NULL)
		hunt_correl_event(with->correl, (size_t)(w - w->j->worker), p->file->number, ev,
				  &hits);
	for (size_t i = 0; i < hits.n; i++) {
		struct hit_place place = { &hits.hit[i], ev, str_of(p->file->path), with->times };

		if (hits.hit[i].kind == HIT_RULE && hits.hit[i].rule->part)
			continue;
		if (with->framed)
			hit_out_framed(with->form, &place, &p->out);
		else
			hit_out(with->form, &place, &p->out);
		p->counts.hits++;
		if (p->out.n > OUT_KEPT)
			spill(w->j, p);
	}
}

/* Record `i` as an event in `a`. */
static void read_one(struct slice *p, struct reader *r, struct arena *a, size_t i,
		     struct event *out)
{
	const struct extent *e = &p->rec[i];

	reader_read(r, a, str_sub(buf_str(&p->bytes), e->at, e->at + e->len), out);
	out->seq = p->first + i;
	p->counts.records++;
	p->counts.damaged += e->cut || out->partial;
	p->counts.bad += e->cut || out->partial || out->format == FORMAT_UNPARSED;
}

static void work_alone(struct worker *w, struct slice *p, struct reader *r)
{
	for (size_t i = 0; r != NULL && i < p->n; i++) {
		struct arena a = w->whole;
		struct event ev = { 0 };

		if (i == p->carved)
			evtx_carved(reader_evtx(r));
		read_one(p, r, &a, i, &ev);
		judge(w, p, &ev);
	}
}

static void await_turn(struct jobs *j, struct slice *p)
{
	pthread_mutex_lock(&j->lock);
	while (p->file->turn != p->number)
		pthread_cond_wait(&j->changed, &j->lock);
	pthread_mutex_unlock(&j->lock);
}

static void pass_turn(struct jobs *j, struct slice *p)
{
	pthread_mutex_lock(&j->lock);
	p->file->turn++;
	pthread_cond_broadcast(&j->changed);
	pthread_mutex_unlock(&j->lock);
}

/* As many records from `from` on as there is room for; returns where it stopped. */
static size_t read_some(struct slice *p, struct event *ev, size_t from, struct arena *a)
{
	size_t i = from;

	while (i < p->n && (i == from || (size_t)(a->end - a->beg) > EVENT_ROOM / 2)) {
		read_one(p, p->file->reader, a, i, &ev[i]);
		i++;
	}
	return i;
}

/* Read all of it when its turn has come; judge while the next piece is read. */
static void work_in_order(struct worker *w, struct slice *p)
{
	struct arena a = w->whole;
	struct event *ev = NEW(&a, struct event, p->n + 1);
	size_t done = 0, end = 0;

	await_turn(w->j, p);
	p->counts.damaged += ev == NULL ? p->n : 0;
	while (ev != NULL && end < p->n) {
		struct arena room = a;

		end = read_some(p, ev, done, &room);
		if (end == p->n)
			break;
		for (; done < end; done++)
			judge(w, p, &ev[done]);
	}
	pass_turn(w->j, p);
	for (; done < end; done++)
		judge(w, p, &ev[done]);
}

static void work_chunk(struct worker *w, struct slice *p)
{
	struct read_ctx ctx = *w->j->with.ctx;

	ctx.format = format_find(STR("evtx"));
	if (w->chunks == NULL)
		w->chunks = reader_new(&ctx);
	struct evtx *e = w->chunks == NULL ? NULL : reader_evtx(w->chunks);
	if (e != NULL && evtx_fd_page(e, w->j->with.page) &&
	    evtx_chunk(e, buf_str(&p->bytes), NULL))
		work_alone(w, p, w->chunks);
	else
		p->counts.damaged += p->n;
}

static void work(struct worker *w, struct slice *p)
{
	if (p->file->how == PIECES_IN_ORDER) {
		work_in_order(w, p);
	} else if (p->file->how == PIECES_CHUNKS) {
		work_chunk(w, p);
	} else {
		/* it must not matter what this thread has read before: shapes do not show */
		struct read_ctx ctx = *w->j->with.ctx;

		ctx.shapes = w->shapes;
		struct reader *r = reader_new(&ctx);

		if (r == NULL)
			p->counts.damaged += p->n;
		work_alone(w, p, r);
		reader_free(r);
	}
	if (p->file->how != PIECES_CHUNKS)
		arena_trim(w->whole, EVENT_KEPT);
}

static void *run(void *arg)
{
	struct worker *w = arg;
	struct slice *p;

	while ((p = queue_take(w->j->queue, -1)) != NULL) {
		work(w, p);
		pthread_mutex_lock(&w->j->lock);
		p->done = true;
		pthread_cond_broadcast(&w->j->changed);
		pthread_mutex_unlock(&w->j->lock);
	}
	return NULL;
}

/* All of them. */

static bool start(struct jobs *j)
{
	size_t n = j->with.threads;

	for (size_t i = 0; i < j->n_workers; i++) {
		struct worker *w = &j->worker[i];

		w->j = j;
		w->scratch = detect_scratch_new(j->with.detector);
		w->shapes = shapes_new();
		if (w->scratch == NULL || w->shapes == NULL ||
		    !arena_reserve(&w->whole, EVENT_ROOM))
			return false;
		w->runs = n > 1 && pthread_create(&w->thread, NULL, run, w) == 0;
		if (n > 1 && !w->runs)
			return false;
	}
	return true;
}

struct jobs *jobs_new(const struct hunt_with *with)
{
	struct jobs *j = calloc(1, sizeof *j);

	if (j == NULL)
		return NULL;
	j->with = *with;
	j->n_workers = with->threads;
	j->n_ring = with->threads > 1 ? PIECES_PER_THREAD * with->threads : 1;
	j->worker = calloc(j->n_workers, sizeof *j->worker);
	j->ring = calloc(j->n_ring, sizeof *j->ring);
	j->queue = queue_new(j->n_ring, SIZE_MAX);
	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->changed, NULL);
	for (size_t i = 0; j->ring != NULL && i < j->n_ring; i++) {
		j->ring[i].bytes = BUF(BYTES_MAX);
		j->ring[i].out = BUF(OUT_MAX);
	}
	if (j->worker != NULL && j->ring != NULL && j->queue != NULL && start(j))
		return j;
	jobs_free(j);
	return NULL;
}

static void file_free(struct hunt_file *f)
{
	if (f == NULL)
		return;
	reader_free(f->reader);
	free(f);
}

void jobs_free(struct jobs *j)
{
	if (j == NULL)
		return;
	if (j->queue != NULL)
		queue_close(j->queue);
	for (size_t i = 0; j->worker != NULL && i < j->n_workers; i++) {
		struct worker *w = &j->worker[i];

		if (w->runs)
			pthread_join(w->thread, NULL);
		detect_scratch_free(w->scratch);
		reader_free(w->chunks);
		shapes_free(w->shapes);
		if (w->whole.beg != NULL)
			arena_release(w->whole);
	}
	for (size_t i = 0; j->ring != NULL && i < j->n_ring; i++) {
		buf_free(&j->ring[i].bytes);
		buf_free(&j->ring[i].out);
		free(j->ring[i].rec);
	}
	queue_free(j->queue);
	pthread_mutex_destroy(&j->lock);
	pthread_cond_destroy(&j->changed);
	free(j->worker);
	free(j->ring);
	free(j);
}

bool jobs_file(struct jobs *j, const char *path, enum pieces how)
{
	size_t len = strlen(path);
	struct hunt_file *f = calloc(1, sizeof *f + len + 1);

	if (f == NULL)
		return false;
	memcpy(f->path, path, len);
	f->how = how;
	f->reader = how == PIECES_IN_ORDER ? reader_new(j->with.ctx) : NULL;
	if (how == PIECES_IN_ORDER && f->reader == NULL) {
		file_free(f);
		return false;
	}
	if (j->with.correl != NULL)
		f->number = hunt_correl_file(j->with.correl, path);
	j->file = f;
	return true;
}

static void drop_if_over(struct hunt_file *f)
{
	if (f->ended && f->told == f->cut)
		file_free(f);
}

void jobs_file_done(struct jobs *j)
{
	struct hunt_file *f = j->file;

	j->file = NULL;
	if (f == NULL)
		return;
	f->ended = true;
	drop_if_over(f);
}

/* What came of the oldest piece, once it is done. */
static void tell(struct jobs *j)
{
	struct slice *p = &j->ring[j->told % j->n_ring];
	struct hunt_file *f = p->file;

	pthread_mutex_lock(&j->lock);
	while (!p->done)
		pthread_cond_wait(&j->changed, &j->lock);
	pthread_mutex_unlock(&j->lock);
	if (p->out.full ||
	    (!j->broken && p->out.n > 0 && !j->with.put(j->with.put_ctx, buf_str(&p->out))))
		j->broken = true;
	j->counts.records += p->counts.records;
	j->counts.bad += p->counts.bad;
	j->counts.damaged += p->counts.damaged;
	j->counts.unverified += p->counts.unverified;
	j->counts.outside += p->counts.outside;
	j->counts.hits += p->counts.hits;
	count_time(&j->counts, p->counts.first, p->counts.last, p->counts.timed);
	p->file = NULL;
	pthread_mutex_lock(&j->lock);
	j->told++;
	pthread_cond_broadcast(&j->changed);
	pthread_mutex_unlock(&j->lock);
	f->told++;
	drop_if_over(f);
}

struct slice *jobs_slice(struct jobs *j)
{
	struct slice *p = &j->ring[j->begun % j->n_ring];

	if (p->file != NULL)
		tell(j);
	p->n = 0;
	p->carved = SIZE_MAX;
	p->done = false;
	p->counts = (struct hunt_counts){ 0 };
	buf_clear(&p->bytes);
	p->out.full = false;
	buf_clear(&p->out);
	return p;
}

bool slice_record(struct slice *p, size_t at, size_t len, bool cut)
{
	if (p->n == p->room) {
		size_t room = p->room == 0 ? 1024 : 2 * p->room;
		struct extent *all = reallocarray(p->rec, room, sizeof *all);

		if (all == NULL)
			return false;
		p->rec = all;
		p->room = room;
	}
	p->rec[p->n++] = (struct extent){ at, len, cut };
	return true;
}

void slice_carved(struct slice *p)
{
	if (p->carved == SIZE_MAX)
		p->carved = p->n - 1;
}

bool jobs_give(struct jobs *j, struct slice *p, struct str bytes)
{
	struct hunt_file *f = j->file;

	if (p->n == 0)
		return !j->broken;
	buf_add(&p->bytes, bytes);
	if (p->bytes.full)
		return false;
	p->file = f;
	p->number = f->cut++;
	p->first = f->records + 1;
	f->records += p->n;
	p->index = j->begun++;
	if (j->n_workers > 1)
		return queue_put(j->queue, p, 1) && !j->broken;
	work(&j->worker[0], p);
	p->done = true;
	tell(j);
	return !j->broken;
}

bool jobs_end(struct jobs *j)
{
	while (j->told < j->begun)
		tell(j);
	return !j->broken;
}

struct hunt_counts jobs_counts(const struct jobs *j)
{
	return j->counts;
}

struct detect_counts jobs_detect_counts(const struct jobs *j)
{
	struct detect_counts sum = { 0 };

	for (size_t i = 0; i < j->n_workers; i++) {
		struct detect_counts c = detect_scratch_counts(j->worker[i].scratch);

		sum.events += c.events;
		sum.undecided += c.undecided;
		sum.lost += c.lost;
	}
	return sum;
}

uint64_t jobs_seen(const struct jobs *j, size_t source)
{
	uint64_t n = 0;

	for (size_t i = 0; i < j->n_workers; i++)
		n += detect_scratch_seen(j->worker[i].scratch, source);
	return n;
}
