/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unpack.h - the files in an archive (zip; tar, plain or by gzip, bzip2, xz, zstd), by libarchive.
 *
 * Input is hostile: members, their sizes and the whole are capped, names that leave the folder they
 * are unpacked to are refused, links and devices passed over. Nothing is written. Never logs.
 */
#ifndef BASE_UNPACK_H
#define BASE_UNPACK_H

#include "base/arena.h"
#include "base/err.h"

enum { UNPACK_MAX_MEMBERS = 1 << 18, UNPACK_MAX_NAME = 1024 };

struct unpack {
	/* One plain file; `bytes` live until it returns. False ends the walk. */
	bool (*member)(void *ctx, struct str name, struct str bytes);
	/* One that is passed over, with the reason. */
	void (*bad)(void *ctx, struct str name, const struct err *why);
	void *ctx;
	size_t max_member, max_total; /* bytes unpacked */
};

/* Does it begin like one of these archives? A gzip or zstd file may still hold no archive. */
bool unpack_knows(struct str bytes);
/* `scratch` holds one member at a time. False when the archive is damaged or passes a cap (*why),
 * or the walk was ended; what came before that was handed out. */
MUST_USE bool unpack_walk(struct arena scratch, struct str archive, const struct unpack *u,
			  struct err *why);
/* No leading slash, no "..", no backslash, no control character. */
bool unpack_name_safe(struct str name);

#endif
