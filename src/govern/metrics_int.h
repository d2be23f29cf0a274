/* SPDX-License-Identifier: Apache-2.0 */
/* metrics_int.h - the queries that the table of metrics names, by the file they stand in. */
#ifndef GOVERN_METRICS_INT_H
#define GOVERN_METRICS_INT_H

#include "govern/metrics.h"

typedef bool metric_query(const struct metric_look *l, struct metric_found *out, struct err *why);

/* metric_alerts.c */
metric_query metric_alerts_acknowledged, metric_alerts_overdue;
/* metric_assets.c */
metric_query metric_assets_without_system, metric_assets_unknown;
/* metric_house.c */
metric_query metric_rules_can_fire, metric_blind_minutes, metric_blind_hunted,
	metric_ledger_witnessed;
/* metric_duty.c */
metric_query metric_duty_covered, metric_duty_gap;
/* metric_sources.c */
metric_query metric_sources_controlled, metric_sources_alive, metric_events_unparsed;

/* Call for each source that is marked as required; `s` is what watch tells of it, NULL: nothing. Of a part
 * those that `live` names, and those that were assigned to it. */
typedef void required_fn(void *ctx, struct str name, const struct json *s);
MUST_USE bool required_each(const struct metric_look *look, required_fn *fn, void *ctx,
			    struct err *why);
/* metric_paper.c */
metric_query metric_infected_open, metric_contacts_verified, metric_slip_to_arrived,
	metric_slip_to_presented, metric_slip_worked_to_presented, metric_slip_filled;

/* Set *out: n of `of` as a share (of >= 0); or n as it is, of so many (-1: of nothing that is counted). */
void metric_share(struct metric_found *out, int64_t n, int64_t of, int64_t at);
void metric_plain(struct metric_found *out, int64_t n, int64_t of, int64_t at);
/* The newest ledger entry of a kind shows it. */
MUST_USE bool metric_shown_by(struct db *db, const char *kind, struct metric_found *out,
			      struct err *why);

/* Alerts whose clock ended before `before`, exercises aside; what is handled has none. */
MUST_USE bool alerts_overdue(struct db *db, const struct scope *scope, int64_t before, int64_t *n,
			     struct err *why);
/*
 * In SQL: the rows h of alert_counts with open alerts in the scope of (u, s), exercises aside, and the
 * condition for the alerts of such a row, which the index alerts_home_clock has in the order of their
 * clocks: with the scope asked of each alert, a tenth of a million takes a third of a second. (|| '':
 * else SQLite gives the expression the affinity of h.site, and no index.)
 */
#define OPEN_HOMES(u, s)                                                                           \
	"h.state <> 'handled' AND h.exercise = 0 AND h.n > 0 AND " IN_SCOPE("h.unit", "h.site", u, \
									    s)
#define OF_HOME                                                                                \
	"unit = h.unit AND coalesce(site, '') = h.site || '' AND state = h.state AND severity" \
	" = h.severity AND exercise = 0"

/* Names for a detail: "a, b, c ..." */
enum { NAMES_SHOWN = 3 };
struct names {
	char text[256];
	size_t n, len;
};
void metric_name_add(struct names *names, struct str name);

/* Since when and up to when minutes are being noted; 0, 0: never. In minutes since 1970. */
MUST_USE bool blind_span(struct db *db, struct arena scratch, int64_t *since, int64_t *at,
			 struct err *why);

/* The newest list of kind infected in use, as the board names it; id "" when there is none. */
struct national_list {
	char id[64], name[256], month[16];
	int64_t at;      /* how old what it says is */
	int64_t checked; /* own ranges held against it; TIME_NONE: not yet */
	int64_t ranges;
	int64_t ranges_changed; /* TIME_NONE: never declared */
};
MUST_USE bool national_list_get(struct db *db, struct national_list *out, struct err *why);

#endif
