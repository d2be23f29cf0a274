/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists.h - any number of indicator lists as one immutable set, and what it finds in events and text.
 *
 * A builder takes lists one after the other; the set made of it is never changed again and may be
 * used by any number of threads. Hits borrow from the set and from the text that was searched.
 *
 * Of an address, name, URL or digest that is held by several lists each list gives a hit. Where a
 * known-good list names a value as narrowly as the other list does, or more (the same address
 * against a range), the hit is kept as HIT_COUNT; a broader known-good entry is told in the hit and
 * changes nothing. A list says nothing about what was before or after its validity, a line with dates of its
 * own nothing about what was before or after those either; hits of the lists
 * themselves are left out by list_set_match_event() only.
 */
#ifndef DETECT_LISTS_H
#define DETECT_LISTS_H

#include "base/arena.h"
#include "detect/indicator.h"

enum { LISTS_MAX = 65535, LISTS_MAX_ENTRIES = 64 << 20, LISTS_MAX_NOTE = 400 };

struct list_builder;
struct list_set;

/* `seed`: random, so that nobody can choose indicators that collide. NULL: no memory. */
struct list_builder *list_builder_new(uint64_t seed);
void list_builder_free(struct list_builder *b);
/* The list that following entries belong to; *info is copied, its entries and bad_lines are counted
 * anew. */
MUST_USE bool list_builder_begin(struct list_builder *b, const struct list_info *info,
				 struct err *why);
MUST_USE bool list_builder_add(struct list_builder *b, const struct indicator *x, struct str note,
			       uint64_t line, struct err *why);
/* To the current list all entries that the list of that id has in `from`; *found: whether it has one. */
MUST_USE bool list_builder_keep(struct list_builder *b, const struct list_set *from, struct str id,
				bool *found, struct err *why);
/* A line of the current list that could not be used. */
void list_builder_bad(struct list_builder *b);
/* Takes `b`, also on failure (NULL: no memory). */
struct list_set *list_builder_done(struct list_builder *b, struct err *why);
void list_set_free(struct list_set *set);

size_t list_set_lists(const struct list_set *set);
const struct list_info *list_set_list(const struct list_set *set, size_t i);
struct jsonw;
/* [{"name", "kind", "entries", "bad_lines", "sha256"}]; set NULL: no lists. */
void list_set_put(struct jsonw *w, const struct list_set *set);
/* Bytes held, for the board and for tests of the memory budget. */
size_t list_set_bytes(const struct list_set *set);

/* False from the callback ends the search. `at` is where the hit begins in the text searched (for a
 * defanged one: where its line begins). *hit lives until the callback returns, what it borrows from
 * the set as long as the set; indicator and text may lie in the scratch arena. */
typedef bool list_hit_fn(void *ctx, const struct hit *hit, size_t at);

/* What is searched, and when it was written (µs UTC, TIME_NONE: not told): a known-good list that was not
 * valid then holds nothing down. Where the time is not told every list counts. */
struct list_text {
	struct str text;
	int64_t at;
};

/*
 * Every indicator in raw text of one or more lines, each line end a border; false when the callback
 * ended it. Addresses are maximal runs of [0-9A-Fa-f:.], names maximal runs of [A-Za-z0-9._-] and
 * bytes above ASCII, digests maximal runs of hexadecimal digits; defanged forms are undone line by
 * line. Lists of kind infected say nothing about text. Hits come in no order; one of a line with a
 * defanged mark may come twice.
 */
bool list_set_match_text(const struct list_set *set, struct list_text text, struct arena scratch,
			 list_hit_fn *fn, void *ctx);

/* The same as an array in `a`, in the order of the text and each place, list and line once; texts of
 * defanged lines are copied. False when `a` is full. */
struct text_hit {
	size_t at;
	struct str text, indicator;
	const struct list_info *list;
	uint64_t line; /* of the list */
};
MUST_USE bool list_set_collect(const struct list_set *set, struct str text, struct arena *a,
			       struct text_hit **out, size_t *n);

/*
 * What the lists say about one event, by kind, direction and outcome (MEASURES.md, "Lists have a
 * kind"); hits and their texts in `a`. `own` may be NULL. False when `a` is full: *out then holds
 * what fitted.
 */
struct event;
struct hits {
	struct hit *hit;
	size_t n;
};
bool list_set_match_event(const struct list_set *set, const struct own_ranges *own,
			  const struct event *ev, struct arena *a, struct hits *out);

/*
 * The lists of kind infected against the declared own public ranges: one finding for each entry
 * that lies in or overlaps them, valid at `now` or not (the caller shows the month).
 */
struct list_finding {
	const struct list_info *list;
	uint64_t line;
	struct range range;
	struct str note;
	bool expired;
};
typedef bool list_finding_fn(void *ctx, const struct list_finding *f);
bool list_set_own_findings(const struct list_set *set, const struct own_ranges *own, int64_t now,
			   list_finding_fn *fn, void *ctx);

/* A file in hand: where it lies and what it holds. */
struct list_file_facts {
	struct str path;
	int64_t at; /* now, µs UTC; lists that are not valid then say nothing */
	const unsigned char *sum[HASH_MD5 + 1]; /* by enum hash_kind; NULL: not known */
};
/* What the lists say about it: each list that names a digest, its name or the end of its path. Result
 * and callback as of list_set_match_text(); *good: a known-good list that names a digest, or NULL. */
bool list_set_match_file(const struct list_set *set, const struct list_file_facts *f,
			 struct arena scratch, list_hit_fn *fn, void *ctx,
			 const struct list_info **good);
/* How many entries of that type there are. */
uint64_t list_set_count(const struct list_set *set, enum indicator_type type);
/* And how many that a file could be told for at that time: no list of known-good ones or of infected
 * addresses ever gives a hit. */
uint64_t list_set_count_told(const struct list_set *set, enum indicator_type type, int64_t at);

#endif
