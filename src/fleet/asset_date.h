/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset_date.h - dates as consoles and spreadsheets write them: 2023-11-20, 20/11/2023 08:15, 11/20/2023
 * 8:15:32 AM.
 *
 * Input is hostile. Times without a zone are those of Viet Nam (UTC+7). Which of two numbers is the
 * month follows from the whole column: one that cannot be a month decides; else AM and PM speak for the
 * month first, as English consoles write it; else the day is first, as it is written here.
 */
#ifndef FLEET_ASSET_DATE_H
#define FLEET_ASSET_DATE_H

#include "base/time.h"

struct date_clues {
	bool first_day, second_day; /* a number above 12 stood first, second */
	bool english;
};
void asset_date_look(struct str s, struct date_clues *clues);
bool asset_date_month_first(const struct date_clues *clues);

/* *has_time (may be NULL): it tells a time of day, too. */
MUST_USE bool asset_date_parse(struct str s, bool month_first, int64_t *out, bool *has_time);

#endif
