/* SPDX-License-Identifier: Apache-2.0 */
/* list_day.c - dates as the columns of lists write them. */
#include "base/num.h"
#include "base/time.h"
#include "detect/list_row_int.h"

static const int64_t here = 7 * TIME_HOUR; /* the zone of letters and lists without one */

/* "22/11/2026", "22-11-2026", "22.11.2026" */
static bool day_first(struct str s, int64_t *out)
{
	struct civil c = { 0 };
	uint64_t d, m, y;
	size_t one = 0, two;

	while (one < s.n && ascii_digit(s.p[one]))
		one++;
	if (one == 0 || one > 2 || one == s.n || memchr("/-.", s.p[one], 3) == NULL)
		return false;
	two = one + 1 + str_find_char(str_skip(s, one + 1), s.p[one]);
	if (s.n != two + 5 || !num_parse(str_sub(s, 0, one), 1, 31, &d) ||
	    !num_parse(str_sub(s, one + 1, two), 1, 12, &m) ||
	    !num_parse(str_skip(s, two + 1), 1970, 2199, &y))
		return false;
	c.year = (int)y;
	c.month = (int)m;
	c.day = (int)d;
	if (!civil_valid(&c))
		return false;
	*out = time_from_civil(&c);
	return true;
}

bool list_day(struct str s, bool end, int64_t *out)
{
	int64_t t;
	bool zone;

	s = str_trim(s);
	if (day_first(s, &t) || time_parse_date(s, &t)) {
		*out = t - here + (end ? TIME_DAY - 1 : 0);
		return true;
	}
	if (!time_parse_rfc3339(s, &t, &zone))
		return false;
	*out = zone ? t : t - here;
	return true;
}
