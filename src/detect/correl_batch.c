/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_batch.c - a record is its fixed part, its fields, then their values, one behind the other in an
 * arena; `at` points to each of them.
 */
#include "detect/correl_batch.h"

#include "detect/correl_sight.h"

#include <stdlib.h>

#define SCRATCH_CAP ((size_t)1 << 20)

struct correl_batch {
	struct sight_scratch *sight;
	struct arena whole, a, scratch;
	struct sighting **at; /* owned */
	size_t n, cap, max;
	struct correl_batch_counts counts;
};

struct correl_batch *correl_batch_new(const struct rule_set *rs, size_t max)
{
	struct correl_batch *b = calloc(1, sizeof *b);

	if (b == NULL)
		return NULL;
	b->max = max;
	b->sight = sight_scratch_new(rs);
	if (b->sight != NULL && arena_reserve(&b->whole, max) &&
	    arena_reserve(&b->scratch, SCRATCH_CAP)) {
		b->a = b->whole;
		return b;
	}
	correl_batch_free(b);
	return NULL;
}

void correl_batch_free(struct correl_batch *b)
{
	if (b == NULL)
		return;
	sight_scratch_free(b->sight);
	if (b->whole.beg != NULL)
		arena_release(b->whole);
	if (b->scratch.beg != NULL)
		arena_release(b->scratch);
	free(b->at);
	free(b);
}

static bool room(struct correl_batch *b)
{
	if (b->n < b->cap)
		return true;
	size_t cap = b->cap == 0 ? 1024 : b->cap * 2;
	struct sighting **more = realloc(b->at, cap * sizeof(struct sighting *));

	if (more == NULL)
		return false;
	b->at = more;
	b->cap = cap;
	return true;
}

static bool keep(struct correl_batch *b, const struct sighting *s)
{
	struct sighting *to = NEW(&b->a, struct sighting, 1);
	struct sight_field *field = NEW(&b->a, struct sight_field, s->n);

	if (to == NULL || field == NULL || !room(b))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		field[i].name = s->field[i].name;
		field[i].value = arena_str(&b->a, s->field[i].value);
		if (field[i].value.p == NULL)
			return false;
	}
	*to = *s;
	to->field = field;
	to->received = s->time;
	b->at[b->n++] = to;
	return true;
}

void correl_batch_event(struct correl_batch *b, const struct event *ev, const struct hits *hits,
			uint64_t place)
{
	bool known = false;

	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *h = &hits->hit[i];
		struct arena a = b->scratch;
		struct sighting s;

		if (h->kind != HIT_RULE || !h->rule->correlated || h->excepted)
			continue;
		if (!ev->time_told) {
			b->counts.untimed++;
			return;
		}
		if (!known)
			sight_event(b->sight, ev);
		known = true;
		if (!sight_take(b->sight, h->rule->number, &a, &s)) {
			b->counts.lost++;
			continue;
		}
		s.place = place;
		if (keep(b, &s))
			b->counts.kept++;
		else
			b->counts.lost++;
	}
}

struct correl_batch_counts correl_batch_counts(const struct correl_batch *b)
{
	struct correl_batch_counts n = b->counts;

	n.bytes = (uint64_t)(b->a.beg - b->whole.beg) + b->cap * sizeof *b->at;
	return n;
}

static int by_time(const void *x, const void *y)
{
	const struct sighting *a = *(struct sighting *const *)x, *b = *(struct sighting *const *)y;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

bool correl_batch_run(struct correl_batch *const *all, size_t n, struct correl *c, correl_fn *fn,
		      void *ctx)
{
	size_t total = 0, k = 0;

	for (size_t i = 0; i < n; i++)
		total += all[i]->n;
	struct sighting **at = calloc(total + 1, sizeof(struct sighting *));
	if (at == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (all[i]->n > 0)
			memcpy(at + k, all[i]->at, all[i]->n * sizeof(struct sighting *));
		k += all[i]->n;
	}
	qsort(at, total, sizeof(struct sighting *), by_time);
	for (size_t i = 0; i < total; i++)
		correl_feed(c, at[i], fn, ctx);
	correl_clock(c, INT64_MAX, fn, ctx);
	free(at);
	return true;
}
