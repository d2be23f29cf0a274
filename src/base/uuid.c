/* SPDX-License-Identifier: Apache-2.0 */
#include "base/uuid.h"

#include "base/crypt.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/time.h"

#include <stdatomic.h>

/* Milliseconds and 12 bits of their fraction: 60 bits that only grow. */
static _Atomic uint64_t last;

static uint64_t next_stamp(void)
{
	uint64_t now = (uint64_t)time_now();
	uint64_t want = now / 1000 << 12 | (now % 1000 * 4096) / 1000;
	uint64_t was = atomic_load(&last), next;

	do
		next = want > was ? want : was + 1;
	while (!atomic_compare_exchange_weak(&last, &was, next));
	return next;
}

const char *uuid_new(char out[UUID_MAX])
{
	unsigned char b[16];
	char hex[2 * sizeof b + 1], *to = out;
	uint64_t stamp = next_stamp();

	store_be64(b, stamp >> 12 << 16 | 0x7000 | (stamp & 0xfff));
	crypt_random(b + 8, 8);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	hash_hex(b, sizeof b, hex);
	for (size_t i = 0; i < 2 * sizeof b; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			*to++ = '-';
		*to++ = hex[i];
	}
	*to = '\0';
	return out;
}

bool uuid_valid(struct str s)
{
	if (s.n != UUID_LEN)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		char c = s.p[i];

		if (dash ? c != '-' : !(ascii_digit(c) || (c >= 'a' && c <= 'f')))
			return false;
	}
	return true;
}
