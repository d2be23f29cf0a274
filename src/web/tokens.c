/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tokens.c - secrets for programs, for admins (an auditor sees that they exist).
 */
#include "access/token.h"

#include "web/access_int.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"
#include "web/web_int.h"

bool tokens_list(struct call *c, struct err *why)
{
	struct token *list;
	size_t n;

	if (!token_list(call_access(c), &c->who.scope, &c->a, &list, &n, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	list_begin(&w);
	for (size_t i = 0; i < n; i++) {
		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "id", str_of(list[i].id));
		jsonw_kv_str(&w, "name", list[i].name);
		jsonw_kv_str(&w, "role", str_of(role_name(list[i].role)));
		write_home(&w, &list[i].home);
		jsonw_kv_time(&w, "created", list[i].created);
		jsonw_kv_time(&w, "last_used", list[i].last_used);
		jsonw_kv_str(&w, "created_by", actor_name(c, list[i].created_by));
		jsonw_close(&w, '}');
	}
	list_end(&w, (struct str){ NULL, 0 });
	return true;
}

bool tokens_post(struct call *c, struct err *why)
{
	struct token_draft in = { .unit = json_get_str(c->json, "unit"),
				  .site = json_get_str(c->json, "site") };
	struct token_made made;

	if (!body_text(c, "name", ACCESS_DISPLAY_CHARS, true, &in.name, why) ||
	    !body_role(c, &in.role, why))
		return false;
	if (!token_new(call_access(c), &c->who, &in, &made, why))
		return false;
	struct jsonw w = reply_json(c, 201);
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "id", str_of(made.id));
	jsonw_kv_str(&w, "name", in.name);
	jsonw_kv_str(&w, "role", str_of(role_name(in.role)));
	jsonw_kv_str(&w, "token", str_of(made.secret));
	jsonw_close(&w, '}');
	return true;
}

bool tokens_delete(struct call *c, struct err *why)
{
	if (!token_revoke(call_access(c), &c->who, c->args[0], why))
		return false;
	reply_empty(c, 204);
	return true;
}
