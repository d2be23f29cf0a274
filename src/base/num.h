/* SPDX-License-Identifier: Apache-2.0 */
/*
 * num.h - text to numbers and bytes to integers, the only way from outside bytes to a number.
 *
 * Parsers take the whole view or fail: no sign (except _i64), no blanks, no trailing bytes, never
 * past [min, max]. On failure *out is untouched. Pure.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/str.h"

MUST_USE bool num_parse(struct str s, uint64_t min, uint64_t max, uint64_t *out);
MUST_USE bool num_parse_hex(struct str s, uint64_t max, uint64_t *out); /* no 0x */
MUST_USE bool num_parse_i64(struct str s, int64_t min, int64_t max, int64_t *out);
/* Decimal with optional fraction and exponent, as JSON writes numbers; locale does not matter. */
MUST_USE bool num_parse_double(struct str s, double *out);

static inline uint16_t load_le16(const void *p)
{
	const uint8_t *b = p;
	return (uint16_t)(b[0] | b[1] << 8);
}
static inline uint32_t load_le32(const void *p)
{
	const uint8_t *b = p;
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}
static inline uint64_t load_le64(const void *p)
{
	return (uint64_t)load_le32(p) | (uint64_t)load_le32((const uint8_t *)p + 4) << 32;
}
static inline uint16_t load_be16(const void *p)
{
	const uint8_t *b = p;
	return (uint16_t)(b[0] << 8 | b[1]);
}
static inline uint32_t load_be32(const void *p)
{
	const uint8_t *b = p;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3];
}
static inline uint64_t load_be64(const void *p)
{
	return (uint64_t)load_be32(p) << 32 | load_be32((const uint8_t *)p + 4);
}
static inline void store_le32(void *p, uint32_t v)
{
	uint8_t *b = p;
	for (int i = 0; i < 4; i++)
		b[i] = (uint8_t)(v >> (8 * i));
}
static inline void store_le64(void *p, uint64_t v)
{
	uint8_t *b = p;
	for (int i = 0; i < 8; i++)
		b[i] = (uint8_t)(v >> (8 * i));
}
static inline void store_be64(void *p, uint64_t v)
{
	uint8_t *b = p;
	for (int i = 0; i < 8; i++)
		b[i] = (uint8_t)(v >> (8 * (7 - i)));
}

#endif
