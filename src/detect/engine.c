/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c - an event: its kind, what of it stands in the tables of that kind, the rules that this calls
 * for.
 *
 * Invariant: a rule that is active in a kind of events and has guards is called for whenever one of
 * these is met, so what is not called for does not hold.
 */
#include "detect/engine.h"

#include "base/hash.h"
#include "detect/engine_int.h"

#include <stdlib.h>

enum { KINDS_MAX = 1024, KIND_CELLS = 4 * KINDS_MAX };
#define KINDS_ROOM ((size_t)64 << 20)

/* A field under the name it has in these events, and the table its values are looked up in. */
struct look {
	uint32_t name, table;
};

/* Events that no log source tells apart. */
struct kind {
	uint64_t hash, events;
	const uint32_t *key;
	size_t key_n;
	uint64_t *active;                  /* ranks of the rules of its log sources */
	const struct source_shape **shape; /* by source; NULL: not of this source */
	struct look *look;
	size_t n_looks;
	uint32_t anywhere; /* the table of keywords, or NO_TABLE */
};

struct engine_scratch {
	const struct engine *e;
	struct arena whole, a; /* of kinds */
	struct kind *cell[KIND_CELLS];
	size_t n_kinds;
	uint64_t seen[SOURCES_MAX]; /* of kinds that were dropped */
	uint32_t *key;              /* room for one */
	uint64_t *called;           /* ranks, for the event at hand */
	uint32_t *fired, stamp;     /* by trigger: the stamp of the event that met it last */
	struct engine_counts counts;
};

struct engine_scratch *engine_scratch_new(const struct engine *e)
{
	struct engine_scratch *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->e = e;
	s->key = calloc(watch_key_max(&e->watch) + 1, sizeof *s->key);
	s->called = calloc(e->words + 1, sizeof *s->called);
	s->fired = calloc(e->n_triggers + 1, sizeof *s->fired);
	if (s->key == NULL || s->called == NULL || s->fired == NULL ||
	    !arena_reserve(&s->whole, KINDS_ROOM)) {
		engine_scratch_free(s);
		return NULL;
	}
	s->a = s->whole;
	return s;
}

void engine_scratch_free(struct engine_scratch *s)
{
	if (s == NULL)
		return;
	if (s->whole.beg != NULL)
		arena_release(s->whole);
	free(s->key);
	free(s->called);
	free(s->fired);
	free(s);
}

/* Kinds. */

/* Forget all kinds; what they counted is kept. */
static void drop_kinds(struct engine_scratch *s)
{
	for (size_t i = 0; i < KIND_CELLS; i++) {
		const struct kind *k = s->cell[i];

		for (size_t n = 0; k != NULL && n < s->e->rs->n_sources; n++)
			s->seen[n] += k->shape[n] != NULL ? k->events : 0;
		s->cell[i] = NULL;
	}
	s->n_kinds = 0;
	s->a = s->whole;
}

static bool has_look(const struct kind *k, uint32_t name, uint32_t table)
{
	for (size_t i = 0; i < k->n_looks; i++)
		if (k->look[i].name == name && k->look[i].table == table)
			return true;
	return false;
}

/* The tables that the rules of source `i` have guards in, each under the name that its field has. */
static void add_looks(const struct engine *e, struct kind *k, size_t i)
{
	for (uint32_t t = e->source_first[i]; t < e->source_first[i + 1]; t++) {
		uint32_t table = e->source_table[t], name = e->table[table].field;

		if (name == FIELD_ANY) {
			k->anywhere = table;
			continue;
		}
		for (size_t r = 0; r < k->shape[i]->n_renames; r++)
			if (k->shape[i]->rename[r].from == name) {
				name = k->shape[i]->rename[r].to;
				break;
			}
		if (!has_look(k, name, table))
			k->look[k->n_looks++] = (struct look){ name, table };
	}
}

/* What is known of a kind whose log sources are known. */
static bool fill_kind(struct engine_scratch *s, struct kind *k)
{
	const struct engine *e = s->e;
	size_t most = 0;

	for (size_t i = 0; i < e->rs->n_sources; i++)
		if (k->shape[i] != NULL)
			most += e->source_first[i + 1] - e->source_first[i];
	k->anywhere = NO_TABLE;
	k->active = NEW(&s->a, uint64_t, e->words + 1);
	k->look = NEW(&s->a, struct look, most + 1);
	if (k->active == NULL || k->look == NULL)
		return false;
	for (size_t r = 0; r < e->n_rules; r++)
		if (k->shape[e->source[r]] != NULL)
			k->active[r / 64] |= UINT64_C(1) << r % 64;
	for (size_t i = 0; i < e->rs->n_sources; i++)
		if (k->shape[i] != NULL)
			add_looks(e, k, i);
	return true;
}

/* A kind for the event at hand, in the arena; NULL: no room. */
static struct kind *make_kind(struct engine_scratch *s, struct rule_scratch *of)
{
	const struct rule_set *rs = s->e->rs;
	struct kind *k = NEW(&s->a, struct kind, 1);

	if (k == NULL ||
	    (k->shape = NEW(&s->a, const struct source_shape *, rs->n_sources + 1)) == NULL)
		return NULL;
	memset(of->fit, 0, rs->map.n * sizeof *of->fit);
	for (size_t i = 0; i < rs->n_sources; i++) {
		const struct source_shape *shape;

		if (rule_source_fits(of, &rs->source[i].need, &shape))
			k->shape[i] = shape;
	}
	s->counts.kinds++;
	return fill_kind(s, k) ? k : NULL;
}

/* Keep a kind under the key that was just told. */
static bool keep_kind(struct engine_scratch *s, struct kind *k, size_t n, uint64_t hash, size_t at)
{
	uint32_t *key = NEW(&s->a, uint32_t, n + 1);

	if (key == NULL)
		return false;
	memcpy(key, s->key, n * sizeof *key);
	k->key = key;
	k->key_n = n;
	k->hash = hash;
	s->cell[at] = k;
	s->n_kinds++;
	return true;
}

/* The kind of the event at hand; NULL: no memory. */
static struct kind *kind_of(struct engine_scratch *s, struct rule_scratch *of)
{
	size_t n = 0, at;
	bool told = watch_key(&s->e->watch, of->sigma, s->key, &n);
	uint64_t hash = hash_quick((struct str){ (const char *)s->key, n * sizeof *s->key }, 0);

	for (at = hash % KIND_CELLS; told && s->cell[at] != NULL; at = (at + 1) % KIND_CELLS)
		if (s->cell[at]->hash == hash && s->cell[at]->key_n == n &&
		    memcmp(s->cell[at]->key, s->key, n * sizeof *s->key) == 0)
			return s->cell[at];
	if (s->n_kinds >= KINDS_MAX) {
		drop_kinds(s);
		at = hash % KIND_CELLS;
	}
	struct kind *k = make_kind(s, of);
	if (k == NULL) { /* it may be that only old ones are in the way */
		drop_kinds(s);
		at = hash % KIND_CELLS;
		k = make_kind(s, of);
	}
	if (k != NULL && told && !keep_kind(s, k, n, hash, at))
		return NULL;
	return k;
}

/* Guards. */

static void fire(void *ctx, uint32_t trigger)
{
	struct engine_scratch *s = ctx;
	const struct trigger *t = &s->e->trigger[trigger];
	const uint32_t *rank = s->e->rank + t->first;

	if (s->fired[trigger] == s->stamp)
		return;
	s->fired[trigger] = s->stamp;
	for (uint32_t i = 0; i < t->n; i++)
		s->called[rank[i] / 64] |= UINT64_C(1) << rank[i] % 64;
}

static bool guard_met(const struct guard *g, struct str v)
{
	switch ((enum guard_kind)g->kind) {
	case GUARD_EQUAL:
		return str_eq(v, g->text);
	case GUARD_STARTS:
		return str_starts(v, g->text);
	default:
		return str_ends(v, g->text);
	}
}

static void probe(struct engine_scratch *s, const struct table *t, enum guard_kind kind,
		  struct str part, struct str v)
{
	uint32_t tag = engine_hash(part, kind);

	for (uint32_t at = tag & (t->cap - 1); t->cell[at].trigger != NO_TRIGGER;
	     at = (at + 1) & (t->cap - 1)) {
		uint32_t trigger = t->cell[at].trigger;
		const struct guard *g = &s->e->trigger[trigger].guard;

		if (t->cell[at].tag == tag && g->kind == kind && guard_met(g, v))
			fire(s, trigger);
	}
}

static void probe_sides(struct engine_scratch *s, const struct table *t, enum guard_kind kind,
			unsigned lengths, struct str v)
{
	for (; lengths != 0; lengths &= lengths - 1) {
		size_t n = (size_t)__builtin_ctz(lengths);

		if (n <= v.n)
			probe(s, t, kind, engine_side(v, kind, n), v);
	}
}

/* All guards of a table that a folded value meets. */
static void look_up(struct engine_scratch *s, const struct table *t, struct str v)
{
	if (t->equal)
		probe(s, t, GUARD_EQUAL, v, v);
	probe_sides(s, t, GUARD_STARTS, t->starts, v);
	probe_sides(s, t, GUARD_ENDS, t->ends, v);
	if (t->holds != NULL)
		(void)finder_run(t->holds, v, fire, s);
}

/* A value that cannot be folded is one that the reference cannot judge either. */
static void look_up_field(struct engine_scratch *s, struct sigma_scratch *g, const struct look *l)
{
	const struct table *t = &s->e->table[l->table];
	uint32_t k = sigma_first(g, l->name);

	if (k != NO_LINK && t->there != NO_TRIGGER)
		fire(s, t->there);
	for (; k != NO_LINK; k = g->link[k].next) {
		uint32_t i = g->link[k].field;

		if (g->ev->fields[i].type != FIELD_NULL &&
		    sigma_folded(g, g->ev->fields[i].val, &g->folded[i]))
			look_up(s, t, g->folded[i]);
	}
}

/* As keywords are: in every value, and in the record itself where it is text. */
static void look_up_anywhere(struct engine_scratch *s, struct sigma_scratch *g,
			     const struct table *t)
{
	const struct event *ev = g->ev;
	uint32_t n = ev->n_raw > 0 ? ev->n_raw : ev->n_fields;

	for (uint32_t i = 0; i < n; i++)
		if (ev->fields[i].type != FIELD_NULL &&
		    sigma_folded(g, ev->fields[i].val, &g->folded[i]))
			look_up(s, t, g->folded[i]);
	if (sigma_raw_is_text(ev->raw) && sigma_folded(g, ev->raw, &g->folded[ev->n_fields]))
		look_up(s, t, g->folded[ev->n_fields]);
}

static void call(struct engine_scratch *s, struct sigma_scratch *g, const struct kind *k)
{
	memset(s->called, 0, s->e->words * sizeof *s->called);
	if (++s->stamp == 0) { /* once in 2^32 events */
		memset(s->fired, 0, s->e->n_triggers * sizeof *s->fired);
		s->stamp = 1;
	}
	g->n_renames = 0;
	for (size_t i = 0; i < k->n_looks; i++)
		look_up_field(s, g, &k->look[i]);
	if (k->anywhere != NO_TABLE)
		look_up_anywhere(s, g, &s->e->table[k->anywhere]);
}

static void try_rule(struct engine_scratch *s, struct sigma_scratch *g, const struct kind *k,
		     size_t rank, rule_hit_fn *fn, void *ctx)
{
	const struct source_shape *shape = k->shape[s->e->source[rank]];
	uint32_t rule = s->e->rule[rank];
	struct sigma_match where;

	s->counts.tried++;
	if (sigma_holds(g, s->e->rs->rule[rule]->sigma.condition, shape->rename, shape->n_renames,
			&where))
		fn(ctx, rule, &where);
}

/* A kind that could not be kept: its events are counted, its memory is free again. */
static void let_go(struct engine_scratch *s, const struct kind *k, struct arena before)
{
	for (size_t i = 0; i < s->e->rs->n_sources; i++)
		s->seen[i] += k->shape[i] != NULL ? k->events : 0;
	s->a = s->n_kinds == 0 ? s->whole : before;
}

void engine_match(struct engine_scratch *s, struct rule_scratch *of, rule_hit_fn *fn, void *ctx)
{
	const struct engine *e = s->e;
	struct arena before = s->a;
	struct kind *k = kind_of(s, of);

	if (k == NULL) {
		of->sigma->undecided++;
		return;
	}
	k->events++;
	call(s, of->sigma, k);
	for (size_t w = 0; w < e->words; w++)
		for (uint64_t m = (s->called[w] | e->always[w]) & k->active[w]; m != 0; m &= m - 1)
			try_rule(s, of->sigma, k, w * 64 + (size_t)__builtin_ctzll(m), fn, ctx);
	if (k->key == NULL)
		let_go(s, k, before);
}

uint64_t engine_seen(const struct engine_scratch *s, size_t i)
{
	uint64_t n = s->seen[i];

	for (size_t c = 0; c < KIND_CELLS; c++)
		if (s->cell[c] != NULL && s->cell[c]->shape[i] != NULL)
			n += s->cell[c]->events;
	return n;
}

struct engine_counts engine_scratch_counts(const struct engine_scratch *s)
{
	return s->counts;
}
