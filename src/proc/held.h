/* SPDX-License-Identifier: Apache-2.0 */
/*
 * held.h - days of the store that must not go, as desk told watch, kept in the file "held" of the store's
 * folder, so that the next watch knows them before anybody tells it.
 *
 * Until desk has told this watch, no day goes by age; for space one goes only after HELD_WAIT_MS and
 * only by the file: a hold that was placed meanwhile must not come too late, and taking in must not stop for
 * ever. The file is read as hostile. Safe from any thread.
 */
#ifndef PROC_HELD_H
#define PROC_HELD_H

#include "base/err.h"
#include "base/str.h"

enum { HELD_SPANS = 4000, HELD_BYTES = 1 << 18, HELD_WAIT_MS = 60000 };

struct held_span {
	int32_t from, to; /* store/day.h, both included */
};

/* {"days":["2026-11-20/2026-11-22"]}; at most HELD_SPANS into out. On failure nothing of out counts. */
MUST_USE bool held_parse(struct str json, struct held_span *out, size_t *n, struct err *why);

struct held;
struct held *held_new(const char *store_folder); /* NULL: no memory */
void held_free(struct held *h);
/* In place of what was held before; the file is written before it returns true. What was told holds for
 * this life also where the file cannot be written. */
MUST_USE bool held_set(struct held *h, struct str json, struct err *why);
/* May days go at all now, because the disk is short (`space`) or by age? */
bool held_known(struct held *h, bool space);
bool held_is(struct held *h, int32_t day);

#endif
