/* SPDX-License-Identifier: Apache-2.0 */
#include "state/list_about.h"

#include "base/time.h"

bool list_day_parse(struct str text, bool end, int64_t *out)
{
	bool zoned;
	int64_t t;

	if (time_parse_date(text, &t)) {
		t -= 7 * TIME_HOUR;
		*out = end ? t + TIME_DAY - 1 : t;
		return true;
	}
	if (!time_parse_rfc3339(text, &t, &zoned))
		return false;
	*out = zoned ? t : t - 7 * TIME_HOUR;
	return true;
}

/* "2026-11" */
static bool list_month_valid(struct str text)
{
	char day[10];
	int64_t t;

	if (text.n != 7)
		return false;
	memcpy(day, text.p, 7);
	memcpy(day + 7, "-01", 3);
	return time_parse_date((struct str){ day, sizeof day }, &t);
}

/* "tlp:amber" -> "AMBER"; NULL for what is none of the traffic light protocol. */
static const char *list_tlp_find(struct str text)
{
	static const char *const marks[] = { "CLEAR", "WHITE",        "GREEN",
					     "AMBER", "AMBER+STRICT", "RED" };

	if (text.n > 4 && str_eq_nocase(str_sub(text, 0, 4), STR("TLP:")))
		text = str_skip(text, 4);
	for (size_t i = 0; i < COUNT(marks); i++)
		if (str_eq_nocase(text, str_of(marks[i])))
			return marks[i];
	return NULL;
}

bool list_about_check(struct str month, struct str *tlp, struct err *why)
{
	const char *mark = tlp->n > 0 ? list_tlp_find(*tlp) : "";

	if (month.n > 0 && !list_month_valid(month))
		return err_set(why, ERR_INPUT, 0, "'%.*s' is no month: expected like 2026-11",
			       STR_ARG(month));
	if (mark == NULL)
		return err_set(why, ERR_INPUT, 0,
			       "'%.*s' is no TLP: CLEAR, GREEN, AMBER, AMBER+STRICT or RED",
			       STR_ARG(*tlp));
	if (tlp->n > 0)
		*tlp = str_of(mark);
	return true;
}
