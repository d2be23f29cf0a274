/* SPDX-License-Identifier: Apache-2.0 */
/* str.c - views of bytes; nothing here allocates or writes through a view. */
#include "base/str.h"

#include <assert.h>

struct str str_of(const char *z)
{
	return (struct str){ z, z == NULL ? 0 : strlen(z) };
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

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

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_starts_nocase(struct str s, struct str prefix)
{
	return s.n >= prefix.n && same_nocase(s.p, prefix.p, prefix.n);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_skip(s, s.n - suffix.n), suffix);
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

size_t str_find(struct str s, struct str needle)
{
	const char *hit;

	if (needle.n == 0)
		return 0;
	if (needle.n > s.n)
		return s.n;
	hit = memmem(s.p, s.n, needle.p, needle.n);
	return hit == NULL ? s.n : (size_t)(hit - s.p);
}

size_t str_find_char(struct str s, char c)
{
	const char *hit = s.n == 0 ? NULL : memchr(s.p, c, s.n);

	return hit == NULL ? s.n : (size_t)(hit - s.p);
}

struct str str_sub(struct str s, size_t from, size_t to)
{
	assert(s.p != NULL || s.n == 0);
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){ s.p == NULL ? NULL : s.p + from, to - from };
}

struct str str_skip(struct str s, size_t n)
{
	return str_sub(s, n, s.n);
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && ascii_space(s.p[0]))
		s = str_skip(s, 1);
	while (s.n > 0 && ascii_space(s.p[s.n - 1]))
		s.n--;
	return s;
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
