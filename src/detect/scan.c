/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.c - the predicates, scalar; this is the definition that scan_avx2.c must meet.
 */
#include "detect/scan.h"

#include "detect/scan_int.h"

static char at(struct str t, size_t i)
{
	return i < t.n ? t.p[i] : '\0';
}

static bool is_hex(char c)
{
	char l = ascii_lower(c);

	return ascii_digit(c) || (l >= 'a' && l <= 'f');
}

static bool is_name(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_quad(struct str t, size_t i)
{
	return t.p[i] == '.' && i > 0 && ascii_digit(t.p[i - 1]) && ascii_digit(at(t, i + 1)) &&
	       (at(t, i + 2) == '.' || at(t, i + 3) == '.' || at(t, i + 4) == '.');
}

static bool is_name_dot(struct str t, size_t i)
{
	return t.p[i] == '.' && i > 0 && is_name(t.p[i - 1]) && is_name(at(t, i + 1));
}

static bool is_colon(struct str t, size_t i)
{
	char next = at(t, i + 1);

	if (t.p[i] != ':' || i == 0 || !(is_hex(t.p[i - 1]) || t.p[i - 1] == ':') ||
	    !(is_hex(next) || next == ':'))
		return false;
	return next == ':' || at(t, i + 2) == ':' || at(t, i + 3) == ':' || at(t, i + 4) == ':' ||
	       at(t, i + 5) == ':' || t.p[i - 1] == ':';
}

static bool is_at(struct str t, size_t i)
{
	return t.p[i] == '@' && i > 0 && is_name(t.p[i - 1]) && is_name(at(t, i + 1));
}

static bool is_hex16(struct str t, size_t i)
{
	if (i % 16 != 0 || t.n - i < 16)
		return false;
	for (size_t k = 0; k < 16; k++)
		if (!is_hex(t.p[i + k]))
			return false;
	return true;
}

static bool is_mark(struct str t, size_t i)
{
	char c = t.p[i], next = at(t, i + 1), low = (char)(next | 0x20);

	if (c != '[' && c != '(' && c != '{')
		return false;
	return next == '.' || next == '/' || next == ':' || next == '@' || low == 'd' || low == 'a';
}

static size_t find_all(struct str t, size_t from, size_t to, uint32_t *out,
		       bool (*is)(struct str, size_t))
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		if (is(t, i))
			out[n++] = (uint32_t)(i - from);
	return n;
}

size_t scan_find_quad(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find_all(t, from, to, out, is_quad);
}

size_t scan_find_name(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find_all(t, from, to, out, is_name_dot);
}

size_t scan_find_colon(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find_all(t, from, to, out, is_colon);
}

size_t scan_find_at(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find_all(t, from, to, out, is_at);
}

size_t scan_find_hex(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find_all(t, from, to, out, is_hex16);
}

size_t scan_find_mark(struct str t, size_t from, size_t to, uint32_t *out)
{
	return find_all(t, from, to, out, is_mark);
}

/* Leaves every place to the caller. */
static size_t no_quads(struct str t, size_t from, const uint32_t *place, size_t n,
		       struct quads *out)
{
	size_t i = 0;

	(void)t;
	while (i < n && from + place[i] < out->done)
		i++;
	return i;
}

const struct scan_ops scan_scalar = {
	"scalar",
	{ scan_find_quad, scan_find_name, scan_find_colon, scan_find_at, scan_find_hex,
	  scan_find_mark },
	no_quads,
};

const struct scan_ops *scan_best(void)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
		return &scan_avx2;
#endif
	return &scan_scalar;
}
