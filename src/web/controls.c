/* SPDX-License-Identifier: Apache-2.0 */
/* controls.c - control tests: of the rules and of the doors, and exercises; how they stand, sending them now. */
#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { EXERCISES_MAX = 1 << 20, SCENARIO_MAX = 64 };

bool controls_list(struct call *c, struct err *why)
{
	struct json *live = live_state(c);
	struct jsonw w = reply_json(c, 200);

	(void)why;
	jsonw_open(&w, '{');
	jsonw_key(&w, "items");
	if (json_is_array(json_get(live, "controls")))
		write_json(&w, json_get(live, "controls"));
	else
		jsonw_raw(&w, STR("[]"));
	jsonw_key(&w, "next");
	jsonw_null(&w);
	jsonw_key(&w, "policy_fault");
	if (json_is_object(json_get(live, "policy_fault")))
		write_json(&w, json_get(live, "policy_fault"));
	else
		jsonw_null(&w);
	jsonw_close(&w, '}');
	json_free(live);
	return true;
}

bool controls_post(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;

	if (!b->control(b->ctx, why))
		return backend_failed(c, why);
	reply_empty(c, 202);
	return true;
}

bool exercises_list(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct buf answer = BUF(EXERCISES_MAX);

	if (!b->exercises(b->ctx, &answer, why)) {
		buf_free(&answer);
		return backend_failed(c, why);
	}
	reply_take(c, 200, &answer);
	return true;
}

bool exercises_post(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct str scenario = { NULL, 0 };

	if (!body_text(c, "scenario", SCENARIO_MAX, true, &scenario, why))
		return false;
	if (!b->exercise(b->ctx, scenario, str_of(c->who.actor), why))
		return backend_failed(c, why);
	reply_empty(c, 202);
	return true;
}
