/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drill.c - `canh drill`: play an exercise (proc/drill.h) through the door that pushed events take, and
 * say whether it was found. Needs the server to run.
 */
#include "proc/drill.h"

#include "access/token.h"
#include "cmd/cmd.h"
#include "cmd/folders.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "cmd/server_ask.h"

#include <stdio.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 20, LIST_WAIT_S = 8 };
#define ROOM ((size_t)64 << 20)

struct play {
	const char *data, *content;
	struct opened_state state;
	struct token_made token;
	struct drill drill;
	bool played;
};

static bool load_scenario(struct play *p, const char *name, struct err *why)
{
	struct str content = p->content != NULL ? str_of(p->content) : folder_content(&p->drill.a);
	char path[4096];

	if (strchr(name, '/') != NULL)
		snprintf(path, sizeof path, "%s", name);
	else
		snprintf(path, sizeof path, "%.*s/drills/%s.yaml", STR_ARG(content), name);
	return drill_load(&p->drill, path, why);
}

static void print_found(const struct drill *d)
{
	for (size_t i = 0; i < (size_t)d->result.expected; i++)
		printf("%s  %.*s\n",
		       d->found[i] ? msg(MSG_ID("found    ")) : msg(MSG_ID("not found")),
		       STR_ARG(drill_expected(d, i, msg_lang())));
}

static bool push(struct play *p, struct str body, struct err *why)
{
	struct buf answer = BUF(ANSWER_MAX);
	unsigned status = 0;
	bool ok = server_ask(&(const struct server_call){ p->data, p->token.secret, "POST",
							  "/api/v1/ingest", "application/x-ndjson",
							  body },
			     &status, &answer, why);

	if (ok && status != 200)
		ok = err_set(why, ERR_IO, 0, "the server did not take the events: %u %.*s", status,
			     STR_ARG(buf_str(&answer)));
	buf_free(&answer);
	return ok;
}

static bool send_events(struct play *p, struct err *why)
{
	struct buf body = BUF(DRILL_BODY_MAX);
	bool ok = drill_events(&p->drill, &body, why) && push(p, buf_str(&body), why);

	buf_free(&body);
	return ok;
}

static bool play(struct play *p, struct err *why)
{
	const struct token_draft token = { .name = STR("diễn tập"), .role = ROLE_SOURCE };
	bool all = false;

	if (!drill_begin(&p->drill, why) ||
	    !token_new(p->state.access, NULL, &token, &p->token, why))
		return false;
	sleep(LIST_WAIT_S); /* the server notices the list within seconds */
	p->played = send_events(p, why);
	if (!p->played)
		return false;
	printf(msg(MSG_ID("exercise %s: %zu events sent\n")), p->drill.id,
	       (size_t)p->drill.result.events);
	for (int s = 0; s < DRILL_FOUND_WAIT_S && !all; s++) {
		sleep(1);
		all = drill_look(&p->drill, why);
	}
	print_found(&p->drill);
	return all;
}

/* Whatever happened: the exercise ends, its token and its list go. */
static void end(struct play *p)
{
	struct err why = { 0 };

	if (!drill_end(&p->drill, p->played, &why))
		command_complain(&why);
	if (p->token.id[0] != '\0' &&
	    !token_revoke(p->state.access, NULL, str_of(p->token.id), &why))
		command_complain(&why);
}

/* Asked before anything is entered anywhere. */
static bool is_served(const struct play *p, struct err *why)
{
	struct buf answer = BUF(ANSWER_MAX);
	unsigned status;
	bool ok = server_ask(&(const struct server_call){ p->data, NULL, "GET", "/api/v1/health",
							  NULL, STR("") },
			     &status, &answer, why);

	buf_free(&answer);
	return ok;
}

static int run(struct play *p, const char *scenario)
{
	struct err why = { 0 };

	if (!arena_reserve(&p->drill.a, ROOM))
		return EXIT_FAULT;
	if (!load_scenario(p, scenario, &why) || !is_served(p, &why)) {
		command_complain(&why);
		return EXIT_INPUT;
	}
	if (!command_state_open(p->data, &p->state))
		return EXIT_INPUT;
	p->drill.db = p->state.db;
	p->drill.data = p->data;
	p->drill.who = (struct actor){ .actor = "canh" };
	bool ok = play(p, &why);
	if (!ok)
		command_complain(&why);
	end(p);
	command_state_close(&p->state);
	return ok ? EXIT_DONE : why.kind == ERR_STATE ? EXIT_NOT : EXIT_INPUT;
}

int cmd_drill(int argc, char **argv)
{
	static struct play p;
	const struct opt table[] = {
		{ "data", OPT_TEXT, &p.data, "DIR", MSG_ID("the data folder") },
		{ "content", OPT_TEXT, &p.content, "DIR",
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
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (p.data == NULL)
		p.data = "var";
	return run(&p, n > 0 ? argv[0] : "holiday-mail");
}
