/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - one day's database from the inside. A fault is reported and the next check goes on; no
 * check relies on one before it having held.
 */
#include "store/verify_int.h"

#include <stdio.h>

/* --- form --- */

static void check_form(struct verify *v, struct db *db)
{
	char answer[256];
	struct err why;

	if (!db_pragma(db, "integrity_check(1)", answer, sizeof answer, &why))
		(void)verify_fault(v, 0, &why);
	else if (strcmp(answer, "ok") != 0) {
		(void)err_set(&why, ERR_INPUT, 0, "the database is damaged: %s", answer);
		(void)verify_fault(v, 0, &why);
	}
}

static void check_schema(struct verify *v, struct db *db)
{
	struct db_rows *r = db_query(db, "SELECT sql FROM sqlite_master ORDER BY rowid", NULL, 0,
				     NULL);
	struct str rest = str_of(day_schema), want;
	struct err why;
	bool same = true;

	while (same && db_next(r)) {
		size_t end = str_find(rest, STR(";\n"));

		want = str_sub(rest, 0, end);
		rest = str_skip(rest, end + 2);
		same = str_eq(db_text(r, 0), want);
	}
	if (!db_end(r, &why) || !same || rest.n > 0) {
		(void)err_set(&why, ERR_INPUT, 0, "the tables are not those of a day file");
		(void)verify_fault(v, 0, &why);
	}
}

/* --- rows with a check of their own --- */

static void check_rows(struct verify *v, struct db *db, const struct day_table *t)
{
	struct db_rows *r;
	struct err why;
	size_t n = 0;

	r = db_query(db, t->select, NULL, 0, &why);
	for (; db_next(r); n++)
		if (!row_holds(r, t->kinds)) {
			struct err bad;

			(void)err_set(&bad, ERR_INPUT, n, "row %zu of the table '%s' is damaged",
				      n + 1, t->name);
			(void)verify_fault(v, 0, &bad);
		}
	if (!db_end(r, &why))
		(void)verify_fault(v, 0, &why);
}

/* A number that a statement counts must be 0; `what` tells of it. */
static void check_none(struct verify *v, struct db *db, const char *sql, const char *what)
{
	struct err why;
	int64_t n;

	if (db_number(db, sql, NULL, 0, &n, &why)) {
		if (n == 0)
			return;
		(void)err_set(&why, ERR_INPUT, 0, what, (intmax_t)n);
	}
	(void)verify_fault(v, 0, &why);
}

static void check_totals(struct verify *v, struct db *db)
{
	check_none(v, db,
		   "SELECT count(*) FROM sources s WHERE stored <> (SELECT coalesce(sum(n), 0)"
		   " FROM counts WHERE source = s.id AND what = 'format')",
		   "sources whose records stored are not the sum over the formats: %jd");
	check_none(v, db,
		   "SELECT count(*) FROM sources s WHERE dropped <> (SELECT coalesce(sum(n), 0)"
		   " FROM counts WHERE source = s.id AND what = 'drop')",
		   "sources whose records dropped are not the sum over the reasons: %jd");
	check_none(v, db,
		   "SELECT (SELECT coalesce(sum(stored - carried_stored), 0) FROM sources)"
		   " - (SELECT coalesce(sum(records), 0) FROM blocks)",
		   "records that the sources count for the day more than its blocks hold: %jd");
	check_none(v, db, "SELECT count(*) FROM bodies WHERE n NOT IN (SELECT n FROM blocks)",
		   "blocks with bytes but without a row: %jd");
	check_none(v, db, "SELECT count(*) FROM hits WHERE block NOT IN (SELECT n FROM blocks)",
		   "hits of blocks that do not exist: %jd");
}

static void check_abouts(struct verify *v, struct db *db)
{
	struct err why;
	struct db_rows *r = db_query(db, "SELECT hash, about FROM abouts", NULL, 0, &why);

	while (db_next(r)) {
		struct str hash = db_blob(r, 0);
		unsigned char is[HASH_SHA256_LEN];

		hash_sha256(db_text(r, 1), is);
		if (!str_eq(hash, (struct str){ (const char *)is, sizeof is })) {
			struct err bad;

			(void)err_set(&bad, ERR_INPUT, 0,
				      "the text of a rule or list does not match its hash");
			(void)verify_fault(v, 0, &bad);
		}
	}
	if (!db_end(r, &why))
		(void)verify_fault(v, 0, &why);
	check_none(v, db, "SELECT count(*) FROM hits WHERE about NOT IN (SELECT hash FROM abouts)",
		   "hits without the text of their rule or list: %jd");
}

/* --- blocks --- */

/* Do the records lie in the span that the row tells? */
static bool same_span(const struct block_row *row, const struct block *b)
{
	int64_t time_min = INT64_MAX, time_max = INT64_MIN;
	int64_t received_min = INT64_MAX, received_max = INT64_MIN, raw = 0;

	for (size_t i = 0; i < b->n; i++) {
		const struct block_record *r = &b->records[i];

		time_min = r->time < time_min ? r->time : time_min;
		time_max = r->time > time_max ? r->time : time_max;
		received_min = r->received < received_min ? r->received : received_min;
		received_max = r->received > received_max ? r->received : received_max;
		raw += (int64_t)r->raw.n;
	}
	return row->time_min == time_min && row->time_max == time_max &&
	       row->received_min == received_min && row->received_max == received_max &&
	       row->raw == raw && row->records == (int64_t)b->n;
}

static bool check_bytes(struct verify *v, const struct block_row *row, struct str body,
			struct err *why)
{
	unsigned char hash[HASH_SHA256_LEN];
	struct arena a = v->whole;
	struct block b;

	hash_sha256(body, hash);
	v->out->bytes += body.n;
	if ((int64_t)body.n != row->size || memcmp(hash, row->hash, sizeof hash) != 0)
		return err_set(why, ERR_INPUT, (size_t)row->n,
			       "the bytes of block %jd do not match their hash", (intmax_t)row->n);
	if (!block_open(&a, v->zstd, body, &v->bytes, &b, why))
		return false;
	v->out->records += b.n;
	return same_span(row, &b) ? true
				  : err_set(why, ERR_INPUT, (size_t)row->n,
					    "the records of block %jd are not what its row tells",
					    (intmax_t)row->n);
}

static bool check_body(struct verify *v, struct db *db, const struct block_row *row,
		       struct err *why)
{
	struct db_rows *r = db_query(db, "SELECT body FROM bodies WHERE n = $1",
				     DB_VALS(V_INT(row->n)), why);
	bool any = db_next(r), ok = any && check_bytes(v, row, db_blob(r, 0), why);

	if (!db_end(r, any && !ok ? NULL : why))
		return false;
	return any ? ok
		   : err_set(why, ERR_INPUT, (size_t)row->n, "the bytes of block %jd are missing",
			     (intmax_t)row->n);
}

static bool check_hits(struct verify *v, struct db *db, const struct block_row *row,
		       struct err *why)
{
	unsigned char hash[HASH_SHA256_LEN];
	struct db_val vals[ROW_MAX];
	struct hash all;
	int64_t n = 0;
	struct db_rows *r =
		db_query(db,
			 "SELECT batch, n, block, record, time, kind, severity, use, excepted, id,"
			 " line, indicator, type, field, matched, about FROM hits"
			 " WHERE batch = $1 AND block = $2 ORDER BY n",
			 DB_VALS(V_INT(row->batch), V_INT(row->n)), why);

	hash_begin(&all, HASH_SHA256);
	for (; db_next(r); n++)
		row_hash(&all, vals, row_take(r, "iiiiitttitittttb", vals));
	hash_end(&all, hash);
	v->out->hits += (uint64_t)n;
	if (!db_end(r, why))
		return false;
	return n == row->hits && memcmp(hash, row->hits_hash, sizeof hash) == 0
		       ? true
		       : err_set(why, ERR_INPUT, (size_t)row->n,
				 "the hits of block %jd do not match their seal", (intmax_t)row->n);
}

/* --- the tree and what was seen of it --- */

struct walk_state {
	struct merkle_range tree;
	struct store_root root;
	size_t seen;  /* next of v->seen for this day */
	int64_t lost; /* blocks missing so far */
};

static bool is_seen(const struct verify *v, size_t i)
{
	return i < v->n_seen && v->seen[i].root.day == v->day;
}

/* Compare with every root that was seen of so many blocks. */
static void compare_seen(struct verify *v, struct walk_state *w)
{
	struct merkle_hash root;
	struct err why;

	merkle_range_root(&w->tree, &root);
	for (; is_seen(v, w->seen) && v->seen[w->seen].root.blocks == w->root.blocks; w->seen++) {
		if (merkle_same(&root, &v->seen[w->seen].root.root)) {
			v->out->seen++;
			continue;
		}
		(void)err_set(&why, ERR_INPUT, (size_t)w->root.blocks,
			      "the ledger knows another root of the first %jd blocks",
			      (intmax_t)w->root.blocks);
		(void)verify_fault(v, w->root.blocks, &why);
	}
}

static void add_block(struct verify *v, struct walk_state *w, const struct block_row *row)
{
	struct err why;

	for (int64_t n = w->root.blocks + w->lost + 1; n < row->n && w->lost < 1000; n++) {
		(void)err_set(&why, ERR_INPUT, (size_t)n, "block %jd is missing", (intmax_t)n);
		(void)verify_fault(v, n, &why);
		w->lost++;
	}
	if (!merkle_range_add(&w->tree, &row->leaf, NULL, NULL, &why))
		(void)verify_fault(v, row->n, &why);
	w->root.blocks++;
	w->root.records += row->records;
	compare_seen(v, w);
}

static void check_block(struct verify *v, struct db *db, const struct block_row *row)
{
	struct err why;

	v->out->blocks++;
	if (!check_body(v, db, row, &why))
		(void)verify_fault(v, row->n, &why);
	if (!check_hits(v, db, row, &why))
		(void)verify_fault(v, row->n, &why);
}

static void check_blocks(struct verify *v, struct db *db, struct walk_state *w)
{
	struct err why, bad;
	struct db_rows *r = db_query(db, "SELECT " BLOCK_COLUMNS " FROM blocks ORDER BY n", NULL, 0,
				     &why);

	while (db_next(r)) {
		struct block_row row;

		if (!block_row_take(r, v->day, &row, &bad))
			(void)verify_fault(v, row.n, &bad);
		add_block(v, w, &row);
		check_block(v, db, &row);
	}
	if (!db_end(r, &why))
		(void)verify_fault(v, 0, &why);
}

static void check_tail(struct verify *v, const struct walk_state *w)
{
	int64_t most = 0;
	struct err why;

	for (size_t i = w->seen; is_seen(v, i); i++)
		most = v->seen[i].root.blocks > most ? v->seen[i].root.blocks : most;
	if (most <= w->root.blocks)
		return;
	(void)err_set(&why, ERR_INPUT, (size_t)w->root.blocks,
		      "the ledger knows %jd blocks, the file has %jd: the end is lost",
		      (intmax_t)most, (intmax_t)w->root.blocks);
	(void)verify_fault(v, w->root.blocks + 1, &why);
}

void check_day(struct verify *v, struct db *db, struct store_root *root)
{
	struct walk_state w = {
		.root = { .day = v->day, .time_min = TIME_NONE, .time_max = TIME_NONE }
	};

	while (w.seen < v->n_seen && v->seen[w.seen].root.day < v->day)
		w.seen++;
	check_form(v, db);
	check_schema(v, db);
	for (size_t i = 0; i < day_tables_n; i++)
		check_rows(v, db, &day_tables[i]);
	compare_seen(v, &w);
	check_blocks(v, db, &w);
	check_tail(v, &w);
	check_totals(v, db);
	check_abouts(v, db);
	merkle_range_root(&w.tree, &w.root.root);
	*root = w.root;
}
