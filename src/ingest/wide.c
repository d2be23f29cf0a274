/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/wide.h"

struct str wide_text(struct buf *room, struct str bytes, enum wide wide, bool last)
{
	if (wide == WIDE_NONE)
		return bytes;
	buf_clear(room);
	utf16_take(bytes, wide, last, room);
	return buf_str(room);
}

size_t wide_used(struct str bytes, struct str text, enum wide wide, size_t used, bool last)
{
	if (wide == WIDE_NONE)
		return used;
	/* an odd byte at the end is no character of its own */
	return last && used == text.n ? bytes.n : utf16_taken(str_sub(text, 0, used));
}
