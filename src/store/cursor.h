/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cursor.h - where the next page of a search begins, as text that travels through hostile hands.
 *
 *     order direction "." [time "."] id       pn.2026-11-22-17-3   to.1795150800000000.2026-11-22-17-3
 *
 * By place (p) the id is the record to look at next; by time (t) the event that was given last, or
 * nothing where the page ended between two times. A place need not exist (any more).
 */
#ifndef STORE_CURSOR_H
#define STORE_CURSOR_H

#include "store/reader.h"

struct cursor {
	bool by_time, oldest_first;
	int64_t time;       /* by time only */
	bool edge;          /* by time: before everything at `time`, no id */
	struct store_id id; /* unless edge */
};

void cursor_write(const struct cursor *c, char out[STORE_CURSOR_MAX]);
/* ERR_INPUT for anything that cursor_write() would not have written. */
MUST_USE bool cursor_parse(struct str text, struct cursor *out, struct err *why);

#endif
