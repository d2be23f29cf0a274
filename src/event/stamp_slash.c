/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stamp_slash.c - dates in figures, as consoles and spreadsheets export them.
 *
 * Invariant: `at` of a cursor never passes s.n; a civil time is checked before it is used.
 */
#include "event/stamp.h"

struct figures {
	int v[3];
	size_t len[3]; /* digits */
};

struct parts {
	struct figures date;
	int hour, minute, second, usec;
	bool pm, am, english;
};

static bool number(struct str s, size_t *at, size_t max, int *out, size_t *len)
{
	size_t from = *at;
	int v = 0;

	while (*at < s.n && *at - from < max && ascii_digit(s.p[*at]))
		v = v * 10 + (s.p[(*at)++] - '0');
	*out = v;
	if (len != NULL)
		*len = *at - from;
	return *at > from;
}

static bool take_date(struct str s, size_t *at, struct figures *d)
{
	char sep = '\0';

	for (size_t i = 0; i < 3; i++) {
		if (i > 0 && (*at >= s.n || s.p[*at] != sep))
			return false;
		*at += i > 0;
		if (!number(s, at, 4, &d->v[i], &d->len[i]))
			return false;
		if (i > 0)
			continue;
		sep = *at < s.n ? s.p[*at] : '\0';
		if (sep != '/' && sep != '-' && sep != '.')
			return false;
	}
	return true;
}

static void take_fraction(struct str s, size_t *at, int *usec)
{
	int scale = 100000;

	if (*at + 1 >= s.n || (s.p[*at] != '.' && s.p[*at] != ',') || !ascii_digit(s.p[*at + 1]))
		return;
	for (++*at; *at < s.n && ascii_digit(s.p[*at]); ++*at, scale /= 10)
		*usec += (s.p[*at] - '0') * scale;
}

/* "AM", "p.m.", "SA" (sáng), "CH" (chiều). */
static void take_half(struct str s, size_t *at, struct parts *p)
{
	static const struct {
		struct str word;
		bool pm, english;
	} halves[] = {
		{ STR("AM"), false, true },   { STR("PM"), true, true },
		{ STR("a.m."), false, true }, { STR("p.m."), true, true },
		{ STR("SA"), false, false },  { STR("CH"), true, false },
	};
	size_t i = *at;

	/* some systems put a narrow no-break space before it */
	if (str_starts(str_skip(s, i), STR("\xe2\x80\xaf")))
		i += 3;
	while (i < s.n && s.p[i] == ' ')
		i++;
	for (size_t k = 0; k < COUNT(halves); k++) {
		if (!str_starts_nocase(str_skip(s, i), halves[k].word))
			continue;
		p->pm = halves[k].pm;
		p->am = !halves[k].pm;
		p->english = halves[k].english;
		*at = i + halves[k].word.n;
		return;
	}
}

static bool take_clock(struct str s, size_t *at, struct parts *p)
{
	size_t len;

	if (!number(s, at, 2, &p->hour, NULL) || *at >= s.n || s.p[*at] != ':')
		return false;
	++*at;
	if (!number(s, at, 2, &p->minute, &len) || len != 2)
		return false;
	if (*at < s.n && s.p[*at] == ':') {
		++*at;
		if (!number(s, at, 2, &p->second, &len) || len != 2)
			return false;
		take_fraction(s, at, &p->usec);
	}
	take_half(s, at, p);
	return true;
}

static void take_gap(struct str s, size_t *at)
{
	while (*at < s.n && (s.p[*at] == ' ' || s.p[*at] == ',' || s.p[*at] == 'T'))
		++*at;
}

static bool take_parts(struct str s, struct parts *p)
{
	size_t at = 0;
	bool clock_first = str_find_char(str_sub(s, 0, 3), ':') < (s.n < 3 ? s.n : 3);

	if (clock_first ? !take_clock(s, &at, p) : !take_date(s, &at, &p->date))
		return false;
	take_gap(s, &at);
	if (clock_first ? !take_date(s, &at, &p->date) : !take_clock(s, &at, p))
		return false;
	return at == s.n;
}

static bool in_order(const struct parts *p, const struct stamp_at *at, bool month_first,
		     int64_t *out)
{
	struct civil t = {
		.hour = p->hour, .minute = p->minute, .second = p->second, .usec = p->usec
	};
	const struct figures *d = &p->date;

	if (d->len[0] == 4) {
		t.year = d->v[0];
		t.month = d->v[1];
		t.day = d->v[2];
	} else {
		t.year = d->v[2] + (d->len[2] == 2 ? 2000 : 0);
		t.month = d->v[month_first ? 0 : 1];
		t.day = d->v[month_first ? 1 : 0];
	}
	if ((p->am || p->pm) && (t.hour < 1 || t.hour > 12))
		return false;
	if (p->am || p->pm)
		t.hour = t.hour % 12 + (p->pm ? 12 : 0);
	if (t.year < 1970 || !civil_valid(&t))
		return false;
	*out = zone_to_utc(at->zone, &t);
	return true;
}

bool stamp_slash(struct str s, const struct stamp_at *at, bool us, int64_t *out)
{
	struct parts p = { .hour = 0 };
	int64_t one = 0, other = 0;
	bool can, can_other;

	s = str_trim(s);
	if (s.n < 8 || s.n > 40 || !take_parts(s, &p) ||
	    (p.date.len[0] != 4 && p.date.len[2] != 4 && p.date.len[2] != 2))
		return false;
	us = p.english || (us && !p.am && !p.pm);
	can = in_order(&p, at, us, &one);
	can_other = in_order(&p, at, !us, &other);
	if (can && (!can_other || one <= at->now + TIME_DAY || other > at->now + TIME_DAY))
		*out = one;
	else if (can_other)
		*out = other;
	return can || can_other;
}
