/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drill.c - `canh drill`: play an exercise through the door that pushed events take, and say whether it
 * was found.
 *
 * Every event carries the number of the exercise, which only this data folder knows; so all it makes
 * is marked, shown apart, and counts as a control test, never as an attack. The scenario is a file of
 * content/drills/. Needs the server to run.
 */
#include "access/token.h"
#include "base/file.h"
#include "base/jsonw.h"
#include "base/num.h"
#include "base/yaml.h"
#include "cmd/cmd.h"
#include "cmd/folders.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "cmd/server_ask.h"
#include "proc/kept_list.h"
#include "respond/control.h"
#include "state/list_row.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum {
	SCENARIO_MAX = 1 << 20,
	REPEAT_MAX = 10000,
	ANSWER_MAX = 1 << 20,
	FOUND_WAIT_S = 25,
	LIST_WAIT_S = 8,
	BODY_MAX = 16 << 20,
	EXPECT_MAX = 64,
};
#define ROOM ((size_t)64 << 20)

struct drill {
	const char *data, *content;
	struct opened_state state;
	struct arena a;
	const struct yml *scenario;
	char id[UUID_MAX], list[UUID_MAX];
	struct token_made token;
	int64_t begin;
	struct exercise_result result;
	int64_t before[EXPECT_MAX]; /* hits of what must be found, from earlier exercises */
	bool played;
};

static bool load_scenario(struct drill *d, const char *name, struct err *why)
{
	struct str content = d->content != NULL ? str_of(d->content) : folder_content(&d->a), text;
	char path[4096];

	if (strchr(name, '/') != NULL)
		snprintf(path, sizeof path, "%s", name);
	else
		snprintf(path, sizeof path, "%.*s/drills/%s.yaml", STR_ARG(content), name);
	return file_load_given(&d->a, path, SCENARIO_MAX, &text, why) &&
	       yml_parse(&d->a, text, &d->scenario, why) &&
	       (d->scenario != NULL || err_set(why, ERR_INPUT, 0, "'%s' is empty", path));
}

/* The invented control servers, on a list of their own while the exercise runs. */
static bool put_list(struct drill *d, struct err *why)
{
	struct list_row row = {
		.name = STR("diễn tập"),
		.kind = STR("c2"),
		.sha256 = STR("0000000000000000000000000000000000000000000000000000000000000000"),
		.types_json = STR("{}"),
		.imported_by = STR("canh"),
		.valid_from = TIME_NONE,
		.valid_until = time_now() + TIME_DAY,
		.imported = time_now()
	};
	struct buf keep = BUF(1 << 16);
	char path[4096];

	for (const struct yml *v = yml_first(yml_get(d->scenario, "control_servers")); v != NULL;
	     v = v->next) {
		struct indicator x;

		if (!indicator_parse(&d->a, yml_str(v), &x, why))
			return false;
		kept_list_put(&keep, &x, STR("diễn tập"), (uint64_t)++row.entries);
	}
	uuid_new(row.id);
	snprintf(d->list, sizeof d->list, "%s", row.id);
	snprintf(path, sizeof path, "%s/lists/%s.list", d->data, row.id);
	row.size_bytes = (int64_t)keep.n;
	bool ok = file_save(AT_FDCWD, path, buf_str(&keep), 0600, why) &&
		  list_row_add(d->state.db, &row, NULL, 0, "canh", why);
	buf_free(&keep);
	return ok;
}

static bool begin(struct drill *d, struct err *why)
{
	const struct token_draft token = { .name = STR("diễn tập"), .role = ROLE_SOURCE };
	struct actor who = { .actor = "canh" };
	struct str scenario = yml_get_str(d->scenario, "id");

	d->begin = time_now();
	const struct exercise_plan plan = { scenario, d->begin, d->begin + TIME_HOUR };

	return exercise_begin(d->state.db, &who, &plan, d->id, why) &&
	       token_new(d->state.access, NULL, &token, &d->token, why) && put_list(d, why);
}

/* Whatever happened: the exercise ends, its token and its list go. `result` NULL: nothing was played. */
static void end(struct drill *d, const struct exercise_result *result)
{
	struct actor who = { .actor = "canh" };
	struct err why = { 0 };
	char path[4096];

	if (d->id[0] != '\0' && !exercise_end(d->state.db, &who, str_of(d->id), result, &why))
		command_complain(&why);
	if (d->token.id[0] != '\0' &&
	    !token_revoke(d->state.access, NULL, str_of(d->token.id), &why))
		command_complain(&why);
	if (d->list[0] == '\0')
		return;
	if (!list_row_remove(d->state.db, str_of(d->list), "canh", &why))
		command_complain(&why);
	snprintf(path, sizeof path, "%s/lists/%s.list", d->data, d->list);
	unlink(path);
}

/* The event with its time and the number of the exercise put in front. */
static bool put_event(struct drill *d, struct str event, int64_t at, struct buf *body,
		      struct err *why)
{
	char time[TIME_TEXT_MAX];

	event = str_trim(event);
	if (event.n < 2 || event.p[0] != '{' || event.p[event.n - 1] != '}')
		return err_set(why, ERR_INPUT, 0, "an event of the scenario is no JSON object");
	buf_printf(body, "{\"@timestamp\":\"%s\",\"canh.exercise\":\"%s\",", time_rfc3339(at, time),
		   d->id);
	buf_add(body, str_skip(event, 1));
	buf_char(body, '\n');
	return true;
}

static bool put_events(struct drill *d, struct buf *body, size_t *n, struct err *why)
{
	const struct yml *events = yml_get(d->scenario, "events");

	for (const struct yml *e = yml_first(events); e != NULL; e = e->next) {
		int64_t after = 0, every = 0, repeat = 1;

		if (!time_parse_span(yml_get_str(e, "after"), &after) ||
		    (yml_get(e, "every") != NULL &&
		     !time_parse_span(yml_get_str(e, "every"), &every)) ||
		    (yml_get(e, "repeat") != NULL && !yml_int(yml_get(e, "repeat"), &repeat)) ||
		    repeat < 1 || repeat > REPEAT_MAX)
			return err_set(why, ERR_INPUT, e->line,
				       "line %u of the scenario: bad time or number", e->line);
		for (int64_t i = 0; i < repeat; i++, (*n)++)
			if (!put_event(d, yml_get_str(e, "event"), d->begin + after + i * every,
				       body, why))
				return false;
	}
	return !body->full || err_set(why, ERR_LIMIT, 0, "the scenario is too long");
}

/* Hits of exercises by the rule `what` (or, for "list", by any list: an indicator has one alert,
 * whichever list names it), gathered into alerts so far. */
static int64_t hits_of(struct drill *d, struct str what)
{
	bool list = str_eq(what, STR("list"));
	struct err why = { 0 };
	int64_t n = 0;

	if (!db_number(d->state.db,
		       "SELECT coalesce(sum(count), 0) FROM alerts WHERE exercise = 1"
		       " AND CASE rule_kind WHEN 'indicator' THEN $1 ELSE rule = $2 END",
		       DB_VALS(V_INT(list), V_TEXT(what)), &n, &why))
		command_complain(&why);
	return n;
}

static bool note_before(struct drill *d, struct err *why)
{
	const struct yml *e = yml_first(yml_get(d->scenario, "expect"));

	for (d->result.expected = 0; e != NULL; e = e->next) {
		if (d->result.expected == EXPECT_MAX)
			return err_set(why, ERR_INPUT, e->line, "the scenario is too long");
		d->before[d->result.expected++] = hits_of(d, yml_get_str(e, "what"));
	}
	return true;
}

/* How much of it was found; with `last` each is printed. */
static bool report(struct drill *d, bool last)
{
	size_t i = 0;

	d->result.found = 0;
	for (const struct yml *e = yml_first(yml_get(d->scenario, "expect")); e != NULL;
	     e = e->next, i++) {
		bool seen = hits_of(d, yml_get_str(e, "what")) > d->before[i];
		struct str title = yml_get_str(yml_get(e, "title"),
					       msg_lang() == LANG_VI ? "vi" : "en");

		d->result.found += seen;
		if (last)
			printf("%s  %.*s\n",
			       seen ? msg(MSG_ID("found    ")) : msg(MSG_ID("not found")),
			       STR_ARG(title));
	}
	return d->result.found == d->result.expected;
}

static bool push(struct drill *d, struct str body, struct err *why)
{
	struct buf answer = BUF(ANSWER_MAX);
	unsigned status = 0;
	bool ok = server_ask(d->data, d->token.secret, "POST", "/api/v1/ingest",
			     "application/x-ndjson", body, &status, &answer, why);

	if (ok && status != 200)
		ok = err_set(why, ERR_IO, 0, "the server did not take the events: %u %.*s", status,
			     STR_ARG(buf_str(&answer)));
	buf_free(&answer);
	return ok;
}

static bool play(struct drill *d, struct err *why)
{
	struct buf body = BUF(BODY_MAX);
	size_t n = 0;
	bool all = false;

	if (!begin(d, why) || !note_before(d, why))
		return false;
	sleep(LIST_WAIT_S); /* the server notices the list within seconds */
	d->played = put_events(d, &body, &n, why) && push(d, buf_str(&body), why);
	buf_free(&body);
	if (!d->played)
		return false;
	d->result.events = (int64_t)n;
	printf(msg(MSG_ID("exercise %s: %zu events sent\n")), d->id, n);
	for (int s = 0; s < FOUND_WAIT_S && !all; s++) {
		sleep(1);
		all = report(d, false);
	}
	report(d, true);
	return all || err_set(why, ERR_STATE, 0, "not everything that was played was found");
}

/* Asked before anything is entered anywhere. */
static bool is_served(const struct drill *d, struct err *why)
{
	struct buf answer = BUF(ANSWER_MAX);
	unsigned status;
	bool ok = server_ask(d->data, NULL, "GET", "/api/v1/health", NULL, STR(""), &status,
			     &answer, why);

	buf_free(&answer);
	return ok;
}

static int run(struct drill *d, const char *scenario)
{
	struct err why = { 0 };

	if (!arena_reserve(&d->a, ROOM))
		return EXIT_FAULT;
	if (!load_scenario(d, scenario, &why)) {
		command_complain(&why);
		return EXIT_INPUT;
	}
	if (!is_served(d, &why)) {
		command_complain(&why);
		return EXIT_INPUT;
	}
	if (!command_state_open(d->data, &d->state))
		return EXIT_INPUT;
	bool ok = play(d, &why);
	if (!ok)
		command_complain(&why);
	end(d, d->played ? &d->result : NULL);
	command_state_close(&d->state);
	return ok ? EXIT_DONE : why.kind == ERR_STATE ? EXIT_NOT : EXIT_INPUT;
}

int cmd_drill(int argc, char **argv)
{
	static struct drill d;
	const struct opt table[] = {
		{ "data", OPT_TEXT, &d.data, "DIR", MSG_ID("the data folder") },
		{ "content", OPT_TEXT, &d.content, "DIR",
		  MSG_ID("shipped rules, dispatches and decoders") },
	};
	struct opts o = {
		"drill",
		"[SCENARIO]",
		MSG_ID("Play an exercise through the real path; all it makes is marked as such."),
		table,
		COUNT(table),
		0,
		1
	};
	size_t n;

	switch (opts_parse(&o, argc, argv, &n)) {
	case OPTS_HELPED:
		return EXIT_DONE;
	case OPTS_WRONG:
		return EXIT_USAGE;
	case OPTS_GO:
		break;
	}
	if (d.data == NULL)
		d.data = "var";
	return run(&d, n > 0 ? argv[0] : "holiday-mail");
}
