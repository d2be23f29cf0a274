/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duty.c - the roster: read, filled by hand or out of a file (which a clerk reads), taken back.
 */
#include "govern/duty.h"
#include "govern/duty_import.h"
#include "web/backend_int.h"
#include "web/people_int.h"

enum { SPAN_DAYS = 400, SHOWN = 100, ASK_MAX = 1 << 16 };
#define ROOM ((size_t)64 << 20)

static bool room(struct arena *out, struct err *why)
{
	return arena_reserve(out, ROOM) || err_set(why, ERR_LIMIT, 0, "no memory");
}

bool duty_list(struct call *c, struct err *why)
{
	int64_t now = time_now();
	struct duty_span in = { now - TIME_DAY, now + 14 * TIME_DAY };
	struct arena a;

	if (!param_time(c, "from", &in.from, why) || !param_time(c, "to", &in.to, why))
		return false;
	if (in.to <= in.from || in.to - in.from > SPAN_DAYS * TIME_DAY)
		return err_set(why, ERR_INPUT, 0, "from comes before to, %d days at most before",
			       SPAN_DAYS);
	if (!room(&a, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	bool ok = duty_put(call_db(c), a, in, &w, why);
	arena_release(a);
	return ok;
}

bool duty_now(struct call *c, struct err *why)
{
	struct arena a;

	if (!room(&a, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	bool ok = duty_now_put(call_db(c), a, time_now(), &w, why);
	arena_release(a);
	return ok;
}

static bool body_time(struct call *c, const char *name, int64_t *out)
{
	struct err reason;
	bool zone;

	if (time_parse_rfc3339(json_get_str(c->json, name), out, &zone) && zone)
		return true;
	(void)err_set(&reason, ERR_INPUT, 0, "'%s' is not a time like 2026-01-31T08:00:00Z", name);
	return field_error(c, name, &reason);
}

/* All mistakes at once, by field. */
static bool take_draft(struct call *c, struct shift_draft *out, struct err *why)
{
	struct err reason;
	bool ok = body_text(c, "person", UUID_MAX, true, &out->person, why);
	bool times = body_time(c, "from", &out->from);

	times = body_time(c, "to", &out->to) && times;
	ok = body_text(c, "note", SHIFT_NOTE_MAX, false, &out->note, why) && ok;
	if (!post_parse(json_get_str(c->json, "post"), &out->post)) {
		(void)err_set(&reason, ERR_INPUT, 0, "expected watch, second or lead");
		ok = field_error(c, "post", &reason);
	}
	if (times && !shift_times_check(out->from, out->to, &reason))
		ok = field_error(c, "to", &reason);
	return (ok && times) || err_set(why, ERR_INPUT, 0, "some fields are not valid");
}

static bool answer_made(struct call *c, struct str id, struct err *why)
{
	struct shift s;
	struct arena a;

	if (!shift_get(call_db(c), &c->a, id, &s, why) || !room(&a, why))
		return false;
	struct jsonw w = reply_json(c, 201);
	jsonw_open(&w, '{');
	jsonw_key(&w, "shift");
	duty_shift_put(&w, &s);
	bool ok = duty_shift_overlaps_put(call_db(c), a, &s, &w, why);
	jsonw_close(&w, '}');
	arena_release(a);
	return ok;
}

bool duty_post(struct call *c, struct err *why)
{
	struct shift_draft draft = { .note = { NULL, 0 } };
	char id[UUID_MAX];

	if (!take_draft(c, &draft, why))
		return false;
	if (!shift_add(call_db(c), &draft, c->who.actor, id, why)) {
		if (why->kind != ERR_ABSENT)
			return false;
		field_error(c, "person", why);
		return err_set(why, ERR_INPUT, 0, "some fields are not valid");
	}
	web_publish(c->web, "duty", STR("{}"));
	return answer_made(c, str_of(id), why);
}

bool duty_delete(struct call *c, struct err *why)
{
	if (!shift_remove(call_db(c), c->args[0], time_now(), c->who.actor, why))
		return false;
	web_publish(c->web, "duty", STR("{}"));
	reply_empty(c, 204);
	return true;
}

/* --- a file --- */

/* What the clerk told: believed in its form only as far as it is checked here. */
static bool read_row(const struct json *j, struct duty_row *out, struct err *why)
{
	int64_t line;

	*out = (struct duty_row){ .name = json_get_str(j, "name"),
				  .phone = json_get_str(j, "phone"),
				  .email = json_get_str(j, "email"),
				  .note = json_get_str(j, "note") };
	if (!json_int(json_get(j, "line"), &line) || !json_int(json_get(j, "from"), &out->from) ||
	    !json_int(json_get(j, "to"), &out->to) ||
	    !post_parse(json_get_str(j, "post"), &out->post))
		return err_set(why, ERR_IO, 0, "a process gave an unreadable answer");
	out->line = (uint64_t)line;
	return true;
}

static void write_bad(struct call *c, struct jsonw *w, const struct json *bad,
		      const struct duty_imported *got)
{
	char text[ERR_TEXT_MAX];
	int64_t line;

	jsonw_key(w, "bad");
	jsonw_open(w, '[');
	for (size_t i = 0; i < json_count(bad); i++) {
		jsonw_open(w, '{');
		jsonw_kv_int(w, "line",
			     json_int(json_get(json_at(bad, i), "line"), &line) ? line : 0);
		jsonw_key(w, "reason");
		write_json_in(c, w, json_get(json_at(bad, i), "reason"));
		jsonw_close(w, '}');
	}
	for (size_t i = 0; i < got->n_bad; i++) {
		jsonw_open(w, '{');
		jsonw_kv_int(w, "line", (int64_t)got->bad[i].line);
		jsonw_kv_str(w, "reason",
			     str_of(err_text(&got->bad[i].why, c->lang, text, sizeof text)));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void write_shifts(struct jsonw *w, const struct duty_row *rows, size_t n)
{
	jsonw_key(w, "shifts");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		jsonw_open(w, '{');
		jsonw_kv_int(w, "line", (int64_t)rows[i].line);
		jsonw_kv_time(w, "from", rows[i].from);
		jsonw_kv_time(w, "to", rows[i].to);
		jsonw_kv_str(w, "post", str_of(post_name(rows[i].post)));
		jsonw_kv_str(w, "name", rows[i].name);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static bool keep_rows(struct call *c, struct arena a, const struct json *read, struct err *why)
{
	const struct json *list = json_get(read, "rows");
	size_t n = json_count(list);
	struct duty_row *rows = NEW(&a, struct duty_row, n + 1);
	struct duty_import in = { rows, n, c->who.actor,
				  str_eq(request_param(&c->params, "preview"), STR("1")) };
	struct duty_imported got = { .kept = 0 };

	if (rows == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < n; i++)
		if (!read_row(json_at(list, i), &rows[i], why))
			return false;
	if (!duty_import(call_db(c), &a, &in, &got, why))
		return false;
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_kv_int(&w, "rows", (int64_t)n);
	jsonw_kv_int(&w, "kept", (int64_t)got.kept);
	jsonw_kv_int(&w, "twice", (int64_t)got.twice);
	jsonw_key(&w, "people");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < got.n_people; i++)
		jsonw_str(&w, got.people[i]);
	jsonw_close(&w, ']');
	write_bad(c, &w, json_get(read, "bad"), &got);
	write_shifts(&w, rows, n);
	jsonw_close(&w, '}');
	if (!in.preview)
		web_publish(c->web, "duty", STR("{}"));
	return true;
}

bool duty_import_post(struct call *c, struct err *why)
{
	struct buf request = BUF(ASK_MAX), answer = BUF(ANSWER_MAX);
	struct jsonw w = { .out = &request };
	struct json *read = NULL;
	struct arena a;

	if (!room(&a, why))
		return false;
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "op", STR("duty-read"));
	write_actor(c, &w);
	jsonw_close(&w, '}');
	bool ok = clerk_answer(c, &request, &answer, why) &&
		  json_parse(buf_str(&answer), ANSWER_MAX, &read, why) &&
		  keep_rows(c, a, read, why);
	json_free(read);
	buf_free(&request);
	buf_free(&answer);
	arena_release(a);
	return ok;
}
