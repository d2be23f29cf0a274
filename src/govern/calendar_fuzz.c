/* SPDX-License-Identifier: Apache-2.0 */
/* calendar_fuzz.c - what was read names days of its year, and counting by it ends. */
#include "govern/calendar.h"

#include "base/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[4 << 20];
	static struct calendar c;
	struct arena a = { mem, mem + sizeof mem };
	struct err why = { .kind = ERR_NONE };
	int64_t least, most, begin;

	c = (struct calendar){ .n_years = 0 };
	if (!calendar_parse(a, (struct str){ (const char *)data, size }, &c, &why)) {
		assert(why.kind != ERR_NONE && c.n_years == 0 && c.n_days == 0);
		return 0;
	}
	assert(c.n_years == 1 && c.year[0].week != 0);
	begin = time_from_civil(&(struct civil){ .year = c.year[0].year, .month = 1, .day = 1 });
	for (size_t i = 0; i < c.n_days; i++)
		assert(civil_from_time(c.day[i].day * TIME_DAY).year == c.year[0].year);
	assert(calendar_count(&c, begin, begin + 364 * TIME_DAY, &least, &most, &why));
	assert(least >= 0 && least <= most && most <= 364);
	assert(!calendar_count(&c, begin, begin + 400 * TIME_DAY, &least, &most, &why));
	return 0;
}
