/* SPDX-License-Identifier: Apache-2.0 */
/* writer_int.h - what writer.c, stage.c, commit.c and roll.c share. */
#ifndef STORE_WRITER_INT_H
#define STORE_WRITER_INT_H

#include "store/block.h"
#include "store/day.h"
#include "store/row.h"
#include "store/writer.h"

enum {
	STAGE_BLOCKS = 1024,
	STAGE_ARENA = 256 << 20, /* address space for hits, streams and answers of one commit */
	STAGE_KEEP = 1 << 20,
	CLOSING_MAX = 256,
	HIT_VALS = 16,
	ANSWER_BUCKETS = 1 << 14,
};

struct staged_hit {
	struct staged_hit *next;
	struct db_val vals[HIT_VALS]; /* batch, n and block are set when committed */
	struct str about;
	unsigned char about_hash[HASH_SHA256_LEN];
};

struct staged_block {
	struct block_span span;
	size_t at, len; /* in `bodies`; len 0: still in the builder */
	unsigned char hash[HASH_SHA256_LEN];
	struct staged_hit *hits, *last_hit;
	size_t n_hits;
};

struct staged_stream {
	struct staged_stream *next;
	struct str key, head;
	uint64_t place, inode;
	bool forget;
};

struct staged_answer {
	struct staged_answer *next, *same_bucket;
	unsigned char key[HASH_SHA256_LEN];
	struct str request, answer;
};

/* The day that is being closed, a piece at each tick. */
struct closing {
	int32_t days[CLOSING_MAX];
	size_t n;
	int fd; /* of days[0] while it is hashed, else -1 */
	struct hash hash;
	struct store_day day;
};

struct store {
	char folder[DAY_PATH_MAX];
	int lock;
	int64_t (*clock)(void);
	struct sources *sources; /* owned */

	struct db *db; /* owned; the newest day's */
	struct store_root root;
	struct merkle_range tree;
	int64_t batch, answers;
	struct closing closing;
	struct err damaged; /* of the newest file that had to be left; kind ERR_NONE: none */

	struct block_builder *builder; /* owned */
	struct zstd *zstd;             /* owned */
	struct buf bodies;
	struct staged_block blocks[STAGE_BLOCKS];
	size_t n_blocks; /* closed ones; blocks[n_blocks] is that of the builder */
	size_t staged;   /* bytes */
	struct arena whole, stage;
	struct staged_stream *streams, *last_stream;
	struct staged_answer *sent_answers, *last_answer;
	struct staged_answer *buckets[ANSWER_BUCKETS]; /* of the staged answers, by their key */
};

/* Forget what is staged. */
void stage_clear(struct store *s);
/* Close the builder's block, if it has records. */
MUST_USE bool stage_block(struct store *s, struct err *why);
struct staged_answer **answer_bucket(struct store *s, const unsigned char key[HASH_SHA256_LEN]);
void answer_key(struct str token, struct str key, unsigned char out[HASH_SHA256_LEN]);

/* Go on with the newest day, or begin the day that has come. */
MUST_USE bool roll_open(struct store *s, struct err *why);
MUST_USE bool roll_due(struct store *s, struct err *why);
/* A step of closing the first of the days that wait for it. */
MUST_USE bool roll_close(struct store *s, struct err *why);
void roll_stop(struct store *s);
/* Whether commits move what they wrote from the journal into the newest day's file, which takes room. */
MUST_USE bool roll_checkpoints(struct store *s, bool on, struct err *why);

#endif
