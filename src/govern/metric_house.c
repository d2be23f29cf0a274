/* SPDX-License-Identifier: Apache-2.0 */
/* metric_house.c - whether the watch itself stands: sources, rules, blind minutes, witness. */
#include "govern/metrics_int.h"

/* --- sources --- */

/* Of the current row (id, name, passed, failed): did the last control test pass in time? */
static bool passed(struct db_rows *r, int64_t since)
{
	int64_t ok = db_time(r, 2), bad = db_time(r, 3);

	return ok != TIME_NONE && ok >= since && (bad == TIME_NONE || bad < ok);
}

static void say_which(struct metric_found *out, const struct names *names)
{
	if (names->n == 0)
		return;
	out->has_detail = true;
	(void)err_set(&out->detail, ERR_STATE, 0, "%jd of %jd; not: %s", (intmax_t)out->n,
		      (intmax_t)out->of, names->text);
}

static bool none_required(struct metric_found *out)
{
	(void)err_set(&out->unknown, ERR_ABSENT, 0, "no source is marked as required");
	return true;
}

bool metric_sources_controlled(const struct metric_look *l, struct metric_found *out,
			       struct err *why)
{
	int64_t within = l->check->within == TIME_NONE ? TIME_DAY : l->check->within, n = 0, of = 0;
	struct names names = { .n = 0 };
	struct db_rows *r =
		db_query(l->db,
			 "SELECT s.source, coalesce(s.name, s.source),"
			 " (SELECT max(passed) FROM control_tests c WHERE c.kind = 'source'"
			 " AND c.subject = s.source),"
			 " (SELECT max(failed) FROM control_tests c WHERE c.kind = 'source'"
			 " AND c.subject = s.source) FROM source_settings s WHERE s.required = 1"
			 " ORDER BY s.source",
			 NULL, 0, why);

	for (; db_next(r); of++) {
		bool ok = passed(r, l->now - within);

		n += ok;
		if (!ok)
			metric_name_add(&names, db_text(r, 1));
	}
	if (!db_end(r, why))
		return false;
	if (of == 0)
		return none_required(out);
	metric_share(out, n, of, l->now);
	say_which(out, &names);
	return metric_shown_by(l->db, "control.passed", out, why);
}

static const struct json *source_of(const struct json *live, struct str id)
{
	const struct json *all = json_get(live, "sources");

	for (size_t i = 0; i < json_count(all); i++)
		if (str_eq(json_get_str(json_at(all, i), "id"), id))
			return json_at(all, i);
	return NULL;
}

static bool not_told(struct metric_found *out)
{
	(void)err_set(&out->unknown, ERR_ABSENT, 0, "the processes do not tell");
	return true;
}

bool metric_sources_alive(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	struct names names = { .n = 0 };
	int64_t n = 0, of = 0;

	if (!json_is_array(json_get(l->live, "sources")))
		return not_told(out);
	struct db_rows *r = db_query(l->db,
				     "SELECT source, coalesce(name, source) FROM source_settings"
				     " WHERE required = 1 ORDER BY source",
				     NULL, 0, why);

	for (; db_next(r); of++) {
		const struct json *s = source_of(l->live, db_text(r, 0));
		bool ok = str_eq(json_get_str(s, "state"), STR("live"));

		n += ok;
		if (!ok)
			metric_name_add(&names, db_text(r, 1));
	}
	if (!db_end(r, why))
		return false;
	if (of == 0)
		return none_required(out);
	metric_share(out, n, of, l->live_at);
	say_which(out, &names);
	return true;
}

bool metric_events_unparsed(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	const struct json *all = json_get(l->live, "sources");
	int64_t n = 0, of = 0, v;

	(void)why;
	if (!json_is_array(all))
		return not_told(out);
	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *s = json_at(all, i);

		n += json_int(json_get(s, "unparsed_today"), &v) ? v : 0;
		of += json_int(json_get(s, "stored_today"), &v) ? v : 0;
	}
	metric_share(out, n, of, l->live_at);
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
	metric_plain(out, n, span.at * TIME_MINUTE);
	return true;
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
	if (!db_number(l->db, "SELECT count(*) FROM blind_minutes WHERE minute > $1",
		       DB_VALS(V_INT(span.from)), &of, why) ||
	    !db_number(l->db,
		       "SELECT count(*) FROM blind_minutes WHERE minute > $1"
		       " AND hunted IS NOT NULL",
		       DB_VALS(V_INT(span.from)), &n, why))
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
	metric_plain(out, (l->now - at) / TIME_HOUR, at);
	return true;
}
