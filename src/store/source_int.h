/* SPDX-License-Identifier: Apache-2.0 */
/* source_int.h - the table of sources in memory, for source.c and source_rows.c. */
#ifndef STORE_SOURCE_INT_H
#define STORE_SOURCE_INT_H

#include "store/source.h"

enum {
	MAX_SOURCES = SOURCE_KINDS * (SOURCES_PER_KIND + 1),
	SLOTS = 32768, /* a power of two well above MAX_SOURCES */
};

struct number {
	uint64_t n, more;
};

struct counter {
	bool drop; /* a reason, else a format */
	uint8_t len;
	char name[SOURCE_MAX_WORD];
	struct number v;
};

struct new_host {
	struct new_host *next; /* owned */
	int64_t first_seen;
	size_t len;
	char name[];
};

struct source {
	uint32_t id;
	uint8_t kind;
	bool overflow, saved, dirty;
	char *peer, *name; /* owned */
	size_t peer_len, name_len;
	int64_t first_seen, last_seen;
	struct number stored, dropped, unparsed;
	uint64_t before_stored, before_dropped, before_unparsed;
	struct counter *counters; /* owned */
	size_t n_counters, cap_counters;
	uint64_t *hosts; /* owned; hashes of the names */
	size_t n_hosts;
	struct new_host *new_hosts; /* owned; not committed */
	char *context;              /* owned */
	size_t context_len;
	bool in_header; /* the last record was a directive */
};

struct sources {
	struct source *all[MAX_SOURCES]; /* owned, by id - 1 */
	size_t n, of_kind[SOURCE_KINDS];
	uint32_t overflow[SOURCE_KINDS]; /* id or 0 */
	uint32_t slots[SLOTS];           /* id or 0, by hash of kind, peer and name */
	bool waiting;
};

/* Make a source with the number n + 1; NULL when there is no memory. */
struct source *source_make(struct sources *s, uint8_t kind, struct str peer, struct str name,
			   bool overflow);
/* The counter of that name; beyond the cap one called "other". NULL without memory. */
struct counter *source_counter(struct source *s, bool drop, struct str name);
bool source_add_host(struct source *s, uint64_t hash);
void source_drop_new_hosts(struct source *s);
char *source_keep(struct str s); /* a copy on the heap */

#endif
