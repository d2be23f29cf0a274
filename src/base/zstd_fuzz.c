/* SPDX-License-Identifier: Apache-2.0 */
/* zstd_fuzz.c - whatever the frames say, the cap holds, and what came out packs and comes back. */
#include "base/zstd.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zstd *z;
	struct buf out = BUF(1 << 20), packed = BUF(2 << 20), back = BUF(1 << 20);
	struct err why = { 0 };

	if (z == NULL)
		z = zstd_new();
	if (!zstd_unpack(z, (struct str){ (const char *)data, size }, &out, &why)) {
		assert(why.kind != ERR_NONE && why.at <= size && out.n == 0 && !out.full);
	} else {
		assert(zstd_pack(z, buf_str(&out), 1, &packed, &why));
		assert(zstd_unpack(z, buf_str(&packed), &back, &why));
		assert(str_eq(buf_str(&out), buf_str(&back)));
	}
	buf_free(&out);
	buf_free(&packed);
	buf_free(&back);
	return 0;
}
