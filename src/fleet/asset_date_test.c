/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/asset_date.h"

#include "base/test.h"

/* 2023-11-20 00:00 in Viet Nam. */
#define DAY ((INT64_C(1700438400) - 7 * 3600) * TIME_SECOND)

static const struct {
	const char *name;
	struct str text;
	bool month_first, ok;
	int64_t minute; /* after DAY */
	bool time;
} cases[] = {
	{ "ISO", STR("2023-11-20"), false, true, 0, false },
	{ "ISO with a time", STR("2023-11-20 08:15"), false, true, 495, true },
	{ "with seconds", STR("2023-11-20T08:15:00"), true, true, 495, true },
	{ "with its zone", STR("2023-11-20T00:00:00Z"), false, true, 420, true },
	{ "the day first", STR("20/11/2023"), false, true, 0, false },
	{ "with dots", STR("20.11.2023 8:15"), false, true, 495, true },
	{ "the month first", STR("11/20/2023 8:15:00 AM"), true, true, 495, true },
	{ "in the afternoon", STR("11/20/2023 1:15:00 PM"), true, true, 795, true },
	{ "noon", STR("11/20/2023 12:00:00 PM"), true, true, 720, true },
	{ "midnight", STR("11/20/2023 12:00:00 AM"), true, true, 0, true },
	{ "a Vietnamese Windows", STR("20/11/2023 8:15:00 SA"), false, true, 495, true },
	{ "there in the afternoon", STR("20/11/2023 1:15:00 CH"), false, true, 795, true },
	{ "no such month", STR("11/20/2023"), false, false, 0, false },
	{ "no such day", STR("31/02/2023"), false, false, 0, false },
	{ "two signs", STR("20/11-2023"), false, false, 0, false },
	{ "a short year", STR("20/11/23"), false, false, 0, false },
	{ "words behind", STR("20/11/2023 8:15 x"), false, false, 0, false },
	{ "13 PM", STR("20/11/2023 13:15 PM"), false, false, 0, false },
	{ "long numbers", STR("00020/11/2023"), false, false, 0, false },
	{ "nothing", STR(""), false, false, 0, false },
};

static const struct {
	const char *name;
	struct str text[3];
	bool month_first;
} columns[] = {
	{ "a 20 stands second", { STR("1/2/2023"), STR("11/20/2023") }, true },
	{ "a 20 stands first", { STR("1/2/2023 1:00:00 AM"), STR("20/11/2023") }, false },
	{ "nothing tells", { STR("1/2/2023"), STR("3/4/2023") }, false },
	{ "English", { STR("1/2/2023 1:00:00 PM"), STR("") }, true },
	{ "Vietnamese", { STR("1/2/2023 1:00:00 CH") }, false },
	{ "both ways", { STR("20/11/2023"), STR("11/20/2023") }, false },
	{ "ISO tells nothing", { STR("2023-01-20") }, false },
};

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t t = DAY;
		bool time = cases[i].time;

		CHECK(cases[i].name, asset_date_parse(cases[i].text, cases[i].month_first, &t,
						      &time) == cases[i].ok);
		CHECK(cases[i].name, t == DAY + cases[i].minute * TIME_MINUTE);
		CHECK(cases[i].name, !cases[i].ok || time == cases[i].time);
	}
	for (size_t i = 0; i < COUNT(columns); i++) {
		struct date_clues clues = { .english = false };

		for (size_t k = 0; k < COUNT(columns[i].text); k++)
			asset_date_look(columns[i].text[k], &clues);
		CHECK(columns[i].name, asset_date_month_first(&clues) == columns[i].month_first);
	}
	return TEST_REPORT();
}
