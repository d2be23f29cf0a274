/* SPDX-License-Identifier: Apache-2.0 */
/* inflate.c - the only file that sees libdeflate: whole members into room that grows up to the cap. */
#include "base/inflate.h"

#include <libdeflate.h>

enum { FIRST_ROOM = 1 << 16, LEVEL = 3 };

/* One member at `gz`; *used is its length. Twice the room each time it did not suffice. */
static bool member(struct libdeflate_decompressor *d, struct str gz, struct buf *out, size_t *used,
		   struct err *why)
{
	size_t room = gz.n * 4 < FIRST_ROOM ? FIRST_ROOM : gz.n * 4, made = 0;
	enum libdeflate_result r;

	for (;;) {
		size_t left = out->max - out->n;
		char *p = buf_room(out, room < left ? room : left);

		if (p == NULL)
			return err_set(why, ERR_LIMIT, out->n, "more than %zu bytes", out->max);
		size_t have = room < left ? room : left;
		r = libdeflate_gzip_decompress_ex(d, gz.p, gz.n, p, have, used, &made);
		if (r != LIBDEFLATE_INSUFFICIENT_SPACE)
			break;
		if (have == left)
			return err_set(why, ERR_LIMIT, out->n, "more than %zu bytes", out->max);
		room *= 2;
	}
	if (r != LIBDEFLATE_SUCCESS || *used == 0)
		return err_set(why, ERR_INPUT, out->n, "not gzip, or damaged");
	out->n += made;
	return true;
}

bool inflate_gzip(struct str gz, struct buf *out, struct err *why)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	bool ok = d != NULL || err_set(why, ERR_LIMIT, 0, "no memory");

	if (ok && gz.n == 0)
		ok = err_set(why, ERR_INPUT, 0, "not gzip, or damaged");
	while (ok && gz.n > 0) {
		size_t used = 0;

		ok = member(d, gz, out, &used, why);
		gz = str_skip(gz, used);
	}
	libdeflate_free_decompressor(d);
	return ok;
}

bool deflate_gzip(struct str text, struct buf *out)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(LEVEL);
	size_t room = c == NULL ? 0 : libdeflate_gzip_compress_bound(c, text.n), left;

	left = out->max - out->n;
	if (room > left)
		room = left;
	char *p = c == NULL ? NULL : buf_room(out, room);
	size_t made = p == NULL ? 0 : libdeflate_gzip_compress(c, text.p, text.n, p, room);

	libdeflate_free_compressor(c);
	out->n += made;
	return made > 0;
}

uint32_t inflate_crc32(uint32_t crc, struct str bytes)
{
	return libdeflate_crc32(crc, bytes.p, bytes.n);
}
