/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.c - signing in and out, one's own sessions, language and password.
 *
 * Wrong name, wrong password and wrong code are one answer, after the same work.
 */
#include "access/session.h"

#include "base/time.h"
#include "web/access_int.h"
#include "web/auth_int.h"
#include "web/handlers_int.h"
#include "web/web_int.h"

enum { AGENT_MAX = 256 };

struct str browser_of(const struct call *c)
{
	return str_sub(c->header[H_USER_AGENT], 0, AGENT_MAX);
}

bool refuse_locked(struct call *c, int64_t retry_s)
{
	refuse_as(c, 429, "locked");
	reply_header(c, "Retry-After", arena_printf(&c->a, "%lld", (long long)retry_s));
	return false;
}

static void write_session(struct call *c, struct jsonw *w, const struct who *who)
{
	(void)c;
	jsonw_open(w, '{');
	jsonw_key(w, "user");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(who->id));
	jsonw_kv_str(w, "name", str_of(who->name));
	jsonw_kv_str(w, "display_name", str_of(who->display_name));
	jsonw_kv_str(w, "role", str_of(role_name(who->role)));
	jsonw_kv_str(w, "lang", who->lang == LANG_EN ? STR("en") : STR("vi"));
	write_home(w, &who->home);
	jsonw_kv_bool(w, "whole", scope_is_whole(&who->scope));
	jsonw_close(w, '}');
	jsonw_kv_time(w, "expires", who->expires);
	jsonw_close(w, '}');
}

static void set_cookie(struct call *c, const char *secret, int64_t max_age_s)
{
	reply_header(c, "Set-Cookie",
		     arena_printf(&c->a, "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
				  SESSION_COOKIE, secret, (long long)max_age_s,
				  c->web->tls ? "; Secure" : ""));
}

void answer_opened(struct call *c, const struct opened *opened)
{
	struct jsonw w = reply_json(c, 200);

	write_session(c, &w, &opened->who);
	set_cookie(c, opened->secret, (opened->who.expires - time_now()) / TIME_SECOND);
}

/* A person with a session, not a token. */
static bool need_session(struct call *c, struct err *why)
{
	if (c->who.kind == WHO_USER)
		return true;
	return err_set(why, ERR_DENIED, 0, "a token has no session");
}

bool session_post(struct call *c, struct err *why)
{
	struct opened opened;
	int64_t retry_s = 0;
	struct sign_in in = {
		.name = json_get_str(c->json, "name"),
		.password = json_get_str(c->json, "password"),
		.code = json_get_str(c->json, "code"),
		.address = str_of(c->peer),
		.agent = browser_of(c),
	};

	if (session_open(call_access(c), &in, &opened, &retry_s, why)) {
		answer_opened(c, &opened);
		return true;
	}
	if (why->kind == ERR_LIMIT)
		return refuse_locked(c, retry_s);
	if (why->kind == ERR_DENIED)
		refuse_as(c, 401, "bad_credentials");
	return false;
}

bool session_get(struct call *c, struct err *why)
{
	if (!need_session(c, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	write_session(c, &w, &c->who);
	return true;
}

bool session_delete(struct call *c, struct err *why)
{
	if (!need_session(c, why) || !session_close(call_access(c), &c->who, why))
		return false;
	reply_empty(c, 204);
	set_cookie(c, "", 0);
	return true;
}

bool session_patch(struct call *c, struct err *why)
{
	struct str lang = json_get_str(c->json, "lang");

	if (!need_session(c, why))
		return false;
	if (!str_eq(lang, STR("vi")) && !str_eq(lang, STR("en")))
		return err_set(why, ERR_INPUT, 0, "'lang' must be vi or en");
	c->who.lang = lang.p[0] == 'e' ? LANG_EN : LANG_VI;
	if (!session_lang(call_access(c), &c->who, c->who.lang, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	write_session(c, &w, &c->who);
	return true;
}

bool session_password_post(struct call *c, struct err *why)
{
	struct str old = json_get_str(c->json, "old"), fresh = json_get_str(c->json, "new");
	struct str code = json_get_str(c->json, "code");

	if (!need_session(c, why))
		return false;
	if (session_password(call_access(c), &c->who, old, fresh, code, why)) {
		reply_empty(c, 204);
		return true;
	}
	if (why->kind == ERR_LIMIT)
		return refuse_locked(c, 15 * 60);
	if (why->kind == ERR_DENIED)
		refuse_as(c, 403, "bad_credentials");
	else if (why->kind == ERR_INPUT)
		field_error(c, "new", why);
	return false;
}

bool sessions_list(struct call *c, struct err *why)
{
	struct session *list;
	size_t n;

	if (!need_session(c, why) || !session_list(call_access(c), &c->a, &c->who, &list, &n, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	list_begin(&w);
	for (size_t i = 0; i < n; i++) {
		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "id", str_of(list[i].id));
		jsonw_kv_time(&w, "created", list[i].created);
		jsonw_kv_time(&w, "last_seen", list[i].last_seen);
		jsonw_kv_time(&w, "expires", list[i].expires);
		jsonw_kv_str(&w, "address", list[i].address);
		jsonw_kv_str(&w, "agent", list[i].agent);
		jsonw_kv_bool(&w, "current", list[i].current);
		jsonw_close(&w, '}');
	}
	list_end(&w, (struct str){ NULL, 0 });
	return true;
}

bool sessions_delete(struct call *c, struct err *why)
{
	if (!need_session(c, why) || !session_revoke(call_access(c), &c->who, c->args[0], why))
		return false;
	reply_empty(c, 204);
	return true;
}
