/* SPDX-License-Identifier: Apache-2.0 */
/* Measures on a real state: nothing is met by default, what is met says by what. */
#include "govern/govern.h"

#include "govern/board.h"
#include "govern/calendar.h"
#include "govern/house_test.h"
#include "govern/metrics_int.h"
#include "govern/result_int.h"
#include "state/ledger.h"
#include "state/state.h"

/* --- nothing is met by default --- */

static void nothing_met(const char *when)
{
	for (size_t i = 0; i < d->n_measures; i++) {
		char id[64];

		snprintf(id, sizeof id, "%.*s", STR_ARG(d->measures[i].id));
		struct json *m = measure(id);
		const struct json *e = json_get(m, "evidence");

		CHECK(when, !str_eq(json_get_str(m, "state"), STR("met")));
		CHECK(when, json_get_str(json_get(m, "reason"), "vi").n > 0);
		for (size_t k = 0; k < json_count(e); k++)
			if (!CHECK(when, !str_eq(json_get_str(json_at(e, k), "state"), STR("met"))))
				printf("  %s %.*s\n", id,
				       STR_ARG(json_get_str(json_at(e, k), "metric")));
		json_free(m);
	}
}

static void empty(void)
{
	nothing_met("never evaluated");
	CHECK("never evaluated", state_is("1.b", "unknown"));
	live[0] = '\0';
	CHECK("first look", tick() == d->n_measures);
	nothing_met("empty state");
	CHECK("again, nothing new", tick() == 0);
	CHECK("one row each",
	      number("SELECT count(*) FROM measure_evaluations") == (int64_t)d->n_measures);
	CHECK("in the ledger", number("SELECT count(*) FROM ledger_entries"
				      " WHERE kind = 'measure.changed'") == (int64_t)d->n_measures);
	CHECK("contacts of 2023", state_is("3", "failed"));
	CHECK("named", check_is("3", "contacts.verified", "failed", "29/12/2023"));
	CHECK("own contact", check_is("3", "contacts.own", "unknown", "not declared"));
	CHECK("assets",
	      check_is("1.a", "assets.without_system", "unknown", "no machine is registered"));
	CHECK("no clock", check_is("1.b", "alerts.overdue", "unknown", "control test"));
	CHECK("slip", check_is("slip", "slip.days_issued_to_arrived", "not_applicable", "7"));
	CHECK("slip", state_is("slip", "unknown"));
	snprintf(live, sizeof live, "{\"sources\":[],\"self\":{}}");
	tick();
	nothing_met("empty live");
}

/* --- metric by metric --- */

static void put_test(const char *kind, const char *subject, int64_t passed, int64_t failed)
{
	char unit[UUID_MAX], id[UUID_MAX];

	CHECK("unit", state_unit(db, unit, NULL));
	CHECK("test",
	      db_run(db,
		     "INSERT INTO control_tests (id, unit, kind, subject, sent, due, passed,"
		     " failed) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
		     DB_VALS(V_Z(uuid_new(id)), V_Z(unit), V_Z(kind), V_Z(subject),
			     V_TIME(now - TIME_HOUR), V_TIME(passed), V_TIME(failed)),
		     NULL));
}

static void put_alert(const char *severity, int64_t due, int64_t done, bool exercise)
{
	static int64_t n;
	char unit[UUID_MAX], id[UUID_MAX];

	n++;
	CHECK("unit", state_unit(db, unit, NULL));
	CHECK("alert",
	      db_run(db,
		     "INSERT INTO alerts (id, number, unit, state, severity, group_key, title_vi,"
		     " title_en, rule, rule_title, rule_level, rule_kind, tags_json, matched, count,"
		     " first_seen, last_seen, exercise, channel, opened, acknowledge_due,"
		     " acknowledge_done, changed, urgency) VALUES ($1, $2, $3, 'new', $4, $1, 'v',"
		     " 'e', 'r', 't', 'high', 'sigma', '[]', '', 1, 0, 0, $5, 'rule', $9, $6, $7, 0,"
		     " $8)",
		     DB_VALS(V_Z(uuid_new(id)), V_INT(n), V_Z(unit), V_Z(severity), V_INT(exercise),
			     V_TIME(due), V_TIME(done),
			     V_INT(done == TIME_NONE ? due : INT64_C(2000000000000000000)),
			     V_TIME(due - (severity[0] == 'c' ? 15 : 60) * TIME_MINUTE)),
		     NULL));
	CHECK("counted",
	      db_run(db,
		     "INSERT INTO alert_counts (unit, site, state, severity, exercise, n) VALUES"
		     " ($1, '', 'new', $2, $3, 1) ON CONFLICT DO UPDATE SET n = n + 1",
		     DB_VALS(V_Z(unit), V_Z(severity), V_INT(exercise)), NULL));
}

static void alerts(void)
{
	const char *critical = "alerts.acknowledged_in_time:critical";

	CHECK("never looked", check_is("1.b", critical, "unknown", ""));
	tick();
	CHECK("no control", check_is("1.b", critical, "unknown", "control test"));
	put_test("rules", "", now - TIME_HOUR, TIME_NONE);
	tick();
	CHECK("nothing due", check_is("1.b", critical, "met", "nothing was due"));
	CHECK("none overdue", check_is("1.b", "alerts.overdue", "met", ""));
	put_alert("critical", now - TIME_HOUR, now - 2 * TIME_HOUR, false);
	put_alert("critical", now - 2 * TIME_DAY, now, false);
	put_alert("high", now - TIME_HOUR, TIME_NONE, true);
	tick();
	CHECK("in time", check_is("1.b", critical, "met", "1 of 1"));
	CHECK("an exercise is none", check_is("1.b", "alerts.overdue", "met", ""));
	put_alert("critical", now - TIME_MINUTE, TIME_NONE, false);
	tick();
	CHECK("late", check_is("1.b", critical, "failed", "1 of 2"));
	CHECK("overdue", check_is("1.b", "alerts.overdue", "failed", "1"));
	CHECK("fails as a whole", state_is("1.b", "failed"));
	sql("UPDATE alerts SET acknowledge_due = acknowledge_due + 3600000000,"
	    " urgency = urgency + 3600000000;");
	tick();
	CHECK("a longer clock does not help", check_is("1.b", critical, "failed", "1 of 2"));
	CHECK("though by its clock nothing is late",
	      check_is("1.b", "alerts.overdue", "met", "0 of 1"));
	put_test("rules", "", TIME_NONE, now);
	tick();
	CHECK("control failed", check_is("1.b", critical, "unknown", "failed"));
	sql("DELETE FROM alerts; DELETE FROM control_tests;");
}

/* Without `limit` the alert's own clock counts; without a clock nothing is known. */
static void by_clock(void)
{
	struct check c = { .severity = STR("critical"),
			   .within = TIME_DAY,
			   .fresh = TIME_NONE,
			   .list_age = TIME_NONE,
			   .limit = TIME_NONE };
	const struct metric_look l = {
		.db = db, .scratch = whole, .directive = d, .check = &c, .now = now
	};
	struct metric_found f = { .of = -1 };

	CHECK("no clock", metric_alerts_acknowledged(&l, &f, NULL) && !f.known &&
				  strstr(f.unknown.text, "no clock") != NULL);
	CHECK("clocks",
	      state_setting_put(db, "clocks", STR("{\"acknowledge\":{\"critical\":1,\"high\":1}}"),
				"canh", NULL));
	put_alert("critical", now - TIME_HOUR, now - 2 * TIME_HOUR, false);
	put_alert("critical", now - TIME_HOUR, now, false);
	f = (struct metric_found){ .of = -1 };
	CHECK("by its clock",
	      metric_alerts_acknowledged(&l, &f, NULL) && f.known && f.n == 1 && f.of == 2);
	c.limit = 3 * TIME_HOUR;
	f = (struct metric_found){ .of = -1 };
	CHECK("by the limit, which has not come",
	      metric_alerts_acknowledged(&l, &f, NULL) && f.known && f.of == 0);
	sql("DELETE FROM alerts;");
}

static void put_list(const char *id, const char *month, int64_t imported)
{
	char unit[UUID_MAX];

	CHECK("unit", state_unit(db, unit, NULL));
	CHECK("list", db_run(db,
			     "INSERT INTO lists (id, unit, name, kind, month, sha256, size_bytes,"
			     " entries, bad_lines, types_json, imported, imported_by)"
			     " VALUES ($1, $2, $1, 'infected', $3, '', 0, 1, 0, '{}', $4, 'canh')",
			     DB_VALS(V_Z(id), V_Z(unit), V_Z(month), V_TIME(imported)), NULL));
}

static bool own(const char *list, int64_t at, size_t ranges, const struct str *found, size_t n)
{
	const struct own_check check = { str_of(list), ranges, found, n, at };

	return own_addresses_put(db, &check, NULL);
}

static void infected(void)
{
	const struct str found[] = { STR("192.0.2.1"), STR("198.51.100.7") };
	struct national_list list;

	CHECK("no list", check_is("1.c", "infected.open", "unknown", "imported"));
	put_list("one", "2026-01", now);
	tick();
	CHECK("not held", check_is("1.c", "infected.open", "unknown", "not yet held"));
	CHECK("put", own("one", now, 0, NULL, 0));
	tick();
	CHECK("no ranges", check_is("1.c", "infected.open", "unknown", "not declared"));
	CHECK("put", own("one", now, 2, NULL, 0));
	tick();
	if (now > time_from_civil(&(struct civil){ 2026, 3, 9, 0, 0, 0, 0 }))
		CHECK("old list", check_is("1.c", "infected.open", "unknown", "days old"));
	put_list("two", "2099-01", now);
	CHECK("newest",
	      national_list_get(db, &list, NULL) && strcmp(list.id, "two") == 0 && list.at == now);
	CHECK("put", own("two", now, 2, NULL, 0));
	tick();
	CHECK("none", check_is("1.c", "infected.open", "met", "none open in 2 own ranges"));
	CHECK("but the measure is not", state_is("1.c", "unknown"));
	CHECK("put", own("two", now + 1, 2, found, 2));
	tick();
	CHECK("two", check_is("1.c", "infected.open", "failed", "2 open: 192.0.2.1, 198.51.100.7"));
	CHECK("fails", state_is("1.c", "failed"));
	CHECK("put", own("two", now + 2, 2, found, 1));
	tick();
	CHECK("withdrawn", check_is("1.c", "infected.open", "failed", "1 open"));
	put_list("three", "2099-02", now + 3);
	CHECK("put", own("three", now + 3, 2, NULL, 0));
	tick();
	CHECK("a newer list closes nothing", check_is("1.c", "infected.open", "failed", "1 open"));
	now = time_now() > now ? time_now() : now;
	CHECK("ranges", state_setting_put(db, "public_ranges", STR("[]"), "canh", NULL));
	sql("UPDATE settings SET changed = 9000000000000000 WHERE name = 'public_ranges';");
	tick();
	CHECK("ranges changed", check_is("1.c", "infected.open", "unknown", "changed"));
}

/* --- the slip --- */

static const struct {
	const char *name, *arrived, *presented;
	enum compare compare;
	const char *want; /* of the check */
	const char *says;
} slips[] = {
	{ "the same day", "2024-01-05", "2024-01-05", IS_LE, "met", "0, within" },
	{ "over the weekend", "2024-01-05", "2024-01-08", IS_LE, "met", "1, within" },
	{ "a day later still", "2024-01-05", "2024-01-09", IS_LE, "failed", "2, outside" },
	{ "arrived on a Saturday", "2024-01-06", "2024-01-08", IS_LE, "met", "1, within" },
	{ "over Tết, either way", "2024-02-07", "2024-02-13", IS_LE, "unknown", "0 to 4" },
	{ "well after Tết", "2024-02-07", "2024-02-16", IS_LE, "failed", "2, outside" },
	{ "a feast that is certain", "2023-12-29", "2024-01-02", IS_LE, "met", "1, within" },
	{ "before it arrived", "2024-01-05", "2024-01-04", IS_LE, "unknown", "before it arrived" },
	{ "not told", NULL, "2024-01-05", IS_LE, "unknown", "does not tell the day" },
	{ "not presented for years", "2024-01-05", NULL, IS_LE, "failed", "not presented yet" },
	{ "of a year without a calendar", "2022-01-05", "2022-01-06", IS_LE, "unknown", "2022" },
	{ "at least", "2024-02-07", "2024-02-13", IS_GE, "unknown", "0 to 4" },
};

static void slip_case(size_t i)
{
	struct slip_field field = { STR("presented_on"), slips[i].presented != NULL
								 ? str_of(slips[i].presented)
								 : STR("") };
	struct directive own = { .arrived = TIME_NONE, .slip = &field, .n_slip = 1 };
	const struct check c = { .metric = metric_find(STR("slip.working_days_to_presented")),
				 .compare = slips[i].compare,
				 .bound = 1,
				 .within = TIME_NONE,
				 .fresh = TIME_NONE,
				 .list_age = TIME_NONE,
				 .limit = TIME_NONE };
	const struct control_state none = { TIME_NONE, TIME_NONE, TIME_HOUR };
	const struct metric_look l = {
		.db = db, .scratch = whole, .directive = &own, .check = &c, .now = now
	};
	struct metric_found f = { .of = -1, .at = TIME_NONE, .list_at = TIME_NONE };
	struct judged j;

	CHECK(slips[i].name,
	      slips[i].arrived == NULL || time_parse_date(str_of(slips[i].arrived), &own.arrived));
	CHECK(slips[i].name, c.metric != NULL && c.metric->query(&l, &f, NULL));
	check_judge(&c, &f, &none, now, &j);
	if (!CHECK(slips[i].name, strcmp(verdict_names[j.verdict], slips[i].want) == 0 &&
					  strstr(j.reason.text, slips[i].says) != NULL))
		printf("  %s: %s\n", verdict_names[j.verdict], j.reason.text);
}

static void slip(void)
{
	const char *source = getenv("CANH_SOURCE");
	struct calendar_texts texts;
	struct calendar c;
	char path[512];

	CHECK("no calendar",
	      check_is("slip", "slip.working_days_to_presented", "unknown", "no calendar"));
	snprintf(path, sizeof path, "%s/content/calendar", source != NULL ? source : ".");
	CHECK("calendar", calendar_load(&whole, path, &texts, &c, NULL) &&
				  calendar_put(db, &texts, "canh", NULL));
	tick();
	CHECK("the shipped one", check_is("slip", "slip.working_days_to_presented", "met", "0"));
	CHECK("but who does what by when is not known", state_is("slip", "unknown"));
	/* beyond the shipped years nothing may look as if it were counted */
	int64_t before = now;
	now = time_from_civil(&(struct civil){ .year = 2026, .month = 11, .day = 23 });
	for (size_t i = 0; i < COUNT(slips); i++)
		slip_case(i);
	now = before;
}

/* --- people, kinds of unit, time --- */

static enum err_kind attest(const char *id, const char *statement, int64_t expires)
{
	char text[512], when[TIME_TEXT_MAX];
	struct json *body = NULL;
	struct err why = { .kind = ERR_NONE };

	snprintf(text, sizeof text, "{\"statement\":\"%s\",\"expires\":\"%s\"}", statement,
		 time_rfc3339(expires, when));
	CHECK(text, json_parse(str_of(text), 4096, &body, NULL));
	const struct govern_view v = view();
	bool ok = govern_attest(&v, d, str_of(id), body, "user:x", &why);

	json_free(body);
	return ok ? ERR_NONE : why.kind;
}

static void attested(void)
{
	CHECK("unknown", state_is("1.g", "unknown"));
	CHECK("no such", attest("9.z", "s", now + TIME_DAY) == ERR_ABSENT);
	CHECK("no statement", attest("1.g", "", now + TIME_DAY) == ERR_INPUT);
	CHECK("past", attest("1.g", "s", now - 1) == ERR_INPUT);
	CHECK("too long", attest("1.g", "s", now + 93 * TIME_DAY) == ERR_INPUT);
	CHECK("attest", attest("1.g", "held on 20/01", now + TIME_DAY) == ERR_NONE);
	CHECK("at once", state_is("1.g", "attested"));
	tick();
	CHECK("and after", state_is("1.g", "attested"));
	CHECK("failed stays", attest("3", "all called", now + TIME_DAY) == ERR_NONE);
	tick();
	CHECK("failed stays", state_is("3", "failed"));
	CHECK("the words are bound, not told",
	      number("SELECT count(*) FROM ledger_entries WHERE body LIKE '%held on%'") == 0 &&
		      number("SELECT count(*) FROM ledger_personal WHERE value LIKE 'held on%'") ==
			      1);
	now += 2 * TIME_DAY;
	sql("UPDATE measure_evaluations SET checked = 9000000000000000 WHERE measure = '1.g';");
	CHECK("ended, before any look", state_is("1.g", "unknown"));
	tick();
	CHECK("ended", state_is("1.g", "unknown"));
}

static void kinds(void)
{
	CHECK("not declared", state_is("2.a", "unknown"));
	CHECK("set", state_setting_put(db, "unit_kind", STR("\"agency\""), "canh", NULL));
	tick();
	CHECK("an agency", state_is("2.a", "not_applicable") && state_is("1.a", "unknown"));
	CHECK("set", state_setting_put(db, "unit_kind", STR("\"provider\""), "canh", NULL));
	tick();
	CHECK("a provider", state_is("2.a", "unknown") && state_is("1.a", "unknown"));
}

static void forgotten(void)
{
	tick();
	CHECK("now", state_is("3", "failed"));
	now += 11 * TIME_MINUTE;
	CHECK("nobody looked since", state_is("3", "unknown"));
	tick();
	CHECK("again", state_is("3", "failed"));
}

/* Spells of one measure in the last `span`; -1: it is not there. */
static struct json *spells(const char *id, int64_t span, int64_t *n)
{
	const struct span_wish wish = { now - span, now };
	const struct govern_view v = view();
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };

	*n = -1;
	CHECK("history", directive_history_put(&v, d, &wish, &w, NULL));
	struct json *h = parsed(&b);
	const struct json *m = json_get(h, "measures");

	for (size_t i = 0; i < json_count(m); i++)
		if (str_eq(json_get_str(json_at(m, i), "id"), str_of(id)))
			*n = (int64_t)json_count(json_get(json_at(m, i), "spells"));
	return h;
}

/* A state that goes on is one spell; minutes in which nobody looked are a hole. */
static void history(void)
{
	const struct govern_view v = view();
	const struct span_wish long_ago = { now - 41 * TIME_DAY, now };
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	int64_t n;

	CHECK("too long", !directive_history_put(&v, d, &long_ago, &w, NULL));
	buf_free(&b);
	now += 30 * TIME_MINUTE;
	tick();
	now += 5 * TIME_MINUTE;
	tick();
	json_free(spells("3", 10 * TIME_MINUTE, &n));
	CHECK("one spell", n == 1);
	struct json *h = spells("3", 40 * TIME_MINUTE, &n);
	CHECK("what lies between two looks is told as neither", n == 2);
	CHECK("the first look", json_get_str(json_at(json_get(h, "measures"), 0), "first").n > 0);
	json_free(h);
	sql("INSERT INTO measure_evaluations SELECT unit, directive, measure, checked + 1, 'met', n, "
	    "total, age_s, reason_vi, reason_en, evidence_json, ledger, checked + 1 FROM "
	    "measure_evaluations WHERE measure = '3' ORDER BY at DESC LIMIT 1;");
	now += 11 * TIME_MINUTE;
	tick();
	json_free(spells("3", 25 * TIME_MINUTE, &n));
	CHECK("failed, met, a hole, failed", n == 3);
	json_free(spells("3", TIME_MINUTE, &n));
	CHECK("the last of them", n == 1);
}

/* --- JSON --- */

static void rules_shown(void)
{
	const struct govern_view at = view();
	struct buf b = BUF(4 << 20);
	struct jsonw w = { .out = &b };
	static const char told[] =
		"{\"self\":{\"rules\":{\"can_fire\":3,\"loaded\":10,\"refused\":1}}}";
	struct live_facts facts = { str_of(told), now };
	static const char *const names[] = { "can_fire", "loaded", "refused" };
	static const int64_t want[] = { 3, 10, 1 };
	int64_t n = 0;

	CHECK("board", board_put(&at, d, &facts, &w, NULL));
	struct json *v = parsed(&b);
	const struct json *rules = json_get(json_get(v, "self"), "rules");

	for (size_t i = 0; i < COUNT(names); i++)
		CHECK(names[i], json_int(json_get(rules, names[i]), &n) && n == want[i]);
	json_free(v);
	buf_free(&b);
}

static void shown(void)
{
	live[0] = '\0';
	const struct govern_view at = view();
	struct buf b = BUF(4 << 20);
	struct jsonw w = { .out = &b };
	struct live_facts facts = { str_of(live), now };
	static const char *const tiles[] = { "duty",  "machines",  "letters",
					     "links", "incidents", "people" };

	put_alert("high", now - TIME_HOUR, TIME_NONE, false);
	CHECK("board", board_put(&at, d, &facts, &w, NULL));
	struct json *v = parsed(&b);
	int64_t n = 0;

	for (size_t i = 0; i < COUNT(tiles); i++)
		CHECK(tiles[i],
		      str_eq(json_get_str(json_get(v, tiles[i]), "state"), STR("unknown")));
	CHECK("measures", json_count(json_get(json_get(v, "measures"), "items")) == d->n_measures);
	CHECK("overdue", json_int(json_get(json_get(v, "alerts"), "overdue"), &n) && n == 1);
	CHECK("task",
	      json_count(json_get(v, "tasks")) >= 2 && json_count(json_get(v, "tasks")) <= 3);
	CHECK("no sources told",
	      str_eq(json_get_str(json_get(v, "sources"), "state"), STR("unknown")));
	json_free(v);
	w = (struct jsonw){ .out = &b };
	CHECK("board without a dispatch", board_put(&at, NULL, &facts, &w, NULL));
	v = parsed(&b);
	CHECK("unknown", str_eq(json_get_str(json_get(v, "measures"), "state"), STR("unknown")));
	json_free(v);
	w = (struct jsonw){ .out = &b };
	CHECK("directive", directive_put(&at, d, &w, NULL));
	v = parsed(&b);
	CHECK("whole", json_count(json_get(v, "measures")) == d->n_measures &&
			       json_count(json_get(v, "letters")) == 3 &&
			       json_count(json_get(v, "contacts")) == 2 &&
			       json_is_null(json_get(json_get(v, "slip"), "DueDate")));
	json_free(v);
	w = (struct jsonw){ .out = &b };
	directive_list_put(&all, &w);
	v = parsed(&b);
	CHECK("list", json_count(json_get(v, "items")) == all.n);
	json_free(v);
}

int main(void)
{
	open_all();
	empty();
	alerts();
	by_clock();
	infected();
	slip();
	attested();
	kinds();
	forgotten();
	history();
	rules_shown();
	shown();
	close_all();
	return TEST_REPORT();
}
