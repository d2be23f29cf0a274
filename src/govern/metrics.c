/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.c - the table of metrics. A new one is a row here and a query in its metric_*.c. */
#include "govern/metrics.h"

#include "govern/metrics_int.h"

#include <stdio.h>

#define MIN10 (10 * TIME_MINUTE)

/* clang-format off */
const struct metric metrics[] = {
	{ "alerts.acknowledged_in_time", MSG_ID("Alerts acknowledged in time"), UNIT_SHARE, MIN10,
	  MSG_ID("alerts whose time to acknowledge ended"), true, true, OF_SEVERITY,
	  metric_alerts_acknowledged, MSG_ID("Send a control test of the rules"), "rules", PARTS_OWN, true },
	{ "alerts.overdue", MSG_ID("Alerts past their clock"), UNIT_COUNT, MIN10,
	  MSG_ID("alerts whose clock runs"), true, true, OF_NONE,
	  metric_alerts_overdue, MSG_ID("Send a control test of the rules"), "rules", PARTS_OWN },
	{ "assets.without_system", MSG_ID("Machines without a system"), UNIT_COUNT, 7 * TIME_DAY,
	  MSG_ID("machines that are registered"), false, false, OF_NONE,
	  metric_assets_without_system, NULL, NULL, PARTS_OWN },
	{ "assets.unknown_addresses", MSG_ID("Addresses that send logs and are not registered"), UNIT_COUNT, TIME_DAY,
	  MSG_ID("addresses that sent logs"), false, false, OF_NONE,
	  metric_assets_unknown, NULL, NULL, PARTS_OWN },
	{ "duty.covered", MSG_ID("Minutes of duty covered"), UNIT_SHARE, MIN10,
	  MSG_ID("minutes of the last day"), false, false, OF_NONE,
	  metric_duty_covered, MSG_ID("Enter who is on duty"), "duty", PARTS_SAME },
	{ "duty.longest_gap", MSG_ID("Longest gap in the duty"), UNIT_MINUTES, MIN10,
	  NULL, false, false, OF_NONE,
	  metric_duty_gap, MSG_ID("Enter who is on duty"), "duty", PARTS_SAME },
	{ "sources.controlled", MSG_ID("Required sources whose control test passed"), UNIT_SHARE, MIN10,
	  MSG_ID("sources marked as required"), false, false, OF_NONE,
	  metric_sources_controlled, MSG_ID("Mark the sources that are required"), "sources", PARTS_OWN },
	{ "sources.alive", MSG_ID("Required sources that are heard"), UNIT_SHARE, MIN10,
	  MSG_ID("sources marked as required"), false, false, OF_NONE,
	  metric_sources_alive, MSG_ID("Mark the sources that are required"), "sources", PARTS_OWN },
	{ "events.unparsed", MSG_ID("Records of today that no reader understood"), UNIT_SHARE, MIN10,
	  MSG_ID("records stored today"), false, false, OF_NONE,
	  metric_events_unparsed, NULL, NULL, PARTS_OWN },
	{ "rules.can_fire", MSG_ID("Rules that can fire"), UNIT_SHARE, MIN10,
	  MSG_ID("rules that are loaded"), false, false, OF_NONE,
	  metric_rules_can_fire, NULL, NULL, PARTS_SAME },
	{ "blind.minutes", MSG_ID("Minutes in which canh was blind"), UNIT_MINUTES, MIN10,
	  MSG_ID("minutes that were noted"), false, true, OF_NONE,
	  metric_blind_minutes, NULL, NULL, PARTS_SAME },
	{ "blind.hunted", MSG_ID("Blind minutes that were hunted afterwards"), UNIT_SHARE, MIN10,
	  MSG_ID("minutes in which canh was blind"), false, true, OF_NONE,
	  metric_blind_hunted, NULL, NULL, PARTS_SAME },
	{ "ledger.witnessed", MSG_ID("Hours since a witness last took the ledger's head"), UNIT_HOURS, TIME_DAY,
	  NULL, false, false, OF_NONE,
	  metric_ledger_witnessed, MSG_ID("Name a witness for the ledger"), "ledger", PARTS_SAME },
	{ "infected.open", MSG_ID("Own addresses on the list of infected ones, not closed"), UNIT_COUNT, 35 * TIME_DAY,
	  NULL, false, true, OF_LIST,
	  metric_infected_open, MSG_ID("Import the national list and declare the own public ranges"), "lists", PARTS_NONE },
	{ "contacts.verified", MSG_ID("Contacts verified lately"), UNIT_SHARE, 0,
	  MSG_ID("contacts of the dispatch"), false, false, OF_NONE,
	  metric_contacts_verified, NULL, NULL, PARTS_SAME },
	{ "slip.days_to_presented", MSG_ID("Days from arrival to presentation"), UNIT_DAYS, 0,
	  NULL, false, false, OF_NONE,
	  metric_slip_to_presented, NULL, NULL, PARTS_SAME },
	{ "slip.working_days_to_presented", MSG_ID("Working days from arrival to presentation"), UNIT_DAYS, 0,
	  NULL, false, false, OF_NONE,
	  metric_slip_worked_to_presented, NULL, NULL, PARTS_SAME },
	{ "slip.days_issued_to_arrived", MSG_ID("Days from issue to arrival"), UNIT_DAYS, 0,
	  NULL, false, false, OF_NONE,
	  metric_slip_to_arrived, NULL, NULL, PARTS_SAME },
	{ "slip.filled", MSG_ID("Fields of the slip that are filled"), UNIT_SHARE, 0,
	  MSG_ID("fields of Decree 30/2020, annex VI"), false, false, OF_NONE,
	  metric_slip_filled, NULL, NULL, PARTS_SAME },
};
/* clang-format on */
const size_t n_metrics = COUNT(metrics);

const struct metric *metric_find(struct str name)
{
	for (size_t i = 0; i < n_metrics; i++)
		if (str_eq(name, str_of(metrics[i].name)))
			return &metrics[i];
	return NULL;
}

static bool alert_severity(struct str s)
{
	static const struct str all[] = { STR("critical"), STR("high"), STR("medium"), STR("low") };

	for (size_t i = 0; i < COUNT(all); i++)
		if (str_eq(s, all[i]))
			return true;
	return false;
}

bool metric_fits(const struct metric *m, const struct check *c, struct err *why)
{
	if (m->of == OF_SEVERITY ? !alert_severity(c->severity) : c->severity.n > 0)
		return err_set(why, ERR_INPUT, c->line, "'%s' and 'of: {severity: ...}' do not fit",
			       m->name);
	if (m->of == OF_LIST ? !str_eq(c->list, STR("infected")) : c->list.n > 0)
		return err_set(why, ERR_INPUT, c->line, "'%s' and 'of: {list: ...}' do not fit",
			       m->name);
	return c->limit == TIME_NONE || m->limited ||
	       err_set(why, ERR_INPUT, c->line, "'%s' and 'limit' do not fit", m->name);
}

const char *metric_unit_name(enum metric_unit u)
{
	static const char *const names[] = {
		[UNIT_SHARE] = MSG_ID("share"),     [UNIT_COUNT] = MSG_ID("count"),
		[UNIT_MINUTES] = MSG_ID("minutes"), [UNIT_DAYS] = MSG_ID("days"),
		[UNIT_HOURS] = MSG_ID("hours"),
	};

	return names[u];
}

/* --- what queries share --- */

void metric_share(struct metric_found *out, int64_t n, int64_t of, int64_t at)
{
	out->known = true;
	out->n = n;
	out->of = of;
	out->value = of > 0 ? (double)n / (double)of : 0;
	out->at = at;
}

void metric_plain(struct metric_found *out, int64_t n, int64_t of, int64_t at)
{
	out->known = true;
	out->n = n;
	out->of = of;
	out->value = (double)n;
	out->at = at;
}

bool metric_shown_by(struct db *db, const char *kind, struct metric_found *out, struct err *why)
{
	int64_t n;

	if (!db_number(db, "SELECT max(n) FROM ledger_entries WHERE kind = $1", DB_VALS(V_Z(kind)),
		       &n, why))
		return false;
	if (n > 0 && out->n_ledger < METRIC_LEDGER_MAX)
		out->ledger[out->n_ledger++] = n;
	return true;
}

void metric_name_add(struct names *names, struct str name)
{
	size_t room = sizeof names->text - names->len;
	int n = 0;

	if (names->n < NAMES_SHOWN)
		n = snprintf(names->text + names->len, room, "%s%.*s", names->n > 0 ? ", " : "",
			     (int)(name.n > 60 ? 60 : name.n), name.p);
	else if (names->n == NAMES_SHOWN)
		n = snprintf(names->text + names->len, room, " ...");
	if (n > 0)
		names->len += (size_t)n < room ? (size_t)n : room - 1;
	names->n++;
}
