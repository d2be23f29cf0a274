/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c - a call from its header to its reply: route, who asks, body, handler, problem.
 *
 * call_route() runs on the socket thread and touches memory only; the others run on a worker.
 */
#include "web/auth_int.h"
#include "web/elastic_int.h"
#include "web/page_int.h"
#include "web/reach_int.h"
#include "web/server_int.h"

#include <stdlib.h>
#include <unistd.h>

enum { CALL_ARENA = 1 << 20, JSON_MAX = 256 << 10 };

struct call *call_new(struct web *web, struct MHD_Connection *conn, struct str uri)
{
	struct call *c = calloc(1, sizeof *c);

	/* Address space only; pages come when touched. */
	if (c == NULL || !arena_reserve(&c->whole, CALL_ARENA)) {
		free(c);
		return NULL;
	}
	c->a = c->whole;
	c->web = web;
	c->conn = conn;
	c->body_fd = -1;
	struct str kept = arena_str(&c->a, uri);
	size_t mark = str_find_char(kept, '?');
	c->path = str_sub(kept, 0, mark);
	c->query = str_skip(kept, mark + 1);
	return c;
}

void call_free(struct call *c)
{
	json_free(c->json);
	reach_free(c->reach);
	buf_free(&c->reply.body);
	arena_release(c->whole);
	free(c);
}

static void problem(struct call *c, const struct err *why)
{
	if (elastic_wants(c))
		elastic_problem(c, why);
	else
		reply_problem(c, why);
}

static void add_allow(struct call *c, unsigned allowed)
{
	struct buf list = BUF(128);

	for (unsigned m = 0; m < METHODS; m++)
		if (allowed & 1U << m)
			buf_printf(&list, "%s%s", list.n > 0 ? ", " : "",
				   method_name((enum method)m));
	reply_header(c, "Allow", buf_str(&list));
	buf_free(&list);
}

static bool route_of(struct call *c, struct err *why)
{
	struct segments path;
	unsigned allowed = 0;

	if (c->path.p == NULL || !request_segments(&c->a, c->path, &path, why) ||
	    !request_params(&c->a, c->query, &c->params, why)) {
		refuse_as(c, 400, "invalid");
		return false;
	}
	c->route = route_find(c->method, &path, c->args, &allowed);
	if (c->route != NULL)
		return true;
	if (allowed != 0) {
		refuse_as(c, 405, "method_not_allowed");
		add_allow(c, allowed);
		return err_set(why, ERR_INPUT, 0, "this method is not for this address");
	}
	return err_set(why, ERR_ABSENT, 0, "there is nothing at this address");
}

void call_route(struct call *c)
{
	struct err why = { 0 };
	bool reads = c->method == M_GET || c->method == M_HEAD;

	if (reads && !elastic_wants(c) && page_answer(c->web->page, c))
		return;
	if (!route_of(c, &why))
		problem(c, &why);
}

/* A misspelt filter would otherwise answer with everything. */
static bool known_params(struct call *c, struct err *why)
{
	const char *names = c->route->query;
	struct err reason;
	bool ok = true;

	for (size_t i = 0; i < c->params.n; i++) {
		const struct str name = c->params.at[i].name;

		if (route_takes(c->route, name))
			continue;
		ok = err_set(&reason, ERR_INPUT, 0, "unknown parameter '%.*s'", STR_ARG(name));
		field_error(c, name.p, &reason); /* unescaped with a NUL behind it */
	}
	if (ok)
		return true;
	return names == NULL ? err_set(why, ERR_INPUT, 0, "this address takes no parameters")
			     : err_set(why, ERR_INPUT, 0,
				       "unknown parameters; this address takes: %s", names);
}

/* Who asks is known and may, and what is asked can be read. */
static bool let_in(struct call *c, struct err *why)
{
	return auth_call(c, why) && known_params(c, why);
}

void call_admit(struct call *c)
{
	struct err why = { 0 };

	if (!let_in(c, &why))
		problem(c, &why);
}

/* The body of a route that takes JSON. */
static bool take_json(struct call *c, struct err *why)
{
	c->text = buf_str(&c->body);
	if (c->text.n == 0)
		return true;
	if (!json_parse(c->text, JSON_MAX, &c->json, why) || !json_is_object(c->json)) {
		refuse_as(c, 400, "invalid");
		return c->json == NULL ? false
				       : err_set(why, ERR_INPUT, 0, "expected a JSON object");
	}
	return true;
}

static bool run(struct call *c, struct err *why)
{
	const struct route *r = c->route;

	if (r->body != BODY_FILE && !let_in(c, why))
		return false;
	/* who sends a file was let in before it, perhaps by another worker */
	if (web_desk(c->web, c->worker, why) == NULL)
		return false;
	if (r->body == BODY_JSON && !take_json(c, why))
		return false;
	return r->run(c, why);
}

void call_run(struct call *c)
{
	struct err why = { 0 };

	if (!run(c, &why))
		problem(c, &why);
	reply_pack(c);
}
