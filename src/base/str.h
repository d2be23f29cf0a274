/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str.h - a view of bytes: pointer and length, never NUL-terminated, never owned.
 *
 * Whoever hands out a `struct str` says in his header what it points into and how long that lives.
 * Pure functions, safe from any thread. Case folding here is ASCII only; base/utf8.h knows Unicode.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(*(a)))
#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define UNUSED __attribute__((unused))

struct str {
	const char *p;
	size_t n;
};

/* A view of a string literal (embedded NULs count), and the two arguments of "%.*s". */
#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_ARG(s) (int)((s).n > 4096 ? 4096 : (s).n), (s).p

bool str_eq_nocase(struct str a, struct str b);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends_nocase(struct str s, struct str suffix);
/* memcmp order, the shorter first where one is the beginning of the other. */
int str_cmp(struct str a, struct str b);

/* Where `needle` begins in `s`, or s.n when it does not; the empty needle is at 0. */
size_t str_find(struct str s, struct str needle);

/* Take the part of *rest before `sep`; *rest becomes what follows it. False when *rest has ended
 * (p == NULL), so that "a," yields "a" and "". */
bool str_split(struct str *rest, char sep, struct str *out);
/* Take the next line without its LF or CRLF; false at the end. */
bool str_line(struct str *rest, struct str *out);

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}
static inline bool ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}
static inline bool ascii_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool ascii_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The small ones stand here: they are on the way of every byte that is read. */

/* A view of a NUL-terminated string; NULL gives the empty view. */
static inline struct str str_of(const char *z)
{
	return (struct str){ z, z == NULL ? 0 : strlen(z) };
}
static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
/* Views into `s`: from `from` up to (not including) `to`; both are cut to s.n. */
static inline struct str str_sub(struct str s, size_t from, size_t to)
{
	assert(s.p != NULL || s.n == 0);
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return s.p == NULL ? s : (struct str){ s.p + from, to - from };
}
static inline struct str str_skip(struct str s, size_t n)
{
	return str_sub(s, n, s.n);
}
static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}
static inline bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       (suffix.n == 0 || memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}
/* Where `c` stands first, or s.n. */
static inline size_t str_find_char(struct str s, char c)
{
	const char *hit = s.n == 0 ? NULL : (const char *)memchr(s.p, c, s.n);

	return hit == NULL ? s.n : (size_t)(hit - s.p);
}
/* Without ASCII blanks, tabs, CR and LF at both ends. */
static inline struct str str_trim(struct str s)
{
	while (s.n > 0 && ascii_space(s.p[0]))
		s = str_skip(s, 1);
	while (s.n > 0 && ascii_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

#endif
