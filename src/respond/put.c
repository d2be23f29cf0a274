/* SPDX-License-Identifier: Apache-2.0 */
/* put.c - alerts as JSON: the item of lists, the detail, a page with its counts. */
#include "respond/alert_int.h"
#include "respond/find_int.h"

#include <stdio.h>

enum { PLACES_ITEM = 20, PLACES_DETAIL = 500, EVENTS_DETAIL = 20, ABOUT_MAX = 1 << 20 };

/* clang-format off */
#define ITEM_COLUMNS \
	"a.id, a.number, a.state, a.severity, a.title_vi, a.title_en, a.rule, a.rule_title," \
	" a.rule_level, a.rule_kind, a.tags_json, a.matched, a.indicator, a.indicator_type, a.count," \
	" a.first_seen, a.last_seen, a.exercise, a.channel, u.id, u.display_name, a.acknowledge_due," \
	" a.acknowledge_done, a.handle_due, a.handle_done, a.event_json, a.about_json," \
	" a.description, a.verdict, a.verdict_reason, a.verdict_action, a.opened, a.version," \
	" a.unit, a.site"
enum { C_ID, C_NUMBER, C_STATE, C_SEVERITY, C_TITLE_VI, C_TITLE_EN, C_RULE, C_RULE_TITLE,
	C_RULE_LEVEL, C_RULE_KIND, C_TAGS, C_MATCHED, C_INDICATOR, C_INDICATOR_TYPE, C_COUNT,
	C_FIRST_SEEN, C_LAST_SEEN, C_EXERCISE, C_CHANNEL, C_USER, C_USER_NAME, C_ACK_DUE, C_ACK_DONE,
	C_HANDLE_DUE, C_HANDLE_DONE, C_EVENT, C_ABOUT, C_DESCRIPTION, C_VERDICT, C_REASON, C_ACTION,
	C_OPENED, C_VERSION, C_UNIT, C_SITE };
/* clang-format on */

static const struct scope everything = { "", "" };

static struct db_rows *item_query(struct db *db, const struct scope *scope, struct str id,
				  struct err *why)
{
	return db_query(db,
			"SELECT " ITEM_COLUMNS " FROM alerts a LEFT JOIN users u"
			" ON u.id = a.assignee WHERE a.id = $1 AND " IN_SCOPE("a.unit", "a.site",
									      "$2", "$3"),
			DB_VALS(V_TEXT(id), SCOPE_VALS(scope)), why);
}

/* --- parts --- */

static void put_both(struct jsonw *w, const char *key, struct str vi, struct str en)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", vi);
	jsonw_kv_str(w, "en", en);
	jsonw_close(w, '}');
}

static void put_raw(struct jsonw *w, const char *key, struct str json)
{
	jsonw_key(w, key);
	if (json.n > 0)
		jsonw_raw(w, json);
	else
		jsonw_null(w);
}

static bool put_places(struct db *db, struct str id, bool hosts, int most, struct jsonw *w,
		       struct err *why)
{
	struct db_rows *r =
		db_query(db,
			 "SELECT value FROM alert_places WHERE alert = $1 AND kind = $2"
			 " ORDER BY first_seen, value LIMIT $3",
			 DB_VALS(V_TEXT(id), V_Z(hosts ? "host" : "address"), V_INT(most)), why);

	jsonw_key(w, hosts ? "hosts" : "addresses");
	jsonw_open(w, '[');
	while (db_next(r))
		jsonw_str(w, db_text(r, 0));
	jsonw_close(w, ']');
	return db_end(r, why);
}

static void put_clock(struct jsonw *w, const char *key, int64_t due, int64_t done, int64_t now)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kv_time(w, "due", due);
	jsonw_kv_time(w, "done", done);
	jsonw_kv_bool(w, "overdue", due != TIME_NONE && (done != TIME_NONE ? done : now) > due);
	jsonw_close(w, '}');
}

static void put_indicator(struct db_rows *r, const struct json *about, struct jsonw *w)
{
	jsonw_key(w, "indicator");
	if (db_is_null(r, C_INDICATOR) || db_text(r, C_INDICATOR).n == 0) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "value", db_text(r, C_INDICATOR));
	jsonw_kv_str(w, "type", db_text(r, C_INDICATOR_TYPE));
	jsonw_key(w, "list");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", json_get_str(about, "id"));
	jsonw_kv_str(w, "name", json_get_str(about, "name"));
	jsonw_kv_str(w, "kind", json_get_str(about, "list_kind"));
	struct str letter = json_get_str(about, "letter");
	jsonw_kv_str(w, "letter", letter.n > 0 ? letter : (struct str){ NULL, 0 });
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

static void put_rule(struct db_rows *r, struct jsonw *w)
{
	jsonw_key(w, "rule");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", db_text(r, C_RULE));
	jsonw_kv_str(w, "title", db_text(r, C_RULE_TITLE));
	jsonw_kv_str(w, "level", db_text(r, C_RULE_LEVEL));
	jsonw_kv_str(w, "kind", db_text(r, C_RULE_KIND));
	jsonw_close(w, '}');
}

static void put_assignee(struct db_rows *r, struct jsonw *w)
{
	jsonw_key(w, "assignee");
	if (db_is_null(r, C_USER)) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", db_text(r, C_USER));
	jsonw_kv_str(w, "name", db_text(r, C_USER_NAME));
	jsonw_close(w, '}');
}

/* The members of an item, of the current row; places are asked for by the caller. */
static void put_members(struct db_rows *r, const struct json *about, struct jsonw *w)
{
	char number[ALERT_NUMBER_MAX];
	int64_t now = time_now();

	jsonw_kv_str(w, "id", db_text(r, C_ID));
	jsonw_kv_str(w, "number", str_of(alert_number_text(db_int(r, C_NUMBER), number)));
	jsonw_kv_str(w, "state", db_text(r, C_STATE));
	jsonw_kv_str(w, "severity", db_text(r, C_SEVERITY));
	put_both(w, "title", db_text(r, C_TITLE_VI), db_text(r, C_TITLE_EN));
	put_rule(r, w);
	put_raw(w, "tags", db_text(r, C_TAGS));
	jsonw_kv_str(w, "matched", db_text(r, C_MATCHED));
	put_indicator(r, about, w);
	jsonw_kv_int(w, "count", db_int(r, C_COUNT));
	jsonw_kv_time(w, "first_seen", db_time(r, C_FIRST_SEEN));
	jsonw_kv_time(w, "last_seen", db_time(r, C_LAST_SEEN));
	jsonw_kv_str(w, "unit", db_text(r, C_UNIT));
	jsonw_kv_str(w, "site", db_text(r, C_SITE));
	jsonw_kv_bool(w, "exercise", db_int(r, C_EXERCISE) != 0);
	jsonw_kv_str(w, "channel", db_text(r, C_CHANNEL));
	jsonw_kv_str(w, "description", db_text(r, C_DESCRIPTION));
	put_assignee(r, w);
	jsonw_kv_time(w, "opened", db_time(r, C_OPENED));
	jsonw_key(w, "clocks");
	jsonw_open(w, '{');
	put_clock(w, "acknowledge", db_time(r, C_ACK_DUE), db_time(r, C_ACK_DONE), now);
	put_clock(w, "handle", db_time(r, C_HANDLE_DUE), db_time(r, C_HANDLE_DONE), now);
	jsonw_close(w, '}');
	jsonw_kv_str(w, "verdict", db_text(r, C_VERDICT));
	put_raw(w, "event", db_text(r, C_EVENT));
}

static struct json *about_of(struct db_rows *r)
{
	struct json *about = NULL;
	struct str text = db_text(r, C_ABOUT);

	if (text.n > 0 && !json_parse(text, ABOUT_MAX, &about, NULL))
		return NULL;
	return about;
}

static bool put_item(struct db *db, struct str id, struct jsonw *w, struct err *why)
{
	struct db_rows *r = item_query(db, &everything, id, why);
	bool found = db_next(r);

	if (found) {
		struct json *about = about_of(r);

		put_members(r, about, w);
		json_free(about);
	}
	if (!db_end(r, why))
		return false;
	return found || err_set(why, ERR_ABSENT, 0, "no such alert");
}

bool alert_item_put(struct db *db, struct arena a, struct str id, struct jsonw *w, struct err *why)
{
	(void)a;
	jsonw_open(w, '{');
	bool ok = put_item(db, id, w, why) && put_places(db, id, true, PLACES_ITEM, w, why) &&
		  put_places(db, id, false, PLACES_ITEM, w, why);
	jsonw_close(w, '}');
	return ok;
}

/* --- the page --- */

_Static_assert((int)ALERT_TOTALS == (int)ALERT_STATES && (int)ALERT_TOTALS == (int)SEVERITIES,
	       "a place for each");

bool alert_totals(struct db *db, const struct scope *scope, struct alert_totals *out,
		  struct err *why)
{
	struct db_rows *r = db_query(
		db,
		"SELECT state, severity, sum(n) FROM alert_counts WHERE exercise"
		" = 0 AND " IN_SCOPE("unit", "site", "$1", "$2") " GROUP BY state, severity",
		DB_VALS(SCOPE_VALS(scope)), why);

	for (size_t i = 0; i < ALERT_TOTALS; i++) {
		out->state[i] = (struct alert_total){ alert_state_names[i], 0 };
		out->open[i] = (struct alert_total){ severity_names[i], 0 };
	}
	while (db_next(r)) {
		int state = alert_state_find(db_text(r, 0)),
		    severity = severity_rank(db_text(r, 1));

		if (state < 0 || severity < 0)
			continue;
		out->state[state].n += db_int(r, 2);
		out->open[severity].n += state == AS_HANDLED ? 0 : db_int(r, 2);
	}
	return db_end(r, why);
}

static bool put_counts(struct db *db, const struct scope *scope, struct jsonw *w, struct err *why)
{
	struct alert_totals n;

	if (!alert_totals(db, scope, &n, why))
		return false;
	jsonw_key(w, "counts");
	jsonw_open(w, '{');
	jsonw_key(w, "state");
	jsonw_open(w, '{');
	for (size_t i = 0; i < ALERT_STATES; i++)
		jsonw_kv_int(w, n.state[i].name.p, n.state[i].n);
	jsonw_close(w, '}');
	jsonw_key(w, "severity");
	jsonw_open(w, '{');
	for (size_t i = 0; i < SEVERITIES; i++)
		jsonw_kv_int(w, n.open[i].name.p, n.open[i].n);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
	return true;
}

bool alert_list_put(struct db *db, struct arena a, const struct alert_wish *wish, struct jsonw *w,
		    struct err *why)
{
	struct found_page page;

	if (!alerts_find(db, &a, wish, &page, why))
		return false;
	jsonw_open(w, '{');
	jsonw_key(w, "items");
	jsonw_open(w, '[');
	for (size_t i = 0; i < page.n; i++)
		if (!alert_item_put(db, a, str_of(page.items[i].id), w, why))
			return false;
	jsonw_close(w, ']');
	jsonw_kv_str(w, "next", page.next[0] != '\0' ? str_of(page.next) : (struct str){ NULL, 0 });
	bool ok = put_counts(db, &wish->scope, w, why);
	jsonw_close(w, '}');
	return ok;
}

bool alert_rule_counts(struct db *db, const struct scope *scope, int64_t since,
		       const struct rule_taker *taker, struct err *why)
{
	/* the limit has the time chosen first; else all alerts would be read in the order of rules */
	struct db_rows *r =
		db_query(db,
			 "SELECT rule, count(*) FROM (SELECT rule FROM alerts WHERE last_seen >= $1"
			 " AND exercise = 0 AND " IN_SCOPE(
				 "unit", "site", "$2",
				 "$3") " ORDER BY last_seen LIMIT $4) AS lately GROUP BY rule",
			 DB_VALS(V_TIME(since), SCOPE_VALS(scope), V_INT(INT64_C(1) << 40)), why);

	while (db_next(r))
		taker->fn(taker->ctx, db_text(r, 0), db_int(r, 1));
	return db_end(r, why);
}

bool alert_list_hits(struct db *db, const struct scope *scope, const char *list, int64_t *out,
		     struct err *why)
{
	return db_number(db,
			 "SELECT sum(count) FROM alerts WHERE list = $1 AND " IN_SCOPE(
				 "unit", "site", "$2", "$3"),
			 DB_VALS(V_Z(list), SCOPE_VALS(scope)), out, why);
}

/* --- the detail --- */

/* A text of the guide in both languages; where one lacks it the other stands for it. */
static void put_guide_text(struct jsonw *w, struct str vi, struct str en)
{
	if (vi.n == 0 && en.n == 0) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", vi.n > 0 ? vi : en);
	jsonw_kv_str(w, "en", en.n > 0 ? en : vi);
	jsonw_close(w, '}');
}

static void put_guide_list(struct jsonw *w, const struct json *vi, const struct json *en)
{
	size_t n = json_count(vi) > json_count(en) ? json_count(vi) : json_count(en);

	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		put_guide_text(w, json_str(json_at(vi, i)), json_str(json_at(en, i)));
	jsonw_close(w, ']');
}

static void put_guide(struct jsonw *w, const struct json *about)
{
	static const char *const texts[] = { "what", "why", "call" };
	static const char *const lists[] = { "check", "act" };
	const struct json *vi = json_get(json_get(about, "guide"), "vi");
	const struct json *en = json_get(json_get(about, "guide"), "en");

	jsonw_key(w, "guide");
	if (!json_is_object(vi) && !json_is_object(en)) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	for (size_t i = 0; i < COUNT(texts); i++) {
		jsonw_key(w, texts[i]);
		put_guide_text(w, json_get_str(vi, texts[i]), json_get_str(en, texts[i]));
	}
	for (size_t i = 0; i < COUNT(lists); i++) {
		jsonw_key(w, lists[i]);
		put_guide_list(w, json_get(vi, lists[i]), json_get(en, lists[i]));
	}
	jsonw_close(w, '}');
}

static bool put_history(struct db *db, struct str id, struct jsonw *w, struct err *why)
{
	struct db_rows *r = db_query(
		db,
		"SELECT h.at, coalesce(u.display_name, t.name, h.actor), h.act, h.detail_json,"
		" h.ledger FROM alert_history h LEFT JOIN users u ON h.actor = 'user:' || u.id"
		" LEFT JOIN tokens t ON h.actor = 'token:' || t.id WHERE h.alert = $1"
		" ORDER BY h.step",
		DB_VALS(V_TEXT(id)), why);

	jsonw_key(w, "history");
	jsonw_open(w, '[');
	while (db_next(r)) {
		jsonw_open(w, '{');
		jsonw_kv_time(w, "at", db_time(r, 0));
		jsonw_kv_str(w, "actor", db_text(r, 1));
		jsonw_kv_str(w, "act", db_text(r, 2));
		put_raw(w, "detail", db_text(r, 3));
		jsonw_key(w, "ledger");
		if (db_is_null(r, 4))
			jsonw_null(w);
		else
			jsonw_int(w, db_int(r, 4));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	return db_end(r, why);
}

static bool put_events(struct db *db, struct str id, struct jsonw *w, struct err *why)
{
	struct db_rows *r =
		db_query(db,
			 "SELECT event_json FROM alert_events WHERE alert = $1"
			 " AND event_json IS NOT NULL ORDER BY at, day, batch, n LIMIT $2",
			 DB_VALS(V_TEXT(id), V_INT(EVENTS_DETAIL)), why);

	jsonw_key(w, "events");
	jsonw_open(w, '[');
	while (db_next(r))
		jsonw_raw(w, db_text(r, 0));
	jsonw_close(w, ']');
	return db_end(r, why);
}

/* Item, guide and verdict, which stand in one row; the rule is kept in `a`. */
struct head_found {
	struct str rule;
	int64_t version;
};

static bool put_head(struct db_rows *r, struct arena *a, struct jsonw *w, struct head_found *out,
		     struct err *why)
{
	bool found = db_next(r);

	if (found) {
		struct json *about = about_of(r);

		put_members(r, about, w);
		put_guide(w, about);
		json_free(about);
		jsonw_kv_str(w, "verdict_reason", db_text(r, C_REASON));
		jsonw_kv_str(w, "verdict_action", db_text(r, C_ACTION));
		out->rule = db_keep(r, C_RULE, a);
		out->version = db_int(r, C_VERSION);
	}
	if (!db_end(r, why))
		return false;
	return found || err_set(why, ERR_ABSENT, 0, "no such alert");
}

bool alert_detail_put(struct db *db, struct arena a, const struct alert_ask *ask, struct jsonw *w,
		      int64_t *version, struct err *why)
{
	struct head_found head = { .version = 0 };
	struct str id = ask->id;
	char etag[32];

	jsonw_open(w, '{');
	bool ok = put_head(item_query(db, &ask->scope, id, why), &a, w, &head, why) &&
		  put_places(db, id, true, PLACES_DETAIL, w, why) &&
		  put_places(db, id, false, PLACES_DETAIL, w, why) && put_history(db, id, w, why) &&
		  put_events(db, id, w, why);
	if (!ok)
		return false;
	jsonw_key(w, "exception");
	if (!noisy_put(db, a, &ask->scope, head.rule, w, why))
		return false;
	*version = head.version;
	snprintf(etag, sizeof etag, "%jd", (intmax_t)head.version);
	jsonw_kv_str(w, "etag", str_of(etag));
	jsonw_close(w, '}');
	return true;
}
