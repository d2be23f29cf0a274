/* SPDX-License-Identifier: Apache-2.0 */
/* board_sources.c - the tile of sources: alive of required, silent, drops, control tests. */
#include "govern/board_int.h"
#include "govern/metrics_int.h"

enum { NAMES_MAX = 20 };

static int64_t sum(const struct json *sources, const char *key)
{
	int64_t n = 0, v;

	for (size_t i = 0; i < json_count(sources); i++)
		n += json_int(json_get(json_at(sources, i), key), &v) ? v : 0;
	return n;
}

static bool is(const struct json *s, const char *key, const char *want)
{
	return str_eq(json_get_str(s, key), str_of(want));
}

/* --- the required ones --- */

struct required {
	struct jsonw *w;
	bool (*wanted)(const struct json *s);
	int64_t n, wanted_n; /* all; those that are wanted */
};

static bool silent(const struct json *s)
{
	return !is(s, "state", "live") && !is(s, "state", "off");
}

static bool off(const struct json *s)
{
	return is(s, "state", "off");
}

static bool alive(const struct json *s)
{
	return is(s, "state", "live");
}

static bool unproved(const struct json *s)
{
	return !off(s) && !is(json_get(s, "control"), "state", "passed");
}

static void each(void *ctx, struct str name, const struct json *s)
{
	struct required *r = ctx;

	r->n++;
	if (!r->wanted(s))
		return;
	if (r->w != NULL && r->wanted_n < NAMES_MAX)
		jsonw_str(r->w, name);
	r->wanted_n++;
}

static bool put_names(struct board *b, const char *key, bool (*wanted)(const struct json *s))
{
	const struct metric_look look = { .db = b->db, .live = b->live, .scope = b->scope };
	struct required r = { .w = b->w, .wanted = wanted };

	jsonw_key(b->w, key);
	jsonw_open(b->w, '[');
	bool ok = required_each(&look, each, &r, b->why);
	jsonw_close(b->w, ']');
	return ok;
}

static bool put_required(struct board *b)
{
	const struct metric_look look = { .db = b->db, .live = b->live, .scope = b->scope };
	struct required r = { .wanted = alive }, o = { .wanted = off };

	if (!required_each(&look, each, &r, b->why) || !required_each(&look, each, &o, b->why) ||
	    !put_names(b, "silent", silent) || !put_names(b, "unproved", unproved))
		return false;
	jsonw_kv_int(b->w, "alive", r.wanted_n);
	jsonw_kv_int(b->w, "off", o.wanted_n);
	jsonw_kv_int(b->w, "required", r.n);
	return true;
}

/* "doors": {"passed", "of", "failed": [names]} */
static void put_doors(struct board *b)
{
	const struct json *all = json_get(b->live, "controls");
	int64_t passed = 0, of = 0;

	jsonw_key(b->w, "doors");
	jsonw_open(b->w, '{');
	jsonw_key(b->w, "failed");
	jsonw_open(b->w, '[');
	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *c = json_at(all, i);

		if (!is(c, "kind", "door"))
			continue;
		of++;
		passed += is(c, "state", "passed");
		if (is(c, "state", "failed"))
			jsonw_str(b->w, json_get_str(c, "subject"));
	}
	jsonw_close(b->w, ']');
	jsonw_kv_int(b->w, "passed", passed);
	jsonw_kv_int(b->w, "of", of);
	jsonw_close(b->w, '}');
}

bool board_sources(struct board *b)
{
	const struct json *all = json_get(b->live, "sources");

	if (!json_is_array(all)) {
		unknown_put(b->w, "sources", MSG_ID("the processes do not tell"));
		return true;
	}
	jsonw_key(b->w, "sources");
	jsonw_open(b->w, '{');
	jsonw_kv_int(b->w, "dropped_today", sum(all, "dropped_today"));
	jsonw_kv_int(b->w, "unparsed_today", sum(all, "unparsed_today"));
	if (!put_required(b) || !board_put_control(b, "last_control", false))
		return false;
	put_doors(b);
	jsonw_close(b->w, '}');
	return true;
}
