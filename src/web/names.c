/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.c - an actor as the state keeps it ("user:ID", "token:ID", "canh") as people know him; parsed
 * JSON written again.
 */
#include "base/time.h"
#include "state/db.h"
#include "web/backend_int.h"

enum { NESTING_MAX = 16 };

static struct str look_up(struct call *c, const char *sql, struct str id)
{
	struct err why;
	struct db_rows *r = db_query(call_db(c), sql, DB_VALS(V_TEXT(id)), &why);
	struct str name = { NULL, 0 };

	if (db_next(r))
		name = db_keep(r, 0, &c->a);
	return db_end(r, &why) ? name : (struct str){ NULL, 0 };
}

struct str actor_name(struct call *c, struct str actor)
{
	struct str name = { NULL, 0 };

	if (str_starts(actor, STR("user:")))
		name = look_up(c, "SELECT display_name FROM users WHERE id = $1",
			       str_skip(actor, 5));
	else if (str_starts(actor, STR("token:")))
		name = look_up(c, "SELECT name FROM tokens WHERE id = $1", str_skip(actor, 6));
	return name.n > 0 ? name : actor;
}

/* {"vi": .., "en": ..} and nothing else? */
static bool both(const struct json *v, struct str *vi, struct str *en)
{
	const struct json *inner;
	const void *at = NULL;
	struct str key;
	size_t n = 0;

	while ((at = json_next(v, at, &key, &inner)) != NULL)
		n++;
	*vi = json_get_str(v, "vi");
	*en = json_get_str(v, "en");
	return n == 2 && vi->p != NULL && en->p != NULL;
}

/* `c` NULL: texts in two languages stay as they are. */
static void write_value(struct call *c, struct jsonw *w, const struct json *v, int depth)
{
	const struct json *inner;
	const void *at = NULL;
	struct str key, vi, en;
	int64_t n;
	double real;

	if (depth > NESTING_MAX || v == NULL || json_is_null(v)) {
		jsonw_null(w);
	} else if (c != NULL && both(v, &vi, &en)) {
		jsonw_str(w, c->lang == LANG_EN ? en : vi);
	} else if (json_is_object(v)) {
		jsonw_open(w, '{');
		while ((at = json_next(v, at, &key, &inner)) != NULL) {
			jsonw_key_str(w, key);
			write_value(c, w, inner, depth + 1);
		}
		jsonw_close(w, '}');
	} else if (json_is_array(v)) {
		jsonw_open(w, '[');
		for (size_t i = 0; i < json_count(v); i++)
			write_value(c, w, json_at(v, i), depth + 1);
		jsonw_close(w, ']');
	} else if (json_int(v, &n)) {
		jsonw_int(w, n);
	} else if (json_number(v, &real)) {
		jsonw_double(w, real);
	} else if (json_str(v).p != NULL) {
		jsonw_str(w, json_str(v));
	} else {
		jsonw_bool(w, json_bool(v, false));
	}
}

void write_json(struct jsonw *w, const struct json *v)
{
	write_value(NULL, w, v, 0);
}

void write_json_in(struct call *c, struct jsonw *w, const struct json *v)
{
	write_value(c, w, v, 0);
}
