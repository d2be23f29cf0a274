/* SPDX-License-Identifier: Apache-2.0 */
/* Measure 1.b: required sources heard and proved, blind minutes counted; and their tile on the board. */
#include "govern/board.h"
#include "govern/house_test.h"

/* Two required sources, fw-1 and fw-2, and one of which nothing is asked. */
static void put_live(const char *state1, const char *proof1, int64_t at1, const char *state2,
		     const char *proof2, int64_t at2)
{
	char t1[TIME_TEXT_MAX], t2[TIME_TEXT_MAX];

	snprintf(
		live, sizeof live,
		"{\"sources\":[{\"id\":\"1\",\"state\":\"%s\",\"stored_today\":90,"
		"\"unparsed_today\":9,\"control\":{\"state\":\"%s\",\"last_passed\":\"%s\"}},"
		"{\"id\":\"2\",\"state\":\"%s\",\"control\":{\"state\":\"%s\",\"last_passed\":\"%s\"}},"
		"{\"id\":\"3\",\"state\":\"live\",\"stored_today\":10}],"
		"\"controls\":[{\"kind\":\"rules\",\"subject\":\"\",\"state\":\"passed\"},"
		"{\"kind\":\"door\",\"subject\":\"udp a:1\",\"state\":\"passed\"},"
		"{\"kind\":\"door\",\"subject\":\"tcp a:1\",\"state\":\"failed\"}],"
		"\"self\":{\"rules\":{\"can_fire\":3,\"loaded\":10,\"refused\":1}}}",
		state1, proof1, time_rfc3339(at1, t1), state2, proof2, time_rfc3339(at2, t2));
}

static void sources(void)
{
	char text[256];
	char unit[UUID_MAX];

	CHECK("unit", state_unit(db, unit, NULL));
	CHECK("none required", check_is("1.b", "sources.alive", "unknown", "required"));
	for (int i = 1; i <= 2; i++) {
		snprintf(text, sizeof text,
			 "INSERT INTO source_settings (source, unit, name, required, changed,"
			 " changed_by) VALUES ('%d', '%s', 'fw-%d', 1, 0, 'canh');",
			 i, unit, i);
		sql(text);
	}
	put_live("live", "unknown", now, "live", "unknown", now);
	tick();
	CHECK("one is missing", check_is("1.b", "sources.alive", "met", "2 of 2"));
	CHECK("none proved",
	      check_is("1.b", "sources.controlled", "unknown", "0 of 2; not proved"));
	CHECK("shown", check_is("1.b", "events.unparsed", "not_applicable", "9 of 100"));
	CHECK("shown", check_is("1.b", "rules.can_fire", "not_applicable", "3 of 10"));
	put_live("live", "passed", now - TIME_HOUR, "silent", "passed", now - 25 * TIME_HOUR);
	tick();
	CHECK("one is silent", check_is("1.b", "sources.alive", "failed", "1 of 2; not: fw-2"));
	CHECK("more than a day ago",
	      check_is("1.b", "sources.controlled", "unknown", "1 of 2; not proved lately: fw-2"));
	put_live("live", "passed", now, "lost_control", "failed", now);
	tick();
	CHECK("its test failed", check_is("1.b", "sources.controlled", "failed", "not: fw-2"));
	CHECK("nor is it alive", check_is("1.b", "sources.alive", "failed", "not: fw-2"));
	put_live("live", "passed", now, "never", "passed", now);
	tick();
	CHECK("never heard", check_is("1.b", "sources.alive", "failed", "1 of 2"));
	put_live("live", "passed", now, "unknown", "passed", now);
	tick();
	CHECK("cannot be judged", check_is("1.b", "sources.alive", "unknown", "fw-2"));
	put_live("live", "passed", now, "off", "unknown", now);
	tick();
	CHECK("off as planned",
	      check_is("1.b", "sources.alive", "met", "1 of 1; switched off: fw-2"));
	CHECK("is asked no proof",
	      check_is("1.b", "sources.controlled", "met", "switched off: fw-2"));
	put_live("off", "unknown", now, "off", "unknown", now);
	tick();
	CHECK("all off", check_is("1.b", "sources.alive", "unknown", "switched off: fw-1, fw-2"));
	put_live("live", "passed", now, "live", "passed", now);
	tick();
	CHECK("all", check_is("1.b", "sources.controlled", "met", "2 of 2"));
	snprintf(live, sizeof live, "{\"sources\":[],\"self\":{}}");
	tick();
	CHECK("not told of", check_is("1.b", "sources.alive", "failed", "0 of 2"));
	put_live("live", "passed", now, "live", "passed", now);
	struct live_facts stale = { str_of(live), now - TIME_HOUR };
	const struct govern_view v = view();
	CHECK("old facts", govern_tick(&v, &all, &stale, NULL, NULL));
	CHECK("old facts", check_is("1.b", "sources.alive", "unknown", "older than the limit"));
}

static void blind(void)
{
	int64_t begin = now;

	CHECK("not noted", check_is("1.b", "blind.minutes", "unknown", "not noted"));
	CHECK("beat", blind_beat(db, now, NULL, NULL));
	tick();
	CHECK("a part of a day", check_is("1.b", "blind.minutes", "unknown", "only"));
	CHECK("nothing to hunt", check_is("1.b", "blind.hunted", "met", "nothing was due"));
	now += 2 * TIME_MINUTE;
	CHECK("a late beat", blind_beat(db, now, NULL, NULL));
	CHECK("is not blind", number("SELECT count(*) FROM blind_minutes") == 0);
	now += 21 * TIME_MINUTE;
	CHECK("after a gap", blind_beat(db, now, NULL, NULL));
	CHECK("the gap is blind", number("SELECT count(*) FROM blind_minutes") == 20);
	CHECK("one entry",
	      number("SELECT count(*) FROM ledger_entries WHERE kind = 'canh.blind'") == 1);
	tick();
	CHECK("too many already", check_is("1.b", "blind.minutes", "failed", "20"));
	CHECK("not hunted", check_is("1.b", "blind.hunted", "failed", "0 of 20"));
	struct blind_span span = { 0, 0 };
	bool found = true;
	CHECK("senders get their time",
	      blind_pending(db, now - 30 * TIME_MINUTE, &span, &found, NULL) && !found);
	CHECK("then it is to be hunted",
	      blind_pending(db, now, &span, &found, NULL) && found && span.to - span.from == 19);
	CHECK("hunt", blind_hunted(db, &span, 7, now, NULL));
	CHECK("in the ledger with what was found",
	      number("SELECT count(*) FROM ledger_entries WHERE kind = 'canh.hunted'"
		     " AND body LIKE '%\"records\":7%'") == 1);
	CHECK("done", blind_pending(db, now, &span, &found, NULL) && !found);
	tick();
	CHECK("hunted", check_is("1.b", "blind.hunted", "met", "20 of 20"));
	for (int i = 0; i < 3; i++) {
		now += TIME_MINUTE;
		CHECK("blind now", blind_beat(db, now, "watch_down", NULL));
	}
	CHECK("noted",
	      number("SELECT count(*) FROM blind_minutes WHERE reason = 'watch_down'") == 3);
	now += TIME_MINUTE;
	CHECK("judged by nothing", blind_beat(db, now, "no_rules", NULL));
	CHECK("two spans, the unjudged one is none",
	      blind_pending(db, now + TIME_DAY, &span, &found, NULL) && found &&
		      span.to - span.from == 2);
	CHECK("hunt the rest", blind_hunted(db, &span, 0, now, NULL) &&
				       blind_pending(db, now + TIME_DAY, &span, &found, NULL) &&
				       !found);
	now += TIME_MINUTE;
	CHECK("seeing again", blind_beat(db, now, NULL, NULL));
	tick();
	CHECK("what was not judged is not hunted",
	      check_is("1.b", "blind.hunted", "failed", "23 of 24"));
	CHECK("said once",
	      number("SELECT count(*) FROM ledger_entries WHERE kind = 'canh.blind'") == 3);
	/* Two days later, all of them watched. */
	sql("DELETE FROM blind_minutes;");
	snprintf(live, sizeof live, "{\"at\":%jd,\"since\":%jd}",
		 (intmax_t)(now / TIME_MINUTE + 2880), (intmax_t)(begin / TIME_MINUTE));
	CHECK("set", state_setting_put(db, "blind_beat", str_of(live), "canh", NULL));
	live[0] = '\0';
	now += 2 * TIME_DAY;
	tick();
	CHECK("a whole day", check_is("1.b", "blind.minutes", "met", "0"));
	now += TIME_HOUR;
	tick();
	CHECK("the beat stopped", check_is("1.b", "blind.minutes", "unknown", "older"));
}

static int64_t tile_number(const struct json *object, const char *name)
{
	int64_t n = -1;

	return json_int(json_get(object, name), &n) ? n : -1;
}

static bool task_says(const struct json *board, struct str what)
{
	const struct json *tasks = json_get(board, "tasks");
	bool says = false;

	for (size_t i = 0; i < json_count(tasks); i++) {
		struct str title = json_get_str(json_get(json_at(tasks, i), "title"), "en");

		says |= str_find(title, what) < title.n;
	}
	return says;
}

static void tile(void)
{
	const struct govern_view at = view();
	struct buf b = BUF(4 << 20);
	struct jsonw w = { .out = &b };
	char unit[UUID_MAX], text[512];

	CHECK("unit", state_unit(db, unit, NULL));
	snprintf(text, sizeof text,
		 "INSERT INTO control_tests (id, unit, kind, subject, sent, due, passed, failed)"
		 " VALUES ('a', '%s', 'door', 'udp a:1', 1, 1, %jd, NULL),"
		 " ('b', '%s', 'door', 'tcp a:1', 1, 1, NULL, %jd),"
		 " ('c', '%s', 'rules', '', 1, 1, %jd, NULL);",
		 unit, (intmax_t)(now - 2 * TIME_HOUR), unit, (intmax_t)(now - TIME_HOUR), unit,
		 (intmax_t)now);
	sql(text);
	put_live("live", "passed", now, "silent", "unknown", now);
	const struct live_facts facts = { str_of(live), now };
	CHECK("board", board_put(&at, d, &facts, &w, NULL));
	struct json *v = parsed(&b);
	const struct json *t = json_get(v, "sources"), *last = json_get(t, "last_control");
	const struct json *doors = json_get(t, "doors");

	CHECK("alive", tile_number(t, "alive") == 1 && tile_number(t, "required") == 2);
	CHECK("silent by name", str_eq(json_str(json_at(json_get(t, "silent"), 0)), STR("fw-2")));
	CHECK("not proved by name",
	      str_eq(json_str(json_at(json_get(t, "unproved"), 0)), STR("fw-2")) &&
		      json_count(json_get(t, "unproved")) == 1);
	CHECK("the last test of a door", !json_bool(json_get(last, "passed"), true));
	CHECK("doors",
	      tile_number(doors, "passed") == 1 && tile_number(doors, "of") == 2 &&
		      str_eq(json_str(json_at(json_get(doors, "failed"), 0)), STR("tcp a:1")));
	CHECK("a failed test is a thing to do now",
	      task_says(v, STR("Syslog over TCP at a:1 failed")));
	json_free(v);
	b = BUF(4 << 20);
	memcpy(strstr(live, "\"failed\""), "\"passed\"", 8);
	w = (struct jsonw){ .out = &b };
	CHECK("board", board_put(&at, d, &facts, &w, NULL));
	v = parsed(&b);
	CHECK("what is required is to prove its way", task_says(v, STR("prove their way")));
	CHECK("nobody is told to mark what is marked", !task_says(v, STR("Mark the sources")));
	json_free(v);
}

/* --- a role over a part --- */

static char part_unit[UUID_MAX], part_site[UUID_MAX];

/* A measure's check as a role over that scope sees it, with what watch tells of its sources. */
static bool part_is(const char *measure_id, const struct scope *scope, const char *told,
		    const char *metric, const char *want, const char *says)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	struct govern_view v = view();
	struct json *m;
	bool ok = false;

	v.scope = *scope;
	v.live = (struct live_facts){ str_of(told), now };
	CHECK(metric, directive_measure_put(&v, d, str_of(measure_id), &w, NULL));
	m = parsed(&b);
	const struct json *all_of = json_get(m, "evidence");
	for (size_t i = 0; i < json_count(all_of); i++) {
		const struct json *e = json_at(all_of, i);
		struct str en = json_get_str(json_get(e, "reason"), "en");

		if (!str_eq(json_get_str(e, "metric"), str_of(metric)))
			continue;
		ok = str_eq(json_get_str(e, "state"), str_of(want)) && strstr(en.p, says) != NULL;
		if (!ok)
			printf("  %s is %.*s: %.*s\n", metric, STR_ARG(json_get_str(e, "state")),
			       STR_ARG(en));
	}
	json_free(m);
	return ok;
}

static void put_part(void)
{
	char text[1024], own[UUID_MAX];

	CHECK("unit", state_unit(db, own, NULL));
	snprintf(text, sizeof text,
		 "INSERT INTO units (id, parent, name, created) VALUES ('%s', '%s', 'Nam', 0);"
		 "INSERT INTO sites (id, unit, name, created) VALUES ('%s', '%s', 'x', 0);"
		 "UPDATE source_settings SET unit = '%s', assigned = 1 WHERE source = '2';",
		 uuid_new(part_unit), own, uuid_new(part_site), own, part_unit);
	sql(text);
	snprintf(text, sizeof text,
		 "INSERT INTO control_tests (id, unit, kind, subject, sent, due, passed) VALUES"
		 " ('ct', '%s', 'rules', '', 0, 0, %jd);"
		 "INSERT INTO alerts (id, number, unit, state, severity, group_key, title_vi,"
		 " title_en, rule, rule_title, rule_level, rule_kind, tags_json, matched, count,"
		 " first_seen, last_seen, exercise, channel, opened, acknowledge_due, changed,"
		 " urgency) VALUES ('al', 1, '%s', 'new', 'high', 'g', 'v', 'e', 'r', 't', 'high',"
		 " 'sigma', '[]', '', 1, 0, 0, 0, 'rule', %jd, %jd, 0, %jd);"
		 "INSERT INTO alert_counts (unit, site, state, severity, exercise, n) VALUES"
		 " ('%s', '', 'new', 'high', 0, 1);",
		 own, (intmax_t)(now - TIME_MINUTE), own, (intmax_t)(now - 3 * TIME_HOUR),
		 (intmax_t)(now - 2 * TIME_HOUR), (intmax_t)(now - 2 * TIME_HOUR), own);
	sql(text);
}

static void parts(void)
{
	static const char heard[] = "{\"sources\":[{\"id\":\"2\",\"state\":\"live\","
				    "\"stored_today\":8,\"unparsed_today\":2,"
				    "\"control\":{\"state\":\"unknown\"}}]}";
	static const char none[] = "{\"sources\":[]}";
	struct scope part = { "", "" }, site = { "", "" };
	int64_t rows;

	put_part();
	snprintf(part.unit, sizeof part.unit, "%s", part_unit);
	CHECK("unit", state_unit(db, site.unit, NULL));
	snprintf(site.site, sizeof site.site, "%s", part_site);
	put_live("silent", "unknown", now, "live", "unknown", now);
	tick();
	rows = number("SELECT count(*) FROM measure_evaluations");
	CHECK("of the whole", check_is("1.b", "sources.alive", "failed", "1 of 2; not: fw-1"));
	CHECK("of the whole", check_is("1.b", "alerts.overdue", "failed", "1 of 1"));
	CHECK("its source", part_is("1.b", &part, heard, "sources.alive", "met", "1 of 1"));
	CHECK("not proved",
	      part_is("1.b", &part, heard, "sources.controlled", "unknown", "0 of 1; not proved"));
	CHECK("its records",
	      part_is("1.b", &part, heard, "events.unparsed", "not_applicable", "2 of 8"));
	CHECK("assigned to it, and not told of",
	      part_is("1.b", &part, none, "sources.alive", "failed", "0 of 1; not: fw-2"));
	CHECK("nobody told", part_is("1.b", &part, "", "sources.alive", "unknown", "do not tell"));
	CHECK("the alert is another's",
	      part_is("1.b", &part, heard, "alerts.overdue", "met", "0, within"));
	CHECK("in time", part_is("1.b", &part, heard, "alerts.acknowledged_in_time:high", "met",
				 "nothing was due"));
	CHECK("what canh did not see, nobody saw",
	      part_is("1.b", &part, heard, "blind.minutes", "unknown", "60 minutes old"));
	CHECK("no metric tells it of a part",
	      part_is("1.c", &part, heard, "infected.open", "unknown", "all units together"));
	CHECK("no metric at all", part_is("1.a", &part, heard, "systems.level_approved", "unknown",
					  "no record of the systems"));
	/* a site of our own unit is but a part, too */
	CHECK("nothing stands at the site",
	      part_is("1.b", &site, none, "sources.alive", "unknown", "marked as required"));
	CHECK("nor an alert", part_is("1.b", &site, none, "alerts.overdue", "met", ""));
	CHECK("nothing of it is kept", number("SELECT count(*) FROM measure_evaluations") == rows);
	sql("UPDATE alerts SET unit = (SELECT id FROM units WHERE name = 'Nam');"
	    "UPDATE alert_counts SET unit = (SELECT id FROM units WHERE name = 'Nam');");
	CHECK("an alert of its own",
	      part_is("1.b", &part, heard, "alerts.overdue", "failed", "1 of 1"));
	sql("UPDATE alerts SET unit = (SELECT id FROM units WHERE parent IS NULL), site ="
	    " (SELECT id FROM sites); UPDATE alert_counts SET unit = (SELECT id FROM units WHERE"
	    " parent IS NULL), site = (SELECT id FROM sites);");
	CHECK("of the site", part_is("1.b", &site, none, "alerts.overdue", "failed", "1 of 1") &&
				     part_is("1.b", &part, heard, "alerts.overdue", "met", ""));
}

/* Red only once somebody was asked or named: then the state, and how old. */
static void witnesses(void)
{
	static const struct {
		const char *name, *file;    /* file: of the settings */
		const char *target;         /* that a row is put in for; NULL: none more */
		int64_t ago;                /* s, of a row that went well; -1: of one that failed */
		const char *revoke, *state; /* revoke: a token's id; NULL: none */
		int64_t of, heard;
	} steps[] = {
		{ "nobody", "", NULL, 0, NULL, "none", 0, 0 },
		{ "a file was named", "/w", NULL, 0, NULL, "asked", 0, 0 },
		{ "it cannot be written", "/w", "/w", -1, NULL, "asked", 1, 0 },
		{ "it was", "/w", "/w", 60, NULL, "heard", 1, 1 },
		{ "named no more", "", NULL, 0, NULL, "none", 0, 0 },
		{ "a second machine, long ago", "/w", "token:t1", 3600, NULL, "silent", 2, 1 },
		{ "it alone", "", NULL, 0, NULL, "silent", 1, 0 },
		{ "it asks again", "", "token:t1", 30, NULL, "heard", 1, 1 },
		{ "its token was taken back", "", NULL, 0, "t1", "none", 0, 0 },
	};
	char unit[UUID_MAX], text[512];

	CHECK("unit", state_unit(db, unit, NULL));
	snprintf(text, sizeof text,
		 "INSERT INTO tokens (id, hash, name, role, unit, created, created_by)"
		 " VALUES ('t1', x'00', 'witness', 'viewer', '%s', 1, 'canh');",
		 unit);
	sql(text);
	for (size_t i = 0; i < COUNT(steps); i++) {
		const struct govern_view at = view();
		struct buf b = BUF(4 << 20);
		struct jsonw w = { .out = &b };

		snprintf(
			text, sizeof text,
			"INSERT INTO witness_heads (target, at, size, ok) VALUES ('%s', %jd, 1, %d);",
			steps[i].target == NULL ? "" : steps[i].target,
			(intmax_t)(now - (steps[i].ago < 0 ? 10 : steps[i].ago) * TIME_SECOND),
			steps[i].ago >= 0);
		if (steps[i].target != NULL)
			sql(text);
		if (steps[i].revoke != NULL)
			sql("UPDATE tokens SET revoked = 2 WHERE id = 't1';");
		snprintf(live, sizeof live, "{\"self\":{\"witness_file\":\"%s\"}}", steps[i].file);
		const struct live_facts facts = { str_of(live), now };
		CHECK("board", board_put(&at, d, &facts, &w, NULL));
		struct json *v = parsed(&b);
		const struct json *t = json_get(json_get(v, "self"), "witness");

		CHECK(steps[i].name, str_eq(json_get_str(t, "state"), str_of(steps[i].state)));
		CHECK(steps[i].name, tile_number(t, "of") == steps[i].of &&
					     tile_number(t, "heard") == steps[i].heard);
		json_free(v);
	}
}

int main(void)
{
	open_all();
	snprintf(live, sizeof live, "{\"sources\":[],\"self\":{}}");
	tick();
	sources();
	tile();
	witnesses();
	blind();
	parts();
	close_all();
	return TEST_REPORT();
}
