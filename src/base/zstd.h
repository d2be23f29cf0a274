/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zstd.h - compression by libzstd, with a cap on what comes out.
 *
 * Expanding reads hostile bytes: the output never passes out->max whatever the frames promise, and
 * no frame makes the library take more than 32 MiB of its own. A `struct zstd` keeps the library's
 * working memory between calls; it belongs to one thread.
 */
#ifndef BASE_ZSTD_H
#define BASE_ZSTD_H

#include "base/buf.h"
#include "base/err.h"

struct zstd;
struct zstd *zstd_new(void); /* NULL when the system has no memory */
void zstd_free(struct zstd *z);

/* Append one frame holding `bytes` to *out; `level` is 1..19. */
MUST_USE bool zstd_pack(struct zstd *z, struct str bytes, int level, struct buf *out,
			struct err *why);

/*
 * Append what the frames of `packed` (one or more, nothing else) hold to *out. ERR_INPUT for bytes
 * that are no whole frames, ERR_LIMIT past out->max; why->at is the offset in `packed`. On failure
 * out->n is as before.
 */
MUST_USE bool zstd_unpack(struct zstd *z, struct str packed, struct buf *out, struct err *why);

#endif
