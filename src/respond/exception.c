/* SPDX-License-Identifier: Apache-2.0 */
/* exception.c - what a rule shall no longer alert on: made, listed, removed, held against fields. */
#include "respond/exception.h"

#include "base/utf8.h"

#include "respond/alert_int.h"

#include <stdio.h>

enum { NAME_MAX_LEN = 128, VALUE_MAX = 1024, REASON_MAX = 2000, FIELDS_JSON_MAX = 1 << 18 };
enum { SAMPLE = 20 };
static const int64_t looked_back = 30 * TIME_DAY;

/* --- fields --- */

/* Numbers and truth stand in events as such, in exceptions as people write them. */
static bool same_value(const struct json *have, struct str want)
{
	char text[32];
	int64_t n;

	if (json_str(have).p != NULL)
		return str_eq_nocase(json_str(have), want);
	if (json_int(have, &n)) {
		snprintf(text, sizeof text, "%jd", (intmax_t)n);
		return str_eq(str_of(text), want);
	}
	bool truth = json_bool(have, false);
	return truth == json_bool(have, true) && /* it is neither else */
	       str_eq_nocase(want, truth ? STR("true") : STR("false"));
}

static bool holds_value(const struct json *have, struct str want)
{
	if (!json_is_array(have))
		return have != NULL && same_value(have, want);
	for (size_t i = 0; i < json_count(have); i++)
		if (same_value(json_at(have, i), want))
			return true;
	return false;
}

/* By the whole name, or by the end of a dotted one: "Image" is "winlog.event_data.Image" too. */
static bool holds_field(const struct json *fields, struct str name, struct str want)
{
	const struct json *v;
	const void *it = NULL;
	struct str key;

	while ((it = json_next(fields, it, &key, &v)) != NULL) {
		bool fits = str_eq_nocase(key, name) ||
			    (key.n > name.n + 1 && key.p[key.n - name.n - 1] == '.' &&
			     str_ends_nocase(key, name));

		if (fits && holds_value(v, want))
			return true;
	}
	return false;
}

bool fields_hold(const struct json *fields, const struct json *want)
{
	const struct json *v;
	const void *it = NULL;
	struct str key;
	bool any = false;

	while ((it = json_next(want, it, &key, &v)) != NULL) {
		any = true;
		if (!holds_field(fields, key, json_str(v)))
			return false;
	}
	return any;
}

static bool draft_holds(const struct json *fields, const struct exception_draft *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (!holds_field(fields, d->field[i].name, d->field[i].value))
			return false;
	return d->n > 0;
}

/* --- bodies --- */

static bool take_fields(const struct json *fields, struct exception_draft *d, struct err *why)
{
	const struct json *v;
	const void *it = NULL;
	struct str key;

	while ((it = json_next(fields, it, &key, &v)) != NULL) {
		struct str value = json_str(v);

		if (d->n == EXCEPTION_FIELDS_MAX)
			return err_set(why, ERR_INPUT, 0, "more than %d fields",
				       EXCEPTION_FIELDS_MAX);
		if (key.n == 0 || key.n > NAME_MAX_LEN || value.n == 0 ||
		    utf8_count(value) > VALUE_MAX)
			return err_set(why, ERR_INPUT, 0,
				       "'%.*s' needs a value of 1 to %d characters", STR_ARG(key),
				       VALUE_MAX);
		d->field[d->n++] = (struct exception_field){ key, value };
	}
	if (d->n == 0)
		return err_set(why, ERR_INPUT, 0,
			       "an exception names at least one field and its value");
	return true;
}

static bool take_end(const struct json *body, struct exception_draft *d, struct err *why)
{
	int64_t now = time_now();
	struct str s = json_get_str(body, "expires");
	bool zone;

	if (!time_parse_rfc3339(s, &d->expires, &zone) && !time_parse_date(s, &d->expires))
		return err_set(why, ERR_INPUT, 0, "an exception needs its end");
	if (d->expires <= now || d->expires > now + EXCEPTION_MAX_DAYS * TIME_DAY)
		return err_set(why, ERR_INPUT, 0, "an exception ends within %d days",
			       EXCEPTION_MAX_DAYS);
	d->reason = json_get_str(body, "reason");
	if (str_trim(d->reason).n == 0 || utf8_count(d->reason) > REASON_MAX)
		return err_set(why, ERR_INPUT, 0,
			       "an exception needs a reason of up to %d characters", REASON_MAX);
	return true;
}

bool exception_draft_parse(const struct json *body, bool preview, struct exception_draft *out,
			   struct err *why)
{
	struct exception_draft d = { .rule = json_get_str(body, "rule"), .expires = TIME_NONE };

	if (d.rule.n == 0 || d.rule.n > 255)
		return err_set(why, ERR_INPUT, 0, "an exception names its rule");
	if (!take_fields(json_get(body, "fields"), &d, why))
		return false;
	if (!preview && !take_end(body, &d, why))
		return false;
	*out = d;
	return true;
}

/* --- preview --- */

struct preview {
	const struct exception_draft *draft;
	int64_t would, of;
	char sample[SAMPLE][UUID_MAX];
	size_t n;
};

static void sample(struct preview *p, struct str alert)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(alert, str_of(p->sample[i])))
			return;
	if (p->n < SAMPLE && alert.n == UUID_LEN) {
		memcpy(p->sample[p->n], alert.p, UUID_LEN);
		p->sample[p->n++][UUID_LEN] = '\0';
	}
}

static void look(struct preview *p, struct str alert, struct str fields_json)
{
	struct json *fields;

	p->of++;
	if (!json_parse(fields_json, FIELDS_JSON_MAX, &fields, NULL))
		return;
	if (draft_holds(fields, p->draft)) {
		p->would++;
		sample(p, alert);
	}
	json_free(fields);
}

bool exception_preview_put(struct db *db, struct arena a, const struct scope *scope,
			   const struct exception_draft *draft, struct jsonw *w, struct err *why)
{
	struct preview *p = NEW(&a, struct preview, 1);

	if (p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the answer");
	p->draft = draft;
	struct db_rows *r = db_query(
		db,
		"SELECT e.alert, e.fields_json FROM alert_events e JOIN alerts a"
		" ON a.id = e.alert WHERE e.rule = $1 AND e.at >= $2"
		" AND e.fields_json IS NOT NULL AND " IN_SCOPE(
			"a.unit", "a.site", "$3", "$4") " ORDER BY e.at DESC LIMIT 10000",
		DB_VALS(V_TEXT(draft->rule), V_TIME(time_now() - looked_back), SCOPE_VALS(scope)),
		why);

	while (db_next(r))
		look(p, db_text(r, 0), db_text(r, 1));
	if (!db_end(r, why))
		return false;
	jsonw_open(w, '{');
	jsonw_kv_int(w, "would_hide", p->would);
	jsonw_kv_int(w, "of", p->of);
	jsonw_key(w, "sample");
	jsonw_open(w, '[');
	for (size_t i = 0; i < p->n; i++)
		jsonw_str(w, str_of(p->sample[i]));
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	return true;
}

/* --- keep --- */

static void put_fields(struct jsonw *w, const struct exception_draft *d)
{
	jsonw_open(w, '{');
	for (size_t i = 0; i < d->n; i++) {
		jsonw_key_str(w, d->field[i].name);
		jsonw_str(w, d->field[i].value);
	}
	jsonw_close(w, '}');
}

static bool insert(struct db *db, const struct actor *who, const struct exception_draft *d,
		   struct str fields, const char *id, struct err *why)
{
	const struct ledger_note note = { who->actor, "exception.made", str_of(id), TIME_NONE };
	struct home home;

	return scope_home(db, &who->scope, &home, why) &&
	       db_run(db,
		      "INSERT INTO exceptions (id, unit, site, rule, fields_json, owner, reason,"
		      " created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		      DB_VALS(V_Z(id), V_Z(home.unit), V_Z(home.site[0] != '\0' ? home.site : NULL),
			      V_TEXT(d->rule), V_TEXT(fields), V_Z(who->actor), V_TEXT(d->reason),
			      V_TIME(time_now()), V_TIME(d->expires)),
		      why) &&
	       ledger_append(db, &note,
			     LEDGER_FIELDS(F_TEXT("rule", d->rule), F_PERSONAL("fields", fields),
					   F_PERSONAL("reason", d->reason),
					   F_INT("expires", d->expires)),
			     NULL, why);
}

bool exception_make(struct db *db, const struct actor *who, const struct exception_draft *draft,
		    char id[UUID_MAX], struct err *why)
{
	struct buf b = BUF(FIELDS_JSON_MAX);
	struct jsonw w = { .out = &b };
	bool ok;

	put_fields(&w, draft);
	if (b.full)
		ok = err_set(why, ERR_INPUT, 0, "the text is too long");
	else
		ok = db_begin(db, why) &&
		     db_leave(db, insert(db, who, draft, buf_str(&b), uuid_new(id), why), why);
	buf_free(&b);
	return ok;
}

static bool remove_one(struct db *db, const struct actor *who, struct str id, struct err *why)
{
	const struct ledger_note note = { who->actor, "exception.removed", id, TIME_NONE };

	if (!db_run(db,
		    "UPDATE exceptions SET removed = $1, removed_by = $2 WHERE id = $3"
		    " AND removed IS NULL AND " IN_SCOPE("unit", "site", "$4", "$5"),
		    DB_VALS(V_TIME(time_now()), V_Z(who->actor), V_TEXT(id),
			    SCOPE_VALS(&who->scope)),
		    why))
		return false;
	if (db_changes(db) == 0)
		return err_set(why, ERR_ABSENT, 0, "no such exception");
	return ledger_append(db, &note, NULL, 0, NULL, why);
}

bool exception_remove(struct db *db, const struct actor *who, struct str id, struct err *why)
{
	return db_begin(db, why) && db_leave(db, remove_one(db, who, id, why), why);
}

/* --- give back --- */

/* clang-format off */
#define ITEM_SQL \
	"SELECT e.id, e.rule, e.fields_json, e.reason, coalesce(u.display_name, e.owner), e.created," \
	" e.expires, e.hidden, e.unit, e.site FROM exceptions e LEFT JOIN users u ON e.owner = 'user:' || u.id" \
	" WHERE e.removed IS NULL"
/* clang-format on */

static void put_item(struct db_rows *r, struct jsonw *w)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", db_text(r, 0));
	jsonw_kv_str(w, "rule", db_text(r, 1));
	jsonw_key(w, "fields");
	jsonw_raw(w, db_text(r, 2));
	jsonw_kv_str(w, "reason", db_text(r, 3));
	jsonw_kv_str(w, "created_by", db_text(r, 4));
	jsonw_kv_time(w, "created", db_time(r, 5));
	jsonw_kv_time(w, "expires", db_time(r, 6));
	jsonw_kv_int(w, "hidden", db_int(r, 7));
	jsonw_kv_bool(w, "active", db_time(r, 6) > time_now());
	jsonw_kv_str(w, "unit", db_text(r, 8));
	jsonw_kv_str(w, "site", db_text(r, 9));
	jsonw_close(w, '}');
}

bool exception_list_put(struct db *db, struct arena a, const struct scope *scope, struct jsonw *w,
			struct err *why)
{
	(void)a;
	struct db_rows *r = db_query(db,
				     ITEM_SQL " AND " IN_SCOPE("e.unit", "e.site", "$1",
							       "$2") " ORDER BY e.created DESC",
				     DB_VALS(SCOPE_VALS(scope)), why);

	jsonw_open(w, '{');
	jsonw_key(w, "items");
	jsonw_open(w, '[');
	while (db_next(r))
		put_item(r, w);
	jsonw_close(w, ']');
	jsonw_key(w, "next");
	jsonw_null(w);
	jsonw_close(w, '}');
	return db_end(r, why);
}

bool exception_item_put(struct db *db, struct arena a, struct str id, struct jsonw *w,
			struct err *why)
{
	(void)a;
	struct db_rows *r = db_query(db, ITEM_SQL " AND e.id = $1", DB_VALS(V_TEXT(id)), why);
	bool found = db_next(r);

	if (found)
		put_item(r, w);
	if (!db_end(r, why))
		return false;
	return found || err_set(why, ERR_ABSENT, 0, "no such exception");
}

bool exception_each(struct db *db, int64_t now,
		    bool (*fn)(void *ctx, struct str id, struct str rule, struct str fields_json,
			       int64_t expires),
		    void *ctx, struct err *why)
{
	struct db_rows *r =
		db_query(db,
			 "SELECT e.id, e.rule, e.fields_json, e.expires FROM exceptions e"
			 " JOIN units u ON u.id = e.unit WHERE e.removed IS NULL AND"
			 " e.expires > $1 AND u.parent IS NULL AND e.site IS NULL"
			 " ORDER BY e.created",
			 DB_VALS(V_TIME(now)), why);
	bool more = true;

	while (more && db_next(r))
		more = fn(ctx, db_text(r, 0), db_text(r, 1), db_text(r, 2), db_time(r, 3));
	return db_end(r, why);
}

/* --- hold --- */

static bool one_holds(struct str fields_json, const struct json *fields)
{
	struct json *want;

	if (!json_parse(fields_json, FIELDS_JSON_MAX, &want, NULL))
		return false;
	bool ok = fields_hold(fields, want);

	json_free(want);
	return ok;
}

bool exception_hides(struct db *db, struct arena scratch, const struct exception_try *t, bool *out,
		     struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT id, fields_json FROM exceptions WHERE rule = $1"
				     " AND removed IS NULL AND expires > $2 AND " REACHES(
					     "unit", "site", "$3", "$4") " ORDER BY created",
				     DB_VALS(V_TEXT(t->rule), V_TIME(t->now), HOME_VALS(t->home)),
				     why);
	struct str id = { NULL, 0 };

	while (id.p == NULL && db_next(r))
		if (one_holds(db_text(r, 1), t->fields))
			id = db_keep(r, 0, &scratch);
	if (!db_end(r, why))
		return false;
	*out = id.p != NULL;
	return id.p == NULL || db_run(db, "UPDATE exceptions SET hidden = hidden + 1 WHERE id = $1",
				      DB_VALS(V_TEXT(id)), why);
}
