/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/csv.h"

#include <string.h>

void csv_cell(struct buf *out, struct str s, char end)
{
	bool formula = s.n > 0 && memchr("=+-@\t\r", s.p[0], 6) != NULL;

	buf_char(out, '"');
	if (formula)
		buf_char(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_char(out, '"');
		buf_char(out, s.p[i]);
	}
	buf_char(out, '"');
	buf_char(out, end);
}
