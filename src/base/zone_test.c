/* SPDX-License-Identifier: Apache-2.0 */
#include "base/test.h"
#include "base/time.h"

static int64_t at(const char *rfc3339)
{
	int64_t t = 0;
	bool zone;

	CHECK(rfc3339, time_parse_rfc3339(str_of(rfc3339), &t, &zone));
	return t;
}

int main(void)
{
	static const struct {
		const char *zone, *utc;
		int offset;
	} cases[] = {
		{ "UTC", "2024-01-01T00:00:00Z", 0 },
		{ "+07:00", "2024-01-01T00:00:00Z", 7 * 3600 },
		{ "-0330", "2024-01-01T00:00:00Z", -12600 },
		{ "Asia/Ho_Chi_Minh", "2024-01-01T00:00:00Z", 7 * 3600 },
		{ "Europe/Zurich", "2005-08-14T10:00:00Z", 2 * 3600 },
		{ "Europe/Zurich", "2005-01-14T10:00:00Z", 3600 },
	};
	struct err why = { 0 };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct zone *z = zone_load(str_of(cases[i].zone), &why);

		if (CHECK(cases[i].zone, z != NULL))
			CHECK(cases[i].zone, zone_offset(z, at(cases[i].utc)) == cases[i].offset);
		zone_free(z);
	}
	struct zone *z = zone_load(STR("Europe/Zurich"), &why);
	struct civil noon = { .year = 2005, .month = 8, .day = 14, .hour = 12 };
	struct civil twice = { .year = 2005, .month = 10, .day = 30, .hour = 2, .minute = 30 };
	CHECK("summer", zone_to_utc(z, &noon) == at("2005-08-14T10:00:00Z"));
	CHECK("twice: the earlier", zone_to_utc(z, &twice) == at("2005-10-30T00:30:00Z"));
	CHECK("NULL is UTC", zone_to_utc(NULL, &noon) == at("2005-08-14T12:00:00Z"));
	zone_free(z);
	CHECK("unknown", zone_load(STR("Mars/Olympus"), &why) == NULL && why.kind == ERR_INPUT);
	CHECK("no way out", zone_load(STR("../../etc/passwd"), &why) == NULL);
	return TEST_REPORT();
}
