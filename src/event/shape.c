/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape.c - shapes by a hash of the ends of their names, each compared whole before it is taken for one.
 *
 * Invariant: shapes of the same id have the same names, byte for byte, and each begins its bare name at
 * the same place.
 */
#include "event/shape.h"

#include "base/arena.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { CELLS = 2048 };
#define ROOM ((size_t)4 << 20)

struct shapes {
	struct arena whole, a;
	struct shape *cell[CELLS];
};

static atomic_uint_fast64_t given; /* ids */

struct shapes *shapes_new(void)
{
	struct shapes *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	if (!arena_reserve(&s->whole, ROOM)) {
		free(s);
		return NULL;
	}
	s->a = s->whole;
	return s;
}

void shapes_free(struct shapes *s)
{
	if (s == NULL)
		return;
	arena_release(s->whole);
	free(s);
}

/* Ends of names tell them apart: beginnings are paths that many share. */
static uint64_t hash_of(const struct field *f, uint32_t n)
{
	uint64_t h = n;

	for (uint32_t i = 0; i < n; i++) {
		size_t len = f[i].name.n;
		uint64_t w = 0;

		if (len >= sizeof w)
			memcpy(&w, f[i].name.p + len - sizeof w, sizeof w);
		else if (len > 0)
			memcpy(&w, f[i].name.p, len);
		h = (h ^ w ^ (uint64_t)len << 56) * UINT64_C(0xD6E8FEB86659FD93);
		h ^= h >> 32;
	}
	return h;
}

static bool same_places(const struct shape *shape, const struct field *f, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && shape->at_name[i] == f[i].name.p && shape->name[i].name.n == f[i].name.n &&
	       shape->name[i].bare == f[i].bare)
		i++;
	return i == n;
}

static bool same(struct shape *shape, const struct field *f, uint32_t n, uint64_t names)
{
	if (shape->n != n)
		return false;
	if (names != 0 && shape->names == names && same_places(shape, f, n))
		return true;
	for (uint32_t i = 0; i < n; i++)
		if (shape->name[i].bare != f[i].bare || !str_eq(shape->name[i].name, f[i].name))
			return false;
	shape->names = names;
	for (uint32_t i = 0; names != 0 && i < n; i++)
		shape->at_name[i] = f[i].name.p;
	return true;
}

static struct shape *make(struct arena *a, const struct field *f, uint32_t n, uint64_t hash)
{
	struct shape *shape = NEW(a, struct shape, 1);
	struct shape_name *name = NEW(a, struct shape_name, n);

	if (shape == NULL || name == NULL)
		return NULL;
	shape->at_name = NEW(a, const char *, n);
	if (shape->at_name == NULL)
		return NULL;
	for (uint32_t i = 0; i < n; i++) {
		name[i] = (struct shape_name){ arena_str(a, f[i].name), f[i].bare };
		if (name[i].name.p == NULL)
			return NULL;
	}
	shape->id = atomic_fetch_add_explicit(&given, 1, memory_order_relaxed) + 1;
	shape->hash = hash;
	shape->n = n;
	shape->name = name;
	return shape;
}

static void forget(struct shapes *s)
{
	memset(s->cell, 0, sizeof s->cell);
	s->a = s->whole;
}

struct shape *shapes_get(struct shapes *s, const struct field *f, uint32_t n, uint64_t names)
{
	if (n == 0 || n > SHAPE_MAX_FIELDS - SHAPE_MAX_ADDED)
		return NULL;
	uint64_t hash = hash_of(f, n);
	struct shape **cell = &s->cell[hash % CELLS];

	if (*cell != NULL && (*cell)->hash == hash && same(*cell, f, n, names))
		return *cell;
	for (uint32_t i = 0; i < n; i++)
		if (f[i].name.n > SHAPE_MAX_NAME)
			return NULL;
	struct shape *made = make(&s->a, f, n, hash);
	if (made == NULL) {
		forget(s);
		made = make(&s->a, f, n, hash);
	}
	if (made != NULL)
		*cell = made;
	return made;
}

static size_t slot_of(struct str bare)
{
	if (bare.n == 0)
		return 0;
	return (bare.n * 37 + (size_t)(bare.p[0] | 0x20) * 11 +
		(size_t)(bare.p[bare.n - 1] | 0x20) * 5 + (size_t)(bare.p[bare.n / 2] | 0x20)) %
	       SHAPE_SLOTS;
}

static uint8_t *slot_at(struct shape *shape, const struct field *f, struct str bare)
{
	size_t at = slot_of(bare);

	while (shape->slot[at] != 0 && !str_eq_nocase(field_bare(&f[shape->slot[at] - 1]), bare))
		at = (at + 1) % SHAPE_SLOTS;
	return &shape->slot[at];
}

void shape_close(struct shape *shape, const struct field *f, uint32_t n_raw)
{
	assert(n_raw <= SHAPE_MAX_FIELDS);
	shape->n_raw = n_raw;
	for (uint32_t i = 0; i < n_raw; i++) {
		uint8_t *slot = slot_at(shape, f, field_bare(&f[i]));

		if (*slot == 0)
			*slot = (uint8_t)(i + 1);
	}
}

uint32_t shape_first(const struct shape *shape, const struct field *f, struct str bare)
{
	for (size_t at = slot_of(bare); shape->slot[at] != 0; at = (at + 1) % SHAPE_SLOTS) {
		uint32_t i = shape->slot[at] - 1u;

		if (f[i].name.n - f[i].bare == bare.n && str_eq_nocase(field_bare(&f[i]), bare))
			return i;
	}
	return shape->n_raw;
}

static enum ecs meaning(const struct field *f, unsigned map)
{
	if (map == SHAPE_PIDS) /* "ProcessID" is the process that wrote the log */
		return str_eq(field_bare(f), STR("ProcessId")) ||
				       str_eq(field_bare(f), STR("NewProcessId"))
			       ? ECS_PROCESS_PID
			       : ECS_NONE;
	if (map != SHAPE_WHOLE)
		return map_find((enum map)map, field_bare(f));
	return str_find_char(f->name, '.') == f->name.n ? ECS_NONE : map_find(MAP_ECS, f->name);
}

const struct shape_means *shape_map(struct shapes *s, struct shape *shape, const struct field *f,
				    unsigned map)
{
	struct shape_means *out = &shape->map[map];
	struct shape_mean *mean;

	if (out->mean != NULL)
		return out;
	mean = NEW(&s->a, struct shape_mean, shape->n_raw);
	if (mean == NULL)
		return NULL;
	for (uint32_t i = 0; i < shape->n_raw; i++) {
		enum ecs to = meaning(&f[i], map);

		if (to != ECS_NONE)
			mean[out->n++] = (struct shape_mean){ (uint8_t)i, (uint8_t)to };
	}
	out->mean = mean;
	return out;
}
