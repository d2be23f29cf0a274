/* SPDX-License-Identifier: Apache-2.0 */
/*
 * time.h - moments as microseconds since 1970-01-01T00:00:00 UTC (`int64_t`, names end in _us or are
 * called time), civil dates, RFC 3339, and time zones read from the system's TZif files.
 *
 * No locale, no TZ variable, no libc time zone state: all pure but time_now() and zone_load().
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/err.h"
#include "base/str.h"

#define TIME_SECOND INT64_C(1000000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR (60 * TIME_MINUTE)
#define TIME_DAY (24 * TIME_HOUR)
/* No time: a record that tells none. */
#define TIME_NONE INT64_MIN

struct civil {
	int year;                 /* 1..9999 */
	int month, day;           /* 1..12, 1..31 */
	int hour, minute, second; /* a leap second :60 is read as :59.999999 */
	int usec;
};

int64_t time_now(void);       /* CLOCK_REALTIME, and what time_shifted_by() adds */
int64_t time_monotonic(void); /* CLOCK_MONOTONIC, for intervals only */

/* From now on time_now() adds *shift (µs), which may change at any moment. Before threads start. */
void time_shifted_by(const int64_t *shift);

bool civil_valid(const struct civil *c);
int64_t time_from_civil(const struct civil *c); /* as UTC; c must be valid */
struct civil civil_from_time(int64_t t);        /* in UTC */
int day_of_week(int64_t t);                     /* 0 Sunday .. 6 Saturday, UTC */

/* RFC 3339, also with a blank for the T, a comma before the fraction, "+0700", "Z" or nothing:
 * without a zone *had_zone is false and the time is read as UTC. Whole view or fail. */
MUST_USE bool time_parse_rfc3339(struct str s, int64_t *out, bool *had_zone);

enum { TIME_TEXT_MAX = 40 };
/* "2026-11-22T17:58:37.123456Z"; returns out. */
const char *time_rfc3339(int64_t t, char out[TIME_TEXT_MAX]);
/* "2026-11-22" of the UTC day. */
const char *time_date(int64_t t, char out[TIME_TEXT_MAX]);
const char *time_day(int64_t t, char out[TIME_TEXT_MAX]);  /* 10/02/2024, for people */
MUST_USE bool time_parse_date(struct str s, int64_t *out); /* midnight UTC */
/* "90s", "15m", "6h", "7d", "2w" (Sigma timespans) or ISO "P7D", "PT1H"; microseconds. */
MUST_USE bool time_parse_span(struct str s, int64_t *out);

/* "Jan".."Dec" in any case: 1..12, or 0. */
int month_of(struct str name);

/* A zone: offsets from UTC over time. Immutable after load; safe from any thread. */
struct zone;
/* "UTC", "+07:00", "Asia/Ho_Chi_Minh" (from the system's zone files). NULL and *why on failure. */
struct zone *zone_load(struct str name, struct err *why);
void zone_free(struct zone *z);
/* Seconds east of UTC at the UTC moment t. NULL is UTC. */
int zone_offset(const struct zone *z, int64_t t);
/* The UTC moment of a local civil time; of two (clock set back) the earlier. NULL is UTC. */
int64_t zone_to_utc(const struct zone *z, const struct civil *local);

#endif
