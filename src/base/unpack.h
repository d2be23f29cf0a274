/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unpack.h - the files in an archive (zip; 7z; tar, plain or by gzip, bzip2, xz, zstd), by libarchive.
 *
 * Input is hostile: members, depth, the bytes that come out and their ratio to what went in are
 * capped; links and devices are passed over. Nothing is written. Never logs. Names are told as UTF-8
 * where the program has set LC_CTYPE to a locale of that kind (cmd/main.c does).
 */
#ifndef BASE_UNPACK_H
#define BASE_UNPACK_H

#include "base/arena.h"
#include "base/err.h"

enum { UNPACK_MAX_MEMBERS = 1 << 18, UNPACK_MAX_NAME = 1024, UNPACK_PIECE = 48 << 10 };
enum { UNPACK_RATIO_FROM = 64 << 20 }; /* bytes that may come out at any ratio */

struct unpack_caps {
	uint64_t bytes; /* that come out, those of archives in archives counted, too */
	uint64_t ratio; /* of what comes out to what went in; 0: any */
	size_t members;
	size_t inner;   /* bytes of an archive in an archive: it is held in `scratch` as a whole */
	unsigned depth; /* of archives in archives; 0: they are members as any other */
	bool single;    /* also one compressed file that is no archive: a member without a name */
};

/* One plain file after the other: begin, bytes a piece at a time, end. */
struct unpack_sink {
	/* `name` lives until end(). False: its bytes are not wanted, and there is no end(). */
	bool (*begin)(void *ctx, struct str name);
	/* False ends the walk. */
	bool (*bytes)(void *ctx, struct str piece);
	/* `why`: the rest of it could not be read; else NULL. False ends the walk. */
	bool (*end)(void *ctx, const struct err *why);
	/* One that cannot be read at all. */
	void (*bad)(void *ctx, struct str name, const struct err *why);
	void *ctx;
};

/* Does it begin like one of these archives? A gzip or zstd file may still hold no archive. */
bool unpack_knows(struct str bytes);

/*
 * `scratch` holds a piece and the archives in archives. A damaged member is named and passed over
 * where the archive lets one go on. False when the archive is damaged (ERR_INPUT), passes a cap
 * (ERR_LIMIT), or the walk was ended (ERR_NONE); what came before that was handed out.
 */
MUST_USE bool unpack_stream(struct arena scratch, struct str archive,
			    const struct unpack_caps *caps, const struct unpack_sink *sink,
			    struct err *why);

/* The same, a file at a time and only where its name is safe. */
struct unpack {
	/* One plain file; `bytes` live until it returns. False ends the walk. */
	bool (*member)(void *ctx, struct str name, struct str bytes);
	/* One that is passed over, with the reason. */
	void (*bad)(void *ctx, struct str name, const struct err *why);
	void *ctx;
	size_t max_member, max_total; /* bytes unpacked */
};
/* `scratch` holds one member at a time. */
MUST_USE bool unpack_walk(struct arena scratch, struct str archive, const struct unpack *u,
			  struct err *why);
/* No leading slash, no "..", no backslash, no control character. */
bool unpack_name_safe(struct str name);

#endif
