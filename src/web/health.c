/* SPDX-License-Identifier: Apache-2.0 */
/*
 * health.c - is it up: for load balancers, scripts and the page's first look; no sign-in, no secrets.
 */
#include "access/user.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { LIVE_MAX = 16 << 20 };

struct json *live_state(struct call *c)
{
	struct buf answer = BUF(LIVE_MAX);
	struct json *live = NULL;

	if (!c->web->backend.live(c->web->backend.ctx, &answer) ||
	    !json_parse(buf_str(&answer), LIVE_MAX, &live, NULL))
		live = NULL;
	buf_free(&answer);
	return live;
}

/* The processes as they are; all of them run and the house is ready? */
static bool write_processes(struct jsonw *w, const struct json *live)
{
	const struct json *processes = json_get(live, "processes"), *value;
	const void *at = NULL;
	struct str name;
	bool all = json_bool(json_get(live, "ready"), false);

	jsonw_key(w, "processes");
	jsonw_open(w, '{');
	while ((at = json_next(processes, at, &name, &value)) != NULL) {
		jsonw_key_str(w, name);
		jsonw_str(w, json_str(value));
		all = all && str_eq(json_str(value), STR("running"));
	}
	jsonw_close(w, '}');
	return all;
}

bool health_get(struct call *c, struct err *why)
{
	bool users;

	if (!user_any(call_access(c), &users, why))
		return false;
	struct json *live = live_state(c);
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "version", STR(CANH_VERSION));
	jsonw_kv_bool(&w, "ready", json_bool(json_get(live, "ready"), false));
	jsonw_kv_bool(&w, "setup", !users);
	bool all = write_processes(&w, live);
	jsonw_kv_str(&w, "status", all ? STR("ok") : STR("degraded"));
	jsonw_close(&w, '}');
	json_free(live);
	return true;
}
