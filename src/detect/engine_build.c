/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_build.c - from the conditions of rules to triggers and tables.
 *
 * Invariant: a trigger is found by (field, kind, text) through `seen`, so that no two are the same.
 */
#include "detect/engine.h"

#include "base/hash.h"
#include "detect/engine_int.h"

#include <stdlib.h>

struct pair {
	uint32_t trigger, rank;
};

struct builder {
	struct rule_set *rs;
	struct engine *e;
	struct arena *a;
	uint32_t *seen; /* trigger + 1 by hash, 0 free; cap a power of 2 */
	size_t cap;
	struct trigger *trigger;
	size_t n, room;
	struct pair *pair;
	size_t n_pairs, pairs_room;
	uint32_t *table_of; /* by field: number + 1 */
};

/* Room for one more in an array of the heap. */
static void *grown(void *all, size_t n, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 4096 : *room * 2;
	void *p = all;

	if (n < *room)
		return all;
	p = reallocarray(all, more, size);
	if (p != NULL)
		*room = more;
	return p;
}

static uint64_t guard_hash(const struct guard *g)
{
	return hash_quick(g->text, ((uint64_t)g->field << 8) | g->kind);
}

static bool same_guard(const struct guard *a, const struct guard *b)
{
	return a->field == b->field && a->kind == b->kind && str_eq(a->text, b->text);
}

static bool grow_seen(struct builder *b)
{
	size_t cap = b->cap == 0 ? 1 << 14 : b->cap * 2;
	uint32_t *seen = calloc(cap, sizeof *seen);

	if (seen == NULL)
		return false;
	for (size_t i = 0; i < b->n; i++) {
		size_t at = guard_hash(&b->trigger[i].guard) & (cap - 1);

		while (seen[at] != 0)
			at = (at + 1) & (cap - 1);
		seen[at] = (uint32_t)i + 1;
	}
	free(b->seen);
	b->seen = seen;
	b->cap = cap;
	return true;
}

/* The number of that trigger, a new one if need be; NO_TRIGGER: no memory. */
static uint32_t trigger_of(struct builder *b, const struct guard *g)
{
	if (2 * b->n >= b->cap && !grow_seen(b))
		return NO_TRIGGER;
	size_t at = guard_hash(g) & (b->cap - 1);
	while (b->seen[at] != 0) {
		if (same_guard(&b->trigger[b->seen[at] - 1].guard, g))
			return b->seen[at] - 1;
		at = (at + 1) & (b->cap - 1);
	}
	struct trigger *all = grown(b->trigger, b->n, &b->room, sizeof *all);
	if (all == NULL)
		return NO_TRIGGER;
	b->trigger = all;
	all[b->n] = (struct trigger){ .guard = *g };
	b->seen[at] = (uint32_t)++b->n;
	return (uint32_t)b->n - 1;
}

static bool add_pair(struct builder *b, uint32_t trigger, uint32_t rank)
{
	struct pair *all = grown(b->pair, b->n_pairs, &b->pairs_room, sizeof *all);

	if (all == NULL || trigger == NO_TRIGGER)
		return false;
	b->pair = all;
	all[b->n_pairs++] = (struct pair){ trigger, rank };
	return true;
}

static bool add_rule(struct builder *b, uint32_t rank)
{
	struct guards g;
	struct arena scratch = b->rs->yaml;
	const struct node *condition = b->rs->rule[b->e->rule[rank]]->sigma.condition;

	/* folded copies live in the scratch: keep them */
	if (!guards_find(&scratch, condition, &g))
		return false;
	if (g.always) {
		b->e->always[rank / 64] |= UINT64_C(1) << rank % 64;
		b->e->always_busy[rank / 64 / 64] |= UINT64_C(1) << rank / 64 % 64;
	}
	for (size_t i = 0; i < g.n; i++) {
		const unsigned char *p = (const unsigned char *)g.guard[i].text.p;

		if (p >= b->rs->yaml.beg && p < b->rs->yaml.end)
			g.guard[i].text = arena_str(b->a, g.guard[i].text);
		if (!add_pair(b, trigger_of(b, &g.guard[i]), rank))
			return false;
	}
	return true;
}

static bool rank_rules(struct builder *b)
{
	struct engine *e = b->e;
	uint32_t rank = 0;

	e->n_rules = b->rs->n;
	e->words = (e->n_rules + 63) / 64;
	e->rule = NEW(b->a, uint32_t, e->n_rules + 1);
	e->source = NEW(b->a, uint32_t, e->n_rules + 1);
	e->always = NEW(b->a, uint64_t, e->words + 1);
	e->always_busy = NEW(b->a, uint64_t, e->words / 64 + 1);
	if (e->rule == NULL || e->source == NULL || e->always == NULL || e->always_busy == NULL)
		return false;
	for (uint32_t i = 0; i < b->rs->n_sources; i++)
		for (uint32_t k = b->rs->source[i].first; k != NO_RULE; k = b->rs->rule[k]->next) {
			e->rule[rank] = k;
			e->source[rank++] = i;
		}
	e->n_rules = rank; /* correlations are none of these */
	for (uint32_t i = 0; i < rank; i++)
		if (!add_rule(b, i))
			return false;
	return true;
}

/* The ranks of each trigger, side by side. */
static bool lay_out_ranks(struct builder *b)
{
	struct engine *e = b->e;
	uint32_t sum = 0;

	e->n_triggers = b->n;
	e->trigger = NEW(b->a, struct trigger, b->n + 1);
	e->rank = NEW(b->a, uint32_t, b->n_pairs + 1);
	if (e->trigger == NULL || e->rank == NULL)
		return false;
	if (b->n > 0)
		memcpy(e->trigger, b->trigger, b->n * sizeof *e->trigger);
	for (size_t i = 0; i < b->n_pairs; i++)
		e->trigger[b->pair[i].trigger].n++;
	for (size_t i = 0; i < b->n; i++) {
		e->trigger[i].first = sum;
		sum += e->trigger[i].n;
		e->trigger[i].n = 0;
	}
	for (size_t i = 0; i < b->n_pairs; i++) {
		struct trigger *t = &e->trigger[b->pair[i].trigger];

		e->rank[t->first + t->n++] = b->pair[i].rank;
	}
	return true;
}

/* Tables. */

static size_t name_index(const struct builder *b, uint32_t field)
{
	return field == FIELD_ANY ? b->rs->names.n : field;
}

/* Number the tables, and let each trigger know its own. */
static bool number_tables(struct builder *b)
{
	struct engine *e = b->e;

	b->table_of = calloc((size_t)b->rs->names.n + 1, sizeof *b->table_of);
	if (b->table_of == NULL)
		return false;
	for (size_t i = 0; i < e->n_triggers; i++) {
		uint32_t *number = &b->table_of[name_index(b, e->trigger[i].guard.field)];

		if (*number == 0)
			*number = (uint32_t)++e->n_tables;
		e->trigger[i].table = *number - 1;
	}
	e->table = NEW(b->a, struct table, e->n_tables + 1);
	for (size_t i = 0; e->table != NULL && i < e->n_tables; i++)
		e->table[i].there = NO_TRIGGER;
	return e->table != NULL;
}

const char engine_plain[256] = {
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6',
	['7'] = '7', ['8'] = '8', ['9'] = '9', ['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd',
	['e'] = 'e', ['f'] = 'f', ['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e',
	['F'] = 'f', ['x'] = 'x', ['T'] = 't', ['Z'] = 'z', ['t'] = 't', ['z'] = 'z', ['-'] = '-',
	[':'] = ':', ['.'] = '.', ['{'] = '{', ['}'] = '}', [' '] = ' ',
};

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (engine_plain_byte(s.p[i]) == '\0')
			return false;
	return true;
}

uint32_t engine_hash(struct str s, enum guard_kind kind)
{
	uint64_t h = (s.n * 4 + kind) * UINT64_C(0x9E3779B97F4A7C15);

	while (s.n >= 8) {
		uint64_t w;

		memcpy(&w, s.p, 8);
		h = (h ^ w) * UINT64_C(0xD6E8FEB86659FD93);
		h ^= h >> 32;
		s.p += 8;
		s.n -= 8;
	}
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001B3);
	h *= UINT64_C(0xD6E8FEB86659FD93);
	return (uint32_t)(h >> 32);
}

static struct str hashed_part(const struct guard *g)
{
	if (g->kind == GUARD_EQUAL)
		return g->text;
	return engine_side(g->text, (enum guard_kind)g->kind,
			   g->text.n < SIDE_MAX ? g->text.n : SIDE_MAX);
}

static void put_cell(struct table *t, const struct guard *g, uint32_t trigger)
{
	uint16_t bit = (uint16_t)(1u << (g->text.n < SIDE_MAX ? g->text.n : SIDE_MAX));
	uint32_t tag = engine_hash(hashed_part(g), (enum guard_kind)g->kind);
	uint32_t at = tag & (t->cap - 1);

	t->equal = t->equal || g->kind == GUARD_EQUAL;
	t->starts |= g->kind == GUARD_STARTS ? bit : 0;
	t->ends |= g->kind == GUARD_ENDS ? bit : 0;
	while (t->cell[at].trigger != NO_TRIGGER)
		at = (at + 1) & (t->cap - 1);
	t->cell[at] = (struct cell){ tag, trigger };
}

/* Among `all`, which it may disorder. */
static bool build_finders(struct builder *b, struct table *t, struct finder_text *all, size_t n)
{
	size_t plain_ones = 0;

	if (n == 0)
		return true;
	t->holds = finder_new(b->a, all, n);
	for (size_t i = 0; i < n; i++)
		if (is_plain(all[i].text))
			all[plain_ones++] = all[i];
	t->plain = plain_ones == 0 ? NULL : finder_new(b->a, all, plain_ones);
	return t->holds != NULL && (plain_ones == 0 || t->plain != NULL);
}

/* Make the table of the triggers `own[0..n)`. */
static bool build_table(struct builder *b, struct table *t, const uint32_t *own, size_t n)
{
	struct finder_text *holds = calloc(n + 1, sizeof *holds);
	size_t n_holds = 0;

	t->cap = 4;
	while (t->cap < 2 * n)
		t->cap *= 2;
	t->cell = NEW(b->a, struct cell, t->cap);
	if (t->cell == NULL || holds == NULL) {
		free(holds);
		return false;
	}
	memset(t->cell, 0xff, t->cap * sizeof *t->cell);
	for (size_t i = 0; i < n; i++) {
		const struct guard *g = &b->e->trigger[own[i]].guard;

		t->field = g->field;
		if (g->kind == GUARD_THERE)
			t->there = own[i];
		else if (g->kind == GUARD_HOLDS)
			holds[n_holds++] = (struct finder_text){ g->text, own[i] };
		else
			put_cell(t, g, own[i]);
	}
	bool ok = build_finders(b, t, holds, n_holds);
	free(holds);
	return ok;
}

static bool build_tables(struct builder *b)
{
	struct engine *e = b->e;
	uint32_t *own = calloc(e->n_triggers + 1, sizeof *own);
	uint32_t *first = calloc(e->n_tables + 2, sizeof *first);
	bool ok = own != NULL && first != NULL;

	for (size_t i = 0; ok && i < e->n_triggers; i++)
		first[e->trigger[i].table + 2]++;
	for (size_t i = 2; ok && i < e->n_tables + 2; i++)
		first[i] += first[i - 1];
	for (size_t i = 0; ok && i < e->n_triggers; i++)
		own[first[e->trigger[i].table + 1]++] = (uint32_t)i;
	for (size_t i = 0; ok && i < e->n_tables; i++)
		ok = build_table(b, &e->table[i], own + first[i], first[i + 1] - first[i]);
	free(own);
	free(first);
	return ok;
}

/* Which tables the rules of each source have triggers in. */
static bool list_tables(struct builder *b)
{
	struct engine *e = b->e;
	size_t n = 0, room = 0;
	uint32_t *list = NULL, *stamp = calloc(e->n_tables + 1, sizeof *stamp);

	e->source_first = NEW(b->a, uint32_t, b->rs->n_sources + 1);
	if (stamp == NULL || e->source_first == NULL) {
		free(stamp);
		return false;
	}
	/* pairs stand by rank, ranks by source */
	for (size_t i = 0, p = 0; i < b->rs->n_sources; i++) {
		e->source_first[i] = (uint32_t)n;
		for (; p < b->n_pairs && e->source[b->pair[p].rank] == i; p++) {
			uint32_t table = e->trigger[b->pair[p].trigger].table;
			uint32_t *more = grown(list, n, &room, sizeof *more);

			if (more == NULL) {
				free(list);
				free(stamp);
				return false;
			}
			list = more;
			if (stamp[table] != i + 1)
				list[n++] = table;
			stamp[table] = (uint32_t)i + 1;
		}
	}
	e->source_first[b->rs->n_sources] = (uint32_t)n;
	e->source_table = NEW(b->a, uint32_t, n + 1);
	if (e->source_table != NULL && n > 0)
		memcpy(e->source_table, list, n * sizeof *list);
	free(list);
	free(stamp);
	return e->source_table != NULL;
}

static void builder_fini(struct builder *b)
{
	free(b->seen);
	free(b->trigger);
	free(b->pair);
	free(b->table_of);
}

const struct engine *engine_new(struct rule_set *rs, struct err *why)
{
	struct engine *e = NEW(&rs->a, struct engine, 1);
	struct builder b = { .rs = rs, .e = e, .a = &rs->a };
	bool ok = false;

	if (e != NULL) {
		e->rs = rs;
		ok = rank_rules(&b) && lay_out_ranks(&b) && number_tables(&b) && build_tables(&b) &&
		     list_tables(&b) && watch_build(&rs->a, rs, &e->watch);
	}
	builder_fini(&b);
	if (!ok)
		err_set(why, ERR_LIMIT, 0, "no room for the rules");
	return ok ? e : NULL;
}
