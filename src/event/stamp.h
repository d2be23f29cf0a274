/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stamp.h - times as logs write them, at the beginning of a text.
 *
 * Each parser takes the longest time of its form off the front of `s` and returns how many bytes it
 * took, 0 when there is none; *out is then untouched. What lacks a zone is read in `at->zone`, what
 * lacks a year gets the latest one that is not more than a day after `at->now`. Pure.
 */
#ifndef EVENT_STAMP_H
#define EVENT_STAMP_H

#include "base/time.h"

struct stamp_at {
	const struct zone *zone; /* NULL: UTC */
	int64_t now;
};

/* RFC 3339 and its kin: "yyyy-mm-ddThh:mm:ss", blank or 'T' or ':' or '-' between, '/' in the date,
 * ',' or '.' before the fraction, " +0700", "Z" or nothing behind. */
size_t stamp_iso(struct str s, const struct stamp_at *at, int64_t *out);
/* That, or "Mmm dd [yyyy] hh:mm:ss[.frac] [yyyy]", also behind a weekday (syslog, Cisco), or
 * "dd/Mmm/yyyy:hh:mm:ss +0700" (access logs); told by the first bytes. */
size_t stamp_any(struct str s, const struct stamp_at *at, int64_t *out);
/*
 * The whole of `s` is a date as people and consoles write it, and a clock behind or before it:
 * "9/3/2026 10:14:15 PM", "09-03-2026 22:14", "22:14:15 09/03/2026", "2026.03.09, 22:14", SA and CH for
 * AM and PM. Day or month first is told by a number above 12, else by AM or PM, else by `us`; where
 * that gives a time more than a day after at->now and the other does not, the other is meant.
 */
MUST_USE bool stamp_slash(struct str s, const struct stamp_at *at, bool us, int64_t *out);
/* The whole of `s` is seconds, milliseconds, microseconds or nanoseconds since 1970, with or
 * without a fraction; told apart by size. */
MUST_USE bool stamp_epoch(struct str s, int64_t *out);
/* The whole of `s` is one of all the above. */
MUST_USE bool stamp_whole(struct str s, const struct stamp_at *at, int64_t *out);

#endif
