/* SPDX-License-Identifier: Apache-2.0 */
/* cursor_fuzz.c - a cursor that is taken is the one that was written. */
#include "store/cursor.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct cursor c = { .time = 7 };
	struct err why = { 0 };
	char again[STORE_CURSOR_MAX];

	if (!cursor_parse(text, &c, &why)) {
		assert(why.kind == ERR_INPUT && c.time == 7);
		return 0;
	}
	cursor_write(&c, again);
	assert(str_eq(text, str_of(again)) && size < STORE_CURSOR_MAX);
	return 0;
}
