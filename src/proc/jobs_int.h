/* SPDX-License-Identifier: Apache-2.0 */
/* jobs_int.h - the steps that jobs.c runs by the clock, one file each. */
#ifndef PROC_JOBS_INT_H
#define PROC_JOBS_INT_H

#include "govern/directive.h"
#include "proc/desk_int.h"

/* seals.c: what the ledger was told of the store. Read from it once: only desk tells it. */
struct sealed {
	bool read;
	int32_t told_day; /* the newest root */
	int64_t told_blocks;
	struct sealed_day {
		int32_t day;
		int64_t blocks;
	} * closed; /* owned */
	size_t n_closed, cap_closed;
	struct {
		int32_t *day; /* owned */
		size_t n, cap;
	} gone;                 /* days of which the ledger says that they left the store */
	struct store_root root; /* of the open day, as far as it was read */
	struct merkle_range tree;
};
/* What the store has sealed since the last look goes into the ledger. */
MUST_USE bool seal_store(struct desk *d, struct sealed *s, struct store_reader *store,
			 struct arena a, struct err *why);
void seals_forget(struct sealed *s);
/* What watch told: {"day", "why"}. From any thread. */
void seals_gone(struct desk *d, struct str told);

/* seen.c: which log sources of rules were seen, kept over restarts. */
MUST_USE bool seen_load(struct desk *d, struct err *why);
MUST_USE bool seen_save(struct desk *d, struct err *why);
/* What watch told: {"seen": {KEY: TIME}}. */
void seen_take(struct desk *d, struct str counters);

/* quiet.c: content/silence.yaml, when its text has changed. */
void quiet_load(struct desk *d);
/* workdays.c: content/calendar/, when it has changed. */
void workdays_load(struct desk *d);

/* content.c: directives, clocks and techniques of content/, noted in the state. NULL and *why on failure. */
struct directives *content_load(struct desk *d, struct err *why);
/* Own public addresses that lists of kind infected name, from what watch answered to a reload. */
MUST_USE bool own_findings(struct desk *d, struct str reloaded, struct err *why);

/* notes_take.c: what the parent has noted goes into the state; *n so many. */
MUST_USE bool notes_take(struct desk *d, struct arena a, size_t *n, struct err *why);

/* loads.c. Whoever has watch load says so before, and how it went: what it took is not loaded once more, what it
 * could not take is. */
void desk_loading(struct desk *d);
void desk_loaded(struct desk *d, bool ok, struct str told);

#endif
