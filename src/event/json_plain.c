/* SPDX-License-Identifier: Apache-2.0 */
/* json_plain.c - the inside of strings, many bytes at once; each form stops at the same bytes. */
#include "event/json.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

/* Eight bytes at once: is there a quote, a backslash or a control byte? */
static bool word_is_plain(const char *p)
{
	const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
	uint64_t w, q, e;

	memcpy(&w, p, 8);
	q = w ^ (ones * '"');
	e = w ^ (ones * '\\');
	return ((((q - ones) & ~q) | ((e - ones) & ~e) | ((w - ones * 0x20) & ~w)) & high) == 0;
}

#if defined(__SSE2__)
/* Sixteen bytes: a bit for each that is one of those. */
static unsigned not_plain(const char *p)
{
	const __m128i w = _mm_loadu_si128((const __m128i *)(const void *)p);
	const __m128i low = _mm_set1_epi8(0x1f);
	__m128i hit = _mm_cmpeq_epi8(_mm_min_epu8(w, low), w);

	hit = _mm_or_si128(hit, _mm_cmpeq_epi8(w, _mm_set1_epi8('"')));
	hit = _mm_or_si128(hit, _mm_cmpeq_epi8(w, _mm_set1_epi8('\\')));
	return (unsigned)_mm_movemask_epi8(hit);
}
#endif

size_t json_plain(struct str text, size_t at)
{
	const char *s = text.p;
	size_t n = text.n;

#if defined(__SSE2__)
	for (; at + 16 <= n; at += 16) {
		unsigned hit = not_plain(s + at);

		if (hit != 0)
			return at + (unsigned)__builtin_ctz(hit);
	}
#endif
	while (at + 8 <= n && word_is_plain(s + at))
		at += 8;
	while (at < n && s[at] != '"' && s[at] != '\\' && (unsigned char)s[at] >= 0x20)
		at++;
	return at;
}

size_t json_copy_plain(struct str text, size_t at, char *out)
{
#if defined(__SSE2__)
	for (; at + JSON_SLACK <= text.n; at += JSON_SLACK, out += JSON_SLACK) {
		const __m128i w = _mm_loadu_si128((const __m128i *)(const void *)(text.p + at));
		unsigned hit = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(w, _mm_set1_epi8('\\')));

		_mm_storeu_si128((__m128i *)(void *)out, w);
		if (hit != 0)
			return at + (unsigned)__builtin_ctz(hit);
	}
#endif
	while (at < text.n && text.p[at] != '\\')
		*out++ = text.p[at++];
	return at;
}
