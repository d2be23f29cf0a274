/* SPDX-License-Identifier: Apache-2.0 */
/* board.c - the tiles, each by a row of the table at the end; what has no room yet is unknown. */
#include "govern/board.h"

#include "govern/board_int.h"
#include "govern/look_int.h"
#include "govern/metrics_int.h"
#include "state/hold_row.h"
#include "state/ledger.h"
#include "state/state.h"

enum { LIVE_MAX = 64 << 20, SETTING_MAX = 4096, ADDRESSES_MAX = 20 };
#define WITNESS_LATE (5 * TIME_MINUTE) /* one that lives asks, or is written to, every minute */

/* --- the unit --- */

static bool put_part(struct board *b)
{
	struct db_rows *r = db_query(b->db, "SELECT name FROM units WHERE id = $1",
				     DB_VALS(V_Z(b->unit)), b->why);

	jsonw_kv_str(b->w, "unit", db_next(r) ? db_text(r, 0) : (struct str){ NULL, 0 });
	return db_end(r, b->why);
}

static bool put_unit(struct board *b)
{
	struct arena scratch = b->a;
	struct str name;

	if (!scope_is_whole(&b->scope))
		return put_part(b);
	if (!state_setting(b->db, &scratch, "unit_name", &name, b->why))
		return false;
	jsonw_key(b->w, "unit");
	if (name.n > 0)
		jsonw_raw(b->w, name);
	else
		jsonw_null(b->w);
	return true;
}

/* --- measures --- */

static void note_failed(struct board *b, const struct measure *m, const struct result *r)
{
	if (r->verdict != V_FAILED || b->n_failed == BOARD_TASKS)
		return;
	b->failed[b->n_failed] = m;
	b->failed_why[b->n_failed].vi = arena_str(&b->a, r->reason.vi);
	b->failed_why[b->n_failed++].en = arena_str(&b->a, r->reason.en);
}

static bool put_items(struct board *b, size_t counts[VERDICTS])
{
	jsonw_key(b->w, "items");
	jsonw_open(b->w, '[');
	for (size_t i = 0; i < b->d->n_measures; i++) {
		const struct subject s = {
			b->db, b->unit, b->d, &b->d->measures[i], b->now, b->part
		};
		struct arena scratch = b->a;
		struct attestation by;
		struct result r;

		if (!result_shown(&s, &scratch, &r, &by, b->why))
			return false;
		measure_put(b->w, &b->d->measures[i], &r, &by, b->now, false);
		counts[r.verdict]++;
		/* Its text lies in the scratch that is given back now. */
		if (r.verdict == V_FAILED) {
			b->a = scratch;
			note_failed(b, &b->d->measures[i], &r);
		}
	}
	jsonw_close(b->w, ']');
	return true;
}

static bool put_measures(struct board *b)
{
	size_t counts[VERDICTS] = { 0 };

	if (b->d == NULL) {
		unknown_put(b->w, "measures", MSG_ID("no dispatch is loaded"));
		return true;
	}
	jsonw_key(b->w, "measures");
	jsonw_open(b->w, '{');
	jsonw_key(b->w, "directive");
	jsonw_open(b->w, '{');
	jsonw_kv_str(b->w, "id", b->d->id);
	jsonw_kv_str(b->w, "number", b->d->number);
	jsonw_kv_str(b->w, "symbol", b->d->symbol);
	jsonw_close(b->w, '}');
	if (!put_items(b, counts))
		return false;
	jsonw_key(b->w, "counts");
	jsonw_open(b->w, '{');
	for (size_t i = 0; i < VERDICTS; i++)
		jsonw_kv_int(b->w, verdict_names[i], (int64_t)counts[i]);
	jsonw_close(b->w, '}');
	jsonw_close(b->w, '}');
	return true;
}

static void put_day(struct jsonw *w, const char *key, int64_t t)
{
	char text[TIME_TEXT_MAX];

	jsonw_kv_str(w, key, t == TIME_NONE ? (struct str){ NULL, 0 } : str_of(time_date(t, text)));
}

static bool put_slip(struct board *b)
{
	if (b->d == NULL) {
		unknown_put(b->w, "slip", MSG_ID("no dispatch is loaded"));
		return true;
	}
	struct str presented = slip_value(b->d, "presented_on"), due = slip_value(b->d, "DueDate");
	bool both = b->d->arrived != TIME_NONE;

	jsonw_key(b->w, "slip");
	jsonw_open(b->w, '{');
	put_day(b->w, "issued", b->d->issued);
	put_day(b->w, "arrived", b->d->arrived);
	jsonw_kv_known(b->w, "days_issued_to_arrived", both,
		       both ? (b->d->arrived - b->d->issued) / TIME_DAY : 0);
	jsonw_kv_str(b->w, "presented", presented.n > 0 ? presented : (struct str){ NULL, 0 });
	jsonw_kv_str(b->w, "due", due.n > 0 ? due : (struct str){ NULL, 0 });
	jsonw_close(b->w, '}');
	return true;
}

/* --- alerts --- */

bool board_put_control(struct board *b, const char *key, bool rules)
{
	struct db_rows *r = db_query(b->db,
				     "SELECT max(passed), max(failed) FROM control_tests"
				     " WHERE (kind = 'rules') = $1",
				     DB_VALS(V_INT(rules)), b->why);
	int64_t passed = TIME_NONE, failed = TIME_NONE;

	if (db_next(r)) {
		passed = db_time(r, 0);
		failed = db_time(r, 1);
	}
	if (!db_end(r, b->why))
		return false;
	jsonw_key(b->w, key);
	if (passed == TIME_NONE && failed == TIME_NONE) {
		jsonw_null(b->w);
		return true;
	}
	jsonw_open(b->w, '{');
	jsonw_kv_time(b->w, "at", passed > failed ? passed : failed);
	jsonw_kv_bool(b->w, "passed", passed > failed);
	jsonw_close(b->w, '}');
	return true;
}

static bool put_severities(struct board *b, int64_t *open)
{
	struct db_rows *r = db_query(b->db,
				     "SELECT severity, sum(n) FROM alert_counts"
				     " WHERE state <> 'handled' AND exercise = 0 AND " IN_SCOPE(
					     "unit", "site", "$1", "$2") " GROUP BY severity",
				     DB_VALS(SCOPE_VALS(&b->scope)), b->why);

	*open = 0;
	jsonw_key(b->w, "by_severity");
	jsonw_open(b->w, '{');
	while (db_next(r)) {
		jsonw_key_str(b->w, db_text(r, 0));
		jsonw_int(b->w, db_int(r, 1));
		*open += db_int(r, 1);
	}
	jsonw_close(b->w, '}');
	return db_end(r, b->why);
}

static bool put_oldest(struct board *b)
{
	struct db_rows *r = board_urgent(b, 1);

	jsonw_key(b->w, "oldest");
	if (db_next(r)) {
		jsonw_open(b->w, '{');
		jsonw_kv_str(b->w, "id", db_text(r, 0));
		jsonw_kv_time(b->w, "due", db_int(r, 1));
		both_put(b->w, "title", (struct both){ db_text(r, 2), db_text(r, 3) });
		jsonw_kv_str(b->w, "severity", db_text(r, 5));
		jsonw_close(b->w, '}');
	} else {
		jsonw_null(b->w);
	}
	return db_end(r, b->why);
}

static bool put_alerts(struct board *b)
{
	int64_t overdue, open;

	if (!alerts_overdue(b->db, &b->scope, b->now, &overdue, b->why))
		return false;
	jsonw_key(b->w, "alerts");
	jsonw_open(b->w, '{');
	jsonw_kv_int(b->w, "overdue", overdue);
	if (!put_severities(b, &open) || !put_oldest(b) || !board_put_control(b, "control", true))
		return false;
	jsonw_kv_int(b->w, "open", open);
	jsonw_close(b->w, '}');
	return true;
}

/* --- own addresses --- */

static bool put_addresses(struct board *b, int64_t *n)
{
	struct db_rows *r = db_query(
		b->db,
		"SELECT DISTINCT value FROM own_findings WHERE closed IS NULL ORDER BY value", NULL,
		0, b->why);

	jsonw_key(b->w, "addresses");
	jsonw_open(b->w, '[');
	for (*n = 0; db_next(r); ++*n)
		if (*n < ADDRESSES_MAX)
			jsonw_str(b->w, db_text(r, 0));
	jsonw_close(b->w, ']');
	return db_end(r, b->why);
}

static bool put_own(struct board *b)
{
	struct national_list list;
	int64_t n;

	if (!scope_is_whole(&b->scope)) {
		unknown_put(
			b->w, "own_addresses",
			MSG_ID("known for all units together; your role is for a part of them"));
		return true;
	}
	if (!national_list_get(b->db, &list, b->why))
		return false;
	if (list.id[0] == '\0')
		unknown_put(b->w, "own_addresses",
			    MSG_ID("no list of infected addresses has been imported"));
	else if (list.checked == TIME_NONE)
		unknown_put(b->w, "own_addresses",
			    MSG_ID("the list was not yet held against the own addresses"));
	else if (list.ranges == 0)
		unknown_put(b->w, "own_addresses",
			    MSG_ID("the own public ranges are not declared"));
	else {
		jsonw_key(b->w, "own_addresses");
		jsonw_open(b->w, '{');
		jsonw_kv_str(b->w, "list", str_of(list.name));
		jsonw_kv_str(b->w, "month",
			     list.month[0] ? str_of(list.month) : (struct str){ NULL, 0 });
		jsonw_kv_time(b->w, "checked", list.checked);
		if (!put_addresses(b, &n))
			return false;
		jsonw_kv_int(b->w, "open", n);
		jsonw_close(b->w, '}');
	}
	return true;
}

/* --- canh itself --- */

/* The beginning of the day in UTC+7, in minutes. */
static int64_t day_begin_minute(int64_t now)
{
	int64_t local = now + 7 * TIME_HOUR;

	return (local - local % TIME_DAY - 7 * TIME_HOUR) / TIME_MINUTE;
}

/* Of the last seven days, as measure 1.b looks at them. */
static bool put_unhunted(struct board *b, bool known)
{
	int64_t n;

	if (!db_number(b->db,
		       "SELECT count(*) FROM blind_minutes WHERE minute > $1 AND hunted IS NULL",
		       DB_VALS(V_INT((b->now - 7 * TIME_DAY) / TIME_MINUTE)), &n, b->why))
		return false;
	jsonw_kv_known(b->w, "blind_unhunted", known, n);
	return true;
}

/* "blind_last": {"at", "reason"} of the last blind minute of those days, or null. */
static bool put_last_blind(struct board *b)
{
	struct db_rows *r = db_query(b->db,
				     "SELECT minute, reason FROM blind_minutes WHERE minute > $1"
				     " ORDER BY minute DESC LIMIT 1",
				     DB_VALS(V_INT((b->now - 7 * TIME_DAY) / TIME_MINUTE)), b->why);

	jsonw_key(b->w, "blind_last");
	if (db_next(r)) {
		jsonw_open(b->w, '{');
		jsonw_kv_time(b->w, "at", db_int(r, 0) * TIME_MINUTE);
		jsonw_kv_str(b->w, "reason", db_text(r, 1));
		jsonw_close(b->w, '}');
	} else {
		jsonw_null(b->w);
	}
	return db_end(r, b->why);
}

static bool put_blind(struct board *b)
{
	int64_t since, at, n;

	if (!blind_span(b->db, b->a, &since, &at, b->why) ||
	    !db_number(b->db, "SELECT count(*) FROM blind_minutes WHERE minute >= $1",
		       DB_VALS(V_INT(day_begin_minute(b->now))), &n, b->why))
		return false;
	jsonw_kv_known(b->w, "blind_minutes_today", since > 0, n);
	return put_unhunted(b, since > 0) && put_last_blind(b);
}

/* Those that were ever named or asked, but for tokens that were taken back and files that the settings
 * name no more. */
struct witnesses {
	int64_t n, heard, newest; /* newest: when a head was handed over last; 0: never */
};

static bool count_witnesses(struct board *b, struct str file, struct witnesses *out)
{
	struct db_rows *r = db_query(
		b->db,
		"SELECT max(CASE WHEN ok = 1 THEN at ELSE 0 END) FROM witness_heads w"
		" WHERE NOT EXISTS (SELECT 1 FROM tokens t WHERE w.target = 'token:' || t.id"
		" AND t.revoked IS NOT NULL) AND (w.target NOT LIKE '/%' OR w.target = $1)"
		" GROUP BY target",
		DB_VALS(V_TEXT(file)), b->why);

	*out = (struct witnesses){ .n = 0 };
	while (db_next(r)) {
		int64_t at = db_int(r, 0);

		out->n++;
		out->heard += b->now - at <= WITNESS_LATE;
		out->newest = at > out->newest ? at : out->newest;
	}
	return db_end(r, b->why);
}

static bool put_witness(struct board *b)
{
	struct str file = json_get_str(json_get(b->live, "self"), "witness_file");
	struct witnesses w;

	if (!count_witnesses(b, file.p == NULL ? STR("") : file, &w))
		return false;
	bool named = w.n > 0 || file.n > 0;
	jsonw_kv_known(b->w, "witness_age_s", w.newest > 0, (b->now - w.newest) / TIME_SECOND);
	jsonw_key(b->w, "witness");
	jsonw_open(b->w, '{');
	jsonw_kv_str(b->w, "state",
		     !named          ? STR("none")
		     : w.newest == 0 ? STR("asked")
		     : w.heard < w.n ? STR("silent")
				     : STR("heard"));
	jsonw_kv_int(b->w, "of", w.n);
	jsonw_kv_int(b->w, "heard", w.heard);
	jsonw_kv_known(b->w, "age_s", w.newest > 0, (b->now - w.newest) / TIME_SECOND);
	jsonw_close(b->w, '}');
	return true;
}

/* Days that retention took out of the store: how many, and the last. */
static bool put_removed(struct board *b)
{
	static const char kind[] = "store.gone";
	const struct ledger_wish wish = {
		.kind = str_of(kind), .from = TIME_NONE, .to = TIME_NONE, .most = 1
	};
	struct arena scratch = b->a;
	struct ledger_entry *e;
	struct json *body = NULL;
	int64_t days, v;
	size_t n;

	if (!db_number(b->db, "SELECT count(*) FROM ledger_entries WHERE kind = $1",
		       DB_VALS(V_Z(kind)), &days, b->why) ||
	    !ledger_list(b->db, &scratch, &wish, &e, &n, b->why))
		return false;
	jsonw_key(b->w, "removed");
	if (n == 0 || !json_parse(e[0].body, LEDGER_BODY_MAX, &body, NULL)) {
		jsonw_null(b->w);
		return true;
	}
	jsonw_open(b->w, '{');
	jsonw_kv_int(b->w, "days", days);
	jsonw_kv_str(b->w, "last", json_get_str(body, "day"));
	jsonw_kv_time(b->w, "at", e[0].observed);
	jsonw_kv_int(b->w, "records", json_int(json_get(body, "records"), &v) ? v : 0);
	jsonw_kv_int(b->w, "bytes", json_int(json_get(body, "bytes"), &v) ? v : 0);
	jsonw_kv_str(b->w, "why", json_get_str(body, "why"));
	jsonw_close(b->w, '}');
	json_free(body);
	return true;
}

/* Days of the store that may not go because of a case; null to a role over a part, which sees no holds. */
static bool put_held(struct board *b)
{
	int64_t days, holds;

	jsonw_key(b->w, "held");
	if (!scope_is_whole(&b->scope)) {
		jsonw_null(b->w);
		return true;
	}
	if (!hold_days_held(b->db, b->now, &days, &holds, b->why))
		return false;
	jsonw_open(b->w, '{');
	jsonw_kv_int(b->w, "days", days);
	jsonw_kv_int(b->w, "holds", holds);
	jsonw_close(b->w, '}');
	return true;
}

static void put_rules(struct board *b, const struct json *rules)
{
	static const char *const keys[] = { "can_fire", "loaded", "refused", "evicted_groups",
					    "evicted_matches" };
	int64_t v;

	jsonw_key(b->w, "rules");
	if (!json_is_object(rules)) {
		jsonw_null(b->w);
		return;
	}
	jsonw_open(b->w, '{');
	for (size_t i = 0; i < COUNT(keys); i++) {
		bool known = json_int(json_get(rules, keys[i]), &v);

		jsonw_kv_known(b->w, keys[i], known, known ? v : 0);
	}
	jsonw_close(b->w, '}');
}

static void put_sandbox(struct board *b, const struct json *s)
{
	int64_t abi = 0;

	jsonw_key(b->w, "sandbox");
	if (!json_int(json_get(s, "landlock_abi"), &abi)) {
		jsonw_null(b->w);
		return;
	}
	jsonw_open(b->w, '{');
	jsonw_kv_int(b->w, "landlock_abi", abi);
	jsonw_kv_bool(b->w, "seccomp", json_bool(json_get(s, "seccomp"), false));
	jsonw_close(b->w, '}');
}

/* How often processes had to be started again, and why the last time. */
static void put_restarts(struct board *b, const struct json *all)
{
	static const char *const texts[] = { "process", "state", "last_at", "how" };

	jsonw_key(b->w, "restarts");
	jsonw_open(b->w, '[');
	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *one = json_at(all, i);
		int64_t n = 0;
		bool known = json_int(json_get(one, "count"), &n);

		jsonw_open(b->w, '{');
		for (size_t k = 0; k < COUNT(texts); k++)
			jsonw_kv_str(b->w, texts[k], json_get_str(one, texts[k]));
		jsonw_kv_known(b->w, "count", known, n);
		jsonw_close(b->w, '}');
	}
	jsonw_close(b->w, ']');
}

/* Of HTTPS: whose, until when. */
static void put_certificate(struct board *b, const struct json *c)
{
	int64_t days;

	jsonw_key(b->w, "certificate");
	if (!json_int(json_get(c, "days_left"), &days)) {
		jsonw_null(b->w);
		return;
	}
	jsonw_open(b->w, '{');
	jsonw_kv_bool(b->w, "own", json_bool(json_get(c, "own"), false));
	jsonw_kv_str(b->w, "expires_at", json_get_str(c, "expires_at"));
	jsonw_kv_int(b->w, "days_left", days);
	jsonw_close(b->w, '}');
}

static bool put_self(struct board *b)
{
	static const char *const numbers[] = { "disk_free_bytes", "disk_days", "backup_age_s" };
	const struct json *self = json_get(b->live, "self");
	int64_t v = 0, aside = 0;

	jsonw_key(b->w, "self");
	jsonw_open(b->w, '{');
	if (!put_blind(b) || !put_witness(b) || !put_removed(b) || !put_held(b))
		return false;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		bool known = json_int(json_get(self, numbers[i]), &v);

		jsonw_kv_known(b->w, numbers[i], known, v);
	}
	put_rules(b, json_get(self, "rules"));
	put_sandbox(b, json_get(self, "sandbox"));
	put_restarts(b, json_get(self, "restarts"));
	put_certificate(b, json_get(self, "certificate"));
	bool told = json_int(json_get(json_get(self, "aside"), "last_24h"), &aside);
	jsonw_kv_known(b->w, "aside_24h", told, aside);
	jsonw_close(b->w, '}');
	return true;
}

/* --- all --- */

static const struct {
	const char *key;
	bool (*put)(struct board *b); /* NULL: unknown, for `reason` */
	const char *reason;
} tiles[] = {
	{ "unit", put_unit, NULL },
	{ "duty", board_duty, NULL },
	{ "measures", put_measures, NULL },
	{ "slip", put_slip, NULL },
	{ "tasks", board_put_tasks, NULL },
	{ "alerts", put_alerts, NULL },
	{ "machines", board_machines, NULL },
	{ "own_addresses", put_own, NULL },
	{ "letters", NULL, MSG_ID("there is no data on software versions yet") },
	{ "sources", board_sources, NULL },
	{ "self", put_self, NULL },
	{ "links", NULL, MSG_ID("there are no receipts of links yet") },
	{ "notices", board_notices, NULL },
	{ "incidents", NULL, MSG_ID("there are no incident cases yet") },
	{ "people", NULL, MSG_ID("there is no staff list yet") },
};

static bool put_all(struct board *b)
{
	jsonw_open(b->w, '{');
	jsonw_kv_time(b->w, "at", b->now);
	for (size_t i = 0; i < COUNT(tiles); i++) {
		if (tiles[i].put == NULL)
			unknown_put(b->w, tiles[i].key, tiles[i].reason);
		else if (!tiles[i].put(b))
			return false;
	}
	jsonw_close(b->w, '}');
	return true;
}

bool board_put(const struct govern_view *v, const struct directive *d,
	       const struct live_facts *live, struct jsonw *w, struct err *why)
{
	struct board b = {
		.db = v->db, .a = v->a, .d = d, .now = v->now, .w = w, .why = why, .scope = v->scope
	};
	struct json *facts = NULL;

	if (live->json.n > 0 && !json_parse(live->json, LIVE_MAX, &facts, why))
		return false;
	b.live = facts;
	struct govern_view seen = *v;
	struct view_look l;

	seen.live = *live;
	bool ok = view_look_begin(&l, &seen, d, why);

	memcpy(b.unit, l.unit, sizeof b.unit);
	b.part = l.part;
	ok = ok && put_all(&b);
	view_look_end(&l);

	json_free(facts);
	return ok;
}
