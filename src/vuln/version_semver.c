/* SPDX-License-Identifier: Apache-2.0 */
/* version_semver.c - [v]major[.minor[.patch]][-pre.release][+build], semver.org 2.0.0. */
#include "vuln/version_int.h"

enum { PARTS = 3 };

struct semver {
	struct str part[PARTS];
	struct str pre; /* p == NULL: a release */
};

/* False: no number stands at *at. */
static bool split(struct str v, struct semver *out, size_t *at)
{
	struct semver s = { 0 };
	struct str rest = v;

	if (rest.n > 0 && (rest.p[0] == 'v' || rest.p[0] == 'V'))
		rest = str_skip(rest, 1);
	for (size_t i = 0; i < PARTS; i++) {
		s.part[i] = take_digits(&rest);
		if (s.part[i].n == 0) {
			*at = v.n - rest.n;
			return false;
		}
		if (rest.n == 0 || rest.p[0] != '.' || i + 1 == PARTS)
			break;
		rest = str_skip(rest, 1);
	}
	if (rest.n > 0 && rest.p[0] == '-') {
		s.pre = str_skip(rest, 1);
		s.pre.n = str_find_char(s.pre, '+');
		rest = str_skip(rest, 1 + s.pre.n);
	}
	if (rest.n > 0 && rest.p[0] != '+' && rest.p[0] != '.') {
		*at = v.n - rest.n;
		return false;
	}
	*out = s;
	return true;
}

bool semver_version_check(struct str v, struct err *why)
{
	struct semver s;
	size_t at = 0;

	if (!split(v, &s, &at))
		return err_set(why, ERR_INPUT, at, "'%.*s' is no semantic version", STR_ARG(v));
	return true;
}

/* Section 11.4: numbers before words, more fields after fewer. */
static int field_compare(struct str a, struct str b)
{
	struct str x = a, y = b;
	struct str m = take_digits(&x), n = take_digits(&y);
	bool number_a = m.n > 0 && x.n == 0, number_b = n.n > 0 && y.n == 0;

	if (number_a != number_b)
		return number_a ? -1 : 1;
	return number_a ? digits_compare(m, n) : str_cmp(a, b);
}

static int pre_compare(struct str a, struct str b)
{
	struct str x, y;

	if (a.p == NULL || b.p == NULL)
		return (a.p == NULL) - (b.p == NULL);
	for (;;) {
		bool more_a = str_split(&a, '.', &x), more_b = str_split(&b, '.', &y);

		if (!more_a || !more_b)
			return more_a - more_b;
		int diff = field_compare(x, y);
		if (diff != 0)
			return diff;
	}
}

int semver_version_compare(struct str a, struct str b)
{
	struct semver x, y;
	size_t at;
	bool good_a = split(a, &x, &at), good_b = split(b, &y, &at);

	if (!good_a || !good_b)
		return good_a != good_b ? good_a - good_b : str_cmp(a, b);
	for (size_t i = 0; i < PARTS; i++) {
		int diff = digits_compare(x.part[i], y.part[i]);

		if (diff != 0)
			return diff;
	}
	return pre_compare(x.pre, y.pre);
}
