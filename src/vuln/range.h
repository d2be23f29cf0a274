/* SPDX-License-Identifier: Apache-2.0 */
/*
 * range.h - whether a version stands in a range that events bound: introduced in, fixed in, last
 * affected. As OSV has it: the events are a set, the last one not after the version decides.
 *
 * Pure.
 */
#ifndef VULN_RANGE_H
#define VULN_RANGE_H

#include "vuln/version.h"

enum range_what { RANGE_INTRODUCED, RANGE_FIXED, RANGE_LAST };

struct range_event {
	enum range_what what;
	struct str version; /* RANGE_INTRODUCED "0": before all versions */
};

enum standing { STANDS_OUTSIDE, STANDS_IN, STANDS_BEHIND };

struct range_told {
	enum standing standing;
	struct str
		fixed; /* IN: the first version that mends it; BEHIND: that did; empty: not told */
};

/* False: a version cannot be compared. `out->fixed` is a view of an event's. */
MUST_USE bool range_judge(enum ecosystem e, struct str version, const struct range_event *event,
			  size_t n, struct range_told *out, struct err *why);

#endif
