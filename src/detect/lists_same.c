/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists_same.c - lines of one list that name the same value: one is filed, or several that are valid at other
 * times.
 */
#include "base/time.h"
#include "detect/found_int.h"

enum { SAME_MAX = 16 };

bool entry_covers(const struct list_set *set, const struct entry *e, const struct entry *other)
{
	int64_t from, until, o_from, o_until;

	entry_validity(set, e, &from, &until);
	entry_validity(set, other, &o_from, &o_until);
	return from <= o_from && /* TIME_NONE is the lowest */
	       (until == TIME_NONE || (o_until != TIME_NONE && o_until <= until));
}

static int64_t end_of(const struct list_set *set, const struct entry *e)
{
	int64_t from, until;

	entry_validity(set, e, &from, &until);
	return until == TIME_NONE ? INT64_MAX : until;
}

/* What two lines say of the same value, each in the other's place. */
static void swap_lines(struct entry *a, struct entry *b)
{
	struct entry was = *a;

	a->note = b->note;
	a->line = b->line;
	a->dated = b->dated;
	b->note = was.note;
	b->line = was.line;
	b->dated = was.dated;
}

bool entry_said(struct list_set *set, uint32_t first, struct entry *e)
{
	struct entry *soonest = NULL;
	size_t n = 0;

	for (uint32_t at = first; at != NO_ENTRY && set->ents[at].list == e->list; n++) {
		struct entry *o = &set->ents[at];

		if (entry_covers(set, o, e))
			return true;
		if (entry_covers(set, e, o)) {
			swap_lines(o, e);
			return true;
		}
		if (soonest == NULL || end_of(set, o) < end_of(set, soonest))
			soonest = o;
		at = o->next;
	}
	if (n < SAME_MAX)
		return false;
	if (end_of(set, soonest) < end_of(set, e))
		swap_lines(soonest, e);
	return true;
}
