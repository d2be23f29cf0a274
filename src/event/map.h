/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.h - names that products use, and the ECS name of the same fact.
 *
 * Tables of rows, each found through a small index that is built once. Names are compared without
 * regard to ASCII case. Immutable after map_init(); safe from any thread.
 */
#ifndef EVENT_MAP_H
#define EVENT_MAP_H

#include "event/ecs.h"

enum map {
	MAP_ECS,
	MAP_JSON,
	MAP_WINDOWS,
	MAP_KV,
	MAP_CEF,
	MAP_LEEF,
	MAP_AUDIT,
	MAP_WEB,
	MAP_TEXT,
	MAP_EPO,
	MAP_ESET,
	MAP_O365,
	MAP_CHECKPOINT,
	MAP_JUNOS,
	MAP_COUNT
};

struct map_row {
	struct str name;
	enum ecs to;
};

struct map_table {
	const struct map_row *rows;
	size_t n;
};

extern const struct map_table map_tables[MAP_COUNT];

/* Build the indexes; any number of times, from any thread. */
void map_init(void);
/* What `name` means in that table, or ECS_NONE. */
enum ecs map_find(enum map map, struct str name);

#endif
