/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text_fuzz.c - lines to all rule bases of content/decoders, as syslog and as they stand; and, where
 * the input begins with "version=2", the types of the input put into its rules.
 */
#include "event/text.h"
#include "base/fuzz.h"
#include "event/formats.h"
#include "event/rulebase_int.h"

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

/* The library's own reading of rules is not held to hostile bytes: they are the operator's. */
static void as_rules(struct str text)
{
	struct arena whole;
	struct err why = { 0 };

	assert(arena_reserve(&whole, 16 << 20));
	struct arena a = whole;
	struct rules *rules = NEW(&a, struct rules, 1);
	assert(rules != NULL);
	if (rules_expand(&a, text, "fuzz", rules, &why))
		assert(rules->n <= RULES_MAX && rules->text[rules->len] == '\0');
	else
		assert(why.kind != ERR_NONE);
	arena_release(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct str rest = { (const char *)data, size }, record;
	struct read_ctx ctx = { .decoders = load(), .now = INT64_C(1773118800000000) };
	struct reader *r;
	bool cut;

	if (str_starts(rest, STR("version=2\n"))) {
		as_rules(rest);
		return 0;
	}
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
