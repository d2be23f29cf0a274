/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invite.c - the one-time link: look, accept, confirm. The secret in the path is the credential.
 */
#include "access/invite.h"

#include "web/access_int.h"
#include "web/handlers_int.h"
#include "web/web_int.h"

void take_faults(struct call *c, const struct access_faults *faults)
{
	for (size_t i = 0; i < faults->n; i++)
		field_error(c, faults->fault[i].field, &faults->fault[i].why);
}

bool invite_get(struct call *c, struct err *why)
{
	struct invite in;

	if (!invite_look(call_access(c), c->args[0], &in, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "name", in.name[0] == '\0' ? (struct str){ NULL, 0 } : str_of(in.name));
	jsonw_kv_str(&w, "display_name", str_of(in.display_name));
	jsonw_kv_str(&w, "role", str_of(role_name(in.role)));
	jsonw_kv_bool(&w, "first", in.first);
	jsonw_close(&w, '}');
	return true;
}

bool invite_post(struct call *c, struct err *why)
{
	struct access_faults faults = { 0 };
	struct totp_seed seed;
	struct accept in = {
		.name = json_get_str(c->json, "name"),
		.display_name = json_get_str(c->json, "display_name"),
		.password = json_get_str(c->json, "password"),
	};

	if (!invite_accept(call_access(c), c->args[0], &in, &seed, &faults, why)) {
		take_faults(c, &faults);
		return false;
	}
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "totp_secret", str_of(seed.secret));
	jsonw_kv_str(&w, "totp_uri", str_of(seed.uri));
	jsonw_close(&w, '}');
	return true;
}

bool invite_confirm_post(struct call *c, struct err *why)
{
	struct opened opened;
	int64_t retry_s = 0;
	struct sign_in in = {
		.code = json_get_str(c->json, "code"),
		.address = str_of(c->peer),
		.agent = browser_of(c),
	};

	if (invite_confirm(call_access(c), c->args[0], &in, &opened, &retry_s, why)) {
		answer_opened(c, &opened);
		return true;
	}
	if (why->kind == ERR_LIMIT)
		return refuse_locked(c, retry_s);
	if (why->kind == ERR_DENIED)
		refuse_as(c, 401, "bad_code");
	return false;
}
