/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cells.h - the cells of a record whose columns stand apart by one byte, quoted as RFC 4180 says.
 *
 * Input is hostile. A quote opens a cell only at its beginning and closes it only before the next
 * separator or at the end; any other quote is text, so is one that never closes. Pure.
 */
#ifndef EVENT_CELLS_H
#define EVENT_CELLS_H

#include "base/arena.h"

struct cell {
	struct str text; /* without the quotes around it; a view of the record */
	bool quoted;
	bool doubled; /* a quote inside stands twice: cell_text() */
};

/* The next cell off *rest; false when the record has ended (rest->p is then NULL). */
bool cells_next(struct str *rest, char sep, struct cell *out);
/* How many there are; stops counting at `max`. */
size_t cells_count(struct str record, char sep, size_t max);
/* What the cell says: doubled quotes as one. Where `a` is full the text as it stands. */
struct str cell_text(struct arena *a, const struct cell *c);

enum { CELLS_SPAN_MAX = 64 << 10, CELLS_SPAN_LINES = 512 };
enum cells_extent { CELLS_WHOLE, CELLS_MORE, CELLS_NONE };
/*
 * Where a record at the front of `text` ends that goes on over lines because a cell in quotes does:
 * *end is at its line end. CELLS_NONE: the first line is a record of its own (also where it looks like
 * syslog, where a line behind begins as the first one does, or where the caps are met), so that no
 * quote in a line of text can hide the lines behind it.
 */
enum cells_extent cells_extent(struct str text, bool last, size_t *end);

#endif
