/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gap_row.h - when connections of a source broke with the process that read them, and how much of what
 * had arrived may be missing. Rows are kept up to GAPS_MAX, the newest; the ledger keeps all.
 */
#ifndef STATE_GAP_ROW_H
#define STATE_GAP_ROW_H

#include "state/db.h"

enum { GAPS_MAX = 10000, GAPS_SHOWN = 20 };

struct gap_row {
	struct str peer;
	int64_t from, to; /* what had come by `from` is stored; at `to` it was ended */
	int64_t bytes;    /* at most so many had arrived and are not stored */
	int64_t connections;
};

/* One moment's gaps of a kind of source ("tls"). */
struct gap_note {
	struct str id; /* of the moment: what was added before is not added again */
	struct str kind, reason;
	const struct gap_row *rows;
	size_t n;
};
/* With an entry of the ledger, in a transaction of its own. */
MUST_USE bool gap_row_add(struct db *db, const struct gap_note *note, struct err *why);

/* Of one source: how many there were, of how many bytes, and the newest, in `a`. */
struct gap_sum {
	int64_t count, bytes;
	struct gap_row *rows; /* newest first, at most GAPS_SHOWN */
	struct str *reasons;
	size_t n;
};
MUST_USE bool gap_row_of(struct db *db, struct arena *a, struct str kind, struct str peer,
			 struct gap_sum *out, struct err *why);

#endif
