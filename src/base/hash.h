/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash.h - digests (SHA-256, SHA-1, MD5 through GnuTLS), HMAC, hexadecimal, and a quick hash for tables.
 *
 * MD5 and SHA-1 are for matching what others publish and for TOTP, never for trust of our own.
 * Hash functions cannot fail on any input; a digest that the library refuses is our bug (assert).
 * Safe from any thread; one `struct hash` belongs to one thread.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/err.h"
#include "base/str.h"

enum hash_kind { HASH_SHA256, HASH_SHA1, HASH_MD5 };
enum { HASH_SHA256_LEN = 32, HASH_SHA1_LEN = 20, HASH_MD5_LEN = 16, HASH_MAX_LEN = 32 };
enum { HASH_HEX_MAX = 2 * HASH_MAX_LEN + 1 };

size_t hash_len(enum hash_kind kind);
void hash_once(enum hash_kind kind, struct str bytes, unsigned char *out /* hash_len(kind) */);
void hash_sha256(struct str bytes, unsigned char out[HASH_SHA256_LEN]);
void hash_hmac(enum hash_kind kind, struct str key, struct str bytes, unsigned char *out);

/* Piece by piece: begin, add any number of times, end (which also releases; out may be NULL). */
struct hash {
	void *state;
	enum hash_kind kind;
};
void hash_begin(struct hash *h, enum hash_kind kind);
void hash_add(struct hash *h, struct str bytes);
void hash_end(struct hash *h, unsigned char *out);

/* Lower-case hexadecimal with a NUL behind: out[2 * n + 1]; returns out. */
const char *hash_hex(const void *bytes, size_t n, char *out);
/* Exactly 2 * n digits of either case to n bytes. */
MUST_USE bool hash_hex_parse(struct str hex, unsigned char *out, size_t n);

/* Same bytes? Takes the same time wherever they differ; lengths are no secret. */
bool hash_same(struct str a, struct str b);

/* XXH64: for tables and filters, no protection against whoever chooses the bytes without the seed. */
uint64_t hash_quick(struct str bytes, uint64_t seed);

#endif
