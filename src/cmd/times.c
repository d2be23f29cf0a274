/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/times.h"

#include "base/msg.h"
#include "cmd/tell.h"

#include <stdio.h>
#include <stdlib.h>

/* "2026-11-22T08:00", with a zone behind it or not: the seconds put in. */
static bool parse_minute(struct str s, int64_t *out, bool *zoned)
{
	enum { MINUTE = sizeof "2026-11-22T08:00" - 1 };
	char full[TIME_TEXT_MAX];

	if (s.n < MINUTE || s.n + 3 > sizeof full || (s.n > MINUTE && s.p[MINUTE] == ':'))
		return false;
	memcpy(full, s.p, MINUTE);
	memcpy(full + MINUTE, ":00", 3);
	memcpy(full + MINUTE + 3, s.p + MINUTE, s.n - MINUTE);
	return time_parse_rfc3339((struct str){ full, s.n + 3 }, out, zoned);
}

/* One without a zone is of --tz; a date is its midnight there. */
bool times_take_one(const struct times *t, const char *name, const char *text, int64_t *out)
{
	bool zoned = false;
	int64_t at;

	if (text == NULL)
		return true;
	if (!time_parse_date(str_of(text), &at) && !time_parse_rfc3339(str_of(text), &at, &zoned) &&
	    !parse_minute(str_of(text), &at, &zoned)) {
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

const char *times_text(const struct times *t, int64_t at, char out[TIME_TEXT_MAX])
{
	int east = zone_offset(t->zone, at);
	struct civil c = civil_from_time(at + east * TIME_SECOND);

	snprintf(out, TIME_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02d:%02d", c.year,
		 c.month, c.day, c.hour, c.minute, c.second, c.usec / 1000, east < 0 ? '-' : '+',
		 abs(east) / 3600, abs(east) / 60 % 60);
	return out;
}

void times_free(struct times *t)
{
	zone_free(t->zone);
	t->zone = NULL;
}
