/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seals.h - what the ledger is told of the store, and read back for verification.
 *
 * Entries: kind "store.root" (the open day's root, once a minute while it grows), "store.closed" (a
 * closed day with the hash of its file) and "store.gone" (one that retention took away), body {day,
 * blocks, records, root[, hash, bytes[, why]]}; why: "age", "space", or "unknown" where nobody told.
 */
#ifndef PROC_SEALS_H
#define PROC_SEALS_H

#include "state/db.h"
#include "store/verify.h"

enum { SEALS_MAX = 65536 };

/* What the ledger says of the store: the newest SEALS_MAX of each kind, in `a`. */
MUST_USE bool seals_read(struct db *db, struct arena *a, struct store_seen **out, size_t *n,
			 struct err *why);

/* What the ledger says was held, in `a`. */
MUST_USE bool holds_read(struct db *db, struct arena *a, struct store_hold **out, size_t *n,
			 struct err *why);

#endif
