/* SPDX-License-Identifier: Apache-2.0 */
/*
 * units.c - the units below our own and their sites: what sources are assigned to and roles held for.
 */
#include "access/unit.h"

#include "web/handlers_int.h"
#include "web/stream_int.h"
#include "web/web_int.h"

enum { UNITS_ARENA = 16 << 20 };

static void write_unit(struct jsonw *w, const struct units *all, const struct unit *u)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(u->id));
	jsonw_kv_str(w, "parent",
		     u->parent[0] != '\0' ? str_of(u->parent) : (struct str){ NULL, 0 });
	jsonw_kv_str(w, "name", u->name);
	jsonw_kv_bool(w, "own", u->own);
	jsonw_key(w, "sites");
	jsonw_open(w, '[');
	for (size_t i = 0; i < all->n_sites; i++) {
		if (strcmp(all->sites[i].unit, u->id) != 0)
			continue;
		jsonw_open(w, '{');
		jsonw_kv_str(w, "id", str_of(all->sites[i].id));
		jsonw_kv_str(w, "name", all->sites[i].name);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static bool answer(struct call *c, int status, struct err *why)
{
	struct units all;
	struct arena whole;

	if (!arena_reserve(&whole, UNITS_ARENA))
		return err_set(why, ERR_IO, 0, "no memory");
	struct arena a = whole;
	bool ok = unit_list(call_access(c), &c->who.scope, &a, &all, why);

	if (ok) {
		struct jsonw w = reply_json(c, status);

		list_begin(&w);
		for (size_t i = 0; i < all.n_units; i++)
			write_unit(&w, &all, &all.units[i]);
		list_end(&w, (struct str){ NULL, 0 });
	}
	arena_release(whole);
	return ok;
}

bool units_list(struct call *c, struct err *why)
{
	return answer(c, 200, why);
}

static bool take_name(struct call *c, struct str *out, struct err *why)
{
	return body_text(c, "name", ACCESS_DISPLAY_CHARS, true, out, why);
}

bool units_post(struct call *c, struct err *why)
{
	struct str name = { NULL, 0 }, parent = json_get_str(c->json, "parent");
	char id[UUID_MAX];
	struct home home;

	/* below where the caller's role is held, when nothing is named */
	if (!take_name(c, &name, why) || !scope_home(call_db(c), &c->who.scope, &home, why) ||
	    !unit_new(call_access(c), &c->who, parent.n > 0 ? parent : str_of(home.unit), name, id,
		      why))
		return false;
	stream_review(c->web->stream);
	return answer(c, 201, why);
}

bool units_patch(struct call *c, struct err *why)
{
	struct str name = { NULL, 0 };

	return take_name(c, &name, why) &&
	       unit_rename(call_access(c), &c->who, c->args[0], name, why) && answer(c, 200, why);
}

bool sites_post(struct call *c, struct err *why)
{
	struct str name = { NULL, 0 };
	char id[UUID_MAX];

	return take_name(c, &name, why) &&
	       site_new(call_access(c), &c->who, c->args[0], name, id, why) && answer(c, 201, why);
}

bool sites_patch(struct call *c, struct err *why)
{
	struct str name = { NULL, 0 };

	return take_name(c, &name, why) &&
	       site_rename(call_access(c), &c->who, c->args[0], name, why) && answer(c, 200, why);
}

bool units_delete(struct call *c, struct err *why)
{
	if (!unit_remove(call_access(c), &c->who, c->args[0], why))
		return false;
	stream_review(c->web->stream);
	reply_empty(c, 204);
	return true;
}

bool sites_delete(struct call *c, struct err *why)
{
	if (!site_remove(call_access(c), &c->who, c->args[0], why))
		return false;
	stream_review(c->web->stream);
	reply_empty(c, 204);
	return true;
}
