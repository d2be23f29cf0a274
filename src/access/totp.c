/* SPDX-License-Identifier: Apache-2.0 */
#include "access/totp.h"

#include "base/hash.h"
#include "base/num.h"
#include "base/time.h"

#include <stdio.h>

enum { DRIFT = 1, DIGITS = 6 };

uint32_t totp_code(struct str secret, uint64_t step)
{
	unsigned char moving[8], sum[HASH_MAX_LEN];

	store_be64(moving, step);
	hash_hmac(HASH_SHA1, secret, (struct str){ (const char *)moving, sizeof moving }, sum);
	return (load_be32(sum + (sum[HASH_SHA1_LEN - 1] & 15)) & 0x7fffffff) % 1000000;
}

bool totp_check(struct str secret, struct str code, int64_t time_us, int64_t *last_step)
{
	int64_t now = time_us / TIME_SECOND / TOTP_STEP_S;

	if (code.n != DIGITS || now < DRIFT)
		return false;
	for (int64_t step = now - DRIFT; step <= now + DRIFT; step++) {
		char want[16];

		snprintf(want, sizeof want, "%06u", totp_code(secret, (uint64_t)step));
		if (!hash_same(code, str_of(want)) || step <= *last_step)
			continue;
		*last_step = step;
		return true;
	}
	return false;
}
