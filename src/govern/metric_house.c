/* SPDX-License-Identifier: Apache-2.0 */
/* metric_house.c - whether the watch itself stands: rules, blind minutes, witness. */
#include "govern/metrics_int.h"
#include "govern/silence.h"

static bool not_told(struct metric_found *out)
{
	(void)err_set(&out->unknown, ERR_ABSENT, 0, "the processes do not tell");
	return true;
}

bool metric_rules_can_fire(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	const struct json *rules = json_get(json_get(l->live, "self"), "rules");
	int64_t n, of;

	(void)why;
	if (!json_int(json_get(rules, "can_fire"), &n) || !json_int(json_get(rules, "loaded"), &of))
		return not_told(out);
	metric_share(out, n, of, l->live_at);
	return true;
}

/* --- blind minutes --- */

/* The part of the last `within` of which minutes were noted, in minutes since 1970. */
struct noted {
	bool any;
	int64_t from, at;
	int64_t counted; /* minutes of it that were noted */
};

static bool noted(const struct metric_look *l, int64_t within, struct noted *n,
		  struct metric_found *out, struct err *why)
{
	int64_t since, now = l->now / TIME_MINUTE;

	if (!blind_span(l->db, l->scratch, &since, &n->at, why))
		return false;
	n->from = now - within / TIME_MINUTE;
	n->any = since > 0;
	if (!n->any)
		(void)err_set(&out->unknown, ERR_ABSENT, 0, "blind minutes are not noted yet");
	n->counted = now - (since > n->from ? since : n->from);
	out->partial = since > n->from;
	if (out->partial)
		(void)err_set(&out->partly, ERR_STATE, 0,
			      "blind minutes have been noted for %jd minutes only",
			      (intmax_t)(now - since));
	return true;
}

bool metric_blind_minutes(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	int64_t within = l->check->within == TIME_NONE ? TIME_DAY : l->check->within, n;
	struct noted span;

	if (!noted(l, within, &span, out, why))
		return false;
	if (!span.any)
		return true;
	if (!db_number(l->db, "SELECT count(*) FROM blind_minutes WHERE minute > $1",
		       DB_VALS(V_INT(span.from)), &n, why))
		return false;
	metric_plain(out, n, span.counted, span.at * TIME_MINUTE);
	return true;
}

/* Minutes from before that must be hunted by now: senders get their time to hand in, and as long again. */
static int64_t hunt_due(const struct metric_look *l)
{
	struct silence s;

	return silence_get(l->db, l->scratch, &s, NULL) ? l->now - 2 * s.hunt_after : l->now;
}

bool metric_blind_hunted(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	int64_t within = l->check->within == TIME_NONE ? 7 * TIME_DAY : l->check->within;
	struct noted span;
	int64_t n, of;

	if (!noted(l, within, &span, out, why))
		return false;
	if (!span.any)
		return true;
	out->partial = false; /* what was noted is what can be hunted */
	const struct db_val vals[] = { V_INT(span.from), V_INT(hunt_due(l) / TIME_MINUTE) };
	if (!db_number(l->db,
		       "SELECT count(*) FROM blind_minutes WHERE minute > $1 AND minute < $2", vals,
		       COUNT(vals), &of, why) ||
	    !db_number(l->db,
		       "SELECT count(*) FROM blind_minutes WHERE minute > $1 AND minute < $2"
		       " AND hunted IS NOT NULL",
		       vals, COUNT(vals), &n, why))
		return false;
	metric_share(out, n, of, span.at * TIME_MINUTE);
	return true;
}

/* --- witness --- */

bool metric_ledger_witnessed(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	int64_t at;

	if (!db_number(l->db, "SELECT max(at) FROM witness_heads WHERE ok = 1", NULL, 0, &at, why))
		return false;
	if (at == 0) {
		(void)err_set(&out->unknown, ERR_ABSENT, 0,
			      "no witness has taken the head of the ledger yet");
		return true;
	}
	metric_plain(out, (l->now - at) / TIME_HOUR, -1, at);
	return true;
}
