/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calendar.h - which days are worked: content/calendar/, one file a year, hostile text.
 *
 * A day is worked, off, or not certain: what no source confirms (days around a feast, days in exchange
 * for others, which a notice fixes each year) stands in the file as such, and whoever counts is told the
 * least and the most. A year without a file is not known. Pure but for calendar_put() and
 * calendar_get(), which keep the texts as the setting "calendar": a bad file leaves what held before.
 */
#ifndef GOVERN_CALENDAR_H
#define GOVERN_CALENDAR_H

#include "base/arena.h"
#include "base/time.h"
#include "state/db.h"

enum { CALENDAR_BYTES = 1 << 16, CALENDAR_YEARS = 16, CALENDAR_DAYS = 800 };

enum workday { WORKDAY_OFF, WORKDAY_WORKED, WORKDAY_UNSURE, WORKDAY_UNKNOWN };

struct calendar {
	struct {
		int16_t year;
		uint8_t week; /* a bit a day of the week that is worked, from Sunday */
	} year[CALENDAR_YEARS];
	struct {
		int32_t day; /* days since 1970 */
		bool worked, sure;
	} day[CALENDAR_DAYS]; /* that differ from the week, or may; in order */
	size_t n_years, n_days;
};

/* Read one year's text into *io, beside the years that are there; why->at is the line. On failure *io
 * is as it was. */
MUST_USE bool calendar_parse(struct arena scratch, struct str yaml, struct calendar *io,
			     struct err *why);
/* The day that begins at `midnight`, as time_parse_date() gives it. */
enum workday calendar_day(const struct calendar *c, int64_t midnight);
/* Days worked behind `from` up to and including `to`, both midnights: from *least to *most of them, by
 * what days that are not certain turn out to be. ERR_ABSENT: a year is not known. */
MUST_USE bool calendar_count(const struct calendar *c, int64_t from, int64_t to, int64_t *least,
			     int64_t *most, struct err *why);

/* Every *.yaml of a folder, each after the other; on failure the message names file and line. */
struct calendar_texts {
	struct str text[CALENDAR_YEARS];
	size_t n;
};
MUST_USE bool calendar_load(struct arena *a, const char *folder, struct calendar_texts *texts,
			    struct calendar *out, struct err *why);
/* Keep the texts that were read, with a ledger entry when they changed. */
MUST_USE bool calendar_put(struct db *db, const struct calendar_texts *texts, const char *actor,
			   struct err *why);
/* What was kept last. ERR_ABSENT: never. */
MUST_USE bool calendar_get(struct db *db, struct arena scratch, struct calendar *out,
			   struct err *why);

#endif
