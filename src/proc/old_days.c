/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/old_days.h"

#include "base/log.h"
#include "proc/held.h"
#include "store/day.h"

static void gone(void *ctx, const struct store_day *day, const char *reason)
{
	const struct pipeline_calls *calls = ctx;
	char text[TIME_TEXT_MAX];

	log_warn("the day %s was taken out of the store (%s), %lld bytes",
		 day_text(day->root.day, text), reason, (long long)day->size);
	if (calls->gone != NULL)
		calls->gone(calls->ctx, text, reason);
}

static bool held(void *ctx, int32_t day)
{
	const struct pipeline_calls *calls = ctx;

	return calls->held != NULL && held_is(calls->held, day);
}

void old_days_go(struct store *s, const struct pipeline_calls *calls)
{
	struct pipeline_calls own = { .ctx = calls->ctx, .gone = calls->gone, .held = calls->held };
	struct store_policy policy = {
		.keep_days = __atomic_load_n(&calls->keep_days, __ATOMIC_RELAXED),
		.min_free_bytes = __atomic_load_n(&calls->min_free_bytes, __ATOMIC_RELAXED),
		.held = held,
		.gone = gone,
		.ctx = &own,
	};
	struct err why = { 0 };

	if (calls->held != NULL && !held_known(calls->held, false)) {
		policy.keep_days = 0;
		if (!held_known(calls->held, true))
			policy.min_free_bytes = 0; /* none goes; only the reserve is kept */
	}
	if (!store_expire(s, &policy, &why))
		log_warn("old days: %s", why.text);
}
