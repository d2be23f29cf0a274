/* SPDX-License-Identifier: Apache-2.0 */
/* metric_sources.c - the sources that must be heard: alive, their way in proved, their records read. */
#include "govern/metrics_int.h"

static const struct json *source_of(const struct json *live, struct str id)
{
	const struct json *all = json_get(live, "sources");

	for (size_t i = 0; i < json_count(all); i++)
		if (str_eq(json_get_str(json_at(all, i), "id"), id))
			return json_at(all, i);
	return NULL;
}

bool required_each(const struct metric_look *look, required_fn *fn, void *ctx, struct err *why)
{
	struct db_rows *r =
		db_query(look->db,
			 "SELECT source, coalesce(name, ''), assigned = 1 AND " IN_SCOPE(
				 "unit", "site", "$1", "$2") " FROM source_settings"
							     " WHERE required = 1 ORDER BY source",
			 DB_VALS(SCOPE_VALS(&look->scope)), why);
	bool part = !scope_is_whole(&look->scope);

	while (db_next(r)) {
		struct str id = db_text(r, 0), name = db_text(r, 1);
		const struct json *s = source_of(look->live, id);

		if (part && s == NULL && db_int(r, 2) == 0)
			continue; /* another's */
		if (name.n == 0)
			name = json_get_str(s, "name");
		fn(ctx, name.n > 0 ? name : id, s);
	}
	return db_end(r, why);
}

/* What was found of the required ones; switched off as planned: neither asked nor counted. */
struct tally {
	int64_t since; /* a proof must not be older */
	int64_t required, n, of;
	struct names off, bad, open;
};

static bool is(const struct json *s, const char *key, const char *want)
{
	return str_eq(json_get_str(s, key), str_of(want));
}

static void say_which(struct metric_found *out, const struct tally *t)
{
	const char *names = t->bad.n > 0 ? t->bad.text : t->open.text;

	out->has_detail = t->bad.n + t->open.n + t->off.n > 0;
	if (t->bad.n + t->open.n > 0 && t->off.n > 0)
		(void)err_set(&out->detail, ERR_STATE, 0, "%jd of %jd; not: %s; switched off: %s",
			      (intmax_t)t->n, (intmax_t)t->of, names, t->off.text);
	else if (t->bad.n + t->open.n > 0)
		(void)err_set(&out->detail, ERR_STATE, 0, "%jd of %jd; not: %s", (intmax_t)t->n,
			      (intmax_t)t->of, names);
	else if (t->off.n > 0)
		(void)err_set(&out->detail, ERR_STATE, 0, "%jd of %jd; switched off: %s",
			      (intmax_t)t->n, (intmax_t)t->of, t->off.text);
}

/* Is there anything to say? Else *out is unknown, with the reason. */
static bool countable(const struct tally *t, struct metric_found *out)
{
	if (t->required == 0)
		return err_set(&out->unknown, ERR_ABSENT, 0, "no source is marked as required");
	if (t->of > 0)
		return true;
	out->todo = MSG_ID("Look whether the sources that are switched off still are");
	return err_set(&out->unknown, ERR_STATE, 0, "all required sources are switched off: %s",
		       t->off.text);
}

static bool not_told(struct metric_found *out)
{
	(void)err_set(&out->unknown, ERR_ABSENT, 0, "the processes do not tell");
	return true;
}

static void count_proved(void *ctx, struct str name, const struct json *s)
{
	const struct json *control = json_get(s, "control");
	struct tally *t = ctx;
	int64_t at = TIME_NONE;
	bool zone;

	t->required++;
	if (is(s, "state", "off")) {
		metric_name_add(&t->off, name);
		return;
	}
	t->of++;
	if (!time_parse_rfc3339(json_get_str(control, "last_passed"), &at, &zone))
		at = TIME_NONE;
	if (is(control, "state", "passed") && at >= t->since)
		t->n++;
	else
		metric_name_add(is(control, "state", "failed") ? &t->bad : &t->open, name);
}

bool metric_sources_controlled(const struct metric_look *l, struct metric_found *out,
			       struct err *why)
{
	int64_t within = l->check->within == TIME_NONE ? TIME_DAY : l->check->within;
	struct tally t = { .since = l->now - within };

	if (!json_is_array(json_get(l->live, "sources")))
		return not_told(out);
	if (!required_each(l, count_proved, &t, why))
		return false;
	if (!countable(&t, out))
		return true;
	if (t.bad.n == 0 && t.open.n > 0) {
		out->todo = MSG_ID("Have the required sources prove their way here");
		(void)err_set(
			&out->unknown, ERR_STATE, 0,
			"%jd of %jd; not proved lately: %s; the reason stands with the source",
			(intmax_t)t.n, (intmax_t)t.of, t.open.text);
		return true;
	}
	metric_share(out, t.n, t.of, l->live_at);
	say_which(out, &t);
	return metric_shown_by(l->db, "control.passed", out, why);
}

static void count_alive(void *ctx, struct str name, const struct json *s)
{
	struct tally *t = ctx;

	t->required++;
	if (is(s, "state", "off")) {
		metric_name_add(&t->off, name);
		return;
	}
	t->of++;
	if (is(s, "state", "live"))
		t->n++;
	else
		metric_name_add(is(s, "state", "unknown") ? &t->open : &t->bad, name);
}

bool metric_sources_alive(const struct metric_look *l, struct metric_found *out, struct err *why)
{
	struct tally t = { .n = 0 };

	if (!json_is_array(json_get(l->live, "sources")))
		return not_told(out);
	if (!required_each(l, count_alive, &t, why))
		return false;
	if (!countable(&t, out))
		return true;
	if (t.bad.n == 0 && t.open.n > 0) {
		(void)err_set(&out->unknown, ERR_STATE, 0,
			      "it is not known when these count as silent: %s", t.open.text);
		out->todo = MSG_ID("Mend content/silence.yaml");
		return true;
	}
	metric_share(out, t.n, t.of, l->live_at);
	say_which(out, &t);
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
