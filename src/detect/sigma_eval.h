/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_eval.h - does a condition hold for an event? The reference: the specification word for word.
 *
 * Fields are found under the bare name the record uses, else under its full path, else under its ECS
 * name; the first of the three that is there counts. A field with several values matches when any of
 * them does. Text is compared without regard to case unless `cased` (Unicode simple folding); a field
 * that is not there makes every atom false but null and `exists: false`.
 * Rules are immutable and shared; scratch belongs to one thread. No I/O, no allocation per event but
 * in the scratch's own arena.
 */
#ifndef DETECT_SIGMA_EVAL_H
#define DETECT_SIGMA_EVAL_H

#include "detect/names.h"
#include "detect/sigma_ast.h"
#include "event/event.h"

struct sigma_scratch;

/* `names` must be complete and outlive the scratch. NULL when there is no memory. */
struct sigma_scratch *sigma_scratch_new(const struct names *names);
void sigma_scratch_free(struct sigma_scratch *s);

/* From here on evaluate over `ev`, which must outlive the evaluations. */
void sigma_event(struct sigma_scratch *s, const struct event *ev);

/* Another name that a field goes by in the events of one log source. */
struct rename {
	uint32_t from, to; /* numbers in names */
};

struct sigma_match {
	struct str field; /* as the event names it; empty: in the record as a whole */
	struct str text;  /* the value, or the part of it, that says most; views into the event */
};

/* On true *out (may be NULL) tells where. */
bool sigma_holds(struct sigma_scratch *s, const struct node *condition, const struct rename *rename,
		 size_t n_renames, struct sigma_match *out);

/* How many atoms could not be decided since the scratch was made: caps on regular expressions or on
 * memory. Such an atom counts as false. */
uint64_t sigma_undecided(const struct sigma_scratch *s);

/* The values that are there of a field, under the name it goes by here; up to `max`, in their order. */
size_t sigma_values(struct sigma_scratch *s, uint32_t name, const struct rename *rename,
		    size_t n_renames, struct str *out, size_t max);

/* Does the event have that field, and is a value of it this text (case aside)? For exceptions. */
bool sigma_field_is(struct sigma_scratch *s, uint32_t name, struct str folded);

#endif
