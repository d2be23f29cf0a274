/* SPDX-License-Identifier: Apache-2.0 */
/* unpack_fuzz.c - members keep to their caps and have safe names; damage is an error. */
#include "base/unpack.h"

#include "base/fuzz.h"

#include <assert.h>

static size_t total;

static bool member(void *ctx, struct str name, struct str bytes)
{
	(void)ctx;
	assert(unpack_name_safe(name) && bytes.n <= 4096);
	total += bytes.n;
	return true;
}

static void bad(void *ctx, struct str name, const struct err *why)
{
	(void)ctx;
	(void)name;
	assert(why->kind != ERR_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[16384];
	struct arena a = { mem, mem + sizeof mem };
	struct unpack u = { member, bad, NULL, 4096, 65536 };
	struct err why = { 0 };

	total = 0;
	if (!unpack_walk(a, (struct str){ (const char *)data, size }, &u, &why))
		assert(why.kind != ERR_NONE);
	assert(total <= 65536);
	return 0;
}
