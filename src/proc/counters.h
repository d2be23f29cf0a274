/* SPDX-License-Identifier: Apache-2.0 */
/*
 * counters.h - what watch tells of its sources (WIRE_STORED), looked at by desk before it is used.
 *
 * watch parses hostile bytes: what it sends is input. Nothing of it is used but what has this shape,
 * and what goes to the page is written anew:
 *     {"at": TIME, "sources": {ID: {"received": n, "stored": n}}, "seen": {LOG SOURCE: MICROSECONDS},
 *      "lists": {ID: n}, "exceptions": {ID: n}, "controls": [ID],
 *      "correlation": {"groups": n, "matches": n, "late": n, "windows": n}}
 * The last four may be absent.
 */
#ifndef PROC_COUNTERS_H
#define PROC_COUNTERS_H

#include "base/buf.h"
#include "base/err.h"

enum { COUNTERS_BYTES = 1 << 20, COUNTERS_MANY = 16384 };

/* {"at", "sources"} to *page. False when it is anything else; *page is then as before. */
MUST_USE bool counters_check(struct str json, struct buf *page, struct err *why);

/* What correlations let go for want of room, and what they did not judge because it came late, of counters
 * that were checked. */
struct counters_lost {
	int64_t groups, matches;
	int64_t late, windows; /* matches of windows that were decided; windows not looked at */
};
/* False: nothing is told of it. */
bool counters_lost(struct str json, struct counters_lost *out);

#endif
