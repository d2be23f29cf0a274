/* SPDX-License-Identifier: Apache-2.0 */
/* list_day.c - dates as the columns of lists write them. */
#include "base/num.h"
#include "base/phrase.h"
#include "base/time.h"
#include "detect/list_row_int.h"

static const int64_t here = 7 * TIME_HOUR; /* the zone of letters and lists without one */

/* "7:05", "07:05:09", since midnight */
static bool clock_of_day(struct str s, int64_t *out)
{
	static const struct {
		uint64_t most;
		int64_t unit;
	} parts[] = { { 23, TIME_HOUR }, { 59, TIME_MINUTE }, { 59, TIME_SECOND } };
	struct str part;
	int64_t t = 0;
	size_t n = 0;
	uint64_t v;

	for (; n < COUNT(parts) && str_split(&s, ':', &part); n++) {
		if (part.n == 0 || part.n > 2 || !num_parse(part, 0, parts[n].most, &v))
			return false;
		t += (int64_t)v * parts[n].unit;
	}
	*out = t;
	return n >= 2 && s.p == NULL;
}

/* "22/11/2026", "22-11-2026", "22.11.2026"; *rest: what stands behind it and a blank */
static bool day_first(struct str s, int64_t *out, struct str *rest)
{
	struct civil c = { 0 };
	uint64_t d, m, y;
	size_t one = 0, two;

	while (one < s.n && ascii_digit(s.p[one]))
		one++;
	if (one == 0 || one > 2 || one == s.n || memchr("/-.", s.p[one], 3) == NULL)
		return false;
	two = one + 1 + str_find_char(str_skip(s, one + 1), s.p[one]);
	if (s.n < two + 5 || (s.n > two + 5 && s.p[two + 5] != ' ') ||
	    !num_parse(str_sub(s, 0, one), 1, 31, &d) ||
	    !num_parse(str_sub(s, one + 1, two), 1, 12, &m) ||
	    !num_parse(str_sub(s, two + 1, two + 5), 1970, 2199, &y))
		return false;
	c.year = (int)y;
	c.month = (int)m;
	c.day = (int)d;
	if (!civil_valid(&c))
		return false;
	*out = time_from_civil(&c);
	*rest = str_trim(str_skip(s, two + 5));
	return true;
}

bool list_endless(struct arena a, struct str s)
{
	static const struct str words[] = { STR("never"),         STR("unlimited"),
					    STR("permanent"),     STR("no expiry"),
					    STR("vo thoi han"),   STR("khong thoi han"),
					    STR("khong het han"), STR("vinh vien") };
	struct str in = phrase_words(&a, s);

	for (size_t i = 0; i < COUNT(words); i++)
		if (phrase_in(in, words[i]))
			return true;
	return false;
}

bool list_day(struct str s, bool end, int64_t *out)
{
	int64_t t, clock = end ? TIME_DAY - 1 : 0;
	struct str rest = { NULL, 0 };
	bool zone;

	s = str_trim(s);
	if (day_first(s, &t, &rest) || time_parse_date(s, &t)) {
		if (rest.n > 0 && !clock_of_day(rest, &clock))
			return false;
		*out = t - here + clock;
		return true;
	}
	if (!time_parse_rfc3339(s, &t, &zone))
		return false;
	*out = zone ? t : t - here;
	return true;
}
