/* SPDX-License-Identifier: Apache-2.0 */
/* verify_int.h - what verify.c and check.c share. */
#ifndef STORE_VERIFY_INT_H
#define STORE_VERIFY_INT_H

#include "store/block.h"
#include "store/day.h"
#include "store/row.h"
#include "store/verify.h"

struct verify {
	const struct store_verify *what;
	struct store_verdict *out;
	struct store_seen *seen; /* owned; by day, closed last, then by blocks */
	size_t n_seen;
	struct zstd *zstd;  /* owned */
	struct buf bytes;   /* a block */
	struct arena whole; /* scratch */
	int32_t day;        /* that is looked at */
	char file[TIME_TEXT_MAX + 8];
};

/* Report about the day that is looked at; always false. */
bool verify_fault(struct verify *v, int64_t block, const struct err *why);

/* Look into an open database; *root is what its blocks make. Everything found is reported. */
void check_day(struct verify *v, struct db *db, struct store_root *root);

#endif
