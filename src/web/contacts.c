/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.c - how people are reached, for those who keep the roster. */
#include "state/contact_row.h"

#include "web/people_int.h"
#include "web/web_int.h"

static void write_contact(struct jsonw *w, const struct person *p)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(p->id));
	jsonw_kv_bool(w, "user", p->user);
	jsonw_kv_str(w, "name", p->name);
	jsonw_kv_str(w, "role", p->role);
	jsonw_kv_str(w, "phone", p->phone);
	jsonw_kv_str(w, "email", p->email);
	jsonw_kv_str(w, "lang", p->lang);
	jsonw_close(w, '}');
}

bool contacts_list(struct call *c, struct err *why)
{
	struct person *list;
	size_t n;

	if (!contact_list(call_db(c), &c->a, &list, &n, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	list_begin(&w);
	for (size_t i = 0; i < n; i++)
		write_contact(&w, &list[i]);
	list_end(&w, (struct str){ NULL, 0 });
	return true;
}

static bool lang_check(struct str s, struct err *why)
{
	return str_eq(s, STR("vi")) || str_eq(s, STR("en")) ||
	       err_set(why, ERR_INPUT, 0, "expected vi or en");
}

/* The members that are there, each checked; a mistake is told by its field. */
static bool take_patch(struct call *c, struct contact_patch *out, struct err *why)
{
	const struct {
		const char *name;
		struct str *to;
		bool (*check)(struct str s, struct err *why);
	} fields[] = { { "name", &out->name, contact_name_check },
		       { "phone", &out->phone, contact_phone_check },
		       { "email", &out->email, contact_email_check },
		       { "lang", &out->lang, lang_check } };
	bool ok = true;

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct err reason;

		if (!body_text(c, fields[i].name, 1024, false, fields[i].to, why)) {
			ok = false;
			continue;
		}
		*fields[i].to = str_trim(*fields[i].to);
		if (fields[i].to->p != NULL && !fields[i].check(*fields[i].to, &reason))
			ok = field_error(c, fields[i].name, &reason);
	}
	return ok || err_set(why, ERR_INPUT, 0, "some fields are not valid");
}

static bool answer(struct call *c, int status, struct str id, struct err *why)
{
	struct person p;

	if (!contact_get(call_db(c), &c->a, id, &p, why))
		return false;
	struct jsonw w = reply_json(c, status);
	write_contact(&w, &p);
	web_publish(c->web, "duty", STR("{}"));
	return true;
}

bool contacts_post(struct call *c, struct err *why)
{
	struct contact_patch is = { .name = { NULL, 0 } };
	struct err reason;
	char id[UUID_MAX];

	if (!take_patch(c, &is, why))
		return false;
	if (is.name.p == NULL && !contact_name_check(is.name, &reason)) {
		field_error(c, "name", &reason);
		return err_set(why, ERR_INPUT, 0, "some fields are not valid");
	}
	return contact_add(call_db(c), &is, c->who.actor, id, why) &&
	       answer(c, 201, str_of(id), why);
}

bool contacts_patch(struct call *c, struct err *why)
{
	struct contact_patch is = { .name = { NULL, 0 } };

	return take_patch(c, &is, why) &&
	       contact_change(call_db(c), c->args[0], &is, c->who.actor, why) &&
	       answer(c, 200, c->args[0], why);
}

bool contacts_delete(struct call *c, struct err *why)
{
	if (!contact_remove(call_db(c), c->args[0], time_now(), c->who.actor, why))
		return false;
	web_publish(c->web, "duty", STR("{}"));
	reply_empty(c, 204);
	return true;
}
