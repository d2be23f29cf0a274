/* SPDX-License-Identifier: Apache-2.0 */
/*
 * holds.c - days of the store that must not go: listed, placed, released. They are of the house as a whole:
 * a role for a part of it sees none.
 */
#include "state/hold_row.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"

#define ROOM ((size_t)32 << 20)

static void write_end(struct call *c, struct jsonw *w, const struct hold_row *r)
{
	jsonw_kv_time(w, "released", r->released);
	if (r->released == TIME_NONE) {
		jsonw_kv_str(w, "released_by", (struct str){ NULL, 0 });
		jsonw_kv_str(w, "released_why", (struct str){ NULL, 0 });
		return;
	}
	jsonw_kv_str(w, "released_by", actor_name(c, r->released_by));
	jsonw_kv_str(w, "released_why",
		     r->released_why.n > 0 ? r->released_why : (struct str){ NULL, 0 });
}

static bool write_row(struct call *c, struct jsonw *w, const struct hold_row *r, struct err *why)
{
	int64_t gone;

	if (!hold_days_gone(call_db(c), r->day, r->last, &gone, why))
		return false;
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", r->id);
	jsonw_kv_str(w, "day", r->day);
	jsonw_kv_str(w, "last", r->last);
	jsonw_kv_int(w, "days", hold_days(r->day, r->last));
	jsonw_kv_int(w, "gone", gone);
	jsonw_kv_str(w, "reason", r->reason);
	jsonw_kv_str(w, "case", r->case_text);
	jsonw_kv_time(w, "until", r->until);
	jsonw_kv_bool(w, "in_force", hold_in_force(r, time_now()));
	jsonw_kv_time(w, "placed", r->placed);
	jsonw_kv_str(w, "placed_by", actor_name(c, r->placed_by));
	write_end(c, w, r);
	return true;
}

static bool write_all(struct call *c, struct arena a, struct err *why)
{
	struct hold_row *rows;
	size_t n = 0;

	if (scope_is_whole(&c->who.scope) &&
	    !hold_row_all(call_db(c), &a, time_now(), &rows, &n, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	list_begin(&w);
	for (size_t i = 0; i < n; i++) {
		if (!write_row(c, &w, &rows[i], why))
			return false;
		jsonw_close(&w, '}');
	}
	list_end(&w, (struct str){ NULL, 0 });
	return true;
}

bool holds_list(struct call *c, struct err *why)
{
	struct arena a;

	if (!arena_reserve(&a, ROOM))
		return err_set(why, ERR_IO, 0, "no memory");
	bool ok = write_all(c, a, why);
	arena_release(a);
	return ok;
}

/* A day is its end, in the time of the store's days. */
static bool take_until(struct call *c, int64_t *out, struct err *why)
{
	const struct json *v = json_get(c->json, "until");
	struct str text = json_str(v);
	bool zone;

	if (v == NULL || json_is_null(v) || time_parse_rfc3339(text, out, &zone))
		return true;
	if (!time_parse_date(text, out)) {
		struct err reason;

		(void)err_set(&reason, ERR_INPUT, 0,
			      "expected a day such as 2026-12-31, or a time");
		field_error(c, "until", &reason);
		*why = reason;
		return false;
	}
	*out += TIME_DAY - 7 * TIME_HOUR;
	return true;
}

static bool take_body(struct call *c, struct hold_row *out, struct err *why)
{
	struct hold_row r = { .until = TIME_NONE, .placed = time_now(), .released = TIME_NONE };

	if (!body_text(c, "day", 10, true, &r.day, why) ||
	    !body_text(c, "last", 10, false, &r.last, why) ||
	    !body_text(c, "reason", HOLD_TEXT_MAX / 4, true, &r.reason, why) ||
	    !body_text(c, "case", HOLD_TEXT_MAX / 4, true, &r.case_text, why) ||
	    !take_until(c, &r.until, why))
		return false;
	if (r.last.n == 0)
		r.last = r.day;
	*out = r;
	return true;
}

/* What has left the store already cannot be held. */
static bool check_there(struct call *c, const struct hold_row *r, struct err *why)
{
	int64_t gone, days = hold_days(r->day, r->last);

	if (!hold_days_gone(call_db(c), r->day, r->last, &gone, why))
		return false;
	return days == 0 || gone < days ||
	       err_set(why, ERR_STATE, 0, "all of these days have left the store already");
}

/* Watch is told before the answer: "told" false, it could not be reached, and is told later. */
static bool told(struct call *c)
{
	const struct web_backend *b = &c->web->backend;
	struct err why = { 0 };

	return b->hold(b->ctx, &why);
}

bool holds_post(struct call *c, struct err *why)
{
	struct hold_row r;
	char id[40];

	if (!take_body(c, &r, why) || !check_there(c, &r, why) ||
	    !hold_row_put(call_db(c), &r, c->who.actor, id, why) ||
	    !hold_row_get(call_db(c), &c->a, str_of(id), &r, why))
		return false;
	bool done = told(c);

	web_publish(c->web, "board", STR("{}"));
	struct jsonw w = reply_json(c, 201);
	if (!write_row(c, &w, &r, why))
		return false;
	jsonw_kv_bool(&w, "told", done);
	jsonw_close(&w, '}');
	return true;
}

bool holds_delete(struct call *c, struct err *why)
{
	struct str reason = request_param(&c->params, "reason");

	if (!hold_row_release(call_db(c), c->args[0], reason.p == NULL ? STR("") : reason,
			      c->who.actor, time_now(), why))
		return false;
	(void)told(c);
	web_publish(c->web, "board", STR("{}"));
	reply_empty(c, 204);
	return true;
}
