/* SPDX-License-Identifier: Apache-2.0 */
/* times.h - --from, --to and --tz of the commands that look at events, the same for all of them. */
#ifndef CMD_TIMES_H
#define CMD_TIMES_H

#include "base/time.h"
#include "cmd/opts.h"

struct times {
	const char *from, *to, *tz; /* as given */
	struct zone *zone;          /* owned */
	int64_t begin, end;         /* begin <= t < end; TIME_NONE: open */
};

/* Rows of a command's table. */
// clang-format off
#define TIMES_OPTIONS(t) \
	{ "from", OPT_TEXT, &(t)->from, "TIME", MSG_ID("only events from that time on") }, \
	{ "to", OPT_TEXT, &(t)->to, "TIME", MSG_ID("only events before that time") }, \
	{ "tz", OPT_TEXT, &(t)->tz, "ZONE", \
	  MSG_ID("zone of times that tell none (Asia/Ho_Chi_Minh)") }
// clang-format on

/* False after saying what is wrong. */
MUST_USE bool times_take(struct times *t);
/* One more option with a time: --name TEXT, a day, or a time to the minute or finer, with a zone or not; untouched when it was not given. After times_take(). */
MUST_USE bool times_take_one(const struct times *t, const char *name, const char *text,
			     int64_t *out);
bool times_hold(const struct times *t, int64_t time);
/* "2026-11-22T08:00:00.000+07:00": RFC 3339 in the zone, as --from takes it back. */
const char *times_text(const struct times *t, int64_t at, char out[TIME_TEXT_MAX]);
void times_free(struct times *t);

#endif
