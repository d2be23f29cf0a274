/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notify.c - how alerts reach people: the settings, a try by hand, and what became of each notice.
 */
#include "exchange/notify.h"

#include "base/crypt.h"
#include "exchange/outbox.h"
#include "state/contact_row.h"
#include "web/backend_int.h"
#include "web/people_int.h"

#define ROOM ((size_t)8 << 20)

static bool room(struct arena *out, struct err *why)
{
	return arena_reserve(out, ROOM) || err_set(why, ERR_LIMIT, 0, "no memory");
}

static void release(struct arena whole)
{
	/* passwords were read into it */
	crypt_wipe(whole.beg, (size_t)(whole.end - whole.beg) < 1 << 16
				      ? (size_t)(whole.end - whole.beg)
				      : 1 << 16);
	arena_release(whole);
}

static bool load(struct call *c, struct arena *a, struct notify **out, struct err *why)
{
	*out = NEW(a, struct notify, 1);
	if (*out == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	return notify_load(call_db(c), a, c->web->cfg.keys_dir, *out, why);
}

/* What the process knows of the way of the mails; null where it does not. */
static void write_path(struct call *c, struct jsonw *w)
{
	struct json *live = live_state(c);
	const struct json *told = json_get(live, "notify"), *depends = json_get(told, "depends");

	jsonw_key(w, "mail_path");
	jsonw_open(w, '{');
	jsonw_key(w, "depends");
	if (depends == NULL || json_is_null(depends))
		jsonw_null(w);
	else
		jsonw_bool(w, json_bool(depends, false));
	jsonw_kv_bool(w, "second", json_bool(json_get(told, "second"), false));
	jsonw_key(w, "reasons");
	if (json_is_array(json_get(told, "reasons"))) {
		write_json(w, json_get(told, "reasons"));
	} else {
		jsonw_open(w, '[');
		jsonw_close(w, ']');
	}
	jsonw_close(w, '}');
	json_free(live);
}

static void answer(struct call *c, const struct notify *n)
{
	struct jsonw w = reply_json(c, 200);

	jsonw_open(&w, '{');
	notify_put(&w, n);
	write_path(c, &w);
	jsonw_close(&w, '}');
	reply_etag(c, arena_printf(&c->a, "%jd", (intmax_t)n->version));
}

bool notify_get(struct call *c, struct err *why)
{
	struct notify *n;
	struct arena whole;

	if (!room(&whole, why))
		return false;
	struct arena a = whole;
	bool ok = load(c, &a, &n, why);
	if (ok)
		answer(c, n);
	release(whole);
	return ok;
}

static void note_fault(void *ctx, const char *field, const struct err *why)
{
	struct call *c = ctx;
	struct str kept = arena_str(&c->a, str_of(field)); /* outlives the settings */

	field_error(c, kept.p == NULL ? "?" : kept.p, why);
}

/* That the change was made for: of If-Match, else of the body; -1: it tells none. */
static bool take_version(struct call *c, int64_t *out, struct err *why)
{
	const struct json *told = json_get(c->json, "version");
	struct err reason;

	*out = request_version(c->header[H_IF_MATCH]);
	if (told == NULL || *out >= 0)
		return true;
	if (json_int(told, out) && *out >= 0)
		return true;
	(void)err_set(&reason, ERR_INPUT, 0, "expected the version that was loaded");
	field_error(c, "version", &reason);
	return err_set(why, ERR_INPUT, 0, "some fields are not valid");
}

static bool change(struct call *c, struct arena *a, struct err *why)
{
	struct notify_edit e = { .body = c->json,
				 .sink = { note_fault, c },
				 .actor = c->who.actor };
	struct notify *n = NEW(a, struct notify, 1);

	if (n == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!take_version(c, &e.version, why))
		return false;
	if (!notify_edit(call_db(c), a, c->web->cfg.keys_dir, &e, n, why)) {
		if (e.stale)
			refuse_as(c, 412, "conflict");
		return false;
	}
	c->web->backend.notify(c->web->backend.ctx);
	answer(c, n);
	return true;
}

bool notify_put_settings(struct call *c, struct err *why)
{
	struct arena whole;

	if (!room(&whole, why))
		return false;
	struct arena a = whole;
	bool ok = change(c, &a, why);
	release(whole);
	return ok;
}

/* An analyst sees of an address only where it is. */
static struct notice_view view_of(const struct call *c)
{
	return (struct notice_view){ c->who.role == ROLE_ANALYST, c->lang };
}

/* --- a try --- */

static bool bad_field(struct call *c, const char *field, const struct err *reason, struct err *why)
{
	field_error(c, field, reason);
	return err_set(why, ERR_INPUT, 0, "some fields are not valid");
}

/* Whom a mail goes to: an address, or a person's. */
static bool take_mail(struct call *c, const struct notify *n, struct test_draft *t, struct err *why)
{
	struct str email = str_trim(json_get_str(c->json, "email"));
	struct str id = json_get_str(c->json, "contact");
	struct person p = { .lang = c->lang == LANG_EN ? STR("en") : STR("vi") };
	struct err reason;

	if (!n->smtp && !err_set(&reason, ERR_STATE, 0, "no mail server is set"))
		return bad_field(c, "channel", &reason, why);
	if (id.n > 0 && !contact_get(call_db(c), &c->a, id, &p, &reason))
		return bad_field(c, "contact", &reason, why);
	if (id.n > 0)
		email = p.email;
	if (email.n == 0)
		(void)err_set(&reason, ERR_INPUT, 0, "expected an e-mail address");
	if (email.n == 0 || !contact_email_check(email, &reason))
		return bad_field(c, id.n > 0 ? "contact" : "email", &reason, why);
	*t = (struct test_draft){ .channel = BY_MAIL,
				  .target = email,
				  .name = id.n > 0 ? p.name : email,
				  .lang = p.lang };
	/* an account that never had its reach noted has no row to point to */
	if (id.n > 0)
		t->contact = id;
	return true;
}

static bool take_test(struct call *c, const struct notify *n, struct test_draft *t, struct err *why)
{
	struct str channel = json_get_str(c->json, "channel");
	const struct webhook *h = notify_hook(n, channel);
	struct err reason;

	if (str_eq(channel, STR("mail")))
		return take_mail(c, n, t, why);
	if (h == NULL) {
		(void)err_set(&reason, ERR_INPUT, 0, "expected mail, or the id of a webhook");
		return bad_field(c, "channel", &reason, why);
	}
	*t = (struct test_draft){ .channel = BY_WEBHOOK,
				  .target = str_of(h->id),
				  .name = h->name,
				  .lang = c->lang == LANG_EN ? STR("en") : STR("vi") };
	return true;
}

static bool test(struct call *c, struct arena *a, struct err *why)
{
	struct test_draft t = { .channel = BY_MAIL };
	struct notify *n;
	char id[UUID_MAX];

	if (!load(c, a, &n, why) || !take_test(c, n, &t, why) ||
	    !outbox_test(call_db(c), &t, c->who.actor, id, why))
		return false;
	c->web->backend.notify(c->web->backend.ctx);
	struct jsonw w = reply_json(c, 202);
	return notice_put(call_db(c), *a, str_of(id), view_of(c), &w, why);
}

bool notify_test(struct call *c, struct err *why)
{
	struct arena whole;

	if (!room(&whole, why))
		return false;
	struct arena a = whole;
	bool ok = test(c, &a, why);
	release(whole);
	return ok;
}

/* --- what became of them --- */

bool notices_list(struct call *c, struct err *why)
{
	struct notice_wish wish = { .state = request_param(&c->params, "state"),
				    .alert = request_param(&c->params, "alert"),
				    .cursor = request_param(&c->params, "cursor") };
	int64_t limit = 100;
	struct arena a;

	if (!param_int(c, "limit", 1, OUTBOX_PAGE_MAX, &limit, why) || !room(&a, why))
		return false;
	wish.limit = (uint32_t)limit;
	struct jsonw w = reply_json(c, 200);
	bool ok = notice_list_put(call_db(c), a, &wish, view_of(c), &w, why);
	arena_release(a);
	return ok;
}

bool notices_get(struct call *c, struct err *why)
{
	struct jsonw w = reply_json(c, 200);

	return notice_put(call_db(c), c->a, c->args[0], view_of(c), &w, why);
}
