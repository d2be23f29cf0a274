/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health.c - is it up: for load balancers, scripts and the page's first look; no sign-in, no secrets.
 */
#include "access/user.h"
#include "base/time.h"
#include "state/state.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { LIVE_MAX = 64 << 20 };

struct json *live_state(struct call *c)
{
	return web_live(c->web);
}

struct json *web_live(struct web *web)
{
	struct buf answer = BUF(LIVE_MAX);
	struct json *live = NULL;

	if (!web->backend.live(web->backend.ctx, &answer) ||
	    !json_parse(buf_str(&answer), LIVE_MAX, &live, NULL))
		live = NULL;
	buf_free(&answer);
	return live;
}

/* "ready", "processes" and "status": ok when it is ready and all of them run. */
static void write_look(struct jsonw *w, const struct json *live)
{
	const struct json *processes = json_get(live, "processes"), *value;
	const void *at = NULL;
	struct str name;
	bool ready = json_bool(json_get(live, "ready"), false), all = ready;

	jsonw_kv_bool(w, "ready", ready);
	jsonw_key(w, "processes");
	jsonw_open(w, '{');
	while ((at = json_next(processes, at, &name, &value)) != NULL) {
		jsonw_key_str(w, name);
		jsonw_str(w, json_str(value));
		all = all && str_eq(json_str(value), STR("running"));
	}
	jsonw_close(w, '}');
	jsonw_kv_str(w, "status", all ? STR("ok") : STR("degraded"));
}

/* Anybody may ask, as often as he likes: one look at the house serves for a second. Lock held. */
static void look(struct call *c)
{
	struct glance *g = &c->web->glance;
	int64_t now = time_monotonic();

	if (g->text.n > 0 && now - g->at < TIME_SECOND)
		return;
	struct json *live = live_state(c);
	struct jsonw w = { .out = &g->text };
	g->text.max = 65536;
	buf_clear(&g->text);
	write_look(&w, live);
	g->at = now;
	json_free(live);
}

bool health_get(struct call *c, struct err *why)
{
	struct glance *g = &c->web->glance;
	struct str simulated;
	bool users;

	if (!user_any(call_access(c), &users, why) ||
	    !state_setting(call_db(c), &c->a, "simulated", &simulated, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "version", STR(CANH_VERSION));
	jsonw_kv_bool(&w, "setup", !users);
	jsonw_kv_bool(&w, "simulated", str_eq(simulated, STR("true")));
	pthread_mutex_lock(&g->lock);
	look(c);
	jsonw_raw(&w, buf_str(&g->text));
	pthread_mutex_unlock(&g->lock);
	jsonw_close(&w, '}');
	return true;
}
