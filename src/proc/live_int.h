/* SPDX-License-Identifier: Apache-2.0 */
/* live_int.h - one look at the house: shared by live.c and live_sources.c. */
#ifndef PROC_LIVE_INT_H
#define PROC_LIVE_INT_H

#include "base/jsonw.h"
#include "proc/desk_int.h"
#include "state/control_row.h"
#include "state/source_row.h"

struct live {
	struct desk *d;
	struct arena a;
	struct jsonw w;
	int64_t now;
	const struct silence *policy; /* NULL: none could be loaded; under its lock */
	const struct zone *zone;
	struct door_seen doors[DOORS_MAX];
	size_t n_doors;
	const struct source_row *rows;
	size_t n_rows;
};

/* "sources": [..], all but `required`, which the web room adds. */
void live_sources(struct live *l);
/* "controls": [..], "policy_fault"; with the lock of `quiet` held. */
void live_controls(struct live *l);
/* {"vi","en"} or null; what `more` tells goes behind it. */
void live_sentence(struct jsonw *w, const char *key, const struct err *e,
		   const struct control_past *more);

#endif
