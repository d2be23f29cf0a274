/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.c - detection rules: which are loaded, which are refused and why, which can fire; import.
 *
 * The table comes from the process that compiled them. Its order is kept, so that a cursor is a
 * place in it; rules change only by an import, after which the page starts over.
 */
#include "base/time.h"
#include "base/utf8.h"
#include "state/db.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { RULES_MAX = 64 << 20, ASK_MAX = 4096, NAME_MAX_BYTES = 256 };

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

/* Alerts of this rule in the last 24 hours. */
static bool alerts_of(struct call *c, struct str rule, int64_t *out, struct err *why)
{
	return db_number(call_db(c),
			 "SELECT count(*) FROM alerts WHERE rule = $1 AND last_seen >= $2",
			 DB_VALS(V_TEXT(rule), V_TIME(time_now() - TIME_DAY)), out, why);
}

static bool write_rule(struct call *c, struct jsonw *w, const struct json *rule, struct err *why)
{
	const struct json *value;
	const void *at = NULL;
	struct str key;
	int64_t alerts;

	if (!alerts_of(c, json_get_str(rule, "id"), &alerts, why))
		return false;
	jsonw_open(w, '{');
	while ((at = json_next(rule, at, &key, &value)) != NULL) {
		jsonw_key_str(w, key);
		write_json_in(c, w, value);
	}
	jsonw_kv_int(w, "alerts_24h", alerts);
	jsonw_close(w, '}');
	return true;
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
	struct jsonw w = reply_json(c, 200);
	size_t n = json_count(rules), i = (size_t)want->from;
	int64_t written = 0;

	jsonw_open(&w, '{');
	jsonw_key(&w, "items");
	jsonw_open(&w, '[');
	for (; i < n && written < want->limit; i++) {
		const struct json *rule = json_at(rules, i);

		if (!fits(want, rule))
			continue;
		if (!write_rule(c, &w, rule, why))
			return false;
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
