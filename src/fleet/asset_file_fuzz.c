/* SPDX-License-Identifier: Apache-2.0 */
/* Each row names a machine and lies behind the one before it, unless the file is a journal of leases. */
#include "fleet/asset_file.h"

#include "base/fuzz.h"

static void look(const struct asset_told *t, size_t size)
{
	assert(t->name.n > 0 && t->name.n <= TOLD_NAME_MAX && t->line <= size + 1);
	assert(t->n <= TOLD_FACTS_MAX && t->unit.n <= TOLD_TEXT_MAX);
	assert(t->state != ASSET_OFF || t->confirmed_by.n > 0);
	for (size_t i = 0; i < t->n; i++)
		assert(t->fact[i].fact < FACTS && t->fact[i].value.n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena whole;
	const struct asset_read how = { .origin = ORIGINS };
	struct asset_rows rows = { .n = 0 };
	struct err why = { 0 };

	if (size > 1 << 16 || (whole.beg == NULL && !arena_reserve(&whole, (size_t)256 << 20)))
		return 0;
	struct arena a = whole;
	if (!asset_file_read(&a, (struct str){ (const char *)data, size }, &how, &rows, &why)) {
		assert(why.kind != ERR_NONE && rows.n == 0);
		return 0;
	}
	assert(rows.bad >= (rows.n_faults > 0));
	for (size_t i = 0; i < rows.n; i++)
		look(&rows.row[i], size);
	return 0;
}
