/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sources.c - who sends, with its counters as the process watch has them and what people say of it.
 */
#include "state/source_row.h"

#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { SOURCE_NAME_MAX = 128 };

static const struct source_row *row_of(const struct source_row *rows, size_t n, struct str id)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].source, id))
			return &rows[i];
	return NULL;
}

/* The item as watch tells it, name and class as people say. */
static void write_source(struct jsonw *w, const struct json *item, const struct source_row *row)
{
	const struct json *value;
	const void *at = NULL;
	struct str key;

	jsonw_open(w, '{');
	while ((at = json_next(item, at, &key, &value)) != NULL) {
		bool named = row != NULL && str_eq(key, STR("name")) && row->name.p != NULL;
		bool classed = row != NULL && str_eq(key, STR("class"));

		jsonw_key_str(w, key);
		if (named)
			jsonw_str(w, row->name);
		else if (classed)
			jsonw_str(w, row->class);
		else
			write_json(w, value);
	}
	jsonw_kv_bool(w, "required", row != NULL && row->required);
	jsonw_close(w, '}');
}

/* All sources, or the one called `only`; how many were written. */
static size_t write_sources(struct call *c, struct jsonw *w, const struct json *live,
			    struct str only, struct err *why)
{
	const struct json *items = json_get(live, "sources");
	struct source_row *rows;
	size_t n, written = 0;

	if (!source_row_all(call_db(c), &c->a, &rows, &n, why))
		return 0;
	for (size_t i = 0; i < json_count(items); i++) {
		const struct json *item = json_at(items, i);
		struct str id = json_get_str(item, "id");

		if (only.p != NULL && !str_eq(only, id))
			continue;
		write_source(w, item, row_of(rows, n, id));
		written++;
	}
	return written;
}

bool sources_list(struct call *c, struct err *why)
{
	struct json *live = live_state(c);
	struct jsonw w = reply_json(c, 200);

	why->kind = ERR_NONE;
	list_begin(&w);
	write_sources(c, &w, live, (struct str){ NULL, 0 }, why);
	list_end(&w, (struct str){ NULL, 0 });
	json_free(live);
	return why->kind == ERR_NONE;
}

static bool known(const struct json *live, struct str id)
{
	const struct json *items = json_get(live, "sources");

	for (size_t i = 0; i < json_count(items); i++)
		if (str_eq(json_get_str(json_at(items, i), "id"), id))
			return true;
	return false;
}

static bool patch(struct call *c, const struct json *live, struct err *why)
{
	static const struct str classes[] = { STR("server"), STR("workstation"), STR("appliance"),
					      STR("unknown") };
	struct source_patch p = { 0 };
	size_t i = 0;

	if (!body_text(c, "name", SOURCE_NAME_MAX, false, &p.name, why) ||
	    !body_text(c, "class", SOURCE_NAME_MAX, false, &p.class, why))
		return false;
	while (p.class.p != NULL && i < COUNT(classes) && !str_eq(p.class, classes[i]))
		i++;
	if (i == COUNT(classes))
		return err_set(why, ERR_INPUT, 0,
			       "'class' must be server, workstation, appliance or unknown");
	p.has_required = json_get(c->json, "required") != NULL;
	p.required = json_bool(json_get(c->json, "required"), false);
	if (!known(live, c->args[0]))
		return err_set(why, ERR_ABSENT, 0, "no such source");
	if (!source_row_put(call_db(c), c->args[0], &p, c->who.actor, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	return write_sources(c, &w, live, c->args[0], why) == 1;
}

bool sources_patch(struct call *c, struct err *why)
{
	struct json *live = live_state(c);
	bool ok = patch(c, live, why);

	json_free(live);
	return ok;
}
