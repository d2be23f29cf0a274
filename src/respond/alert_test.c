/* SPDX-License-Identifier: Apache-2.0 */
/* Triage, lists and what people write, without a store. */
#include "respond/alert.h"

#include "respond/exception.h"
#include "respond/house_test.h"

static struct house h;

static struct json *body(const char *text)
{
	struct json *v = NULL;

	if (!CHECK(text, json_parse(str_of(text), 65536, &v, NULL)))
		abort();
	return v;
}

static enum err_kind make(const char *text, char id[UUID_MAX])
{
	struct json *v = body(text);
	struct alert_draft d;
	struct err why = { .kind = ERR_NONE };
	bool ok = alert_draft_parse(v, &d, &why) && alert_make(h.db, &alice, &d, id, &why);

	json_free(v);
	return ok ? ERR_NONE : why.kind;
}

/* --- by hand --- */

static const struct {
	const char *name, *body;
	enum err_kind kind;
} drafts[] = {
	{ "whole",
	  "{\"title\":\"Phone call\",\"severity\":\"high\",\"channel\":\"telephone\","
	  "\"host\":\"mail-01\",\"description\":\"strange mail\","
	  "\"observed_at\":\"2026-11-20T05:00:00Z\"}",
	  ERR_NONE },
	{ "least", "{\"title\":\"T\",\"severity\":\"low\",\"channel\":\"soc\"}", ERR_NONE },
	{ "no title", "{\"title\":\" \",\"severity\":\"low\",\"channel\":\"soc\"}", ERR_INPUT },
	{ "no severity", "{\"title\":\"T\",\"channel\":\"soc\"}", ERR_INPUT },
	{ "channel of rules", "{\"title\":\"T\",\"severity\":\"low\",\"channel\":\"rule\"}",
	  ERR_INPUT },
	{ "no zone",
	  "{\"title\":\"T\",\"severity\":\"low\",\"channel\":\"soc\",\"observed_at\":"
	  "\"2026-11-20T05:00:00\"}",
	  ERR_INPUT },
	{ "the future",
	  "{\"title\":\"T\",\"severity\":\"low\",\"channel\":\"soc\",\"observed_at\":"
	  "\"2999-11-20T05:00:00Z\"}",
	  ERR_INPUT },
	{ "a number", "{\"title\":5,\"severity\":\"low\",\"channel\":\"soc\"}", ERR_INPUT },
};

static void by_hand(void)
{
	char id[UUID_MAX];

	for (size_t i = 0; i < COUNT(drafts); i++)
		CHECK(drafts[i].name, make(drafts[i].body, id) == drafts[i].kind);
	CHECK("clock of high",
	      house_number(&h,
			   "SELECT acknowledge_due - opened FROM alerts WHERE severity = 'high'") ==
		      TIME_HOUR);
	CHECK("low has none", house_number(&h, "SELECT count(*) FROM alerts WHERE severity = 'low'"
					       " AND acknowledge_due IS NULL") == 1);
}

/* --- steps --- */

/* From a new alert of that severity, patches in order; the last one's outcome and the state then. */
static const struct {
	const char *name, *severity, *patches[3];
	enum err_kind kind;
	const char *state;
} walks[] = {
	{ "acknowledge", "high", { "{\"state\":\"acknowledged\"}" }, ERR_NONE, "acknowledged" },
	{ "acknowledge twice",
	  "high",
	  { "{\"state\":\"acknowledged\"}", "{\"state\":\"acknowledged\"}" },
	  ERR_STATE,
	  "acknowledged" },
	{ "true with all",
	  "critical",
	  { "{\"verdict\":\"true\",\"reason\":\"r\",\"action\":\"a\"}" },
	  ERR_NONE,
	  "verified_true" },
	{ "high without action",
	  "high",
	  { "{\"verdict\":\"true\",\"reason\":\"r\"}" },
	  ERR_INPUT,
	  "new" },
	{ "critical, blank action",
	  "critical",
	  { "{\"verdict\":\"false\",\"reason\":\"r\",\"action\":\"  \"}" },
	  ERR_INPUT,
	  "new" },
	{ "medium without action",
	  "medium",
	  { "{\"verdict\":\"false\",\"reason\":\"r\"}" },
	  ERR_NONE,
	  "verified_false" },
	{ "no reason", "low", { "{\"verdict\":\"true\"}" }, ERR_INPUT, "new" },
	{ "neither true nor false",
	  "low",
	  { "{\"verdict\":\"maybe\",\"reason\":\"r\"}" },
	  ERR_INPUT,
	  "new" },
	{ "handled without a verdict", "low", { "{\"state\":\"handled\"}" }, ERR_STATE, "new" },
	{ "verdict and handled at once",
	  "low",
	  { "{\"verdict\":\"true\",\"reason\":\"r\",\"state\":\"handled\"}" },
	  ERR_NONE,
	  "handled" },
	{ "the other verdict",
	  "low",
	  { "{\"verdict\":\"true\",\"reason\":\"r\"}", "{\"verdict\":\"false\",\"reason\":\"s\"}" },
	  ERR_NONE,
	  "verified_false" },
	{ "nothing after handled",
	  "low",
	  { "{\"verdict\":\"true\",\"reason\":\"r\",\"state\":\"handled\"}",
	    "{\"verdict\":\"false\",\"reason\":\"s\"}" },
	  ERR_STATE,
	  "handled" },
	{ "a comment at any time",
	  "low",
	  { "{\"verdict\":\"true\",\"reason\":\"r\",\"state\":\"handled\"}",
	    "{\"comment\":\"seen again\"}" },
	  ERR_NONE,
	  "handled" },
	{ "empty comment", "low", { "{\"comment\":\"\"}" }, ERR_INPUT, "new" },
	{ "back to new", "low", { "{\"state\":\"new\"}" }, ERR_INPUT, "new" },
	{ "nobody of that name",
	  "low",
	  { "{\"assignee\":\"0197f0f0-0000-7000-8000-00000000ffff\"}" },
	  ERR_INPUT,
	  "new" },
	{ "assign and take back",
	  "low",
	  { "{\"assignee\":\"0197f0f0-0000-7000-8000-000000000001\"}", "{\"assignee\":null}" },
	  ERR_NONE,
	  "new" },
	{ "unknown member", "low", { "{\"severity\":\"low\"}" }, ERR_INPUT, "new" },
	{ "nothing", "low", { "{}" }, ERR_INPUT, "new" },
	{ "no object", "low", { "[]" }, ERR_INPUT, "new" },
	{ "all or nothing",
	  "high",
	  { "{\"comment\":\"c\",\"verdict\":\"true\",\"reason\":\"r\"}" },
	  ERR_INPUT,
	  "new" },
};

static enum err_kind patch(struct str id, const char *text, int64_t version,
			   struct alert_changed *out)
{
	struct json *v = body(text);
	struct alert_patch p = { .if_version = -1 };
	struct err why = { .kind = ERR_NONE };
	bool ok = alert_patch_parse(v, &p, &why);

	p.if_version = version;
	ok = ok && alert_change(h.db, &alice, id, &p, out, &why);

	json_free(v);
	return ok ? ERR_NONE : why.kind;
}

static void walk(void)
{
	for (size_t i = 0; i < COUNT(walks); i++) {
		char text[128], id[UUID_MAX];
		struct alert_changed changed;
		struct alert_row row;
		enum err_kind kind = ERR_NONE;

		snprintf(text, sizeof text,
			 "{\"title\":\"W\",\"severity\":\"%s\",\"channel\":\"soc\"}",
			 walks[i].severity);
		CHECK(walks[i].name, make(text, id) == ERR_NONE);
		for (size_t p = 0; p < COUNT(walks[i].patches) && walks[i].patches[p]; p++)
			kind = patch(str_of(id), walks[i].patches[p], -1, &changed);
		CHECK(walks[i].name, kind == walks[i].kind);
		CHECK(walks[i].name, alert_row_get(h.db, str_of(id), &row, NULL));
		CHECK(walks[i].name, str_eq(alert_state_names[row.state], str_of(walks[i].state)));
	}
	CHECK("counts follow", house_number(&h, "SELECT sum(n) FROM alert_counts") ==
				       house_number(&h, "SELECT count(*) FROM alerts"));
	CHECK("counts by state",
	      house_number(&h, "SELECT count(*) FROM alert_counts c WHERE n <> (SELECT count(*)"
			       " FROM alerts a WHERE a.state = c.state AND a.severity = c.severity"
			       " AND a.exercise = c.exercise)") == 0);
	CHECK("each step has its ledger entry",
	      house_number(&h, "SELECT count(*) FROM alert_history s JOIN ledger_entries e"
			       " ON e.n = s.ledger AND e.subject = s.alert"
			       " AND e.kind = 'alert.' || s.act") ==
		      house_number(&h, "SELECT count(*) FROM alert_history"));
}

static void versions(void)
{
	char id[UUID_MAX] = "";
	struct alert_changed c = { .version = 0 };

	CHECK("make",
	      make("{\"title\":\"V\",\"severity\":\"low\",\"channel\":\"soc\"}", id) == ERR_NONE);
	CHECK("first", patch(str_of(id), "{\"comment\":\"a\"}", -1, &c) == ERR_NONE && !c.stale);
	int64_t old = c.version - 1, now = c.version;
	CHECK("stale", patch(str_of(id), "{\"comment\":\"b\"}", old, &c) == ERR_STATE && c.stale);
	CHECK("right", patch(str_of(id), "{\"comment\":\"b\"}", now, &c) == ERR_NONE);
	CHECK("absent",
	      patch(STR("nothing"), "{\"comment\":\"b\"}", -1, &c) == ERR_ABSENT && !c.stale);
}

/* --- lists --- */

static const char titles[][24] = { "Alpha tấn công", "Beta", "Gamma web-01.example.vn", "Delta",
				   "Epsilon" };

static void fill(void)
{
	static const char *const severities[] = { "critical", "high", "medium", "low", "high" };

	CHECK("clear", db_script(h.db,
				 "DELETE FROM alert_words; DELETE FROM alert_places;"
				 " DELETE FROM alert_history; DELETE FROM alerts;"
				 " DELETE FROM alert_counts;",
				 NULL));
	for (int i = 0; i < 5; i++) {
		char text[256], id[UUID_MAX];
		struct alert_changed c;

		snprintf(text, sizeof text,
			 "{\"title\":\"%s\",\"severity\":\"%s\",\"channel\":\"soc\",\"host\":"
			 "\"host-%d\",\"observed_at\":\"2026-11-20T0%d:00:00Z\"}",
			 titles[i], severities[i], i, i);
		CHECK("make", make(text, id) == ERR_NONE);
		if (i == 1)
			CHECK("ack", patch(str_of(id), "{\"state\":\"acknowledged\"}", -1, &c) ==
					     ERR_NONE);
		if (i == 3)
			CHECK("done", patch(str_of(id),
					    "{\"verdict\":\"true\",\"reason\":\"r\",\"state\":"
					    "\"handled\"}",
					    -1, &c) == ERR_NONE);
	}
}

static const struct {
	const char *name;
	struct alert_wish wish;
	const char *want; /* first letters of the titles in order */
} lists[] = {
	{ "by time", { .exercise = -1 }, "EDGBA" },
	{ "by clock", { .exercise = -1, .by_clock = true }, "AEBGD" },
	{ "a state", { .exercise = -1, .state = STR("new") }, "EGA" },
	{ "two states", { .exercise = -1, .state = STR("handled,acknowledged") }, "DB" },
	{ "a severity", { .exercise = -1, .severity = STR("high") }, "EB" },
	{ "both", { .exercise = -1, .severity = STR("high"), .state = STR("new") }, "E" },
	{ "exercises", { .exercise = 1 }, "" },
	{ "a word", { .exercise = -1, .q = STR("beta") }, "B" },
	{ "begin of a word", { .exercise = -1, .q = STR("ep") }, "E" },
	{ "no marks", { .exercise = -1, .q = STR("tan cong") }, "A" },
	{ "marks", { .exercise = -1, .q = STR("TẤN") }, "A" },
	{ "words with marks", { .exercise = -1, .q = STR("TẤN Công") }, "A" },
	{ "host", { .exercise = -1, .q = STR("host-2") }, "G" },
	{ "all hosts", { .exercise = -1, .q = STR("host") }, "EDGBA" },
	{ "part of a name", { .exercise = -1, .q = STR("example") }, "G" },
	{ "two words", { .exercise = -1, .q = STR("host delta") }, "D" },
	{ "no such word", { .exercise = -1, .q = STR("omega") }, "" },
	{ "word and state", { .exercise = -1, .q = STR("host"), .state = STR("new") }, "EGA" },
	{ "mine",
	  { .exercise = -1, .assignee = STR("0197f0f0-0000-7000-8000-000000000001") },
	  "B" },
	{ "nobody's", { .exercise = -1, .assignee = STR("none") }, "EDGA" },
};

/* All pages of `limit`, as first letters; the cursor must end. */
static void letters(const struct alert_wish *wish, uint32_t limit, char out[64])
{
	struct alert_wish w = *wish;
	static char cursor[ALERT_CURSOR_MAX];
	size_t n = 0;

	if (w.from == 0 && w.to == 0)
		w.from = w.to = TIME_NONE;
	w.limit = limit;
	for (int page = 0; page < 10; page++) {
		struct buf b = BUF(1 << 20);
		struct jsonw j = { .out = &b };
		struct err why = { 0 };

		if (!CHECK("list", alert_list_put(h.db, h.whole, &w, &j, &why))) {
			printf("%s\n", why.text);
			break;
		}
		struct json *v = house_json("page", &b);
		const struct json *items = json_get(v, "items");
		for (size_t i = 0; i < json_count(items) && n < 60; i++)
			out[n++] = json_get_str(json_get(json_at(items, i), "title"), "en").p[0];
		struct str next = json_get_str(v, "next");
		snprintf(cursor, sizeof cursor, "%.*s", STR_ARG(next));
		w.cursor = str_of(cursor);
		json_free(v);
		if (next.n == 0)
			break;
	}
	out[n] = '\0';
}

static void orders(void)
{
	fill();
	for (size_t i = 0; i < COUNT(lists); i++)
		for (uint32_t limit = 1; limit <= 6; limit += 1) {
			char got[64];

			letters(&lists[i].wish, limit, got);
			if (!CHECK(lists[i].name, strcmp(got, lists[i].want) == 0))
				printf("  got %s, want %s, pages of %u\n", got, lists[i].want,
				       limit);
		}
	char got[64];
	struct alert_wish span = {
		.exercise = -1,
		.from = time_from_civil(&(struct civil){ 2026, 11, 20, 1, 0, 0, 0 }),
		.to = time_from_civil(&(struct civil){ 2026, 11, 20, 2, 0, 0, 0 })
	};

	letters(&span, 1, got);
	CHECK("a span of time", strcmp(got, "GB") == 0);
}

static const struct {
	const char *name;
	struct alert_wish wish;
} bad_wishes[] = {
	{ "state", { .exercise = -1, .state = STR("open") } },
	{ "severity", { .exercise = -1, .severity = STR("high,urgent") } },
	{ "cursor", { .exercise = -1, .cursor = STR("x") } },
	{ "cursor of the other order",
	  { .exercise = -1, .cursor = STR("c5.0197f0f0-0000-7000-8000-000000000001") } },
	{ "page", { .exercise = -1, .limit = 1001 } },
	{ "assignee", { .exercise = -1, .assignee = STR("me") } },
};

static void bulk(void)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	char text[512], first[UUID_MAX];

	snprintf(first, sizeof first, "%s",
		 house_text(&h, "SELECT id FROM alerts WHERE state = 'new' LIMIT 1"));
	snprintf(text, sizeof text,
		 "{\"ids\":[\"%s\",\"nothing\",\"%s\"],\"patch\":{\"state\":"
		 "\"acknowledged\"}}",
		 first, first);
	struct json *v = body(text);

	CHECK("bulk", alert_bulk_put(h.db, h.whole, &alice, v, &w, NULL));
	json_free(v);
	v = house_json("bulk", &b);
	CHECK("done", json_count(json_get(v, "done")) == 1);
	CHECK("absent",
	      str_eq(json_get_str(json_at(json_get(v, "failed"), 0), "code"), STR("not_found")));
	CHECK("twice",
	      str_eq(json_get_str(json_at(json_get(v, "failed"), 1), "code"), STR("conflict")));
	json_free(v);
	v = body("{\"ids\":[],\"patch\":{\"state\":\"acknowledged\"}}");
	CHECK("none", !alert_bulk_put(h.db, h.whole, &alice, v, &w, NULL));
	json_free(v);
}

/* --- exceptions and clocks as text --- */

static const struct {
	const char *name, *body;
	bool preview, ok;
} exceptions[] = {
	{ "preview", "{\"rule\":\"r\",\"fields\":{\"user.name\":\"backup\"}}", true, true },
	{ "no rule", "{\"fields\":{\"user.name\":\"backup\"}}", true, false },
	{ "no fields", "{\"rule\":\"r\",\"fields\":{}}", true, false },
	{ "empty value", "{\"rule\":\"r\",\"fields\":{\"a\":\"\"}}", true, false },
	{ "number as value", "{\"rule\":\"r\",\"fields\":{\"a\":5}}", true, false },
	{ "no end", "{\"rule\":\"r\",\"fields\":{\"a\":\"b\"},\"reason\":\"x\"}", false, false },
	{ "ended",
	  "{\"rule\":\"r\",\"fields\":{\"a\":\"b\"},\"reason\":\"x\",\"expires\":"
	  "\"2020-01-01T00:00:00Z\"}",
	  false, false },
	{ "never ends",
	  "{\"rule\":\"r\",\"fields\":{\"a\":\"b\"},\"reason\":\"x\",\"expires\":"
	  "\"2999-01-01\"}",
	  false, false },
	{ "no reason", "{\"rule\":\"r\",\"fields\":{\"a\":\"b\"},\"expires\":\"%s\"}", false,
	  false },
	{ "whole", "{\"rule\":\"r\",\"fields\":{\"a\":\"b\"},\"reason\":\"x\",\"expires\":\"%s\"}",
	  false, true },
};

static void exception_bodies(void)
{
	for (size_t i = 0; i < COUNT(exceptions); i++) {
		char text[512], when[TIME_TEXT_MAX];
		const char *hole = strstr(exceptions[i].body, "%s");
		struct exception_draft d;

		time_rfc3339(time_now() + 7 * TIME_DAY, when);
		snprintf(text, sizeof text, "%.*s%s%s",
			 hole ? (int)(hole - exceptions[i].body) : 500, exceptions[i].body,
			 hole ? when : "", hole ? hole + 2 : "");
		struct json *v = body(text);
		CHECK(exceptions[i].name, exception_draft_parse(v, exceptions[i].preview, &d,
								NULL) == exceptions[i].ok);
		json_free(v);
	}
}

static const struct {
	const char *name, *fields, *want;
	bool holds;
} holding[] = {
	{ "whole name", "{\"user.name\":\"Bob\"}", "{\"user.name\":\"bob\"}", true },
	{ "end of a name", "{\"winlog.event_data.Image\":\"a.exe\"}", "{\"image\":\"A.EXE\"}",
	  true },
	{ "not within a name", "{\"OriginalImage\":\"a.exe\"}", "{\"Image\":\"a.exe\"}", false },
	{ "one of several", "{\"ip\":[\"a\",\"b\"]}", "{\"ip\":\"b\"}", true },
	{ "none of several", "{\"ip\":[\"a\",\"b\"]}", "{\"ip\":\"c\"}", false },
	{ "all must hold", "{\"a\":\"1\",\"b\":\"2\"}", "{\"a\":\"1\",\"b\":\"3\"}", false },
	{ "missing", "{\"a\":\"1\"}", "{\"b\":\"1\"}", false },
	{ "nothing wanted hides nothing", "{\"a\":\"1\"}", "{}", false },
	{ "a number", "{\"EventID\":4625}", "{\"EventID\":\"4625\"}", true },
	{ "another number", "{\"EventID\":46250}", "{\"EventID\":\"4625\"}", false },
	{ "truth", "{\"ok\":true}", "{\"ok\":\"True\"}", true },
	{ "not true", "{\"ok\":false}", "{\"ok\":\"true\"}", false },
	{ "null is no value", "{\"ok\":null}", "{\"ok\":\"false\"}", false },
	{ "part of a value", "{\"a\":\"12\"}", "{\"a\":\"1\"}", false },
};

static void fields(void)
{
	for (size_t i = 0; i < COUNT(holding); i++) {
		struct json *have = body(holding[i].fields), *want = body(holding[i].want);

		CHECK(holding[i].name, fields_hold(have, want) == holding[i].holds);
		json_free(have);
		json_free(want);
	}
}

static const struct {
	const char *name, *yaml;
	size_t at; /* line of the fault; 0: fine */
} clock_texts[] = {
	{ "whole",
	  "clocks:\n  acknowledge: {high: 5m}\n  handle: {}\ngather: 1d\nnoisy: {hits: 3, within: 1d}\n",
	  0 },
	{ "unknown key", "clocks: {}\ngather: 1d\nnoisy: {hits: 3, within: 1d}\nmore: 1\n", 4 },
	{ "unknown severity", "clocks:\n  acknowledge:\n    urgent: 5m\ngather: 1d\n", 3 },
	{ "no span", "clocks:\n  handle: {high: soon}\n", 2 },
	{ "part missing", "clocks: {}\ngather: 1d\n", 1 },
	{ "no hits", "noisy: {within: 1d}\n", 1 },
};

static void clock_files(void)
{
	for (size_t i = 0; i < COUNT(clock_texts); i++) {
		struct clocks c;
		struct err why = { 0 };
		bool ok = clocks_parse(h.whole, str_of(clock_texts[i].yaml), &c, &why);

		CHECK(clock_texts[i].name, ok == (clock_texts[i].at == 0));
		CHECK(clock_texts[i].name, ok || why.at == clock_texts[i].at);
	}
	struct clocks c;
	int64_t before = house_number(&h, "SELECT count(*) FROM ledger_entries");

	CHECK("kept", clocks_get(h.db, &c, NULL) && c.acknowledge[4] == 15 * TIME_MINUTE &&
			      c.acknowledge[3] == TIME_HOUR && c.acknowledge[2] == TIME_NONE);
	CHECK("unchanged",
	      clocks_put(h.db, &c, "canh", NULL) &&
		      house_number(&h, "SELECT count(*) FROM ledger_entries") == before);
	c.gather++;
	CHECK("changed",
	      clocks_put(h.db, &c, "canh", NULL) &&
		      house_number(&h, "SELECT count(*) FROM ledger_entries") == before + 1);
}

int main(void)
{
	house_open(&h);
	by_hand();
	walk();
	versions();
	orders();
	for (size_t i = 0; i < COUNT(bad_wishes); i++) {
		struct buf b = BUF(1 << 20);
		struct jsonw w = { .out = &b };
		struct alert_wish wish = bad_wishes[i].wish;
		struct err why = { 0 };

		wish.from = wish.to = TIME_NONE;
		CHECK(bad_wishes[i].name,
		      !alert_list_put(h.db, h.whole, &wish, &w, &why) && why.kind == ERR_INPUT);
		buf_free(&b);
	}
	bulk();
	exception_bodies();
	fields();
	clock_files();
	house_close(&h);
	return TEST_REPORT();
}
