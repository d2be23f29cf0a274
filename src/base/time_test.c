/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include "base/test.h"

static void stamps(void)
{
	static const struct {
		struct str s;
		bool ok, zone;
		const char *want;
	} cases[] = {
		{ STR("2026-11-22T17:58:37Z"), true, true, "2026-11-22T17:58:37.000000Z" },
		{ STR("2026-11-22 17:58:37,5"), true, false, "2026-11-22T17:58:37.500000Z" },
		{ STR("2026-11-23T00:58:37.1234567+07:00"), true, true,
		  "2026-11-22T17:58:37.123456Z" },
		{ STR("2023-12-31T17:00:00-0730"), true, true, "2024-01-01T00:30:00.000000Z" },
		{ STR("2024-02-29T00:00:00+07"), true, true, "2024-02-28T17:00:00.000000Z" },
		{ STR("2016-12-31T23:59:60Z"), true, true, "2016-12-31T23:59:59.999999Z" },
		{ STR("2023-02-29T00:00:00Z"), false, false, "" },
		{ STR("2023-02-28T24:00:00Z"), false, false, "" },
		{ STR("2023-02-28T00:00:00."), false, false, "" },
		{ STR("2023-02-28T00:00:00Zx"), false, false, "" },
		{ STR("2023-02-28T00:00:00+7"), false, false, "" },
		{ STR("0000-01-01T00:00:00Z"), false, false, "" },
	};
	char out[TIME_TEXT_MAX];

	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t t = 0;
		bool zone = false;

		CHECK(cases[i].s.p, time_parse_rfc3339(cases[i].s, &t, &zone) == cases[i].ok);
		if (cases[i].ok)
			CHECK(cases[i].s.p, zone == cases[i].zone && strcmp(time_rfc3339(t, out),
									    cases[i].want) == 0);
	}
}

static void calendar(void)
{
	char out[TIME_TEXT_MAX];
	int64_t t;

	for (int64_t day = -719162; day < 2932896; day += 97) {
		struct civil c = civil_from_time(day * TIME_DAY + 1);

		if (!civil_valid(&c) || time_from_civil(&c) != day * TIME_DAY + 1) {
			CHECK("days there and back", false);
			return;
		}
	}
	CHECK("days there and back", true);
	CHECK("weekday", day_of_week(0) == 4 && day_of_week(-TIME_DAY) == 3);
	CHECK("date", time_parse_date(STR("2024-02-10"), &t) &&
			      strcmp(time_date(t, out), "2024-02-10") == 0 &&
			      strcmp(time_day(t, out), "10/02/2024") == 0 && day_of_week(t) == 6);
	CHECK("before 1970", strcmp(time_rfc3339(-1, out), "1969-12-31T23:59:59.999999Z") == 0);
	CHECK("month",
	      month_of(STR("DEC")) == 12 && month_of(STR("Jan")) == 1 && !month_of(STR("x")));
}

static void spans(void)
{
	static const struct {
		struct str s;
		int64_t want; /* -1: refused */
	} cases[] = {
		{ STR("90s"), 90 * TIME_SECOND },
		{ STR("15m"), 15 * TIME_MINUTE },
		{ STR("7d"), 7 * TIME_DAY },
		{ STR("P7D"), 7 * TIME_DAY },
		{ STR("PT1H"), TIME_HOUR },
		{ STR("PT5M"), 5 * TIME_MINUTE },
		{ STR("5"), -1 },
		{ STR("m"), -1 },
		{ STR("5y"), -1 },
		{ STR("P"), -1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t us = -1;

		CHECK(cases[i].s.p, time_parse_span(cases[i].s, &us) == (cases[i].want != -1) &&
					    us == cases[i].want);
	}
}

int main(void)
{
	stamps();
	calendar();
	spans();
	CHECK("clocks go", time_now() > 1700000000 * TIME_SECOND && time_monotonic() > 0);
	int64_t shift = -TIME_DAY, before = time_now();
	time_shifted_by(&shift);
	CHECK("moved", time_now() < before - TIME_DAY / 2);
	shift = TIME_DAY;
	CHECK("moved on", time_now() >= before + TIME_DAY);
	time_shifted_by(NULL);
	CHECK("and back", time_now() < before + TIME_DAY / 2);
	return TEST_REPORT();
}
