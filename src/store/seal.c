/* SPDX-License-Identifier: Apache-2.0 */
/* seal.c - roots and hashes of days. */
#include "store/seal.h"

#include "store/row.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { STEP = 1 << 20 };

static bool add(struct db_rows *r, struct merkle_range *tree, struct store_root *out,
		struct err *why)
{
	struct str leaf = db_blob(r, 2);
	struct merkle_hash hash;

	if (db_int(r, 0) != out->blocks + 1 || leaf.n != sizeof hash.b)
		return err_set(why, ERR_INPUT, (size_t)out->blocks,
			       "the table of blocks is damaged behind block %jd",
			       (intmax_t)out->blocks);
	memcpy(hash.b, leaf.p, sizeof hash.b);
	if (out->blocks++ == 0 || db_int(r, 3) < out->time_min)
		out->time_min = db_int(r, 3);
	if (out->blocks == 1 || db_int(r, 4) > out->time_max)
		out->time_max = db_int(r, 4);
	out->records += db_int(r, 1);
	return merkle_range_add(tree, &hash, NULL, NULL, why);
}

/* Blocks behind *io, up to `last`. */
static bool load(struct db *db, int64_t last, struct merkle_range *tree, struct store_root *io,
		 struct err *why)
{
	struct store_root root = *io;
	struct merkle_range grown = *tree;
	bool ok = true;
	struct db_rows *r = db_query(db,
				     "SELECT n, records, leaf, time_min, time_max FROM blocks"
				     " WHERE n > $1 AND n <= $2 ORDER BY n",
				     DB_VALS(V_INT(root.blocks), V_INT(last)), why);

	while (ok && db_next(r))
		ok = add(r, &grown, &root, why);
	if (!db_end(r, ok ? why : NULL) || !ok)
		return false;
	merkle_range_root(&grown, &root.root);
	*tree = grown;
	*io = root;
	return true;
}

bool seal_load(struct db *db, int32_t day, int64_t last, struct merkle_range *tree,
	       struct store_root *out, struct err *why)
{
	struct store_root root = { .day = day, .time_min = TIME_NONE, .time_max = TIME_NONE };
	struct merkle_range whole = { 0 };

	if (!load(db, last < 0 ? INT64_MAX : last, &whole, &root, why))
		return false;
	*tree = whole;
	*out = root;
	return true;
}

bool seal_go_on(struct db *db, struct merkle_range *tree, struct store_root *io, struct err *why)
{
	return load(db, INT64_MAX, tree, io, why);
}

static bool hash_fd(int fd, char *piece, unsigned char out[MERKLE_LEN], int64_t *size,
		    struct err *why)
{
	struct hash h;
	ssize_t n;

	*size = 0;
	hash_begin(&h, HASH_SHA256);
	while ((n = read(fd, piece, STEP)) > 0) {
		hash_add(&h, (struct str){ piece, (size_t)n });
		*size += n;
	}
	hash_end(&h, out);
	return n == 0 ? true : err_set(why, ERR_IO, (size_t)*size, "%s", strerror(errno));
}

bool seal_file(const char *path, unsigned char out[MERKLE_LEN], int64_t *size, struct err *why)
{
	static _Thread_local char piece[STEP];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd == -1)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	bool ok = hash_fd(fd, piece, out, size, why);
	close(fd);
	return ok;
}

bool seal_day_put(struct db *db, const struct store_day *day, struct err *why)
{
	const struct db_val vals[] = {
		V_INT(day->root.day),
		V_TIME(day->closed),
		V_INT(day->root.blocks),
		V_INT(day->root.records),
		V_TIME(day->root.time_min),
		V_TIME(day->root.time_max),
		V_BYTES(day->root.root.b, sizeof day->root.root.b),
		V_INT(day->size),
		V_BYTES(day->hash, sizeof day->hash),
		V_TIME(day->gone),
	};

	return row_put(db,
		       "INSERT INTO days(" DAYS_COLUMNS ", sum)"
		       " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
		       " ON CONFLICT(day) DO UPDATE SET gone = excluded.gone, sum = excluded.sum",
		       vals, COUNT(vals), why);
}

bool seal_day_take(struct db_rows *r, struct store_day *out, struct err *why)
{
	struct str root = db_blob(r, 6), hash = db_blob(r, 8);
	struct store_day day = {
		.root = { .day = (int32_t)db_int(r, 0),
			  .blocks = db_int(r, 2),
			  .records = db_int(r, 3),
			  .time_min = db_time(r, 4),
			  .time_max = db_time(r, 5) },
		.closed = db_time(r, 1),
		.size = db_int(r, 7),
		.gone = db_time(r, 9),
	};

	if (root.n != sizeof day.root.root.b || hash.n != sizeof day.hash)
		return err_set(why, ERR_INPUT, 0, "the table of closed days is damaged");
	memcpy(day.root.root.b, root.p, root.n);
	memcpy(day.hash, hash.p, hash.n);
	*out = day;
	return true;
}
