/* SPDX-License-Identifier: Apache-2.0 */
/* clocks.c - thresholds of alerts: read from content, kept as one setting, given back. */
#include "respond/respond.h"

#include "base/json.h"
#include "base/yaml.h"
#include "respond/alert_int.h"
#include "state/state.h"

enum { SETTING_MAX = 4096 };
static const char setting[] = "clocks";

static const struct clocks none = {
	.acknowledge = { TIME_NONE, TIME_NONE, TIME_NONE, TIME_NONE, TIME_NONE },
	.handle = { TIME_NONE, TIME_NONE, TIME_NONE, TIME_NONE, TIME_NONE },
};

/* --- from YAML --- */

static bool take_span(const struct yml *v, int64_t *out, struct err *why)
{
	int64_t t;

	if (!time_parse_span(yml_str(v), &t) || t <= 0)
		return err_set(why, ERR_INPUT, v->line, "expected a span of time such as PT15M");
	*out = t;
	return true;
}

static bool take_spans(const struct yml *map, int64_t out[SEVERITIES], struct err *why)
{
	for (const struct yml *v = yml_first(map); v != NULL; v = v->next) {
		int rank = severity_rank(v->key);

		if (rank < 0)
			return err_set(why, ERR_INPUT, v->line, "unknown severity '%.*s'",
				       STR_ARG(v->key));
		if (!take_span(v, &out[rank], why))
			return false;
	}
	return true;
}

static bool take_clocks(const struct yml *v, struct clocks *c, struct err *why)
{
	for (const struct yml *k = yml_first(v); k != NULL; k = k->next) {
		bool ack = str_eq(k->key, STR("acknowledge"));

		if (!ack && !str_eq(k->key, STR("handle")))
			return err_set(why, ERR_INPUT, k->line, "unknown key '%.*s'",
				       STR_ARG(k->key));
		if (!take_spans(k, ack ? c->acknowledge : c->handle, why))
			return false;
	}
	return true;
}

static bool take_gather(const struct yml *v, struct clocks *c, struct err *why)
{
	return take_span(v, &c->gather, why);
}

static bool take_noisy(const struct yml *v, struct clocks *c, struct err *why)
{
	const struct yml *within = yml_get(v, "within");

	if (!yml_int(yml_get(v, "hits"), &c->noisy_n) || c->noisy_n < 1 || within == NULL)
		return err_set(why, ERR_INPUT, v->line, "expected 'hits' and 'within'");
	return take_span(within, &c->noisy_within, why);
}

static const struct {
	const char *key;
	bool (*take)(const struct yml *v, struct clocks *c, struct err *why);
} parts[] = {
	{ "clocks", take_clocks },
	{ "gather", take_gather },
	{ "noisy", take_noisy },
};

static bool take_part(const struct yml *v, struct clocks *c, unsigned *seen, struct err *why)
{
	for (size_t i = 0; i < COUNT(parts); i++)
		if (str_eq(v->key, str_of(parts[i].key))) {
			*seen |= 1U << i;
			return parts[i].take(v, c, why);
		}
	return err_set(why, ERR_INPUT, v->line, "unknown key '%.*s'", STR_ARG(v->key));
}

bool clocks_parse(struct arena scratch, struct str yaml, struct clocks *out, struct err *why)
{
	const struct yml *doc;
	struct clocks c = none;
	unsigned seen = 0;

	if (!yml_parse(&scratch, yaml, &doc, why))
		return false;
	for (const struct yml *v = yml_first(doc); v != NULL; v = v->next)
		if (!take_part(v, &c, &seen, why))
			return false;
	for (size_t i = 0; i < COUNT(parts); i++)
		if ((seen & 1U << i) == 0)
			return err_set(why, ERR_INPUT, 1, "'%s' is missing", parts[i].key);
	*out = c;
	return true;
}

/* --- as a setting --- */

static void put_spans(struct jsonw *w, const char *key, const int64_t v[SEVERITIES])
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	for (size_t i = 0; i < SEVERITIES; i++)
		if (v[i] != TIME_NONE)
			jsonw_kv_int(w, severity_names[i].p, v[i]);
	jsonw_close(w, '}');
}

static void put_json(struct jsonw *w, const struct clocks *c)
{
	jsonw_open(w, '{');
	put_spans(w, "acknowledge", c->acknowledge);
	jsonw_kv_int(w, "gather", c->gather);
	put_spans(w, "handle", c->handle);
	jsonw_kv_int(w, "noisy_n", c->noisy_n);
	jsonw_kv_int(w, "noisy_within", c->noisy_within);
	jsonw_close(w, '}');
}

static bool keep(struct db *db, struct str json, const char *actor, struct err *why)
{
	const struct ledger_note note = { actor, "clocks.changed", STR("clocks"), TIME_NONE };

	return state_setting_put(db, setting, json, actor, why) &&
	       ledger_append(db, &note, LEDGER_FIELDS(F_JSON("clocks", json)), NULL, why);
}

bool clocks_put(struct db *db, const struct clocks *c, const char *actor, struct err *why)
{
	char mem[SETTING_MAX];
	struct arena a = { (unsigned char *)mem, (unsigned char *)mem + sizeof mem };
	struct buf b = BUF(SETTING_MAX);
	struct jsonw w = { .out = &b };
	struct str old = { NULL, 0 };

	put_json(&w, c);
	bool ok = !b.full && db_begin(db, why);
	if (ok) {
		ok = state_setting(db, &a, setting, &old, why) &&
		     (str_eq(old, buf_str(&b)) || keep(db, buf_str(&b), actor, why));
		ok = db_leave(db, ok, why);
	}
	buf_free(&b);
	return ok;
}

static void get_spans(const struct json *v, int64_t out[SEVERITIES])
{
	for (size_t i = 0; i < SEVERITIES; i++)
		if (!json_int(json_get(v, severity_names[i].p), &out[i]))
			out[i] = TIME_NONE;
}

bool clocks_get(struct db *db, struct clocks *out, struct err *why)
{
	char mem[SETTING_MAX];
	struct arena a = { (unsigned char *)mem, (unsigned char *)mem + sizeof mem };
	struct str text = { NULL, 0 };
	struct json *v;

	if (!state_setting(db, &a, setting, &text, why))
		return false;
	if (text.n == 0)
		return err_set(why, ERR_ABSENT, 0, "the clocks of alerts were never loaded");
	if (!json_parse(text, SETTING_MAX, &v, why))
		return false;
	struct clocks c = none;
	get_spans(json_get(v, "acknowledge"), c.acknowledge);
	get_spans(json_get(v, "handle"), c.handle);
	bool ok = json_int(json_get(v, "gather"), &c.gather) &&
		  json_int(json_get(v, "noisy_n"), &c.noisy_n) &&
		  json_int(json_get(v, "noisy_within"), &c.noisy_within);
	json_free(v);
	if (!ok)
		return err_set(why, ERR_INPUT, 0, "the clocks of alerts are damaged");
	*out = c;
	return true;
}
