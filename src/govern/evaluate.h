/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evaluate.h - from what metrics found to states, by rules that know no database. Pure.
 *
 * The gate that stands before every check: unknown where the control test of the rules failed or is
 * old, where the metric does not know, where its data is older than the freshness limit, where the
 * denominator is missing or empty, where the list behind it is too old. Only then it is compared.
 */
#ifndef GOVERN_EVALUATE_H
#define GOVERN_EVALUATE_H

#include "govern/metrics.h"

enum verdict { V_MET, V_FAILED, V_UNKNOWN, V_ATTESTED, V_NOT_APPLICABLE, VERDICTS };
extern const char *const verdict_names[VERDICTS];
int verdict_find(struct str name); /* -1: none */

/* How the control test of the rules stands. */
struct control_state {
	int64_t passed, failed; /* TIME_NONE: never */
	int64_t limit;          /* how old a passed one may be */
};

struct judged {
	enum verdict verdict; /* V_MET, V_FAILED or V_UNKNOWN */
	bool shown;           /* not judged: the verdict does not count */
	struct err reason;
	int64_t age, fresh; /* µs; TIME_NONE: it does not age, no limit */
};

/* `found` may be NULL where check->metric is. */
void check_judge(const struct check *check, const struct metric_found *found,
		 const struct control_state *control, int64_t now, struct judged *out);

/* Of the checks of a measure, shown ones left out; no check is unknown. `attested`: somebody vouches. */
enum verdict measure_combine(const struct judged *checks, size_t n, bool attested);

#endif
