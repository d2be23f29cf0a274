/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h - the rows of a table that a spreadsheet or a console wrote: CSV, or cells apart by tabs.
 *
 * Input is hostile. UTF-8 or UTF-16, with its mark or without; cells are apart by ',', ';' or a tab,
 * whichever the first line has most of, quoted as RFC 4180 says. A row that cannot be read is told by its
 * line and passed over, the next begins on the line after. Never logs.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/arena.h"
#include "base/err.h"

enum { TABLE_CELLS = 128 };

struct table {
	struct str text;
	size_t at;
	uint64_t line; /* where the row begins that was read last, from 1 */
	uint64_t next; /* where the next one begins */
	char sep;
};
struct table_row {
	struct str
		cell[TABLE_CELLS]; /* without blanks around; views of the text, or in the arena */
	size_t n;
};

/* `text` in UTF-8 without its mark, a view of it or a copy in `a`. why->at is 1, a line. */
MUST_USE bool table_text(struct arena *a, struct str *text, struct err *why);
/* `text` is what table_text() gave. */
void table_begin(struct table *t, struct str text);
/* Is there a row left? */
bool table_more(const struct table *t);
/* The next row; false: it cannot be read and was passed over. Only while there is one left. */
MUST_USE bool table_next(struct table *t, struct arena *a, struct table_row *out, struct err *why);
/* No cell holds anything. */
bool table_row_empty(const struct table_row *r);
/* "", "-", "N/A", "không": nothing is told. */
bool table_cell_nothing(struct str s);

#endif
