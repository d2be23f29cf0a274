/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/bulk.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data, size };
	struct str rest = body;
	struct buf b = BUF(1 << 22);
	struct bulk_doc doc;
	struct bulk_item item;
	struct err why = { 0 };
	size_t pos = 0, before = 0, n = 0, m = 0;

	while (bulk_next(body, &pos, &doc, &why)) {
		assert(pos > before && pos <= size);
		before = pos;
		bulk_item_put(&b, &(struct bulk_item){ BULK_STORED, doc.op, doc.index, doc.id });
		n++;
	}
	assert(why.kind == ERR_NONE ? pos == size : why.at < size);
	if (!b.full) {
		struct str items = buf_str(&b);
		while (bulk_item_next(&items, &item))
			m++;
		assert(m == n && items.n == 0);
	}
	while (bulk_item_next(&rest, &item))
		;
	buf_free(&b);
	return 0;
}
