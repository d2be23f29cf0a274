/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_int.h - what the files of a search share: days opened, the rows of their blocks in order of
 * place, what is in a block. page.c and page_time.c make pages, histogram.c counts.
 */
#ifndef STORE_SCAN_INT_H
#define STORE_SCAN_INT_H

#include "store/cursor.h"
#include "store/reader_int.h"

enum { OPEN_DAYS = 4, WALK_ROWS = 64 };

struct open_day {
	struct db *db; /* owned */
	int32_t day;
	uint64_t used;
};

struct scan {
	struct store_reader *r;
	const struct store_search *want;
	struct cover cover;
	struct source_names names;
	struct open_day open[OPEN_DAYS];
	uint64_t clock; /* of open[].used */

	/* what query_known() said of the source and format of the record before; format NULL: nothing */
	uint32_t known_source;
	const char *known_format;
	bool known;
};

/* s->r and ->want are set; scan_end() whatever comes. The days of s->cover are oldest first. */
MUST_USE bool scan_begin(struct scan *s, struct arena *a, struct store_coverage *coverage,
			 struct err *why);
void scan_end(struct scan *s);

/* May a span of times hold something that was asked for? */
bool scan_in_range(const struct scan *s, int64_t time_min, int64_t time_max);
/* Read a block; one that cannot be believed is named in the coverage, and false. Views point into
 * `a` and the reader. */
bool scan_open(struct scan *s, struct arena *a, const struct block_row *row, struct block *out);
/* Does the record lie in the time asked for and answer the query? */
bool scan_answers(struct scan *s, struct arena scratch, const struct block *b, size_t i);
int scan_compare(int64_t a, int64_t b);

/*
 * The rows of all blocks in the order in which they were stored, or from the newest (`down`), read a
 * few at a time. A row that cannot be believed, a number that is missing between two rows and a day
 * that cannot be read are named in the coverage when they are passed.
 */
struct walk {
	struct scan *s;
	bool down;
	const struct store_id *from; /* borrowed; the block to begin with; NULL: all */
	size_t days;                 /* of s->cover, done with */
	bool in_day;
	int32_t day;
	int64_t next;     /* the first block that was not read yet */
	int64_t expected; /* if that is not its number, blocks are missing; 0: any */
	size_t most;      /* rows to read at once; 0: WALK_ROWS */
	struct block_row rows[WALK_ROWS];
	bool whole[WALK_ROWS]; /* the row can be believed */
	size_t n, at;
};
bool walk_next(struct walk *w, struct block_row *out);
/* Begin with the blocks of that day alone, in order. */
void walk_day(struct walk *w, struct scan *s, int32_t day);

/* One page in order of event time (page_time.c); *out as of store_scan(). */
MUST_USE bool page_by_time(struct scan *s, struct arena *a, const struct cursor *after,
			   struct store_page *out, struct err *why);

#endif
