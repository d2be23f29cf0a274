/* SPDX-License-Identifier: Apache-2.0 */
/*
 * noisy.c - a rule that hits again and again on the same values and was never verified true: the
 * exception that would quieten it, with how many hits it would have hidden.
 *
 * Sets of fields are tried from the narrowest on, so that the proposal hides as little as it can.
 */
#include "base/hash.h"
#include "base/json.h"
#include "respond/alert_int.h"

enum { ROWS_MAX = 500, SET_MAX = 3, FIELDS_JSON_MAX = 1 << 18 };

static const char *const sets[][SET_MAX] = {
	{ "host.name", "user.name", "process.executable" },
	{ "host.name", "process.executable", NULL },
	{ "host.name", "user.name", "source.ip" },
	{ "source.ip", "destination.ip", NULL },
	{ "host.name", "source.ip", NULL },
	{ "host.name", "user.name", NULL },
	{ "source.ip", NULL, NULL },
	{ "host.name", NULL, NULL },
};

struct rows {
	struct json *row[ROWS_MAX];
	size_t n;
};

static struct str value(const struct json *row, const char *name)
{
	const struct json *v = json_get(row, name);

	return json_is_array(v) ? json_str(json_at(v, 0)) : json_str(v);
}

/* The values of the set as one number; 0 when one is missing. */
static uint64_t key_of(const struct json *row, const char *const set[SET_MAX])
{
	uint64_t h = 1;

	for (size_t i = 0; i < SET_MAX && set[i] != NULL; i++) {
		struct str v = value(row, set[i]);

		if (v.n == 0)
			return 0;
		h = hash_quick(v, h);
	}
	return h;
}

/* The row whose values of the set come most often, and how often. */
static size_t most(const struct rows *rows, const char *const set[SET_MAX], size_t *which)
{
	uint64_t keys[ROWS_MAX];
	size_t best = 0;

	for (size_t i = 0; i < rows->n; i++)
		keys[i] = key_of(rows->row[i], set);
	for (size_t i = 0; i < rows->n; i++) {
		size_t n = 0;

		for (size_t j = i; keys[i] != 0 && j < rows->n; j++)
			n += keys[j] == keys[i];
		if (n > best) {
			best = n;
			*which = i;
		}
	}
	return best;
}

static void put(const struct rows *rows, int64_t limit, struct str rule, struct jsonw *w)
{
	for (size_t s = 0; s < COUNT(sets); s++) {
		size_t which = 0, n = most(rows, sets[s], &which);

		if ((int64_t)n <= limit)
			continue;
		jsonw_open(w, '{');
		jsonw_kv_str(w, "rule", rule);
		jsonw_key(w, "fields");
		jsonw_open(w, '{');
		for (size_t i = 0; i < SET_MAX && sets[s][i] != NULL; i++)
			jsonw_kv_str(w, sets[s][i], value(rows->row[which], sets[s][i]));
		jsonw_close(w, '}');
		jsonw_kv_int(w, "would_hide", (int64_t)n);
		jsonw_close(w, '}');
		return;
	}
	jsonw_null(w);
}

static bool load(struct db *db, const struct scope *scope, struct str rule, int64_t since,
		 struct rows *rows, struct err *why)
{
	struct db_rows *r = db_query(
		db,
		"SELECT e.fields_json FROM alert_events e JOIN alerts a"
		" ON a.id = e.alert WHERE e.rule = $1 AND e.at >= $2"
		" AND e.fields_json IS NOT NULL AND " IN_SCOPE("a.unit", "a.site", "$4",
							       "$5") " ORDER BY e.at DESC LIMIT $3",
		DB_VALS(V_TEXT(rule), V_TIME(since), V_INT(ROWS_MAX), SCOPE_VALS(scope)), why);

	while (rows->n < ROWS_MAX && db_next(r))
		rows->n += json_parse(db_text(r, 0), FIELDS_JSON_MAX, &rows->row[rows->n], NULL);
	return db_end(r, why);
}

bool noisy_put(struct db *db, struct arena a, const struct scope *scope, struct str rule,
	       struct jsonw *w, struct err *why)
{
	struct rows *rows = NEW(&a, struct rows, 1);
	struct clocks clocks;
	struct err none = { .kind = ERR_NONE };
	int64_t truly;

	if (rows == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the answer");
	if (!db_number(db,
		       "SELECT count(*) FROM (SELECT 1 FROM alerts WHERE rule = $1"
		       " AND verdict = 'true' AND " IN_SCOPE("unit", "site", "$2",
							     "$3") " LIMIT 1) AS t",
		       DB_VALS(V_TEXT(rule), SCOPE_VALS(scope)), &truly, why))
		return false;
	bool have = clocks_get(db, &clocks, &none);
	if (!have && none.kind != ERR_ABSENT) {
		if (why != NULL)
			*why = none;
		return false;
	}
	if (truly > 0 || str_eq(rule, STR("manual")) || !have) {
		jsonw_null(w);
		return true;
	}
	bool ok = load(db, scope, rule, time_now() - clocks.noisy_within, rows, why);

	if (ok)
		put(rows, clocks.noisy_n, rule, w);
	for (size_t i = 0; i < rows->n; i++)
		json_free(rows->row[i]);
	return ok;
}
