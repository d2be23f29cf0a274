/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.h - find and read what the store holds, beside a writer that is alive or not.
 *
 * Opens day files for reading only, each for the time of one call: no day is kept from being closed.
 * All is checked against its seal first: what does not match is left out and named in the coverage.
 * Results live in the arena that is given. A `struct store_reader` belongs to one thread.
 */
#ifndef STORE_READER_H
#define STORE_READER_H

#include "event/reader.h"
#include "store/query.h"
#include "store/seal.h"
#include "store/source.h"

/* An event's name: "2026-11-22-17-3", day, block and record from 0. */
struct store_id {
	int32_t day;
	int64_t block;
	uint32_t record;
};
enum { STORE_ID_MAX = 48 };
const char *store_id_text(const struct store_id *id, char out[STORE_ID_MAX]);
MUST_USE bool store_id_parse(struct str text, struct store_id *out);

/* Fields are read with these; both may be NULL and are borrowed. */
struct store_reading {
	const struct decoders *decoders;
	const struct own_ranges *own;
};
struct store_reader;
/* NULL when the system has no memory. The folder may come to be later. */
struct store_reader *store_reader_new(const char *folder, const struct store_reading *with);
void store_reader_free(struct store_reader *r);
void store_reader_given(struct store_reader *r, const struct source_given *given, size_t n);

/* --- what was looked at --- */

/* A day that is not there or a block that cannot be believed, and why. */
struct store_gap {
	int32_t day;
	int64_t block; /* 0: the day's file as a whole */
	struct err why;
};
enum { STORE_MAX_GAPS = 400 };
struct store_coverage {
	int64_t from, to; /* as asked; TIME_NONE: open */
	/* opened and compared; of a page: for the first time in this search, so that the sum over all
	 * pages is what was looked at */
	uint64_t blocks, events;
	bool complete;       /* nothing that could answer was left out for want of time */
	const int32_t *days; /* that have a file which was taken into account, oldest first */
	size_t n_days;
	const struct store_gap *missing, *damaged;
	size_t n_missing, n_damaged; /* at most STORE_MAX_GAPS each */
};

/* --- events --- */

struct store_found {
	struct store_id id;
	struct event event;               /* with its fields */
	const struct source_info *source; /* NULL where it is not known any more; names only */
	const char *format;               /* as it was stored */
};

/*
 * By place: as they were stored. A page costs what it gives and what it passes over, and no event that
 * comes later stands before its cursor. By time: as the events tell. There a page opens every block
 * whose span of times holds its place: cheap where events come about when they happen, dear where old
 * logs were brought in.
 */
enum store_order { STORE_BY_PLACE, STORE_BY_TIME };

struct store_search {
	const struct query *query; /* NULL: everything */
	int64_t from, to; /* µs, by the time the event tells, both included; TIME_NONE: open */
	enum store_order order;
	bool oldest_first;
	uint32_t limit;    /* of events, 1..STORE_MAX_PAGE */
	struct str cursor; /* empty, or `next` of a page before, of the same search and order */
	int64_t patience;  /* µs until a page ends with what it has; 0: as long as it takes */
	const uint32_t *senders; /* ids of sources, ascending; NULL: whoever sent it */
	size_t n_senders;
};
enum { STORE_MAX_PAGE = 10000, STORE_CURSOR_MAX = 96, STORE_PAGE_BYTES = 16 << 20 };

struct store_page {
	const struct store_found *items;
	size_t n;                    /* may be less than the limit, even 0, though there is more */
	char next[STORE_CURSOR_MAX]; /* "" when this was the last page */
};
/* `a` needs 256 MiB of room: a page holds raw bytes up to STORE_PAGE_BYTES (or one event). */
MUST_USE bool store_scan(struct store_reader *r, struct arena *a, const struct store_search *search,
			 struct store_page *out, struct store_coverage *coverage, struct err *why);

/* How many events of the search lie in each of bars->n parts of [from, to], which must be closed. */
struct store_bars {
	uint64_t *counts; /* [n], the caller's */
	size_t n;
};
MUST_USE bool store_histogram(struct store_reader *r, struct arena *a,
			      const struct store_search *search, const struct store_bars *bars,
			      struct store_coverage *coverage, struct err *why);

/* ERR_ABSENT: no such event; ERR_INPUT: its block is damaged. */
MUST_USE bool store_event(struct store_reader *r, struct arena *a, const struct store_id *id,
			  struct store_found *out, struct err *why);

/* --- hits, sources, seals --- */

struct store_hit_row {
	int32_t day;
	int64_t batch, n; /* with the day the hit's name: never given twice */
	struct store_id event;
	int64_t time;
	struct str kind, severity, use; /* "rule" "high" "alert" (detect/hit.h) */
	bool excepted;
	struct str id; /* of the rule or list */
	int64_t line;
	struct str indicator, type, field, matched;
	struct str about; /* JSON: what the rule or list said of itself then (docs/formats.md) */
};
/* The next up to `max` hits after (day, batch, n), oldest first; 0, 0, 0 begins. A damaged day does not
 * hold back those behind it. */
struct store_hit_rows {
	const struct store_hit_row *rows;
	size_t n;
	int32_t n_unread;  /* days after `after` that could not be read, or not to their end */
	struct err unread; /* the last of them: say it, `after` will have passed them */
};
MUST_USE bool store_hits_after(struct store_reader *r, struct arena *a,
			       const struct store_hit_row *after, size_t max,
			       struct store_hit_rows *out, struct err *why);

/* All sources with their totals, by id. */
MUST_USE bool store_sources(struct store_reader *r, struct arena *a, const struct source_info **out,
			    size_t *n, struct err *why);
/* The days that are closed, oldest first, as the newest file names them. */
MUST_USE bool store_days(struct store_reader *r, struct arena *a, const struct store_day **out,
			 size_t *n, struct err *why);
/* Bring a day's root and tree up to what stands in its file, reading only the blocks behind io->blocks
 * (at first: 0, and all else zero but the day). */
MUST_USE bool store_day_more(struct store_reader *r, struct merkle_range *tree,
			     struct store_root *io, struct err *why);
/* The newest day. ERR_ABSENT: the store is empty. */
MUST_USE bool store_newest(struct store_reader *r, int32_t *out, struct err *why);

#endif
