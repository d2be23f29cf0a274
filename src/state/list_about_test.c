/* SPDX-License-Identifier: Apache-2.0 */
#include "state/list_about.h"

#include "base/test.h"
#include "base/time.h"

static const struct {
	const char *text, *begin, *end; /* NULL: refused */
} days[] = {
	{ "2026-12-31", "2026-12-30T17:00:00.000000Z", "2026-12-31T16:59:59.999999Z" },
	{ "2026-12-31T08:00:00Z", "2026-12-31T08:00:00.000000Z", "2026-12-31T08:00:00.000000Z" },
	{ "2026-12-31T08:00:00", "2026-12-31T01:00:00.000000Z", "2026-12-31T01:00:00.000000Z" },
	{ "31/12/2026", NULL, NULL },
	{ "2026-13-01", NULL, NULL },
	{ "", NULL, NULL },
};

static const struct {
	const char *month, *tlp, *want; /* want: the TLP kept; NULL: refused */
} about[] = {
	{ "", "", "" },
	{ "2026-11", "amber", "AMBER" },
	{ "", "TLP:AMBER+STRICT", "AMBER+STRICT" },
	{ "", "tlp:clear", "CLEAR" },
	{ "", "WHITE", "WHITE" },
	{ "", "PURPLE", NULL },
	{ "", "TLP:", NULL },
	{ "11-2026", "", NULL },
	{ "2026-13", "", NULL },
	{ "2026-1", "", NULL },
};

static void day(const char *text, bool end, const char *want)
{
	char got[TIME_TEXT_MAX];
	int64_t t = TIME_NONE;
	bool ok = list_day_parse(str_of(text), end, &t);

	CHECK(text, ok == (want != NULL) && (ok || t == TIME_NONE));
	if (ok && want != NULL)
		CHECK(text, strcmp(time_rfc3339(t, got), want) == 0);
}

int main(void)
{
	for (size_t i = 0; i < COUNT(days); i++) {
		day(days[i].text, false, days[i].begin);
		day(days[i].text, true, days[i].end);
	}
	for (size_t i = 0; i < COUNT(about); i++) {
		struct str tlp = str_of(about[i].tlp);
		struct err why = { 0 };
		bool ok = list_about_check(str_of(about[i].month), &tlp, &why);

		CHECK(about[i].tlp, ok == (about[i].want != NULL));
		CHECK(about[i].tlp,
		      ok ? str_eq(tlp, str_of(about[i].want)) : why.kind == ERR_INPUT);
	}
	return TEST_REPORT();
}
