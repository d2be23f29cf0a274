/* SPDX-License-Identifier: Apache-2.0 */
/* look_feed_fuzz.c - whatever an upload holds, each file begins and ends once and its records are numbered. */
#include "proc/look_feed.h"
#include "base/fuzz.h"
#include "event/event.h"

#include <assert.h>

struct seen {
	bool open;
	uint64_t records, line;
};

static bool begin(void *ctx, const struct look_file *f)
{
	struct seen *s = ctx;

	assert(!s->open && f->records == 0);
	*s = (struct seen){ .open = true };
	return true;
}

static bool record(void *ctx, const struct look_file *f, const struct look_record *r)
{
	struct seen *s = ctx;

	assert(s->open && r->number == ++s->records && r->number == f->records);
	assert(r->text.n > 0 && r->text.n <= EVENT_MAX_RAW);
	assert(f->evtx ? r->line == 0 : r->line >= s->line && r->line > 0);
	s->line = r->line;
	return true;
}

static bool end(void *ctx, const struct look_file *f, const struct err *lost)
{
	struct seen *s = ctx;

	assert(s->open && f->records == s->records);
	assert(lost == NULL || lost->kind != ERR_NONE);
	s->open = false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena scratch;
	struct seen s = { .open = false };
	const struct look_sink sink = { begin, record, end, &s };
	struct err why = { 0 };

	if (scratch.beg == NULL && !arena_reserve(&scratch, (size_t)256 << 20))
		return 0;
	bool ok = look_feed(scratch, (struct str){ (const char *)data, size }, &sink, &why);
	assert(!s.open && ok == (why.kind == ERR_NONE));
	return 0;
}
