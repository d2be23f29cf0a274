/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kept_list.h - a list as it is kept in lists/ID.list: one line an entry, VALUE TAB LINE TAB NOTE. Where the line
 * has its own validity, LINE;FROM;UNTIL in microseconds, either of which may be empty.
 *
 * Written by whoever parsed the file that was handed in, read by watch: a form so plain that nothing
 * hostile is left to parse in it.
 */
#ifndef PROC_KEPT_LIST_H
#define PROC_KEPT_LIST_H

#include "base/buf.h"
#include "detect/lists.h"

/* One entry; control characters of the note become blanks. */
void kept_list_put(struct buf *out, const struct indicator *x, struct str note, uint64_t line);
/* One line back into the builder's current list. */
MUST_USE bool kept_list_take(struct arena a, struct str line, struct list_builder *b,
			     struct err *why);

#endif
