/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alerts.c - the list and one alert, triage, many at once, by hand; exceptions, techniques. respond/
 * does it all.
 *
 * After a change the alert goes to every open page.
 */
#include "respond/alert.h"

#include "base/num.h"
#include "base/utf8.h"
#include "respond/exception.h"
#include "respond/technique.h"
#include "state/list_row.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { WORDS_MAX = 1024, ITEM_MAX = 16 << 20 };
#define ROOM ((size_t)128 << 20)

static struct actor acting(const struct call *c)
{
	const struct who *who = &c->who;

	return (struct actor){
		.actor = who->actor,
		.user = who->kind == WHO_USER ? str_of(who->id) : STR(""),
		.name = str_of(who->kind == WHO_USER ? who->display_name : who->name),
		.scope = who->scope,
	};
}

static bool param_flag(struct call *c, const char *name, int *out, struct err *why)
{
	struct str s = request_param(&c->params, name);

	if (s.n == 0)
		return true;
	if (!str_eq(s, STR("true")) && !str_eq(s, STR("1")) && !str_eq(s, STR("false")) &&
	    !str_eq(s, STR("0")))
		return err_set(why, ERR_INPUT, 0, "'%s' must be true or false", name);
	*out = str_eq(s, STR("true")) || str_eq(s, STR("1"));
	return true;
}

static bool take_wish(struct call *c, struct alert_wish *out, struct err *why)
{
	struct str order = request_param(&c->params, "order");
	int64_t limit = 100;
	struct alert_wish wish = {
		.state = request_param(&c->params, "state"),
		.severity = request_param(&c->params, "severity"),
		.assignee = request_param(&c->params, "assignee"),
		.q = request_param(&c->params, "q"),
		.from = TIME_NONE,
		.to = TIME_NONE,
		.exercise = -1,
		.by_clock = str_eq(order, STR("clock")),
		.cursor = request_param(&c->params, "cursor"),
		.scope = c->who.scope,
	};

	if (utf8_count(wish.q) > WORDS_MAX)
		return err_set(why, ERR_INPUT, 0, "'%s' is longer than %d characters", "q",
			       WORDS_MAX);
	if (order.n > 0 && !wish.by_clock && !str_eq(order, STR("time")))
		return err_set(why, ERR_INPUT, 0, "'order' must be time or clock");
	if (!param_int(c, "limit", 1, ALERT_PAGE_MAX, &limit, why) ||
	    !param_time(c, "from", &wish.from, why) || !param_time(c, "to", &wish.to, why) ||
	    !param_flag(c, "exercise", &wish.exercise, why))
		return false;
	wish.limit = (uint32_t)limit;
	*out = wish;
	return true;
}

/* Scratch for one call, taken while it runs. */
static bool room(struct arena *out, struct err *why)
{
	return arena_reserve(out, ROOM) || err_set(why, ERR_IO, 0, "no memory");
}

bool alerts_list(struct call *c, struct err *why)
{
	struct alert_wish wish;
	struct arena a;

	if (!take_wish(c, &wish, why) || !room(&a, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	bool ok = alert_list_put(call_db(c), a, &wish, &w, why);
	arena_release(a);
	return ok;
}

/* The alert as the answer, with its tag. */
static bool answer_detail(struct call *c, struct str id, int status, struct err *why)
{
	const struct alert_ask ask = { id, c->who.scope };
	int64_t version;
	struct arena a;

	if (!room(&a, why))
		return false;
	struct jsonw w = reply_json(c, status);
	bool ok = alert_detail_put(call_db(c), a, &ask, &w, &version, why);
	if (ok)
		reply_etag(c, arena_printf(&c->a, "%lld", (long long)version));
	arena_release(a);
	return ok;
}

bool alerts_get(struct call *c, struct err *why)
{
	return answer_detail(c, c->args[0], 200, why);
}

/* To every open page; that a page cannot be told is no failure of the change. */
static void publish(struct call *c, struct str id)
{
	struct buf item = BUF(ITEM_MAX);
	struct jsonw w = { .out = &item };
	struct arena a;
	struct err why;

	if (!room(&a, &why))
		return;
	if (alert_item_put(call_db(c), a, id, &w, &why) && !item.full)
		web_publish(c->web, "alert", buf_str(&item));
	arena_release(a);
	buf_free(&item);
}

bool alerts_post(struct call *c, struct err *why)
{
	struct alert_draft draft;
	struct actor who = acting(c);
	char id[UUID_MAX];

	if (!alert_draft_parse(c->json, &draft, why) ||
	    !alert_make(call_db(c), &who, &draft, id, why))
		return false;
	publish(c, str_of(id));
	reply_header(c, "Location", arena_printf(&c->a, "/api/v1/alerts/%s", id));
	return answer_detail(c, str_of(id), 201, why);
}

bool alerts_patch(struct call *c, struct err *why)
{
	struct alert_patch patch;
	struct alert_changed changed = { 0 };
	struct actor who = acting(c);

	if (!alert_patch_parse(c->json, &patch, why))
		return false;
	patch.if_version = request_version(c->header[H_IF_MATCH]);
	if (!alert_change(call_db(c), &who, c->args[0], &patch, &changed, why)) {
		if (changed.stale)
			refuse_as(c, 412, "conflict");
		return false;
	}
	publish(c, c->args[0]);
	return answer_detail(c, c->args[0], 200, why);
}

static void publish_done(struct call *c)
{
	struct json *answer = NULL;

	if (!json_parse(buf_str(&c->reply.body), ANSWER_MAX, &answer, NULL))
		return;
	const struct json *done = json_get(answer, "done");
	for (size_t i = 0; i < json_count(done); i++)
		publish(c, json_str(json_at(done, i)));
	json_free(answer);
}

bool alerts_bulk(struct call *c, struct err *why)
{
	struct actor who = acting(c);
	struct arena a;

	if (!room(&a, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	bool ok = alert_bulk_put(call_db(c), a, &who, c->json, &w, why);
	arena_release(a);
	if (ok)
		publish_done(c);
	return ok;
}

bool techniques_list(struct call *c, struct err *why)
{
	struct jsonw w = reply_json(c, 200);

	(void)why;
	techniques_put(c->web->cfg.techniques, &w);
	return true;
}

bool exceptions_list(struct call *c, struct err *why)
{
	struct arena a;

	if (!room(&a, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	bool ok = exception_list_put(call_db(c), a, &c->who.scope, &w, why);
	arena_release(a);
	return ok;
}

bool exceptions_preview(struct call *c, struct err *why)
{
	struct exception_draft draft;
	struct arena a;

	if (!exception_draft_parse(c->json, true, &draft, why) || !room(&a, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	bool ok = exception_preview_put(call_db(c), a, &c->who.scope, &draft, &w, why);
	arena_release(a);
	return ok;
}

/* A rule or list that there is: an exception for a misspelt one would hide nothing, in silence. */
static bool check_rule(struct call *c, struct str rule, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct list_row list;
	struct err none = { 0 }, reason;
	bool known = true; /* as long as no watch has told its rules */

	if (list_row_get(call_db(c), &c->a, rule, &list, &none))
		return true;
	if (none.kind != ERR_ABSENT) {
		*why = none;
		return false;
	}
	if (!b->rule_known(b->ctx, rule, &known, why))
		return false;
	if (known)
		return true;
	err_set(&reason, ERR_INPUT, 0, "there is no rule or list '%.*s'", STR_ARG(rule));
	field_error(c, "rule", &reason);
	return err_set(why, ERR_INPUT, 0, "there is no rule or list '%.*s'", STR_ARG(rule));
}

bool exceptions_post(struct call *c, struct err *why)
{
	struct exception_draft draft;
	struct actor who = acting(c);
	char id[UUID_MAX];
	struct arena a;

	if (!exception_draft_parse(c->json, false, &draft, why) ||
	    !check_rule(c, draft.rule, why) || !exception_make(call_db(c), &who, &draft, id, why) ||
	    !backend_reload(c, why) || !room(&a, why))
		return false;
	struct jsonw w = reply_json(c, 201);
	bool ok = exception_item_put(call_db(c), a, str_of(id), &w, why);
	arena_release(a);
	return ok;
}

bool exceptions_delete(struct call *c, struct err *why)
{
	struct actor who = acting(c);

	if (!exception_remove(call_db(c), &who, c->args[0], why) || !backend_reload(c, why))
		return false;
	reply_empty(c, 204);
	return true;
}
