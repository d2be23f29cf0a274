/* SPDX-License-Identifier: Apache-2.0 */
/*
 * controls.c - positive controls by the clock of content/silence.yaml: an event that the shipped rule
 * content/rules/canh/control.yml must find, for the rules and through each door. Zero alerts must not
 * look like calm.
 *
 * A thread of desk. Each test is told to watch before its event is sent, so that only what was sent is
 * taken for it; a test that does not come back in time has failed, with the place where it was lost.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "proc/controls_int.h"
#include "proc/expected.h"
#include "proc/simclock.h"
#include "respond/control.h"
#include "state/source_row.h"

#include <stdio.h>

enum { TURN_MS = 500, FIRST_S = 12, EXPECT_WAIT_MS = 15000, KEEP_DAYS = 35 };

#define BEATS_MOST TIME_MINUTE

/* --- what watch is to expect --- */

static void put_beat(void *ctx, struct str source, struct str word)
{
	(void)source;
	jsonw_str(ctx, word);
}

static bool put_expected(struct desk *d, struct jsonw *w, struct err *why)
{
	struct db_rows *r = db_query(d->db,
				     "SELECT id, kind, subject FROM control_tests"
				     " WHERE passed IS NULL AND failed IS NULL AND kind <> 'source'"
				     " ORDER BY due LIMIT $1",
				     DB_VALS(V_INT(EXPECTED_CONTROLS)), why);

	jsonw_open(w, '{');
	jsonw_key(w, "controls");
	jsonw_open(w, '[');
	while (db_next(r)) {
		bool rules = str_eq(db_text(r, 1), STR("rules"));

		jsonw_open(w, '{');
		jsonw_kv_str(w, "id", db_text(r, 0));
		jsonw_kv_str(w, "door", rules ? STR("push") : db_text(r, 2));
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	if (!db_end(r, why))
		return false;
	jsonw_key(w, "heartbeats");
	jsonw_open(w, '[');
	bool ok = source_beat_all(d->db, put_beat, w, why);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	return ok;
}

bool desk_expect(struct desk *d, struct err *why)
{
	struct buf ask = BUF(1 << 20), answer = BUF(4096);
	struct jsonw w = { .out = &ask };

	pthread_mutex_lock(&d->lock);
	bool ok = put_expected(d, &w, why);
	pthread_mutex_unlock(&d->lock);
	struct rpc_call call = { .type = WIRE_EXPECT,
				 .payload = buf_str(&ask),
				 .fd = -1,
				 .timeout_ms = EXPECT_WAIT_MS,
				 .again = true };
	ok = ok && rpc_call(d->watch, &call, &answer, NULL, why);
	buf_free(&ask);
	buf_free(&answer);
	return ok;
}

void controls_came(struct desk *d, struct str counters)
{
	struct json *j = NULL;

	if (str_find(counters, STR("\"controls\":[\"")) == counters.n ||
	    !json_parse(counters, 1 << 20, &j, NULL))
		return;
	const struct json *all = json_get(j, "controls");
	pthread_mutex_lock(&d->told);
	for (size_t i = 0; i < json_count(all) && d->n_came < CAME_MAX; i++)
		snprintf(d->came[d->n_came++], UUID_MAX, "%.*s",
			 STR_ARG(json_str(json_at(all, i))));
	pthread_mutex_unlock(&d->told);
	json_free(j);
}

/* --- one test --- */

struct tests {
	struct desk *d;
	bool learned, all_now;
	unsigned settings;                /* those that the doors were learned under */
	bool sent_rules, sent[DOORS_MAX]; /* in this life */
	int64_t beats;                    /* of the heartbeats that watch was told */
	int64_t looked;                   /* monotonic: for missed heartbeats */
	int64_t hunted,
		forgot; /* monotonic: when blind minutes were last hunted, old tests forgotten */
	int64_t lived; /* monotonic: until when the last test has its time, if a hand moves the clock */
};

static bool policy_of(struct desk *d, struct silence *out)
{
	pthread_mutex_lock(&d->quiet.lock);
	bool known = d->quiet.known;
	if (known)
		*out = d->quiet.policy;
	pthread_mutex_unlock(&d->quiet.lock);
	return known;
}

static void run_test(struct tests *t, enum control_kind kind, struct str subject,
		     const struct door_seen *door, const struct control_pace *pace)
{
	struct desk *d = t->d;
	int64_t now = time_now();
	const struct control_plan plan = { kind, subject, now, now + pace->back };
	struct err why = { 0 }, failed = { 0 };
	char id[UUID_MAX];

	t->lived = time_monotonic() + pace->back;
	pthread_mutex_lock(&d->lock);
	bool ok = control_begin(d->db, &plan, id, &why);
	pthread_mutex_unlock(&d->lock);
	if (!ok) {
		log_error("a control test cannot be begun: %s", why.text);
		return;
	}
	if (desk_expect(d, &failed) && control_send(d, door, id, &failed))
		return;
	log_error("control test of %.*s: %s", STR_ARG(subject.n > 0 ? subject : STR("the rules")),
		  failed.text);
	pthread_mutex_lock(&d->lock);
	ok = control_unsent(d->db, str_of(id), time_now(), &failed, &why);
	pthread_mutex_unlock(&d->lock);
	if (!ok && why.kind != ERR_ABSENT)
		log_error("%s", why.text);
	if (d->web != NULL)
		web_publish(d->web, "board", STR("{}"));
}

static bool due(struct tests *t, enum control_kind kind, struct str subject,
		const struct control_pace *pace)
{
	struct control_past p;
	struct err why = { 0 };
	int64_t now = time_now();

	pthread_mutex_lock(&t->d->lock);
	bool ok = control_last(t->d->db, kind, subject, &p, &why);
	pthread_mutex_unlock(&t->d->lock);
	if (!ok) {
		log_error("control tests: %s", why.text);
		return false;
	}
	if (p.sent == TIME_NONE || p.sent > now)
		return true;
	return now >= control_next(&p, pace->every, pace->again);
}

static void run_all(struct tests *t, const struct silence *s, bool now)
{
	struct door_seen doors[DOORS_MAX];
	size_t n, push = 0;

	pthread_mutex_lock(&t->d->told);
	n = t->d->n_doors;
	memcpy(doors, t->d->doors, sizeof doors);
	pthread_mutex_unlock(&t->d->told);
	while (push < n && strcmp(doors[push].subject, "push") != 0)
		push++;
	if (push < n && (now || !t->sent_rules || due(t, CONTROL_RULES, STR(""), &s->rules))) {
		t->sent_rules = true;
		run_test(t, CONTROL_RULES, STR(""), &doors[push], &s->rules);
	}
	for (size_t i = 0; i < n; i++) {
		struct str subject = str_of(doors[i].subject);

		if (!now && t->sent[i] && !due(t, CONTROL_DOOR, subject, &s->doors))
			continue;
		t->sent[i] = true;
		run_test(t, CONTROL_DOOR, subject, &doors[i], &s->doors);
	}
}

/* --- what came of them --- */

static void note_came(struct desk *d)
{
	char came[CAME_MAX][UUID_MAX];
	struct err why = { 0 };
	size_t n;

	pthread_mutex_lock(&d->told);
	n = d->n_came;
	memcpy(came, d->came, n * sizeof came[0]);
	d->n_came = 0;
	pthread_mutex_unlock(&d->told);
	pthread_mutex_lock(&d->lock);
	for (size_t i = 0; i < n; i++)
		if (!control_arrived(d->db, str_of(came[i]), time_now(), &why))
			log_error("control tests: %s", why.text);
	pthread_mutex_unlock(&d->lock);
}

static void expire(struct tests *t, const struct silence *s)
{
	struct desk *d = t->d;
	int64_t now = time_now(), mono = time_monotonic();
	struct err why = { 0 };
	size_t failed = 0;
	int64_t pause = s->proved_for / 24; /* so that a missed heartbeat is said in time */
	bool beats = mono - t->looked >= (pause < BEATS_MOST ? pause : BEATS_MOST);

	if (beats)
		t->looked = mono;
	pthread_mutex_lock(&d->lock);
	/* an hour that a hand skips is none in which a test could come back */
	bool ok = ((simclock_skips() && mono < t->lived) ||
		   control_expire(d->db, now, &failed, &why)) &&
		  (!beats || control_missed(d->db, now - s->proved_for, now, &why));
	pthread_mutex_unlock(&d->lock);
	if (!ok)
		log_error("control tests: %s", why.text);
	if (failed == 0)
		return;
	log_error("%zu control tests did not come back in time", failed);
	if (d->web != NULL)
		web_publish(d->web, "board", STR("{}"));
}

/* Heartbeats that began or ended since watch was told. */
static void tell_beats(struct tests *t)
{
	struct desk *d = t->d;
	struct err why = { 0 };
	int64_t sum = 0;

	pthread_mutex_lock(&d->lock);
	bool ok =
		db_number(d->db,
			  "SELECT coalesce(sum(heartbeat_since % 1000000007), 0) + count(heartbeat)"
			  " FROM source_settings",
			  NULL, 0, &sum, &why);
	pthread_mutex_unlock(&d->lock);
	if (ok && sum != t->beats) {
		ok = desk_expect(d, &why);
		t->beats = ok ? sum : t->beats;
	}
	if (!ok)
		log_error("heartbeats: %s", why.text);
}

/* What need not be done at once. */
static void tidy(struct tests *t, const struct silence *s)
{
	int64_t mono = time_monotonic(), pause = s->hunt_after;
	struct err why = { 0 };

	if (mono - t->hunted >= (pause < BEATS_MOST ? pause : BEATS_MOST)) {
		t->hunted = mono;
		control_hunt(t->d, s);
	}
	if (t->forgot != 0 && mono - t->forgot < TIME_DAY)
		return;
	t->forgot = mono;
	pthread_mutex_lock(&t->d->lock);
	if (!control_forget(t->d->db, time_now() - KEEP_DAYS * TIME_DAY, &why))
		log_warn("old control tests: %s", why.text);
	pthread_mutex_unlock(&t->d->lock);
}

/* At once: the page tells them, too. */
static void learn(struct tests *t)
{
	unsigned settings = __atomic_load_n(&t->d->configure.changes, __ATOMIC_ACQUIRE);
	struct err why = { 0 };

	t->learned = t->learned && t->settings == settings;
	t->settings = settings;
	if (!t->learned && !(t->learned = control_doors(t->d, &why)))
		log_error("the doors are not known: %s", why.text);
}

static void turn(struct tests *t, bool now)
{
	struct silence s;

	note_came(t->d);
	if (!policy_of(t->d, &s))
		return;
	expire(t, &s);
	tell_beats(t);
	if (now || !simclock_skips()) /* he who moves the clock says when, and waits for them */
		run_all(t, &s, now);
	tidy(t, &s);
}

/* False when desk stops; *now: somebody asked for a test. */
static bool await(struct desk *d, int wait_ms, bool *now)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&d->told);
	while (!d->stop && !d->controls_wanted &&
	       pthread_cond_timedwait(&d->told_changed, &d->told, &until) == 0)
		;
	bool go = !d->stop;
	*now = d->controls_wanted;
	d->controls_wanted = false;
	pthread_mutex_unlock(&d->told);
	return go;
}

/* Nothing is sent before there are rules that could find it. */
static bool rules_there(struct desk *d)
{
	pthread_rwlock_rdlock(&d->rules_lock);
	bool there = d->rules != NULL;
	pthread_rwlock_unlock(&d->rules_lock);
	return there;
}

bool desk_control(void *desk, struct err *why)
{
	struct desk *d = desk;

	if (!rules_there(d))
		return err_set(why, ERR_STATE, 0, "the rules are not loaded yet");
	pthread_mutex_lock(&d->told);
	d->controls_wanted = true;
	pthread_cond_broadcast(&d->told_changed);
	pthread_mutex_unlock(&d->told);
	return true;
}

void *desk_controls(void *desk)
{
	struct tests t = { .d = desk, .looked = time_monotonic() };
	int64_t first = time_monotonic() + FIRST_S * TIME_SECOND;
	bool now = false;

	while (await(desk, TURN_MS, &now)) {
		learn(&t);
		if ((now || time_monotonic() >= first) && rules_there(desk))
			turn(&t, now);
	}
	return NULL;
}
