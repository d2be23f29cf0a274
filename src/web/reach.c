/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach.c - which sources a caller reaches: where a source belongs says what its events and figures do.
 */
#include "web/reach_int.h"

#include "base/num.h"
#include "web/backend_int.h"

#include <stdlib.h>

enum { LIVE_MAX = 64 << 20, EVENT_MAX = 16 << 20 };

bool reach_home(struct db *db, const struct json *source, struct home *out, struct err *why)
{
	struct str kind = json_get_str(source, "kind");
	bool pushed = str_eq(kind, STR("push")) || str_eq(kind, STR("bulk"));

	return source_home(db, json_get_str(source, "id"),
			   pushed ? json_get_str(source, "peer") : STR(""), out, why);
}

bool reach_source(struct db *db, const struct scope *scope, const struct json *source, bool *out,
		  struct err *why)
{
	struct home home;

	if (scope_is_whole(scope)) {
		*out = true;
		return true;
	}
	return reach_home(db, source, &home, why) && scope_has(db, scope, &home, out, why);
}

bool reach_write_ids(struct db *db, const struct scope *scope, const struct json *live,
		     struct jsonw *w, struct err *why)
{
	const struct json *all = json_get(live, "sources");

	jsonw_open(w, '[');
	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *source = json_at(all, i);
		bool in;

		if (!reach_source(db, scope, source, &in, why))
			return false;
		if (in)
			jsonw_str(w, json_get_str(source, "id"));
	}
	jsonw_close(w, ']');
	return true;
}

static bool write_sources(struct call *c, const struct json *all, struct jsonw *w, struct err *why)
{
	jsonw_open(w, '[');
	for (size_t i = 0; i < json_count(all); i++) {
		bool in;

		if (!reach_source(call_db(c), &c->who.scope, json_at(all, i), &in, why))
			return false;
		if (in)
			write_json(w, json_at(all, i));
	}
	jsonw_close(w, ']');
	return true;
}

static bool write_live(struct call *c, const struct json *live, struct buf *out, struct err *why)
{
	struct jsonw w = { .out = out };
	const struct json *value;
	const void *at = NULL;
	struct str key;
	bool ok = true;

	jsonw_open(&w, '{');
	while (ok && (at = json_next(live, at, &key, &value)) != NULL) {
		jsonw_key_str(&w, key);
		if (str_eq(key, STR("sources")))
			ok = write_sources(c, value, &w, why);
		else
			write_json(&w, value);
	}
	jsonw_close(&w, '}');
	return ok;
}

bool reach_live(struct call *c, struct buf *out, struct err *why)
{
	const struct web_backend *b = &c->web->backend;

	*out = BUF(LIVE_MAX);
	if (scope_is_whole(&c->who.scope)) {
		if (!b->live(b->ctx, out))
			buf_clear(out);
		return true;
	}
	struct json *live = live_state(c);
	bool ok = live == NULL || write_live(c, live, out, why);
	json_free(live);
	return ok;
}

/* ---- what lasts ---- */

struct reach {
	struct scope scope;
	char (*units)[UUID_MAX]; /* owned */
	uint32_t *sources;       /* owned */
	size_t n_units, n_sources;
};

void reach_free(struct reach *r)
{
	if (r == NULL)
		return;
	free(r->units);
	free(r->sources);
	free(r);
}

static bool load_units(struct db *db, struct reach *r, struct err *why)
{
	int64_t most = 0;

	if (!db_number(db, "SELECT count(*) FROM units", NULL, 0, &most, why))
		return false;
	r->units = calloc((size_t)most + 1, sizeof *r->units);
	if (r->units == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct db_rows *rows =
		db_query(db, "SELECT id FROM units WHERE id IN " UNITS_BELOW("$1") " LIMIT $2",
			 DB_VALS(V_Z(r->scope.unit), V_INT(most)), why);
	while (db_next(rows))
		db_put(rows, 0, r->units[r->n_units++], UUID_MAX);
	return db_end(rows, why);
}

static bool load_sources(struct db *db, struct reach *r, const struct json *all, struct err *why)
{
	r->sources = calloc(json_count(all) + 1, sizeof *r->sources);
	if (r->sources == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *source = json_at(all, i);
		uint64_t id;
		bool in;

		if (!reach_source(db, &r->scope, source, &in, why))
			return false;
		if (in && num_parse(json_get_str(source, "id"), 0, UINT32_MAX, &id))
			r->sources[r->n_sources++] = (uint32_t)id;
	}
	return true;
}

struct reach *reach_new(struct db *db, const struct scope *scope, const struct json *live,
			struct err *why)
{
	struct reach *r = calloc(1, sizeof *r);

	if (r == NULL) {
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	r->scope = *scope;
	if (load_units(db, r, why) && load_sources(db, r, json_get(live, "sources"), why))
		return r;
	reach_free(r);
	return NULL;
}

static bool has_home(const struct reach *r, struct str unit, struct str site)
{
	if (r->scope.site[0] != '\0' && !str_eq(site, str_of(r->scope.site)))
		return false;
	for (size_t i = 0; i < r->n_units; i++)
		if (str_eq(unit, str_of(r->units[i])))
			return true;
	return false;
}

static bool has_source(const struct reach *r, struct str text)
{
	uint64_t id;

	if (!num_parse(text, 0, UINT32_MAX, &id))
		return false;
	for (size_t i = 0; i < r->n_sources; i++)
		if (r->sources[i] == id)
			return true;
	return false;
}

/* {"at","sources":{..}} with those that are reached; false when none is left. */
static bool write_stored(const struct reach *r, const struct json *told, struct buf *out)
{
	struct jsonw w = { .out = out };
	const struct json *value;
	const void *at = NULL;
	struct str id;
	size_t n = 0;

	jsonw_open(&w, '{');
	jsonw_key(&w, "at");
	write_json(&w, json_get(told, "at"));
	jsonw_key(&w, "sources");
	jsonw_open(&w, '{');
	while ((at = json_next(json_get(told, "sources"), at, &id, &value)) != NULL) {
		if (!has_source(r, id))
			continue;
		jsonw_key_str(&w, id);
		write_json(&w, value);
		n++;
	}
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
	return n > 0;
}

bool reach_passes(const struct reach *r, struct str kind, struct str json, struct buf *out)
{
	bool alert = str_eq(kind, STR("alert")), stored = str_eq(kind, STR("stored"));
	struct json *j = NULL;

	if (r == NULL || (!alert && !stored)) {
		buf_add(out, json);
		return true;
	}
	if (!json_parse(json, EVENT_MAX, &j, NULL))
		return false;
	bool pass = alert ? has_home(r, json_get_str(j, "unit"), json_get_str(j, "site"))
			  : write_stored(r, j, out);

	if (pass && alert)
		buf_add(out, json);
	json_free(j);
	return pass;
}
