/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.h - what the ledger is told of a day: its root while it is open, its whole hash once closed.
 *
 * The root is the Merkle root over the leaves of the day's blocks (store/row.h). Every day's file
 * also names the hashes of all days closed before it, so that a lost or changed file is noticed
 * without the ledger too.
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "state/db.h"
#include "state/merkle.h"

struct store_root {
	int32_t day;
	int64_t blocks, records;
	int64_t time_min, time_max; /* of the events; TIME_NONE without any */
	struct merkle_hash root;
};

/* A closed day. */
struct store_day {
	struct store_root root;
	int64_t closed;                 /* µs UTC */
	int64_t size;                   /* of the file */
	unsigned char hash[MERKLE_LEN]; /* SHA-256 of the whole file */
	int64_t gone;                   /* when retention took it; TIME_NONE: it is kept */
};

/* The leaves of an open database's blocks up to and including number `last` (-1: all), as a tree
 * that can go on. */
MUST_USE bool seal_load(struct db *db, int32_t day, int64_t last, struct merkle_range *tree,
			struct store_root *out, struct err *why);
/* Go on with the blocks behind *io, which is of an open day that only grows, and its tree. */
MUST_USE bool seal_go_on(struct db *db, struct merkle_range *tree, struct store_root *io,
			 struct err *why);
/* SHA-256 and size of a file. */
MUST_USE bool seal_file(const char *path, unsigned char out[MERKLE_LEN], int64_t *size,
			struct err *why);

#define DAYS_COLUMNS "day, closed, blocks, records, time_min, time_max, root, size, hash, gone"
MUST_USE bool seal_day_put(struct db *db, const struct store_day *day, struct err *why);
/* From a row of "SELECT DAYS_COLUMNS FROM days". */
MUST_USE bool seal_day_take(struct db_rows *r, struct store_day *out, struct err *why);

#endif
