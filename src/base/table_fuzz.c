/* SPDX-License-Identifier: Apache-2.0 */
/* Each row begins behind the one before it, and all cells lie in the text or the arena. */
#include "base/table.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct str text = { (const char *)data, size };
	uint64_t line = 0;
	struct table t;

	if (size > 1 << 16 || !table_text(&a, &text, NULL))
		return 0;
	for (table_begin(&t, text); table_more(&t);) {
		struct table_row r;
		struct err why = { 0 };
		size_t at = t.at;
		bool ok = table_next(&t, &a, &r, &why);

		assert(ok == (why.kind == ERR_NONE) && t.at > at && t.at <= text.n);
		assert(t.line > line && t.next > t.line && t.line <= text.n + 1);
		line = t.line;
		for (size_t i = 0; ok && i < r.n; i++)
			assert(r.cell[i].n <= text.n);
	}
	return 0;
}
