/* SPDX-License-Identifier: Apache-2.0 */
/* ecs.c - the table of ecs.h as names; found by a linear scan, since callers look names up once. */
#include "event/ecs.h"

static const struct str names[ECS_COUNT] = {
#define X(id, name) [ECS_##id] = STR(name),
	ECS_FIELDS(X)
#undef X
};

const char *ecs_name(enum ecs id)
{
	return id < ECS_COUNT ? names[id].p : NULL;
}

struct str ecs_text(enum ecs id)
{
	return id < ECS_COUNT ? names[id] : (struct str){ NULL, 0 };
}

enum ecs ecs_find(struct str name)
{
	for (size_t i = 1; i < ECS_COUNT; i++)
		if (str_eq(name, names[i]))
			return (enum ecs)i;
	return ECS_NONE;
}
