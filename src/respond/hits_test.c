/* SPDX-License-Identifier: Apache-2.0 */
/* From the store's day files to alerts: the real store beneath. */
#include "respond/hits.h"

#include "respond/alert.h"
#include "respond/alert_int.h"
#include "respond/control.h"
#include "respond/exception.h"
#include "respond/house_test.h"
#include "store/writer.h"

/* 2026-11-20T12:00:00+07:00 */
static const int64_t noon = INT64_C(1795150800) * TIME_SECOND;
static int64_t now;
static struct house h;
static struct store *store;
static struct store_reader *reader;
static struct reader *parser;
static char folder[96];
static uint32_t door, canary;

static int64_t clock_now(void)
{
	return now;
}

static const struct rule_guide guide_vi = { .what = STR("Có việc") };
static const struct str tags[] = { { "attack.t1110", 12 } };
static const struct rule_info rules[] = {
	{ .id = { "r-high", 6 },
	  .title = { "Brute force", 11 },
	  .title_vi = STR("Dò mật khẩu"),
	  .severity = SEV_HIGH,
	  .tags = tags,
	  .n_tags = 1,
	  .guide_vi = &guide_vi },
	{ .id = { "r-medium", 8 }, .title = { "New service", 11 }, .severity = SEV_MEDIUM },
	{ .id = { "r-low", 5 }, .title = { "Context", 7 }, .severity = SEV_LOW },
	{ .id = { "r-critical", 10 }, .title = { "Webshell", 8 }, .severity = SEV_CRITICAL },
};
static const struct list_info c2 = {
	.id = { "list-c2", 7 }, .name = STR("C2 tháng 11"), .kind = LIST_C2, .letter = { "17/X", 4 }
};

/* One event as JSON and a hit on it. */
struct shot {
	int rule;                 /* -1: the list */
	const char *host, *extra; /* extra members, with a comma before */
	int64_t at;               /* minutes after noon */
	bool canary_door;
};

static void shoot(const struct shot *s)
{
	char raw[1024];
	struct arena a = h.whole;
	struct event ev;
	struct store_ref ref;
	static uint64_t seq;

	snprintf(raw, sizeof raw,
		 "{\"host\":{\"name\":\"%s\"},\"source\":{\"ip\":\"192.0.2.7\"}%s}", s->host,
		 s->extra != NULL ? s->extra : "");
	now = noon + s->at * TIME_MINUTE;
	reader_context(parser, &(struct read_ctx){ .now = now });
	reader_read(parser, &a, str_of(raw), &ev);
	ev.source = s->canary_door ? canary : door;
	ev.time = now;
	ev.time_told = true;
	ev.seq = ++seq;
	struct hit hit = { .kind = HIT_INDICATOR,
			   .severity = SEV_HIGH,
			   .use = HIT_ALERT,
			   .type = IND_IP,
			   .list = &c2,
			   .indicator = STR("203.0.113.9"),
			   .text = STR("203.0.113.9") };
	if (s->rule >= 0)
		hit = (struct hit){ .kind = HIT_RULE,
				    .severity = rules[s->rule].severity,
				    .use = (uint8_t)hit_use_of(rules[s->rule].severity),
				    .rule = &rules[s->rule],
				    .text = STR("matched text") };
	CHECK("add", store_add(store, &ev, &ref, NULL) && store_hit(store, &ref, &hit, NULL));
}

static struct hits_taken take(void)
{
	struct arena a = h.whole;
	struct store_receipt receipt;
	struct hits_taken t = { 0 };
	struct err why = { 0 };

	CHECK("commit", store_commit(store, &receipt, NULL));
	if (!CHECK("take", hits_take(h.db, reader, &a, now, &t, &why)))
		printf("%s\n", why.text);
	return t;
}

static int64_t alerts(void)
{
	return house_number(&h, "SELECT count(*) FROM alerts");
}

static const char *newest(void)
{
	static char id[UUID_MAX];

	snprintf(id, sizeof id, "%s",
		 house_text(&h, "SELECT id FROM alerts ORDER BY number DESC LIMIT 1"));
	return id;
}

static bool patch(const char *id, const char *body)
{
	struct json *v;
	struct alert_patch p;
	struct alert_changed changed;
	struct err why = { 0 };

	if (!CHECK(body, json_parse(str_of(body), 4096, &v, NULL)))
		return false;
	bool ok = alert_patch_parse(v, &p, &why) &&
		  alert_change(h.db, &alice, str_of(id), &p, &changed, &why);
	json_free(v);
	return ok;
}

/* --- cases, one after the other on one state --- */

/* What a shot does: how many alerts there are then, what is counted aside, what the newest counts. */
static const struct {
	const char *name;
	struct shot shot;
	int64_t alerts;
	size_t counted;
	int64_t count;    /* of the newest alert */
	const char *then; /* patch of the newest alert afterwards */
} steps[] = {
	{ "first hit opens", { 0, "web-01", NULL, 0, false }, 1, 0, 1, NULL },
	{ "another host joins",
	  { 0, "web-02", NULL, 1, false },
	  1,
	  0,
	  2,
	  "{\"state\":\"acknowledged\"}" },
	{ "acknowledged takes more",
	  { 0, "web-03", NULL, 2, false },
	  1,
	  0,
	  3,
	  "{\"verdict\":\"false\",\"reason\":\"drill of the vendor\",\"action\":\"none needed\"}" },
	{ "verdict takes what it saw", { 0, "web-03", NULL, 3, false }, 1, 0, 4, NULL },
	{ "new host after a verdict", { 0, "db-01", NULL, 4, false }, 2, 0, 1, NULL },
	{ "outside the gathering time",
	  { 0, "db-01", NULL, 4 + 1441, false },
	  3,
	  0,
	  1,
	  "{\"verdict\":\"true\",\"reason\":\"x\",\"action\":\"blocked\",\"state\":\"handled\"}" },
	{ "handled opens anew", { 0, "db-01", NULL, 1446, false }, 4, 0, 1, NULL },
	{ "medium opens its day", { 1, "pc-1", NULL, 1447, false }, 5, 0, 1, NULL },
	{ "medium gathers", { 1, "pc-2", NULL, 1448, false }, 5, 0, 2, NULL },
	{ "medium, next day", { 1, "pc-2", NULL, 2 * 1440 + 5, false }, 6, 0, 1, NULL },
	{ "low is counted", { 2, "pc-2", NULL, 2 * 1440 + 6, false }, 6, 1, 1, NULL },
	{ "an address of a list", { -1, "fw", NULL, 2 * 1440 + 7, false }, 7, 0, 1, NULL },
	{ "the same address", { -1, "fw", NULL, 2 * 1440 + 8, false }, 7, 0, 2, NULL },
	{ "who says canary is no canary",
	  { 3, "evil", ",\"canh.canary\":\"0197f0f0-0000-7000-8000-00000000dead\"", 2 * 1440 + 9,
	    false },
	  8,
	  0,
	  1,
	  NULL },
};

static void table(void)
{
	for (size_t i = 0; i < COUNT(steps); i++) {
		shoot(&steps[i].shot);
		struct hits_taken t = take();

		CHECK(steps[i].name, t.hits == 1 && t.unread == 0);
		CHECK(steps[i].name, alerts() == steps[i].alerts);
		CHECK(steps[i].name, t.counted == steps[i].counted);
		CHECK(steps[i].name, t.n_changed == (steps[i].counted ? 0 : 1));
		CHECK(steps[i].name, house_number(&h, "SELECT count FROM alerts ORDER BY number"
						      " DESC LIMIT 1") == steps[i].count);
		if (steps[i].then != NULL)
			CHECK(steps[i].name, patch(newest(), steps[i].then));
		CHECK(steps[i].name, take().hits == 0);
	}
	CHECK("joined is said", house_number(&h, "SELECT count(*) FROM alert_history"
						 " WHERE act = 'joined'") == 1);
}

static void shown(void)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	char id[UUID_MAX];
	int64_t version = 0;

	snprintf(id, sizeof id, "%s",
		 house_text(&h, "SELECT id FROM alerts ORDER BY number LIMIT 1"));
	CHECK("detail", alert_detail_put(h.db, h.whole, &(struct alert_ask){ .id = str_of(id) }, &w,
					 &version, NULL));
	struct json *v = house_json("detail", &b);

	CHECK("hosts", json_count(json_get(v, "hosts")) == 3);
	CHECK("addresses", json_count(json_get(v, "addresses")) == 1);
	CHECK("title", str_eq(json_get_str(json_get(v, "title"), "vi"), STR("Dò mật khẩu")));
	CHECK("title", str_eq(json_get_str(json_get(v, "title"), "en"), STR("Brute force")));
	CHECK("tags", str_eq(json_str(json_at(json_get(v, "tags"), 0)), STR("attack.t1110")));
	CHECK("guide",
	      str_eq(json_get_str(json_get(json_get(v, "guide"), "what"), "vi"), STR("Có việc")));
	CHECK("event", str_eq(json_get_str(json_get(json_get(v, "event"), "fields"), "host.name"),
			      STR("web-01")));
	CHECK("events", json_count(json_get(v, "events")) == 4);
	CHECK("history", json_count(json_get(v, "history")) == 4);
	CHECK("number", str_eq(json_get_str(v, "number"), STR("1/2026")));
	CHECK("clock", json_get_str(json_get(json_get(v, "clocks"), "acknowledge"), "due").n > 0);
	json_free(v);
}

static void listed_value(void)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	char id[UUID_MAX];

	snprintf(id, sizeof id, "%s",
		 house_text(&h, "SELECT id FROM alerts WHERE rule = 'list-c2'"));
	CHECK("item", alert_item_put(h.db, h.whole, str_of(id), &w, NULL));
	struct json *v = house_json("item", &b);
	const struct json *list = json_get(json_get(v, "indicator"), "list");

	CHECK("value", str_eq(json_get_str(json_get(v, "indicator"), "value"), STR("203.0.113.9")));
	CHECK("list", str_eq(json_get_str(list, "kind"), STR("c2")));
	CHECK("letter", str_eq(json_get_str(list, "letter"), STR("17/X")));
	CHECK("title", str_find(json_get_str(json_get(v, "title"), "en"), STR("203.0.113.9")) <
			       json_get_str(json_get(v, "title"), "en").n);
	json_free(v);
}

static bool control(enum control_kind kind, struct str subject, char id[UUID_MAX])
{
	const struct control_plan plan = { kind, subject, now, now + TIME_MINUTE };

	return control_begin(h.db, &plan, id, NULL);
}

static void controls(void)
{
	char id[UUID_MAX], extra[128];
	struct control_past past;
	int64_t before = alerts();
	size_t n;

	now += TIME_MINUTE;
	CHECK("begin", control(CONTROL_RULES, STR(""), id));
	snprintf(extra, sizeof extra, ",\"canh.canary\":\"%s\"", id);
	shoot(&(struct shot){ 3, "canh", extra, (now - noon) / TIME_MINUTE, false });
	CHECK("a control is no alert", take().controls == 1 && alerts() == before);
	CHECK("passed", control_last(h.db, CONTROL_RULES, STR(""), &past, NULL) &&
				past.passed == now && past.failed == TIME_NONE);
	CHECK("ledger", house_number(&h, "SELECT count(*) FROM ledger_entries"
					 " WHERE kind = 'control.passed'") == 1);
	shoot(&(struct shot){ 3, "canh", extra, (now - noon) / TIME_MINUTE, false });
	CHECK("a second rule on the same canary", take().controls == 1 && alerts() == before);
	shoot(&(struct shot){ 3, "canh", extra, (now - noon) / TIME_MINUTE + 120, false });
	CHECK("an old number is no cover", take().controls == 0);
	CHECK("begin", control(CONTROL_DOOR, STR("tcp a"), id));
	CHECK("not due yet", control_expire(h.db, now, &n, NULL) && n == 0);
	CHECK("due", control_expire(h.db, now + 2 * TIME_MINUTE, &n, NULL) && n == 1);
	CHECK("once", control_expire(h.db, now + 2 * TIME_MINUTE, &n, NULL) && n == 0);
	CHECK("failed", control_last(h.db, CONTROL_DOOR, STR("tcp a"), &past, NULL) &&
				past.failed == now + 2 * TIME_MINUTE && past.passed == TIME_NONE &&
				control_failed(&past) && strcmp(past.reason, "lost") == 0);
	CHECK("again after the failure",
	      control_next(&past, TIME_DAY, TIME_MINUTE) == now + 3 * TIME_MINUTE);
	now += 4 * TIME_MINUTE;
	CHECK("begin", control(CONTROL_DOOR, STR("tcp a"), id));
	CHECK("one try at a time",
	      control_last(h.db, CONTROL_DOOR, STR("tcp a"), &past, NULL) &&
		      control_next(&past, TIME_DAY, TIME_MINUTE) == now + TIME_MINUTE);
	CHECK("came in", control_arrived(h.db, str_of(id), now, NULL));
	CHECK("but was not found",
	      control_expire(h.db, now + 3 * TIME_MINUTE, &n, NULL) && n == 1 &&
		      control_last(h.db, CONTROL_DOOR, STR("tcp a"), &past, NULL) &&
		      strcmp(past.reason, "unfound") == 0);
	CHECK("begin", control(CONTROL_DOOR, STR("tcp b"), id));
	CHECK("another door", control_last(h.db, CONTROL_DOOR, STR("tcp b"), &past, NULL) &&
				      past.failed == TIME_NONE && past.sent == now);
	struct err closed = { 0 };
	err_set(&closed, ERR_IO, 0, "cannot connect: %s", "Connection refused");
	CHECK("unsent", control_unsent(h.db, str_of(id), now, &closed, NULL) &&
				control_last(h.db, CONTROL_DOOR, STR("tcp b"), &past, NULL) &&
				strcmp(past.reason, "unsent") == 0 &&
				strstr(past.en, "refused") != NULL && past.vi[0] != '\0');
	CHECK("fails once", !control_unsent(h.db, str_of(id), now, &closed, NULL));
}

static bool beat(int64_t at)
{
	return db_begin(h.db, NULL) && db_leave(h.db, control_beat(h.db, STR("7"), at, NULL), NULL);
}

static void heartbeats(void)
{
	const char *tests = "SELECT count(*) FROM control_tests WHERE kind = 'source'";
	struct control_past past;
	char sql[256];

	CHECK("none expected",
	      control_missed(h.db, now, now, NULL) && house_number(&h, tests) == 0);
	snprintf(sql, sizeof sql,
		 "INSERT INTO source_settings (source, unit, changed, changed_by, heartbeat,"
		 " heartbeat_since) SELECT '7', id, 0, 'canh', 'abc', %jd FROM units",
		 (intmax_t)now);
	CHECK("expect", db_script(h.db, sql, NULL));
	CHECK("not yet", control_missed(h.db, now, now, NULL) && house_number(&h, tests) == 0);
	CHECK("missed", control_missed(h.db, now + 1, now + TIME_DAY, NULL) &&
				control_last(h.db, CONTROL_SOURCE, STR("7"), &past, NULL) &&
				control_failed(&past) && strcmp(past.reason, "no_beat") == 0);
	CHECK("said once",
	      control_missed(h.db, now + 2, now + TIME_DAY, NULL) && house_number(&h, tests) == 1);
	CHECK("comes back", beat(now + 2 * TIME_DAY) &&
				    control_last(h.db, CONTROL_SOURCE, STR("7"), &past, NULL) &&
				    !control_failed(&past));
	CHECK("one in four hours",
	      beat(now + 2 * TIME_DAY + TIME_HOUR) && house_number(&h, tests) == 2);
	CHECK("then another",
	      beat(now + 2 * TIME_DAY + 4 * TIME_HOUR) && house_number(&h, tests) == 3);
	CHECK("forget",
	      control_forget(h.db, now + 2 * TIME_DAY, NULL) && house_number(&h, tests) == 2);
	CHECK("clean", db_script(h.db, "DELETE FROM source_settings", NULL));
}

static void exercises(void)
{
	char id[UUID_MAX], extra[128];
	int64_t minute = (now - noon) / TIME_MINUTE + 1;

	const struct exercise_plan plan = { STR("webshell"), now, now + TIME_HOUR };

	CHECK("begin", exercise_begin(h.db, &alice, &plan, id, NULL));
	CHECK("one at a time", !exercise_begin(h.db, &alice, &plan, extra, NULL));
	snprintf(extra, sizeof extra, ",\"canh.exercise\":\"%s\"", id);
	shoot(&(struct shot){ 0, "db-01", extra, minute, false });
	take();
	CHECK("marked",
	      house_number(&h, "SELECT exercise FROM alerts ORDER BY number DESC LIMIT 1") == 1);
	shoot(&(struct shot){ 3, "db-01", ",\"canh.exercise\":\"yes\"", minute, false });
	take();
	CHECK("the word alone is not believed",
	      house_number(&h, "SELECT count(*) FROM alerts WHERE exercise = 1") == 1);
	shoot(&(struct shot){ 1, "db-09", ",\"canh.exercise\":\"yes\"", minute, true });
	take();
	CHECK("the canary's own door is",
	      house_number(&h, "SELECT count(*) FROM alerts WHERE exercise = 1") == 2);
	const struct exercise_result result = { 4, 2, 1 }, good = { 4, 2, 2 };
	static const char last[] = "SELECT count(*) FROM control_tests WHERE kind = 'rules' AND"
				   " %s IS NOT NULL AND subject = ''";
	char passed[128], failed[128];

	snprintf(passed, sizeof passed, last, "passed");
	snprintf(failed, sizeof failed, last, "failed");
	int64_t n_passed = house_number(&h, passed), n_failed = house_number(&h, failed);

	CHECK("end", exercise_end(h.db, &alice, str_of(id), &result, NULL));
	CHECK("not all was found: a failed test",
	      house_number(&h, failed) == n_failed + 1 && house_number(&h, passed) == n_passed);
	const struct exercise_plan next = { STR("webshell"), now + TIME_HOUR, now + 2 * TIME_HOUR },
				   third = { STR("webshell"), now + 3 * TIME_HOUR,
					     now + 4 * TIME_HOUR };

	CHECK("the next one", exercise_begin(h.db, &alice, &next, id, NULL) &&
				      exercise_end(h.db, &alice, str_of(id), &good, NULL));
	CHECK("all was found: a passed test", house_number(&h, passed) == n_passed + 1);
	CHECK("one that is broken off", exercise_begin(h.db, &alice, &third, id, NULL) &&
						exercise_end(h.db, &alice, str_of(id), NULL, NULL));
	CHECK("tests nothing",
	      house_number(&h, failed) == n_failed + 1 && house_number(&h, passed) == n_passed + 1);
}

static void exceptions(void)
{
	int64_t minute = (now - noon) / TIME_MINUTE + 1, before = alerts();
	struct exception_draft d = { .rule = STR("r-critical"),
				     .reason = STR("tested by the vendor"),
				     .expires = time_now() + 300 * TIME_DAY,
				     .n = 1,
				     .field = { { STR("name"), STR("LAB-1") } } };
	char id[UUID_MAX];

	now = time_now() > now ? time_now() : now;
	d.expires = now + 30 * TIME_DAY;
	CHECK("make", exception_make(h.db, &alice, &d, id, NULL));
	shoot(&(struct shot){ 3, "lab-1", NULL, minute, false });
	struct hits_taken t = take();
	CHECK("hidden", t.hidden == 1 && t.n_changed == 0 && alerts() == before);
	CHECK("counted", house_number(&h, "SELECT hidden FROM exceptions") == 1);
	shoot(&(struct shot){ 3, "lab-2", NULL, minute, false });
	CHECK("another value", take().n_changed == 1);
	CHECK("remove", exception_remove(h.db, &alice, str_of(id), NULL));
	CHECK("gone", !exception_remove(h.db, &alice, str_of(id), NULL));
	shoot(&(struct shot){ 3, "lab-1", NULL, minute + 1, false });
	CHECK("no longer hidden", take().hidden == 0);
}

/* A commit that fails leaves neither alert nor cursor. */
static void crash(void)
{
	int64_t before = alerts();
	struct arena a = h.whole;
	struct store_receipt receipt;
	struct hits_taken t;
	struct err why;

	shoot(&(struct shot){ 3, "new-host", NULL, (now - noon) / TIME_MINUTE + 5000, false });
	CHECK("commit", store_commit(store, &receipt, NULL));
	CHECK("spoil", db_script(h.db,
				 "CREATE TRIGGER t BEFORE INSERT ON hit_cursors BEGIN"
				 " SELECT raise(ABORT, 'no'); END;",
				 NULL));
	CHECK("spoil", db_script(h.db,
				 "CREATE TRIGGER u BEFORE UPDATE ON hit_cursors BEGIN"
				 " SELECT raise(ABORT, 'no'); END;",
				 NULL));
	CHECK("fails whole", !hits_take(h.db, reader, &a, now, &t, &why) && alerts() == before);
	CHECK("mend", db_script(h.db, "DROP TRIGGER t; DROP TRIGGER u;", NULL));
	CHECK("then once", take().hits == 1 && alerts() == before + 1);
	CHECK("not twice", take().hits == 0 && alerts() == before + 1);
}

/* Thirty times the same: an exception is proposed, with what it would hide. */
static void noisy(void)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };

	for (int i = 0; i < 30; i++) {
		shoot(&(struct shot){ 1, "noisy", NULL, (time_now() - noon) / TIME_MINUTE, false });
		take();
	}
	CHECK("proposed", noisy_put(h.db, h.whole, &all, STR("r-medium"), &w, NULL));
	struct json *v = house_json("proposal", &b);
	int64_t n = 0;

	CHECK("hides", json_int(json_get(v, "would_hide"), &n) && n == 30);
	CHECK("host", str_eq(json_get_str(json_get(v, "fields"), "host.name"), STR("noisy")));
	CHECK("address",
	      str_eq(json_get_str(json_get(v, "fields"), "source.ip"), STR("192.0.2.7")));
	json_free(v);
}

/* --- units --- */

#define NORTH "0197f0f0-0000-7000-8000-0000000000a1"
#define SOUTH "0197f0f0-0000-7000-8000-0000000000a2"
#define SOUTHERN "0197f0f0-0000-7000-8000-0000000000a3" /* a token */

static void hide(const char *unit)
{
	const struct exception_draft d = { .rule = STR("r-critical"),
					   .reason = STR("x"),
					   .expires = time_now() + 300 * TIME_DAY,
					   .n = 1,
					   .field = { { STR("host.name"), STR("same") } } };
	struct actor who = { .actor = "canh" };
	char id[UUID_MAX];

	snprintf(who.scope.unit, sizeof who.scope.unit, "%s", unit);
	CHECK("exception", exception_make(h.db, &who, &d, id, NULL));
}

/* One host and rule seen by sources of three units is three alerts; an exception hides what is its
 * maker's. `hidden`: how many of the three, once it was made. */
static const struct {
	const char *name, *exception;
	int64_t fresh;
	size_t hidden;
} homes[] = {
	{ "each its own", NULL, 3, 0 },
	{ "gathered by unit", NULL, 0, 0 },
	{ "an exception of the north", NORTH, 0, 1 },
	{ "and of the south", SOUTH, 0, 2 },
	{ "and of all", "", 0, 3 },
};

static void units(void)
{
	uint32_t doors[3] = { door, 0, 0 };
	struct home north = { NORTH, "" };
	char id[24];

	CHECK("units",
	      db_script(
		      h.db,
		      "INSERT INTO units SELECT '" NORTH "', id, 'n', 0 FROM units WHERE name = '';"
		      "INSERT INTO units SELECT '" SOUTH "', id, 's', 0 FROM units WHERE name = '';"
		      "INSERT INTO tokens (id, hash, name, role, unit, created, created_by) VALUES"
		      " ('" SOUTHERN "', X'00', 't', 'source', '" SOUTH "', 0, 'canh');",
		      NULL));
	CHECK("doors",
	      store_source(store, SOURCE_TCP, STR("192.0.2.2"), STR("tcp"), &doors[1], NULL) &&
		      store_source(store, SOURCE_PUSH, STR(SOUTHERN), STR("x"), &doors[2], NULL));
	snprintf(id, sizeof id, "%u", doors[1]);
	CHECK("assigned", source_home_put(h.db, str_of(id), &north, "canh", NULL));
	for (size_t i = 0; i < COUNT(homes); i++) {
		int64_t before = alerts();

		if (homes[i].exception != NULL)
			hide(homes[i].exception);
		for (size_t k = 0; k < COUNT(doors); k++) {
			door = doors[k];
			shoot(&(struct shot){ 3, "same", NULL, 20 * 1440 + (int64_t)i, false });
		}
		struct hits_taken t = take();
		CHECK(homes[i].name, t.hits == 3 && t.hidden == homes[i].hidden);
		CHECK(homes[i].name, alerts() == before + homes[i].fresh);
	}
	door = doors[0];
	CHECK("where it was seen",
	      house_number(&h, "SELECT count(*) FROM alerts WHERE unit = '" NORTH "'") == 1 &&
		      house_number(&h, "SELECT count(*) FROM alerts WHERE unit = '" SOUTH "'") ==
			      1);
	CHECK("as often as it was",
	      house_number(&h, "SELECT sum(count) FROM alerts WHERE unit = '" NORTH "'") == 2);
	CHECK("the counts hold",
	      house_number(
		      &h,
		      "SELECT count(*) FROM (SELECT unit, state, severity, exercise, n FROM"
		      " alert_counts WHERE n <> 0 EXCEPT SELECT unit, state, severity, exercise,"
		      " count(*) FROM alerts GROUP BY 1, 2, 3, 4)") == 0);
}

int main(void)
{
	house_open(&h);
	snprintf(folder, sizeof folder, "%s/store", h.dir);
	now = noon;
	CHECK("store folder", dir_make(folder, 0700, NULL));
	store = store_open(folder, clock_now, NULL);
	reader = store_reader_new(folder, NULL);
	parser = reader_new(&(struct read_ctx){ .now = noon });
	if (store == NULL || reader == NULL || parser == NULL)
		abort();
	CHECK("door", store_source(store, SOURCE_TCP, STR("192.0.2.1"), STR("tcp"), &door, NULL));
	CHECK("door", store_source(store, SOURCE_CANARY, STR(""), STR("canh"), &canary, NULL));
	CHECK("nothing yet", take().hits == 0);
	table();
	shown();
	listed_value();
	controls();
	heartbeats();
	exercises();
	exceptions();
	noisy();
	crash();
	units();
	reader_free(parser);
	store_reader_free(reader);
	store_close(store);
	house_close(&h);
	return TEST_REPORT();
}
