/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan_avx2.c - the predicates of scan.c over 64 bytes at a time.
 *
 * Invariant: a block is looked at this way only where one byte before it and BEHIND bytes behind it
 * are readable; everything else goes to the scalar finders.
 */
#if defined(__x86_64__)
#include "detect/scan_int.h"

#include "base/num.h"

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi")))
#define INLINE static inline __attribute__((always_inline)) AVX2

enum { BLOCK = 64, BEHIND = 8 };

INLINE __m256i load(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

INLINE __m256i is(__m256i v, char c)
{
	return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c));
}

INLINE __m256i or (__m256i a, __m256i b)
{
	return _mm256_or_si256(a, b);
}

INLINE __m256i and (__m256i a, __m256i b)
{
	return _mm256_and_si256(a, b);
}

/* lo <= c <= lo + span, for ASCII bounds; bytes above ASCII are outside. */
INLINE __m256i in_span(__m256i v, char lo, char span)
{
	__m256i off = _mm256_sub_epi8(v, _mm256_set1_epi8(lo));

	return _mm256_cmpeq_epi8(_mm256_min_epu8(off, _mm256_set1_epi8(span)), off);
}

INLINE __m256i lower(__m256i v)
{
	return or (v, _mm256_set1_epi8(0x20));
}

INLINE __m256i digit(__m256i v)
{
	return in_span(v, '0', 9);
}

INLINE __m256i hex(__m256i v)
{
	return or (digit(v), in_span(lower(v), 'a', 5));
}

/* A byte above ASCII is negative, so it is below zero. */
INLINE __m256i name(__m256i v)
{
	__m256i word = or (digit(v), in_span(lower(v), 'a', 25));

	return or (or (word, or (is(v, '-'), is(v, '_'))),
		   _mm256_cmpgt_epi8(_mm256_setzero_si256(), v));
}

INLINE uint32_t bits(__m256i v)
{
	return (uint32_t)_mm256_movemask_epi8(v);
}

INLINE uint32_t quad32(const char *p)
{
	__m256i dot = is(load(p), '.');

	if (bits(dot) == 0)
		return 0;
	__m256i more = or (or (is(load(p + 2), '.'), is(load(p + 3), '.')), is(load(p + 4), '.'));

	return bits(and(and(dot, more), and(digit(load(p - 1)), digit(load(p + 1)))));
}

INLINE uint32_t name32(const char *p)
{
	__m256i dot = is(load(p), '.');

	if (bits(dot) == 0)
		return 0;
	return bits(and(dot, and(name(load(p - 1)), name(load(p + 1)))));
}

INLINE uint32_t colon32(const char *p)
{
	__m256i colon = is(load(p), ':'), before, next, near;

	if (bits(colon) == 0)
		return 0;
	before = load(p - 1);
	next = load(p + 1);
	near = or (or (is(next, ':'), is(load(p + 2), ':')),
		   or (is(load(p + 3), ':'), is(load(p + 4), ':')));
	near = or (near, or (is(load(p + 5), ':'), is(before, ':')));
	return bits(and(and(colon, near),
			and(or (hex(before), is(before, ':')), or (hex(next), is(next, ':')))));
}

INLINE uint32_t at32(const char *p)
{
	__m256i hit = is(load(p), '@');

	if (bits(hit) == 0)
		return 0;
	return bits(and(hit, and(name(load(p - 1)), name(load(p + 1)))));
}

INLINE uint32_t hex32(const char *p)
{
	uint32_t m = bits(hex(load(p)));

	return ((m & 0xffff) == 0xffff ? 1u : 0) | (m >> 16 == 0xffff ? 0x10000u : 0);
}

INLINE uint32_t mark32(const char *p)
{
	__m256i v = load(p), open = or (is(v, '('), is(lower(v), '{'));
	__m256i next, low, begin;

	if (bits(open) == 0)
		return 0;
	next = load(p + 1);
	low = lower(next);
	begin = or (or (is(next, '.'), is(next, '/')), or (is(next, ':'), is(next, '@')));
	return bits(and(open, or (begin, or (is(low, 'd'), is(low, 'a')))));
}

/* Blocks with room on both sides by `mask32`, the ends by `scalar`. */
INLINE size_t find(struct str t, size_t from, size_t to, uint32_t *out,
		   uint32_t (*mask32)(const char *), scan_fn *scalar)
{
	size_t n = 0, i = from;

	if (i == 0 && to > 0) {
		size_t end = to < BLOCK ? to : BLOCK;

		n = scalar(t, 0, end, out);
		i = end;
	}
	for (; i + BLOCK <= to && t.n - i >= BLOCK + BEHIND; i += BLOCK) {
		uint64_t m = mask32(t.p + i) | (uint64_t)mask32(t.p + i + 32) << 32;

		for (; m != 0; m &= m - 1)
			out[n++] = (uint32_t)(i - from + (size_t)__builtin_ctzll(m));
	}
	if (i < to) {
		size_t more = scalar(t, i, to, out + n);

		for (size_t k = n; k < n + more; k++)
			out[k] += (uint32_t)(i - from);
		n += more;
	}
	return n;
}

AVX2 static size_t find_quad(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find(t, from, to, out, quad32, scan_find_quad);
}

AVX2 static size_t find_name(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find(t, from, to, out, name32, scan_find_name);
}

AVX2 static size_t find_colon(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find(t, from, to, out, colon32, scan_find_colon);
}

AVX2 static size_t find_at(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find(t, from, to, out, at32, scan_find_at);
}

AVX2 static size_t find_hex(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find(t, from, to, out, hex32, scan_find_hex);
}

AVX2 static size_t find_mark(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find(t, from, to, out, mark32, scan_find_mark);
}

/* The octet whose digits end in front of p; *bad grows when it is none. */
INLINE uint32_t octet(const char *p, uint32_t len, uint32_t *bad)
{
	static const uint32_t keep[4] = { 0, 0xff000000, 0xffff0000, 0xffffff00 };
	static const uint32_t least[4] = { 0, 0, 10, 100 };
	uint32_t w = load_le32(p - 4) & keep[len & 3] & 0x0f0f0f0f;
	uint32_t v = (w >> 24) + 10 * (w >> 16 & 15) + 100 * (w >> 8 & 15);

	*bad |= (uint32_t)(len - 1 > 2) | (uint32_t)(v > 255) | (uint32_t)(v < least[len & 3]);
	return v;
}

INLINE bool run_char(char c)
{
	char l = (char)(c | 0x20);

	return c == '.' || c == ':' || (c >= '0' && c <= '9') || (l >= 'a' && l <= 'f');
}

enum verdict { NONE, FOUND, ASK };

/*
 * The quad around its first dot: 16 bytes from its first digit are classed at once. ASK where
 * the run goes on in a way that only the whole run can decide.
 */
INLINE enum verdict quad(struct str t, size_t dot, struct quad *out, size_t *end)
{
	const char *p = t.p + dot;
	uint32_t bad = 0, k;

	if (dot < 8 || t.n - dot < 32)
		return ASK;
	k = ascii_digit(p[-2]) ? ascii_digit(p[-3]) ? 3 : 2 : 1;
	p -= k;
	if (run_char(p[-1]))
		return ASK;
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i off = _mm_sub_epi8(v, _mm_set1_epi8('.'));
	/* '.' to '9' but for the slash between */
	uint32_t slash = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('/')));
	uint32_t in = (uint32_t)_mm_movemask_epi8(
		_mm_cmpeq_epi8(_mm_min_epu8(off, _mm_set1_epi8('9' - '.')), off));
	uint32_t len = (uint32_t)__builtin_ctz((~in | slash) | 0x10000);
	uint32_t dots = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('.'))) &
			((1u << len) - 1);
	uint32_t d1, d2, d3;

	if (len == 16 || __builtin_popcount(dots) > 3)
		return ASK;
	if (__builtin_popcount(dots) < 3)
		return run_char(p[len]) ? ASK : NONE;
	d1 = (uint32_t)__builtin_ctz(dots);
	dots &= dots - 1;
	d2 = (uint32_t)__builtin_ctz(dots);
	dots &= dots - 1;
	d3 = (uint32_t)__builtin_ctz(dots);
	uint32_t a = octet(p + d1, d1, &bad), b = octet(p + d2, d2 - d1 - 1, &bad);
	uint32_t c = octet(p + d3, d3 - d2 - 1, &bad), d = octet(p + len, len - d3 - 1, &bad);

	/* A colon behind may lead a port: what stands in front of it counts by itself. */
	if (run_char(p[len]) && p[len] != ':')
		return ASK;
	out->addr = a << 24 | b << 16 | c << 8 | d;
	out->at = (int32_t)k;
	*end = dot - k + len;
	return bad == 0 ? FOUND : NONE;
}

AVX2 static size_t quads(struct str t, size_t from, const uint32_t *place, size_t n,
			 struct quads *out)
{
	size_t done = out->done, i = 0, end;

	for (; i < n; i++) {
		struct quad *q = &out->quad[out->n];
		size_t dot = from + place[i];
		enum verdict v;

		if (dot < done)
			continue;
		v = quad(t, dot, q, &end);
		if (v == ASK)
			break;
		if (v == NONE)
			continue;
		q->at = (int32_t)place[i] - q->at;
		q->end = (uint32_t)(end - from);
		done = end;
		out->n++;
	}
	out->done = done;
	return i;
}

const struct scan_ops scan_avx2 = {
	"avx2",
	{ find_quad, find_name, find_colon, find_at, find_hex, find_mark },
	quads,
};
#endif
