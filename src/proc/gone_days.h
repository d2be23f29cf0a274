/* SPDX-License-Identifier: Apache-2.0 */
/* gone_days.h - days that watch took out of the store, and why, as far as it told this desk. */
#ifndef PROC_GONE_DAYS_H
#define PROC_GONE_DAYS_H

#include <stddef.h>
#include <stdint.h>

enum { GONE_DAYS = 64 };

struct gone_days {
	struct gone_day {
		int32_t day;
		char why[16];
	} of[GONE_DAYS];
	size_t n;          /* ever; of[n % GONE_DAYS] is next */
	int64_t day_bytes; /* atomic: what a day takes on the disk; 0: not known yet */
};

#endif
