/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crypt.h"

#include <assert.h>
#include <sodium.h>

static_assert(CRYPT_PUBLIC_LEN == crypto_sign_PUBLICKEYBYTES, "ed25519 public key");
static_assert(CRYPT_SECRET_LEN == crypto_sign_SECRETKEYBYTES, "ed25519 secret key");
static_assert(CRYPT_SIGN_LEN == crypto_sign_BYTES, "ed25519 signature");
static_assert(CRYPT_PASSWORD_MAX == crypto_pwhash_STRBYTES, "argon2id text");
static_assert(CRYPT_KEY_LEN == crypto_secretbox_xchacha20poly1305_KEYBYTES, "box key");
static_assert(CRYPT_BOX_EXTRA == crypto_secretbox_xchacha20poly1305_NONCEBYTES +
					 crypto_secretbox_xchacha20poly1305_MACBYTES,
	      "box overhead");

enum { NONCE = crypto_secretbox_xchacha20poly1305_NONCEBYTES };

static const unsigned char *bytes_of(struct str s)
{
	return (const unsigned char *)(s.n > 0 ? s.p : "");
}

bool crypt_init(struct err *why)
{
	if (sodium_init() < 0)
		return err_set(why, ERR_IO, 0, "no source of random numbers");
	return true;
}

void crypt_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

void crypt_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

bool crypt_same(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0);
}

void crypt_pair_new(struct crypt_pair *out)
{
	crypto_sign_keypair(out->pub, out->secret);
}

void crypt_pair_from_seed(const unsigned char seed[32], struct crypt_pair *out)
{
	crypto_sign_seed_keypair(out->pub, out->secret, seed);
}

void crypt_sign(const struct crypt_pair *pair, struct str bytes, unsigned char out[CRYPT_SIGN_LEN])
{
	int rc = crypto_sign_detached(out, NULL, bytes_of(bytes), bytes.n, pair->secret);

	assert(rc == 0);
}

bool crypt_verify(const unsigned char pub[CRYPT_PUBLIC_LEN], struct str bytes,
		  const unsigned char sign[CRYPT_SIGN_LEN])
{
	return crypto_sign_verify_detached(sign, bytes_of(bytes), bytes.n, pub) == 0;
}

bool crypt_password_hash(struct str password, char out[CRYPT_PASSWORD_MAX], struct err *why)
{
	char text[CRYPT_PASSWORD_MAX];

	if (crypto_pwhash_str(text, (const char *)bytes_of(password), password.n,
			      crypto_pwhash_OPSLIMIT_INTERACTIVE,
			      crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
		return err_set(why, ERR_LIMIT, 0, "no memory to hash a password");
	memcpy(out, text, sizeof text);
	return true;
}

bool crypt_password_ok(struct str password, struct str hash)
{
	char text[CRYPT_PASSWORD_MAX] = { 0 };

	if (hash.n >= sizeof text)
		return false;
	memcpy(text, bytes_of(hash), hash.n);
	return crypto_pwhash_str_verify(text, (const char *)bytes_of(password), password.n) == 0;
}

void crypt_box(const unsigned char key[CRYPT_KEY_LEN], struct str bytes, unsigned char *out)
{
	randombytes_buf(out, NONCE);
	int rc = crypto_secretbox_xchacha20poly1305_easy(out + NONCE, bytes_of(bytes), bytes.n, out,
							 key);
	assert(rc == 0);
}

bool crypt_unbox(const unsigned char key[CRYPT_KEY_LEN], struct str box, unsigned char *out)
{
	if (box.n < CRYPT_BOX_EXTRA)
		return false;
	const unsigned char *b = bytes_of(box);

	if (crypto_secretbox_xchacha20poly1305_open_easy(out, b + NONCE, box.n - NONCE, b, key) ==
	    0)
		return true;
	sodium_memzero(out, box.n - CRYPT_BOX_EXTRA);
	return false;
}

static struct str base64(struct arena *a, struct str bytes, int variant)
{
	if (bytes.n > SIZE_MAX / 2)
		return (struct str){ NULL, 0 };
	size_t cap = sodium_base64_encoded_len(bytes.n, variant);
	char *p = arena_bytes(a, cap);

	if (p == NULL)
		return (struct str){ NULL, 0 };
	sodium_bin2base64(p, cap, bytes_of(bytes), bytes.n, variant);
	return str_of(p);
}

struct str crypt_base64(struct arena *a, struct str bytes)
{
	return base64(a, bytes, sodium_base64_VARIANT_ORIGINAL);
}

struct str crypt_base64_url(struct arena *a, struct str bytes)
{
	return base64(a, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool base64_parse(struct arena *a, struct str text, int padded, int bare, struct str *out,
			 struct err *why)
{
	bool pad = text.n > 0 && text.p[text.n - 1] == '=';
	size_t cap = text.n / 4 * 3 + 3, len = 0;
	const char *end = NULL;
	char *p = arena_bytes(a, cap);

	if (p == NULL)
		return err_set(why, ERR_LIMIT, 0, "text too long");
	if (sodium_base642bin((unsigned char *)p, cap, (const char *)bytes_of(text), text.n, NULL,
			      &len, &end, pad ? padded : bare) != 0 ||
	    (text.n > 0 && end != text.p + text.n))
		return err_set(why, ERR_INPUT, text.n > 0 ? (size_t)(end - text.p) : 0,
			       "not base64");
	*out = (struct str){ p, len };
	return true;
}

bool crypt_base64_parse(struct arena *a, struct str text, struct str *out, struct err *why)
{
	return base64_parse(a, text, sodium_base64_VARIANT_ORIGINAL,
			    sodium_base64_VARIANT_ORIGINAL_NO_PADDING, out, why);
}

bool crypt_base64_url_parse(struct arena *a, struct str text, struct str *out, struct err *why)
{
	return base64_parse(a, text, sodium_base64_VARIANT_URLSAFE,
			    sodium_base64_VARIANT_URLSAFE_NO_PADDING, out, why);
}

struct str crypt_base32(struct arena *a, struct str bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	if (bytes.n > SIZE_MAX / 16)
		return (struct str){ NULL, 0 };
	size_t len = (bytes.n * 8 + 4) / 5;
	char *p = arena_bytes(a, len + 1);

	if (p == NULL)
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < len; i++) {
		size_t bit = i * 5, at = bit / 8;
		unsigned two = (unsigned)bytes_of(bytes)[at] << 8;

		if (at + 1 < bytes.n)
			two |= bytes_of(bytes)[at + 1];
		p[i] = digits[two >> (11 - bit % 8) & 31];
	}
	p[len] = '\0';
	return (struct str){ p, len };
}

static int base32_digit(char c)
{
	c = ascii_lower(c);
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

/* The length without padding; padding fills a group of 8 or is not there. False when it is odd. */
static bool base32_bare(struct str text, size_t *out)
{
	size_t n = text.n;

	while (n > 0 && text.p[n - 1] == '=')
		n--;
	size_t rest = n % 8;

	*out = n;
	return rest != 1 && rest != 3 && rest != 6 &&
	       (n == text.n || (rest != 0 && text.n == n - rest + 8));
}

bool crypt_base32_parse(struct arena *a, struct str text, struct str *out, struct err *why)
{
	size_t n, len = 0;
	unsigned hold = 0, bits = 0;

	if (!base32_bare(text, &n))
		return err_set(why, ERR_INPUT, n, "not base32");
	char *p = arena_bytes(a, n / 8 * 5 + 5);

	if (p == NULL)
		return err_set(why, ERR_LIMIT, 0, "text too long");
	for (size_t i = 0; i < n; i++) {
		int d = base32_digit(text.p[i]);

		if (d < 0)
			return err_set(why, ERR_INPUT, i, "not base32");
		hold = hold << 5 | (unsigned)d;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			p[len++] = (char)(hold >> bits & 255);
		}
		hold &= (1u << bits) - 1;
	}
	if (hold != 0)
		return err_set(why, ERR_INPUT, n, "not base32");
	*out = (struct str){ p, len };
	return true;
}
