/* SPDX-License-Identifier: Apache-2.0 */
/* silence_fuzz.c - what was read is whole, and judging by it ends. */
#include "govern/silence.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[4 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct silence s = { .n_holidays = 0 };
	struct err why = { .kind = ERR_NONE };
	const int64_t now = INT64_C(1795000000) * TIME_SECOND;

	if (!silence_parse(a, (struct str){ (const char *)data, size }, &s, &why)) {
		assert(why.kind != ERR_NONE && s.n_holidays == 0);
		return 0;
	}
	assert(s.zone[0] != '\0' && s.rules.every > 0 && s.doors.back > 0 && s.proved_for > 0);
	for (size_t i = 0; i < SOURCE_CLASSES; i++) {
		int64_t n = silence_expected(&s, NULL, (enum source_class)i, now - 9 * TIME_DAY,
					     now);

		assert(s.class[i].quiet > 0 && n >= 0 && n <= 9 * TIME_DAY);
	}
	return 0;
}
