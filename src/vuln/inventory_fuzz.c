/* SPDX-License-Identifier: Apache-2.0 */
/* inventory_fuzz.c - hostile bytes as a list of packages, whichever they claim to be. */
#include "vuln/inventory.h"
#include "base/fuzz.h"

static void bad(void *ctx, uint64_t place, const struct err *why)
{
	size_t *n = ctx;

	assert(place > 0 && why->kind != ERR_NONE);
	++*n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct inventory inv = { 0 };
	struct err why = { 0 };
	size_t told = 0, n = 0;
	const struct inventory_ask ask = { size % 2 == 1, STR("Debian:12"), bad, &told };

	if (!inventory_read(&inv, &a, (struct str){ (const char *)data, size }, &ask, &why))
		assert(why.kind != ERR_NONE);
	for (const struct package *p = inv.first; p != NULL; p = p->next, n++)
		assert(p->name.n > 0);
	assert(n == inv.n && told == inv.bad && inv.partial <= inv.n);
	return 0;
}
