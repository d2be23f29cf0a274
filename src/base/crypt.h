/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crypt.h - secrets: random bytes, ed25519, passwords (argon2id), sealed boxes, base64 and base32.
 *
 * crypt_init() once before any other call and before the sandbox closes. Nothing here is logged or
 * put into an error text. The decoders read hostile bytes. Safe from any thread after crypt_init().
 */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include "base/arena.h"
#include "base/err.h"

MUST_USE bool crypt_init(struct err *why);
void crypt_random(void *out, size_t n);
/* Overwrite a secret; the compiler keeps it. */
void crypt_wipe(void *p, size_t n);

/* The same bytes? Takes as long wherever they differ. */
bool crypt_same(struct str a, struct str b);

/* Signatures: ed25519. */
enum { CRYPT_PUBLIC_LEN = 32, CRYPT_SECRET_LEN = 64, CRYPT_SIGN_LEN = 64 };
struct crypt_pair {
	unsigned char pub[CRYPT_PUBLIC_LEN];
	unsigned char secret[CRYPT_SECRET_LEN];
};
void crypt_pair_new(struct crypt_pair *out);
/* The pair of a 32-byte seed: the same seed gives the same pair. */
void crypt_pair_from_seed(const unsigned char seed[32], struct crypt_pair *out);
void crypt_sign(const struct crypt_pair *pair, struct str bytes, unsigned char out[CRYPT_SIGN_LEN]);
MUST_USE bool crypt_verify(const unsigned char pub[CRYPT_PUBLIC_LEN], struct str bytes,
			   const unsigned char sign[CRYPT_SIGN_LEN]);

/* Passwords: argon2id, 64 MiB and two passes; the text carries its own salt and costs. */
enum { CRYPT_PASSWORD_MAX = 128 };
MUST_USE bool crypt_password_hash(struct str password, char out[CRYPT_PASSWORD_MAX],
				  struct err *why);
/* False for a wrong password and for a text that is no such hash. */
MUST_USE bool crypt_password_ok(struct str password, struct str hash);

/* A box that only its 32-byte key opens (XChaCha20-Poly1305, random nonce in front). */
enum { CRYPT_KEY_LEN = 32, CRYPT_BOX_EXTRA = 24 + 16 };
/* out[bytes.n + CRYPT_BOX_EXTRA]. */
void crypt_box(const unsigned char key[CRYPT_KEY_LEN], struct str bytes, unsigned char *out);
/* out[box.n - CRYPT_BOX_EXTRA]; false, out wiped, when the box was changed or the key is another. */
MUST_USE bool crypt_unbox(const unsigned char key[CRYPT_KEY_LEN], struct str box,
			  unsigned char *out);

/* Text of bytes, in `a`, NUL behind; p is NULL when `a` is full. */
struct str crypt_base64(struct arena *a, struct str bytes);     /* + / and padding */
struct str crypt_base64_url(struct arena *a, struct str bytes); /* - _, no padding */
struct str crypt_base32(struct arena *a, struct str bytes);     /* RFC 4648, no padding */

/* Bytes of text, in `a`; padding may be there or not, but whole; nothing else is let through.
 * base32 takes either case. */
MUST_USE bool crypt_base64_parse(struct arena *a, struct str text, struct str *out,
				 struct err *why);
MUST_USE bool crypt_base64_url_parse(struct arena *a, struct str text, struct str *out,
				     struct err *why);
MUST_USE bool crypt_base32_parse(struct arena *a, struct str text, struct str *out,
				 struct err *why);

#endif
