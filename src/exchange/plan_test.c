/* SPDX-License-Identifier: Apache-2.0 */
/* From alerts to notices over a database of its own: whom, when again, grouped, held, up the ladder; and
 * what becomes of them in the outbox. */
#include "exchange/plan.h"

#include "base/crypt.h"
#include "base/test.h"
#include "exchange/outbox.h"
#include "respond/alert.h"
#include "state/contact_row.h"
#include "state/duty_row.h"
#include "state/ledger.h"
#include "state/state.h"

#include <stdio.h>
#include <stdlib.h>

enum { MANY = 10000 };

static struct arena mem;
static struct db *db;
static char dir[] = P_tmpdir "/canh-plan-XXXXXX", an[UUID_MAX], binh[UUID_MAX];
static int64_t start;

static int64_t number(const char *sql)
{
	int64_t n = -1;
	struct err why;

	CHECK(sql, db_number(db, sql, NULL, 0, &n, &why));
	return n;
}

static struct notify settings(const char *json)
{
	struct notify n = { .critical_always = true };
	struct arena a = mem;
	struct json *j = NULL;
	const struct notify_sink sink = { NULL, NULL };
	static unsigned char kept[1 << 16];
	struct arena keep = { kept, kept + sizeof kept };

	(void)a;
	CHECK("settings",
	      json_parse(str_of(json), 1 << 16, &j, NULL) && notify_change(&keep, j, &n, &sink));
	json_free(j);
	return n;
}

#define SMTP \
	"\"smtp\":{\"host\":\"127.0.0.1\",\"port\":25,\"tls\":\"none\",\"from\":\"c@example.vn\"}"
#define WATCH "[{\"kind\":\"duty\",\"value\":\"watch\"}]"
#define LEAD "[{\"kind\":\"duty\",\"value\":\"lead\"}]"

static void alert(const char *severity, char id[UUID_MAX])
{
	const struct actor who = { .actor = "canh" };
	const struct alert_draft d = { .title = STR("thử"),
				       .severity = str_of(severity),
				       .channel = STR("telephone"),
				       .observed = TIME_NONE };
	struct err why = { 0 };

	CHECK("alert", alert_make(db, &who, &d, id, &why));
}

static struct planned plan(const struct notify *n, int64_t at)
{
	struct planned got = { .alerts = 0 };
	struct err why = { 0 };

	if (!CHECK("plan", plan_run(db, mem, n, at, &got, &why)))
		printf("  %s\n", why.text);
	return got;
}

static bool take(enum channel c, int64_t at, struct outgoing *out)
{
	static unsigned char kept[1 << 14];
	struct arena a = { kept, kept + sizeof kept };
	struct err why = { 0 };

	struct outgoing got = { .found = false };

	CHECK("take", outbox_take(db, &a, c, at, &got, &why));
	if (got.found)
		*out = got;
	return got.found;
}

static const char *settle(const struct outgoing *o, bool sent, int64_t at)
{
	struct delivery d = { .sent = sent, .receipt = STR("250 ok") };
	const char *state = "";
	struct err why = { 0 };

	if (!sent)
		(void)err_set(&d.why, ERR_IO, 0, "no answer");
	CHECK("settle", outbox_settle(db, str_of(o->id), &d, at, &state, &why));
	return state;
}

static void reset(void)
{
	CHECK("reset", db_script(db,
				 "DELETE FROM notice_alerts; DELETE FROM notice_reminders;"
				 " DELETE FROM notices; DELETE FROM shifts",
				 NULL));
}

static void shift(const char *who, enum post post, int64_t from, int64_t to)
{
	const struct shift_draft d = { str_of(who), post, from, to, STR("") };
	char id[UUID_MAX];

	CHECK("shift", shift_add(db, &d, "canh", id, NULL));
}

static void test_before(void)
{
	struct notify n = settings("{" SMTP ",\"rules\":[{\"severity\":\"critical\",\"mail\":true,"
				   "\"to\":" WATCH "}]}");
	char id[UUID_MAX];

	alert("critical", id);
	CHECK("what was there before is left alone", plan(&n, start).alerts == 0);
}

static void test_ladder(void)
{
	struct notify n = settings("{" SMTP ",\"rules\":[{\"severity\":\"critical\",\"mail\":true,"
				   "\"to\":" WATCH ",\"repeat_min\":10,\"escalate_min\":25,"
				   "\"escalate_to\":" LEAD "}]}");
	const struct actor who = { .actor = "canh" };
	const struct alert_patch seen = { .state = STR("acknowledged"), .if_version = -1 };
	struct alert_changed changed;
	struct outgoing o;
	char id[UUID_MAX];

	reset();
	shift(an, POST_WATCH, start - TIME_HOUR, start + TIME_DAY);
	shift(binh, POST_LEAD, start - TIME_HOUR, start + TIME_DAY);
	alert("critical", id);
	int64_t t = time_now();
	CHECK("told", plan(&n, t).notices == 1 && plan(&n, t).notices == 0);
	CHECK("An", take(BY_MAIL, t, &o) && str_eq(o.target, STR("an@example.vn")) &&
			    str_eq(o.kind, STR("alert")) && o.count == 1);
	CHECK("once", !take(BY_MAIL, t, &o));
	CHECK("sent", strcmp(settle(&o, true, t), "sent") == 0);
	CHECK("not yet", plan(&n, t + 9 * TIME_MINUTE).alerts == 0);
	CHECK("again", plan(&n, t + 10 * TIME_MINUTE).notices == 1 &&
			       take(BY_MAIL, t + 10 * TIME_MINUTE, &o) &&
			       str_eq(o.kind, STR("repeat")));
	(void)settle(&o, true, t + 10 * TIME_MINUTE);
	(void)plan(&n, t + 20 * TIME_MINUTE);
	CHECK("still An alone", take(BY_MAIL, t + 20 * TIME_MINUTE, &o) &&
					str_eq(o.target, STR("an@example.vn")) &&
					!take(BY_MAIL, t + 20 * TIME_MINUTE, &o));
	CHECK("both", plan(&n, t + 25 * TIME_MINUTE).notices == 2 &&
			      number("SELECT count(*) FROM notices WHERE kind = 'ladder'") == 2 &&
			      number("SELECT count(*) FROM notices WHERE target ="
				     " 'binh@example.vn'") == 1);
	CHECK("acknowledged", alert_change(db, &who, str_of(id), &seen, &changed, NULL));
	CHECK("what waits is dropped", !take(BY_MAIL, t + 26 * TIME_MINUTE, &o) &&
					       number("SELECT count(*) FROM notices WHERE state ="
						      " 'dropped'") == 2);
	CHECK("silence", plan(&n, t + TIME_HOUR).alerts == 0);
}

/* A burst is one notice at once and one for the rest of the minute. */
static void test_burst(void)
{
	struct notify n = settings("{" SMTP ",\"rules\":[{\"severity\":\"high\",\"mail\":true,"
				   "\"to\":" WATCH "},{\"severity\":\"critical\",\"mail\":true,"
				   "\"to\":" WATCH "}]}");
	struct outgoing o;
	char id[UUID_MAX];

	reset();
	shift(an, POST_WATCH, start - TIME_HOUR, start + TIME_DAY);
	alert("high", id);
	int64_t t = time_now();
	CHECK("the first", plan(&n, t).notices == 1 && take(BY_MAIL, t, &o));
	(void)settle(&o, true, t);
	CHECK("burst",
	      db_run(db,
		     "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < $2)"
		     " INSERT INTO alerts (id, number, unit, state, severity, group_key, title_vi,"
		     " title_en, rule, rule_title, rule_level, rule_kind, tags_json, matched, count,"
		     " first_seen, last_seen, exercise, channel, opened, changed)"
		     " SELECT 'b' || c.i, a.number + c.i, a.unit, 'new', 'high', 'b' || c.i, '', '',"
		     " '', '', '', 'sigma', '[]', '', 1, a.opened, a.opened, 0, 'rule', a.opened,"
		     " a.opened FROM alerts a, c WHERE a.id = $1",
		     DB_VALS(V_Z(id), V_INT(MANY)), NULL));
	int64_t began = time_monotonic();
	size_t told = 0;
	struct planned got;
	do
		told += (got = plan(&n, t + TIME_SECOND)).alerts;
	while (got.alerts == PLAN_PER_CALL);
	printf("%d alerts planned in %jd ms\n", MANY, (intmax_t)(time_monotonic() - began) / 1000);
	CHECK("all told", told == MANY && number("SELECT count(*) FROM notices") == 2);
	CHECK("not within the minute", !take(BY_MAIL, t + 59 * TIME_SECOND, &o));
	alert("critical", id);
	(void)plan(&n, t + 30 * TIME_SECOND);
	CHECK("what is worse does not wait", take(BY_MAIL, t + 30 * TIME_SECOND, &o) &&
						     o.count == MANY + 1 &&
						     str_eq(o.severity, STR("critical")));
	(void)settle(&o, true, t + 30 * TIME_SECOND);
}

static void test_nobody(void)
{
	struct notify n = settings("{" SMTP ",\"rules\":[{\"severity\":\"critical\",\"mail\":true,"
				   "\"to\":" WATCH ",\"escalate_min\":25,\"escalate_to\":" LEAD
				   "}]}");
	struct outgoing o;
	char id[UUID_MAX];

	reset();
	shift(binh, POST_LEAD, start - TIME_HOUR, start + TIME_DAY);
	alert("critical", id);
	int64_t t = time_now();
	CHECK("up at once", plan(&n, t).notices == 1 && take(BY_MAIL, t, &o) &&
				    str_eq(o.target, STR("binh@example.vn")));
	reset();
	alert("critical", id);
	CHECK("nobody", plan(&n, t).nobody == 1 &&
				number("SELECT count(*) FROM notices WHERE state = 'given_up'"
				       " AND error_en LIKE 'there is nobody%'") == 1);
}

static const struct {
	const char *name;
	int from, to; /* quiet, in minutes of the day */
	int now;      /* in Viet Nam */
	int until;    /* minutes from the day's begin; -1: not quiet */
} nights[] = {
	{ "in the day", 22 * 60, 6 * 60, 12 * 60, -1 },
	{ "before midnight", 22 * 60, 6 * 60, 23 * 60, 30 * 60 },
	{ "after midnight", 22 * 60, 6 * 60, 60, 6 * 60 },
	{ "at its end", 22 * 60, 6 * 60, 6 * 60, -1 },
	{ "at its begin", 22 * 60, 6 * 60, 22 * 60, 30 * 60 },
	{ "within a day", 12 * 60, 13 * 60, 12 * 60 + 30, 13 * 60 },
	{ "none", 8 * 60, 8 * 60, 8 * 60, -1 },
};

static void test_quiet(void)
{
	const int64_t day = INT64_C(20000) * TIME_DAY - 7 * TIME_HOUR;

	for (size_t i = 0; i < COUNT(nights); i++) {
		const struct quiet_hours q = { STR("lead"), nights[i].from, nights[i].to };
		int64_t until = quiet_until(&q, day + nights[i].now * TIME_MINUTE);

		CHECK(nights[i].name,
		      until == (nights[i].until < 0 ? 0 : day + nights[i].until * TIME_MINUTE));
	}
}

/* Its end cannot be recorded, as with a full disk: it comes back by itself, in doubt, and goes once more. */
static void test_lease(int64_t now)
{
	const struct test_draft t = { BY_WEBHOOK, STR("hook"), STR("hook"), STR(""), STR("vi") };
	const struct delivery sent = { .sent = true, .receipt = STR("ok") };
	struct outgoing o;
	char id[UUID_MAX];
	const char *state = "";
	struct err why = { 0 };

	reset();
	CHECK("one", outbox_test(db, &t, "user:1", id, NULL) && take(BY_WEBHOOK, now, &o));
	CHECK("full", db_script(db, "PRAGMA query_only = 1", &why) &&
			      !outbox_settle(db, str_of(id), &sent, now, &state, &why) &&
			      db_script(db, "PRAGMA query_only = 0", &why));
	CHECK("not while it may be under way", !take(BY_WEBHOOK, now + OUTBOX_LEASE - 1, &o));
	now += OUTBOX_LEASE;
	CHECK("nor by the other way", !take(BY_MAIL, now, &o));
	CHECK("not at once", !take(BY_WEBHOOK, now, &o) &&
				     number("SELECT in_doubt FROM notices WHERE state = 'waiting'"
					    " AND error_vi IS NOT NULL") == 1);
	now += outbox_wait(1);
	CHECK("once more", take(BY_WEBHOOK, now, &o) && strcmp(o.id, id) == 0 && o.attempts == 2);
	CHECK("and recorded", strcmp(settle(&o, true, now), "sent") == 0 &&
				      number("SELECT in_doubt FROM notices") == 1);
	CHECK("another", outbox_test(db, &t, "user:1", id, NULL) && take(BY_WEBHOOK, now, &o));
	CHECK("nothing after a day", !take(BY_WEBHOOK, now + OUTBOX_TRIED_FOR, &o) &&
					     number("SELECT count(*) FROM ledger_entries WHERE"
						    " kind = 'notice.given_up' AND subject ="
						    " (SELECT id FROM notices WHERE state ="
						    " 'given_up')") == 1);
}

/* Tried for a day with growing pauses; what was on its way at a restart is in doubt. */
static void test_outbox(void)
{
	const struct test_draft t = { BY_WEBHOOK, STR("hook"), STR("hook"), STR(""), STR("vi") };
	struct outgoing o;
	char id[UUID_MAX];
	int64_t now = time_now() + TIME_SECOND, n = 0, tries = 0;
	const char *state = "waiting";

	reset();
	CHECK("tried", outbox_test(db, &t, "user:1", id, NULL) && !take(BY_MAIL, now, &o));
	for (int64_t at = now; strcmp(state, "waiting") == 0 && tries < 1000; tries++) {
		if (!CHECK("due", take(BY_WEBHOOK, at, &o) && o.attempts == tries + 1))
			break;
		CHECK("not twice at once", !take(BY_WEBHOOK, at, &o));
		state = settle(&o, false, at);
		at += outbox_wait(o.attempts);
	}
	CHECK("given up after a day", strcmp(state, "given_up") == 0 && tries > 90 && tries < 120);
	CHECK("told", number("SELECT count(*) FROM ledger_entries WHERE kind ="
			     " 'notice.given_up' AND subject = (SELECT id FROM notices)") == 1);
	now = time_now() + TIME_MINUTE;
	CHECK("another", outbox_test(db, &t, "user:1", id, NULL) && take(BY_WEBHOOK, now, &o));
	CHECK("restarted", outbox_restart(db, now, &n, NULL) && n == 1 &&
				   take(BY_WEBHOOK, now, &o) && strcmp(o.id, id) == 0 &&
				   o.attempts == 2);
	CHECK("marked", number("SELECT in_doubt FROM notices WHERE state = 'sending'") == 1);
	CHECK("settled once", strcmp(settle(&o, true, now), "sent") == 0);
	struct delivery late = { .sent = true, .receipt = STR("late") };
	struct err why = { 0 };
	CHECK("and not again",
	      !outbox_settle(db, str_of(id), &late, now, &state, &why) && why.kind == ERR_STATE);
}

static void test_list(void)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	struct notice_wish wish = { .limit = 1 };
	const struct notice_view plain = { false, LANG_VI };
	struct err why = { 0 };
	struct json *j = NULL;

	CHECK("a page", notice_list_put(db, mem, &wish, plain, &w, &why) &&
				json_parse(buf_str(&b), 1 << 20, &j, NULL) &&
				json_count(json_get(j, "items")) == 1 &&
				json_get_str(j, "next").n > 0);
	static char next[32];
	snprintf(next, sizeof next, "%.*s", STR_ARG(json_get_str(j, "next")));
	json_free(j);
	buf_clear(&b);
	w.comma = false;
	wish.cursor = str_of(next);
	CHECK("the last", notice_list_put(db, mem, &wish, plain, &w, &why) &&
				  json_parse(buf_str(&b), 1 << 20, &j, NULL) &&
				  json_count(json_get(j, "items")) == 1 &&
				  json_is_null(json_get(j, "next")));
	json_free(j);
	buf_clear(&b);
	wish.state = STR("sent,lost");
	CHECK("no such state",
	      !notice_list_put(db, mem, &wish, plain, &w, &why) && why.kind == ERR_INPUT);
	buf_free(&b);
}

static void make_people(void)
{
	const struct contact_patch both[] = {
		{ .name = STR("An"), .email = STR("an@example.vn") },
		{ .name = STR("Bình"), .email = STR("binh@example.vn"), .lang = STR("en") },
	};
	struct clocks c = { .gather = TIME_HOUR };

	for (int i = 0; i < SEVERITIES; i++)
		c.acknowledge[i] = c.handle[i] = TIME_NONE;
	CHECK("people", contact_add(db, &both[0], "canh", an, NULL) &&
				contact_add(db, &both[1], "canh", binh, NULL) &&
				clocks_put(db, &c, "canh", NULL));
}

int main(void)
{
	struct err why = { 0 };

	if (!crypt_init(&why) || mkdtemp(dir) == NULL || !arena_reserve(&mem, 64 << 20))
		return 1;
	start = time_now();
	db = state_open(dir, DB_CREATE, &why);
	struct ledger_key *key = ledger_key_load(dir, &why);
	test_quiet();
	if (CHECK("open", db != NULL && key != NULL && ledger_attach(db, key, &why))) {
		make_people();
		test_before();
		test_ladder();
		test_nobody();
		test_outbox();
		test_lease(time_now() + TIME_HOUR);
		test_list();
		test_burst();
	}
	db_close(db);
	ledger_key_free(key);
	arena_release(mem);
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
