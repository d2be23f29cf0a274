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

static bool inside;

static bool begin(void *ctx, struct str name)
{
	(void)ctx;
	assert(!inside);
	inside = name.n % 7 != 3; /* some are not wanted */
	return inside;
}

static bool piece(void *ctx, struct str bytes)
{
	(void)ctx;
	assert(inside && bytes.n > 0 && bytes.n <= UNPACK_PIECE);
	total += bytes.n;
	return true;
}

static bool end(void *ctx, const struct err *why)
{
	(void)ctx;
	(void)why;
	assert(inside);
	inside = false;
	return true;
}

/* Archives in archives are read, too, and count. */
static void stream(struct arena a, struct str archive)
{
	struct unpack_caps caps = {
		.bytes = 65536, .members = 64, .inner = 65536, .depth = 3, .single = true
	};
	struct unpack_sink sink = { begin, piece, end, bad, NULL };
	struct err why = { 0 };

	total = 0;
	inside = false;
	if (!unpack_stream(a, archive, &caps, &sink, &why))
		assert(why.kind != ERR_NONE);
	assert(total <= 65536 && !inside);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	struct unpack u = { member, bad, NULL, 4096, 65536 };
	struct err why = { 0 };

	stream(a, (struct str){ (const char *)data, size });

	total = 0;
	if (!unpack_walk(a, (struct str){ (const char *)data, size }, &u, &why))
		assert(why.kind != ERR_NONE);
	assert(total <= 65536);
	return 0;
}
