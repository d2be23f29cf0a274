/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metrics.c - the same figures for Prometheus, in its text format 0.0.4.
 */
#include "base/time.h"
#include "respond/alert.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"
#include "web/reach_int.h"
#include "web/stream_int.h"

#include <inttypes.h>

/* A label's value: backslash, quote and line end escaped. */
static void label(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n') {
			buf_add(out, STR("\\n"));
			continue;
		}
		if (s.p[i] == '\\' || s.p[i] == '"')
			buf_char(out, '\\');
		buf_char(out, s.p[i]);
	}
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void one(struct buf *out, const char *name, const char *type, const char *help, int64_t n)
{
	head(out, name, type, help);
	buf_printf(out, "%s %" PRId64 "\n", name, n);
}

static void source_labels(struct buf *out, const char *name, const struct json *source)
{
	buf_printf(out, "%s{source=\"", name);
	label(out, json_get_str(source, "id"));
	buf_add(out, STR("\",name=\""));
	label(out, json_get_str(source, "name"));
	buf_add(out, STR("\",kind=\""));
	label(out, json_get_str(source, "kind"));
}

/* One figure of each source, by the member of that name; of a name that ends in _total, a counter. */
static void of_sources(struct buf *out, const struct json *live, const char *member,
		       const char *name, const char *help)
{
	const struct json *sources = json_get(live, "sources");
	int64_t n;

	bool counts = str_ends(str_of(name), STR("_total"));

	head(out, name, counts ? "counter" : "gauge", help);
	for (size_t i = 0; i < json_count(sources); i++) {
		const struct json *s = json_at(sources, i);

		if (!json_int(json_get(s, member), &n))
			continue;
		source_labels(out, name, s);
		buf_printf(out, "\"} %" PRId64 "\n", n);
	}
}

static void dropped(struct buf *out, const struct json *live)
{
	static const char name[] = "canh_source_dropped_total";
	const struct json *sources = json_get(live, "sources"), *value;

	head(out, name, "counter", "Records that were not stored, by reason.");
	for (size_t i = 0; i < json_count(sources); i++) {
		const struct json *s = json_at(sources, i);
		const void *at = NULL;
		struct str reason;
		int64_t n;

		while ((at = json_next(json_get(s, "dropped"), at, &reason, &value)) != NULL) {
			if (!json_int(value, &n))
				continue;
			source_labels(out, name, s);
			buf_add(out, STR("\",reason=\""));
			label(out, reason);
			buf_printf(out, "\"} %" PRId64 "\n", n);
		}
	}
}

static void processes(struct buf *out, const struct json *live)
{
	const struct json *value;
	const void *at = NULL;
	struct str name;

	head(out, "canh_process_up", "gauge", "Whether a process runs.");
	while ((at = json_next(json_get(live, "processes"), at, &name, &value)) != NULL) {
		buf_add(out, STR("canh_process_up{process=\""));
		label(out, name);
		buf_printf(out, "\"} %d\n", str_eq(json_str(value), STR("running")));
	}
}

static void self(struct buf *out, const struct json *live)
{
	static const char *const states[] = { "loaded", "refused", "can_fire" };
	const struct json *self = json_get(live, "self"), *rules = json_get(self, "rules");
	int64_t n;

	if (json_int(json_get(self, "disk_free_bytes"), &n))
		one(out, "canh_disk_free_bytes", "gauge", "Free bytes where the data lies.", n);
	head(out, "canh_rules", "gauge", "Detection rules by what became of them.");
	for (size_t i = 0; i < COUNT(states); i++)
		if (json_int(json_get(rules, states[i]), &n))
			buf_printf(out, "canh_rules{state=\"%s\"} %" PRId64 "\n", states[i], n);
}

/* Counted anew when the process that matches was started again. */
static void correlations(struct buf *out, const struct json *live)
{
	static const struct {
		const char *metric, *help, *what[2][2];
	} rows[] = {
		{ "canh_correlation_evicted_total",
		  "What correlations let go for want of room.",
		  { { "groups", "evicted_groups" }, { "matches", "evicted_matches" } } },
		{ "canh_correlation_late_total",
		  "What correlations did not judge because it came late.",
		  { { "matches", "late_matches" }, { "windows", "unlooked_windows" } } },
	};
	const struct json *rules = json_get(json_get(live, "self"), "rules");
	int64_t n;

	for (size_t i = 0; i < COUNT(rows); i++) {
		head(out, rows[i].metric, "counter", rows[i].help);
		for (size_t k = 0; k < 2; k++)
			if (json_int(json_get(rules, rows[i].what[k][1]), &n))
				buf_printf(out, "%s{what=\"%s\"} %" PRId64 "\n", rows[i].metric,
					   rows[i].what[k][0], n);
	}
}

static void certificate(struct buf *out, const struct json *live)
{
	struct str end = json_get_str(json_get(json_get(live, "self"), "certificate"),
				      "expires_at");
	bool zone;
	int64_t at;

	if (time_parse_rfc3339(end, &at, &zone))
		one(out, "canh_certificate_expiry_timestamp_seconds", "gauge",
		    "When the certificate of HTTPS ends.", at / TIME_SECOND);
}

static void total(struct buf *out, const char *name, const char *key, const struct alert_total *n)
{
	for (size_t i = 0; i < ALERT_TOTALS; i++)
		buf_printf(out, "%s{%s=\"%.*s\"} %" PRId64 "\n", name, key, STR_ARG(n[i].name),
			   n[i].n);
}

static bool alerts(struct call *c, struct buf *out, struct err *why)
{
	struct alert_totals n;

	if (!alert_totals(call_db(c), &c->who.scope, &n, why))
		return false;
	head(out, "canh_alerts", "gauge", "Alerts by state, exercises left out.");
	total(out, "canh_alerts", "state", n.state);
	head(out, "canh_alerts_open", "gauge", "Alerts that are not handled, by severity.");
	total(out, "canh_alerts_open", "severity", n.open);
	return true;
}

static void http(struct buf *out, struct web *web)
{
	one(out, "canh_http_connections", "gauge", "Open connections.", conns_count(web->conns));
	one(out, "canh_http_streams", "gauge", "Open event streams.", stream_count(web->stream));
	head(out, "canh_http_requests_total", "counter", "Answers by class of status.");
	for (unsigned i = 1; i < STATUS_CLASSES; i++)
		buf_printf(out, "canh_http_requests_total{code=\"%uxx\"} %" PRIu64 "\n", i,
			   (uint64_t)atomic_load(&web->answered[i]));
}

static bool write_all(struct call *c, const struct json *live, struct err *why)
{
	struct buf *out;

	reply_json(c, 200);
	c->reply.type = "text/plain; version=0.0.4; charset=utf-8";
	out = &c->reply.body;
	one(out, "canh_ready", "gauge", "Whether everything is up.",
	    json_bool(json_get(live, "ready"), false));
	processes(out, live);
	of_sources(out, live, "received", "canh_source_received_total", "Records that arrived.");
	of_sources(out, live, "stored", "canh_source_stored_total", "Records on disk.");
	of_sources(out, live, "unparsed", "canh_source_unparsed_total", "Records no reader knew.");
	of_sources(out, live, "pending", "canh_source_pending",
		   "Records on their way to the disk.");
	dropped(out, live);
	self(out, live);
	correlations(out, live);
	certificate(out, live);
	http(out, c->web);
	return alerts(c, out, why);
}

bool metrics_get(struct call *c, struct err *why)
{
	struct buf text;
	struct json *live = NULL;
	bool ok = reach_live(c, &text, why);

	if (ok && !json_parse(buf_str(&text), text.max, &live, NULL))
		live = NULL;
	buf_free(&text);
	ok = ok && write_all(c, live, why);
	json_free(live);
	return ok;
}
