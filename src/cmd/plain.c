/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/plain.h"

void plain_put(struct buf *out, struct str s, size_t max)
{
	for (size_t i = 0; i < s.n && i < max; i++) {
		unsigned char c = (unsigned char)s.p[i];
		/* 0x9b begins a control sequence as the code point U+009B too: C2 80..9F */
		bool c1 = c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0;

		if (c < 0x20 || c == 0x7f || c1)
			buf_printf(out, "\\x%02x", c);
		else
			buf_char(out, s.p[i]);
	}
	if (s.n > max)
		buf_add(out, STR("..."));
}
