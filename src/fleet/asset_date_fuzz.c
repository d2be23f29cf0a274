/* SPDX-License-Identifier: Apache-2.0 */
/* A date that is read is one of the years 1 to 9999, give or take a zone. */
#include "fleet/asset_date.h"

#include "base/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct str s = { (const char *)data, size };
	struct date_clues clues = { .english = false };
	int64_t t = TIME_NONE;
	bool time;

	asset_date_look(s, &clues);
	bool ok = asset_date_parse(s, asset_date_month_first(&clues), &t, &time);

	assert(ok == (t != TIME_NONE));
	if (ok)
		assert(civil_from_time(t + 2 * TIME_DAY).year >= 1);
	return 0;
}
