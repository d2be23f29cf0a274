/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_kind.h - events that no log source of a rule set tells apart are of one kind: which sources they
 * belong to is found once, and with it which fields are looked up where.
 *
 * Kinds are kept up to a cap, then all are dropped. One `struct kinds` belongs to one thread.
 */
#ifndef DETECT_ENGINE_KIND_H
#define DETECT_ENGINE_KIND_H

#include "detect/engine_int.h"

/*
 * The tables that a value is looked up in, all at once. The same tables are the same group, whatever the
 * kind, as long as `id` is the same: what was found in a value is remembered by it.
 */
struct group {
	uint32_t id;
	const uint32_t *table;
	size_t n;
	uint32_t met, asked; /* how often its values were met before */
};

/* A field under the name it has in these events. */
struct look {
	uint32_t name;
	struct group *raw, *others; /* raw: of the fields that keywords look at, too */
};

/* What the field of that place held in the event of the kind before this one, and what was found in it. */
enum { LAST_FIELDS = 64, LAST_TEXT = 46, LAST_IDS = 4 };
struct last_value {
	const struct group *group; /* NULL: nothing yet */
	uint8_t len, n;
	char text[LAST_TEXT];
	uint32_t id[LAST_IDS];
};

struct kind {
	uint64_t hash, events;
	const struct sort *sort; /* NULL: it is not kept */
	const uint32_t *bits;
	uint64_t *active;                  /* ranks of the rules of its log sources */
	const struct source_shape **shape; /* by source; NULL: not of this source */
	struct look *look;
	size_t n_looks;
	struct last_value *last; /* by the place of the field */
	struct group *anywhere;  /* the table of keywords alone; NULL: none */
};

struct kinds;
struct kinds *kinds_new(const struct engine *e); /* NULL: no memory */
void kinds_free(struct kinds *k);

/* The kind of the event at hand of `of`, good until the next call. NULL: no memory for any. */
struct kind *kinds_get(struct kinds *k, struct rule_scratch *of);
/* Events of log source `i`, and how many kinds were met. */
uint64_t kinds_seen(const struct kinds *k, size_t i);
uint64_t kinds_met(const struct kinds *k);

#endif
