/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_fuzz.h - one format's harness: a *_fuzz.c defines FUZZ_FORMAT and includes this.
 *
 * Each record is read twice, forced to the format and detected; every view must lie in the record,
 * in the arena or be text of the program, names must hold their bare part, and the two runs must
 * stand in order.
 */
#include "base/fuzz.h"
#include "event/formats.h"

#include <assert.h>

static unsigned check(const struct event *ev, struct str record)
{
	unsigned sum = 0;

	assert(ev->n_raw <= ev->n_fields && ev->n_fields <= EVENT_MAX_FIELDS);
	assert(ev->raw.p == record.p && ev->raw.n == record.n && ev->format < formats_n);
	for (uint32_t i = 0; i < ev->n_fields; i++) {
		const struct field *f = &ev->fields[i];

		assert(f->bare <= f->name.n && (f->id == ECS_NONE) == (i < ev->n_raw));
		for (size_t k = 0; k < f->name.n; k++)
			sum += (unsigned char)f->name.p[k];
		for (size_t k = 0; k < f->val.n; k++)
			sum += (unsigned char)f->val.p[k];
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct read_ctx ctx = { .now = INT64_C(1773118800000000) };
	struct reader *r = reader_new(&ctx);
	struct str rest = { (const char *)data, size }, record;
	volatile unsigned read_bytes = 0;
	bool cut;

	assert(r != NULL);
	while (records_next(&rest, true, &record, &cut)) {
		struct arena a = { mem, mem + sizeof mem };
		struct event ev;

		ctx.format = format_find(STR(FUZZ_FORMAT));
		assert(ctx.format != FORMAT_UNPARSED);
		reader_context(r, &ctx);
		reader_read(r, &a, record, &ev);
		read_bytes = check(&ev, record);
		ctx.format = FORMAT_UNPARSED;
		reader_context(r, &ctx);
		reader_read(r, &a, record, &ev);
		read_bytes += check(&ev, record);
	}
	reader_free(r);
	(void)read_bytes;
	return 0;
}
