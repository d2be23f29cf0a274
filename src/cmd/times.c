/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/times.h"

#include "base/msg.h"
#include "cmd/tell.h"

#include <stdio.h>

/* One without a zone is of --tz; a date is its midnight there. */
bool times_take_one(const struct times *t, const char *name, const char *text, int64_t *out)
{
	bool zoned = false;
	int64_t at;

	if (text == NULL)
		return true;
	if (!time_parse_date(str_of(text), &at) && !time_parse_rfc3339(str_of(text), &at, &zoned)) {
		fprintf(stderr, msg(MSG_ID("--%s: '%s' is not a time like 2026-11-22T08:00:00\n")),
			name, text);
		return false;
	}
	struct civil c = civil_from_time(at);

	*out = zoned ? at : zone_to_utc(t->zone, &c);
	return true;
}

bool times_take(struct times *t)
{
	struct err why = { 0 };

	t->begin = t->end = TIME_NONE;
	t->zone = zone_load(str_of(t->tz != NULL ? t->tz : "Asia/Ho_Chi_Minh"), &why);
	if (t->zone == NULL) {
		tell_fault("--tz", &why);
		return false;
	}
	return times_take_one(t, "from", t->from, &t->begin) &&
	       times_take_one(t, "to", t->to, &t->end);
}

bool times_hold(const struct times *t, int64_t time)
{
	return (t->begin == TIME_NONE || time >= t->begin) &&
	       (t->end == TIME_NONE || time < t->end);
}

void times_free(struct times *t)
{
	zone_free(t->zone);
	t->zone = NULL;
}
