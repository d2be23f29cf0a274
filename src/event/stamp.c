/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stamp.c - small takers (digits, fraction, zone) put together to the forms of stamp.h.
 *
 * Invariant: `at` of a cursor never passes s.n; a civil time is checked before it is used.
 */
#include "event/stamp.h"

#include "base/num.h"

struct cursor {
	struct str s;
	size_t at;
};

static char peek(const struct cursor *c)
{
	return c->at < c->s.n ? c->s.p[c->at] : '\0';
}

static bool take(struct cursor *c, char want)
{
	if (c->at == c->s.n || c->s.p[c->at] != want)
		return false;
	c->at++;
	return true;
}

/* Between `min` and `max` digits. */
static bool take_digits(struct cursor *c, size_t min, size_t max, int *out)
{
	size_t from = c->at;
	int v = 0;

	while (c->at < c->s.n && c->at - from < max && ascii_digit(c->s.p[c->at]))
		v = v * 10 + (c->s.p[c->at++] - '0');
	if (c->at - from < min)
		return false;
	*out = v;
	return true;
}

static void take_blanks(struct cursor *c)
{
	while (peek(c) == ' ')
		c->at++;
}

/* ".123456789" or ",123": microseconds; a sign without digits behind is not part of the time. */
static void take_fraction(struct cursor *c, struct civil *t)
{
	int scale = 100000;

	if (c->at + 1 >= c->s.n || (peek(c) != '.' && peek(c) != ',') ||
	    !ascii_digit(c->s.p[c->at + 1]))
		return;
	for (c->at++; ascii_digit(peek(c)); c->at++, scale /= 10)
		t->usec += (peek(c) - '0') * scale;
}

/* "hh:mm:ss[.frac]". */
static bool take_clock(struct cursor *c, struct civil *t)
{
	if (!take_digits(c, 1, 2, &t->hour) || !take(c, ':') || !take_digits(c, 2, 2, &t->minute) ||
	    !take(c, ':') || !take_digits(c, 2, 2, &t->second) || ascii_digit(peek(c)))
		return false;
	take_fraction(c, t);
	if (t->second == 60) {
		t->second = 59;
		t->usec = 999999;
	}
	return true;
}

static bool take_month(struct cursor *c, int *out)
{
	int m = month_of(str_sub(c->s, c->at, c->at + 3));

	if (m == 0)
		return false;
	*out = m;
	c->at += 3;
	return true;
}

/* "Z", "UTC", "GMT", "+07:00", "+0700", a blank before it allowed: seconds east. */
static bool take_zone(struct cursor *c, int *east)
{
	struct cursor z = *c;
	int h, m = 0;

	if (peek(&z) == ' ')
		z.at++;
	struct str rest = str_skip(z.s, z.at);
	if (str_starts(rest, STR("UTC")) || str_starts(rest, STR("GMT"))) {
		z.at += 3;
		*east = 0;
	} else if (z.at == c->at && (peek(&z) == 'Z' || peek(&z) == 'z')) {
		z.at++;
		*east = 0;
	} else if (peek(&z) == '+' || peek(&z) == '-') {
		int sign = peek(&z) == '-' ? -1 : 1;

		z.at++;
		if (!take_digits(&z, 2, 2, &h))
			return false;
		if (take(&z, ':') || ascii_digit(peek(&z))) {
			if (!take_digits(&z, 2, 2, &m))
				return false;
		}
		if (h > 14 || m > 59)
			return false;
		*east = sign * (h * 3600 + m * 60);
	} else {
		return false;
	}
	if (ascii_alpha(peek(&z)) || ascii_digit(peek(&z)))
		return false;
	*c = z;
	return true;
}

static int64_t with_zone(struct cursor *c, const struct civil *t, const struct stamp_at *at)
{
	int east;

	if (take_zone(c, &east))
		return time_from_civil(t) - east * TIME_SECOND;
	return zone_to_utc(at->zone, t);
}

/* The latest year in which `t` exists and is not more than a day after now. */
static bool guess_year(struct cursor *c, struct civil *t, const struct stamp_at *at, int64_t *out)
{
	/* no zone is more than 14 hours ahead */
	int year = civil_from_time(at->now + TIME_DAY + 14 * TIME_HOUR).year, east = 0;
	bool told = take_zone(c, &east);

	for (int i = 0; i < 10; i++, year--) {
		t->year = year;
		if (!civil_valid(t))
			continue;
		int64_t v = told ? time_from_civil(t) - east * TIME_SECOND
				 : zone_to_utc(at->zone, t);
		if (v > at->now + TIME_DAY)
			continue;
		*out = v;
		return true;
	}
	return false;
}

static void skip_weekday(struct cursor *c)
{
	static const char days[] = "SunMonTueWedThuFriSat";

	for (size_t i = 0; i < 7; i++) {
		if (c->s.n - c->at < 3 || memcmp(c->s.p + c->at, days + 3 * i, 3) != 0)
			continue;
		if (c->at + 3 == c->s.n)
			return;
		size_t after = c->at + 3 + (c->s.p[c->at + 3] == ',');
		if (after < c->s.n && c->s.p[after] == ' ') {
			c->at = after;
			take_blanks(c);
		}
		return;
	}
}

/* " yyyy" that is followed by no digit or colon. */
static bool take_year(struct cursor *c, int *out)
{
	struct cursor y = *c;

	if (!take(&y, ' ') || !take_digits(&y, 4, 4, out) || ascii_digit(peek(&y)) ||
	    peek(&y) == ':' || peek(&y) == '-' || peek(&y) == '.' || *out < 1970 || *out > 2200)
		return false;
	*c = y;
	return true;
}

static size_t stamp_bsd(struct str s, const struct stamp_at *at, int64_t *out)
{
	struct cursor c = { s, 0 };
	struct civil t = { 0 };
	int64_t v;
	bool year;

	skip_weekday(&c);
	/* "2018 Apr 09 16:03:37", as Wazuh keeps what it received. */
	year = take_digits(&c, 4, 4, &t.year) && take(&c, ' ');
	if (!take_month(&c, &t.month) || !take(&c, ' '))
		return 0;
	take_blanks(&c);
	if (!take_digits(&c, 1, 2, &t.day))
		return 0;
	take(&c, ',');
	year = year || take_year(&c, &t.year);
	if (!take(&c, ' '))
		return 0;
	take_blanks(&c);
	if (!take_clock(&c, &t))
		return 0;
	year = year || take_year(&c, &t.year);
	if (year) {
		if (!civil_valid(&t))
			return 0;
		v = with_zone(&c, &t, at);
	} else if (!guess_year(&c, &t, at, &v)) {
		return 0;
	}
	*out = v;
	return c.at;
}

size_t stamp_iso(struct str s, const struct stamp_at *at, int64_t *out)
{
	struct cursor c = { s, 0 };
	struct civil t = { 0 };
	char sep;

	if (!take_digits(&c, 4, 4, &t.year))
		return 0;
	sep = peek(&c);
	if ((sep != '-' && sep != '/' && sep != ':') || !take(&c, sep) ||
	    !take_digits(&c, 1, 2, &t.month) || !take(&c, sep) || !take_digits(&c, 1, 2, &t.day))
		return 0;
	if (peek(&c) == '\0' || strchr("Tt -:/", peek(&c)) == NULL)
		return 0;
	c.at++;
	take_blanks(&c);
	if (!take_clock(&c, &t) || !civil_valid(&t))
		return 0;
	*out = with_zone(&c, &t, at);
	return c.at;
}

static size_t stamp_clf(struct str s, const struct stamp_at *at, int64_t *out)
{
	struct cursor c = { s, 0 };
	struct civil t = { 0 };
	char sep;

	if (!take_digits(&c, 1, 2, &t.day))
		return 0;
	sep = peek(&c);
	if ((sep != '/' && sep != '-' && sep != ' ') || !take(&c, sep) ||
	    !take_month(&c, &t.month) || !take(&c, sep) || !take_digits(&c, 4, 4, &t.year) ||
	    (!take(&c, ':') && !take(&c, ' ')) || !take_clock(&c, &t) || !civil_valid(&t))
		return 0;
	*out = with_zone(&c, &t, at);
	return c.at;
}

size_t stamp_any(struct str s, const struct stamp_at *at, int64_t *out)
{
	size_t n;

	if (s.n == 0)
		return 0;
	if (ascii_alpha(s.p[0]) || (s.n > 5 && s.p[4] == ' ' && ascii_alpha(s.p[5])))
		return stamp_bsd(s, at, out);
	n = stamp_iso(s, at, out);
	return n > 0 ? n : stamp_clf(s, at, out);
}

bool stamp_epoch(struct str s, int64_t *out)
{
	struct str whole = str_sub(s, 0, str_find_char(s, '.'));
	struct cursor frac = { s, whole.n };
	struct civil t = { 0 };
	uint64_t v;

	/* 1973 to 2200 in each unit; no two of these intervals meet. */
	if (!num_parse(whole, 100000000, INT64_MAX, &v))
		return false;
	take_fraction(&frac, &t);
	if (frac.at != s.n)
		return false;
	if (v < UINT64_C(7300000000))
		*out = (int64_t)v * TIME_SECOND + t.usec;
	else if (v < UINT64_C(7300000000000))
		*out = (int64_t)v * 1000;
	else if (v < UINT64_C(7300000000000000))
		*out = (int64_t)v;
	else
		*out = (int64_t)(v / 1000);
	return true;
}

bool stamp_whole(struct str s, const struct stamp_at *at, int64_t *out)
{
	int64_t t;

	if (stamp_any(s, at, &t) != s.n || s.n == 0) {
		if (!stamp_epoch(s, &t))
			return false;
	}
	*out = t;
	return true;
}
