/* SPDX-License-Identifier: Apache-2.0 */
/*
 * time.c - civil time by the days-from-civil arithmetic of the proleptic Gregorian calendar.
 *
 * Invariant: a struct civil that leaves a parser here is valid, so the arithmetic cannot overflow.
 */
#include "base/time.h"

#include "base/num.h"

#include <stdio.h>
#include <time.h>

static int64_t clock_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * TIME_SECOND + ts.tv_nsec / 1000;
}

static const int64_t *moved; /* NULL: the real clock */

void time_shifted_by(const int64_t *shift)
{
	moved = shift;
}

int64_t time_now(void)
{
	int64_t now = clock_us(CLOCK_REALTIME);

	return moved == NULL ? now : now + __atomic_load_n(moved, __ATOMIC_RELAXED);
}

int64_t time_monotonic(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

bool civil_valid(const struct civil *c)
{
	return c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	       c->day <= month_days(c->year, c->month) && c->hour >= 0 && c->hour <= 23 &&
	       c->minute >= 0 && c->minute <= 59 && c->second >= 0 && c->second <= 59 &&
	       c->usec >= 0 && c->usec <= 999999;
}

/* Days since 1970-01-01; years begin in March so that the leap day comes last. */
static int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

int64_t time_from_civil(const struct civil *c)
{
	int64_t days = days_from_civil(c->year, c->month, c->day);

	return days * TIME_DAY + c->hour * TIME_HOUR + c->minute * TIME_MINUTE +
	       c->second * TIME_SECOND + c->usec;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct civil civil_from_time(int64_t t)
{
	int64_t z = floor_div(t, TIME_DAY), in_day = t - z * TIME_DAY;

	z += 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){
		.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.hour = (int)(in_day / TIME_HOUR),
		.minute = (int)(in_day / TIME_MINUTE % 60),
		.second = (int)(in_day / TIME_SECOND % 60),
		.usec = (int)(in_day % TIME_SECOND),
	};
}

int day_of_week(int64_t t)
{
	int64_t d = (floor_div(t, TIME_DAY) + 4) % 7;

	return (int)(d < 0 ? d + 7 : d);
}

/* `len` digits of `s` at `at`, in [min, max]. */
static bool digits(struct str s, size_t at, size_t len, int max, int *out)
{
	uint64_t v;

	if (at + len > s.n || !num_parse(str_sub(s, at, at + len), 0, (uint64_t)max, &v))
		return false;
	*out = (int)v;
	return true;
}

/* ".123456789" at *at: microseconds, the rest cut. No fraction is fine. */
static bool fraction(struct str s, size_t *at, int *usec)
{
	size_t i = *at, from;
	int v = 0, scale = 100000;

	*usec = 0;
	if (i == s.n || (s.p[i] != '.' && s.p[i] != ','))
		return true;
	from = ++i;
	for (; i < s.n && ascii_digit(s.p[i]); i++, scale /= 10)
		v += (s.p[i] - '0') * scale;
	if (i == from)
		return false;
	*usec = v;
	*at = i;
	return true;
}

/* "Z", "+07:00", "+0700", "+07" or nothing, to the end of `s`. */
static bool offset(struct str s, int *seconds, bool *had_zone)
{
	int h, m = 0;

	*had_zone = s.n > 0;
	*seconds = 0;
	if (s.n == 0 || str_eq_nocase(s, STR("Z")))
		return true;
	if ((s.p[0] != '+' && s.p[0] != '-') || !digits(s, 1, 2, 23, &h))
		return false;
	size_t at = 3;
	if (at < s.n && s.p[at] == ':')
		at++;
	if (s.n > 3 && (!digits(s, at, 2, 59, &m) || at + 2 != s.n))
		return false;
	*seconds = (s.p[0] == '-' ? -1 : 1) * (h * 3600 + m * 60);
	return true;
}

bool time_parse_rfc3339(struct str s, int64_t *out, bool *had_zone)
{
	struct civil c = { 0 };
	int east;
	bool zone;

	if (s.n < 19 || s.p[4] != '-' || s.p[7] != '-' || s.p[13] != ':' || s.p[16] != ':' ||
	    (s.p[10] != 'T' && s.p[10] != 't' && s.p[10] != ' '))
		return false;
	if (!digits(s, 0, 4, 9999, &c.year) || !digits(s, 5, 2, 12, &c.month) ||
	    !digits(s, 8, 2, 31, &c.day) || !digits(s, 11, 2, 23, &c.hour) ||
	    !digits(s, 14, 2, 59, &c.minute) || !digits(s, 17, 2, 60, &c.second))
		return false;
	size_t at = 19;
	if (!fraction(s, &at, &c.usec) || !offset(str_skip(s, at), &east, &zone))
		return false;
	if (c.second == 60) {
		c.second = 59;
		c.usec = 999999;
	}
	if (!civil_valid(&c))
		return false;
	*out = time_from_civil(&c) - east * TIME_SECOND;
	*had_zone = zone;
	return true;
}

const char *time_rfc3339(int64_t t, char out[TIME_TEXT_MAX])
{
	struct civil c = civil_from_time(t);

	snprintf(out, TIME_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day,
		 c.hour, c.minute, c.second, c.usec);
	return out;
}

const char *time_date(int64_t t, char out[TIME_TEXT_MAX])
{
	struct civil c = civil_from_time(t);

	snprintf(out, TIME_TEXT_MAX, "%04d-%02d-%02d", c.year, c.month, c.day);
	return out;
}

const char *time_day(int64_t t, char out[TIME_TEXT_MAX])
{
	struct civil c = civil_from_time(t);

	snprintf(out, TIME_TEXT_MAX, "%02d/%02d/%04d", c.day, c.month, c.year);
	return out;
}

bool time_parse_date(struct str s, int64_t *out)
{
	struct civil c = { 0 };

	if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, 9999, &c.year) ||
	    !digits(s, 5, 2, 12, &c.month) || !digits(s, 8, 2, 31, &c.day) || !civil_valid(&c))
		return false;
	*out = time_from_civil(&c);
	return true;
}

bool time_parse_span(struct str s, int64_t *out)
{
	static const struct {
		char unit;
		int64_t us;
	} units[] = { { 's', TIME_SECOND },
		      { 'm', TIME_MINUTE },
		      { 'h', TIME_HOUR },
		      { 'd', TIME_DAY },
		      { 'w', 7 * TIME_DAY } };
	bool iso = s.n > 1 && s.p[0] == 'P';
	uint64_t v;

	/* ISO 8601 durations of one unit: the T before it tells minutes from months. */
	if (iso)
		s = str_skip(s, s.p[1] == 'T' ? 2 : 1);
	if (s.n < 2 || !num_parse(str_sub(s, 0, s.n - 1), 0, 100000, &v))
		return false;
	char unit = iso ? ascii_lower(s.p[s.n - 1]) : s.p[s.n - 1];
	for (size_t i = 0; i < COUNT(units); i++) {
		if (units[i].unit != unit)
			continue;
		*out = (int64_t)v * units[i].us;
		return true;
	}
	return false;
}

int month_of(struct str name)
{
#define MONTH(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))
	static const uint32_t months[] = {
		MONTH('j', 'a', 'n'), MONTH('f', 'e', 'b'), MONTH('m', 'a', 'r'),
		MONTH('a', 'p', 'r'), MONTH('m', 'a', 'y'), MONTH('j', 'u', 'n'),
		MONTH('j', 'u', 'l'), MONTH('a', 'u', 'g'), MONTH('s', 'e', 'p'),
		MONTH('o', 'c', 't'), MONTH('n', 'o', 'v'), MONTH('d', 'e', 'c'),
	};

	if (name.n != 3)
		return 0;
	uint32_t low = MONTH((unsigned char)ascii_lower(name.p[0]),
			     (unsigned char)ascii_lower(name.p[1]),
			     (unsigned char)ascii_lower(name.p[2]));
#undef MONTH
	for (size_t m = 0; m < COUNT(months); m++)
		if (low == months[m])
			return (int)m + 1;
	return 0;
}
