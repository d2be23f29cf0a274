/* SPDX-License-Identifier: Apache-2.0 */
/* build.c - invariant: n never passes EVENT_MAX_FIELDS; raw fields stand before ECS ones. */
#include "event/build.h"

#include "event/shape.h"

void build_add_bare(struct build *b, struct str name, size_t bare, struct str val,
		    enum field_type type)
{
	if (b->n == COUNT(b->f)) {
		b->ev.partial = true;
		return;
	}
	b->f[b->n++] = (struct field){
		.name = name,
		.val = val,
		.id = ECS_NONE,
		.type = (uint8_t)type,
		.bare = (uint8_t)(bare <= UINT8_MAX && bare <= name.n ? bare : 0),
	};
}

void build_add_some(struct build *b, struct str name, struct str val)
{
	if (val.n > 0)
		build_add(b, name, val);
}

_Static_assert(ECS_COUNT <= 256, "a bit each");

static bool may_have(const struct build *b, enum ecs id)
{
	return (b->has[(unsigned)id / 64 % 4] >> ((unsigned)id % 64) & 1) != 0;
}

struct str build_ecs_get(const struct build *b, enum ecs id)
{
	if (!may_have(b, id))
		return (struct str){ NULL, 0 };
	for (uint32_t i = b->n; i > 0 && b->f[i - 1].id != ECS_NONE; i--)
		if (b->f[i - 1].id == id)
			return b->f[i - 1].val;
	return (struct str){ NULL, 0 };
}

/* Several values of one name are fine, the same value twice is not. */
static bool stands(const struct build *b, enum ecs id, struct str val)
{
	if (!may_have(b, id))
		return false;
	for (uint32_t i = b->n; i > 0 && b->f[i - 1].id != ECS_NONE; i--)
		if (b->f[i - 1].id == id && str_eq(b->f[i - 1].val, val))
			return true;
	return false;
}

void build_ecs(struct build *b, enum ecs id, struct str val)
{
	if (id == ECS_NONE || val.n == 0 || str_eq(val, STR("-")) || stands(b, id, val))
		return;
	if (b->n == COUNT(b->f)) {
		b->ev.partial = true;
		return;
	}
	b->has[(unsigned)id / 64 % 4] |= UINT64_C(1) << ((unsigned)id % 64);
	b->f[b->n++] = (struct field){
		.name = ecs_text(id),
		.val = val,
		.id = (uint16_t)id,
		.type = FIELD_STRING,
	};
}

struct str build_raw(const struct build *b, struct str bare)
{
	if (b->shape != NULL) {
		uint32_t at = shape_first(b->shape, b->f, bare);

		return at < b->ev.n_raw ? b->f[at].val : (struct str){ NULL, 0 };
	}
	for (uint32_t i = b->inner; i < b->n && b->f[i].id == ECS_NONE; i++) {
		const struct field *f = &b->f[i];

		if (f->name.n - f->bare == bare.n && str_eq_nocase(field_bare(f), bare))
			return f->val;
	}
	return (struct str){ NULL, 0 };
}

void build_time(struct build *b, int64_t t)
{
	if (t == TIME_NONE)
		return;
	b->ev.time = t;
	b->ev.time_told = true;
}
