/* SPDX-License-Identifier: Apache-2.0 */
#include "respond/gather.h"

#include "respond/alert_int.h"

#include <stdio.h>

/* Of an alert's hits: rows kept, rows with the fields, rows with the whole event. */
enum { KEEP_ROWS = 1000, KEEP_FIELDS = 500, KEEP_EVENTS = 20, KEY_MAX = 640 };
enum { MAX_JOINED_STEPS = 50, MAX_PLACES = 5000 };

/* --- what it is called --- */

/* A title by kind of list: one value, and all of its day: what was only named, in mail or in a text of
 * which no reader can say that it was a connection. */
static const struct {
	const char *kind, *one, *all;
} titles[] = {
	{ "c2", MSG_ID("Contact with control server %.*s (list '%.*s')"),
	  MSG_ID("Mail or logs name control servers of list '%.*s'") },
	{ "attacker", MSG_ID("Success from attacking address %.*s (list '%.*s')"),
	  MSG_ID("Activity of attacking addresses of list '%.*s'") },
	{ "phishing", MSG_ID("Contact with phishing site %.*s (list '%.*s')"),
	  MSG_ID("Mail or logs name phishing sites or senders of list '%.*s'") },
	{ "", MSG_ID("%.*s is on list '%.*s'"), MSG_ID("Values of list '%.*s' were seen") },
};

static struct str list_title(struct arena *a, enum lang lang, const struct gather_hit *h)
{
	struct str kind = json_get_str(h->about, "list_kind"),
		   name = json_get_str(h->about, "name");
	size_t i = 0;

	while (i < COUNT(titles) - 1 && !str_eq(kind, str_of(titles[i].kind)))
		i++;
	if (h->group)
		return arena_printf(a, msg_in(lang, titles[i].all), STR_ARG(name));
	return arena_printf(a, msg_in(lang, titles[i].one), STR_ARG(h->indicator_value),
			    STR_ARG(name));
}

static struct str rule_title(const struct gather_hit *h, enum lang lang)
{
	struct str vi = json_get_str(h->about, "title_vi"), en = json_get_str(h->about, "title");

	if (lang == LANG_VI && vi.n > 0)
		return vi;
	return en.n > 0 ? en : h->id;
}

static struct str tags_of(struct arena *a, const struct json *about)
{
	const struct json *tags = json_get(about, "tags");
	struct buf b = BUF(65536);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '[');
	for (size_t i = 0; i < json_count(tags); i++)
		jsonw_str(&w, json_str(json_at(tags, i)));
	jsonw_close(&w, ']');
	struct str kept = b.full ? arena_str(a, STR("[]")) : arena_str(a, buf_str(&b));
	buf_free(&b);
	return kept;
}

/* "UNIT/SITE " unless it is our own unit as a whole. */
static bool home_mark(struct db *db, const struct home *h, char out[2 * UUID_MAX + 2],
		      struct err *why)
{
	struct scope s;

	if (!scope_of_home(db, h, &s, why))
		return false;
	out[0] = '\0';
	if (!scope_is_whole(&s))
		snprintf(out, 2 * UUID_MAX + 2, "%s/%s ", h->unit, h->site);
	return true;
}

/* The severity is part of it: what is worse than what was looked at is an alert of its own. */
static struct str key_of(struct arena *a, const char *home, const struct gather_hit *h)
{
	const char *mark = h->exercise ? "exercise " : "", *level = severity_names[h->severity].p;
	struct str kind = json_get_str(h->about, "list_kind");

	if (h->group)
		return arena_printf(a, "%s%s%s %s:%.*s:%.*s", home, mark, level,
				    h->indicator ? "list" : "rule", STR_ARG(h->id),
				    STR_ARG(h->day));
	if (h->indicator)
		return arena_printf(a, "%s%s%s value:%.*s:%.*s", home, mark, level, STR_ARG(kind),
				    STR_ARG(str_sub(h->indicator_value, 0, KEY_MAX)));
	return arena_printf(a, "%s%s%s rule:%.*s", home, mark, level, STR_ARG(h->id));
}

/* --- a new alert, or one that is open --- */

static bool open_new(const struct gathering *g, const struct gather_hit *h, struct str key,
		     struct alert_row *row, struct err *why)
{
	struct arena scratch = g->scratch;
	struct str vi = h->indicator ? list_title(&scratch, LANG_VI, h) : rule_title(h, LANG_VI);
	struct str en = h->indicator ? list_title(&scratch, LANG_EN, h) : rule_title(h, LANG_EN);
	struct str tags = tags_of(&scratch, h->about);
	struct str name = json_get_str(h->about, h->indicator ? "name" : "title");

	if (vi.p == NULL || en.p == NULL || tags.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for an alert");
	const struct alert_new in = {
		.group_key = key,
		.title_vi = vi,
		.title_en = en,
		.rule = h->id,
		.rule_title = name.n > 0 ? name : h->id,
		.rule_level = severity_names[h->severity],
		.rule_kind = h->indicator ? STR("indicator") : STR("sigma"),
		.tags_json = tags,
		.matched = str_sub(h->matched, 0, 4096),
		.indicator = h->indicator_value,
		.indicator_type = h->type,
		.list = h->indicator ? h->id : (struct str){ NULL, 0 },
		.about_json = h->about_json,
		.event_json = h->event_json,
		.channel = STR("rule"),
		.severity = h->severity,
		.exercise = h->exercise,
		.first_seen = h->time,
		.last_seen = h->time,
		.now = g->now,
		.actor = "canh",
		.clocks = g->clocks,
		.home = &h->home,
	};

	return alert_open(g->db, scratch, &in, row, why);
}

static bool known_place(struct db *db, const char *alert, const char *kind, struct str value,
			bool *out, struct err *why)
{
	int64_t n;

	if (!db_number(db,
		       "SELECT count(*) FROM alert_places WHERE alert = $1 AND kind = $2"
		       " AND value = $3",
		       DB_VALS(V_Z(alert), V_Z(kind), V_TEXT(str_sub(value, 0, 255))), &n, why))
		return false;
	*out = n > 0;
	return true;
}

/* Are all hosts of the hit known to the alert; where it tells none, all its addresses? */
static bool all_known(struct db *db, const char *alert, const struct gather_hit *h, bool *out,
		      struct err *why)
{
	bool hosts = h->n_hosts > 0;
	size_t n = hosts ? h->n_hosts : h->n_addresses;

	*out = true;
	for (size_t i = 0; *out && i < n; i++)
		if (!known_place(db, alert, hosts ? "host" : "address",
				 hosts ? h->hosts[i] : h->addresses[i], out, why))
			return false;
	return true;
}

/*
 * Does the alert take the hit? An open one within the gathering time; one that has its verdict only
 * from where the verdict was about: what happens on another machine is a matter of its own.
 */
static bool takes(const struct gathering *g, const struct alert_row *row,
		  const struct gather_hit *h, bool *out, struct err *why)
{
	int64_t gather = g->clocks != NULL ? g->clocks->gather : TIME_DAY;

	*out = false;
	if (row->state == AS_HANDLED || (!h->group && h->time > row->last_seen + gather))
		return true;
	*out = true;
	if (row->state == AS_TRUE || row->state == AS_FALSE)
		return all_known(g->db, row->id, h, out, why);
	return true;
}

static bool find_open(const struct gathering *g, const struct gather_hit *h, struct str key,
		      struct alert_row *row, bool *found, struct err *why)
{
	struct err none = { .kind = ERR_NONE };

	*found = false;
	if (alert_row_newest(g->db, key, row, &none))
		return takes(g, row, h, found, why);
	if (none.kind == ERR_ABSENT)
		return true;
	if (why != NULL)
		*why = none;
	return false;
}

/* --- what it brings --- */

/* Somebody looked already: say that it has come further. */
static bool say_joined(struct db *db, const struct alert_row *row, struct str host, int64_t now,
		       struct err *why)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };
	int64_t steps;

	if (!db_number(db, "SELECT count(*) FROM alert_history WHERE alert = $1 AND act = 'joined'",
		       DB_VALS(V_Z(row->id)), &steps, why))
		return false;
	if (steps >= MAX_JOINED_STEPS)
		return true;
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "host", str_sub(host, 0, 255));
	jsonw_close(&w, '}');
	const struct ledger_field field = F_TEXT("host", str_sub(host, 0, 255));
	const struct alert_step step = { "joined", "canh", now, buf_str(&b), &field, 1 };
	bool ok = alert_step_put(db, row, &step, why);

	buf_free(&b);
	return ok;
}

static bool put_hosts(const struct gathering *g, const struct alert_row *row,
		      const struct gather_hit *h, bool looked, struct err *why)
{
	for (size_t i = 0; i < h->n_hosts; i++) {
		const struct place p = { row->id, "host", h->hosts[i], h->time };
		bool fresh;

		if (!alert_place(g->db, g->scratch, &p, &fresh, why))
			return false;
		if (fresh && looked && !say_joined(g->db, row, h->hosts[i], g->now, why))
			return false;
	}
	return true;
}

static bool put_addresses(const struct gathering *g, const struct alert_row *row,
			  const struct gather_hit *h, struct err *why)
{
	for (size_t i = 0; i < h->n_addresses; i++) {
		const struct place p = { row->id, "address", h->addresses[i], h->time };
		bool fresh;

		if (!alert_place(g->db, g->scratch, &p, &fresh, why))
			return false;
	}
	return true;
}

static bool put_event(struct db *db, const struct alert_row *row, const struct gather_hit *h,
		      struct err *why)
{
	bool fields = h->fields_json.n > 0 && row->count <= KEEP_FIELDS;
	bool event = h->event_json.n > 0 && row->count <= KEEP_EVENTS;

	if (row->count > KEEP_ROWS)
		return true;
	return db_run(db,
		      "INSERT INTO alert_events (alert, day, batch, n, event, at, event_json, rule,"
		      " fields_json) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		      DB_VALS(V_Z(row->id), V_TEXT(h->day), V_INT(h->batch), V_INT(h->n),
			      V_TEXT(h->event.p ? h->event : STR("")), V_TIME(h->time),
			      event ? V_TEXT(h->event_json) : V_NULL, V_TEXT(h->id),
			      fields ? V_TEXT(h->fields_json) : V_NULL),
		      why);
}

static bool join(struct db *db, struct alert_row *row, const struct gather_hit *h, int64_t now,
		 struct err *why)
{
	row->count++;
	if (h->time > row->last_seen)
		row->last_seen = h->time;
	if (h->time < row->first_seen)
		row->first_seen = h->time;
	return alert_row_put(db, row, (int)row->state, now, why);
}

bool gather_put(const struct gathering *g, const struct gather_hit *hit, char id[UUID_MAX],
		struct err *why)
{
	struct gathering here = *g;
	char home[2 * UUID_MAX + 2];
	struct alert_row row = { .number = 0 };
	bool found = false;

	if (!home_mark(g->db, &hit->home, home, why))
		return false;
	struct str key = key_of(&here.scratch, home, hit);
	if (key.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for an alert");
	if (!find_open(&here, hit, key, &row, &found, why))
		return false;
	bool ok = found ? join(g->db, &row, hit, g->now, why)
			: open_new(&here, hit, key, &row, why);
	bool looked = found && row.state != AS_NEW;

	if (ok && row.count <= MAX_PLACES)
		ok = put_hosts(&here, &row, hit, looked, why) &&
		     put_addresses(&here, &row, hit, why);
	ok = ok && put_event(g->db, &row, hit, why);
	if (ok)
		memcpy(id, row.id, UUID_MAX);
	return ok;
}
