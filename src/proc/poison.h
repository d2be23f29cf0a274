/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poison.h - what a watch was reading when it died, in memory that outlives it (proc/shared.h).
 *
 * Before watch reads a record it puts the record here, and each thread that reads pushed bodies its body,
 * on a page of its own; when watch dies by a signal of its own (not SIGKILL), or reads on the same record
 * for POISON_STALL_S, the parent sets it aside and lists its hash, and the next watch stores the record
 * unread, refuses the body. Of several threads the one that the signal hit is to blame. The parent trusts
 * nothing in a page but its size.
 */
#ifndef PROC_POISON_H
#define PROC_POISON_H

#include "base/err.h"
#include "base/str.h"

enum { POISON_COPY = 64 << 10, POISON_SKIPS = 256, POISON_SOURCE = 96, POISON_STALL_S = 15 };
/* Threads that read pushed bodies, and how long one may take: a body holds many records. */
enum { POISON_PUSHERS = 4, POISON_PUSH_STALL_S = 60 };
/* What a signal found: the thread of this page, or one that reads nothing. */
enum { POISON_STRUCK = 1, POISON_ELSEWHERE = 2 };

struct poison_page {
	uint32_t busy; /* 1 while a record is being read */
	uint32_t struck;
	uint32_t copied;
	uint64_t turn; /* another with each record */
	uint64_t len;  /* of the whole record */
	char source[POISON_SOURCE];
	char bytes[POISON_COPY]; /* its beginning */
	uint32_t n_skips;        /* written by the parent */
	uint64_t skips[POISON_SKIPS];
};

uint64_t poison_hash(struct str beginning, uint64_t len);

/* watch: from now on a signal of its own says on the page of the thread that it hit, or on `first`, where
 * it came from. Where somebody else minds these signals (a sanitizer), they are left to him. */
void poison_catch(struct poison_page *first);
/* watch: around the reading of one record, of one body. */
void poison_enter(struct poison_page *p, struct str source, struct str record);
void poison_leave(struct poison_page *p);
/* watch: this record has killed a watch before: store it, do not read it. */
bool poison_known(const struct poison_page *p, struct str record);

#endif
