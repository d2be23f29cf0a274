/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detector.h - rules, lists and exceptions as one immutable thing, and what it says about an event.
 *
 * A detector is built aside and swapped whole; any number of threads use it, each with a scratch of
 * its own that was made for it. Pure: no I/O, no logging, no clock (exceptions end by the time the
 * event was received). The same code judges the live stream, files in hand and the archive.
 */
#ifndef DETECT_DETECTOR_H
#define DETECT_DETECTOR_H

#include "detect/lists.h"
#include "detect/rule_set.h"

/* The id of the hit on an event that would have taken too much work: not all rules were tried. */
#define DETECT_GAVE_UP_RULE "canh-too-costly"

enum { EXCEPTIONS_MAX = 65536, EXCEPTION_MAX_FIELDS = 16, HITS_MAX = 8192 };

/* What a person decided not to be alerted about. All fields must be in the event (case aside). */
struct exception_field {
	struct str name, value;
};
struct exception {
	struct str id;
	struct str rule; /* id of a rule or of a list */
	const struct exception_field *field;
	size_t n;
	int64_t expires; /* µs UTC; TIME_NONE: never */
};

struct detector_parts {
	struct rule_set *rules;       /* handed over; NULL: none */
	struct list_set *lists;       /* handed over; NULL: none */
	const struct own_ranges *own; /* borrowed for as long as the detector lives; may be NULL */
	const struct exception *exception; /* copied */
	size_t n_exceptions;
	bool reference; /* match by the reference evaluator: slow, what the engine is held to */
};

struct detector;
/* Takes rules and lists, also on failure (NULL and *why). */
struct detector *detector_new(const struct detector_parts *parts, struct err *why);
void detector_free(struct detector *d);

const struct rule_set *detector_rules(const struct detector *d); /* never NULL, may be empty */
const struct list_set *detector_lists(const struct detector *d); /* may be NULL */

struct detect_scratch;
struct detect_scratch *detect_scratch_new(const struct detector *d); /* NULL: no memory */
void detect_scratch_free(struct detect_scratch *s);

/*
 * Everything that holds for `ev`, rules first, in the order they were loaded; hits and what they
 * point to live until the next run with this scratch, as long as `ev` does.
 */
void detector_run(const struct detector *d, struct detect_scratch *s, const struct event *ev,
		  struct hits *out);

/* What a correlation found: its exceptions hold by the fields it groups by. */
void detector_except_window(const struct detector *d, struct hit *h, int64_t now);

/* What a scratch has counted since it was made. */
struct detect_counts {
	uint64_t events;
	uint64_t
		undecided; /* parts of rules that met a cap on work or memory and counted as false */
	uint64_t lost;     /* hits beyond HITS_MAX of one event */
};
struct detect_counts detect_scratch_counts(const struct detect_scratch *s);
/* Events of log source `i` of the rules (rule_set_source()): which rules could have fired. */
uint64_t detect_scratch_seen(const struct detect_scratch *s, size_t i);

#endif
