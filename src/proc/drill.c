/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/drill.h"

#include "base/file.h"
#include "base/jsonw.h"
#include "proc/kept_list.h"
#include "state/list_row.h"
#include "state/state.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { SCENARIO_MAX = 1 << 20, REPEAT_MAX = 10000, LAST_MAX = 64 << 10 };
static const char setting[] = "exercise_last";

static void lock(const struct drill *d)
{
	if (d->lock != NULL)
		pthread_mutex_lock(d->lock);
}

static void unlock(const struct drill *d)
{
	if (d->lock != NULL)
		pthread_mutex_unlock(d->lock);
}

static struct str in_lang(const struct yml *title, enum lang lang)
{
	return yml_get_str(title, lang == LANG_VI ? "vi" : "en");
}

bool drill_load(struct drill *d, const char *path, struct err *why)
{
	struct str text;

	return file_load_given(&d->a, path, SCENARIO_MAX, &text, why) &&
	       yml_parse(&d->a, text, &d->scenario, why) &&
	       (d->scenario != NULL || err_set(why, ERR_INPUT, 0, "'%s' is empty", path));
}

struct str drill_title(const struct drill *d, enum lang lang)
{
	struct str title = in_lang(yml_get(d->scenario, "title"), lang);

	return title.p == NULL ? STR("") : title;
}

struct str drill_expected(const struct drill *d, size_t i, enum lang lang)
{
	return in_lang(yml_get(yml_at(yml_get(d->scenario, "expect"), i), "title"), lang);
}

/* --- beginning --- */

/* The invented control servers, on a list of their own while the exercise runs. */
static bool put_list(struct drill *d, struct err *why)
{
	struct list_row row = {
		.name = STR("diễn tập"),
		.kind = STR("c2"),
		.sha256 = STR("0000000000000000000000000000000000000000000000000000000000000000"),
		.types_json = STR("{}"),
		.imported_by = STR("canh"),
		.valid_from = TIME_NONE,
		.valid_until = time_now() + TIME_DAY,
		.imported = time_now()
	};
	struct buf keep = BUF(1 << 16);
	char path[4096];
	bool ok = true;

	for (const struct yml *v = yml_first(yml_get(d->scenario, "control_servers"));
	     ok && v != NULL; v = v->next) {
		struct indicator x;

		ok = indicator_parse(&d->a, yml_str(v), &x, why);
		if (ok)
			kept_list_put(&keep, &x, STR("diễn tập"), (uint64_t)++row.entries);
	}
	uuid_new(row.id);
	snprintf(path, sizeof path, "%s/lists/%s.list", d->data, row.id);
	row.size_bytes = (int64_t)keep.n;
	ok = ok && file_save(AT_FDCWD, path, buf_str(&keep), 0600, why) &&
	     list_row_add(d->db, &row, NULL, 0, d->who.actor, why);
	if (ok)
		snprintf(d->list, sizeof d->list, "%s", row.id);
	buf_free(&keep);
	return ok;
}

/* Hits of exercises by the rule `what` (or, for "list", by any list: an indicator has one alert,
 * whichever list names it), gathered into alerts so far. */
static bool hits_of(const struct drill *d, struct str what, int64_t *n, struct err *why)
{
	return db_number(d->db,
			 "SELECT coalesce(sum(count), 0) FROM alerts WHERE exercise = 1"
			 " AND CASE rule_kind WHEN 'indicator' THEN $1 ELSE rule = $2 END",
			 DB_VALS(V_INT(str_eq(what, STR("list"))), V_TEXT(what)), n, why);
}

static bool note_before(struct drill *d, struct err *why)
{
	const struct yml *e = yml_first(yml_get(d->scenario, "expect"));

	for (d->result.expected = 0; e != NULL; e = e->next) {
		if (d->result.expected == DRILL_EXPECT_MAX)
			return err_set(why, ERR_INPUT, e->line, "the scenario is too long");
		if (!hits_of(d, yml_get_str(e, "what"), &d->before[d->result.expected++], why))
			return false;
	}
	return true;
}

bool drill_begin(struct drill *d, struct err *why)
{
	d->begin = time_now();
	const struct exercise_plan plan = { yml_get_str(d->scenario, "id"), d->begin,
					    d->begin + TIME_HOUR };
	char id[UUID_MAX];

	lock(d);
	bool ok = note_before(d, why) && exercise_begin(d->db, &d->who, &plan, id, why);
	if (ok) {
		memcpy(d->id, id, sizeof d->id);
		ok = put_list(d, why);
	}
	unlock(d);
	return ok;
}

/* --- its events --- */

/* The event with its time and the number of the exercise put in front. */
static bool put_event(struct drill *d, struct str event, int64_t at, struct buf *body,
		      struct err *why)
{
	char time[TIME_TEXT_MAX];

	event = str_trim(event);
	if (event.n < 2 || event.p[0] != '{' || event.p[event.n - 1] != '}')
		return err_set(why, ERR_INPUT, 0, "an event of the scenario is no JSON object");
	buf_printf(body, "{\"@timestamp\":\"%s\",\"canh.exercise\":\"%s\",", time_rfc3339(at, time),
		   d->id);
	buf_add(body, str_skip(event, 1));
	buf_char(body, '\n');
	d->result.events++;
	return true;
}

bool drill_events(struct drill *d, struct buf *body, struct err *why)
{
	const struct yml *events = yml_get(d->scenario, "events");

	for (const struct yml *e = yml_first(events); e != NULL; e = e->next) {
		int64_t after = 0, every = 0, repeat = 1;

		if (!time_parse_span(yml_get_str(e, "after"), &after) ||
		    (yml_get(e, "every") != NULL &&
		     !time_parse_span(yml_get_str(e, "every"), &every)) ||
		    (yml_get(e, "repeat") != NULL && !yml_int(yml_get(e, "repeat"), &repeat)) ||
		    repeat < 1 || repeat > REPEAT_MAX)
			return err_set(why, ERR_INPUT, e->line,
				       "line %u of the scenario: bad time or number", e->line);
		for (int64_t i = 0; i < repeat; i++)
			if (!put_event(d, yml_get_str(e, "event"), d->begin + after + i * every,
				       body, why))
				return false;
	}
	return !body->full || err_set(why, ERR_LIMIT, 0, "the scenario is too long");
}

/* --- what became of it --- */

static bool look(struct drill *d, struct err *why)
{
	const struct yml *e = yml_first(yml_get(d->scenario, "expect"));

	d->result.found = 0;
	for (size_t i = 0; e != NULL; e = e->next, i++) {
		int64_t n;

		if (!hits_of(d, yml_get_str(e, "what"), &n, why))
			return false;
		d->found[i] = n > d->before[i];
		d->result.found += d->found[i];
	}
	return true;
}

bool drill_look(struct drill *d, struct err *why)
{
	lock(d);
	bool ok = look(d, why);
	unlock(d);
	return ok && (d->result.found == d->result.expected ||
		      err_set(why, ERR_STATE, 0, "not everything that was played was found"));
}

static void put_both(struct jsonw *w, const char *key, struct str vi, struct str en)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", vi);
	jsonw_kv_str(w, "en", en);
	jsonw_close(w, '}');
}

static void put_last(const struct drill *d, bool played, struct jsonw *w)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(d->id));
	jsonw_kv_str(w, "scenario", yml_get_str(d->scenario, "id"));
	put_both(w, "title", drill_title(d, LANG_VI), drill_title(d, LANG_EN));
	jsonw_kv_time(w, "begun", d->begin);
	jsonw_kv_time(w, "ended", time_now());
	jsonw_kv_bool(w, "played", played);
	jsonw_kv_int(w, "events", d->result.events);
	jsonw_key(w, "expected");
	jsonw_open(w, '[');
	for (size_t i = 0; i < (size_t)d->result.expected; i++) {
		jsonw_open(w, '{');
		put_both(w, "title", drill_expected(d, i, LANG_VI), drill_expected(d, i, LANG_EN));
		jsonw_kv_bool(w, "found", played && d->found[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static bool keep_last(const struct drill *d, bool played, struct err *why)
{
	struct buf b = BUF(LAST_MAX);
	struct jsonw w = { .out = &b };

	put_last(d, played, &w);
	bool ok = b.full ? err_set(why, ERR_LIMIT, 0, "the scenario is too long")
			 : state_setting_put(d->db, setting, buf_str(&b), d->who.actor, why);
	buf_free(&b);
	return ok;
}

/* Each step is tried, whatever becomes of the others; *why is of the first that failed. */
bool drill_end(struct drill *d, bool played, struct err *why)
{
	struct err first = { 0 }, *w = &first;
	char path[4096];

	lock(d);
	if (d->id[0] != '\0') {
		if (!exercise_end(d->db, &d->who, str_of(d->id), played ? &d->result : NULL, w))
			w = NULL;
		if (!keep_last(d, played, w))
			w = NULL;
	}
	if (d->list[0] != '\0' && !list_row_remove(d->db, str_of(d->list), d->who.actor, w))
		w = NULL;
	unlock(d);
	if (d->list[0] != '\0') {
		snprintf(path, sizeof path, "%s/lists/%s.list", d->data, d->list);
		unlink(path);
	}
	d->id[0] = d->list[0] = '\0';
	if (w == NULL && why != NULL)
		*why = first;
	return w != NULL;
}

bool drill_last(struct db *db, struct arena *a, struct str *out, struct err *why)
{
	return state_setting(db, a, setting, out, why);
}
