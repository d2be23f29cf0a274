/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame_fuzz.c - every byte belongs to exactly one frame, and the cutting ends; a stream that comes in
 * two pieces gives the same records as one that comes at once.
 */
#include "ingest/frame.h"
#include "base/fuzz.h"
#include "ingest/chunk.h"

#include <assert.h>

static void cut(struct str s)
{
	struct str out;
	size_t used;
	uint64_t skip;

	while (s.n > 0) {
		enum frame_kind k = frame_next(s, FRAME_ENDED, &out, &used, &skip);

		assert(k != FRAME_MORE && used > 0 && used <= s.n);
		assert(k == FRAME_EMPTY ||
		       (out.n > 0 && out.p >= s.p && out.p + out.n <= s.p + used));
		s = str_skip(s, used);
	}
}

static struct chunk *fill(struct str s, size_t first, uint64_t skip)
{
	struct chunk *c = chunk_new(DOOR_TCP, STR("x"), STR(""), s.n + 1, 2 * s.n + 64);

	assert(c != NULL);
	size_t at = frame_fill(str_sub(s, 0, first), FRAME_GOES_ON, &skip, c);
	assert(at <= first);
	at += frame_fill(str_skip(s, at), FRAME_BROKEN, &skip, c);
	assert(at == s.n);
	return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	static const uint64_t skips[] = { 0, 3, FRAME_TO_NEWLINE, FRAME_TO_FRAME };

	cut(s);
	if (size < 2 || size > 4096)
		return 0;
	for (size_t k = 0; k < COUNT(skips); k++) {
		struct chunk *whole = fill(s, 0, skips[k]),
			     *parts = fill(s, data[0] % size, skips[k]);

		assert(whole->n == parts->n);
		for (size_t i = 0; i < whole->n; i++)
			assert(str_eq(whole->records[i], parts->records[i]) &&
			       whole->cut[i] == parts->cut[i]);
		chunk_free(whole);
		chunk_free(parts);
	}
	return 0;
}
