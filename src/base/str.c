/* SPDX-License-Identifier: Apache-2.0 */
/* str.c - views of bytes; nothing here allocates or writes through a view. */
#include "base/str.h"

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
