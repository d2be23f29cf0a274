/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setup.c - how far the first run has come, told from what is there and not from what was clicked: a step
 * that was left shows as open until what it asks for stands. And what is pasted on senders.
 */
#include "base/json.h"
#include "base/time.h"
#include "govern/duty.h"
#include "state/db.h"
#include "state/state.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

/* `why`: a stable word for what is missing; NULL: the step is done. */
static void put_step(struct jsonw *w, const char *id, const char *why, int64_t n)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(id));
	jsonw_kv_bool(w, "done", why == NULL);
	jsonw_kv_str(w, "missing", why == NULL ? (struct str){ NULL, 0 } : str_of(why));
	jsonw_kv_int(w, "n", n);
	jsonw_close(w, '}');
}

static bool step_unit(struct call *c, struct jsonw *w, struct err *why)
{
	struct str name, ranges;
	struct json *j = NULL;

	if (!state_setting(call_db(c), &c->a, "unit_name", &name, why) ||
	    !state_setting(call_db(c), &c->a, "public_ranges", &ranges, why))
		return false;
	if (ranges.n > 0 && !json_parse(ranges, 1 << 20, &j, why))
		return false;
	int64_t n = (int64_t)json_count(j);

	json_free(j);
	put_step(w, "unit", name.n <= 2 ? "name" : n == 0 ? "ranges" : NULL, n); /* "" */
	return true;
}

/* Those that send by themselves: no import, no test of ours. */
static bool sends(const struct json *source)
{
	struct str kind = json_get_str(source, "kind");
	int64_t stored = 0;

	return !str_eq(kind, STR("canary")) && !str_eq(kind, STR("import")) &&
	       !str_eq(kind, STR("drop")) &&
	       !str_eq(json_get_str(source, "name"), STR("diễn tập")) &&
	       json_int(json_get(source, "stored"), &stored) && stored > 0;
}

static void step_sources(struct jsonw *w, const struct json *live)
{
	const struct json *all = json_get(live, "sources");
	int64_t n = 0;

	for (size_t i = 0; i < json_count(all); i++)
		n += sends(json_at(all, i));
	put_step(w, "sources", n == 0 ? "sources" : NULL, n);
}

static bool step_lists(struct call *c, struct jsonw *w, struct err *why)
{
	int64_t n;

	if (!db_number(
		    call_db(c),
		    "SELECT count(*) FROM lists WHERE removed IS NULL AND entries > 0 AND name <> $1",
		    DB_VALS(V_TEXT(STR("diễn tập"))), &n, why))
		return false;
	put_step(w, "lists", n == 0 ? "lists" : NULL, n);
	return true;
}

/* Is there a rule that tells somebody, and a server or a webhook that carries it? */
static bool reached(struct call *c, bool *yes, struct err *why)
{
	struct str text;
	struct json *j = NULL;

	if (!state_setting(call_db(c), &c->a, "notify", &text, why) ||
	    (text.n > 0 && !json_parse(text, 1 << 20, &j, why)))
		return false;
	*yes = json_count(json_get(j, "rules")) > 0 &&
	       (json_is_object(json_get(j, "smtp")) || json_count(json_get(j, "webhooks")) > 0);
	json_free(j);
	return true;
}

static bool step_duty(struct call *c, struct jsonw *w, struct err *why)
{
	int64_t now = time_now(), n = 0;
	struct shifts all;
	bool told = false;

	if (!duty_around(call_db(c), &c->a, now, &all, why) || !reached(c, &told, why))
		return false;
	for (size_t i = 0; i < all.n; i++)
		n += all.at[i].post == POST_WATCH && duty_stands(&all.at[i], now);
	put_step(w, "duty", n == 0 ? "roster" : !told ? "channel" : NULL, n);
	return true;
}

static bool step_drill(struct call *c, struct jsonw *w, struct err *why)
{
	struct str text;
	struct json *j = NULL;
	int64_t found = 0;

	if (!state_setting(call_db(c), &c->a, "exercise_last", &text, why) ||
	    (text.n > 0 && !json_parse(text, 1 << 20, &j, why)))
		return false;
	const struct json *expected = json_get(j, "expected");
	size_t of = json_count(expected);

	for (size_t i = 0; i < of; i++)
		found += json_bool(json_get(json_at(expected, i), "found"), false);
	bool played = json_bool(json_get(j, "played"), false);

	put_step(w, "drill", !played ? "played" : (size_t)found < of ? "found" : NULL, found);
	json_free(j);
	return true;
}

bool setup_get(struct call *c, struct err *why)
{
	struct json *live = live_state(c);
	struct jsonw w = reply_json(c, 200);

	list_begin(&w);
	bool ok = step_unit(c, &w, why);
	step_sources(&w, live);
	ok = ok && step_lists(c, &w, why) && step_duty(c, &w, why) && step_drill(c, &w, why);
	list_end(&w, (struct str){ NULL, 0 });
	json_free(live);
	return ok;
}

bool snippets_list(struct call *c, struct err *why)
{
	struct jsonw w = reply_json(c, 200);
	struct str all = c->web->cfg.snippets;

	(void)why;
	jsonw_raw(&w, all.n > 0 ? all : STR("{\"items\":[],\"next\":null}"));
	return true;
}
