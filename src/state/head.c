/* SPDX-License-Identifier: Apache-2.0 */
#include "state/head.h"

#include "base/num.h"
#include "base/time.h"

#include <stdio.h>

static const struct str magic = { "canh-head-1", 11 };

static struct str bytes(const void *p, size_t n)
{
	return (struct str){ p, n };
}

/* The line up to the blank before the signature. */
static size_t unsigned_text(const struct head *h, char out[HEAD_TEXT_MAX])
{
	unsigned char mem[256];
	struct arena a = { mem, mem + sizeof mem };
	char time[TIME_TEXT_MAX];

	return (size_t)snprintf(out, HEAD_TEXT_MAX, "%s %lld %s %s %s", magic.p, (long long)h->size,
				crypt_base64_url(&a, bytes(h->root.b, MERKLE_LEN)).p,
				time_rfc3339(h->signed_at, time),
				crypt_base64_url(&a, bytes(h->key, sizeof h->key)).p);
}

void head_sign(struct head *h, const struct crypt_pair *pair)
{
	char text[HEAD_TEXT_MAX];

	memcpy(h->key, pair->pub, sizeof h->key);
	crypt_sign(pair, bytes(text, unsigned_text(h, text)), h->signature);
}

bool head_valid(const struct head *h)
{
	char text[HEAD_TEXT_MAX];

	return crypt_verify(h->key, bytes(text, unsigned_text(h, text)), h->signature);
}

const char *head_text(const struct head *h, char out[HEAD_TEXT_MAX])
{
	unsigned char mem[256];
	struct arena a = { mem, mem + sizeof mem };
	size_t n = unsigned_text(h, out);

	snprintf(out + n, HEAD_TEXT_MAX - n, " %s",
		 crypt_base64_url(&a, bytes(h->signature, sizeof h->signature)).p);
	return out;
}

static bool parse_bytes(struct str word, void *out, size_t n)
{
	unsigned char mem[256];
	struct arena a = { mem, mem + sizeof mem };
	struct str got;

	if (word.n > sizeof mem / 2 || !crypt_base64_url_parse(&a, word, &got, NULL) || got.n != n)
		return false;
	memcpy(out, got.p, n);
	return true;
}

/* Part number i of the line into *h. */
static bool parse_part(struct head *h, int i, struct str word)
{
	uint64_t size = 0;
	bool zone;

	switch (i) {
	case 0:
		return str_eq(word, magic);
	case 1:
		if (!num_parse(word, 0, INT64_MAX, &size))
			return false;
		h->size = (int64_t)size;
		return true;
	case 2:
		return parse_bytes(word, h->root.b, MERKLE_LEN);
	case 3:
		return time_parse_rfc3339(word, &h->signed_at, &zone);
	case 4:
		return parse_bytes(word, h->key, sizeof h->key);
	case 5:
		return parse_bytes(word, h->signature, sizeof h->signature);
	default:
		return false;
	}
}

bool head_parse(struct str line, struct head *out, struct err *why)
{
	struct str all = str_trim(line), rest = all, word;
	struct head h = { 0 };
	char again[HEAD_TEXT_MAX];
	int i = 0;

	for (; str_split(&rest, ' ', &word); i++)
		if (!parse_part(&h, i, word))
			return err_set(why, ERR_INPUT, (size_t)(word.p - line.p),
				       "not the head of a ledger");
	if (i != 6 || !str_eq(str_of(head_text(&h, again)), all))
		return err_set(why, ERR_INPUT, 0, "not the head of a ledger");
	*out = h;
	return true;
}

const char *head_fingerprint(const unsigned char key[CRYPT_PUBLIC_LEN], char out[HEAD_PRINT_MAX])
{
	unsigned char sum[HASH_SHA256_LEN];

	hash_sha256(bytes(key, CRYPT_PUBLIC_LEN), sum);
	return hash_hex(sum, sizeof sum, out);
}

bool head_fingerprint_fits(struct str print, const unsigned char key[CRYPT_PUBLIC_LEN])
{
	char full[HEAD_PRINT_MAX];
	struct str all = str_of(head_fingerprint(key, full));

	return print.n >= 16 && str_starts_nocase(all, print);
}
