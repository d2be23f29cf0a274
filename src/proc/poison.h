/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poison.h - a page of memory that outlives a watch: what it was reading when it died.
 *
 * Before watch reads a record it puts the record here; when it dies by a signal of its own (not
 * SIGKILL) the parent sets the record aside and lists its hash, and the next watch stores it unread.
 * The parent trusts nothing in the page but its size.
 */
#ifndef PROC_POISON_H
#define PROC_POISON_H

#include "base/err.h"
#include "base/str.h"

enum { POISON_COPY = 64 << 10, POISON_SKIPS = 256, POISON_SOURCE = 96 };

struct poison_page {
	uint32_t busy; /* 1 while a record is being read */
	uint32_t copied;
	uint64_t len; /* of the whole record */
	char source[POISON_SOURCE];
	char bytes[POISON_COPY]; /* its beginning */
	uint32_t n_skips;        /* written by the parent */
	uint64_t skips[POISON_SKIPS];
};

/* NULL and *why on failure. The mapping lives as long as the process. */
struct poison_page *poison_map(int fd, struct err *why);
uint64_t poison_hash(struct str beginning, uint64_t len);

/* watch: around the reading of one record. */
void poison_enter(struct poison_page *p, struct str source, struct str record);
void poison_leave(struct poison_page *p);
/* watch: this record has killed a watch before: store it, do not read it. */
bool poison_known(const struct poison_page *p, struct str record);

#endif
