/* SPDX-License-Identifier: Apache-2.0 */
/* num.c - invariant: no accumulation before the overflow check. */
#include "base/num.h"

#include <math.h>
#include <stdlib.h>

bool num_parse(struct str s, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_digit(s.p[i]) || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

static int hex_value(char c)
{
	if (ascii_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool num_parse_hex(struct str s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0 || s.n > 16)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		int d = hex_value(s.p[i]);

		if (d < 0)
			return false;
		v = v << 4 | (uint64_t)d;
	}
	if (v > max)
		return false;
	*out = v;
	return true;
}

bool num_parse_i64(struct str s, int64_t min, int64_t max, int64_t *out)
{
	bool neg = s.n > 0 && s.p[0] == '-';
	uint64_t v;
	int64_t r;

	if (!num_parse(str_skip(s, neg), 0, neg ? (uint64_t)INT64_MAX + 1 : INT64_MAX, &v))
		return false;
	r = neg ? (int64_t)(0 - v) : (int64_t)v;
	if (r < min || r > max)
		return false;
	*out = r;
	return true;
}

/* -?digits[.digits][(e|E)[+-]digits] and nothing else, so that strtod sees only that. */
static bool is_number(struct str s)
{
	size_t i = s.n > 0 && s.p[0] == '-', from = i;

	while (i < s.n && ascii_digit(s.p[i]))
		i++;
	if (i == from)
		return false;
	if (i < s.n && s.p[i] == '.') {
		from = ++i;
		while (i < s.n && ascii_digit(s.p[i]))
			i++;
		if (i == from)
			return false;
	}
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		if (i < s.n && (s.p[i] == '+' || s.p[i] == '-'))
			i++;
		from = i;
		while (i < s.n && ascii_digit(s.p[i]))
			i++;
		if (i == from)
			return false;
	}
	return i == s.n;
}

bool num_parse_double(struct str s, double *out)
{
	char tmp[64];
	double v;

	/* The program never calls setlocale(LC_NUMERIC), so strtod reads a point. */
	if (s.n >= sizeof tmp || !is_number(s))
		return false;
	memcpy(tmp, s.p, s.n);
	tmp[s.n] = '\0';
	v = strtod(tmp, NULL);
	if (!isfinite(v))
		return false;
	*out = v;
	return true;
}
