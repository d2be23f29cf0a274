/* SPDX-License-Identifier: Apache-2.0 */
/*
 * totp.h - time-based one-time codes (RFC 6238): SHA-1, 30 seconds, 6 digits. Pure.
 */
#ifndef ACCESS_TOTP_H
#define ACCESS_TOTP_H

#include "base/str.h"

enum { TOTP_SECRET_LEN = 20, TOTP_STEP_S = 30 };

uint32_t totp_code(struct str secret, uint64_t step);
/* Is `code` (six digits, hostile bytes) right at `time_us`, one step early or late allowed, and later
 * than *last_step, so that no code counts twice? Then *last_step becomes its step. */
MUST_USE bool totp_check(struct str secret, struct str code, int64_t time_us, int64_t *last_step);

#endif
