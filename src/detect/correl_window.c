/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_window.c - one function a type; each looks at all entries of the window anew, so that what came
 * late counts like what came in order.
 */
#include "detect/correl_int.h"

#include <stdlib.h>

enum { ENTRIES_MAX = 4096, ENTRIES_HARD_MAX = 1 << 18 };

bool window_is_temporal(const struct correlation *c)
{
	return c->x->type == CORREL_TEMPORAL || c->x->type == CORREL_ORDERED;
}

bool window_is_number(const struct correlation *c)
{
	return c->x->type == CORREL_SUM || c->x->type == CORREL_AVG ||
	       c->x->type == CORREL_MEDIAN || (c->x->type == CORREL_PERCENTILE && !c->x->share);
}

void window_fini(struct window_scratch *s)
{
	free(s->slot);
	free(s->count);
	free(s->num);
}

/* The size of a table for n keys. */
static size_t slots(size_t n)
{
	size_t cap = 64;

	while (cap < 2 * n)
		cap *= 2;
	return cap;
}

/* Room to look at `n` entries. */
static bool room(struct window_scratch *s, size_t n)
{
	size_t cap = slots(n);

	if (cap <= s->cap)
		return true;
	struct window_scratch more = { calloc(cap, sizeof *s->slot), calloc(cap, sizeof *s->count),
				       calloc(cap, sizeof *s->num), cap };
	if (more.slot == NULL || more.count == NULL || more.num == NULL) {
		window_fini(&more);
		return false;
	}
	window_fini(s);
	s->slot = more.slot;
	s->count = more.count;
	s->num = more.num;
	s->cap = cap;
	return true;
}

static uint64_t events_in(const struct entry *e, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += e[i].n;
	return sum;
}

/* Is the key new in the table of `cap` slots? It is then in. */
static bool add_key(struct window_scratch *s, size_t cap, uint64_t key)
{
	size_t at = (key * 0x9e3779b97f4a7c15) >> 32 & (cap - 1);

	while (s->count[at] > 0 && s->slot[at] != key)
		at = (at + 1) & (cap - 1);
	s->slot[at] = key;
	return s->count[at]++ == 0;
}

/* How often each key stands, in s->slot and s->count; returns how many keys there are. */
static size_t tally(const struct entry *e, size_t n, struct window_scratch *s)
{
	size_t cap = slots(n), keys = 0;

	memset(s->count, 0, cap * sizeof *s->count);
	for (size_t i = 0; i < n; i++)
		keys += add_key(s, cap, e[i].key);
	return keys;
}

/* Sigma 2.1, value_percentile without a percentile: a value that is so much of all that were seen. */
static bool some_share(const struct correlation *c, const struct entry *e, size_t n,
		       struct window_scratch *s, double *value)
{
	size_t cap = slots(n);

	tally(e, n, s);
	for (size_t i = 0; i < cap; i++) {
		double share = 100.0 * s->count[i] / (double)n;

		if (s->count[i] == 0 || !correl_tests_hold(c->x, share))
			continue;
		*value = share;
		return true;
	}
	return false;
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Between two numbers the place that the percentage says; the median of two is their middle. */
static double percentile(const struct entry *e, size_t n, double percent, struct window_scratch *s)
{
	double at = percent / 100 * (double)(n - 1);
	size_t low = (size_t)at;

	for (size_t i = 0; i < n; i++)
		s->num[i] = e[i].num;
	qsort(s->num, n, sizeof *s->num, by_number);
	if (low + 1 >= n)
		return s->num[n - 1];
	return s->num[low] + (at - (double)low) * (s->num[low + 1] - s->num[low]);
}

static double total(const struct entry *e, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += e[i].num;
	return sum;
}

static uint64_t mask_of(const struct entry *e, size_t n)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < n; i++)
		mask |= (uint64_t)1 << e[i].key;
	return mask;
}

/* `seen` decides what stands plain, `all` what stands under a not. */
static bool expr_holds(const struct node *v, uint64_t seen, uint64_t all)
{
	bool ok = v->kind == NODE_AND;

	if (v->kind == NODE_ATOM)
		return seen >> v->atom->field & 1;
	if (v->kind == NODE_NOT)
		return !expr_holds(v->kid[0], all, seen);
	for (uint32_t i = 0; i < v->n && ok == (v->kind == NODE_AND); i++)
		ok = expr_holds(v->kid[i], seen, all);
	return ok;
}

static bool set_holds(const struct correlation *c, uint64_t seen, uint64_t all, double *value)
{
	*value = __builtin_popcountll(seen);
	return c->x->expr != NULL ? expr_holds(c->x->expr, seen, all)
				  : correl_tests_hold(c->x, *value);
}

/* The longest row of different events in the order of the rules that ends with each rule. */
struct row {
	unsigned len;
	uint64_t set, place;
};

static bool ordered(const struct correlation *c, const struct entry *e, size_t n, double *value)
{
	struct row row[CORREL_MAX_RULES] = { 0 };
	uint64_t all = mask_of(e, n);

	for (size_t i = 0; i < n; i++) {
		uint64_t k = e[i].key;
		struct row best = { 0 };

		for (uint64_t j = 0; j < k; j++)
			if (row[j].len > best.len && row[j].place != e[i].place)
				best = row[j];
		if (best.len + 1 > row[k].len)
			row[k] = (struct row){ best.len + 1, best.set | (uint64_t)1 << k,
					       e[i].place };
	}
	/* for "fewer than" the longest row counts, for the rest any will do */
	uint64_t longest = 0;
	for (size_t k = 0; k < c->x->n_rules; k++) {
		if (row[k].len > 0 && c->x->expr != NULL && set_holds(c, row[k].set, all, value))
			return true;
		if (__builtin_popcountll(row[k].set) > __builtin_popcountll(longest))
			longest = row[k].set;
	}
	return set_holds(c, longest, all, value);
}

bool window_holds(const struct correlation *c, const struct entry *e, size_t n,
		  struct window_scratch *s, double *value)
{
	*value = (double)events_in(e, n);
	if (n == 0 || !room(s, n))
		return false;
	switch ((enum correl_type)c->x->type) {
	case CORREL_TEMPORAL:
		return set_holds(c, mask_of(e, n), mask_of(e, n), value);
	case CORREL_ORDERED:
		return ordered(c, e, n, value);
	case CORREL_VALUE_COUNT:
		*value = (double)tally(e, n, s);
		break;
	case CORREL_SUM:
		*value = total(e, n);
		break;
	case CORREL_AVG:
		*value = total(e, n) / *value;
		break;
	case CORREL_MEDIAN:
	case CORREL_PERCENTILE:
		if (c->x->share)
			return some_share(c, e, n, s, value);
		*value = percentile(e, n, c->x->percentile, s);
		break;
	default:
		break;
	}
	return correl_tests_hold(c->x, *value);
}

size_t window_cap(const struct correlation *c)
{
	double most = ENTRIES_MAX;

	if (c->x->type == CORREL_EVENT_COUNT || c->x->type == CORREL_VALUE_COUNT)
		for (size_t i = 0; i < c->x->n_tests; i++)
			if (2 * c->x->test[i].than > most)
				most = 2 * c->x->test[i].than;
	return most > ENTRIES_HARD_MAX ? ENTRIES_HARD_MAX : (size_t)most;
}

/* Of values and members only the latest of each is kept: what ends later holds no less. */
static size_t drop_doubles(struct group *g, struct window_scratch *s)
{
	size_t cap = slots(g->n), at = g->n;

	if (!room(s, g->n))
		return g->n;
	memset(s->count, 0, cap * sizeof *s->count);
	for (size_t i = g->n; i-- > 0;)
		if (add_key(s, cap, g->entry[i].key))
			g->entry[--at] = g->entry[i];
	memmove(g->entry, g->entry + at, (g->n - at) * sizeof *g->entry);
	return g->n - at;
}

static size_t drop_oldest(struct group *g)
{
	size_t cut = g->n / 4 + 1;

	memmove(g->entry, g->entry + cut, (g->n - cut) * sizeof *g->entry);
	return g->n - cut;
}

/* Two neighbours become one, at the time of the later. */
static size_t join_pairs(const struct correlation *c, struct group *g)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->n; i += 2) {
		struct entry e = g->entry[i];

		if (i + 1 < g->n) {
			e = g->entry[i + 1];
			e.n += g->entry[i].n;
			if (window_is_number(c))
				e.num += g->entry[i].num;
		}
		g->entry[kept++] = e;
	}
	return kept;
}

uint64_t window_thin(const struct correlation *c, struct group *g, struct window_scratch *s)
{
	size_t n = g->n;

	switch ((enum correl_type)c->x->type) {
	case CORREL_EVENT_COUNT:
	case CORREL_SUM:
	case CORREL_AVG:
		g->n = (uint32_t)join_pairs(c, g);
		break;
	case CORREL_VALUE_COUNT:
	case CORREL_TEMPORAL:
		g->n = (uint32_t)drop_doubles(g, s);
		if (g->n > n / 2)
			g->n = (uint32_t)drop_oldest(g);
		break;
	default:
		g->n = (uint32_t)drop_oldest(g);
		break;
	}
	return n - g->n;
}
