/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer.c - open, commit, look up. Invariant: the database and the committed half of `struct store`
 * (root, tree, batch, sources) say the same outside store_commit().
 */
#include "store/writer.h"

#include "base/file.h"
#include "store/writer_int.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

/* --- opening --- */

static bool take_lock(struct store *s, struct err *why)
{
	char path[DAY_PATH_MAX + 8];

	snprintf(path, sizeof path, "%s/lock", s->folder);
	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock == -1)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	if (flock(s->lock, LOCK_EX | LOCK_NB) == -1)
		return err_set(why, ERR_STATE, 0, "another process writes the store in '%s'",
			       s->folder);
	return true;
}

static bool begin(struct store *s, const char *folder, struct err *why)
{
	if (snprintf(s->folder, sizeof s->folder, "%s", folder) >= (int)sizeof s->folder)
		return err_set(why, ERR_LIMIT, 0, "the folder's name is too long");
	s->bodies = BUF((size_t)2 * STORE_MAX_STAGED);
	s->builder = block_new();
	s->zstd = zstd_new();
	s->sources = sources_new();
	if (s->builder == NULL || s->zstd == NULL || s->sources == NULL ||
	    !arena_reserve(&s->whole, STAGE_ARENA))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	s->stage = s->whole;
	return dir_make(folder, 0700, why) && take_lock(s, why) && roll_open(s, why);
}

struct store *store_open(const char *folder, int64_t (*clock)(void), struct err *why)
{
	struct store *s = calloc(1, sizeof *s);

	if (s == NULL) {
		(void)err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	s->lock = -1;
	s->closing.fd = -1;
	s->clock = clock == NULL ? time_now : clock;
	if (begin(s, folder, why))
		return s;
	store_close(s);
	return NULL;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	roll_stop(s);
	db_close(s->db);
	block_free(s->builder);
	zstd_free(s->zstd);
	sources_free(s->sources);
	buf_free(&s->bodies);
	if (s->whole.beg != NULL)
		arena_release(s->whole);
	if (s->lock != -1)
		close(s->lock);
	free(s);
}

void store_head(const struct store *s, struct store_root *out)
{
	*out = s->root;
}

/* --- committing --- */

static bool put_hit(struct store *s, struct staged_hit *h, struct hash *all, struct err *why)
{
	row_hash(all, h->vals, HIT_VALS);
	return db_run(s->db,
		      "INSERT INTO abouts(hash, about) VALUES($1, $2) ON CONFLICT(hash) DO NOTHING",
		      DB_VALS(V_BYTES(h->about_hash, sizeof h->about_hash), V_TEXT(h->about)),
		      why) &&
	       db_run(s->db,
		      "INSERT INTO hits(batch, n, block, record, time, kind, severity, use, excepted,"
		      " id, line, indicator, type, field, matched, about) VALUES($1, $2, $3, $4, $5,"
		      " $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
		      h->vals, HIT_VALS, why);
}

/* The hits of a block, numbered on from *n, and the hash over them. */
static bool put_hits(struct store *s, const struct staged_block *b, struct block_row *row,
		     int64_t *n, struct err *why)
{
	struct hash all;
	bool ok = true;

	hash_begin(&all, HASH_SHA256);
	for (struct staged_hit *h = b->hits; ok && h != NULL; h = h->next) {
		h->vals[0] = V_INT(row->batch);
		h->vals[1] = V_INT(++*n);
		h->vals[2] = V_INT(row->n);
		ok = put_hit(s, h, &all, why);
	}
	hash_end(&all, row->hits_hash);
	return ok;
}

static bool put_block(struct store *s, const struct staged_block *b, struct block_row *row,
		      int64_t *n_hits, struct err *why)
{
	row->time_min = b->span.time_min;
	row->time_max = b->span.time_max;
	row->received_min = b->span.received_min;
	row->received_max = b->span.received_max;
	row->records = b->span.n;
	row->raw = (int64_t)b->span.raw;
	row->size = (int64_t)b->len;
	row->hits = (int64_t)b->n_hits;
	memcpy(row->hash, b->hash, sizeof row->hash);
	if (!put_hits(s, b, row, n_hits, why))
		return false;
	block_row_leaf(row, &row->leaf);
	return block_row_put(s->db, row, why) &&
	       db_run(s->db, "INSERT INTO bodies(n, body) VALUES($1, $2)",
		      DB_VALS(V_INT(row->n), V_BYTES(s->bodies.p + b->at, b->len)), why);
}

static bool put_stream(struct store *s, const struct staged_stream *at, int64_t now,
		       struct err *why)
{
	if (at->forget)
		return db_run(s->db, "DELETE FROM streams WHERE key = $1", DB_VALS(V_TEXT(at->key)),
			      why);
	const struct db_val vals[] = { V_TEXT(at->key), V_TIME(now), V_INT(at->place),
				       V_INT(at->inode), V_BLOB(at->head) };

	return row_put(s->db,
		       "INSERT INTO streams(key, at, place, inode, head, sum)"
		       " VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(key) DO UPDATE SET"
		       " at = excluded.at, place = excluded.place, inode = excluded.inode,"
		       " head = excluded.head, sum = excluded.sum",
		       vals, COUNT(vals), why);
}

static bool put_answer(struct store *s, const struct staged_answer *at, int64_t now,
		       struct err *why)
{
	const struct db_val vals[] = { V_BYTES(at->key, sizeof at->key), V_TIME(now),
				       V_BLOB(at->request), V_TEXT(at->answer) };

	return row_put(s->db,
		       "INSERT INTO answers(key, at, request, answer, sum)"
		       " VALUES($1, $2, $3, $4, $5) ON CONFLICT(key) DO UPDATE SET"
		       " at = excluded.at, request = excluded.request,"
		       " answer = excluded.answer, sum = excluded.sum",
		       vals, COUNT(vals), why);
}

/* What a commit changes in memory once it is on disk. */
struct next {
	struct store_root root;
	struct merkle_range tree;
	int64_t hits, answers;
};

static void grow(struct store_root *root, const struct block_row *row)
{
	if (root->blocks == 0 || row->time_min < root->time_min)
		root->time_min = row->time_min;
	if (root->blocks == 0 || row->time_max > root->time_max)
		root->time_max = row->time_max;
	root->blocks++;
	root->records += row->records;
}

static bool put_all(struct store *s, struct next *next, int64_t now, struct err *why)
{
	for (size_t i = 0; i < s->n_blocks; i++) {
		struct block_row row = { .day = s->root.day,
					 .n = next->root.blocks + 1,
					 .batch = s->batch + 1,
					 .written = now };

		if (!put_block(s, &s->blocks[i], &row, &next->hits, why) ||
		    !merkle_range_add(&next->tree, &row.leaf, NULL, NULL, why))
			return false;
		grow(&next->root, &row);
	}
	for (const struct staged_stream *at = s->streams; at != NULL; at = at->next)
		if (!put_stream(s, at, now, why))
			return false;
	for (const struct staged_answer *at = s->sent_answers; at != NULL; at = at->next) {
		if (!put_answer(s, at, now, why))
			return false;
		next->answers++;
	}
	return sources_save(s->sources, s->db, why);
}

bool store_commit(struct store *s, struct store_receipt *out, struct err *why)
{
	if (!store_waiting(s)) {
		*out = (struct store_receipt){ .day = s->root.day };
		return true;
	}
	if (!roll_due(s, why) || !stage_block(s, why) || !db_begin(s->db, why))
		return false;
	struct next next = { .root = s->root, .tree = s->tree, .answers = s->answers };

	if (!db_leave(s->db, put_all(s, &next, s->clock(), why), why))
		return false;
	*out = (struct store_receipt){ .day = s->root.day,
				       .batch = s->batch + 1,
				       .first_block = s->root.blocks + 1,
				       .n_blocks = next.root.blocks - s->root.blocks,
				       .n_hits = next.hits,
				       .n_events = next.root.records - s->root.records };
	merkle_range_root(&next.tree, &next.root.root);
	s->root = next.root;
	s->tree = next.tree;
	s->answers = next.answers;
	s->batch++;
	sources_settle(s->sources);
	stage_clear(s);
	return true;
}

/* --- looking up --- */

bool store_stream_find(struct store *s, struct arena *a, struct str key, struct store_stream *out,
		       struct err *why)
{
	struct db_rows *r = db_query(s->db, "SELECT place, inode, head FROM streams WHERE key = $1",
				     DB_VALS(V_TEXT(key)), why);
	struct store_stream found = { 0 };
	bool any = db_next(r);

	if (any) {
		found.place = (uint64_t)db_int(r, 0);
		found.inode = (uint64_t)db_int(r, 1);
		found.head = arena_str(a, db_blob(r, 2));
	}
	if (!db_end(r, why))
		return false;
	if (!any)
		return err_set(why, ERR_ABSENT, 0, "nothing is known of that stream");
	if (found.head.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	*out = found;
	return true;
}

bool store_streams_each(struct store *s,
			void (*fn)(void *ctx, struct str key, const struct store_stream *at),
			void *ctx, struct err *why)
{
	struct db_rows *r = db_query(s->db, "SELECT key, place, inode, head FROM streams", NULL, 0,
				     why);

	while (db_next(r)) {
		struct store_stream at = { .place = (uint64_t)db_int(r, 1),
					   .inode = (uint64_t)db_int(r, 2),
					   .head = db_blob(r, 3) };

		fn(ctx, db_text(r, 0), &at);
	}
	return db_end(r, why);
}

bool store_answer_find(struct store *s, struct arena *a, struct store_answer *io, struct err *why)
{
	unsigned char key[HASH_SHA256_LEN];

	answer_key(io->token, io->key, key);
	for (const struct staged_answer *at = *answer_bucket(s, key); at != NULL;
	     at = at->same_bucket)
		if (memcmp(at->key, key, sizeof key) == 0)
			return err_set(why, ERR_STATE, 0,
				       "what was sent under that key is still being stored");
	struct db_rows *r =
		db_query(s->db, "SELECT request, answer FROM answers WHERE key = $1 AND at > $2",
			 DB_VALS(V_BYTES(key, sizeof key), V_TIME(s->clock() - TIME_DAY)), why);
	struct str request = { NULL, 0 }, answer = { NULL, 0 };
	bool any = db_next(r);

	if (any) {
		request = arena_str(a, db_blob(r, 0));
		answer = arena_str(a, db_text(r, 1));
	}
	if (!db_end(r, why))
		return false;
	if (!any)
		return err_set(why, ERR_ABSENT, 0, "nothing was sent under that key");
	if (request.p == NULL || answer.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	io->request = request;
	io->answer = answer;
	return true;
}
