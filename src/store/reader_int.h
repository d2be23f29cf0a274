/* SPDX-License-Identifier: Apache-2.0 */
/* reader_int.h - what reader.c, scan.c and coverage.c share. */
#ifndef STORE_READER_INT_H
#define STORE_READER_INT_H

#include "store/block.h"
#include "store/day.h"
#include "store/reader.h"
#include "store/row.h"

enum { READER_SCRATCH = 512 << 20, READER_KEEP = 64 << 20 };

struct store_reader {
	char folder[DAY_PATH_MAX];
	struct store_reading with;
	struct reader *reader;            /* owned */
	const struct source_given *given; /* borrowed */
	size_t n_given;
	struct {
		struct reader *reader; /* owned; that has been told directives */
		uint64_t block;        /* r->opened then */
		uint32_t source;
		size_t upto; /* records */
	} told;
	uint64_t opened;    /* how many blocks so far */
	struct zstd *zstd;  /* owned */
	struct buf bytes;   /* the unpacked block */
	struct arena whole; /* scratch of one block or one call */
};

/* Read and check one block; views point into r->bytes and `a`. */
MUST_USE bool reader_block(struct store_reader *r, struct arena *a, struct db *db,
			   const struct block_row *row, struct block *out, struct err *why);
/* The event of a record, its fields read, in `a`. */
void reader_event(struct store_reader *r, struct arena *a, const struct block *b, size_t record,
		  const struct source_info *source, struct event *out);

/* The same for showing: a copy in `a`, with its source and name. False without room. */
struct source_names;
bool reader_found(struct store_reader *r, struct arena *a, struct block *b,
		  const struct store_id *id, const struct source_names *names,
		  struct store_found *out);

/* The names of all sources, by id - 1, from the newest file; none where that cannot be read. */
struct source_names {
	const struct source_info *all;
	size_t n;
};
void reader_names(struct store_reader *r, struct arena *a, struct source_names *out);
const struct source_info *source_named(const struct source_names *names, uint32_t id);

/* A day that a search takes into account. */
struct day_span {
	int32_t day;
	int64_t time_min, time_max; /* TIME_NONE: not known without opening it */
};
/* Days with a file, and what is missing between the first and the newest that [from, to] may have
 * been received in; damage is added as it is met. */
struct cover {
	struct arena *a;
	struct store_coverage *out;
	struct day_span *days;
	size_t n_days;
	struct store_gap *missing, *damaged;
};
MUST_USE bool cover_begin(struct store_reader *r, struct arena *a, const struct store_search *want,
			  struct store_coverage *out, struct cover *cover, struct err *why);
void cover_damage(struct cover *c, int32_t day, int64_t block, const struct err *why);
void cover_missing(struct cover *c, int32_t day, const struct err *why);

#endif
