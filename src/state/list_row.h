/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list_row.h - which lists are in use: kind, letter, validity, what could not be read of them.
 *
 * The entries stand in files of the lists folder; here is what is known about each. Every change is
 * a transaction of its own and an entry of the ledger. Views in results live in the given arena.
 */
#ifndef STATE_LIST_ROW_H
#define STATE_LIST_ROW_H

#include "base/uuid.h"
#include "state/db.h"

struct list_row {
	char id[UUID_MAX];
	struct str name, kind, letter, issuer, month, tlp; /* p == NULL: not told */
	struct str sha256;                                 /* of the file, hexadecimal */
	struct str types_json, map_json;                   /* {"ipv4": n}, {"ip": 3} */
	struct str imported_by;                            /* an actor */
	int64_t valid_from, valid_until;                   /* TIME_NONE: open */
	int64_t size_bytes, entries, bad_lines, hits, imported;
};

/* A line that could not be used. */
struct list_fault {
	int64_t line;
	struct str reason_vi, reason_en;
};
enum { LIST_FAULTS_KEPT = 1000 };

/* row->id (made by the caller), hits and imported are as given here: hits 0, imported now. At most
 * LIST_FAULTS_KEPT of the faults are kept; bad_lines counts all. ERR_STATE for an unknown kind,
 * ERR_INPUT for a file that is in use already with the same kind, name, letter and month. */
MUST_USE bool list_row_add(struct db *db, const struct list_row *row,
			   const struct list_fault *faults, size_t nfaults, const char *actor,
			   struct err *why);
/* ERR_ABSENT when there is no such list (any more). */
MUST_USE bool list_row_remove(struct db *db, struct str id, const char *actor, struct err *why);
/* One that is in use. */
MUST_USE bool list_row_get(struct db *db, struct arena *a, struct str id, struct list_row *out,
			   struct err *why);
/* All in use, newest first, at most `most`. */
MUST_USE bool list_row_all(struct db *db, struct arena *a, size_t most, struct list_row **out,
			   size_t *n, struct err *why);
/* The faults of a list that were kept. */
MUST_USE bool list_row_faults(struct db *db, struct arena *a, struct str id,
			      struct list_fault **out, size_t *n, struct err *why);

/* The members of a list as the API gives it; the caller opens and closes the object. `imported_by` as
 * it is shown. */
struct jsonw;
void list_row_put(struct jsonw *w, const struct list_row *row, struct str imported_by);

#endif
