/* SPDX-License-Identifier: Apache-2.0 */
/* push_fuzz.c - the first byte chooses the form and the packing, the rest is the body. */
#include "ingest/push.h"

#include "base/fuzz.h"

#include <assert.h>
#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err why = { 0 };
	struct push p;
	struct buf items = BUF(64 << 20);

	if (size == 0)
		return 0;
	struct push_body in = {
		.bytes = { (const char *)data + 1, size - 1 },
		.form = (data[0] & 1) != 0 ? PUSH_FORM_BULK : PUSH_FORM_LINES,
		.packing = (enum push_packing)((data[0] >> 1) % 3),
		.token = STR("token"),
		.name = STR("name"),
		.index = STR("index"),
	};
	if (!push_read(&in, &p, &why)) {
		assert(why.kind == ERR_INPUT || why.kind == ERR_LIMIT);
		return 0;
	}
	assert(p.chunk->n <= PUSH_RECORDS && p.chunk->bytes <= PUSH_BYTES);
	push_items(&p, p.chunk->seen, &items);
	buf_free(&items);
	push_free(&p);
	return 0;
}
