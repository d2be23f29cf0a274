/* SPDX-License-Identifier: Apache-2.0 */
/* Folding twice changes nothing more, keeps validity, and round trips through UTF-16 when valid. */
#include "base/utf8.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct str s = { (const char *)data, size };

	if (size > 1 << 14)
		return 0;
	struct str c = utf8_fold_case(&a, s), f = utf8_fold_search(&a, s);

	assert(c.n == 0 || utf8_fold_case(&a, c).p == c.p);
	assert(str_eq(utf8_fold_search(&a, f), f) || !utf8_valid(s));
	utf8_nfc_vi(s);
	if (utf8_valid(s)) {
		assert(utf8_valid(c) && utf8_valid(f));
		struct str w = utf8_to_utf16(&a, s, false);
		struct str back = utf8_from_utf16(&a, w, false);

		assert(str_eq(back, s) || str_starts(s, STR("\xEF\xBB\xBF")));
	}
	struct str wide = utf8_from_utf16(&a, s, true);

	assert(utf8_valid(wide));
	return 0;
}
