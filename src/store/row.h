/* SPDX-License-Identifier: Apache-2.0 */
/*
 * row.h - checks over rows, so that a flipped bit is told from what was written.
 *
 * Rows that change (counters, positions) carry a 64-bit check against accidents. Blocks and hits,
 * which never change, are hashed with SHA-256: a block's leaf covers its row, its bytes and its
 * hits, and the leaves of a day make one Merkle root (state/merkle.h).
 */
#ifndef STORE_ROW_H
#define STORE_ROW_H

#include "base/hash.h"
#include "state/db.h"
#include "state/merkle.h"

enum { ROW_MAX = 16 };

/* Run `sql` with `vals` and their check as the last value. */
MUST_USE bool row_put(struct db *db, const char *sql, const struct db_val *vals, size_t n,
		      struct err *why);
/* The columns of the current row; one letter of `kinds` each: i, t, b. out[ROW_MAX]; returns n. */
size_t row_take(struct db_rows *r, const char *kinds, struct db_val *out);
/* Does the current row, with its check in the column behind, hold? */
bool row_holds(struct db_rows *r, const char *kinds);

/* Add values to a digest: kind, length, bytes. */
void row_hash(struct hash *h, const struct db_val *vals, size_t n);

/* A row of the table of blocks. */
struct block_row {
	int32_t day;
	int64_t n, batch, written;
	int64_t time_min, time_max, received_min, received_max;
	int64_t records, raw, size, hits;
	unsigned char hash[HASH_SHA256_LEN]; /* of the bytes */
	unsigned char hits_hash[HASH_SHA256_LEN];
	struct merkle_hash leaf;
};
#define BLOCK_COLUMNS                                                                            \
	"n, batch, written, time_min, time_max, received_min, received_max, records, raw, size," \
	" hash, hits, hits_hash, leaf"
void block_row_leaf(const struct block_row *b, struct merkle_hash *out);
MUST_USE bool block_row_put(struct db *db, const struct block_row *b, struct err *why);
/* From a row of "SELECT BLOCK_COLUMNS FROM blocks". ERR_INPUT when the leaf is not that of the row;
 * *out is set all the same. */
MUST_USE bool block_row_take(struct db_rows *r, int32_t day, struct block_row *out,
			     struct err *why);
/* Says so of a row; false. */
bool block_row_broken(const struct block_row *b, struct err *why);

#endif
