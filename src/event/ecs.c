/* SPDX-License-Identifier: Apache-2.0 */
/* ecs.c - the table of ecs.h as names; found by a linear scan, since callers look names up once. */
#include "event/ecs.h"

static const char *const names[ECS_COUNT] = {
#define X(id, name) [ECS_##id] = (name),
	ECS_FIELDS(X)
#undef X
};

const char *ecs_name(enum ecs id)
{
	return id < ECS_COUNT ? names[id] : NULL;
}

enum ecs ecs_find(struct str name)
{
	for (size_t i = 1; i < ECS_COUNT; i++)
		if (str_eq(name, str_of(names[i])))
			return (enum ecs)i;
	return ECS_NONE;
}
