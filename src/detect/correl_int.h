/* SPDX-License-Identifier: Apache-2.0 */
/* correl_int.h - groups and windows of correlations, shared by correl*.c. */
#ifndef DETECT_CORREL_INT_H
#define DETECT_CORREL_INT_H

#include "detect/correl.h"

enum { NOT_DUE = UINT32_MAX };

struct entry {
	int64_t time;
	union {
		uint64_t key; /* hash of a value; number of a member */
		double num;
	};
	uint64_t place;
	uint32_t n;       /* events that it stands for */
	uint32_t arrived; /* seconds UTC */
};

struct group {
	struct group *next;          /* in its chain of the table */
	struct group *older, *newer; /* of the same correlation, by when it was last fed */
	uint64_t hash;
	uint32_t of;     /* number of the correlation */
	uint32_t pinned; /* being fed: does not go */
	uint32_t due_at; /* place in the heap, or NOT_DUE */
	int64_t due;     /* when the window that is open has passed */
	int64_t closed;  /* up to here windows are decided */
	int64_t fired;   /* the end of the window it fired for last */
	uint64_t last_place;
	struct entry *entry; /* owned; by time */
	uint32_t n, cap, arrived;
	uint32_t key_len, show_len;
	char text[]; /* key, then the values as they were first seen; both length by length */
};

/* correl_group.c: the groups, how much they take, which of them goes. */
struct groups {
	struct group **table; /* owned; cap is a power of 2 */
	size_t n, cap;
	struct lane {
		struct group *newest, *oldest;
		size_t bytes;
	} * lane; /* owned; one a correlation */
	size_t n_lanes;
	struct group **due; /* owned; a heap by `due` */
	size_t n_due, cap_due;
	size_t bytes, max;
	uint64_t evicted, seed;
};
MUST_USE bool groups_init(struct groups *g, size_t n_lanes, size_t max);
void groups_fini(struct groups *g);
/* Found or made, and now the newest of its lane; NULL: no memory. Others may go for it. */
struct group *groups_get(struct groups *g, uint32_t of, struct str key, struct str show);
/* Room for one more entry; false when there is no memory. Others may go for it. */
MUST_USE bool groups_room(struct groups *g, struct group *x);
void groups_drop(struct groups *g, struct group *x);
/* Set or, with INT64_MAX, take away when its window has passed; false when there is no memory. */
MUST_USE bool groups_due(struct groups *g, struct group *x, int64_t due);
struct group *groups_next_due(const struct groups *g); /* NULL: none */
/* Take over a group of another table, as number `of`. False when there is no memory: it was freed. */
MUST_USE bool groups_move(struct groups *g, struct groups *from, struct group *x, uint32_t of);

/* correl_window.c: what a condition says of entries that stand in one window. */
struct window_scratch {
	uint64_t *slot;  /* owned: a table of keys, its size a power of 2 */
	uint32_t *count; /* owned */
	double *num;     /* owned */
	size_t cap;
};
void window_fini(struct window_scratch *s);
/* False also when there is no memory for it. *value is what was compared. */
bool window_holds(const struct correlation *c, const struct entry *e, size_t n,
		  struct window_scratch *s, double *value);
/* How many entries a group of it may have. */
size_t window_cap(const struct correlation *c);
/* Make room in a full group; returns how many events are no longer told apart or are gone. */
uint64_t window_thin(const struct correlation *c, struct group *g, struct window_scratch *s);
bool window_is_temporal(const struct correlation *c);
bool window_is_number(const struct correlation *c);

#endif
