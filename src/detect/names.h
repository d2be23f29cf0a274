/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h - field names as small numbers, so that an event's fields are looked up once for all rules.
 *
 * Names are the same without regard to ASCII case. Filled while rules are loaded, then immutable and
 * safe from any thread. All memory is in the arena given to names_add().
 */
#ifndef DETECT_NAMES_H
#define DETECT_NAMES_H

#include "base/arena.h"

enum { NAMES_MAX = 1 << 16 };
#define NAME_NONE UINT32_MAX

struct names {
	struct str *name; /* by number; in the arena */
	uint32_t *slot;   /* number + 1, 0 free; cap is a power of 2 */
	uint32_t n, cap;
};

/* The number of `name`, a new one if need be; NAME_NONE when the arena or the table is full. */
uint32_t names_add(struct arena *a, struct names *t, struct str name);
/* The number of `name`, or NAME_NONE. */
uint32_t names_find(const struct names *t, struct str name);

#endif
