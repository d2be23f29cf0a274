/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ranges.h - the organisation's own ranges as the settings keep them, for those that read events.
 */
#ifndef PROC_RANGES_H
#define PROC_RANGES_H

#include "base/arena.h"
#include "base/json.h"
#include "event/ranges.h"
#include "state/db.h"

/* {"public_ranges": ["192.0.2.0/24"], ...} to *out, in `a`; a member that is missing is empty. */
MUST_USE bool ranges_read(struct arena *a, const struct json *j, struct own_ranges *out,
			  struct err *why);

/* The same from the settings of an opened state. */
MUST_USE bool ranges_load(struct arena *a, struct db *db, struct own_ranges *out, struct err *why);
/* The settings as JSON, for ranges_read() elsewhere; in `a`. */
MUST_USE bool ranges_text(struct arena *a, struct db *db, struct str *out, struct err *why);

#endif
