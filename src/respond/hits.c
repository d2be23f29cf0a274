/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hits.c - from the store's hits to alerts: read, look at the event, decide, gather, move the cursor.
 *
 * Invariant: cursor and alerts move in one transaction. A hit whose event cannot be read (damaged,
 * gone) makes its alert all the same, without evidence.
 */
#include "respond/hits.h"

#include "base/json.h"
#include "event/write.h"
#include "respond/alert_int.h"
#include "respond/gather.h"
#include "state/source_row.h"
#include "store/day.h"
#include "store/found.h"
#include "store/visit.h"

#include <stdio.h>

enum { FIELDS_MAX = 128 << 10, EVENT_MAX = 256 << 10, RAW_SHOWN = 64 << 10, ABOUT_MAX = 1 << 20 };

struct taking {
	struct db *db;
	struct store_visit *visit;
	const struct clocks *clocks;
	int64_t now;
	struct hits_taken *out;
	char (*changed)[UUID_MAX]; /* HITS_PER_CALL of them */
	size_t n_changed;
	struct err *why;
};

/* What is at hand about one hit. */
struct look {
	const struct store_hit_row *row;
	struct store_found found;
	bool read;        /* found is set */
	struct home home; /* of its source; our own unit where that is not known */
	struct json *about, *fields;
	struct buf event_json, fields_json;
};

/* --- the event --- */

/* As GET /events has it; what is very long is cut and says so. */
static void put_event(struct buf *out, const struct store_found *f, struct str fields)
{
	struct jsonw w = { .out = out };

	found_begin(&w, f, RAW_SHOWN, fields.n == 0);
	jsonw_key(&w, "fields");
	jsonw_raw(&w, fields.n > 0 ? fields : STR("{}"));
	jsonw_close(&w, '}');
}

static void look_at(struct taking *t, struct arena *scratch, struct look *l)
{
	struct err gone;

	if (l->row->about.n > 0 && !json_parse(l->row->about, ABOUT_MAX, &l->about, NULL))
		l->about = NULL;
	l->read = store_visit_event(t->visit, scratch, &l->row->event, &l->found, &gone);
	if (!l->read) {
		t->out->unread++;
		return;
	}
	struct jsonw w = { .out = &l->fields_json };
	event_write_fields(&w, &l->found.event);
	if (l->fields_json.full)
		buf_clear(&l->fields_json);
	else if (!json_parse(buf_str(&l->fields_json), FIELDS_MAX, &l->fields, NULL))
		l->fields = NULL;
	put_event(&l->event_json, &l->found, buf_str(&l->fields_json));
	if (l->event_json.full)
		buf_clear(&l->event_json);
}

static void look_away(struct look *l)
{
	json_free(l->about);
	json_free(l->fields);
	buf_free(&l->event_json);
	buf_free(&l->fields_json);
}

/* --- what it is --- */

static struct str field_of(const struct look *l, const char *name)
{
	if (!l->read)
		return (struct str){ NULL, 0 };
	for (uint32_t i = 0; i < l->found.event.n_fields; i++)
		if (str_eq(l->found.event.fields[i].name, str_of(name)))
			return l->found.event.fields[i].val;
	return (struct str){ NULL, 0 };
}

static bool from_canary(const struct look *l)
{
	return l->read && l->found.source != NULL && l->found.source->kind == SOURCE_CANARY;
}

/* The answer to a control test? Then it is passed, and no alert. */
static bool take_control(struct taking *t, const struct look *l, bool *out)
{
	struct str id = field_of(l, "canh.canary");

	*out = false;
	if (uuid_valid(id) && !control_pass(t->db, id, t->now, out, t->why))
		return false;
	*out |= from_canary(l) && field_of(l, "canh.exercise").p == NULL;
	t->out->controls += *out;
	return true;
}

/* A heartbeat? Then its sender's way is proved, where the word is that of the source it came from. */
static bool take_beat(struct taking *t, const struct look *l, bool *out)
{
	char source[24], from[24] = "";

	*out = str_eq(l->row->id, STR(HEARTBEAT_RULE));
	if (!*out)
		return true;
	if (!source_beat_of(t->db, l->row->matched, source, t->why))
		return false;
	if (l->read)
		snprintf(from, sizeof from, "%u", l->found.event.source);
	return source[0] == '\0' || strcmp(source, from) != 0 ||
	       control_beat(t->db, str_of(source), l->found.event.received, t->why);
}

static bool take_exercise(struct taking *t, const struct look *l, bool *out)
{
	struct str id = field_of(l, "canh.exercise");

	*out = from_canary(l);
	return *out || !uuid_valid(id) || exercise_is(t->db, id, t->now, out, t->why);
}

/* What a token or a user pushes belongs where he does, as long as nobody assigned the source. */
static bool find_home(struct taking *t, struct look *l)
{
	const struct source_info *s = l->read ? l->found.source : NULL;
	bool pushed = s != NULL && (s->kind == SOURCE_PUSH || s->kind == SOURCE_BULK);
	char id[24] = "";

	if (l->read)
		snprintf(id, sizeof id, "%u", l->found.event.source);
	return source_home(t->db, str_of(id), pushed ? s->peer : STR(""), &l->home, t->why);
}

static bool take_exception(struct taking *t, struct arena scratch, const struct look *l, bool *out)
{
	*out = l->row->excepted;
	if (l->fields != NULL) {
		const struct exception_try try = { l->row->id, l->fields, &l->home, t->now };
		bool holds;

		if (!exception_hides(t->db, scratch, &try, &holds, t->why))
			return false;
		*out |= holds;
	}
	t->out->hidden += *out;
	return true;
}

/* --- into an alert --- */

static const struct {
	enum ecs id;
	bool host;
} places[] = {
	{ ECS_HOST_NAME, true },       { ECS_HOST_IP, false },
	{ ECS_SOURCE_IP, false },      { ECS_SOURCE_NAT_IP, false },
	{ ECS_DESTINATION_IP, false }, { ECS_DESTINATION_NAT_IP, false },
};

static void add_place(struct str *list, size_t *n, struct str value)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq(list[i], value))
			return;
	if (*n < GATHER_PLACES && value.n > 0)
		list[(*n)++] = value;
}

static void find_places(const struct look *l, struct gather_hit *h)
{
	const struct event *ev = &l->found.event;

	for (uint32_t i = ev->n_raw; l->read && i < ev->n_fields; i++)
		for (size_t p = 0; p < COUNT(places); p++) {
			if (ev->fields[i].id != places[p].id)
				continue;
			if (places[p].host)
				add_place(h->hosts, &h->n_hosts, ev->fields[i].val);
			else
				add_place(h->addresses, &h->n_addresses, ev->fields[i].val);
		}
}

static void note_changed(struct taking *t, const char *id)
{
	for (size_t i = 0; i < t->n_changed; i++)
		if (strcmp(t->changed[i], id) == 0)
			return;
	memcpy(t->changed[t->n_changed++], id, UUID_MAX);
}

static bool gather(struct taking *t, struct arena scratch, const struct look *l, bool exercise)
{
	char day[TIME_TEXT_MAX], event[STORE_ID_MAX], id[UUID_MAX];
	const struct store_hit_row *r = l->row;
	struct gather_hit h = {
		.home = l->home,
		.day = str_of(day_text(r->day, day)),
		.batch = r->batch,
		.n = r->n,
		.event = str_of(store_id_text(&r->event, event)),
		.time = r->time,
		.indicator = str_eq(r->kind, STR("indicator")),
		.group = str_eq(r->use, STR("group")),
		.exercise = exercise,
		.severity = severity_rank(r->severity),
		.id = r->id,
		.indicator_value = r->indicator,
		.type = r->type,
		.matched = r->matched,
		.about_json = r->about,
		.about = l->about,
		.event_json = buf_str(&l->event_json),
		.fields_json = buf_str(&l->fields_json),
	};

	if (h.severity < 0)
		return err_set(t->why, ERR_INPUT, 0, "a hit of unknown severity '%.*s'",
			       STR_ARG(r->severity));
	find_places(l, &h);
	const struct gathering into = { t->db, scratch, t->clocks, t->now };

	if (!gather_put(&into, &h, id, t->why))
		return false;
	note_changed(t, id);
	return true;
}

static bool count_list(struct taking *t, const struct store_hit_row *r)
{
	return !str_eq(r->kind, STR("indicator")) ||
	       db_run(t->db, "UPDATE lists SET hits = hits + 1 WHERE id = $1",
		      DB_VALS(V_TEXT(r->id)), t->why);
}

static bool judge(struct taking *t, struct arena scratch, struct look *l)
{
	bool control, beat, exercise, hidden;
	bool loud = str_eq(l->row->use, STR("alert")) || str_eq(l->row->use, STR("group"));

	if (!take_control(t, l, &control) || !take_beat(t, l, &beat))
		return false;
	if (control || beat)
		return true;
	if (!count_list(t, l->row) || !take_exercise(t, l, &exercise))
		return false;
	if (!loud) {
		t->out->counted++;
		return true;
	}
	if (!find_home(t, l) || !take_exception(t, scratch, l, &hidden))
		return false;
	return hidden || gather(t, scratch, l, exercise);
}

/* What only counts needs its event for nothing but a control. */
static bool take_one(struct taking *t, struct arena scratch, const struct store_hit_row *row)
{
	struct look l = { .row = row,
			  .event_json = BUF(EVENT_MAX),
			  .fields_json = BUF(FIELDS_MAX) };

	look_at(t, &scratch, &l);
	bool ok = judge(t, scratch, &l);

	look_away(&l);
	return ok;
}

/* --- the cursor --- */

static bool cursor_get(struct db *db, struct store_hit_row *out, struct err *why)
{
	struct db_rows *r = db_query(
		db,
		"SELECT day, batch, n FROM hit_cursors WHERE batch > 0 ORDER BY day DESC LIMIT 1",
		NULL, 0, why);
	bool found = db_next(r), ok = true;

	*out = (struct store_hit_row){ .day = 0 };
	if (found) {
		out->batch = db_int(r, 1);
		out->n = db_int(r, 2);
		ok = day_parse(db_text(r, 0), &out->day);
	}
	return db_end(r, why) && (ok || err_set(why, ERR_INPUT, 0, "a damaged cursor of hits"));
}

static bool cursor_put(struct db *db, const struct store_hit_row *at, struct err *why)
{
	char day[TIME_TEXT_MAX];

	return db_run(db,
		      "INSERT INTO hit_cursors (day, batch, n, sealed_batch) VALUES ($1, $2, $3, 0)"
		      " ON CONFLICT (day) DO UPDATE SET batch = excluded.batch, n = excluded.n",
		      DB_VALS(V_Z(day_text(at->day, day)), V_INT(at->batch), V_INT(at->n)), why);
}

static bool take_all(struct taking *t, struct arena scratch, const struct store_hit_row *rows,
		     size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!take_one(t, scratch, &rows[i]))
			return false;
	return cursor_put(t->db, &rows[n - 1], t->why);
}

static bool read_clocks(struct db *db, struct clocks *c, bool *have, struct err *why)
{
	struct err none = { .kind = ERR_NONE };

	*have = clocks_get(db, c, &none);
	if (*have || none.kind == ERR_ABSENT)
		return true;
	if (why != NULL)
		*why = none;
	return false;
}

/* The events are looked at on one visit of the store, which lies in `a`. */
static bool commit(struct taking *t, struct store_reader *store, struct arena a,
		   const struct store_hit_rows *got)
{
	t->visit = store_visit_begin(store, &a);
	bool ok = t->visit != NULL
			  ? db_begin(t->db, t->why) &&
				    db_leave(t->db, take_all(t, a, got->rows, got->n), t->why)
			  : err_set(t->why, ERR_LIMIT, 0, "no room for the hits");

	store_visit_end(t->visit);
	return ok;
}

bool hits_take(struct db *db, struct store_reader *store, struct arena *a, int64_t now,
	       struct hits_taken *out, struct err *why)
{
	struct hits_taken taken = { .hits = 0 };
	struct taking t = { .db = db, .now = now, .out = &taken, .why = why };
	struct store_hit_row after;
	struct store_hit_rows got = { 0 };
	struct clocks clocks;
	bool have;

	if (!cursor_get(db, &after, why) || !read_clocks(db, &clocks, &have, why) ||
	    !store_hits_after(store, a, &after, HITS_PER_CALL, &got, why))
		return false;
	taken.hits = got.n;
	taken.n_gaps = got.n_unread;
	taken.gap = got.unread;
	t.clocks = have ? &clocks : NULL;
	struct str *changed = NEW(a, struct str, HITS_PER_CALL);
	char *ids = arena_bytes(a, (size_t)HITS_PER_CALL * UUID_MAX);
	if (changed == NULL || ids == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the hits");
	t.changed = (char(*)[UUID_MAX])ids;
	if (taken.hits > 0 && !commit(&t, store, *a, &got))
		return false;
	for (size_t i = 0; i < t.n_changed; i++)
		changed[i] = str_of(t.changed[i]);
	taken.changed = changed;
	taken.n_changed = t.n_changed;
	*out = taken;
	return true;
}
