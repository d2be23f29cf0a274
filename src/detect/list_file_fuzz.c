/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a list: opened or refused with a reason; each row used or complained about once. */
#include "detect/list_file.h"

#include "base/fuzz.h"

#include <assert.h>

static bool entry(void *ctx, const struct indicator *x, struct str note, uint64_t line)
{
	uint64_t *n = ctx;

	assert(x->type < IND_TYPE_N && line > 0 && (note.n == 0 || note.p != NULL));
	n[0]++;
	return true;
}

static void bad(void *ctx, uint64_t line, const struct err *why)
{
	uint64_t *n = ctx;

	assert(line > 0 && why->kind != ERR_NONE);
	n[1]++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena whole;
	struct str s = { (const char *)data, size };
	struct list_file f;
	struct list_counts counts;
	struct err why = { 0 };
	uint64_t n[2] = { 0 };
	struct list_sink sink = { entry, bad, n };

	if (whole.beg == NULL)
		assert(arena_reserve(&whole, (size_t)64 << 20));
	struct arena a = whole;

	if (!list_file_open(&a, s, NULL, LIST_INFECTED, &f, &why)) {
		assert(why.kind != ERR_NONE);
		return 0;
	}
	assert(list_file_read(&f, a, &sink, &counts));
	assert(counts.entries == n[0] && counts.bad == n[1] && n[1] <= counts.rows);
	return 0;
}
