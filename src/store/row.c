/* SPDX-License-Identifier: Apache-2.0 */
/* row.c - checks over rows. Invariant: what is written here reads back to the same check. */
#include "store/row.h"

#include "base/num.h"

#include <assert.h>

/* The check of these values in this order. */
static int64_t sum_of(const struct db_val *vals, size_t n)
{
	uint64_t sum = n;

	for (size_t i = 0; i < n; i++) {
		const struct db_val *v = &vals[i];
		char head[9] = { "nirtb"[v->kind] };

		store_le64(head + 1, v->kind == DB_INT ? (uint64_t)v->i : v->s.n);
		sum = hash_quick((struct str){ head, sizeof head }, sum);
		if (v->kind == DB_TEXT || v->kind == DB_BLOB)
			sum = hash_quick(v->s, sum);
	}
	return (int64_t)sum;
}

bool row_put(struct db *db, const char *sql, const struct db_val *vals, size_t n, struct err *why)
{
	struct db_val with_sum[ROW_MAX + 1];

	assert(n <= ROW_MAX);
	memcpy(with_sum, vals, n * sizeof *vals);
	with_sum[n] = V_INT(sum_of(vals, n));
	return db_run(db, sql, with_sum, n + 1, why);
}

static struct db_val take(struct db_rows *r, int col, char kind)
{
	if (db_is_null(r, col))
		return V_NULL;
	if (kind == 'i')
		return V_INT(db_int(r, col));
	if (kind == 't')
		return (struct db_val){ .kind = DB_TEXT, .s = db_text(r, col) };
	return (struct db_val){ .kind = DB_BLOB, .s = db_blob(r, col) };
}

size_t row_take(struct db_rows *r, const char *kinds, struct db_val *out)
{
	size_t n = strlen(kinds);

	assert(n <= ROW_MAX);
	for (size_t i = 0; i < n; i++)
		out[i] = take(r, (int)i, kinds[i]);
	return n;
}

bool row_holds(struct db_rows *r, const char *kinds)
{
	struct db_val vals[ROW_MAX];
	size_t n = row_take(r, kinds, vals);

	return !db_is_null(r, (int)n) && db_int(r, (int)n) == sum_of(vals, n);
}

void row_hash(struct hash *h, const struct db_val *vals, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct db_val *v = &vals[i];
		char head[9] = { "nirtb"[v->kind] };

		store_le64(head + 1, v->kind == DB_INT ? (uint64_t)v->i : v->s.n);
		hash_add(h, (struct str){ head, sizeof head });
		if (v->kind == DB_TEXT || v->kind == DB_BLOB)
			hash_add(h, v->s);
	}
}

void block_row_leaf(const struct block_row *b, struct merkle_hash *out)
{
	static const char magic[8] = "canh\0b\0\1";
	const int64_t numbers[] = { b->day,      b->n,        b->batch,        b->written,
				    b->time_min, b->time_max, b->received_min, b->received_max,
				    b->records,  b->raw,      b->size,         b->hits };
	char bytes[sizeof magic + sizeof numbers + sizeof b->hash + sizeof b->hits_hash];
	size_t at = sizeof magic;

	memcpy(bytes, magic, sizeof magic);
	for (size_t i = 0; i < COUNT(numbers); i++, at += 8)
		store_le64(bytes + at, (uint64_t)numbers[i]);
	memcpy(bytes + at, b->hash, sizeof b->hash);
	memcpy(bytes + at + sizeof b->hash, b->hits_hash, sizeof b->hits_hash);
	merkle_leaf((struct str){ bytes, sizeof bytes }, out);
}

bool block_row_put(struct db *db, const struct block_row *b, struct err *why)
{
	return db_run(db,
		      "INSERT INTO blocks(" BLOCK_COLUMNS ") VALUES($1, $2, $3, $4, $5, $6, $7, $8,"
		      " $9, $10, $11, $12, $13, $14)",
		      DB_VALS(V_INT(b->n), V_INT(b->batch), V_INT(b->written), V_INT(b->time_min),
			      V_INT(b->time_max), V_INT(b->received_min), V_INT(b->received_max),
			      V_INT(b->records), V_INT(b->raw), V_INT(b->size),
			      V_BYTES(b->hash, sizeof b->hash), V_INT(b->hits),
			      V_BYTES(b->hits_hash, sizeof b->hits_hash),
			      V_BYTES(b->leaf.b, sizeof b->leaf.b)),
		      why);
}

static bool digest(struct db_rows *r, int col, unsigned char out[HASH_SHA256_LEN])
{
	struct str s = db_blob(r, col);

	if (s.n != HASH_SHA256_LEN)
		return false;
	memcpy(out, s.p, HASH_SHA256_LEN);
	return true;
}

bool block_row_broken(const struct block_row *b, struct err *why)
{
	return err_set(why, ERR_INPUT, (size_t)b->n, "the row of block %jd does not match its seal",
		       (intmax_t)b->n);
}

bool block_row_take(struct db_rows *r, int32_t day, struct block_row *out, struct err *why)
{
	struct merkle_hash leaf;

	*out = (struct block_row){
		.day = day,
		.n = db_int(r, 0),
		.batch = db_int(r, 1),
		.written = db_int(r, 2),
		.time_min = db_int(r, 3),
		.time_max = db_int(r, 4),
		.received_min = db_int(r, 5),
		.received_max = db_int(r, 6),
		.records = db_int(r, 7),
		.raw = db_int(r, 8),
		.size = db_int(r, 9),
		.hits = db_int(r, 11),
	};
	bool whole = digest(r, 10, out->hash) && digest(r, 12, out->hits_hash) &&
		     digest(r, 13, out->leaf.b);

	block_row_leaf(out, &leaf);
	if (!whole || !merkle_same(&leaf, &out->leaf))
		return block_row_broken(out, why);
	return true;
}
