/* SPDX-License-Identifier: Apache-2.0 */
/* board_tasks.c - three things to do now: clocks that run out, what fails, what nobody can see yet. */
#include "govern/board_int.h"

#include "base/utf8.h"
#include "govern/metrics_int.h"

#include <stdio.h>

enum { URGENT = 2, WHY_MAX = 160 };

struct db_rows *board_urgent(struct board *b, int64_t limit)
{
	/* What has a clock stands before any time to come (respond/). The first of each home and severity,
	 * of these the first: others' alerts are not walked over. */
	return db_query(
		b->db,
		"SELECT a.id, a.urgency, a.title_vi, a.title_en, u.display_name, a.severity,"
		" coalesce(a.matched, ''), coalesce((SELECT min(p.value) FROM alert_places p"
		" WHERE p.alert = a.id AND p.kind = 'host'), '') FROM alert_counts h"
		" CROSS JOIN alerts a LEFT JOIN users u ON u.id = a.assignee"
		" WHERE a.id IN (SELECT id FROM alerts WHERE " OF_HOME
		" AND urgency < $1 ORDER BY urgency, id LIMIT $2) AND " OPEN_HOMES(
			"$3", "$4") " ORDER BY a.urgency, a.id LIMIT $2",
		DB_VALS(V_TIME(b->now + 3650 * TIME_DAY), V_INT(limit), SCOPE_VALS(&b->scope)),
		b->why);
}

struct task {
	struct both title, why; /* why: empty, nothing more is known */
	struct str owner, link;
	int64_t due;
};

static void put_task(struct board *b, const struct task *t)
{
	jsonw_open(b->w, '{');
	both_put(b->w, "title", t->title);
	if (t->why.vi.n > 0) {
		both_put(b->w, "why", t->why);
	} else {
		jsonw_key(b->w, "why");
		jsonw_null(b->w);
	}
	jsonw_kv_str(b->w, "owner", t->owner);
	jsonw_kv_time(b->w, "due", t->due);
	jsonw_kv_str(b->w, "link", t->link);
	jsonw_close(b->w, '}');
}

/* The beginning of a text, cut between two letters. */
static struct str beginning(struct str s, size_t max)
{
	size_t at = 0, next;
	uint32_t cp;

	while (at < s.n && (next = utf8_next(s, at, &cp)) <= max)
		at = next;
	return str_sub(s, 0, at);
}

/* Where it was seen and what was found there. */
static struct str place_of(struct arena *a, struct str host, struct str matched)
{
	struct str what = beginning(matched, WHY_MAX);

	return arena_printf(a, "%.*s%s%.*s", STR_ARG(host), host.n > 0 && what.n > 0 ? " · " : "",
			    STR_ARG(what));
}

static bool task_alerts(struct board *b, size_t *n)
{
	struct db_rows *r = board_urgent(b, URGENT);

	while (db_next(r)) {
		struct arena scratch = b->a;
		struct str why = place_of(&scratch, db_text(r, 7), db_text(r, 6));
		const struct task t = {
			.title = { db_text(r, 2), db_text(r, 3) },
			.why = { why, why },
			.owner = db_is_null(r, 4) ? (struct str){ NULL, 0 } : db_text(r, 4),
			.link = arena_printf(&scratch, "#/alerts/%.*s", STR_ARG(db_text(r, 0))),
			.due = db_int(r, 1),
		};

		put_task(b, &t);
		++*n;
	}
	return db_end(r, b->why);
}

/* Somebody was to be woken, and was not. */
static bool task_notices(struct board *b, size_t *n)
{
	struct arena scratch = b->a;
	int64_t lost = 0;
	struct err why = { 0 };

	if (!scope_is_whole(&b->scope))
		return true;
	if (!board_given_up(b, &lost))
		return false;
	if (lost == 0)
		return true;
	(void)err_set(&why, ERR_STATE, 0, "%jd notices within a day went to nobody",
		      (intmax_t)lost);
	const struct task t = { .title = both_of(MSG_ID("Mend the way of the notices")),
				.why = reason_both(&scratch, &why),
				.owner = { NULL, 0 },
				.link = STR("#/notices"),
				.due = TIME_NONE };
	put_task(b, &t);
	++*n;
	return true;
}

static struct both both_in(const struct json *v)
{
	return (struct both){ json_get_str(v, "vi"), json_get_str(v, "en") };
}

/* Of a way in, as a control test calls it ("udp 127.0.0.1:514"), in words. */
static struct err failed_test(struct str subject)
{
	static const struct {
		struct str start;
		const char *protocol, *title; /* one of them */
	} ways[] = {
		{ STR("udp "), "UDP", NULL },
		{ STR("tcp "), "TCP", NULL },
		{ STR("tls "), "TLS", NULL },
		{ STR("push"), NULL, MSG_ID("Logs pushed over HTTP failed their control test") },
		{ STR("bulk"), NULL,
		  MSG_ID("Logs pushed in the way of Elasticsearch (_bulk) failed their control "
			 "test") },
		{ STR("file"), NULL, MSG_ID("Following log files failed its control test") },
		{ STR("drop"), NULL, MSG_ID("The drop folder failed its control test") },
	};
	struct err e = { .kind = ERR_STATE, .id = MSG_ID("The rules failed their control test") };

	for (size_t i = 0; i < COUNT(ways); i++) {
		if (!str_starts(subject, ways[i].start))
			continue;
		e.id = ways[i].title;
		if (ways[i].protocol != NULL && subject.p != NULL)
			(void)err_set(&e, ERR_STATE, 0,
				      "Syslog over %s at %.*s failed its control test",
				      ways[i].protocol,
				      STR_ARG(str_sub(subject, ways[i].start.n, subject.n)));
	}
	return e;
}

/* Where canh does not see: what failed of its own tests, and what to do. */
static void task_controls(struct board *b, size_t *n)
{
	const struct json *all = json_get(b->live, "controls");

	for (size_t i = 0; i < json_count(all) && *n < BOARD_TASKS; i++) {
		const struct json *c = json_at(all, i);
		struct arena scratch = b->a;
		struct str subject = json_get_str(c, "subject");
		struct both next = both_in(json_get(c, "next"));
		struct err title = failed_test(subject);

		if (!str_eq(json_get_str(c, "state"), STR("failed")))
			continue;
		const struct task t = {
			.title = reason_both(&scratch, &title),
			.why = next,
			.owner = { NULL, 0 },
			.link = STR("#/sources"),
			.due = TIME_NONE,
		};
		put_task(b, &t);
		++*n;
	}
}

static void task_failed(struct board *b, size_t *n)
{
	for (size_t i = 0; i < b->n_failed && *n < BOARD_TASKS; i++, ++*n) {
		struct arena scratch = b->a;
		const struct task t = {
			.title = b->failed[i]->brief,
			.why = b->failed_why[i],
			.owner = { NULL, 0 },
			.link = arena_printf(&scratch, "#/board/measure/%.*s",
					     STR_ARG(b->failed[i]->id)),
			.due = TIME_NONE,
		};

		put_task(b, &t);
	}
}

/* What must be set up before anything can be known. */
static void task_unknown(struct board *b, size_t *n)
{
	const char *said = NULL;

	for (size_t i = 0; b->d != NULL && i < n_metrics && *n < BOARD_TASKS; i++) {
		const struct metric *m = &metrics[i];
		struct check c = { .metric = m,
				   .compare = IS_GE,
				   .within = TIME_NONE,
				   .fresh = TIME_NONE,
				   .list_age = TIME_NONE,
				   .limit = TIME_NONE };
		struct metric_look l = { b->db,  b->a,    b->d,          &c, b->live, b->now,
					 b->now, b->unit, { .unit = "" } };
		struct metric_found f = { .of = -1, .at = TIME_NONE, .list_at = TIME_NONE };
		struct arena scratch = b->a;

		if (m->todo == NULL || m->needs_control || !m->query(&l, &f, NULL) || f.known)
			continue;
		const char *todo = f.todo != NULL ? f.todo : m->todo;
		if (todo == said)
			continue;
		said = todo;
		const struct task t = {
			.title = both_of(todo),
			.why = f.todo != NULL ? reason_both(&scratch, &f.unknown)
					      : both_of(m->title),
			.owner = { NULL, 0 },
			.link = arena_printf(&scratch, "#/%s", m->link),
			.due = TIME_NONE,
		};
		put_task(b, &t);
		++*n;
	}
}

bool board_put_tasks(struct board *b)
{
	size_t n = 0;

	jsonw_key(b->w, "tasks");
	jsonw_open(b->w, '[');
	if (!task_notices(b, &n) || !task_alerts(b, &n))
		return false;
	task_controls(b, &n);
	task_failed(b, &n);
	if (scope_is_whole(&b->scope)) /* what the house lacks is for those who can set it up */
		task_unknown(b, &n);
	jsonw_close(b->w, ']');
	return true;
}
