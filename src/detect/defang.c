/* SPDX-License-Identifier: Apache-2.0 */
/*
 * defang.c - a table of what stands between the brackets.
 *
 * Invariant: what a mark means is shorter than the mark, so the copy is never longer.
 */
#include "detect/defang.h"

static const struct {
	struct str inner, means;
} marks[] = {
	{ STR("."), STR(".") },  { STR(":"), STR(":") },     { STR("@"), STR("@") },
	{ STR("/"), STR("/") },  { STR("//"), STR("//") },   { STR("dot"), STR(".") },
	{ STR("at"), STR("@") }, { STR("://"), STR("://") },
};

static char closing(char open)
{
	switch (open) {
	case '[':
		return ']';
	case '(':
		return ')';
	case '{':
		return '}';
	default:
		return '\0';
	}
}

size_t defang_mark(struct str s, size_t at, struct str *out)
{
	char close = closing(s.p[at]);
	struct str rest = str_skip(s, at + 1);

	if (close == '\0')
		return 0;
	for (size_t i = 0; i < COUNT(marks); i++) {
		size_t n = marks[i].inner.n;

		if (rest.n > n && rest.p[n] == close && str_starts_nocase(rest, marks[i].inner)) {
			*out = marks[i].means;
			return n + 2;
		}
	}
	return 0;
}

/* Where the first mark stands, or s.n. */
static size_t first_mark(struct str s)
{
	struct str means;

	for (size_t i = 0; i < s.n; i++)
		if (closing(s.p[i]) != '\0' && defang_mark(s, i, &means) > 0)
			return i;
	return s.n;
}

struct str defang_undo(struct arena *a, struct str s)
{
	size_t at = first_mark(s), to = at;
	char *p;

	if (at == s.n)
		return s;
	p = arena_bytes(a, s.n);
	if (p == NULL)
		return (struct str){ NULL, 0 };
	memcpy(p, s.p, at);
	while (at < s.n) {
		struct str means;
		size_t n = defang_mark(s, at, &means);

		if (n == 0) {
			p[to++] = s.p[at++];
			continue;
		}
		memcpy(p + to, means.p, means.n);
		to += means.n;
		at += n;
	}
	return (struct str){ p, to };
}
