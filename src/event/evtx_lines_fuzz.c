/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_lines_fuzz.c - a file in pieces to lines, and the same bytes as a blob with chunks in it. */
#include "event/evtx_lines.h"
#include "base/fuzz.h"
#include "event/evtx_feed.h"

#include <assert.h>

static void as_file(struct str all, size_t step)
{
	static struct evtx_lines *l;
	static struct buf out = BUF(4 << 20);
	struct err why = { 0 };

	if (l == NULL)
		l = evtx_lines_new();
	assert(l != NULL);
	evtx_lines_begin(l);
	for (size_t at = 0; at < all.n; at += step) {
		struct str piece = str_sub(all, at, at + step);

		while (evtx_lines_next(l, &piece, at + step >= all.n, &out))
			assert(out.n == 0 || out.p[out.n - 1] == '\n');
		assert(piece.n == 0);
	}
	(void)evtx_lines_damage(l, &why);
}

static void as_blob(struct str all, size_t step)
{
	static struct evtx_feed feed;
	static struct evtx *e;
	struct evtx_record r;
	struct str chunk;
	struct evtx_slots s;

	if (e == NULL)
		e = evtx_new();
	assert(e != NULL);
	evtx_feed_begin(&feed, true);
	for (size_t at = 0; at < all.n; at += step) {
		assert(evtx_feed_add(&feed, str_sub(all, at, at + step)));
		while (evtx_feed_next(&feed, at + step >= all.n, &chunk))
			if (evtx_chunk(e, chunk, NULL))
				while (evtx_next(e, true, &r))
					(void)!evtx_slots(e, r.bytes, &s, NULL);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };
	size_t step = size > 0 && data[0] < 64 ? 1000u * (data[0] + 1u) : EVTX_CHUNK_BYTES;

	step = step > EVTX_CHUNK_BYTES ? EVTX_CHUNK_BYTES : step;
	as_file(all, step);
	as_blob(all, step);
	return 0;
}
