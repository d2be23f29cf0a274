/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/held.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct held_span spans[HELD_SPANS];
	struct err why = { .kind = ERR_NONE };
	size_t n = 99;

	if (!held_parse((struct str){ (const char *)data, size }, spans, &n, &why)) {
		assert(why.kind != ERR_NONE && n == 99);
		return 0;
	}
	assert(n <= HELD_SPANS);
	for (size_t i = 0; i < n; i++)
		assert(spans[i].from <= spans[i].to);
	return 0;
}
