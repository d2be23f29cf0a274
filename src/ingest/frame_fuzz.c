/* SPDX-License-Identifier: Apache-2.0 */
/* frame_fuzz.c - every byte belongs to exactly one frame, and the cutting ends. */
#include "ingest/frame.h"
#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size }, out;
	size_t used;
	uint64_t skip;

	while (s.n > 0) {
		enum frame_kind k = frame_next(s, true, &out, &used, &skip);

		assert(k != FRAME_MORE && used > 0 && used <= s.n);
		assert(k == FRAME_EMPTY ||
		       (out.n > 0 && out.p >= s.p && out.p + out.n <= s.p + used));
		s = str_skip(s, used);
	}
	return 0;
}
