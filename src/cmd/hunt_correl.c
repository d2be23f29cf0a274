/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_correl.c - an event's place is the number of its file and that of its record in it.
 */
#include "cmd/hunt_correl.h"

#include "base/jsonw.h"
#include "base/msg.h"
#include "detect/correl_hit.h"

#include <stdio.h>
#include <stdlib.h>

enum { RECORD_BITS = 40, FILES_FIRST = 256 };
#define KEPT_MAX ((size_t)4 << 30)
#define PATHS_MAX ((size_t)1 << 30)
#define HIT_ROOM ((size_t)1 << 20)

struct hunt_correl {
	const struct rule_set *rs;
	struct correl_batch **batch; /* owned; one a thread */
	size_t n_batches;
	struct correl *correl;
	struct arena whole, paths, hit;
	struct str *path; /* owned */
	size_t n, cap;
	uint64_t nameless; /* events of files beyond what could be kept */
	hunt_correl_fn *fn;
	void *ctx;
};

static bool make_batches(struct hunt_correl *h, size_t threads)
{
	h->batch = calloc(threads, sizeof(struct correl_batch *));
	while (h->batch != NULL && h->n_batches < threads) {
		struct correl_batch *b = correl_batch_new(h->rs, KEPT_MAX / threads);

		if (b == NULL)
			return false;
		h->batch[h->n_batches++] = b;
	}
	return h->batch != NULL;
}

struct hunt_correl *hunt_correl_new(const struct rule_set *rs, size_t threads)
{
	static const struct correl_limits limits = { CORREL_BYTES, 0 };
	struct hunt_correl *h = calloc(1, sizeof *h);

	if (h == NULL)
		return NULL;
	h->rs = rs;
	h->correl = correl_new(rs, &limits);
	if (make_batches(h, threads) && h->correl != NULL && arena_reserve(&h->whole, PATHS_MAX) &&
	    arena_reserve(&h->hit, HIT_ROOM)) {
		h->paths = h->whole;
		return h;
	}
	hunt_correl_free(h);
	return NULL;
}

void hunt_correl_free(struct hunt_correl *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < h->n_batches; i++)
		correl_batch_free(h->batch[i]);
	free(h->batch);
	correl_free(h->correl);
	if (h->whole.beg != NULL)
		arena_release(h->whole);
	if (h->hit.beg != NULL)
		arena_release(h->hit);
	free(h->path);
	free(h);
}

uint64_t hunt_correl_file(struct hunt_correl *h, const char *path)
{
	if (h->n == h->cap) {
		size_t cap = h->cap == 0 ? FILES_FIRST : h->cap * 2;
		struct str *more = realloc(h->path, cap * sizeof *more);

		if (more == NULL)
			return h->n == 0 ? 0 : h->n - 1;
		h->path = more;
		h->cap = cap;
	}
	struct str kept = arena_str(&h->paths, str_of(path));
	h->path[h->n++] = kept.p != NULL ? kept : STR("?");
	return h->n - 1;
}

void hunt_correl_event(struct hunt_correl *h, size_t thread, uint64_t file, const struct event *ev,
		       const struct hits *hits)
{
	correl_batch_event(h->batch[thread], ev, hits, file << RECORD_BITS | ev->seq);
}

static struct correl_batch_counts batch_counts(const struct hunt_correl *h)
{
	struct correl_batch_counts sum = { 0 };

	for (size_t i = 0; i < h->n_batches; i++) {
		struct correl_batch_counts n = correl_batch_counts(h->batch[i]);

		sum.kept += n.kept;
		sum.bytes += n.bytes;
		sum.lost += n.lost;
		sum.untimed += n.untimed;
	}
	return sum;
}

/* A group of events told as one: its time is that of the last, its fields are those they share. */
static void tell(void *ctx, const struct correl_fire *f)
{
	struct hunt_correl *h = ctx;
	struct arena a = h->hit;
	struct field field[CORREL_MAX_GROUP];
	struct event ev = { .time = f->to,
			    .time_told = true,
			    .seq = f->last & (((uint64_t)1 << RECORD_BITS) - 1),
			    .fields = field };
	struct hit hit;

	if (!correl_hit(&a, h->rs, f, &hit)) {
		h->nameless++;
		return;
	}
	for (size_t i = 0; i < f->what->x->n_group; i++)
		field[i] = (struct field){ .name = f->what->x->group[i], .val = f->group[i] };
	ev.n_raw = ev.n_fields = (uint32_t)f->what->x->n_group;
	if (!hit.rule->part)
		h->fn(h->ctx,
		      &(struct hit_place){ &hit, &ev, h->path[f->last >> RECORD_BITS], NULL });
}

bool hunt_correl_run(struct hunt_correl *h, hunt_correl_fn *fn, void *ctx)
{
	h->fn = fn;
	h->ctx = ctx;
	return correl_batch_run(h->batch, h->n_batches, h->correl, tell, h);
}

void hunt_correl_json(const struct hunt_correl *h, struct jsonw *w)
{
	struct correl_counts n = correl_counts(h->correl);
	struct correl_batch_counts b = batch_counts(h);
	const struct {
		const char *name;
		uint64_t n;
	} rows[] = {
		{ "rules", rule_set_correlations(h->rs) },
		{ "events", b.kept },
		{ "fired", n.fired },
		{ "no_group", n.ungrouped },
		{ "no_value", n.unusable },
		{ "no_time", b.untimed },
		{ "groups_evicted", n.evicted },
		{ "events_cut", n.cut + n.unlooked + b.lost + h->nameless },
	};

	jsonw_key(w, "correlation");
	jsonw_open(w, '{');
	for (size_t i = 0; i < COUNT(rows); i++)
		jsonw_kv_int(w, rows[i].name, (int64_t)rows[i].n);
	jsonw_close(w, '}');
}

void hunt_correl_say(const struct hunt_correl *h)
{
	struct correl_counts n = correl_counts(h->correl);
	struct correl_batch_counts b = batch_counts(h);

	fprintf(stderr,
		msg(MSG_ID("%zu correlations over %llu matches; %llu matches lack a field of "
			   "group-by, %llu the value that is counted, %llu tell no time\n")),
		rule_set_correlations(h->rs), (unsigned long long)b.kept,
		(unsigned long long)n.ungrouped, (unsigned long long)n.unusable,
		(unsigned long long)b.untimed);
	unsigned long long groups = n.evicted, events = n.cut + n.unlooked + b.lost + h->nameless;
	if (groups + events > 0)
		fprintf(stderr,
			msg(MSG_ID("correlation ran out of room: %llu groups and %llu matches were "
				   "let go\n")),
			groups, events);
}

uint64_t hunt_correl_lost(const struct hunt_correl *h)
{
	struct correl_counts n = correl_counts(h->correl);
	struct correl_batch_counts b = batch_counts(h);

	return n.evicted + n.cut + n.unlooked + b.lost + b.untimed + h->nameless;
}
