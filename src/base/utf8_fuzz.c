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
	if (utf8_valid(s)) {
		assert(utf8_valid(c) && utf8_valid(f));
		struct str w = utf8_to_utf16(&a, s, false);
		struct str back = utf8_from_utf16(&a, w, false);

		assert(str_eq(back, s) || str_starts(s, STR("\xEF\xBB\xBF")));
	}
	struct str wide = utf8_from_utf16(&a, s, true);

	assert(utf8_valid(wide));
	/* a stream in pieces says the same, and tells how far it got */
	struct buf whole = BUF(1 << 17), parts = BUF(1 << 17);
	size_t at = 0, took = 1;

	assert(utf16_take(s, WIDE_BE, true, &whole) == s.n && utf8_valid(buf_str(&whole)));
	for (size_t to = 5; took > 0 || to < s.n + 5; to += 5) {
		took = utf16_take(str_sub(s, at, to), WIDE_BE, to >= s.n, &parts);
		at += took;
		assert(at % 2 == 1 || utf16_taken(buf_str(&parts)) == at);
	}
	assert(at == s.n && str_eq(buf_str(&whole), buf_str(&parts)));
	buf_free(&whole);
	buf_free(&parts);
	return 0;
}
