/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.c - detection rules: which are loaded, which are refused and why, which can fire; import, and
 * taking an import away.
 *
 * The table comes from the process that compiled them. Its order is kept, so that a cursor is a
 * place in it; rules change only by an import, after which the page starts over.
 */
#include "base/time.h"
#include "respond/alert.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { RULES_MAX = 64 << 20, ASK_MAX = 64 << 10, NAME_MAX_BYTES = 256, FIRED_MAX = 4096 };

/* Alerts by rule in the last 24 hours. */
struct fired {
	struct arena *a;
	size_t n;
	struct {
		struct str rule;
		int64_t n;
	} of[FIRED_MAX];
};

static void take_fired(void *ctx, struct str rule, int64_t n)
{
	struct fired *f = ctx;

	if (f->n == FIRED_MAX)
		return;
	f->of[f->n].rule = arena_str(f->a, rule);
	f->of[f->n++].n = n;
}

static int64_t alerts_of(const struct fired *f, struct str rule)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->of[i].rule, rule))
			return f->of[i].n;
	return 0;
}

static void write_rule(struct call *c, struct jsonw *w, const struct json *rule,
		       const struct fired *fired)
{
	const struct json *value;
	const void *at = NULL;
	struct str key;

	jsonw_open(w, '{');
	while ((at = json_next(rule, at, &key, &value)) != NULL) {
		jsonw_key_str(w, key);
		write_json_in(c, w, value);
	}
	jsonw_kv_int(w, "alerts_24h", alerts_of(fired, json_get_str(rule, "id")));
	jsonw_close(w, '}');
}

static bool write_page(struct call *c, const struct json *page, struct err *why)
{
	struct fired *fired = NEW(&c->a, struct fired, 1);
	const struct json *items = json_get(page, "items");
	struct jsonw w = reply_json(c, 200);

	if (fired == NULL)
		return err_set(why, ERR_LIMIT, 0, "request too large");
	fired->a = &c->a;
	const struct rule_taker take = { take_fired, fired };
	if (!alert_rule_counts(call_db(c), &c->who.scope, time_now() - TIME_DAY, &take, why))
		return false;
	jsonw_open(&w, '{');
	jsonw_key(&w, "items");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < json_count(items); i++)
		write_rule(c, &w, json_at(items, i), fired);
	jsonw_close(&w, ']');
	jsonw_kv_str(&w, "next", json_get_str(page, "next"));
	jsonw_key(&w, "counts");
	write_json(&w, json_get(page, "counts"));
	jsonw_close(&w, '}');
	return true;
}

static bool write_wish(struct call *c, struct jsonw *w, struct err *why)
{
	int64_t from = 0, limit = 100;
	struct str state = request_param(&c->params, "state");

	if (!param_int(c, "limit", 1, 1000, &limit, why) ||
	    !param_int(c, "cursor", 0, INT32_MAX, &from, why))
		return false;
	if (state.n > 0 && !str_eq(state, STR("loaded")) && !str_eq(state, STR("refused")))
		return err_set(why, ERR_INPUT, 0, "unknown value '%.*s'", STR_ARG(state));
	jsonw_open(w, '{');
	jsonw_kv_str(w, "q", request_param(&c->params, "q"));
	jsonw_kv_str(w, "state", state);
	jsonw_kv_int(w, "from", from);
	jsonw_kv_int(w, "limit", limit);
	jsonw_close(w, '}');
	return true;
}

bool rules_list(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct buf ask = BUF(ASK_MAX), answer = BUF(RULES_MAX);
	struct jsonw w = { .out = &ask };
	struct json *page = NULL;
	bool ok = write_wish(c, &w, why);

	if (ok && ask.full)
		ok = err_set(why, ERR_LIMIT, 0, "request too large");
	ok = ok && (b->rules(b->ctx, buf_str(&ask), &answer, why) || backend_failed(c, why)) &&
	     json_parse(buf_str(&answer), RULES_MAX, &page, why) && write_page(c, page, why);
	json_free(page);
	buf_free(&ask);
	buf_free(&answer);
	return ok;
}

/* --- import --- */

/* The same rules are kept already. */
static bool known_already(struct call *c, const struct json *known, struct err *why)
{
	refuse_as(c, 409, "conflict");
	return err_set(
		why, ERR_STATE, 0, "these rules are in use already, imported as '%.*s' at %.*s",
		STR_ARG(json_get_str(known, "name")), STR_ARG(json_get_str(known, "imported")));
}

/* None could be used: each by file and line, the first in words. */
static bool none_loaded(struct call *c, const struct json *refused, struct err *why)
{
	struct str first = json_get_str(json_at(refused, 0), "reason");

	for (size_t i = 0; i < json_count(refused); i++) {
		const struct json *f = json_at(refused, i);
		int64_t line = 0;
		struct err reason;

		if (!json_int(json_get(f, "line"), &line))
			line = 0;
		struct str where = arena_printf(&c->a, "%.*s:%lld",
						STR_ARG(json_get_str(f, "file")), (long long)line);
		err_set(&reason, ERR_INPUT, 0, "%.*s", STR_ARG(json_get_str(f, "reason")));
		if (where.p != NULL)
			field_error(c, where.p, &reason);
	}
	if (json_count(refused) == 0)
		return err_set(why, ERR_INPUT, 0, "there is no Sigma rule in the file");
	return err_set(why, ERR_INPUT, 0, "no rule of this file can be used: %s: %.*s",
		       c->n_field_errors > 0 ? c->field_errors[0].field : "", STR_ARG(first));
}

/* The answer says whether anything was kept. */
static bool was_kept(struct call *c, struct err *why)
{
	struct json *j = NULL;
	int64_t loaded = 0;
	bool ok = true;

	if (!json_parse(buf_str(&c->reply.body), ANSWER_MAX, &j, why))
		return false;
	if (json_get(j, "known") != NULL)
		ok = known_already(c, json_get(j, "known"), why);
	else if (!json_int(json_get(j, "loaded"), &loaded) || loaded == 0)
		ok = none_loaded(c, json_get(j, "refused"), why);
	json_free(j);
	return ok;
}

bool rules_post(struct call *c, struct err *why)
{
	struct buf request = BUF(ASK_MAX);
	struct jsonw w = { .out = &request };
	struct str name = request_param(&c->params, "name");

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "op", STR("rules-import"));
	jsonw_kv_str(&w, "name", str_sub(name, 0, NAME_MAX_BYTES));
	write_actor(c, &w);
	jsonw_close(&w, '}');
	bool ok = ask_clerk(c, &request, 200, why) && was_kept(c, why);
	buf_free(&request);
	return ok;
}

bool rules_imports(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct buf answer = BUF(ANSWER_MAX);

	if (!b->rule_imports(b->ctx, &answer, why)) {
		buf_free(&answer);
		return false;
	}
	reply_take(c, 200, &answer);
	return true;
}

bool rules_imports_delete(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;

	if (!b->rule_import_remove(b->ctx, c->args[0], str_of(c->who.actor), why) ||
	    !backend_reload(c, why))
		return false;
	reply_empty(c, 204);
	return true;
}
