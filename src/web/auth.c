/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth.c - the browser's cookie or a token in the Authorization header; never both: a header wins.
 *
 * A cookie goes along with requests that other pages start, so what changes something by cookie must
 * also carry X-Canh, which no other page can set.
 */
#include "web/auth_int.h"

#include "access/session.h"
#include "access/token.h"
#include "base/crypt.h"
#include "web/web_int.h"

bool who_now(struct access *ac, enum who_kind kind, struct str secret, struct who *out,
	     struct err *why)
{
	return kind == WHO_TOKEN ? token_find(ac, secret, out, why)
				 : session_find(ac, secret, out, why);
}

static bool unknown(struct call *c, struct err *why)
{
	refuse_as(c, 401, "unauthenticated");
	err_set(why, ERR_DENIED, 0, "sign in first, or send a token that is valid");
	if (c->route->act == ACT_PUSH)
		web_refused(c->web, "push", str_of(c->peer), why);
	return false;
}

/* A credential that nobody holds is 401; a state that cannot be read is not. */
static bool not_found(struct call *c, struct err *why)
{
	return why->kind == ERR_DENIED ? unknown(c, why) : false;
}

/* Our own control event: no token of the list, so that nobody revokes it by mistake. */
static bool is_canh(struct call *c, struct str secret)
{
	if (c->web->cfg.control_secret.n == 0 || !crypt_same(secret, c->web->cfg.control_secret))
		return false;
	c->who = (struct who){ .kind = WHO_TOKEN,
			       .id = "canh",
			       .actor = "canh",
			       .name = "canh",
			       .role = ROLE_SOURCE,
			       .expires = TIME_NONE };
	return c->known = true;
}

static bool by_header(struct call *c, struct err *why)
{
	struct credentials cred;

	if (!request_credentials(&c->a, c->header[H_AUTHORIZATION], &cred))
		return unknown(c, why);
	c->secret = cred.secret;
	if (is_canh(c, cred.secret))
		return true;
	if (!token_find(call_access(c), cred.secret, &c->who, why))
		return not_found(c, why);
	c->known = true;
	return true;
}

static bool by_cookie(struct call *c, struct err *why)
{
	struct str secret = request_cookie(c->header[H_COOKIE], SESSION_COOKIE);

	if (secret.n == 0)
		return true;
	c->secret = secret;
	if (!session_find(call_access(c), secret, &c->who, why))
		return not_found(c, why);
	c->known = c->by_cookie = true;
	return true;
}

static bool changes(const struct call *c)
{
	return c->method != M_GET && c->method != M_HEAD;
}

bool auth_call(struct call *c, struct err *why)
{
	int act = c->route->act;

	if (web_desk(c->web, c->worker, why) == NULL)
		return false;
	if (act == OPEN)
		return true;
	if (!(c->header[H_AUTHORIZATION].n > 0 ? by_header(c, why) : by_cookie(c, why)))
		return false;
	if (!c->known)
		return unknown(c, why);
	if (c->by_cookie && changes(c) && !str_eq(c->header[H_CSRF], STR("1"))) {
		refuse_as(c, 403, "csrf");
		return err_set(why, ERR_DENIED, 0, "the header X-Canh: 1 is missing");
	}
	return who_may(&c->who, (enum act)act, why);
}
