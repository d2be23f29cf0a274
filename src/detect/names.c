/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.c - an open-addressed table, at most half full, doubled in the arena.
 *
 * The old table stays behind in the arena: doubling wastes as much as it holds, never more.
 */
#include "detect/names.h"

/* Eight bytes at once: bit 7 of those that are upper case ASCII. */
static uint64_t upper_bits(uint64_t w)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t low = w & ones * 0x7F;

	return (low + ones * (0x80 - 'A')) & ~(low + ones * (0x7F - 'Z')) & ~w & ones * 0x80;
}

static uint64_t mix(uint64_t h, uint64_t w)
{
	h = (h ^ (w | upper_bits(w) >> 2)) * UINT64_C(0xD6E8FEB86659FD93);
	return h ^ h >> 32;
}

static uint32_t hash(struct str name)
{
	uint64_t h = name.n, w = 0;

	while (name.n >= 8) {
		memcpy(&w, name.p, 8);
		h = mix(h, w);
		name = str_skip(name, 8);
	}
	w = 0;
	for (size_t i = 0; i < name.n; i++)
		w = w << 8 | (unsigned char)name.p[i];
	h = mix(h, w);
	return (uint32_t)(h ^ h >> 17);
}

static bool same(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0 || str_eq_nocase(a, b));
}

/* The slot where `name` is or would go; the table has a free slot. */
static uint32_t *probe(const struct names *t, struct str name)
{
	uint32_t at = hash(name) & (t->cap - 1);

	while (t->slot[at] != 0 && !same(t->name[t->slot[at] - 1], name))
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
