/* SPDX-License-Identifier: Apache-2.0 */
/* demo_house.c - the house as its people would set it up on their first day, over the API. */
#include "access/user.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "cmd/demo_int.h"
#include "cmd/demo_mail.h"

#include <stdio.h>

enum { ANSWER_MAX = 1 << 20, BODY_MAX = 256 << 10, ROSTER_AHEAD_DAYS = 14 };
#define WATCH (12 * TIME_HOUR) /* from 07:00 and 19:00 in Viet Nam: 00:00 and 12:00 UTC */

static const struct {
	const char *name, *display, *phone;
	enum role role;
} staff[DEMO_PEOPLE] = {
	{ "nguyen.van.mau", "Nguyễn Văn Mẫu (giả định)", "+84 24 0000 0101", ROLE_ANALYST },
	{ "tran.thi.du", "Trần Thị Dụ (giả định)", "+84 24 0000 0102", ROLE_ANALYST },
	{ "le.truong.ca", "Lê Trưởng Ca (giả định)", "+84 24 0000 0103", ROLE_LEAD },
};

static bool call(struct demo *d, const char *method, const char *path, struct str body,
		 struct err *why)
{
	const struct server_call c = { .token = d->admin,
				       .method = method,
				       .path = path,
				       .type = "application/json",
				       .body = body };

	return demo_ask(d, &c, NULL, why);
}

static bool token(struct demo *d, const char *name, enum role role, char out[ACCESS_SECRET_MAX],
		  struct err *why)
{
	const struct token_draft in = { .name = str_of(name), .role = role };
	struct token_made made;

	if (!token_new(d->state.access, NULL, &in, &made, why))
		return false;
	snprintf(out, ACCESS_SECRET_MAX, "%s", made.secret);
	return true;
}

/* --- people --- */

static bool reached(struct demo *d, size_t i, struct err *why)
{
	char path[128], body[256];

	snprintf(path, sizeof path, "/api/v1/contacts/%s", d->person[i]);
	snprintf(body, sizeof body, "{\"phone\":\"%s\",\"email\":\"%s@example.vn\"}",
		 staff[i].phone, staff[i].name);
	return call(d, "PATCH", path, str_of(body), why);
}

static bool people(struct demo *d, struct err *why)
{
	struct access_faults faults = { 0 };
	struct invited made;
	struct who boss;

	if (!token_find(d->state.access, str_of(d->admin), &boss, why))
		return false;
	for (size_t i = 0; i < DEMO_PEOPLE; i++) {
		const struct user_draft in = { .name = str_of(staff[i].name),
					       .display_name = str_of(staff[i].display),
					       .role = staff[i].role };

		if (!user_invite(d->state.access, &boss, &in, &made, &faults, why))
			return false;
		snprintf(d->person[i], sizeof d->person[i], "%s", made.id);
		if (!reached(d, i, why))
			return false;
	}
	return true;
}

/* --- who is on duty --- */

size_t demo_on_watch(int64_t t)
{
	return (size_t)(t / WATCH) % DEMO_PEOPLE;
}

static void put_shift(struct buf *out, int64_t from, int64_t to, const char *rest)
{
	char text[2][TIME_TEXT_MAX];

	buf_printf(out, "%s,%s,%s\n", time_rfc3339(from, text[0]), time_rfc3339(to, text[1]), rest);
}

/* As one spreadsheet, on the first day: of all its days, and some beyond. */
static bool roster(struct demo *d, struct err *why)
{
	int64_t first = (d->now - (int64_t)d->days * TIME_DAY) / TIME_DAY * TIME_DAY,
		last = d->now + ROSTER_AHEAD_DAYS * TIME_DAY;
	struct buf b = BUF(BODY_MAX);
	char rest[128];

	buf_add(&b, STR("Từ,Đến,Họ tên,Vị trí,Điện thoại,Email\n"));
	for (int64_t t = first; t < last; t += WATCH) {
		snprintf(rest, sizeof rest, "%s,trực chính,,", staff[demo_on_watch(t)].name);
		put_shift(&b, t, t + WATCH, rest);
		if (t % TIME_DAY == 0)
			put_shift(&b, t, t + TIME_DAY,
				  "Phạm Lãnh Đạo (giả định),lãnh đạo trực,+84 24 0000 0100,"
				  "pham.lanh.dao@example.vn");
	}
	const struct server_call c = { .token = d->admin,
				       .method = "POST",
				       .path = "/api/v1/duty/import",
				       .type = "text/csv",
				       .body = buf_str(&b) };
	struct buf answer = BUF(ANSWER_MAX);
	bool ok = demo_ask(d, &c, &answer, why);

	if (ok && str_find(buf_str(&answer), STR("\"bad\":[]")) == answer.n)
		ok = err_set(why, ERR_STATE, 0, "%s: %u %.*s", c.path, 200,
			     STR_ARG(str_sub(buf_str(&answer), 0, 300)));
	buf_free(&answer);
	buf_free(&b);
	return ok;
}

/* --- who is woken --- */

static void put_rule(struct buf *out, const char *severity, int repeat_min, int escalate_min)
{
	buf_printf(out,
		   "{\"severity\":\"%s\",\"mail\":true,\"to\":[{\"kind\":\"duty\",\"value\":"
		   "\"watch\"}],\"repeat_min\":%d,\"escalate_min\":%d,\"escalate_to\":[{\"kind\":"
		   "\"duty\",\"value\":\"lead\"}]}",
		   severity, repeat_min, escalate_min);
}

static bool woken(struct demo *d, bool insist, struct err *why)
{
	struct buf b = BUF(BODY_MAX);

	buf_printf(&b,
		   "{\"smtp\":{\"host\":\"127.0.0.1\",\"port\":%u,\"tls\":\"none\",\"from\":"
		   "\"canh@example.vn\"},\"rules\":[",
		   d->mail_port);
	put_rule(&b, "critical", insist ? 10 : 0, insist ? 30 : 0);
	buf_char(&b, ',');
	put_rule(&b, "high", insist ? 30 : 0, insist ? 60 : 0);
	buf_char(&b, ',');
	put_rule(&b, "medium", 0, 0);
	buf_add(&b, STR("]}"));
	bool ok = call(d, "PUT", "/api/v1/notify", buf_str(&b), why);
	buf_free(&b);
	return ok;
}

bool demo_house_insist(struct demo *d, struct err *why)
{
	return woken(d, true, why);
}

bool demo_told(struct demo *d, struct err *why)
{
	int64_t left = 1;

	for (int ms = 0; left > 0 && ms < DEMO_WAIT_MS; ms += DEMO_STEP_MS) {
		if (ms > 0)
			demo_nap();
		if (!db_number(
			    d->state.db,
			    "SELECT (SELECT count(*) FROM alerts WHERE number > coalesce((SELECT"
			    " max(number) FROM notice_cursor), -1)) + (SELECT count(*) FROM notices"
			    " WHERE state IN ('waiting', 'sending') AND due <= $1)",
			    DB_VALS(V_TIME(time_now())), &left, why))
			return false;
	}
	return left == 0 ||
	       err_set(why, ERR_STATE, 0, "%jd alerts were told nobody in time", (intmax_t)left);
}

/* --- which senders must be heard --- */

static bool beat_of(struct demo *d, const char *id, char out[DEMO_BEAT_MAX], struct err *why)
{
	struct buf answer = BUF(ANSWER_MAX);
	struct json *j = NULL;
	char path[128];

	snprintf(path, sizeof path, "/api/v1/sources/%s/heartbeat", id);
	const struct server_call c = { .token = d->admin,
				       .method = "POST",
				       .path = path,
				       .type = "application/json",
				       .body = STR("") };
	bool ok = demo_ask(d, &c, &answer, why) &&
		  json_parse(buf_str(&answer), ANSWER_MAX, &j, why);
	if (ok)
		snprintf(out, DEMO_BEAT_MAX, "%.*s", STR_ARG(json_get_str(j, "line")));
	json_free(j);
	buf_free(&answer);
	return ok;
}

static bool require(struct demo *d, const struct json *source, struct err *why)
{
	struct str name = json_get_str(source, "name");
	char path[128], id[64];

	snprintf(id, sizeof id, "%.*s", STR_ARG(json_get_str(source, "id")));
	snprintf(path, sizeof path, "/api/v1/sources/%s", id);
	for (enum demo_source s = 0; s < DEMO_SOURCES; s++)
		if (str_eq(name, str_of(demo_source_name(s))))
			return call(d, "PATCH", path,
				    s == DEMO_FIREWALL
					    ? STR("{\"required\":true,\"class\":\"appliance\"}")
					    : STR("{\"required\":true,\"class\":\"server\"}"),
				    why) &&
			       beat_of(d, id, d->beat[s], why);
	return true;
}

bool demo_house_senders(struct demo *d, struct err *why)
{
	const struct server_call c = { .token = d->admin,
				       .method = "GET",
				       .path = "/api/v1/sources" };
	struct buf answer = BUF(ANSWER_MAX);
	struct json *j = NULL;
	bool ok = demo_ask(d, &c, &answer, why) &&
		  json_parse(buf_str(&answer), ANSWER_MAX, &j, why);
	const struct json *all = json_get(j, "items");

	for (size_t i = 0; ok && i < json_count(all); i++)
		ok = require(d, json_at(all, i), why);
	json_free(j);
	buf_free(&answer);
	return ok;
}

/* --- all --- */

bool demo_list(struct demo *d, const char *query, const char *address, struct err *why)
{
	char path[256], body[128];
	const struct server_call c = {
		.token = d->admin, .method = "POST", .path = path, .type = "text/csv"
	};
	struct server_call with = c;

	snprintf(path, sizeof path, "/api/v1/lists?letter=01%%2FVIDU&%s", query);
	snprintf(body, sizeof body, "Địa chỉ IP\n%s\n", address);
	with.body = str_of(body);
	return demo_ask(d, &with, NULL, why);
}

static bool declare(struct demo *d, struct err *why)
{
	struct buf b = BUF(BODY_MAX);

	buf_printf(&b,
		   "{\"unit_name\":\"Sở Ví Dụ tỉnh An Bình (giả định)\",\"unit_kind\":\"agency\","
		   "\"public_ranges\":%s}",
		   demo_own_ranges);
	bool ok = call(d, "PUT", "/api/v1/settings", buf_str(&b), why);
	buf_free(&b);
	return ok;
}

bool demo_house(struct demo *d, struct err *why)
{
	for (enum demo_source s = 0; s < DEMO_SOURCES; s++)
		if (!token(d, demo_source_name(s), ROLE_SOURCE, d->token[s], why))
			return false;
	return token(d, "demo", ROLE_ADMIN, d->admin, why) && people(d, why) && declare(d, why) &&
	       roster(d, why) && demo_mail_begin(&d->mail_port, why) && woken(d, false, why) &&
	       demo_told(d, why) &&
	       demo_list(d, "name=May-chu-dieu-khien&kind=c2", demo_control, why) &&
	       demo_list(d, "name=Dia-chi-tan-cong&kind=attacker", demo_guesser, why);
}
