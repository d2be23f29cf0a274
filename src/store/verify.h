/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.h - is the store what was written, and what the ledger was told?
 *
 * Reads every file beside a live writer or at rest. Checks the whole hash of each closed day, the
 * form of each database, each block's bytes against its row, each row against its seal, each seal
 * against the day's roots, hits against their blocks, and the checks of the rows that change.
 * What the store alone cannot tell (a cut tail, an old copy put back) needs roots that others have
 * seen: hand in what the ledger says.
 */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "base/arena.h"
#include "store/seal.h"

struct store_fault {
	int32_t day;      /* INT32_MIN: the store as a whole */
	int64_t block;    /* 0: none in particular */
	const char *file; /* "2026-11-22.db"; NULL: the store as a whole */
	struct err why;
};

/* What the ledger, or whoever witnessed it, says of a day: a root while it was open, or how it was
 * closed. */
struct store_seen {
	struct store_root root;         /* times are not compared */
	bool closed, gone;              /* gone: retention took it away, as it says */
	unsigned char hash[MERKLE_LEN]; /* of the file; closed and gone only */
};

/* Days from..to were not to leave the store from `since` on, before `until`. */
struct store_hold {
	int32_t from, to;
	int64_t since, until; /* µs UTC */
};

struct store_verdict {
	uint64_t held; /* days whose file is there and that are held now */
	uint64_t days, blocks, records, bytes, hits; /* that were checked */
	uint64_t faults;
	uint64_t seen;            /* of what the ledger says, that agree */
	struct store_root newest; /* what the open day is whole up to */
};

/* Every fault goes to `fault`. `seen` may be in any order. False only when it could not look at all; the
 * store holds when out->faults is 0. */
struct store_verify {
	const char *folder;
	const struct store_seen *seen;
	size_t n_seen;
	const struct store_hold *holds; /* as the ledger says */
	size_t n_holds;
	int64_t now;
	bool told; /* `seen` is all that the ledger says: a day that is gone must be among it */
	void (*fault)(void *ctx, const struct store_fault *f);
	void *ctx;
};
MUST_USE bool store_verify(const struct store_verify *what, struct store_verdict *out,
			   struct err *why);

#endif
