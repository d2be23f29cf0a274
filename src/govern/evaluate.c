/* SPDX-License-Identifier: Apache-2.0 */
#include "govern/evaluate.h"

#include <math.h>

const char *const verdict_names[VERDICTS] = { "met", "failed", "unknown", "attested",
					      "not_applicable" };

int verdict_find(struct str name)
{
	for (int i = 0; i < VERDICTS; i++)
		if (str_eq(name, str_of(verdict_names[i])))
			return i;
	return -1;
}

/* Two looks at the clock may differ by so much. */
#define CLOCK_SLACK (5 * TIME_MINUTE)

/* What a gate looks at; each returns true when it stops the check, with the reason set. */
struct gate {
	const struct check *check;
	const struct metric_found *found;
	const struct control_state *control;
	int64_t now, fresh;
	struct err *reason;
};

static bool stop_missing(const struct gate *g)
{
	return g->check->metric == NULL &&
	       !err_set(g->reason, ERR_ABSENT, 0, "there is no metric for this yet");
}

static bool stop_control(const struct gate *g)
{
	const struct control_state *c = g->control;

	if (!g->check->metric->needs_control)
		return false;
	if (c->passed == TIME_NONE)
		return !err_set(g->reason, ERR_STATE, 0,
				"no control test of the rules has passed yet");
	if (c->failed != TIME_NONE && c->failed > c->passed)
		return !err_set(g->reason, ERR_STATE, 0,
				"the last control test of the rules failed");
	if (c->passed > g->now + CLOCK_SLACK)
		return !err_set(g->reason, ERR_STATE, 0,
				"the last control test of the rules lies in the future: the clock "
				"was set back");
	return g->now - c->passed > c->limit &&
	       !err_set(g->reason, ERR_STATE, 0,
			"the last passed control test of the rules is %jd minutes old",
			(intmax_t)((g->now - c->passed) / TIME_MINUTE));
}

static bool stop_unknown(const struct gate *g)
{
	if (g->found->known)
		return false;
	*g->reason = g->found->unknown;
	return true;
}

static bool stop_denominator(const struct gate *g)
{
	if (g->check->metric->unit != UNIT_SHARE)
		return false;
	if (g->found->of < 0)
		return !err_set(g->reason, ERR_STATE, 0, "the denominator has no source");
	return g->found->of == 0 && !g->check->metric->empty_ok &&
	       !err_set(g->reason, ERR_STATE, 0, "there is nothing to count");
}

static bool stop_age(const struct gate *g)
{
	if (g->fresh == TIME_NONE || g->found->at == TIME_NONE)
		return false;
	if (g->found->at > g->now + CLOCK_SLACK)
		return !err_set(g->reason, ERR_STATE, 0,
				"the data is from the future: the clock was set back");
	return g->now - g->found->at > g->fresh &&
	       !err_set(g->reason, ERR_STATE, 0,
			"the data is %jd minutes old, older than the limit of %jd",
			(intmax_t)((g->now - g->found->at) / TIME_MINUTE),
			(intmax_t)(g->fresh / TIME_MINUTE));
}

static bool stop_list(const struct gate *g)
{
	int64_t limit = g->check->list_age;

	if (limit == TIME_NONE)
		return false;
	if (g->found->list_at == TIME_NONE)
		return !err_set(g->reason, ERR_STATE, 0, "there is no list to go by");
	return g->now - g->found->list_at > limit &&
	       !err_set(g->reason, ERR_STATE, 0,
			"the list is %jd days old, older than the limit of %jd",
			(intmax_t)((g->now - g->found->list_at) / TIME_DAY),
			(intmax_t)(limit / TIME_DAY));
}

static bool (*const gates[])(const struct gate *g) = {
	stop_missing, stop_control, stop_unknown, stop_denominator, stop_list, stop_age,
};

/* --- comparing --- */

static bool holds(const struct check *c, double value)
{
	switch (c->compare) {
	case IS_GE:
		return value >= c->bound;
	case IS_LE:
		return value <= c->bound;
	case IS_EQ:
		return fabs(value - c->bound) < 1e-9;
	case IS_SHOWN:
		return false;
	}
	return false;
}

static void say_result(const struct metric_found *f, bool share, bool ok, struct err *reason)
{
	if (f->has_detail)
		*reason = f->detail;
	else if (share && f->of == 0)
		(void)err_set(reason, ERR_STATE, 0, "nothing was due");
	else if (f->of > 0)
		(void)err_set(reason, ERR_STATE, 0, "%jd of %jd", (intmax_t)f->n, (intmax_t)f->of);
	else if (ok)
		(void)err_set(reason, ERR_STATE, 0, "%jd, within the limit", (intmax_t)f->n);
	else
		(void)err_set(reason, ERR_STATE, 0, "%jd, outside the limit", (intmax_t)f->n);
}

static void compare(const struct check *check, const struct metric_found *f, struct judged *out)
{
	/* With nothing to count, and that being fine, every share of it is whole. */
	bool share = check->metric->unit == UNIT_SHARE;
	bool ok = (f->of == 0 && share) || holds(check, f->value);

	out->verdict = ok ? V_MET : V_FAILED;
	say_result(f, share, ok, &out->reason);
	if (ok && f->partial) {
		out->verdict = V_UNKNOWN;
		out->reason = f->partly;
	}
}

void check_judge(const struct check *check, const struct metric_found *found,
		 const struct control_state *control, int64_t now, struct judged *out)
{
	struct judged j = { .verdict = V_UNKNOWN,
			    .shown = check->compare == IS_SHOWN,
			    .age = TIME_NONE,
			    .fresh = check->fresh };

	if (check->metric != NULL && j.fresh == TIME_NONE && check->metric->fresh > 0)
		j.fresh = check->metric->fresh;
	const struct gate g = { check, found, control, now, j.fresh, &j.reason };

	if (found != NULL && found->known && found->at != TIME_NONE)
		j.age = now > found->at ? now - found->at : 0;
	for (size_t i = 0; i < COUNT(gates); i++)
		if (gates[i](&g)) {
			*out = j;
			return;
		}
	compare(check, found, &j);
	if (j.shown)
		j.verdict = V_UNKNOWN;
	*out = j;
}

enum verdict measure_combine(const struct judged *checks, size_t n, bool attested)
{
	size_t judged = 0, met = 0, failed = 0;

	for (size_t i = 0; i < n; i++) {
		if (checks[i].shown)
			continue;
		judged++;
		met += checks[i].verdict == V_MET;
		failed += checks[i].verdict == V_FAILED;
	}
	if (failed > 0)
		return V_FAILED;
	if (judged > 0 && met == judged)
		return V_MET;
	return attested ? V_ATTESTED : V_UNKNOWN;
}
