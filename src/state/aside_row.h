/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aside_row.h - records that were set aside because they ended, or held up, the process that read
 * them. Their bytes stand in a file as long as there is room; that they were there stays here.
 */
#ifndef STATE_ASIDE_ROW_H
#define STATE_ASIDE_ROW_H

#include "state/db.h"

enum { ASIDES_MAX = 10000 };

struct aside_row {
	struct str id;     /* of the file, too */
	struct str source; /* whose door was being read: an address, a token's id, a path */
	struct str reason; /* "crash", "stall" */
	struct str how;    /* "signal 11 (Segmentation fault)" */
	int64_t at;
	int64_t bytes, kept; /* of the record; of its beginning that was kept then */
};
/* With an entry of the ledger, in a transaction of its own; one that is there is left as it is. The
 * oldest beyond ASIDES_MAX go. */
MUST_USE bool aside_row_add(struct db *db, const struct aside_row *row, struct err *why);
/* Newest first, at most page->n that come before `below` (empty: the newest), in `a`. */
struct aside_page {
	struct aside_row *rows;
	size_t n; /* asked for, then got */
};
MUST_USE bool aside_row_list(struct db *db, struct arena *a, struct str below,
			     struct aside_page *page, struct err *why);
/* ERR_ABSENT when there is none of that id. */
MUST_USE bool aside_row_find(struct db *db, struct arena *a, struct str id, struct aside_row *out,
			     struct err *why);
/* How many there are, and how many since a moment. */
MUST_USE bool aside_row_count(struct db *db, int64_t since, int64_t *all, int64_t *recent,
			      struct err *why);

#endif
