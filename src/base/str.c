/* SPDX-License-Identifier: Apache-2.0 */
/* str.c - views of bytes; nothing here allocates or writes through a view. */
#include "base/str.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

enum { BLOCK = 16, TRIES = 64 };

static bool same_nocase(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

bool str_eq_nocase(struct str a, struct str b)
{
	return a.n == b.n && same_nocase(a.p, b.p, a.n);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
	return s.n >= prefix.n && same_nocase(s.p, prefix.p, prefix.n);
}

bool str_ends_nocase(struct str s, struct str suffix)
{
	return s.n >= suffix.n && same_nocase(s.p + (s.n - suffix.n), suffix.p, suffix.n);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (c != 0)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

/* From `from` on, in a time that grows with the bytes alone, whatever they are. */
static size_t find_sure(struct str s, struct str needle, size_t from)
{
	const char *hit = memmem(s.p + from, s.n - from, needle.p, needle.n);

	return hit == NULL ? s.n : (size_t)(hit - s.p);
}

#if defined(__SSE2__)
/* Of the BLOCK places from `at` on a bit each: does the needle's first byte stand there, and its last one
 * where it would? */
static unsigned both_ends(struct str s, struct str needle, size_t at)
{
	__m128i head = _mm_loadu_si128((const __m128i *)(const void *)(s.p + at));
	__m128i tail = _mm_loadu_si128((const __m128i *)(const void *)(s.p + at + needle.n - 1));

	head = _mm_cmpeq_epi8(head, _mm_set1_epi8(needle.p[0]));
	tail = _mm_cmpeq_epi8(tail, _mm_set1_epi8(needle.p[needle.n - 1]));
	return (unsigned)_mm_movemask_epi8(_mm_and_si128(head, tail));
}

/* There are BLOCK places at least where it may begin. A text that is made to match nearly everywhere is
 * left to find_sure(). */
static size_t find_blocks(struct str s, struct str needle)
{
	size_t places = s.n - needle.n + 1;
	unsigned tries = TRIES;

	for (size_t at = 0; at < places; at += BLOCK) {
		/* the last block begins among places that were looked at before */
		size_t from = at + BLOCK <= places ? at : places - BLOCK;

		for (unsigned m = both_ends(s, needle, from); m != 0; m &= m - 1) {
			size_t i = from + (unsigned)__builtin_ctz(m);

			if (memcmp(s.p + i, needle.p, needle.n) == 0)
				return i;
			if (--tries == 0)
				return find_sure(s, needle, i + 1);
		}
	}
	return s.n;
}
#else
static size_t find_blocks(struct str s, struct str needle)
{
	return find_sure(s, needle, 0);
}
#endif

size_t str_find(struct str s, struct str needle)
{
	if (needle.n == 0)
		return 0;
	if (needle.n > s.n)
		return s.n;
	if (s.n - needle.n + 1 >= BLOCK)
		return find_blocks(s, needle);
	for (size_t i = 0; i <= s.n - needle.n; i++)
		if (s.p[i] == needle.p[0] && memcmp(s.p + i, needle.p, needle.n) == 0)
			return i;
	return s.n;
}

bool str_split(struct str *rest, char sep, struct str *out)
{
	size_t at;

	if (rest->p == NULL)
		return false;
	at = str_find_char(*rest, sep);
	*out = str_sub(*rest, 0, at);
	*rest = at == rest->n ? (struct str){ NULL, 0 } : str_skip(*rest, at + 1);
	return true;
}

bool str_line(struct str *rest, struct str *out)
{
	size_t at;

	if (rest->n == 0)
		return false;
	at = str_find_char(*rest, '\n');
	*out = str_sub(*rest, 0, at);
	*rest = str_skip(*rest, at + 1);
	if (out->n > 0 && out->p[out->n - 1] == '\r')
		out->n--;
	return true;
}
