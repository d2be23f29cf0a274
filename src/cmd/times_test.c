/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/times.h"

#include "base/test.h"

static const struct {
	const char *text, *want; /* NULL: refused */
} cases[] = {
	{ "2026-11-22", "2026-11-22T00:00:00.000+07:00" },
	{ "2026-11-22T08:00", "2026-11-22T08:00:00.000+07:00" },
	{ "2026-11-22T08:00Z", "2026-11-22T15:00:00.000+07:00" },
	{ "2026-11-22T08:00:01.25", "2026-11-22T08:00:01.250+07:00" },
	{ "2026-11-22 08:00:01+01:00", "2026-11-22T14:00:01.000+07:00" },
	{ "2026-11-22T08:00:00.000+07:00", "2026-11-22T08:00:00.000+07:00" },
	{ "2026-11-22T8:00", NULL },
	{ "2026-11-22T08", NULL },
	{ "2026-11-22T08:00:", NULL },
	{ "2026-11-22T08:00x", NULL },
	{ "yesterday", NULL },
	{ "", NULL },
};

int main(void)
{
	struct times here = { .tz = "+07:00" }, west = { .tz = "-03:30" },
		     none = { .tz = "Mars/Olympus" };
	char got[TIME_TEXT_MAX];
	int64_t t = 5;

	CHECK("zones", times_take(&here) && times_take(&west) && !times_take(&none));
	CHECK("not given", times_take_one(&here, "now", NULL, &t) && t == 5);
	CHECK("open", times_hold(&here, INT64_MIN) && times_hold(&here, INT64_MAX));
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool ok = times_take_one(&here, "now", cases[i].text, &t);

		CHECK(cases[i].text, ok == (cases[i].want != NULL));
		if (ok && cases[i].want != NULL)
			CHECK(cases[i].text, strcmp(times_text(&here, t, got), cases[i].want) == 0);
	}
	CHECK("west", strcmp(times_text(&west, 0, got), "1969-12-31T20:30:00.000-03:30") == 0);
	times_free(&here);
	times_free(&west);
	return TEST_REPORT();
}
