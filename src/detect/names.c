/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.c - an open-addressed table, at most half full, doubled in the arena.
 *
 * The old table stays behind in the arena: doubling wastes as much as it holds, never more.
 */
#include "detect/names.h"

static uint32_t hash(struct str name)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)ascii_lower(name.p[i])) * 16777619u;
	return h ^ h >> 15;
}

/* The slot where `name` is or would go; the table has a free slot. */
static uint32_t *probe(const struct names *t, struct str name)
{
	uint32_t at = hash(name) & (t->cap - 1);

	while (t->slot[at] != 0 && !str_eq_nocase(t->name[t->slot[at] - 1], name))
		at = (at + 1) & (t->cap - 1);
	return &t->slot[at];
}

static bool grow(struct arena *a, struct names *t)
{
	struct names big = { .n = t->n, .cap = t->cap == 0 ? 256 : t->cap * 2 };

	big.name = NEW(a, struct str, big.cap / 2);
	big.slot = NEW(a, uint32_t, big.cap);
	if (big.name == NULL || big.slot == NULL)
		return false;
	for (uint32_t i = 0; i < t->n; i++) {
		big.name[i] = t->name[i];
		*probe(&big, t->name[i]) = i + 1;
	}
	*t = big;
	return true;
}

uint32_t names_find(const struct names *t, struct str name)
{
	return t->cap == 0 ? NAME_NONE : *probe(t, name) - 1;
}

uint32_t names_add(struct arena *a, struct names *t, struct str name)
{
	uint32_t old = names_find(t, name);

	if (old != NAME_NONE)
		return old;
	if (t->n == NAMES_MAX || (t->n == t->cap / 2 && !grow(a, t)))
		return NAME_NONE;
	struct str kept = arena_str(a, name);
	if (kept.p == NULL)
		return NAME_NONE;
	t->name[t->n] = kept;
	*probe(t, name) = ++t->n;
	return t->n - 1;
}
