/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine_int.h - what a compiled set of rules is made of.
 *
 * Rules go by rank: the order in which the reference tries them, so that a set of ranks that is walked
 * upwards gives hits in the same order.
 */
#ifndef DETECT_ENGINE_INT_H
#define DETECT_ENGINE_INT_H

#include "detect/engine.h"
#include "detect/finder.h"
#include "detect/guard.h"
#include "detect/rule_set_int.h"
#include "detect/sigma_eval_int.h"

enum { NO_TRIGGER = UINT32_MAX, NO_TABLE = UINT32_MAX, SIDE_MAX = 8 };

/* A guard that rules share, and their ranks: rank[first] up to rank[first + n]. */
struct trigger {
	struct guard guard;
	uint32_t first, n;
	uint32_t table;
};

/* A text as hashed; trigger == NO_TRIGGER: free. */
struct cell {
	uint32_t tag, trigger;
};

/* All triggers of one field. */
struct table {
	uint32_t field;
	struct cell *cell; /* GUARD_EQUAL, _STARTS, _ENDS; cap is a power of 2, at most half full */
	uint32_t cap;
	bool equal;
	uint16_t starts, ends; /* bit n: there are such texts of n bytes; bit 8: of 8 or more */
	const struct finder *holds; /* NULL: none */
	const struct finder *plain; /* of those that are is_plain(); NULL: none */
	uint32_t there;             /* trigger of GUARD_THERE, or NO_TRIGGER */
};

/* A field that tells which log sources an event is of: its values matter only as far as they are one of
 * `text`, the rest through the atoms of `struct watch`. */
struct watched {
	uint32_t name;
	struct str *text; /* folded, sorted by str_cmp() */
	size_t n;
};

struct watch {
	struct watched *field;
	size_t n;
	uint32_t *place;          /* by the number of a name: its place in `field` + 1, or 0 */
	const struct atom **atom; /* what no table decides */
	size_t n_atoms;
};

struct engine {
	const struct rule_set *rs;
	struct trigger *trigger;
	size_t n_triggers;
	uint32_t *rank; /* of the triggers */
	struct table *table;
	size_t n_tables;
	uint32_t *rule, *source; /* by rank: the number in the set, and of its log source */
	size_t n_rules, words;   /* words: of a set of ranks */
	uint64_t *always;        /* ranks that have no guard */
	uint64_t *always_busy;   /* words of it that are not empty */
	uint32_t
		*source_first; /* tables of source i: source_table[source_first[i]] up to [i + 1] */
	uint32_t *source_table;
	struct watch watch;
};

/*
 * Times, numbers, GUIDs: what stands in values that no two events share. The byte folded, or 0 where it is
 * none of those. Parts of a plain value are plain.
 */
extern const char engine_plain[256];
static inline char engine_plain_byte(char c)
{
	return engine_plain[(unsigned char)c];
}

uint32_t engine_hash(struct str s, enum guard_kind kind);
/* The part of a text or value that is hashed at its beginning or end. */
static inline struct str engine_side(struct str s, enum guard_kind kind, size_t n)
{
	return kind == GUARD_ENDS ? str_skip(s, s.n - n) : str_sub(s, 0, n);
}

/* engine_watch.c: what the log sources of the set look at. */
MUST_USE bool watch_build(struct arena *a, const struct rule_set *rs, struct watch *out);
/* engine_key.c: the most words of a key; what values were, of one thread. */
size_t watch_key_max(const struct watch *w);
/* What the texts of the event at hand tell of its log sources. False: too much to keep. */
struct watch_memo;
struct watch_memo *watch_memo_new(const struct watch *w); /* NULL: no memory */
void watch_memo_free(struct watch_memo *m);
/* What was said before of a value; `place` is that of its field, or a number from watch->n on. */
MUST_USE bool watch_memo_find(struct watch_memo *m, uint32_t place, struct str v, uint32_t *said);
void watch_memo_put(struct watch_memo *m, uint32_t place, struct str v, uint32_t said);
MUST_USE bool watch_key(const struct watch *w, struct watch_memo *m, struct sigma_scratch *s,
			uint32_t *out, size_t *n);
/* rule_match.c: is the event at hand of this log source? *shape is then where its names are from. */
bool rule_source_fits(struct rule_scratch *s, const struct source_need *need,
		      const struct source_shape **shape);

#endif
