/* SPDX-License-Identifier: Apache-2.0 */
/*
 * control.c - canaries that must come back, and the running exercise.
 *
 * A number is believed from when it was made until an hour after it was due: one canary may hit
 * several rules, and a late one is no attack either, though it no longer passes.
 */
#include "respond/control.h"

#include "base/json.h"
#include "respond/alert_int.h"
#include "state/state.h"

#include <stdio.h>

enum { EXERCISE_MAX = 1024 };
static const int64_t late = TIME_HOUR;
static const char setting[] = "exercise";

bool control_begin(struct db *db, const struct control_plan *plan, char id[UUID_MAX],
		   struct err *why)
{
	char unit[UUID_MAX];

	return state_unit(db, unit, why) &&
	       db_run(db,
		      "INSERT INTO control_tests (id, unit, kind, subject, sent, due)"
		      " VALUES ($1, $2, $3, $4, $5, $6)",
		      DB_VALS(V_Z(uuid_new(id)), V_Z(unit), V_Z(control_kind_names[plan->kind]),
			      V_TEXT(plan->subject.p ? plan->subject : STR("")), V_TIME(plan->now),
			      V_TIME(plan->due)),
		      why);
}

struct test {
	char id[UUID_MAX], kind[16], subject[256];
	bool open, arrived;
};

static bool say(struct db *db, const struct test *t, const char *reason, int64_t at,
		struct err *why)
{
	const char *kind = reason == NULL ? "control.passed" : "control.failed";
	const struct ledger_note note = { "canh", kind, str_of(t->id), at };

	return ledger_append(db, &note,
			     LEDGER_FIELDS(F_Z("kind", t->kind), F_Z("subject", t->subject),
					   F_Z("reason", reason == NULL ? "" : reason)),
			     NULL, why);
}

static void take(struct db_rows *r, struct test *t)
{
	db_put(r, 0, t->id, sizeof t->id);
	db_put(r, 1, t->kind, sizeof t->kind);
	db_put(r, 2, t->subject, sizeof t->subject);
	t->open = db_is_null(r, 3) && db_is_null(r, 4);
	t->arrived = !db_is_null(r, 5);
}

bool control_pass(struct db *db, struct str id, int64_t at, bool *out, struct err *why)
{
	struct test t = { .open = false };
	struct db_rows *r =
		db_query(db,
			 "SELECT id, kind, subject, passed, failed, arrived FROM control_tests"
			 " WHERE id = $1 AND sent <= $2 AND due >= $3",
			 DB_VALS(V_TEXT(id), V_TIME(at), V_TIME(at - late)), why);
	bool found = db_next(r);

	if (found)
		take(r, &t);
	if (!db_end(r, why))
		return false;
	*out = found;
	if (!t.open)
		return true;
	return db_run(db, "UPDATE control_tests SET passed = $1 WHERE id = $2",
		      DB_VALS(V_TIME(at), V_Z(t.id)), why) &&
	       say(db, &t, NULL, at, why);
}

static bool fail(struct db *db, const struct test *t, const char *reason, int64_t at,
		 struct err *why)
{
	return db_run(db, "UPDATE control_tests SET failed = $1, reason = $2 WHERE id = $3",
		      DB_VALS(V_TIME(at), V_Z(reason), V_Z(t->id)), why) &&
	       say(db, t, reason, at, why);
}

bool control_arrived(struct db *db, struct str id, int64_t at, struct err *why)
{
	return db_run(db, "UPDATE control_tests SET arrived = $1 WHERE id = $2 AND arrived IS NULL",
		      DB_VALS(V_TIME(at), V_TEXT(id)), why);
}

static bool unsent(struct db *db, struct str id, int64_t at, const struct err *reason,
		   struct err *why)
{
	char vi[ERR_TEXT_MAX], en[ERR_TEXT_MAX];
	struct test t = { .open = false };
	struct db_rows *r =
		db_query(db,
			 "SELECT id, kind, subject, passed, failed, arrived FROM control_tests"
			 " WHERE id = $1",
			 DB_VALS(V_TEXT(id)), why);

	if (db_next(r))
		take(r, &t);
	if (!db_end(r, why))
		return false;
	if (!t.open)
		return err_set(why, ERR_ABSENT, 0, "no such control test");
	err_text(reason, LANG_VI, vi, sizeof vi);
	err_text(reason, LANG_EN, en, sizeof en);
	return db_run(db, "UPDATE control_tests SET detail_vi = $1, detail_en = $2 WHERE id = $3",
		      DB_VALS(V_Z(vi), V_Z(en), V_Z(t.id)), why) &&
	       fail(db, &t, "unsent", at, why);
}

bool control_unsent(struct db *db, struct str id, int64_t at, const struct err *reason,
		    struct err *why)
{
	return db_begin(db, why) && db_leave(db, unsent(db, id, at, reason, why), why);
}

/* One test that is past due fails; *found is false when there is none left. */
static bool expire_one(struct db *db, int64_t now, bool *found, struct err *why)
{
	struct test t;
	struct db_rows *r =
		db_query(db,
			 "SELECT id, kind, subject, passed, failed, arrived FROM control_tests"
			 " WHERE passed IS NULL AND failed IS NULL AND due < $1"
			 " ORDER BY due LIMIT 1",
			 DB_VALS(V_TIME(now)), why);

	*found = db_next(r);
	if (*found)
		take(r, &t);
	if (!db_end(r, why))
		return false;
	return !*found || fail(db, &t, t.arrived ? "unfound" : "lost", now, why);
}

bool control_expire(struct db *db, int64_t now, size_t *n, struct err *why)
{
	bool found = true, ok = true;
	size_t failed = 0;

	if (!db_begin(db, why))
		return false;
	while (ok && found) {
		ok = expire_one(db, now, &found, why);
		failed += ok && found;
	}
	if (!db_leave(db, ok, why))
		return false;
	*n = failed;
	return true;
}

/* --- heartbeats --- */

/* One is sent every hour; so many tests are enough to know. */
static const int64_t beat_every = 4 * TIME_HOUR;

/* A test that is decided as it is made. */
static bool decided(struct db *db, struct str source, const char *reason, int64_t at,
		    struct err *why)
{
	struct test t = { .kind = "source" };
	char unit[UUID_MAX];
	struct db_val none = V_NULL, when = V_TIME(at);

	snprintf(t.subject, sizeof t.subject, "%.*s", STR_ARG(source));
	return state_unit(db, unit, why) &&
	       db_run(db,
		      "INSERT INTO control_tests (id, unit, kind, subject, sent, due, arrived,"
		      " passed, failed, reason) VALUES ($1, $2, $3, $4, $5, $5, $6, $6, $7, $8)",
		      DB_VALS(V_Z(uuid_new(t.id)), V_Z(unit), V_Z(t.kind), V_Z(t.subject), when,
			      reason == NULL ? when : none, reason == NULL ? none : when,
			      reason == NULL ? none : V_Z(reason)),
		      why) &&
	       say(db, &t, reason, at, why);
}

bool control_beat(struct db *db, struct str source, int64_t at, struct err *why)
{
	struct control_past past;

	if (!control_last(db, CONTROL_SOURCE, source, &past, why))
		return false;
	if (!control_failed(&past) && past.passed != TIME_NONE && at - past.passed < beat_every)
		return true;
	return decided(db, source, NULL, at, why);
}

enum { SUBJECTS_AT_ONCE = 64 };

/* Who shall send a heartbeat, and neither did nor is known to have failed since. */
static bool find_missed(struct db *db, int64_t since, char out[][24], size_t *n, struct err *why)
{
	struct db_rows *r =
		db_query(db,
			 "SELECT s.source FROM source_settings s WHERE s.heartbeat IS NOT NULL"
			 " AND s.heartbeat_since < $1 AND NOT EXISTS (SELECT 1 FROM control_tests c"
			 " WHERE c.kind = 'source' AND c.subject = s.source"
			 " AND (c.passed >= $1 OR c.failed >= $1)) ORDER BY s.source LIMIT $2",
			 DB_VALS(V_TIME(since), V_INT(SUBJECTS_AT_ONCE)), why);

	for (*n = 0; *n < SUBJECTS_AT_ONCE && db_next(r); ++*n)
		db_put(r, 0, out[*n], 24);
	return db_end(r, why);
}

static bool missed(struct db *db, int64_t since, int64_t now, struct err *why)
{
	char sources[SUBJECTS_AT_ONCE][24];
	size_t n = 0;

	if (!find_missed(db, since, sources, &n, why))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!decided(db, str_of(sources[i]), "no_beat", now, why))
			return false;
	return true;
}

bool control_missed(struct db *db, int64_t since, int64_t now, struct err *why)
{
	return db_begin(db, why) && db_leave(db, missed(db, since, now, why), why);
}

bool control_forget(struct db *db, int64_t before, struct err *why)
{
	return db_run(db, "DELETE FROM control_tests WHERE sent < $1 AND due < $1",
		      DB_VALS(V_TIME(before)), why);
}

/* --- exercises --- */

/* The setting's number, begin and end; id "" when none runs or ever ran. */
static bool running(struct db *db, char id[UUID_MAX], int64_t *from, int64_t *until,
		    struct err *why)
{
	unsigned char mem[EXERCISE_MAX];
	struct arena a = { mem, mem + sizeof mem };
	struct str text;
	struct json *v = NULL;

	id[0] = '\0';
	*from = *until = 0;
	if (!state_setting(db, &a, setting, &text, why))
		return false;
	if (text.n == 0)
		return true;
	if (!json_parse(text, EXERCISE_MAX, &v, why))
		return false;
	struct str s = json_get_str(v, "id");
	if (uuid_valid(s) && json_int(json_get(v, "from"), from) &&
	    json_int(json_get(v, "until"), until))
		snprintf(id, UUID_MAX, "%.*s", STR_ARG(s));
	json_free(v);
	return true;
}

bool exercise_is(struct db *db, struct str id, int64_t at, bool *out, struct err *why)
{
	char now[UUID_MAX];
	int64_t from, until;

	if (!running(db, now, &from, &until, why))
		return false;
	*out = now[0] != '\0' && str_eq(id, str_of(now)) && at >= from && at <= until + late;
	return true;
}

static bool keep(struct db *db, const struct actor *who, const char *id, int64_t from,
		 int64_t until, struct err *why)
{
	char text[EXERCISE_MAX];

	snprintf(text, sizeof text, "{\"from\":%jd,\"id\":\"%s\",\"until\":%jd}", (intmax_t)from,
		 id, (intmax_t)until);
	return state_setting_put(db, setting, str_of(text), who->actor, why);
}

static bool begin(struct db *db, const struct actor *who, const struct exercise_plan *plan,
		  const char *id, struct err *why)
{
	char old[UUID_MAX];
	int64_t from, end;
	const struct ledger_note note = { who->actor, "exercise.begun", str_of(id), plan->now };

	if (!running(db, old, &from, &end, why))
		return false;
	if (old[0] != '\0' && end > plan->now)
		return err_set(why, ERR_STATE, 0, "an exercise is running already");
	return keep(db, who, id, plan->now, plan->until, why) &&
	       ledger_append(db, &note, LEDGER_FIELDS(F_TEXT("scenario", plan->scenario)), NULL,
			     why);
}

bool exercise_begin(struct db *db, const struct actor *who, const struct exercise_plan *plan,
		    char id[UUID_MAX], struct err *why)
{
	if (plan->until <= plan->now || plan->until > plan->now + TIME_DAY)
		return err_set(why, ERR_INPUT, 0, "an exercise ends within a day");
	if (!db_begin(db, why))
		return false;
	uuid_new(id);
	return db_leave(db, begin(db, who, plan, id, why), why);
}

/* A control test of the rules that was passed or failed at once. */
static bool test_rules(struct db *db, const struct exercise_result *r, int64_t at, struct err *why)
{
	const struct control_plan plan = { CONTROL_RULES, STR(""), at, at };
	struct test t = { .open = true };
	const char *reason = r->found < r->expected ? "unfound" : NULL;

	snprintf(t.kind, sizeof t.kind, "%s", control_kind_names[CONTROL_RULES]);
	if (!control_begin(db, &plan, t.id, why))
		return false;
	if (reason != NULL)
		return fail(db, &t, reason, at, why);
	return db_run(db, "UPDATE control_tests SET arrived = $1, passed = $1 WHERE id = $2",
		      DB_VALS(V_TIME(at), V_Z(t.id)), why) &&
	       say(db, &t, NULL, at, why);
}

static bool tell_result(struct db *db, const struct ledger_note *note,
			const struct exercise_result *r, struct err *why)
{
	if (r == NULL)
		return ledger_append(db, note, LEDGER_FIELDS(F_Z("reason", "broken off")), NULL,
				     why);
	return ledger_append(db, note,
			     LEDGER_FIELDS(F_INT("events", r->events),
					   F_INT("expected", r->expected),
					   F_INT("found", r->found)),
			     NULL, why);
}

static bool end(struct db *db, const struct actor *who, struct str id,
		const struct exercise_result *r, struct err *why)
{
	char now[UUID_MAX];
	int64_t from, until, t = time_now();
	const struct ledger_note note = { who->actor, "exercise.ended", id, t };

	if (!running(db, now, &from, &until, why))
		return false;
	if (!str_eq(id, str_of(now)))
		return err_set(why, ERR_ABSENT, 0, "no such exercise");
	return keep(db, who, now, from, t < until ? t : until, why) &&
	       tell_result(db, &note, r, why) &&
	       (r == NULL || r->expected == 0 || test_rules(db, r, t, why));
}

bool exercise_end(struct db *db, const struct actor *who, struct str id,
		  const struct exercise_result *result, struct err *why)
{
	return db_begin(db, why) && db_leave(db, end(db, who, id, result, why), why);
}
