/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.c - `canh status`: one screen of what runs and what is wrong, as the page would tell it.
 *
 * Asks the running server over the socket of the data folder, with a viewer's token that is made the
 * first time and kept in the keys folder.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "base/time.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "cmd/own_token.h"
#include "cmd/server_ask.h"

#include <stdio.h>

enum { ANSWER_MAX = 16 << 20, UNAUTHENTICATED = 401, OK = 200, GB = 1 << 30 };
enum { TITLE = 10, NAME = 28, WORD = 13, AGE = 9, NUMBER = 12, UNIT_NAME = 100 }; /* columns */
#define VIETNAM (7 * TIME_HOUR)

struct status {
	const char *data, *format;
	struct own_token mine;
	char token[ACCESS_SECRET_MAX];
	struct buf body[4];
	struct json *health, *board, *sources, *lists;
	int64_t now;
};

static bool ask(struct status *s, const char *path, struct buf *body, struct json **out,
		struct err *why)
{
	unsigned status = 0;

	*body = BUF(ANSWER_MAX);
	if (!server_ask(
		    &(const struct server_call){ s->data, s->token, "GET", path, NULL, STR("") },
		    &status, body, why))
		return false;
	if (status == UNAUTHENTICATED) {
		buf_clear(body);
		if (!own_token_make(&s->mine, s->token, why) ||
		    !server_ask(&(const struct server_call){ s->data, s->token, "GET", path, NULL,
							     STR("") },
				&status, body, why))
			return false;
	}
	if (status != OK || body->full)
		return err_set(why, ERR_IO, 0, "the server answers %u to %s", status, path);
	return json_parse(buf_str(body), ANSWER_MAX, out, why);
}

static bool ask_all(struct status *s, struct err *why)
{
	return ask(s, "/api/v1/board", &s->body[0], &s->board, why) &&
	       ask(s, "/api/v1/health", &s->body[1], &s->health, why) &&
	       ask(s, "/api/v1/sources", &s->body[2], &s->sources, why) &&
	       ask(s, "/api/v1/lists", &s->body[3], &s->lists, why);
}

static int64_t number(const struct json *object, const char *key)
{
	int64_t n;

	return json_int(json_get(object, key), &n) ? n : 0;
}

/* "5 s", "12 min", "3 h", "9 d": how long ago; "-" for never. */
static const char *age(const struct status *s, const struct json *object, const char *key,
		       char out[32])
{
	static const struct {
		int64_t most, unit;
		const char *text;
	} units[] = {
		{ 120, 1, MSG_ID("%lld s") },
		{ 7200, 60, MSG_ID("%lld min") },
		{ 172800, 3600, MSG_ID("%lld h") },
		{ INT64_MAX, 86400, MSG_ID("%lld d") },
	};
	int64_t t;
	bool zone;
	size_t i = 0;

	if (!time_parse_rfc3339(json_get_str(object, key), &t, &zone))
		return "-";
	int64_t seconds = t > s->now ? 0 : (s->now - t) / TIME_SECOND;
	while (seconds > units[i].most)
		i++;
	snprintf(out, 32, msg(units[i].text), (long long)(seconds / units[i].unit));
	return out;
}

/* At most `most` code points, nothing that moves a terminal; how many. */
static size_t put_some(struct str text, size_t most)
{
	size_t n = 0;

	for (size_t at = 0, next; at < text.n && n < most; at = next, n++) {
		uint32_t cp;

		next = utf8_next(text, at, &cp);
		if (cp == UTF8_BAD || cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
			putchar('?');
		else
			fwrite(text.p + at, 1, next - at, stdout);
	}
	return n;
}

static void put_plain(struct str text)
{
	(void)put_some(text, SIZE_MAX);
}

/* One cell of a table, `width` code points at least, cut to it. */
static void put_cell(struct str text, size_t width)
{
	printf("%*s", (int)(width - put_some(text, width) + 1), "");
}

static void put_title(const char *id, size_t width)
{
	put_cell(str_of(msg(id)), width);
}

static void put_number(int64_t v)
{
	printf("%12lld ", (long long)v);
}

static struct str in_language(const struct json *both)
{
	return json_get_str(both, msg_lang() == LANG_VI ? "vi" : "en");
}

/* What an unknown figure says instead of a number. */
static void put_reason(const struct json *tile)
{
	struct str reason = in_language(json_get(tile, "reason"));

	printf("%.*s\n", STR_ARG(reason));
}

static void put_processes(const struct status *s)
{
	const struct json *all = json_get(s->health, "processes");
	const struct json *v;
	struct str name;

	put_title(MSG_ID("processes"), TITLE);
	for (const void *it = json_next(all, NULL, &name, &v); it != NULL;
	     it = json_next(all, it, &name, &v)) {
		struct str state = json_str(v);

		printf("%.*s: %.*s  ", STR_ARG(name), STR_ARG(state));
	}
	printf("\n");
}

static void put_self(const struct status *s)
{
	const struct json *self = json_get(s->board, "self");
	const struct json *rules = json_get(self, "rules");
	int64_t days;

	put_title(MSG_ID("disk"), TITLE);
	printf(msg(MSG_ID("%.1f GB free")), (double)number(self, "disk_free_bytes") / GB);
	if (json_int(json_get(self, "disk_days"), &days))
		printf(msg(MSG_ID(", about %lld days")), (long long)days);
	printf("\n");
	put_title(MSG_ID("blind"), TITLE);
	printf(msg(MSG_ID("%lld minutes today\n")), (long long)number(self, "blind_minutes_today"));
	put_title(MSG_ID("rules"), TITLE);
	printf(msg(MSG_ID("%lld loaded, %lld can fire, %lld refused\n")),
	       (long long)number(rules, "loaded"), (long long)number(rules, "can_fire"),
	       (long long)number(rules, "refused"));
}

static void put_alerts(const struct status *s)
{
	const struct json *a = json_get(s->board, "alerts");
	const struct json *by = json_get(a, "by_severity");

	put_title(MSG_ID("alerts"), TITLE);
	printf(msg(MSG_ID("%lld open, %lld overdue; critical %lld, high %lld\n")),
	       (long long)number(a, "open"), (long long)number(a, "overdue"),
	       (long long)number(by, "critical"), (long long)number(by, "high"));
}

static int64_t sum(const struct json *counts)
{
	const struct json *v;
	struct str key;
	int64_t n, all = 0;

	for (const void *it = json_next(counts, NULL, &key, &v); it != NULL;
	     it = json_next(counts, it, &key, &v))
		all += json_int(v, &n) ? n : 0;
	return all;
}

/* Titles of numbers stand to the right, as the numbers do. */
static void put_right(const char *id)
{
	size_t n = 0;
	struct str text = str_of(msg(id));

	for (size_t at = 0; at < text.n; n++) {
		uint32_t cp;

		at = utf8_next(text, at, &cp);
	}
	printf("%*s%s ", n < NUMBER ? (int)(NUMBER - n) : 0, "", text.p);
}

static void put_source(const struct status *s, const struct json *x)
{
	char ago[32];

	put_cell(json_get_str(x, "name"), NAME);
	put_cell(json_get_str(x, "kind"), AGE);
	put_cell(json_get_str(x, "state"), WORD);
	put_cell(str_of(age(s, x, "last_seen", ago)), AGE);
	put_number(number(x, "received"));
	put_number(sum(json_get(x, "dropped")));
	put_number(number(x, "lag_ms"));
	printf("\n");
}

static void put_sources(const struct status *s)
{
	const struct json *items = json_get(s->sources, "items");

	printf("\n");
	put_title(MSG_ID("source"), NAME);
	put_title(MSG_ID("by"), AGE);
	put_title(MSG_ID("state"), WORD);
	put_title(MSG_ID("last"), AGE);
	put_right(MSG_ID("received"));
	put_right(MSG_ID("dropped"));
	put_right(MSG_ID("lag, ms"));
	printf("\n");
	for (size_t i = 0; i < json_count(items); i++)
		put_source(s, json_at(items, i));
	if (json_count(items) == 0)
		printf("%s\n", msg(MSG_ID("no source has sent anything yet")));
}

static void put_lists(const struct status *s)
{
	const struct json *items = json_get(s->lists, "items");
	char ago[32];

	printf("\n");
	put_title(MSG_ID("list"), NAME);
	put_title(MSG_ID("kind"), WORD);
	put_title(MSG_ID("age"), AGE);
	put_right(MSG_ID("entries"));
	printf("\n");
	for (size_t i = 0; i < json_count(items); i++) {
		const struct json *x = json_at(items, i);

		put_cell(json_get_str(x, "name"), NAME);
		put_cell(json_get_str(x, "kind"), WORD);
		put_cell(str_of(age(s, x, "imported_at", ago)), AGE);
		put_number(number(x, "entries"));
		printf("\n");
	}
	if (json_count(items) == 0)
		printf("%s\n", msg(MSG_ID("no list was imported")));
}

/* "23/11 19:00", in Viet Nam: the day only where it is not today's. */
static const char *clock_of(const struct status *s, struct str text, char out[32])
{
	struct civil now = civil_from_time(s->now + VIETNAM), c;
	int64_t t;
	bool zone;

	if (!time_parse_rfc3339(text, &t, &zone))
		return "-";
	c = civil_from_time(t + VIETNAM);
	if (c.day == now.day && c.month == now.month)
		snprintf(out, 32, "%02d:%02d", c.hour, c.minute);
	else
		snprintf(out, 32, "%02d/%02d %02d:%02d", c.day, c.month, c.hour, c.minute);
	return out;
}

static const char *post_words(struct str post)
{
	if (str_eq(post, STR("lead")))
		return msg(MSG_ID("lead"));
	return str_eq(post, STR("second")) ? msg(MSG_ID("second")) : msg(MSG_ID("watch"));
}

static void put_names(const struct json *names)
{
	for (size_t i = 0; i < json_count(names); i++) {
		if (i > 0)
			printf(", ");
		put_plain(json_str(json_at(names, i)));
	}
}

static void put_next(const struct status *s, const struct json *next)
{
	const struct json *names = json_get(next, "names");
	char at[32];

	put_title(MSG_ID("handover"), TITLE);
	printf("%s  ", clock_of(s, json_get_str(next, "at"), at));
	if (json_count(names) > 0)
		put_names(names);
	else
		printf("%s", msg(MSG_ID("nobody takes over")));
	printf("\n");
}

/* How they are reached, until when: those who have the watch, or the others. */
static void put_people(const struct status *s, const struct json *now, bool watch)
{
	char until[32];

	for (size_t i = 0; i < json_count(now); i++) {
		const struct json *p = json_at(now, i);
		struct str post = json_get_str(p, "post"), phone = json_get_str(p, "phone");

		if (str_eq(post, STR("watch")) != watch)
			continue;
		put_title(MSG_ID("on duty"), TITLE);
		printf("%s: ", post_words(post));
		put_plain(json_get_str(p, "name"));
		printf("  ");
		put_plain(phone);
		printf(msg(MSG_ID("%suntil %s\n")), phone.n > 0 ? "  " : "",
		       clock_of(s, json_get_str(p, "until"), until));
	}
}

/* Who has the watch now, who else is on duty, who comes then. */
static void put_duty(const struct status *s)
{
	const struct json *duty = json_get(s->board, "duty"), *now = json_get(duty, "now");
	const struct json *next = json_get(duty, "next");

	if (in_language(json_get(duty, "reason")).n > 0) {
		put_title(MSG_ID("on duty"), TITLE);
		put_reason(duty);
		return;
	}
	if (!json_bool(json_get(duty, "covered"), false)) {
		put_title(MSG_ID("on duty"), TITLE);
		printf("%s\n", msg(MSG_ID("nobody has the watch now")));
	}
	put_people(s, now, true);
	put_people(s, now, false);
	if (next != NULL && !json_is_null(next))
		put_next(s, next);
}

static void put_text(const struct status *s)
{
	struct str version = json_get_str(s->health, "version");
	struct str unit = json_get_str(s->board, "unit");

	printf("canh %.*s  ", STR_ARG(version));
	put_cell(unit, UNIT_NAME);
	printf("\n");
	put_processes(s);
	put_self(s);
	put_alerts(s);
	put_duty(s);
	put_sources(s);
	put_lists(s);
}

static void put_json(const struct status *s)
{
	static const char *const keys[] = { "board", "health", "sources", "lists" };
	struct buf out = BUF(4 * ANSWER_MAX);
	struct jsonw w = { .out = &out };

	jsonw_open(&w, '{');
	for (size_t i = 0; i < COUNT(keys); i++) {
		jsonw_key(&w, keys[i]);
		jsonw_raw(&w, buf_str(&s->body[i]));
	}
	jsonw_close(&w, '}');
	fwrite(out.p, 1, out.n, stdout);
	putchar('\n');
	buf_free(&out);
}

/* 0: all processes run and no alert is overdue; 1: something is not as it should be. */
static int verdict(const struct status *s)
{
	bool well = str_eq(json_get_str(s->health, "status"), STR("ok")) &&
		    number(json_get(s->board, "alerts"), "overdue") == 0;

	return well ? EXIT_DONE : EXIT_NOT;
}

int cmd_status(int argc, char **argv)
{
	static struct status s = { .data = "var", .format = "text" };
	const struct opt table[] = {
		{ "data", OPT_TEXT, &s.data, "DIR", MSG_ID("the data folder") },
		{ "format", OPT_CHOICE, &s.format, "text|jsonl", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"status",
		"",
		MSG_ID("One screen of what runs, what arrives and what is open. "
		       "The exit status is 1 when a process is down or an alert overdue."),
		table,
		COUNT(table),
		0,
		0
	};
	struct err why = { 0 };
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	s.now = time_now();
	s.mine = (struct own_token){ s.data, "status", ROLE_VIEWER };
	own_token_kept(&s.mine, s.token);
	if (!ask_all(&s, &why)) {
		command_complain(&why);
		return why.kind == ERR_ABSENT ? EXIT_NOT : EXIT_INPUT;
	}
	(strcmp(s.format, "text") == 0 ? put_text : put_json)(&s);
	int status = verdict(&s);
	struct json *const parsed[] = { s.health, s.board, s.sources, s.lists };
	for (size_t i = 0; i < COUNT(parsed); i++) {
		json_free(parsed[i]);
		buf_free(&s.body[i]);
	}
	return status;
}
