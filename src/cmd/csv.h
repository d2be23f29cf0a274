/* SPDX-License-Identifier: Apache-2.0 */
/* csv.h - rows of a table for a spreadsheet (RFC 4180). */
#ifndef CMD_CSV_H
#define CMD_CSV_H

#include "base/buf.h"

/* Append `s` in quotes, whatever bytes it has, and `end` behind it: ',' or, after a row's last cell,
 * '\n'. What a spreadsheet would run as a formula gets a ' in front: values come from strangers. */
void csv_cell(struct buf *out, struct str s, char end);

#endif
