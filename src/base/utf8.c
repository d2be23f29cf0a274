/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8.c - decoding by the table of RFC 3629, folding by the pages of utf8_table.c.
 *
 * Invariant: utf8_next() always moves on and never reads at or past s.n, so every loop ends.
 */
#include "base/utf8.h"

#include "base/num.h"
#include "base/utf8_int.h"

#include <assert.h>
#include <endian.h>

enum { REPLACEMENT = 0xFFFD };

static bool is_tail(struct str s, size_t at)
{
	return at < s.n && ((unsigned char)s.p[at] & 0xC0) == 0x80;
}

static uint32_t tail(struct str s, size_t at)
{
	return (unsigned char)s.p[at] & 0x3F;
}

size_t utf8_count(struct str s)
{
	uint32_t cp;
	size_t n = 0;

	for (size_t at = 0; at < s.n; n++)
		at = utf8_next(s, at, &cp);
	return n;
}

size_t utf8_next(struct str s, size_t at, uint32_t *cp)
{
	assert(at < s.n);
	uint32_t c = (unsigned char)s.p[at];

	*cp = UTF8_BAD;
	if (c < 0x80) {
		*cp = c;
		return at + 1;
	}
	if (c < 0xC2 || c > 0xF4 || !is_tail(s, at + 1))
		return at + 1;
	if (c < 0xE0) {
		*cp = (c & 0x1F) << 6 | tail(s, at + 1);
		return at + 2;
	}
	if (!is_tail(s, at + 2))
		return at + 1;
	if (c < 0xF0) {
		uint32_t v = (c & 0x0F) << 12 | tail(s, at + 1) << 6 | tail(s, at + 2);

		if (v < 0x800 || (v >= 0xD800 && v < 0xE000))
			return at + 1;
		*cp = v;
		return at + 3;
	}
	if (!is_tail(s, at + 3))
		return at + 1;
	uint32_t v = (c & 0x07) << 18 | tail(s, at + 1) << 12 | tail(s, at + 2) << 6 |
		     tail(s, at + 3);

	if (v < 0x10000 || v > 0x10FFFF)
		return at + 1;
	*cp = v;
	return at + 4;
}

/* Where the first byte that is not ASCII stands, from `at` on. */
static size_t skip_ascii(struct str s, size_t at)
{
	while (s.n - at >= 8 && (load_le64(s.p + at) & UINT64_C(0x8080808080808080)) == 0)
		at += 8;
	while (at < s.n && (unsigned char)s.p[at] < 0x80)
		at++;
	return at;
}

bool utf8_valid(struct str s)
{
	for (size_t at = skip_ascii(s, 0); at < s.n; at = skip_ascii(s, at)) {
		uint32_t cp;

		at = utf8_next(s, at, &cp);
		if (cp == UTF8_BAD)
			return false;
	}
	return true;
}

size_t utf8_put(uint32_t cp, char out[4])
{
	assert(cp <= 0x10FFFF);
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

static uint32_t fold_beyond(uint32_t cp)
{
	for (size_t i = 0; i < UTF8_RUNS; i++)
		if (cp >= utf8_runs[i].first && cp <= utf8_runs[i].last)
			return cp + utf8_runs[i].by;
	return cp;
}

uint32_t utf8_fold_case_cp(uint32_t cp)
{
	if (cp >= 0x10000)
		return cp > 0x10FFFF ? cp : fold_beyond(cp);
	uint32_t to = utf8_fold_to[utf8_fold_page[cp / UTF8_PAGE]][cp % UTF8_PAGE];

	return to == 0 ? cp : to;
}

uint32_t utf8_fold_search_cp(uint32_t cp)
{
	if (cp >= 0x10000)
		return cp > 0x10FFFF ? cp : fold_beyond(cp);
	uint32_t to = utf8_search_to[utf8_search_page[cp / UTF8_PAGE]][cp % UTF8_PAGE];

	if (to == UTF8_DROP)
		return UTF8_BAD;
	return to == 0 ? cp : to;
}

/* Fold the code point at *at, move on, and write the result; returns its length. */
static size_t fold_one(struct str s, size_t *at, uint32_t (*fold)(uint32_t), char out[4])
{
	uint32_t cp;
	size_t from = *at;

	*at = utf8_next(s, from, &cp);
	if (cp == UTF8_BAD) {
		out[0] = s.p[from];
		return 1;
	}
	cp = fold(cp);
	return cp == UTF8_BAD ? 0 : utf8_put(cp, out);
}

/* Eight bytes at once, each below 0x80: bit 7 of those that are upper case. */
static uint64_t upper_bits(uint64_t w)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return (w + ones * (0x80 - 'A')) & ~(w + ones * (0x7F - 'Z')) & (ones * 0x80);
}

/* Where the first byte stands, from `at` on, that is not ASCII or changes by folding. */
static size_t skip_folded(struct str s, size_t at)
{
	for (; s.n - at >= 8; at += 8) {
		uint64_t w = load_le64(s.p + at);

		if ((w & UINT64_C(0x8080808080808080)) != 0 || upper_bits(w) != 0)
			break;
	}
	while (at < s.n && (unsigned char)s.p[at] < 0x80 && ascii_lower(s.p[at]) == s.p[at])
		at++;
	return at;
}

/* ASCII folded from s[at..to) to out. */
static void fold_ascii(struct str s, size_t at, size_t to, char *out)
{
	for (; to - at >= 8; at += 8, out += 8) {
		uint64_t w;

		memcpy(&w, s.p + at, 8);
		w |= upper_bits(w) >> 2;
		memcpy(out, &w, 8);
	}
	while (at < to)
		*out++ = ascii_lower(s.p[at++]);
}

/* All of `s` folded to out[0..s.n), if it is ASCII; else false, and what was written means nothing. */
static bool fold_plain(struct str s, char *out)
{
	uint64_t any = 0;
	size_t at = 0;

	for (; s.n - at >= 8; at += 8) {
		uint64_t w = load_le64(s.p + at);

		any |= w;
		w |= upper_bits(w) >> 2;
		w = htole64(w);
		memcpy(out + at, &w, 8);
	}
	for (; at < s.n; at++) {
		any |= (unsigned char)s.p[at];
		out[at] = ascii_lower(s.p[at]);
	}
	return (any & UINT64_C(0x8080808080808080)) == 0;
}

/* The length that s has from `at` on when it is folded. */
static size_t fold_measure(struct str s, size_t at, uint32_t (*fold)(uint32_t))
{
	size_t len = 0;

	while (at < s.n) {
		size_t wide = skip_ascii(s, at);
		char out[4];

		len += wide - at;
		at = wide;
		if (at < s.n)
			len += fold_one(s, &at, fold, out);
	}
	return len;
}

/* Where folding first changes something, or s.n. */
static size_t first_change(struct str s, uint32_t (*fold)(uint32_t))
{
	size_t at = skip_folded(s, 0);

	while (at < s.n && (unsigned char)s.p[at] >= 0x80) {
		size_t from = at;
		char out[4];
		size_t n = fold_one(s, &at, fold, out);

		if (n != at - from || memcmp(out, s.p + from, n) != 0)
			return from;
		at = skip_folded(s, at);
	}
	return at;
}

static struct str fold_text(struct arena *a, struct str s, uint32_t (*fold)(uint32_t))
{
	size_t at = first_change(s, fold);

	if (at == s.n)
		return s;
	struct arena keep = *a;
	char *plain = arena_bytes(a, s.n + 4);
	if (plain != NULL && fold_plain(s, plain))
		return (struct str){ plain, s.n };
	*a = keep;
	size_t len = at + fold_measure(s, at, fold);
	char *p = arena_bytes(a, len + 4), out[4];

	if (p == NULL)
		return (struct str){ NULL, 0 };
	memcpy(p, s.p, at);
	for (size_t to = at; at < s.n;) {
		size_t wide = skip_ascii(s, at);

		fold_ascii(s, at, wide, p + to);
		to += wide - at;
		at = wide;
		if (at == s.n)
			break;
		size_t n = fold_one(s, &at, fold, out);
		memcpy(p + to, out, n);
		to += n;
	}
	return (struct str){ p, len };
}

struct str utf8_fold_case(struct arena *a, struct str s)
{
	return fold_text(a, s, utf8_fold_case_cp);
}

struct str utf8_fold_search(struct arena *a, struct str s)
{
	return fold_text(a, s, utf8_fold_search_cp);
}

/* Lower-case vowels of Vietnamese with each tone: grave, acute, tilde, hook, dot. */
static const struct {
	uint16_t base, tone[5];
} vi_tones[] = {
	{ 0x61, { 0xE0, 0xE1, 0xE3, 0x1EA3, 0x1EA1 } },
	{ 0x103, { 0x1EB1, 0x1EAF, 0x1EB5, 0x1EB3, 0x1EB7 } },
	{ 0xE2, { 0x1EA7, 0x1EA5, 0x1EAB, 0x1EA9, 0x1EAD } },
	{ 0x65, { 0xE8, 0xE9, 0x1EBD, 0x1EBB, 0x1EB9 } },
	{ 0xEA, { 0x1EC1, 0x1EBF, 0x1EC5, 0x1EC3, 0x1EC7 } },
	{ 0x69, { 0xEC, 0xED, 0x129, 0x1EC9, 0x1ECB } },
	{ 0x6F, { 0xF2, 0xF3, 0xF5, 0x1ECF, 0x1ECD } },
	{ 0xF4, { 0x1ED3, 0x1ED1, 0x1ED7, 0x1ED5, 0x1ED9 } },
	{ 0x1A1, { 0x1EDD, 0x1EDB, 0x1EE1, 0x1EDF, 0x1EE3 } },
	{ 0x75, { 0xF9, 0xFA, 0x169, 0x1EE7, 0x1EE5 } },
	{ 0x1B0, { 0x1EEB, 0x1EE9, 0x1EEF, 0x1EED, 0x1EF1 } },
	{ 0x79, { 0x1EF3, 0xFD, 0x1EF9, 0x1EF7, 0x1EF5 } },
};

/* ... and with breve, circumflex and horn, also where the dot came first (NFD puts it there). */
static const struct {
	uint16_t base, mark, to;
} vi_hats[] = {
	{ 0x61, 0x306, 0x103 },    { 0x61, 0x302, 0xE2 },     { 0x65, 0x302, 0xEA },
	{ 0x6F, 0x302, 0xF4 },     { 0x6F, 0x31B, 0x1A1 },    { 0x75, 0x31B, 0x1B0 },
	{ 0x1EA1, 0x306, 0x1EB7 }, { 0x1EA1, 0x302, 0x1EAD }, { 0x1EB9, 0x302, 0x1EC7 },
	{ 0x1ECD, 0x302, 0x1ED9 },
};

uint32_t utf8_compose_vi(uint32_t base, uint32_t mark)
{
	static const uint16_t tones[] = { 0x300, 0x301, 0x303, 0x309, 0x323 };

	for (size_t i = 0; i < COUNT(vi_hats); i++)
		if (vi_hats[i].base == base && vi_hats[i].mark == mark)
			return vi_hats[i].to;
	for (size_t t = 0; t < COUNT(tones); t++)
		for (size_t i = 0; mark == tones[t] && i < COUNT(vi_tones); i++)
			if (vi_tones[i].base == base)
				return vi_tones[i].tone[t];
	return 0;
}

static uint32_t unit16(struct str s, size_t at, bool big_endian)
{
	return big_endian ? load_be16(s.p + at) : load_le16(s.p + at);
}

/* The code point at *at of UTF-16 text; moves past it. */
static uint32_t next16(struct str s, size_t *at, bool big_endian)
{
	if (s.n - *at < 2) {
		*at = s.n;
		return REPLACEMENT;
	}
	uint32_t u = unit16(s, *at, big_endian);

	*at += 2;
	if (u < 0xD800 || u >= 0xE000)
		return u;
	if (u >= 0xDC00 || s.n - *at < 2)
		return REPLACEMENT;
	uint32_t low = unit16(s, *at, big_endian);

	if (low < 0xDC00 || low >= 0xE000)
		return REPLACEMENT;
	*at += 2;
	return 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00);
}

/* The low bytes of `n` units of little-endian UTF-16, a constant, so that the compiler makes vectors of the
 * loop; returns all their bits together. */
static inline uint16_t narrow_block(const char *p, size_t n, char *out)
{
	uint16_t unit[16], any = 0;

	memcpy(unit, p, 2 * n);
	for (size_t i = 0; i < n; i++) {
		any |= unit[i];
		out[i] = (char)le16toh(unit[i]);
	}
	return any;
}

/* `n` units to out[0..n) in blocks, of which the last overlaps the one before it. False where one of them is
 * not ASCII: what was written then means nothing. */
static bool narrow16(const char *p, size_t n, char *out)
{
	uint16_t any = 0;

	if (n >= 16) {
		for (size_t at = 0; at < n - 16; at += 16)
			any |= narrow_block(p + 2 * at, 16, out + at);
		any |= narrow_block(p + 2 * (n - 16), 16, out + n - 16);
	} else if (n >= 8) {
		any = narrow_block(p, 8, out) | narrow_block(p + 2 * (n - 8), 8, out + n - 8);
	} else if (n >= 4) {
		any = narrow_block(p, 4, out) | narrow_block(p + 2 * (n - 4), 4, out + n - 4);
	} else {
		for (size_t i = 0; i < n; i++)
			any |= narrow_block(p + 2 * i, 1, out + i);
	}
	return (any & htole16(0xFF80)) == 0;
}

/* Text that is ASCII all through; p NULL where it is not, or where `a` is full. */
static struct str plain_utf16(struct arena *a, struct str s)
{
	struct arena keep = *a;
	size_t n = s.n / 2;
	char *p = s.n % 2 != 0 ? NULL : arena_bytes(a, n + 1);

	if (p == NULL)
		return (struct str){ NULL, 0 };
	if (narrow16(s.p, n, p))
		return (struct str){ p, n };
	*a = keep;
	return (struct str){ NULL, 0 };
}

struct str utf8_from_utf16(struct arena *a, struct str s, bool big_endian)
{
	size_t len = 0, from = 0;
	char out[4];
	struct str plain = { NULL, 0 };

	if (!big_endian)
		plain = plain_utf16(a, s);
	if (plain.p != NULL)
		return plain;

	if (s.n >= 2 && unit16(s, 0, big_endian) == 0xFEFF)
		from = 2;
	for (size_t at = from; at < s.n;)
		len += utf8_put(next16(s, &at, big_endian), out);
	char *p = arena_bytes(a, len + 1);

	if (p == NULL)
		return (struct str){ NULL, 0 };
	for (size_t at = from, to = 0; at < s.n;) {
		size_t n = utf8_put(next16(s, &at, big_endian), out);

		memcpy(p + to, out, n);
		to += n;
	}
	return (struct str){ p, len };
}

enum wide utf16_told(struct str head)
{
	size_t low = 0, high = 0;

	if (str_starts(head, STR("\xff\xfe")))
		return WIDE_LE;
	if (str_starts(head, STR("\xfe\xff")))
		return WIDE_BE;
	for (size_t i = 0; i + 1 < head.n && i < 16; i += 2) {
		low += head.p[i] != '\0' && head.p[i + 1] == '\0';
		high += head.p[i] == '\0' && head.p[i + 1] != '\0';
	}
	return low == 8 ? WIDE_LE : high == 8 ? WIDE_BE : WIDE_NONE;
}

/* Does a character begin at `at` of which the rest may still come? */
static bool half16(struct str s, size_t at, bool big_endian)
{
	if (s.n - at < 2)
		return true;
	uint32_t u = unit16(s, at, big_endian);

	return u >= 0xD800 && u < 0xDC00 && s.n - at < 4;
}

size_t utf16_take(struct str s, enum wide wide, bool last, struct buf *out)
{
	bool big = wide == WIDE_BE;
	size_t at = 0, n = 0;
	/* a unit of two bytes gives three at most, a pair four; an odd byte at the end three */
	char *p = buf_room(out, s.n / 2 * 3 + 3);

	if (p == NULL)
		return 0;
	while (at < s.n && (last || !half16(s, at, big)))
		n += utf8_put(next16(s, &at, big), p + n);
	out->n += n;
	return at;
}

size_t utf16_taken(struct str s)
{
	size_t n = 0;

	/* each character begins with a byte that is no continuation; those of four bytes were pairs */
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		n += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 4 : 2;
	}
	return n;
}

static size_t put16(char *p, uint32_t u, bool big_endian)
{
	p[big_endian ? 1 : 0] = (char)(u & 0xFF);
	p[big_endian ? 0 : 1] = (char)(u >> 8);
	return 2;
}

struct str utf8_to_utf16(struct arena *a, struct str s, bool big_endian)
{
	size_t units = 0;
	uint32_t cp;

	for (size_t at = 0; at < s.n;) {
		at = utf8_next(s, at, &cp);
		units += cp != UTF8_BAD && cp >= 0x10000 ? 2 : 1;
	}
	char *p = arena_bytes(a, 2 * units + 1);

	if (p == NULL)
		return (struct str){ NULL, 0 };
	for (size_t at = 0, to = 0; at < s.n;) {
		at = utf8_next(s, at, &cp);
		if (cp == UTF8_BAD)
			cp = REPLACEMENT;
		if (cp >= 0x10000) {
			to += put16(p + to, 0xD800 + ((cp - 0x10000) >> 10), big_endian);
			cp = 0xDC00 + ((cp - 0x10000) & 0x3FF);
		}
		to += put16(p + to, cp, big_endian);
	}
	return (struct str){ p, 2 * units };
}
