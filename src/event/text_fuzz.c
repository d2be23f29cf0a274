/* SPDX-License-Identifier: Apache-2.0 */
/* text_fuzz.c - lines to all rule bases of content/decoders, as syslog and as they stand. */
#include "event/text.h"
#include "base/fuzz.h"
#include "event/formats.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static const struct decoders *load(void)
{
	static struct decoders *d;
	const char *source = getenv("CANH_SOURCE");
	char path[4096];

	if (d != NULL)
		return d;
	snprintf(path, sizeof path, "%s/content/decoders", source == NULL ? "." : source);
	d = decoders_load(path, NULL);
	assert(d != NULL);
	return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct str rest = { (const char *)data, size }, record;
	struct read_ctx ctx = { .decoders = load(), .now = INT64_C(1773118800000000) };
	struct reader *r;
	bool cut;

	r = reader_new(&ctx);
	assert(r != NULL);
	while (records_next(&rest, true, &record, &cut)) {
		struct arena a = { mem, mem + sizeof mem };
		struct event ev;

		ctx.format = format_find(STR("text"));
		reader_context(r, &ctx);
		reader_read(r, &a, record, &ev);
		assert(ev.n_raw <= ev.n_fields);
		ctx.format = FORMAT_UNPARSED;
		reader_context(r, &ctx);
		reader_read(r, &a, record, &ev);
		assert(ev.n_raw <= ev.n_fields && ev.raw.p == record.p);
	}
	reader_free(r);
	return 0;
}
