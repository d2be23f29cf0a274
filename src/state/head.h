/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head.h - a signed tree head: what the ledger was, at which size, when, and who says so.
 *
 * Its text is one line that a person can print and a QR code can carry:
 *     canh-head-1 SIZE ROOT TIME KEY SIGNATURE
 * ROOT, KEY (ed25519, whole) and SIGNATURE are base64url, TIME is RFC 3339 UTC with microseconds. The
 * signature covers the line up to the blank before it. The parser reads hostile bytes; a text has one
 * spelling only.
 */
#ifndef STATE_HEAD_H
#define STATE_HEAD_H

#include "base/crypt.h"
#include "state/merkle.h"

struct head {
	int64_t size;
	int64_t signed_at;
	struct merkle_hash root;
	unsigned char key[CRYPT_PUBLIC_LEN];
	unsigned char signature[CRYPT_SIGN_LEN];
};

enum { HEAD_TEXT_MAX = 320, HEAD_PRINT_MAX = 2 * HASH_SHA256_LEN + 1 };

/* Sets key and signature. */
void head_sign(struct head *h, const struct crypt_pair *pair);
/* Does the signature fit the rest? Says nothing about whose key it is. */
MUST_USE bool head_valid(const struct head *h);
const char *head_text(const struct head *h, char out[HEAD_TEXT_MAX]); /* returns out */
/* One line, blanks at its ends allowed. The signature is not looked at. */
MUST_USE bool head_parse(struct str line, struct head *out, struct err *why);

/* The fingerprint of a key: hexadecimal SHA-256 of its 32 bytes. */
const char *head_fingerprint(const unsigned char key[CRYPT_PUBLIC_LEN], char out[HEAD_PRINT_MAX]);
/* Does `print`, the whole fingerprint or its first 16 or more digits, name this key? */
bool head_fingerprint_fits(struct str print, const unsigned char key[CRYPT_PUBLIC_LEN]);

#endif
