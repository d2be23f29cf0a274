/* SPDX-License-Identifier: Apache-2.0 */
/* block_fuzz.c - a block that parses is within its bytes, and is the same once built again. */
#include "store/block.h"

#include "base/fuzz.h"

#include <assert.h>

static void rebuild(const struct block *in, struct block_builder *b, struct buf *packed)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct block_record *r = &in->records[i];
		struct event ev = { .received = r->received,
				    .time = r->time,
				    .seq = r->seq,
				    .source = r->source,
				    .time_told = r->flags & BLOCK_TIME_TOLD,
				    .partial = r->flags & BLOCK_PARTIAL,
				    .header = r->flags & BLOCK_HEADER,
				    .raw = r->raw };

		struct str context = i < in->n_contexts ? in->contexts[i].text : STR("");

		if (!block_fits(b, &ev)) /* too many contexts for so many sources */
			return;
		assert(block_add(b, &ev, in->formats[r->format], context, NULL));
	}
	static struct zstd *z;

	if (z == NULL)
		z = zstd_new();
	assert(block_close(b, z, packed, NULL));
	static unsigned char mem[2 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct buf bytes = BUF(BLOCK_MAX_BYTES);
	struct block out;

	assert(block_open(&a, z, buf_str(packed), &bytes, &out, NULL) && out.n == in->n);
	for (size_t i = 0; i < in->n; i++) {
		const struct block_record *x = &in->records[i], *y = &out.records[i];

		assert(x->received == y->received && x->time == y->time && x->seq == y->seq);
		assert(x->source == y->source && x->flags == y->flags && str_eq(x->raw, y->raw));
		assert(str_eq(in->formats[x->format], out.formats[y->format]));
	}
	buf_free(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[2 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct block b = { 0 };
	struct err why = { 0 };
	struct buf packed = BUF(4 << 20);

	if (size > 1 << 20)
		return 0;
	if (!block_parse(&a, (struct str){ (const char *)data, size }, &b, &why)) {
		assert(why.kind != ERR_NONE && why.at <= size && b.records == NULL);
		return 0;
	}
	struct block_builder *builder = block_new();

	rebuild(&b, builder, &packed);
	block_free(builder);
	buf_free(&packed);
	return 0;
}
