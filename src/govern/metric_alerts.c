/* SPDX-License-Identifier: Apache-2.0 */
/* metric_alerts.c - how alerts were worked, from the alerts of the state. Exercises do not count. */
#include "govern/metrics_int.h"

#include "state/state.h"

#include <stdio.h>

enum { CLOCKS_MAX = 4096 };
#define OURS(u, s) " AND " IN_SCOPE("unit", "site", u, s)
#define CLOCKS_END (3650 * TIME_DAY) /* no clock runs for so long */

/* Is there a clock for acknowledging alerts of that severity? */
static bool has_clock(const struct metric_look *l, bool *out, struct err *why)
{
	struct arena scratch = l->scratch;
	struct json *clocks = NULL;
	char severity[32];
	struct str text;
	int64_t t;

	*out = false;
	if (!state_setting(l->db, &scratch, "clocks", &text, why))
		return false;
	if (text.n == 0)
		return true;
	if (!json_parse(text, CLOCKS_MAX, &clocks, why))
		return false;
	snprintf(severity, sizeof severity, "%.*s", STR_ARG(l->check->severity));
	*out = json_int(json_get(json_get(clocks, "acknowledge"), severity), &t);
	json_free(clocks);
	return true;
}

/* By the limit of the check, whatever clock the alert has: a clock that was set longer does not help. */
static bool count_limited(const struct metric_look *l, int64_t since, int64_t *n, int64_t *of,
			  struct err *why)
{
	const struct db_val vals[] = { V_TEXT(l->check->severity), V_TIME(since - l->check->limit),
				       V_TIME(l->now - l->check->limit), SCOPE_VALS(&l->scope) };
	const struct db_val done[] = { vals[0], vals[1], vals[2],
				       vals[3], vals[4], V_INT(l->check->limit) };

	return db_number(l->db,
			 "SELECT count(*) FROM alerts WHERE severity = $1 AND opened > $2"
			 " AND opened <= $3 AND exercise = 0" OURS("$4", "$5"),
			 vals, COUNT(vals), of, why) &&
	       db_number(l->db,
			 "SELECT count(*) FROM alerts WHERE severity = $1 AND opened > $2"
			 " AND opened <= $3 AND exercise = 0" OURS(
				 "$4", "$5") " AND acknowledge_done <= opened + $6",
			 done, COUNT(done), n, why);
}

static bool count(const struct metric_look *l, int64_t since, int64_t *n, int64_t *of,
		  struct err *why)
{
	if (l->check->limit != TIME_NONE)
		return count_limited(l, since, n, of, why);
	const struct db_val vals[] = { V_TEXT(l->check->severity), V_TIME(since), V_TIME(l->now),
				       SCOPE_VALS(&l->scope) };

	return db_number(l->db,
			 "SELECT count(*) FROM alerts WHERE severity = $1 AND acknowledge_due > $2"
			 " AND acknowledge_due <= $3 AND exercise = 0" OURS("$4", "$5"),
			 vals, COUNT(vals), of, why) &&
	       db_number(l->db,
			 "SELECT count(*) FROM alerts WHERE severity = $1 AND acknowledge_due > $2"
			 " AND acknowledge_due <= $3 AND exercise = 0" OURS(
				 "$4", "$5") " AND acknowledge_done <= acknowledge_due",
			 vals, COUNT(vals), n, why);
}

bool metric_alerts_acknowledged(const struct metric_look *l, struct metric_found *out,
				struct err *why)
{
	int64_t within = l->check->within == TIME_NONE ? TIME_DAY : l->check->within, n, of;
	bool clock = l->check->limit != TIME_NONE;

	if (!clock && !has_clock(l, &clock, why))
		return false;
	if (!clock) {
		(void)err_set(&out->unknown, ERR_ABSENT, 0,
			      "there is no clock for alerts of that severity");
		return true;
	}
	if (!count(l, l->now - within, &n, &of, why))
		return false;
	metric_share(out, n, of, l->now);
	return metric_shown_by(l->db, "control.passed", out, why);
}

bool alerts_overdue(struct db *db, const struct scope *scope, int64_t before, int64_t *n,
		    struct err *why)
{
	/* the index of facets holds all that is asked for */
	static const char whole[] =
		"SELECT count(*) FROM alerts WHERE state IN ('new', 'acknowledged', 'verified_true',"
		" 'verified_false') AND severity IN ('critical', 'high', 'medium', 'low',"
		" 'informational') AND exercise = 0 AND urgency < $1";
	static const char part[] =
		"SELECT coalesce(sum((SELECT count(*) FROM alerts WHERE " OF_HOME
		" AND urgency < $1)), 0) FROM alert_counts h WHERE " OPEN_HOMES("$2", "$3");

	if (scope_is_whole(scope))
		return db_number(db, whole, DB_VALS(V_TIME(before)), n, why);
	return db_number(db, part, DB_VALS(V_TIME(before), SCOPE_VALS(scope)), n, why);
}

bool metric_alerts_overdue(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	int64_t n, of;

	/* By clock, what is overdue stands before now and everything else behind (respond/); what has no
	 * clock far behind. */
	if (!alerts_overdue(l->db, &l->scope, l->now, &n, why) ||
	    !alerts_overdue(l->db, &l->scope, l->now + CLOCKS_END, &of, why))
		return false;
	metric_plain(out, n, of, l->now);
	return metric_shown_by(l->db, "control.passed", out, why);
}
