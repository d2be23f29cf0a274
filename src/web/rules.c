/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.c - detection rules: which are loaded, which are refused and why, which can fire; import.
 *
 * The table comes from the process that compiled them. Its order is kept, so that a cursor is a
 * place in it; rules change only by an import, after which the page starts over.
 */
#include "base/time.h"
#include "base/utf8.h"
#include "respond/alert.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { RULES_MAX = 64 << 20, ASK_MAX = 4096, NAME_MAX_BYTES = 256, FIRED_MAX = 4096 };

struct wanted {
	struct arena *scratch;
	struct str q, state; /* q folded for search */
	int64_t limit, from;
};

static bool holds(struct arena scratch, const struct json *rule, const char *member, struct str q)
{
	struct str s = utf8_fold_search(&scratch, json_get_str(rule, member));

	return s.p != NULL && str_find(s, q) < s.n;
}

static bool fits(const struct wanted *want, const struct json *rule)
{
	if (want->state.n > 0 && !str_eq(json_get_str(rule, "status"), want->state))
		return false;
	return want->q.n == 0 || holds(*want->scratch, rule, "title", want->q) ||
	       holds(*want->scratch, rule, "title_vi", want->q) ||
	       holds(*want->scratch, rule, "id", want->q) ||
	       holds(*want->scratch, rule, "file", want->q) ||
	       holds(*want->scratch, rule, "logsource", want->q) ||
	       holds(*want->scratch, rule, "level", want->q);
}

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

static void write_counts(struct jsonw *w, const struct json *rules)
{
	int64_t loaded = 0, refused = 0, can_fire = 0;

	for (size_t i = 0; i < json_count(rules); i++) {
		const struct json *r = json_at(rules, i);
		bool is_loaded = str_eq(json_get_str(r, "status"), STR("loaded"));

		loaded += is_loaded;
		refused += !is_loaded;
		can_fire += is_loaded && json_bool(json_get(r, "can_fire"), false);
	}
	jsonw_key(w, "counts");
	jsonw_open(w, '{');
	jsonw_kv_int(w, "loaded", loaded);
	jsonw_kv_int(w, "refused", refused);
	jsonw_kv_int(w, "can_fire", can_fire);
	jsonw_close(w, '}');
}

static bool write_page(struct call *c, const struct wanted *want, const struct json *rules,
		       struct err *why)
{
	struct fired *fired = NEW(&c->a, struct fired, 1);
	struct jsonw w = reply_json(c, 200);
	size_t n = json_count(rules), i = (size_t)want->from;
	int64_t written = 0;

	if (fired == NULL)
		return err_set(why, ERR_LIMIT, 0, "request too large");
	fired->a = &c->a;
	if (!alert_rule_counts(call_db(c), time_now() - TIME_DAY, take_fired, fired, why))
		return false;
	jsonw_open(&w, '{');
	jsonw_key(&w, "items");
	jsonw_open(&w, '[');
	for (; i < n && written < want->limit; i++) {
		const struct json *rule = json_at(rules, i);

		if (!fits(want, rule))
			continue;
		write_rule(c, &w, rule, fired);
		written++;
	}
	while (i < n && !fits(want, json_at(rules, i)))
		i++;
	jsonw_close(&w, ']');
	jsonw_kv_str(&w, "next", i < n ? arena_printf(&c->a, "%zu", i) : (struct str){ NULL, 0 });
	write_counts(&w, rules);
	jsonw_close(&w, '}');
	return true;
}

static bool ask_rules(struct call *c, struct json **out, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct buf answer = BUF(RULES_MAX);

	if (b->rules == NULL) {
		*out = live_state(c);
		return true;
	}
	bool ok = (b->rules(b->ctx, &answer, why) || backend_failed(c, why)) &&
		  json_parse(buf_str(&answer), RULES_MAX, out, why);

	buf_free(&answer);
	return ok;
}

bool rules_list(struct call *c, struct err *why)
{
	struct wanted want = { .scratch = &c->a, .limit = 100 };
	struct json *all;

	want.state = request_param(&c->params, "state");
	want.q = utf8_fold_search(&c->a, request_param(&c->params, "q"));
	if (!param_int(c, "limit", 1, 1000, &want.limit, why) ||
	    !param_int(c, "cursor", 0, INT32_MAX, &want.from, why) || !ask_rules(c, &all, why))
		return false;
	bool ok = write_page(c, &want, json_get(all, "rules"), why);
	json_free(all);
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
	bool ok = ask_clerk(c, &request, 200, why);
	buf_free(&request);
	return ok;
}
