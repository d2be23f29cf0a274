/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/asset_date.h"

#include "base/num.h"

#define VIETNAM (7 * TIME_HOUR)

/* Up to 4 digits. */
static bool take_number(struct str *s, int *out)
{
	size_t n = 0;
	uint64_t v;

	while (n < s->n && n < 5 && ascii_digit(s->p[n]))
		n++;
	if (n > 4 || !num_parse(str_sub(*s, 0, n), 0, 9999, &v))
		return false;
	*s = str_skip(*s, n);
	*out = (int)v;
	return true;
}

static bool take_sign(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_skip(*s, 1);
	return true;
}

/* Two numbers and a year, apart by the same sign. */
static bool take_day(struct str *s, int *first, int *second, int *year)
{
	if (!take_number(s, first) || s->n == 0)
		return false;
	char sep = s->p[0];

	return (sep == '/' || sep == '-' || sep == '.') && take_sign(s, sep) &&
	       take_number(s, second) && take_sign(s, sep) && take_number(s, year);
}

/* AM, PM and what a Vietnamese Windows writes. */
static bool half_day(struct str s, bool *pm, bool *english)
{
	static const struct {
		struct str word;
		bool pm, english;
	} words[] = {
		{ STR("AM"), false, true },
		{ STR("PM"), true, true },
		{ STR("SA"), false, false },
		{ STR("CH"), true, false },
	};

	for (size_t i = 0; i < COUNT(words); i++) {
		if (!str_eq_nocase(s, words[i].word))
			continue;
		*pm = words[i].pm;
		*english = words[i].english;
		return true;
	}
	return false;
}

static bool take_time(struct str s, struct civil *c)
{
	bool pm, english;

	if (!take_number(&s, &c->hour) || !take_sign(&s, ':') || !take_number(&s, &c->minute))
		return false;
	if (take_sign(&s, ':') && !take_number(&s, &c->second))
		return false;
	s = str_trim(s);
	if (s.n == 0)
		return true;
	if (!half_day(s, &pm, &english) || c->hour > 12)
		return false;
	c->hour = c->hour % 12 + (pm ? 12 : 0);
	return true;
}

void asset_date_look(struct str s, struct date_clues *clues)
{
	int first, second, year;
	bool pm, english = false;
	struct str rest = str_trim(s);

	if (!take_day(&rest, &first, &second, &year) || year < 1000)
		return;
	clues->first_day = clues->first_day || (first > 12 && first <= 31);
	clues->second_day = clues->second_day || (second > 12 && second <= 31);
	if (rest.n > 2 && half_day(str_skip(rest, rest.n - 2), &pm, &english))
		clues->english = clues->english || english;
}

bool asset_date_month_first(const struct date_clues *clues)
{
	if (clues->first_day != clues->second_day)
		return clues->second_day;
	return clues->english;
}

bool asset_date_parse(struct str s, bool month_first, int64_t *out, bool *has_time)
{
	struct civil c = { .year = 0 };
	int first, second;
	bool zone;
	int64_t t;

	s = str_trim(s);
	if (has_time != NULL)
		*has_time = true;
	if (time_parse_rfc3339(s, &t, &zone)) {
		*out = zone ? t : t - VIETNAM;
		return true;
	}
	struct str rest = s;
	if (!take_day(&rest, &first, &second, &c.year))
		return false;
	if (first > 31) { /* the year is first */
		c.day = c.year;
		c.year = first;
		c.month = second;
	} else {
		c.month = month_first ? first : second;
		c.day = month_first ? second : first;
	}
	bool alone = rest.n == 0;
	if (has_time != NULL)
		*has_time = !alone;
	if (!alone &&
	    ((rest.p[0] != ' ' && rest.p[0] != 'T') || !take_time(str_trim(str_skip(rest, 1)), &c)))
		return false;
	if (c.year < 1000 || !civil_valid(&c))
		return false;
	*out = time_from_civil(&c) - VIETNAM;
	return true;
}
