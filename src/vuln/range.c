/* SPDX-License-Identifier: Apache-2.0 */
#include "vuln/range.h"

static bool from_the_beginning(const struct range_event *x)
{
	return x->what == RANGE_INTRODUCED && str_eq(x->version, STR("0"));
}

/* < 0: x is before y. */
static int event_compare(enum ecosystem e, const struct range_event *x, const struct range_event *y)
{
	int first_x = from_the_beginning(x), first_y = from_the_beginning(y);

	if (first_x || first_y)
		return first_y - first_x;
	return version_compare(e, x->version, y->version);
}

static bool reached(enum ecosystem e, struct str version, const struct range_event *x)
{
	return from_the_beginning(x) || version_compare(e, x->version, version) <= 0;
}

/* The first fix behind `version`. */
static struct str next_fix(enum ecosystem e, struct str version, const struct range_event *event,
			   size_t n)
{
	struct str best = STR("");

	for (size_t i = 0; i < n; i++) {
		if (event[i].what != RANGE_FIXED || reached(e, version, &event[i]))
			continue;
		if (best.n == 0 || version_compare(e, event[i].version, best) < 0)
			best = event[i].version;
	}
	return best;
}

bool range_judge(enum ecosystem e, struct str version, const struct range_event *event, size_t n,
		 struct range_told *out, struct err *why)
{
	const struct range_event *last = NULL;
	struct range_told told = { STANDS_OUTSIDE, STR("") };

	if (!version_check(e, version, why))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!from_the_beginning(&event[i]) && !version_check(e, event[i].version, why))
			return false;
		if (!reached(e, version, &event[i]))
			continue;
		if (last == NULL || event_compare(e, last, &event[i]) <= 0)
			last = &event[i];
	}
	if (last != NULL && last->what == RANGE_FIXED) {
		told.standing = STANDS_BEHIND;
		told.fixed = last->version;
	} else if (last != NULL) {
		bool over = last->what == RANGE_LAST &&
			    version_compare(e, last->version, version) < 0;

		told.standing = over ? STANDS_BEHIND : STANDS_IN;
		told.fixed = over ? STR("") : next_fix(e, version, event, n);
	}
	*out = told;
	return true;
}
