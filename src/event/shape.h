/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape.h - the names of an event's raw fields, in their order: what follows from names alone is found
 * once for all events of one shape.
 *
 * Only a memory: an event reads the same whether its shape is known or not. Bounded; when it is full all
 * is forgotten. One `struct shapes` belongs to one thread.
 */
#ifndef EVENT_SHAPE_H
#define EVENT_SHAPE_H

#include "event/event.h"
#include "event/map.h"

enum {
	SHAPE_MAX_FIELDS = 120,
	SHAPE_MAX_NAME = 255,
	SHAPE_MAX_ADDED = 5,
	SHAPE_MAX_TIMES = 8,
	SHAPE_SLOTS = 256,
	SHAPE_ASKED = 32,
	/* beside those of event/map.h: of whole names that are ECS names, of those of a process's number */
	SHAPE_WHOLE = MAP_COUNT,
	SHAPE_PIDS,
	SHAPE_MAPS
};

struct shape_name {
	struct str name;
	uint8_t bare;
};

/* A field, and what its name says: an ECS field, a rank, a row of a table. */
struct shape_mean {
	uint8_t field, is;
};

struct shape_means {
	const struct shape_mean *mean; /* NULL: not told yet */
	size_t n;
};

struct shape {
	uint64_t id; /* given once in the life of the process; never 0 */
	uint64_t hash;
	uint32_t n;      /* fields that were read */
	uint32_t n_raw;  /* and with those that were added; 0: not learnt yet */
	bool unfit;      /* what its names say is more than has room here */
	uint8_t n_times; /* where the time may stand: a rank of time_names */
	uint8_t n_added; /* fields that stand again under another name: a row of names */
	struct shape_mean time[SHAPE_MAX_TIMES], added[SHAPE_MAX_ADDED];
	const struct shape_name *name;
	uint64_t names; /* not 0: the names stood at at_name when they were compared */
	const char **at_name;
	uint8_t slot[SHAPE_SLOTS]; /* number + 1 of the first field of a bare name, by its hash */
	struct shape_means map[SHAPE_MAPS];
	uint8_t may_be; /* normal_json.c: whose event it may be by its names; 0: not told yet */
	bool asked;     /* normal_windows.c: where what it asks for stands; n_raw: nowhere */
	uint8_t at[SHAPE_ASKED];
};

struct shapes;
struct shapes *shapes_new(void); /* NULL: no memory */
void shapes_free(struct shapes *s);

/* The shape of n fields; NULL where none is kept. Good until the next call. `names` as in event/build.h. */
struct shape *shapes_get(struct shapes *s, const struct field *f, uint32_t n, uint64_t names);
/* The names are complete: f[0..n_raw). */
void shape_close(struct shape *shape, const struct field *f, uint32_t n_raw);
/* The first of the fields whose bare name equals `bare` in any ASCII case; n_raw: none has it. */
uint32_t shape_first(const struct shape *shape, const struct field *f, struct str bare);
/* The fields that `map` knows by their bare names, or SHAPE_WHOLE by their whole ones. NULL: no memory. */
const struct shape_means *shape_map(struct shapes *s, struct shape *shape, const struct field *f,
				    unsigned map);

#endif
