/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uuid.h - UUID version 7 (RFC 9562) as text, the id of everything that is kept.
 *
 * Each id made by a process is greater (as text) than the one before, also when the clock steps
 * back; the last 62 bits are random. crypt_init() first. Safe from any thread.
 */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include "base/str.h"

enum { UUID_LEN = 36, UUID_MAX = UUID_LEN + 1 };

const char *uuid_new(char out[UUID_MAX]); /* returns out */
/* Lower-case UUID of any version? Reads hostile bytes. */
bool uuid_valid(struct str s);

#endif
