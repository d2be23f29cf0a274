/* SPDX-License-Identifier: Apache-2.0 */
#include "govern/duty_csv.h"
#include "base/fuzz.h"
#include "state/contact_row.h"

struct seen {
	size_t size;
	uint64_t last;
};

static void row(void *ctx, const struct duty_row *r)
{
	struct seen *s = ctx;

	assert(r->line > s->last && r->line <= s->size + 1);
	assert(r->to > r->from && r->to - r->from <= SHIFT_LONGEST);
	assert(r->name.n > 0 && r->name.n <= CONTACT_NAME_MAX && r->note.n <= SHIFT_NOTE_MAX);
	s->last = r->line;
}

static void bad(void *ctx, uint64_t line, const struct err *why)
{
	struct seen *s = ctx;

	assert(line > s->last && line <= s->size + 1 && why->kind == ERR_INPUT);
	s->last = line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[4 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct seen seen = { .size = size };
	const struct duty_sink sink = { row, bad, &seen };
	struct err why = { 0 };

	if (size > 1 << 16)
		return 0;
	if (!duty_csv_read(&a, (struct str){ (const char *)data, size }, &sink, &why))
		assert(why.kind != ERR_NONE);
	return 0;
}
