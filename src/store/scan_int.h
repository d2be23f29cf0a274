/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_int.h - what scan.c, page.c and histogram.c share: blocks in the order of the best time they
 * may hold. "Better" is later, or earlier when the oldest come first.
 */
#ifndef STORE_SCAN_INT_H
#define STORE_SCAN_INT_H

#include "store/reader_int.h"

enum { OPEN_DAYS = 4 };

/* A place in the order of results. */
struct place {
	int64_t time;
	struct store_id id;
};

struct waiting {
	int64_t time_min, time_max, n;
	int32_t day;
};

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
	struct place after; /* the cursor */
	bool has_after;

	size_t next_day;         /* of cover.days, in order of their best times */
	struct waiting *waiting; /* owned; the best last */
	size_t n_waiting, cap_waiting;
	struct open_day open[OPEN_DAYS];
	uint64_t clock; /* of open[].used */
};

/* s->r, ->want and the cursor are set; scan_end() whatever comes. */
MUST_USE bool scan_begin(struct scan *s, struct arena *a, struct store_coverage *coverage,
			 struct err *why);
void scan_end(struct scan *s);

/* The block that may hold the best time; it stays until scan_drop(). False when there is none, and
 * when *ok has become false. */
bool scan_next(struct scan *s, struct waiting *out, bool *ok, struct err *why);
void scan_drop(struct scan *s);
/* Read it; one that cannot be believed is named in the coverage, and false. */
bool scan_open(struct scan *s, struct arena *a, const struct waiting *w, struct block *out);
/* Does the record lie in the time asked for and answer the query? */
bool scan_answers(struct scan *s, struct arena scratch, const struct block *b, size_t i);

int64_t scan_best_time(const struct scan *s, int64_t time_min, int64_t time_max);
/* Is time `a` strictly better than `b`? */
bool scan_better(const struct scan *s, int64_t a, int64_t b);
int scan_compare(int64_t a, int64_t b);

#endif
