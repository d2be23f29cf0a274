/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events.c - searching: parameters checked here, everything else in the process seek.
 */
#include "base/time.h"
#include "base/utf8.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"
#include "web/reach_int.h"

enum { QUERY_MAX = 4096, REQUEST_MAX = 256 << 10, BUCKETS_MAX = 2000 };

bool backend_failed(struct call *c, const struct err *why)
{
	if (why->kind == ERR_STATE)
		refuse_as(c, 429, "busy");
	return false;
}

static void time_member(struct jsonw *w, const char *name, int64_t t)
{
	if (t != TIME_NONE)
		jsonw_kv_int(w, name, t);
}

/* "sources", for a role that reaches only some: nothing of the others is found. */
static bool sources_member(struct call *c, struct jsonw *w, struct err *why)
{
	if (scope_is_whole(&c->who.scope))
		return true;
	struct json *live = live_state(c);
	jsonw_key(w, "sources");
	bool ok = reach_write_ids(call_db(c), &c->who.scope, live, w, why);
	json_free(live);
	return ok;
}

/* The members that all searches share. */
static bool search_members(struct call *c, struct jsonw *w, struct err *why)
{
	struct str q = request_param(&c->params, "q");
	int64_t from = TIME_NONE, to = TIME_NONE;

	if (utf8_count(q) > QUERY_MAX)
		return err_set(why, ERR_INPUT, 0, "'%s' is longer than %d characters", "q",
			       QUERY_MAX);
	if (!param_time(c, "from", &from, why) || !param_time(c, "to", &to, why))
		return false;
	if (from != TIME_NONE && to != TIME_NONE && from > to)
		return err_set(why, ERR_INPUT, 0, "'from' is after 'to'");
	jsonw_kv_str(w, "q", q.p == NULL ? STR("") : q);
	time_member(w, "from", from);
	time_member(w, "to", to);
	return sources_member(c, w, why);
}

/* Send what stands in `request` to seek and pass its answer on. */
static bool ask(struct call *c, const struct buf *request, struct err *why)
{
	struct buf answer = BUF(ANSWER_MAX);

	if (request->full)
		return err_set(why, ERR_LIMIT, 0, "request too large");
	if (!c->web->backend.seek(c->web->backend.ctx, buf_str(request), &answer, why)) {
		buf_free(&answer);
		return backend_failed(c, why);
	}
	reply_take(c, 200, &answer);
	return true;
}

static bool order_member(struct call *c, struct jsonw *w, struct err *why)
{
	struct str order = request_param(&c->params, "order");

	if (order.p != NULL && !str_eq(order, STR("time")) && !str_eq(order, STR("stored")))
		return err_set(why, ERR_INPUT, 0, "'%s' must be %s", "order", "stored, time");
	jsonw_kv_str(w, "order", order.p == NULL ? STR("stored") : order);
	return true;
}

static bool list(struct call *c, struct buf *request, struct err *why)
{
	struct jsonw w = { .out = request };
	struct str cursor = request_param(&c->params, "cursor");
	int64_t limit = 100;

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "op", STR("search"));
	if (!search_members(c, &w, why) || !order_member(c, &w, why) ||
	    !param_int(c, "limit", 1, 1000, &limit, why))
		return false;
	jsonw_kv_int(&w, "limit", limit);
	if (cursor.n > 0)
		jsonw_kv_str(&w, "cursor", cursor);
	jsonw_close(&w, '}');
	return ask(c, request, why);
}

static bool histogram(struct call *c, struct buf *request, struct err *why)
{
	struct jsonw w = { .out = request };
	int64_t buckets = 60;

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "op", STR("histogram"));
	if (!search_members(c, &w, why) || !param_int(c, "buckets", 1, BUCKETS_MAX, &buckets, why))
		return false;
	jsonw_kv_int(&w, "buckets", buckets);
	jsonw_close(&w, '}');
	return ask(c, request, why);
}

bool events_list(struct call *c, struct err *why)
{
	struct buf request = BUF(REQUEST_MAX);
	bool ok = list(c, &request, why);

	buf_free(&request);
	return ok;
}

bool events_histogram(struct call *c, struct err *why)
{
	struct buf request = BUF(REQUEST_MAX);
	bool ok = histogram(c, &request, why);

	buf_free(&request);
	return ok;
}

bool events_get(struct call *c, struct err *why)
{
	struct buf request = BUF(REQUEST_MAX);
	struct jsonw w = { .out = &request };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "op", STR("event"));
	jsonw_kv_str(&w, "id", c->args[0]);
	bool ok = sources_member(c, &w, why);
	jsonw_close(&w, '}');
	ok = ok && ask(c, &request, why);
	buf_free(&request);
	return ok;
}
