/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source_row.h - what people say about a source: its name, its class, whether it must be heard, until
 * when it is switched off as planned, and the word by which its sender's heartbeat is known.
 *
 * The counters of a source stand in the store; this is keyed by the same id. A change is a
 * transaction of its own and an entry of the ledger.
 */
#ifndef STATE_SOURCE_ROW_H
#define STATE_SOURCE_ROW_H

#include "base/time.h"
#include "state/db.h"

struct source_row {
	struct str source, name, class; /* name p == NULL: as the store calls it */
	bool required;
	int64_t off_until; /* TIME_NONE: not switched off */
	struct str off_by, off_reason;
	int64_t beat_since; /* a heartbeat is expected since then; TIME_NONE: none is */
};
/* All, in `a`. */
MUST_USE bool source_row_all(struct db *db, struct arena *a, struct source_row **out, size_t *n,
			     struct err *why);

struct source_patch {
	struct str name, class; /* p == NULL: as it is */
	bool has_required, required;
	bool has_off;
	int64_t off_until; /* TIME_NONE: it runs again */
	struct str off_by, off_reason;
};
/* ERR_STATE for an unknown class. */
MUST_USE bool source_row_put(struct db *db, struct str source, const struct source_patch *patch,
			     const char *actor, struct err *why);

/* The word of a source's heartbeat, made where there is none; it then is expected from now on. */
enum { HEARTBEAT_MAX = 40 };
MUST_USE bool source_beat_make(struct db *db, struct str source, const char *actor,
			       char word[HEARTBEAT_MAX], struct err *why);
MUST_USE bool source_beat_drop(struct db *db, struct str source, const char *actor,
			       struct err *why);
/* Whose heartbeat that word is: "" when nobody's. */
MUST_USE bool source_beat_of(struct db *db, struct str word, char source[24], struct err *why);
/* Called for each expected heartbeat. */
typedef void source_beat_fn(void *ctx, struct str source, struct str word);
MUST_USE bool source_beat_all(struct db *db, source_beat_fn *fn, void *ctx, struct err *why);

#endif
