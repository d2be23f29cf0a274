/* SPDX-License-Identifier: Apache-2.0 */
/* zstd.c - the only file that sees zstd.h of the system. */
#include "base/zstd.h"

#include <stdlib.h>
#include <zstd.h>

enum { WINDOW_LOG_MAX = 25, STEP = 256 << 10 };

struct zstd {
	ZSTD_CCtx *pack;   /* owned, made when first used */
	ZSTD_DCtx *unpack; /* owned, made when first used */
};

struct zstd *zstd_new(void)
{
	return calloc(1, sizeof(struct zstd));
}

void zstd_free(struct zstd *z)
{
	if (z == NULL)
		return;
	ZSTD_freeCCtx(z->pack);
	ZSTD_freeDCtx(z->unpack);
	free(z);
}

bool zstd_pack(struct zstd *z, struct str bytes, int level, struct buf *out, struct err *why)
{
	size_t most = ZSTD_compressBound(bytes.n), len;
	char *room;

	if (z->pack == NULL)
		z->pack = ZSTD_createCCtx();
	if (z->pack == NULL)
		return err_set(why, ERR_IO, 0, "no memory to compress");
	room = buf_room(out, most);
	if (room == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu compressed bytes", most);
	len = ZSTD_compressCCtx(z->pack, room, most, bytes.p, bytes.n, level);
	if (ZSTD_isError(len))
		return err_set(why, ERR_IO, 0, "cannot compress: %s", ZSTD_getErrorName(len));
	out->n += len;
	return true;
}

/* Room for the next piece: what is left below the maximum, at most STEP; NULL when there is none. */
static char *next_room(struct buf *out, size_t *n)
{
	size_t left = out->max - out->n;

	*n = left < STEP ? left : STEP;
	return *n == 0 ? NULL : buf_room(out, *n);
}

static bool unpack_all(ZSTD_DCtx *d, struct str packed, struct buf *out, struct err *why)
{
	ZSTD_inBuffer in = { packed.p, packed.n, 0 };
	size_t left = 1; /* 0 at the end of a frame */
	char spare;

	while (left != 0 || in.pos < in.size) {
		size_t before = in.pos, n;
		char *room = next_room(out, &n);
		bool full = room == NULL; /* only an end without bytes may still come */
		ZSTD_outBuffer piece = { full ? &spare : room, full ? 1 : n, 0 };

		left = ZSTD_decompressStream(d, &piece, &in);
		if (ZSTD_isError(left))
			return err_set(why, ERR_INPUT, in.pos, "not zstd: %s",
				       ZSTD_getErrorName(left));
		if (full && piece.pos > 0)
			return err_set(why, ERR_LIMIT, in.pos, "expands to more than %zu bytes",
				       out->max);
		out->n += piece.pos;
		if (left != 0 && in.pos == before && piece.pos == 0)
			return err_set(why, ERR_INPUT, in.pos, "compressed bytes end too early");
	}
	return true;
}

bool zstd_unpack(struct zstd *z, struct str packed, struct buf *out, struct err *why)
{
	size_t before = out->n;

	if (z->unpack == NULL) {
		z->unpack = ZSTD_createDCtx();
		if (z->unpack == NULL)
			return err_set(why, ERR_IO, 0, "no memory to expand");
		ZSTD_DCtx_setParameter(z->unpack, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	}
	ZSTD_DCtx_reset(z->unpack, ZSTD_reset_session_only);
	if (unpack_all(z->unpack, packed, out, why))
		return true;
	out->n = before;
	out->full = false;
	return false;
}
