/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include <assert.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <xxhash.h>

static const struct {
	gnutls_digest_algorithm_t digest;
	gnutls_mac_algorithm_t mac;
	size_t len;
} kinds[] = {
	[HASH_SHA256] = { GNUTLS_DIG_SHA256, GNUTLS_MAC_SHA256, HASH_SHA256_LEN },
	[HASH_SHA1] = { GNUTLS_DIG_SHA1, GNUTLS_MAC_SHA1, HASH_SHA1_LEN },
	[HASH_MD5] = { GNUTLS_DIG_MD5, GNUTLS_MAC_MD5, HASH_MD5_LEN },
};

size_t hash_len(enum hash_kind kind)
{
	return kinds[kind].len;
}

void hash_once(enum hash_kind kind, struct str bytes, unsigned char *out)
{
	int rc = gnutls_hash_fast(kinds[kind].digest, bytes.n > 0 ? bytes.p : "", bytes.n, out);

	assert(rc == 0);
}

void hash_sha256(struct str bytes, unsigned char out[HASH_SHA256_LEN])
{
	hash_once(HASH_SHA256, bytes, out);
}

void hash_hmac(enum hash_kind kind, struct str key, struct str bytes, unsigned char *out)
{
	int rc = gnutls_hmac_fast(kinds[kind].mac, key.n > 0 ? key.p : "", key.n,
				  bytes.n > 0 ? bytes.p : "", bytes.n, out);

	assert(rc == 0);
}

void hash_begin(struct hash *h, enum hash_kind kind)
{
	gnutls_hash_hd_t state;
	int rc = gnutls_hash_init(&state, kinds[kind].digest);

	assert(rc == 0);
	*h = (struct hash){ state, kind };
}

void hash_add(struct hash *h, struct str bytes)
{
	if (bytes.n == 0)
		return;
	int rc = gnutls_hash(h->state, bytes.p, bytes.n);

	assert(rc == 0);
}

void hash_end(struct hash *h, unsigned char *out)
{
	gnutls_hash_deinit(h->state, out);
	h->state = NULL;
}

const char *hash_hex(const void *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *b = bytes;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[b[i] >> 4];
		out[2 * i + 1] = digits[b[i] & 15];
	}
	out[2 * n] = '\0';
	return out;
}

/* 1 to 16, or 0: not a digit */
static const uint8_t hex_digit[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

bool hash_hex_parse(struct str hex, unsigned char *out, size_t n)
{
	if (hex.n != 2 * n)
		return false;
	for (size_t i = 0; i < hex.n; i++)
		if (hex_digit[(unsigned char)hex.p[i]] == 0)
			return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (unsigned char)((hex_digit[(unsigned char)hex.p[2 * i]] - 1) << 4 |
					 (hex_digit[(unsigned char)hex.p[2 * i + 1]] - 1));
	return true;
}

bool hash_same(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || gnutls_memcmp(a.p, b.p, a.n) == 0);
}

uint64_t hash_quick(struct str bytes, uint64_t seed)
{
	return XXH64(bytes.n > 0 ? bytes.p : "", bytes.n, seed);
}
