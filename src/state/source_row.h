/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source_row.h - what people say about a source: its name, its class, whether it must be heard.
 *
 * The counters of a source stand in the store; this is keyed by the same id. A change is a
 * transaction of its own and an entry of the ledger.
 */
#ifndef STATE_SOURCE_ROW_H
#define STATE_SOURCE_ROW_H

#include "state/db.h"

struct source_row {
	struct str source, name, class; /* name p == NULL: as the store calls it */
	bool required;
};
/* All, in `a`. */
MUST_USE bool source_row_all(struct db *db, struct arena *a, struct source_row **out, size_t *n,
			     struct err *why);

struct source_patch {
	struct str name, class; /* p == NULL: as it is */
	bool has_required, required;
};
/* ERR_STATE for an unknown class. */
MUST_USE bool source_row_put(struct db *db, struct str source, const struct source_patch *patch,
			     const char *actor, struct err *why);

#endif
