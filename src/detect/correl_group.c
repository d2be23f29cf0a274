/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_group.c - invariant: a group stands in one chain of the table, in its lane, and in the heap when
 * due_at says so; `bytes` is the sum over all of them.
 */
#include "base/crypt.h"
#include "base/hash.h"
#include "detect/correl_int.h"

#include <stdlib.h>

enum { TABLE_FIRST = 256, ENTRIES_FIRST = 4 };

bool groups_init(struct groups *g, size_t n_lanes, size_t max)
{
	*g = (struct groups){ .n_lanes = n_lanes, .max = max, .cap = TABLE_FIRST };
	crypt_random(&g->seed, sizeof g->seed);
	g->table = calloc(g->cap, sizeof *g->table);
	g->lane = calloc(n_lanes + 1, sizeof *g->lane);
	return g->table != NULL && g->lane != NULL;
}

static size_t bytes_of(const struct group *x)
{
	return sizeof *x + x->key_len + x->show_len + x->cap * sizeof *x->entry +
	       2 * sizeof(void *);
}

static void charge(struct groups *g, const struct group *x, bool add)
{
	size_t n = bytes_of(x);

	g->bytes += add ? n : 0 - n;
	g->lane[x->of].bytes += add ? n : 0 - n;
}

/* The lane: newest first. */

static void lane_out(struct groups *g, struct group *x)
{
	struct lane *l = &g->lane[x->of];

	*(x->newer != NULL ? &x->newer->older : &l->newest) = x->older;
	*(x->older != NULL ? &x->older->newer : &l->oldest) = x->newer;
	x->newer = x->older = NULL;
}

static void lane_in(struct groups *g, struct group *x)
{
	struct lane *l = &g->lane[x->of];

	x->older = l->newest;
	x->newer = NULL;
	*(l->newest != NULL ? &l->newest->newer : &l->oldest) = x;
	l->newest = x;
}

/* The heap. */

static void heap_set(struct groups *g, size_t i, struct group *x)
{
	g->due[i] = x;
	x->due_at = (uint32_t)i;
}

static void heap_up(struct groups *g, size_t i)
{
	struct group *x = g->due[i];

	for (size_t up; i > 0 && g->due[up = (i - 1) / 2]->due > x->due; i = up)
		heap_set(g, i, g->due[up]);
	heap_set(g, i, x);
}

static void heap_down(struct groups *g, size_t i)
{
	struct group *x = g->due[i];

	for (;;) {
		size_t kid = 2 * i + 1;

		if (kid + 1 < g->n_due && g->due[kid + 1]->due < g->due[kid]->due)
			kid++;
		if (kid >= g->n_due || g->due[kid]->due >= x->due)
			break;
		heap_set(g, i, g->due[kid]);
		i = kid;
	}
	heap_set(g, i, x);
}

static void heap_out(struct groups *g, struct group *x)
{
	size_t i = x->due_at;
	struct group *last = g->due[--g->n_due];

	x->due_at = NOT_DUE;
	if (last == x)
		return;
	heap_set(g, i, last);
	heap_up(g, i);
	heap_down(g, last->due_at);
}

bool groups_due(struct groups *g, struct group *x, int64_t due)
{
	if (x->due_at != NOT_DUE)
		heap_out(g, x);
	x->due = due;
	if (due == INT64_MAX)
		return true;
	if (g->n_due == g->cap_due) {
		size_t cap = g->cap_due == 0 ? TABLE_FIRST : g->cap_due * 2;
		struct group **more = realloc(g->due, cap * sizeof(struct group *));

		if (more == NULL)
			return false;
		g->due = more;
		g->cap_due = cap;
	}
	heap_set(g, g->n_due++, x);
	heap_up(g, x->due_at);
	return true;
}

struct group *groups_next_due(const struct groups *g)
{
	return g->n_due == 0 ? NULL : g->due[0];
}

/* The table. */

static struct group **chain_of(const struct groups *g, uint64_t hash)
{
	return &g->table[hash & (g->cap - 1)];
}

static void unchain(struct groups *g, const struct group *x)
{
	struct group **at = chain_of(g, x->hash);

	while (*at != x)
		at = &(*at)->next;
	*at = x->next;
	g->n--;
}

static void unlink_group(struct groups *g, struct group *x)
{
	unchain(g, x);
	lane_out(g, x);
	if (x->due_at != NOT_DUE)
		heap_out(g, x);
	charge(g, x, false);
}

void groups_drop(struct groups *g, struct group *x)
{
	unlink_group(g, x);
	free(x->entry);
	free(x);
}

void groups_fini(struct groups *g)
{
	for (size_t i = 0; g->lane != NULL && i < g->n_lanes; i++)
		while (g->lane[i].oldest != NULL)
			groups_drop(g, g->lane[i].oldest);
	free(g->table);
	free(g->lane);
	free(g->due);
}

/* Chains stay short; a table that cannot grow is slow, and right. */
static void grow_table(struct groups *g)
{
	size_t cap = g->cap * 2;
	struct group **old = g->table, **table = calloc(cap, sizeof(struct group *));
	size_t was = g->cap;

	if (table == NULL)
		return;
	g->table = table;
	g->cap = cap;
	for (size_t i = 0; i < was; i++)
		for (struct group *x = old[i], *next; x != NULL; x = next) {
			struct group **at = chain_of(g, x->hash);

			next = x->next;
			x->next = *at;
			*at = x;
		}
	free(old);
}

/* Of a lane, the group that was quiet longest and is not being fed. */
static struct group *victim_of(const struct lane *l)
{
	struct group *x = l->oldest;

	while (x != NULL && x->pinned > 0)
		x = x->newer;
	return x;
}

/* The correlation that holds most gives up what was quiet longest. */
static void make_room(struct groups *g)
{
	while (g->bytes > g->max) {
		struct group *victim = NULL;
		size_t most = 0;

		for (size_t i = 0; i < g->n_lanes; i++) {
			struct group *x = g->lane[i].bytes > most ? victim_of(&g->lane[i]) : NULL;

			if (x == NULL)
				continue;
			most = g->lane[i].bytes;
			victim = x;
		}
		if (victim == NULL)
			return;
		groups_drop(g, victim);
		g->evicted++;
	}
}

static void chain_in(struct groups *g, struct group *x)
{
	if (g->n >= g->cap)
		grow_table(g);
	struct group **at = chain_of(g, x->hash);
	x->next = *at;
	*at = x;
	g->n++;
	lane_in(g, x);
	charge(g, x, true);
}

struct group *groups_get(struct groups *g, uint32_t of, struct str key, struct str show)
{
	uint64_t hash = hash_quick(key, g->seed + of);
	struct group *x = *chain_of(g, hash);

	while (x != NULL && !(x->hash == hash && x->of == of &&
			      str_eq((struct str){ x->text, x->key_len }, key)))
		x = x->next;
	if (x != NULL) {
		lane_out(g, x);
		lane_in(g, x);
		return x;
	}
	x = calloc(1, sizeof *x + key.n + show.n);
	if (x == NULL)
		return NULL;
	x->hash = hash;
	x->of = of;
	x->due_at = NOT_DUE;
	x->due = INT64_MAX;
	x->closed = x->fired = INT64_MIN;
	x->last_place = UINT64_MAX;
	x->key_len = (uint32_t)key.n;
	x->show_len = (uint32_t)show.n;
	if (key.n > 0)
		memcpy(x->text, key.p, key.n);
	if (show.n > 0)
		memcpy(x->text + key.n, show.p, show.n);
	x->pinned = 1;
	chain_in(g, x);
	make_room(g);
	x->pinned = 0;
	return x;
}

bool groups_room(struct groups *g, struct group *x)
{
	if (x->n < x->cap)
		return true;
	uint32_t cap = x->cap == 0 ? ENTRIES_FIRST : x->cap * 2;
	struct entry *more = realloc(x->entry, cap * sizeof *more);

	if (more == NULL)
		return false;
	charge(g, x, false);
	x->entry = more;
	x->cap = cap;
	charge(g, x, true);
	x->pinned++;
	make_room(g);
	x->pinned--;
	return true;
}

bool groups_move(struct groups *g, struct groups *from, struct group *x, uint32_t of)
{
	int64_t due = x->due;

	unlink_group(from, x);
	x->of = of;
	x->hash = hash_quick((struct str){ x->text, x->key_len }, g->seed + of);
	chain_in(g, x);
	if (groups_due(g, x, due))
		return true;
	groups_drop(g, x);
	return false;
}
