/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_kind.c - in two steps: what the texts of fields tell is the sort of an event, and names what
 * other atoms are left to try for events of this sort; their verdicts with the sort are its kind.
 *
 * Invariant: a sort and the verdicts of its atoms decide every log source, so that the first event of a
 * kind speaks for all.
 */
#include "detect/engine_kind.h"

#include "base/hash.h"

#include <stdlib.h>

enum { KINDS_MAX = 1024, CELLS = 4 * KINDS_MAX, GROUPS_MAX = 4096 };
#define ROOM ((size_t)64 << 20)

/* Atoms of a sort that look at one field, as many as bits fit into a word. */
struct part {
	uint32_t field, id; /* ids are given once, from the number of watched fields on */
	const struct atom **atom;
	size_t n;
	bool by_value; /* none of them looks at another field */
};
enum { PART_MAX = 32 };

struct sort {
	uint64_t hash;
	const uint32_t *key;
	size_t n;
	const struct atom **atom; /* to try for each event */
	size_t n_atoms;
	struct part *part; /* the same by their fields */
	size_t n_parts;
};

struct kinds {
	const struct engine *e;
	struct arena whole, a;
	struct sort *sort[CELLS];
	struct kind *cell[CELLS];
	size_t n_sorts, n_kinds;
	struct group *group[GROUPS_MAX];
	size_t n_groups;
	uint32_t next_group, next_part; /* ids are never given twice */
	uint64_t seen[SOURCES_MAX];     /* of kinds that were dropped */
	uint64_t met;
	uint32_t *key; /* room for one */
	struct watch_memo *memo;
	struct kind *loose;  /* the one that is not kept */
	struct arena before; /* it was made */
	size_t groups_before;
};

struct kinds *kinds_new(const struct engine *e)
{
	struct kinds *k = calloc(1, sizeof *k);

	if (k == NULL)
		return NULL;
	k->e = e;
	k->next_part = (uint32_t)e->watch.n;
	k->key = calloc(watch_key_max(&e->watch) + 1, sizeof *k->key);
	k->memo = watch_memo_new(&e->watch);
	if (k->key == NULL || k->memo == NULL || !arena_reserve(&k->whole, ROOM)) {
		kinds_free(k);
		return NULL;
	}
	k->a = k->whole;
	return k;
}

void kinds_free(struct kinds *k)
{
	if (k == NULL)
		return;
	if (k->whole.beg != NULL)
		arena_release(k->whole);
	free(k->key);
	watch_memo_free(k->memo);
	free(k);
}

static void count_dropped(struct kinds *k, const struct kind *kind)
{
	for (size_t i = 0; i < k->e->rs->n_sources; i++)
		k->seen[i] += kind->shape[i] != NULL ? kind->events : 0;
}

/* Forget all; what they counted is kept. */
static void drop_all(struct kinds *k)
{
	for (size_t i = 0; i < CELLS; i++) {
		if (k->cell[i] != NULL)
			count_dropped(k, k->cell[i]);
		k->cell[i] = NULL;
		k->sort[i] = NULL;
	}
	k->n_kinds = k->n_sorts = k->n_groups = 0;
	k->a = k->whole;
}

/* Sorts. */

enum verdict { NO, YES, OPEN };

/* That a field is not there the key tells, and with it what an atom says of it. */
static bool is_open(const struct kinds *k, const struct sigma_scratch *g, const struct atom *at)
{
	const struct watch *w = &k->e->watch;

	if (at->field != FIELD_ANY && sigma_first(g, at->field) == NO_LINK)
		return false;
	for (size_t i = 0; i < w->n_atoms; i++)
		if (w->atom[i] == at)
			return true;
	return false;
}

/* What can be said of a node without the atoms that are left to each event. */
static enum verdict judge(struct kinds *k, struct sigma_scratch *g, const struct node *v)
{
	enum verdict all = v->kind == NODE_AND ? YES : NO, kid;

	if (v->kind == NODE_ATOM)
		return is_open(k, g, v->atom) ? OPEN : sigma_atom_holds(g, v->atom) ? YES : NO;
	if (v->kind == NODE_NOT) {
		kid = judge(k, g, v->kid[0]);
		return kid == OPEN ? OPEN : kid == YES ? NO : YES;
	}
	for (uint32_t i = 0; i < v->n; i++) {
		kid = judge(k, g, v->kid[i]);
		if (kid == (v->kind == NODE_AND ? NO : YES))
			return kid;
		if (kid == OPEN)
			all = OPEN;
	}
	return all;
}

/* Add the atoms that keep a node open. */
static void add_open(struct kinds *k, struct sigma_scratch *g, const struct node *v,
		     struct sort *out)
{
	if (v->kind == NODE_ATOM) {
		for (size_t i = 0; i < out->n_atoms; i++)
			if (out->atom[i] == v->atom)
				return;
		out->atom[out->n_atoms++] = v->atom;
		return;
	}
	for (uint32_t i = 0; i < (v->kind == NODE_NOT ? 1 : v->n); i++)
		if (judge(k, g, v->kid[i]) == OPEN)
			add_open(k, g, v->kid[i], out);
}

static void add_open_source(struct kinds *k, struct sigma_scratch *g,
			    const struct source_need *need, struct sort *out)
{
	for (size_t i = 0; i < need->n; i++) {
		const struct source_entry *e = &k->e->rs->map.entry[need->entry[i]];

		for (size_t s = 0; s < e->n; s++)
			if (judge(k, g, e->shape[s].when) == OPEN)
				add_open(k, g, e->shape[s].when, out);
	}
}

static int by_field(const void *a, const void *b)
{
	const struct atom *const *x = a, *const *y = b;

	return (*x)->field < (*y)->field ? -1 : (*x)->field > (*y)->field;
}

static bool make_parts(struct kinds *k, struct sort *sort)
{
	sort->part = NEW(&k->a, struct part, sort->n_atoms + 1);
	if (sort->part == NULL)
		return false;
	if (sort->n_atoms > 1)
		qsort(sort->atom, sort->n_atoms, sizeof *sort->atom, by_field);
	for (size_t i = 0; i < sort->n_atoms; i++) {
		struct part *last = sort->n_parts == 0 ? NULL : &sort->part[sort->n_parts - 1];

		if (last == NULL || last->field != sort->atom[i]->field || last->n == PART_MAX) {
			last = &sort->part[sort->n_parts++];
			*last = (struct part){ .field = sort->atom[i]->field,
					       .id = k->next_part++,
					       .atom = &sort->atom[i],
					       .by_value = true };
		}
		last->n++;
		last->by_value = last->by_value && sort->atom[i]->kind != ATOM_FIELDREF;
	}
	return true;
}

static struct sort *make_sort(struct kinds *k, struct sigma_scratch *g, uint64_t hash, size_t n)
{
	struct sort *sort = NEW(&k->a, struct sort, 1);
	uint32_t *key = NEW(&k->a, uint32_t, n + 1);

	if (sort == NULL || key == NULL)
		return NULL;
	memcpy(key, k->key, n * sizeof *key);
	*sort = (struct sort){ .hash = hash,
			       .key = key,
			       .n = n,
			       .atom = NEW(&k->a, const struct atom *, k->e->watch.n_atoms + 1) };
	if (sort->atom == NULL)
		return NULL;
	g->n_renames = 0;
	for (size_t i = 0; i < k->e->rs->n_sources; i++)
		add_open_source(k, g, &k->e->rs->source[i].need, sort);
	return make_parts(k, sort) ? sort : NULL;
}

/* The sort whose key was just told; NULL: no room for another. */
static const struct sort *sort_of(struct kinds *k, struct sigma_scratch *g, size_t n)
{
	struct str bytes = { (const char *)k->key, n * sizeof *k->key };
	uint64_t hash = hash_quick(bytes, 0);
	size_t at = hash % CELLS;

	for (; k->sort[at] != NULL; at = (at + 1) % CELLS)
		if (k->sort[at]->hash == hash && k->sort[at]->n == n &&
		    memcmp(k->sort[at]->key, k->key, bytes.n) == 0)
			return k->sort[at];
	if (k->n_sorts == KINDS_MAX)
		return NULL;
	k->sort[at] = make_sort(k, g, hash, n);
	k->n_sorts += k->sort[at] != NULL;
	return k->sort[at];
}

/* Kinds. */

/* The group of these tables, sorted; NULL: no room. */
static struct group *group_of(struct kinds *k, const uint32_t *table, size_t n)
{
	for (size_t i = 0; i < k->n_groups; i++)
		if (k->group[i]->n == n &&
		    memcmp(k->group[i]->table, table, n * sizeof *table) == 0)
			return k->group[i];
	struct group *g = NEW(&k->a, struct group, 1);
	uint32_t *own = NEW(&k->a, uint32_t, n + 1);
	if (g == NULL || own == NULL || k->n_groups == GROUPS_MAX)
		return NULL;
	memcpy(own, table, n * sizeof *own);
	*g = (struct group){ .id = k->next_group++, .table = own, .n = n };
	k->group[k->n_groups++] = g;
	return g;
}

/* A name and a table that its values are looked up in. */
struct wish {
	uint32_t name, table;
};

static int by_name(const void *a, const void *b)
{
	const struct wish *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return x->table < y->table ? -1 : x->table > y->table;
}

/* The tables that the rules of source `i` have guards in, each under the name that its field has. */
static size_t add_wishes(const struct engine *e, const struct kind *kind, size_t i,
			 struct wish *out, uint32_t *anywhere)
{
	const struct source_shape *shape = kind->shape[i];
	size_t n = 0;

	for (uint32_t t = e->source_first[i]; t < e->source_first[i + 1]; t++) {
		uint32_t table = e->source_table[t], name = e->table[table].field;

		if (name == FIELD_ANY) {
			*anywhere = table;
			continue;
		}
		for (size_t r = 0; r < shape->n_renames; r++)
			if (shape->rename[r].from == name) {
				name = shape->rename[r].to;
				break;
			}
		out[n++] = (struct wish){ name, table };
	}
	return n;
}

/* One look from the wishes of one name, `room` having a place more than there are. */
static bool add_look(struct kinds *k, struct kind *kind, const struct wish *wish, size_t n,
		     uint32_t *room)
{
	struct look l = { .name = wish[0].name };
	size_t tables = 0;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && wish[i].table == wish[i - 1].table)
			continue;
		room[tables++] = wish[i].table;
	}
	l.others = group_of(k, room, tables);
	if (kind->anywhere != NULL)
		room[tables++] = kind->anywhere->table[0];
	l.raw = group_of(k, room, tables);
	kind->look[kind->n_looks++] = l;
	return l.others != NULL && l.raw != NULL;
}

static bool add_looks(struct kinds *k, struct kind *kind, struct wish *wish, size_t n)
{
	uint32_t *room = calloc(n + 2, sizeof *room);

	kind->look = NEW(&k->a, struct look, n + 1);
	bool ok = kind->look != NULL && room != NULL;
	for (size_t i = 0, end; ok && i < n; i = end) {
		for (end = i + 1; end < n && wish[end].name == wish[i].name; end++)
			;
		ok = add_look(k, kind, wish + i, end - i, room);
	}
	free(room);
	return ok;
}

/* What is known of a kind whose log sources are known. */
static bool fill_kind(struct kinds *k, struct kind *kind)
{
	const struct engine *e = k->e;
	uint32_t anywhere = NO_TABLE;
	size_t most = 0, n = 0;

	for (size_t i = 0; i < e->rs->n_sources; i++)
		if (kind->shape[i] != NULL)
			most += e->source_first[i + 1] - e->source_first[i];
	kind->active = NEW(&k->a, uint64_t, e->words + 1);
	kind->last = NEW(&k->a, struct last_value, LAST_FIELDS);
	struct wish *wish = calloc(most + 1, sizeof *wish);
	if (kind->active == NULL || kind->last == NULL || wish == NULL) {
		free(wish);
		return false;
	}
	for (size_t r = 0; r < e->n_rules; r++)
		if (kind->shape[e->source[r]] != NULL)
			kind->active[r / 64] |= UINT64_C(1) << r % 64;
	for (size_t i = 0; i < e->rs->n_sources; i++)
		if (kind->shape[i] != NULL)
			n += add_wishes(e, kind, i, wish + n, &anywhere);
	if (anywhere != NO_TABLE)
		kind->anywhere = group_of(k, &anywhere, 1);
	qsort(wish, n, sizeof *wish, by_name);
	bool ok = (anywhere == NO_TABLE || kind->anywhere != NULL) && add_looks(k, kind, wish, n);
	free(wish);
	return ok;
}

static struct kind *make_kind(struct kinds *k, struct rule_scratch *of)
{
	const struct rule_set *rs = k->e->rs;
	struct kind *kind = NEW(&k->a, struct kind, 1);

	if (kind == NULL)
		return NULL;
	kind->shape = NEW(&k->a, const struct source_shape *, rs->n_sources + 1);
	if (kind->shape == NULL)
		return NULL;
	memset(of->fit, 0, rs->map.n * sizeof *of->fit);
	for (size_t i = 0; i < rs->n_sources; i++) {
		const struct source_shape *shape;

		if (rule_source_fits(of, &rs->source[i].need, &shape))
			kind->shape[i] = shape;
	}
	k->met++;
	return fill_kind(k, kind) ? kind : NULL;
}

/* The value that alone decides what atoms of a field say, or p NULL: it has none, several or a null. */
static struct str only_value(const struct sigma_scratch *g, uint32_t field)
{
	uint32_t k = field == FIELD_ANY ? NO_LINK : sigma_first(g, field);

	if (k == NO_LINK || g->link[k].next != NO_LINK ||
	    g->ev->fields[g->link[k].field].type == FIELD_NULL)
		return (struct str){ NULL, 0 };
	return g->ev->fields[g->link[k].field].val;
}

static uint32_t part_bits(struct kinds *k, struct sigma_scratch *g, const struct part *p)
{
	struct str value = only_value(g, p->field);
	uint64_t undecided = sigma_undecided(g);
	uint32_t bits = 0;

	if (value.p != NULL && watch_memo_find(k->memo, p->id, value, &bits))
		return bits;
	for (size_t i = 0; i < p->n; i++)
		bits = bits << 1 | sigma_atom_holds(g, p->atom[i]);
	/* what met a cap is tried, and told, each time */
	if (value.p != NULL && p->by_value && sigma_undecided(g) == undecided)
		watch_memo_put(k->memo, p->id, value, bits);
	return bits;
}

/* The verdicts of the atoms that a sort leaves open, in words at k->key. */
static size_t tell_bits(struct kinds *k, struct sigma_scratch *g, const struct sort *sort)
{
	g->n_renames = 0;
	for (size_t i = 0; i < sort->n_parts; i++)
		k->key[i] = part_bits(k, g, &sort->part[i]);
	return sort->n_parts;
}

/* The kind of that sort; NULL: no room for another. */
static struct kind *kept_kind(struct kinds *k, struct rule_scratch *of, const struct sort *sort)
{
	size_t n = tell_bits(k, of->sigma, sort), len = n * sizeof *k->key;
	uint64_t hash = hash_quick((struct str){ (const char *)k->key, len }, sort->hash);
	size_t at = hash % CELLS;

	for (; k->cell[at] != NULL; at = (at + 1) % CELLS)
		if (k->cell[at]->sort == sort && memcmp(k->cell[at]->bits, k->key, len) == 0)
			return k->cell[at];
	uint32_t *bits = NEW(&k->a, uint32_t, n + 1);
	if (bits == NULL || k->n_kinds == KINDS_MAX)
		return NULL;
	memcpy(bits, k->key, len);
	struct kind *kind = make_kind(k, of);
	if (kind == NULL)
		return NULL;
	kind->hash = hash;
	kind->sort = sort;
	kind->bits = bits;
	k->cell[at] = kind;
	k->n_kinds++;
	return kind;
}

/* What was made since `before`, groups too: none may point into memory that is used anew. */
static void give_back(struct kinds *k)
{
	k->a = k->before;
	k->n_groups = k->groups_before;
}

/* The kind that was made for one event only: count it, and its memory is free again. */
static void let_go(struct kinds *k)
{
	if (k->loose == NULL)
		return;
	count_dropped(k, k->loose);
	k->loose = NULL;
	give_back(k);
}

struct kind *kinds_get(struct kinds *k, struct rule_scratch *of)
{
	size_t n = 0;
	bool told = watch_key(&k->e->watch, k->memo, of->sigma, k->key, &n);

	let_go(k);
	for (int again = 0; told && again < 2; again++) {
		const struct sort *sort = sort_of(k, of->sigma, n);
		struct kind *kind = sort == NULL ? NULL : kept_kind(k, of, sort);

		if (kind != NULL)
			return kind;
		/* old ones are in the way; the key may be overwritten by bits */
		drop_all(k);
		told = watch_key(&k->e->watch, k->memo, of->sigma, k->key, &n);
	}
	k->before = k->a;
	k->groups_before = k->n_groups;
	k->loose = make_kind(k, of);
	if (k->loose == NULL)
		give_back(k);
	return k->loose;
}

uint64_t kinds_seen(const struct kinds *k, size_t i)
{
	uint64_t n = k->seen[i];

	for (size_t c = 0; c < CELLS; c++)
		if (k->cell[c] != NULL && k->cell[c]->shape[i] != NULL)
			n += k->cell[c]->events;
	return n + (k->loose != NULL && k->loose->shape[i] != NULL ? k->loose->events : 0);
}

uint64_t kinds_met(const struct kinds *k)
{
	return k->met;
}
