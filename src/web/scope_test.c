/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a role over a part of the units sees and may change, route by route: what it does not reach is,
 * to it, not there, also by a guessed id.
 */
#include "access/user.h"
#include "respond/alert.h"
#include "respond/exception.h"
#include "web/content_test.h"
#include "web/scope_house_test.h"

static struct directives dispatches;

/* ---- things ---- */

enum thing { AN_ALERT, AN_EXCEPTION, A_SOURCE, A_USER, A_TOKEN, THINGS };

static struct actor actor_at(enum place at)
{
	return (struct actor){ .actor = "canh", .scope = scopes[at] };
}

static void new_alert(enum place at, char id[UUID_MAX])
{
	const struct alert_draft draft = { .title = str_of(place_names[at]),
					   .severity = STR("high"),
					   .channel = STR("soc"),
					   .host = STR("ws"),
					   .observed = TIME_NONE };
	struct actor who = actor_at(at);
	struct err why = { 0 };

	house_must(alert_make(house.db, &who, &draft, id, &why), "alert", &why);
}

static void new_exception(enum place at, char id[UUID_MAX])
{
	const struct exception_draft draft = { .rule = STR("r"),
					       .reason = STR("x"),
					       .expires = time_now() + TIME_DAY,
					       .n = 1,
					       .field = { { STR("a"), STR("b") } } };
	struct actor who = actor_at(at);
	struct err why = { 0 };

	house_must(exception_make(house.db, &who, &draft, id, &why), "exception", &why);
}

static void new_user(enum place at, char id[UUID_MAX])
{
	static int n;
	char name[20];
	struct access_faults faults;
	struct invited made;
	struct err why = { 0 };

	snprintf(name, sizeof name, "user%d", ++n);
	const struct user_draft draft = { str_of(name), STR("X"), ROLE_VIEWER,
					  str_of(homes[at].unit), str_of(homes[at].site) };
	house_must(user_invite(house.access, &admin, &draft, &made, &faults, &why), "user", &why);
	memcpy(id, made.id, UUID_MAX);
}

static void new_thing(enum thing thing, enum place at, char id[UUID_MAX])
{
	struct token_made made;

	switch (thing) {
	case AN_ALERT:
		new_alert(at, id);
		break;
	case AN_EXCEPTION:
		new_exception(at, id);
		break;
	case A_SOURCE:
		snprintf(id, UUID_MAX, "%d", (int)at + 1);
		break;
	case A_USER:
		new_user(at, id);
		break;
	case A_TOKEN:
		new_token(at, ROLE_SOURCE, &made);
		memcpy(id, made.id, UUID_MAX);
		break;
	case THINGS:
		break;
	}
}

/* ---- one thing by its id ---- */

#define EVERY "viewer analyst lead auditor admin"
static const struct {
	const char *what, *body;
	enum thing thing;
	const char *roles;
} ops[] = {
	{ "GET /api/v1/alerts/%s", NULL, AN_ALERT, EVERY },
	{ "PATCH /api/v1/alerts/%s", "{\"comment\":\"x\"}", AN_ALERT, "analyst lead admin" },
	{ "PATCH /api/v1/alerts/%s", "{\"state\":\"acknowledged\"}", AN_ALERT,
	  "analyst lead admin" },
	{ "DELETE /api/v1/exceptions/%s", NULL, AN_EXCEPTION, "analyst lead admin" },
	{ "PATCH /api/v1/sources/%s", "{\"name\":\"x\"}", A_SOURCE, "lead admin" },
	{ "POST /api/v1/sources/%s/heartbeat", "{}", A_SOURCE, "lead admin" },
	{ "DELETE /api/v1/sources/%s/heartbeat", NULL, A_SOURCE, "lead admin" },
	{ "PATCH /api/v1/users/%s", "{\"display_name\":\"Y\"}", A_USER, "admin" },
	{ "PATCH /api/v1/users/%s", "{\"role\":\"analyst\"}", A_USER, "admin" },
	{ "PATCH /api/v1/users/%s", "{\"disabled\":true}", A_USER, "admin" },
	{ "POST /api/v1/users/%s/invite", NULL, A_USER, "admin" },
	{ "DELETE /api/v1/tokens/%s", NULL, A_TOKEN, "admin" },
};

static bool named(const char *roles, enum role role)
{
	return str_find(str_of(roles), str_of(role_name(role))) < strlen(roles);
}

static void by_id(size_t op, enum place caller, enum role role, enum place at)
{
	char id[UUID_MAX] = "", what[200], name[200];
	bool may = named(ops[op].roles, role), in = reaches[caller][at];

	new_thing(ops[op].thing, at, id);
	snprintf(what, sizeof what, ops[op].what, id);
	snprintf(name, sizeof name, "%s of %s: %s at %s", ops[op].what, place_names[at],
		 role_name(role), place_names[caller]);
	struct answer a = ask(caller, role, what, ops[op].body);
	bool fits = !may ? a.status == 403 : in ? a.status / 100 == 2 : a.status == 404;

	if (!CHECK(name, fits))
		printf("  %d %.*s\n", a.status, STR_ARG(a.body));
	buf_free(&a.bytes);
}

static void test_by_id(void)
{
	for (size_t op = 0; op < COUNT(ops); op++)
		for (int caller = 0; caller < PLACES; caller++)
			for (int role = 0; role < ROLES; role++)
				for (int at = 0; at < PLACES; at++) {
					/* what was not made cannot be ended: begin it */
					if (strstr(ops[op].what, "DELETE /api/v1/sources") !=
					    NULL) {
						char what[100];

						snprintf(what, sizeof what,
							 "POST /api/v1/sources/%d/heartbeat",
							 at + 1);
						struct answer a = ask(ALL, ROLE_ADMIN, what, "{}");
						buf_free(&a.bytes);
					}
					by_id(op, (enum place)caller, (enum role)role,
					      (enum place)at);
				}
}

/* ---- lists ---- */

static char kept[THINGS][PLACES][UUID_MAX];

static const struct {
	const char *what;
	enum thing thing;
	const char *roles;
} lists[] = {
	{ "GET /api/v1/alerts?limit=1000", AN_ALERT, EVERY },
	{ "GET /api/v1/alerts?limit=1000&order=clock", AN_ALERT, EVERY },
	{ "GET /api/v1/alerts?limit=1000&q=ws", AN_ALERT, EVERY },
	{ "GET /api/v1/exceptions", AN_EXCEPTION, EVERY },
	{ "GET /api/v1/sources", A_SOURCE, EVERY },
	{ "GET /api/v1/users", A_USER, "auditor admin" },
	{ "GET /api/v1/tokens", A_TOKEN, "auditor admin" },
	{ "GET /api/v1/ledger?limit=1000&kind=alert.", AN_ALERT, "analyst lead auditor admin" },
	{ "GET /api/v1/ledger?limit=1000&kind=alert.opened", AN_ALERT,
	  "analyst lead auditor admin" },
	{ "GET /api/v1/ledger?limit=1000", A_USER, "analyst lead auditor admin" },
	{ "GET /api/v1/ledger?limit=1000", A_TOKEN, "analyst lead auditor admin" },
	{ "GET /api/v1/ledger?limit=1000", AN_EXCEPTION, "analyst lead auditor admin" },
};

static void shows(size_t list, enum place caller, enum role role)
{
	struct answer a = ask(caller, role, lists[list].what, NULL);
	bool may = named(lists[list].roles, role);
	char name[200], want[UUID_MAX + 10];

	snprintf(name, sizeof name, "%s: %s at %s", lists[list].what, role_name(role),
		 place_names[caller]);
	CHECK(name, a.status == (may ? 200 : 403));
	for (int at = 0; may && at < PLACES; at++) {
		bool ledger = strstr(lists[list].what, "ledger") != NULL;

		snprintf(want, sizeof want, "\"%s\":\"%s\"", ledger ? "subject" : "id",
			 kept[lists[list].thing][at]);
		if (!CHECK(name, has(&a, want) == reaches[caller][at]))
			printf("  what belongs to %s\n", place_names[at]);
	}
	buf_free(&a.bytes);
}

static void test_lists(void)
{
	for (int thing = 0; thing < THINGS; thing++)
		for (int at = 0; at < PLACES; at++)
			new_thing((enum thing)thing, (enum place)at, kept[thing][at]);
	for (size_t list = 0; list < COUNT(lists); list++)
		for (int caller = 0; caller < PLACES; caller++)
			for (int role = 0; role < ROLES; role++)
				shows(list, (enum place)caller, (enum role)role);
}

/* All pages of alerts, one at a time, are those that are reached, each once; so are the counts. */
static void test_pages(enum place caller, const char *order)
{
	char next[200] = "", what[400];
	size_t seen = 0;
	int64_t open = -1;

	for (int page = 0; page < 5000 && (page == 0 || next[0] != '\0'); page++) {
		struct json *j = NULL;

		snprintf(what, sizeof what, "GET /api/v1/alerts?limit=7&order=%s&cursor=%s", order,
			 next);
		struct answer a = ask(caller, ROLE_VIEWER, what, NULL);
		next[0] = '\0';
		if (!CHECK(what, a.status == 200 && json_parse(a.body, 4 << 20, &j, NULL)))
			return;
		const struct json *items = json_get(j, "items");
		for (size_t i = 0; i < json_count(items); i++) {
			struct str unit = json_get_str(json_at(items, i), "unit"),
				   site = json_get_str(json_at(items, i), "site");
			size_t at = 0;

			while (at < PLACES &&
			       !(str_eq(unit, str_of(homes[at].unit)) &&
				 str_eq(site.p == NULL ? STR("") : site, str_of(homes[at].site))))
				at++;
			CHECK("only his", at < PLACES && reaches[caller][at]);
		}
		seen += json_count(items);
		fake_keep(next, sizeof next, json_get_str(j, "next"));
		const struct json *counts = json_get(json_get(j, "counts"), "severity");
		int64_t high = -1, low = -1;
		CHECK("counts", json_int(json_get(counts, "high"), &high) &&
					json_int(json_get(counts, "low"), &low));
		open = high + low;
		json_free(j);
		buf_free(&a.bytes);
	}
	CHECK("as many as are counted", open == (int64_t)seen && seen > 0);
}

static void test_bulk(enum place caller)
{
	char body[1000];
	size_t reached = 0, done = 0, refused = 0;
	struct json *j = NULL;

	snprintf(body, sizeof body,
		 "{\"ids\":[\"%s\",\"%s\",\"%s\",\"%s\"],\"patch\":{\"comment\":\"x\"}}",
		 kept[AN_ALERT][0], kept[AN_ALERT][1], kept[AN_ALERT][2], kept[AN_ALERT][3]);
	struct answer a = ask(caller, ROLE_LEAD, "POST /api/v1/alerts/bulk", body);

	for (int at = 0; at < PLACES; at++)
		reached += reaches[caller][at];
	if (CHECK("bulk", a.status == 200 && json_parse(a.body, 1 << 20, &j, NULL))) {
		done = json_count(json_get(j, "done"));
		refused = json_count(json_get(j, "failed"));
		for (size_t i = 0; i < refused; i++)
			CHECK("not found",
			      str_eq(json_get_str(json_at(json_get(j, "failed"), i), "code"),
				     STR("not_found")));
	}
	CHECK("those that are reached", done == reached && done + refused == PLACES);
	json_free(j);
	buf_free(&a.bytes);
}

/* ---- made, moved ---- */

/* What is made belongs where the role is held; elsewhere only within its reach. */
static void test_made(enum place caller, enum place at)
{
	static const struct {
		const char *what, *start;
	} posts[] = {
		{ "POST /api/v1/alerts",
		  "{\"title\":\"x\",\"severity\":\"low\",\"channel\":\"soc\"" },
		{ "POST /api/v1/tokens", "{\"name\":\"x\",\"role\":\"source\"" },
	};
	char body[400], want[400];
	/* a site belongs to its unit: named alone it suffices */
	const char *key = at == DESK ? "site" : "unit",
		   *id = at == DESK ? homes[at].site : homes[at].unit;

	for (size_t i = 0; i < COUNT(posts); i++) {
		snprintf(body, sizeof body, "%s,\"%s\":\"%s\"}", posts[i].start, key, id);
		struct answer a = ask(caller, ROLE_ADMIN, posts[i].what, body);
		CHECK(posts[i].what, a.status == (reaches[caller][at] ? 201 : 422));
		buf_free(&a.bytes);
		snprintf(body, sizeof body, "%s}", posts[i].start);
		a = ask(caller, ROLE_ADMIN, posts[i].what, body);
		snprintf(want, sizeof want, "\"unit\":\"%s\"", homes[caller].unit);
		CHECK(posts[i].what, a.status == 201 && (i == 1 || has(&a, want)));
		buf_free(&a.bytes);
	}
	/* a source and an account stay within */
	snprintf(body, sizeof body, "{\"%s\":\"%s\"}", key, id);
	char what[100], user[UUID_MAX];
	new_user(caller, user);
	snprintf(what, sizeof what, "PATCH /api/v1/users/%s", user);
	struct answer a = ask(caller, ROLE_ADMIN, what, body);
	CHECK("a user moves", a.status == (reaches[caller][at] ? 200 : 422));
	buf_free(&a.bytes);
	snprintf(what, sizeof what, "PATCH /api/v1/sources/%d", (int)caller + 1);
	a = ask(caller, ROLE_LEAD, what, body);
	CHECK("a source moves", a.status == (reaches[caller][at] ? 200 : 422));
	buf_free(&a.bytes);
	struct err why;
	snprintf(what, sizeof what, "%d", (int)caller + 1);
	house_must(source_home_put(house.db, str_of(what), &homes[caller], "canh", &why), "back",
		   &why);
}

/* An alert goes only to somebody who can see it. */
static void test_assign(void)
{
	char alert[UUID_MAX], user[UUID_MAX], what[100], body[100];

	for (int at = 0; at < PLACES; at++)
		for (int of = 0; of < PLACES; of++) {
			new_alert((enum place)at, alert);
			new_user((enum place)of, user);
			snprintf(what, sizeof what, "PATCH /api/v1/alerts/%s", alert);
			snprintf(body, sizeof body, "{\"assignee\":\"%s\"}", user);
			struct answer a = ask(ALL, ROLE_LEAD, what, body);
			CHECK("assign", a.status == (reaches[of][at] ? 200 : 422));
			buf_free(&a.bytes);
		}
}

/* ---- searching, figures, the board ---- */

static void test_events(enum place caller)
{
	static const char *const whats[] = { "GET /api/v1/events?q=x",
					     "GET /api/v1/events/histogram?q=x",
					     "GET /api/v1/events/2026-01-01-1-0" };
	char want[60] = "\"sources\":[";

	for (int at = 0, n = 0; at < PLACES; at++)
		if (reaches[caller][at])
			snprintf(want + strlen(want), sizeof want - strlen(want), "%s\"%d\"",
				 n++ > 0 ? "," : "", at + 1);
	for (size_t i = 0; i < COUNT(whats); i++) {
		struct answer a = ask(caller, ROLE_VIEWER, whats[i], NULL);

		CHECK(whats[i], a.status == 200);
		CHECK(whats[i], caller == ALL ? strstr(house.fake.asked, "sources") == NULL
					      : strstr(house.fake.asked, want) != NULL);
		buf_free(&a.bytes);
	}
	struct answer a = ask(caller, ROLE_VIEWER, "GET /metrics", NULL);
	for (int at = 0; at < PLACES; at++) {
		snprintf(want, sizeof want, "source=\"%d\"", at + 1);
		CHECK("figures", a.status == 200 && has(&a, want) == reaches[caller][at]);
	}
	buf_free(&a.bytes);
}

static void test_board(enum place caller)
{
	struct answer a = ask(caller, ROLE_VIEWER, "GET /api/v1/board", NULL), list;
	struct json *board = NULL, *alerts = NULL;
	int64_t open = -1, high = -2, unknown = -1, dropped = -1, reached = 0;

	if (!CHECK("board", a.status == 200 && json_parse(a.body, 4 << 20, &board, NULL)))
		return;
	list = ask(caller, ROLE_VIEWER, "GET /api/v1/alerts?limit=1", NULL);
	CHECK("alerts", json_parse(list.body, 4 << 20, &alerts, NULL));
	CHECK("open",
	      json_int(json_get(json_get(json_get(board, "alerts"), "by_severity"), "high"),
		       &open) &&
		      json_int(json_get(json_get(json_get(alerts, "counts"), "severity"), "high"),
			       &high) &&
		      open == high);
	for (int at = 0; at < PLACES; at++)
		reached += reaches[caller][at];
	CHECK("dropped",
	      json_int(json_get(json_get(board, "sources"), "dropped_today"), &dropped) &&
		      dropped == reached);
	CHECK("measures",
	      json_int(json_get(json_get(json_get(board, "measures"), "counts"), "unknown"),
		       &unknown));
	/* of the whole nothing was evaluated yet; of a part it is looked at now */
	CHECK("never evaluated", has(&a, "the measure was never evaluated") == (caller == ALL));
	CHECK("own addresses", has(&a, "known for all units together") == (caller != ALL));
	CHECK("whose",
	      caller == ALL || has(&a, caller == SOUTH ? "\"unit\":\"Nam\"" : "\"unit\":\"Bắc\""));
	json_free(board);
	json_free(alerts);
	buf_free(&a.bytes);
	buf_free(&list.bytes);
}

static void test_measures(enum place caller)
{
	struct answer a = ask(caller, ROLE_AUDITOR, "GET /api/v1/directives/6410-2023", NULL);

	CHECK("a directive is for all", a.status == 200 && has(&a, "\"measures\":["));
	CHECK("what nobody can tell of a part is unknown",
	      has(&a, "known for all units together") == (caller != ALL));
	CHECK("the rest is looked at", has(&a, "\"metric\":\"sources.alive\"") == (caller != ALL));
	buf_free(&a.bytes);
	a = ask(caller, ROLE_LEAD, "POST /api/v1/directives/6410-2023/measures/1.g/attest",
		"{\"statement\":\"x\",\"expires\":\"2099-01-01\"}");
	CHECK("attest", a.status == (caller == ALL ? 422 : 403));
	buf_free(&a.bytes);
}

int main(void)
{
	struct arena content = { 0 };

	scope_house_open();
	house_clocks(&house);
	house_directives(&house, &content, &dispatches);
	house_serve(&house, (struct web_config){ .directives = &dispatches, .heartbeat_s = 1 });
	test_lists();
	test_by_id();
	test_assign();
	for (int caller = 0; caller < PLACES; caller++) {
		test_pages((enum place)caller, "time");
		test_pages((enum place)caller, "clock");
		test_bulk((enum place)caller);
		test_events((enum place)caller);
		test_board((enum place)caller);
		test_measures((enum place)caller);
		for (int at = 0; at < PLACES; at++)
			test_made((enum place)caller, (enum place)at);
	}
	house_close(&house);
	arena_release(content);
	return TEST_REPORT();
}
