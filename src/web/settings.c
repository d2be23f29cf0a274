/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings.c - what the unit is called, what kind it is, which addresses are its own.
 *
 * The ranges decide what is inside, what an infected list is held against; the kind decides which
 * measures bind. A change is checked whole, kept in one transaction with its ledger entry, and then the
 * detector is compiled anew.
 */
#include "base/hash.h"
#include "event/ranges.h"
#include "state/ledger.h"
#include "state/state.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

enum { UNIT_NAME_MAX = 256, TAG_LEN = 12 };

/* Names in the API and in the state alike. */
static const char *const range_settings[] = { "public_ranges", "inside_ranges", "nat_pools" };
/* unit_kind: "" as long as nobody declared it. */
static const char *const text_settings[] = { "unit_name", "unit_kind" };
enum { UNIT_NAME, UNIT_KIND, TEXTS };
struct texts {
	struct str at[TEXTS]; /* p == NULL: not asked for */
};

static bool write_setting(struct call *c, struct jsonw *w, const char *name, struct str otherwise,
			  struct err *why)
{
	struct str json;

	if (!state_setting(call_db(c), &c->a, name, &json, why))
		return false;
	jsonw_key(w, name);
	jsonw_raw(w, json.n > 0 ? json : otherwise);
	return true;
}

static bool write_settings(struct call *c, struct jsonw *w, struct err *why)
{
	jsonw_open(w, '{');
	for (size_t i = 0; i < TEXTS; i++)
		if (!write_setting(c, w, text_settings[i], STR("\"\""), why))
			return false;
	for (size_t i = 0; i < COUNT(range_settings); i++)
		if (!write_setting(c, w, range_settings[i], STR("[]"), why))
			return false;
	jsonw_close(w, '}');
	return true;
}

static struct str tag_of(struct call *c)
{
	unsigned char digest[HASH_SHA256_LEN];
	char hex[HASH_HEX_MAX];

	hash_sha256(buf_str(&c->reply.body), digest);
	return arena_str(&c->a, str_of(hash_hex(digest, TAG_LEN, hex)));
}

bool settings_get(struct call *c, struct err *why)
{
	struct jsonw w = reply_json(c, 200);

	if (!write_settings(c, &w, why))
		return false;
	reply_etag(c, tag_of(c));
	return true;
}

/* 412 when an If-Match header names another tag. */
static bool check_if_match(struct call *c, struct str tag, struct err *why)
{
	if (c->header[H_IF_MATCH].p == NULL || request_etag_in(c->header[H_IF_MATCH], tag))
		return true;
	refuse_as(c, 412, "conflict");
	return err_set(why, ERR_STATE, 0,
		       "somebody else has changed this meanwhile; load it again");
}

/* A list of ranges; each bad one is named. */
static bool check_ranges(struct call *c, const char *name, struct err *why)
{
	const struct json *list = json_get(c->json, name);
	struct err reason, bad;

	if (list == NULL)
		return true;
	if (!json_is_array(list) || json_count(list) > OWN_MAX_RANGES) {
		err_set(&reason, ERR_INPUT, 0, "expected a list of at most %d ranges",
			OWN_MAX_RANGES);
		return field_error(c, name, &reason);
	}
	for (size_t i = 0; i < json_count(list); i++) {
		struct str s = json_str(json_at(list, i));
		struct range range;

		if (s.p != NULL && range_parse(s, &range, &bad))
			continue;
		err_set(&reason, ERR_INPUT, i, "'%.*s' is no address range like 203.0.113.0/24",
			STR_ARG(s.p == NULL ? STR("") : s));
		field_error(c, name, &reason);
	}
	(void)why;
	return c->n_field_errors == 0;
}

static bool put_ranges(struct call *c, const char *name, struct err *why)
{
	const struct json *list = json_get(c->json, name);
	struct buf json = BUF(1 << 20);
	struct jsonw w = { .out = &json };

	if (list == NULL)
		return true;
	jsonw_open(&w, '[');
	for (size_t i = 0; i < json_count(list); i++)
		jsonw_str(&w, json_str(json_at(list, i)));
	jsonw_close(&w, ']');
	bool ok = !json.full &&
		  state_setting_put(call_db(c), name, buf_str(&json), c->who.actor, why);
	buf_free(&json);
	return ok;
}

static bool put_text(struct call *c, const char *name, struct str text, struct err *why)
{
	struct buf json = BUF(8 * UNIT_NAME_MAX);
	struct jsonw w = { .out = &json };

	if (text.p == NULL)
		return true;
	jsonw_str(&w, text);
	bool ok = state_setting_put(call_db(c), name, buf_str(&json), c->who.actor, why);
	buf_free(&json);
	return ok;
}

static bool put_all(struct call *c, const struct texts *texts, struct err *why)
{
	struct ledger_note note = { c->who.actor, "settings.changed", STR("settings"), TIME_NONE };

	for (size_t i = 0; i < TEXTS; i++)
		if (!put_text(c, text_settings[i], texts->at[i], why))
			return false;
	for (size_t i = 0; i < COUNT(range_settings); i++)
		if (!put_ranges(c, range_settings[i], why))
			return false;
	return ledger_append(call_db(c), &note, LEDGER_FIELDS(F_JSON("settings", c->text)), NULL,
			     why);
}

static bool check_kind(struct call *c, struct str kind)
{
	static const struct str kinds[] = { STR(""), STR("agency"), STR("provider"), STR("both") };
	struct err reason;

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kind.p == NULL || str_eq(kind, kinds[i]))
			return true;
	err_set(&reason, ERR_INPUT, 0, "'%s' must be agency, provider or both",
		text_settings[UNIT_KIND]);
	return field_error(c, text_settings[UNIT_KIND], &reason);
}

static bool check(struct call *c, struct texts *out, struct err *why)
{
	if (!settings_get(c, why) || !check_if_match(c, tag_of(c), why))
		return false;
	c->reply.n_headers = 0;
	bool ok = true;
	for (size_t i = 0; i < TEXTS; i++)
		ok = body_text(c, text_settings[i], UNIT_NAME_MAX, false, &out->at[i], why) && ok;
	ok = check_kind(c, out->at[UNIT_KIND]) && ok;
	for (size_t i = 0; i < COUNT(range_settings); i++)
		ok = check_ranges(c, range_settings[i], why) && ok;
	return ok || err_set(why, ERR_INPUT, 0, "some fields are not valid");
}

bool settings_put(struct call *c, struct err *why)
{
	struct texts texts = { 0 };
	struct db *db = call_db(c);

	if (!check(c, &texts, why) || !db_begin(db, why) ||
	    !db_leave(db, put_all(c, &texts, why), why))
		return false;
	return backend_reload(c, why) && settings_get(c, why);
}
