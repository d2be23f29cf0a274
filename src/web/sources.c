/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sources.c - who sends, with its counters as the process watch has them and what people say of it.
 */
#include "state/source_row.h"

#include "web/access_int.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"
#include "web/reach_int.h"
#include "web/stream_int.h"

#include <stdio.h>

enum { SOURCE_NAME_MAX = 128, REASON_MAX = 500, OFF_DAYS = 31 };

static const struct source_row *row_of(const struct source_row *rows, size_t n, struct str id)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(rows[i].source, id))
			return &rows[i];
	return NULL;
}

/* The item as watch tells it, name and class as people say. */
static void write_source(struct jsonw *w, const struct json *item, const struct source_row *row,
			 const struct home *home)
{
	const struct json *value;
	const void *at = NULL;
	struct str key;

	jsonw_open(w, '{');
	while ((at = json_next(item, at, &key, &value)) != NULL) {
		bool named = row != NULL && str_eq(key, STR("name")) && row->name.p != NULL;
		bool classed = row != NULL && str_eq(key, STR("class")) &&
			       !str_eq(row->class, STR("unknown"));

		jsonw_key_str(w, key);
		if (named)
			jsonw_str(w, row->name);
		else if (classed)
			jsonw_str(w, row->class);
		else
			write_json(w, value);
	}
	jsonw_kv_bool(w, "required", row != NULL && row->required);
	write_home(w, home);
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
		struct home home;
		bool in;

		if (only.p != NULL && !str_eq(only, id))
			continue;
		if (!reach_home(call_db(c), item, &home, why) ||
		    !scope_has(call_db(c), &c->who.scope, &home, &in, why))
			return 0;
		if (!in)
			continue;
		write_source(w, item, row_of(rows, n, id), &home);
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

/* One that the caller reaches. */
static bool known(struct call *c, const struct json *live, struct str id, struct err *why)
{
	const struct json *items = json_get(live, "sources");
	bool in = false;

	for (size_t i = 0; i < json_count(items) && !in; i++) {
		const struct json *item = json_at(items, i);

		if (str_eq(json_get_str(item, "id"), id) &&
		    !reach_source(call_db(c), &c->who.scope, item, &in, why))
			return false;
	}
	return in || err_set(why, ERR_ABSENT, 0, "no such source");
}

/* Its place among the units, when the body names one. What open pages may see is another now. */
static bool assign(struct call *c, struct err *why)
{
	struct str unit = json_get_str(c->json, "unit"), site = json_get_str(c->json, "site");
	struct home home;

	if (json_get(c->json, "unit") == NULL && json_get(c->json, "site") == NULL)
		return true;
	if (!scope_pick(call_db(c), &c->who.scope, unit, site, &home, why) ||
	    !source_home_put(call_db(c), c->args[0], &home, c->who.actor, why))
		return false;
	stream_review(c->web->stream);
	return true;
}

static bool has_other(struct call *c)
{
	const struct json *value;
	const void *at = NULL;
	struct str key;

	while ((at = json_next(c->json, at, &key, &value)) != NULL)
		if (!str_eq(key, STR("unit")) && !str_eq(key, STR("site")))
			return true;
	return false;
}

/* "off_until": a time at most OFF_DAYS ahead, with "off_reason"; null: it runs again. */
static bool read_off(struct call *c, struct source_patch *p, struct err *why)
{
	const struct json *off = json_get(c->json, "off_until");
	int64_t now = time_now();
	bool zone;

	if (off == NULL)
		return true;
	p->has_off = true;
	p->off_until = TIME_NONE;
	if (json_is_null(off))
		return true;
	if (!body_text(c, "off_reason", REASON_MAX, true, &p->off_reason, why))
		return false;
	p->off_by = str_of(c->who.display_name[0] != '\0' ? c->who.display_name : c->who.name);
	if (!time_parse_rfc3339(json_str(off), &p->off_until, &zone) || p->off_until <= now ||
	    p->off_until > now + OFF_DAYS * TIME_DAY)
		return err_set(why, ERR_INPUT, 0,
			       "'off_until' must be a time to come, at most %d days ahead",
			       OFF_DAYS);
	return true;
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
	if (!read_off(c, &p, why) || !known(c, live, c->args[0], why) || !assign(c, why))
		return false;
	if (has_other(c) && !source_row_put(call_db(c), c->args[0], &p, c->who.actor, why))
		return false;
	/* it may stand otherwise now */
	struct json *after = live_state(c);
	struct jsonw w = reply_json(c, 200);
	bool ok = write_sources(c, &w, after, c->args[0], why) == 1;
	json_free(after);
	return ok;
}

bool sources_patch(struct call *c, struct err *why)
{
	struct json *live = live_state(c);
	bool ok = patch(c, live, why);

	json_free(live);
	return ok;
}

/* --- heartbeats --- */

static bool beat(struct call *c, const struct json *live, struct err *why)
{
	char word[HEARTBEAT_MAX], line[64];

	if (!known(c, live, c->args[0], why) ||
	    !source_beat_make(call_db(c), c->args[0], c->who.actor, word, why))
		return false;
	snprintf(line, sizeof line, "canh.heartbeat=%s", word);
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "line", str_of(line));
	jsonw_close(&w, '}');
	return true;
}

bool sources_beat(struct call *c, struct err *why)
{
	struct json *live = live_state(c);
	bool ok = beat(c, live, why);

	json_free(live);
	return ok;
}

bool sources_beat_end(struct call *c, struct err *why)
{
	struct json *live = live_state(c);
	bool ok = known(c, live, c->args[0], why) &&
		  source_beat_drop(call_db(c), c->args[0], c->who.actor, why);

	json_free(live);
	if (!ok)
		return false;
	reply_empty(c, 204);
	return true;
}
