/* SPDX-License-Identifier: Apache-2.0 */
/* metric_duty.c - whether somebody was on duty, by the roster as it was entered beforehand. */
#include "govern/duty.h"
#include "govern/metrics_int.h"

enum { GAPS_MOST = 1500 };
static const int64_t handover = 10 *
				TIME_MINUTE; /* a gap up to this is one hand giving to the next */

static bool kept_since(const struct metric_look *l, int64_t from, struct metric_found *out,
		       bool *any, struct err *why)
{
	int64_t since;

	if (!shift_since(l->db, &since, why))
		return false;
	*any = since != TIME_NONE;
	if (!*any)
		(void)err_set(&out->unknown, ERR_ABSENT, 0, "there is no duty roster yet");
	out->partial = *any && since > from;
	if (out->partial)
		(void)err_set(&out->partly, ERR_STATE, 0,
			      "a duty roster has been kept for %jd minutes only",
			      (intmax_t)((l->now - since) / TIME_MINUTE));
	return true;
}

struct cover {
	int64_t within, lost, longest; /* lost: in gaps longer than a handover */
};

static bool cover_of(const struct metric_look *l, struct duty_span in, struct cover *c,
		     struct err *why)
{
	struct arena a = l->scratch;
	struct duty_span *gaps = NEW(&a, struct duty_span, GAPS_MOST);
	struct shifts s;

	if (!shift_list(l->db, &a, in.from, in.to, &s, why))
		return false;
	if (gaps == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	s.n = duty_as_entered(s.at, s.n);
	size_t n = duty_gaps(s.at, s.n, in, gaps, GAPS_MOST);
	for (size_t i = 0; i < n; i++) {
		int64_t len = gaps[i].to - gaps[i].from;

		c->longest = len > c->longest ? len : c->longest;
		c->lost += len > handover ? len : 0;
	}
	return true;
}

/* *any: there is a roster, and *c says what it covers. */
static bool look(const struct metric_look *l, struct metric_found *out, bool *any, struct cover *c,
		 struct err *why)
{
	int64_t within = l->check->within == TIME_NONE ? TIME_DAY : l->check->within;
	const struct duty_span in = { l->now - within, l->now };

	*c = (struct cover){ .within = within };
	if (!kept_since(l, in.from, out, any, why))
		return false;
	return !*any || (cover_of(l, in, c, why) && metric_shown_by(l->db, "duty.added", out, why));
}

bool metric_duty_covered(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	struct cover c;
	bool any;

	if (!look(l, out, &any, &c, why))
		return false;
	if (!any)
		return true;
	/* a minute that was not covered whole is none */
	metric_share(out, (c.within - c.lost) / TIME_MINUTE, c.within / TIME_MINUTE, l->now);
	out->has_detail = c.longest > handover;
	if (out->has_detail)
		(void)err_set(&out->detail, ERR_STATE, 0,
			      "%jd of %jd minutes; longest gap %jd minutes", (intmax_t)out->n,
			      (intmax_t)out->of, (intmax_t)(c.longest / TIME_MINUTE));
	return true;
}

bool metric_duty_gap(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	struct cover c;
	bool any;

	if (!look(l, out, &any, &c, why))
		return false;
	if (any) /* a minute that was begun counts whole */
		metric_plain(out, (c.longest + TIME_MINUTE - 1) / TIME_MINUTE, -1, l->now);
	return true;
}
