/* SPDX-License-Identifier: Apache-2.0 */
/*
 * users.c - accounts, for admins (an auditor sees them).
 */
#include "access/user.h"

#include "web/access_int.h"
#include "web/handlers_int.h"
#include "web/stream_int.h"
#include "web/web_int.h"

bool body_role(struct call *c, enum role *out, struct err *why)
{
	struct err reason;

	if (role_parse(json_get_str(c->json, "role"), out))
		return true;
	err_set(&reason, ERR_INPUT, 0, "no such role");
	field_error(c, "role", &reason);
	return err_set(why, ERR_INPUT, 0, "some fields are not valid");
}

void write_home(struct jsonw *w, const struct home *home)
{
	jsonw_kv_str(w, "unit", str_of(home->unit));
	jsonw_kv_str(w, "site",
		     home->site[0] != '\0' ? str_of(home->site) : (struct str){ NULL, 0 });
}

static void write_user(struct jsonw *w, const struct user *u)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(u->id));
	jsonw_kv_str(w, "name", u->name);
	jsonw_kv_str(w, "display_name", u->display_name);
	jsonw_kv_str(w, "role", str_of(role_name(u->role)));
	write_home(w, &u->home);
	jsonw_kv_time(w, "created", u->created);
	jsonw_kv_time(w, "last_seen", u->last_seen);
	jsonw_kv_bool(w, "disabled", u->disabled);
	jsonw_kv_bool(w, "totp", u->totp);
	jsonw_close(w, '}');
}

bool users_list(struct call *c, struct err *why)
{
	struct user *list;
	size_t n;

	if (!user_list(call_access(c), &c->who.scope, &c->a, &list, &n, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	list_begin(&w);
	for (size_t i = 0; i < n; i++)
		write_user(&w, &list[i]);
	list_end(&w, (struct str){ NULL, 0 });
	return true;
}

/* {"user":{...},"link":"/#/invite/SECRET"} */
static bool answer_invited(struct call *c, int status, const struct invited *invited,
			   struct err *why)
{
	struct user u;

	if (!user_get(call_access(c), &c->who.scope, &c->a, str_of(invited->id), &u, why))
		return false;
	struct jsonw w = reply_json(c, status);
	jsonw_open(&w, '{');
	jsonw_key(&w, "user");
	write_user(&w, &u);
	jsonw_kv_str(&w, "link", arena_printf(&c->a, "/#/invite/%s", invited->secret));
	jsonw_close(&w, '}');
	return true;
}

bool users_post(struct call *c, struct err *why)
{
	struct access_faults faults = { 0 };
	struct invited invited;
	struct user_draft in = {
		.name = json_get_str(c->json, "name"),
		.display_name = json_get_str(c->json, "display_name"),
		.unit = json_get_str(c->json, "unit"),
		.site = json_get_str(c->json, "site"),
	};

	if (!body_role(c, &in.role, why))
		return false;
	if (!user_invite(call_access(c), &c->who, &in, &invited, &faults, why)) {
		take_faults(c, &faults);
		return false;
	}
	return answer_invited(c, 201, &invited, why);
}

bool users_invite(struct call *c, struct err *why)
{
	struct invited invited;

	return user_reinvite(call_access(c), &c->who, c->args[0], &invited, why) &&
	       answer_invited(c, 200, &invited, why);
}

static bool has(const struct call *c, const char *member)
{
	return json_get(c->json, member) != NULL;
}

bool users_patch(struct call *c, struct err *why)
{
	struct user_patch patch = { .has_role = has(c, "role"),
				    .has_disabled = has(c, "disabled"),
				    .has_home = has(c, "unit") || has(c, "site"),
				    .unit = json_get_str(c->json, "unit"),
				    .site = json_get_str(c->json, "site") };
	struct user u;

	if (patch.has_role && !body_role(c, &patch.role, why))
		return false;
	patch.disabled = json_bool(json_get(c->json, "disabled"), false);
	if (!body_text(c, "display_name", ACCESS_DISPLAY_CHARS, false, &patch.display_name, why))
		return false;
	if (!user_change(call_access(c), &c->who, c->args[0], &patch, why) ||
	    !user_get(call_access(c), &c->who.scope, &c->a, c->args[0], &u, why))
		return false;
	stream_review(c->web->stream);
	struct jsonw w = reply_json(c, 200);
	write_user(&w, &u);
	return true;
}
