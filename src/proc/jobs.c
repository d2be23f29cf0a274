/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jobs.c - what desk does unasked: hits to alerts as they come, the rest by the clock.
 *
 * One thread; every job is short, its failure is logged and it is tried again at its next turn.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "govern/govern.h"
#include "proc/desk_int.h"
#include "proc/given.h"
#include "proc/jobs_int.h"
#include "proc/post.h"
#include "proc/simclock.h"
#include "respond/alert.h"
#include "respond/control.h"
#include "respond/hits.h"
#include "state/witness.h"

#include <stdio.h>
#include <stdlib.h>

enum { UNJUDGED_S = 30, JOBS_MAX = 32 };
#define ROOM ((size_t)256 << 20)

struct jobs {
	struct desk *d;
	struct arena whole;
	struct store_reader *store;
	struct sealed sealed;
	struct decoders *decoders;
	struct own_ranges own;
	int64_t next[JOBS_MAX]; /* monotonic, by row of the table */
};

static void publish_alert(struct jobs *j, struct str id, struct arena a)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	struct err why = { 0 };

	pthread_mutex_lock(&j->d->lock);
	bool ok = alert_item_put(j->d->db, a, id, &w, &why);
	pthread_mutex_unlock(&j->d->lock);
	if (ok && j->d->web != NULL)
		web_publish(j->d->web, "alert", buf_str(&b));
	else if (!ok)
		log_warn("alert: %s", why.text);
	buf_free(&b);
}

static void take_hits(struct jobs *j)
{
	for (;;) {
		struct arena a = j->whole;
		struct hits_taken t = { 0 };
		struct source_given *given;
		struct err why = { 0 };
		size_t n;

		pthread_mutex_lock(&j->d->lock);
		bool ok = given_load(&a, j->d->db, &given, &n, &why);
		if (ok)
			store_reader_given(j->store, given, n);
		ok = ok && hits_take(j->d->db, j->store, &a, time_now(), &t, &why);
		pthread_mutex_unlock(&j->d->lock);
		store_reader_given(j->store, NULL, 0); /* they go with the arena */
		if (!ok) {
			log_error("hits could not be taken over: %s", why.text);
			return;
		}
		if (t.n_gaps > 0)
			log_error("hits of %d days could not be read: %s", t.n_gaps, t.gap.text);
		for (size_t i = 0; i < t.n_changed; i++)
			publish_alert(j, t.changed[i], a);
		if (t.hits < HITS_PER_CALL)
			return;
	}
}

static void evaluate(struct jobs *j)
{
	struct buf live = BUF(64 << 20);
	struct live_facts facts = { .at = time_now() };
	struct err why = { 0 };
	size_t changed = 0;

	if (j->d->directives == NULL)
		return;
	if (desk_live(j->d, &live))
		facts.json = buf_str(&live);
	pthread_mutex_lock(&j->d->lock);
	const struct govern_view view = { .db = j->d->db, .a = j->whole, .now = time_now() };
	bool ok = govern_tick(&view, j->d->directives, &facts, &changed, &why);
	pthread_mutex_unlock(&j->d->lock);
	if (!ok)
		log_error("the measures could not be evaluated: %s", why.text);
	else if (changed > 0 && j->d->web != NULL)
		web_publish(j->d->web, "board", STR("{}"));
	buf_free(&live);
}

/* Did the rules fail their last control test? With the lock of the state held. */
static bool rules_failed(struct desk *d)
{
	struct control_past past;
	struct err why = { 0 };

	return control_last(d->db, CONTROL_RULES, STR(""), &past, &why) && control_failed(&past);
}

/* Whether the house sees now; the reason when it does not. With the lock of the state held. */
static const char *blind_reason(struct desk *d)
{
	struct json *j = NULL;
	const char *reason = NULL;

	pthread_mutex_lock(&d->told);
	/* before that it waits for them, and judges what waited with it */
	if (d->unloaded != 0 && time_monotonic() - d->unloaded > UNJUDGED_S * TIME_SECOND)
		reason = "no_rules";
	if (d->processes.n == 0 || !json_parse(buf_str(&d->processes), 1 << 16, &j, NULL))
		reason = "starting";
	pthread_mutex_unlock(&d->told);
	if (j != NULL && !str_eq(json_get_str(json_get(json_get(j, "processes"), "watch"), "state"),
				 STR("running")))
		reason = "watch_down";
	json_free(j);
	return reason == NULL && rules_failed(d) ? "control_failed" : reason;
}

static void beat(struct jobs *j)
{
	struct err why = { 0 };

	/* hours that a hand skips are no hours in which nobody looked */
	if (simclock_skips())
		return;
	pthread_mutex_lock(&j->d->lock);
	bool ok = blind_beat(j->d->db, time_now(), blind_reason(j->d), &why);
	pthread_mutex_unlock(&j->d->lock);
	if (!ok)
		log_error("the minute could not be noted: %s", why.text);
}

/* Lists and exceptions that a command line changed beside us; what the page changes is loaded at once. */
static void notice(struct jobs *j)
{
	if (desk_load_due(j->d) && j->d->web != NULL)
		web_publish(j->d->web, "list", STR("{}"));
}

static void seal(struct jobs *j)
{
	struct err why = { 0 };

	if (!seal_store(j->d, &j->sealed, j->store, j->whole, &why))
		log_error("the store could not be sealed: %s", why.text);
}

/* The newest head goes where this machine, afterwards, cannot change it. */
static void witness(struct jobs *j)
{
	char path[4096];
	struct err why = { 0 };

	if (j->d->config->witness.n == 0)
		return;
	snprintf(path, sizeof path, "%.*s", STR_ARG(j->d->config->witness));
	pthread_mutex_lock(&j->d->lock);
	bool ok = witness_write(j->d->db, path, &why);
	pthread_mutex_unlock(&j->d->lock);
	if (!ok && why.kind != ERR_ABSENT)
		log_error("the witness was not told: %s", why.text);
}

/* A hold may have come to its end, or been placed while watch was away. */
static void hold(struct jobs *j)
{
	struct err why = { 0 };

	if (!desk_hold(j->d, false, &why))
		log_warn("watch could not be told which days are held: %s", why.text);
}

static void quiet(struct jobs *j)
{
	workdays_load(j->d);
	quiet_load(j->d);
}

static void notes(struct jobs *j)
{
	struct err why = { 0 };
	size_t n = 0;

	if (!notes_take(j->d, j->whole, &n, &why))
		log_error("what the parent has noted could not be kept: %s", why.text);
	if (n > 0 && j->d->web != NULL)
		web_publish(j->d->web, "stored", STR("{\"sources\":{}}"));
}

/* Alerts to people. */
static void tell(struct jobs *j)
{
	post_plan(j->d, j->whole);
}

static void remember(struct jobs *j)
{
	struct err why = { 0 };

	if (!seen_save(j->d, &why))
		log_warn("seen log sources could not be kept: %s", why.text);
}

static void certificate(struct jobs *j)
{
	configure_look(j->d);
}

static const struct {
	void (*run)(struct jobs *j);
	int64_t first, every; /* s after the start; s */
} table[] = {
	// clang-format off
	{ take_hits, 5,  5 }, /* also unasked: what watch told may have failed, or been missed */
	{ notice,   2,   2 },
	{ notes,    1,   2 },
	{ tell,     2,   1 },
	{ beat,     5,   60 },
	{ evaluate, 8,   60 },
	{ seal,     20,  60 },
	{ witness,  21,  60 },
	{ quiet,    10,  10 },
	{ hold,     5,   5 }, /* also what a command placed or released */
	{ certificate, 3, 5 },
	{ remember, 120, 300 },
	// clang-format on
};

_Static_assert(COUNT(table) <= JOBS_MAX, "each row has its time");

static void run_due(struct jobs *j)
{
	int64_t now = time_monotonic();

	for (size_t i = 0; i < COUNT(table); i++) {
		if (now < j->next[i])
			continue;
		j->next[i] = now + table[i].every * TIME_SECOND;
		table[i].run(j);
	}
}

static void prepare(struct jobs *j)
{
	char path[4096];
	struct err why = { 0 };
	int64_t now = time_monotonic();

	if (!arena_reserve(&j->whole, ROOM))
		die("no memory");
	snprintf(path, sizeof path, "%.*s/store", STR_ARG(j->d->config->data));
	struct store_reading with = { j->decoders, &j->own };
	j->store = store_reader_new(path, &with);
	if (j->store == NULL)
		die("no memory");
	if (!seen_load(j->d, &why))
		log_warn("seen log sources are not known: %s", why.text);
	for (size_t i = 0; i < COUNT(table); i++)
		j->next[i] = now + table[i].first * TIME_SECOND;
}

void *desk_jobs(void *desk)
{
	static struct jobs j;
	bool stop, hits, judge, sealing;

	j.d = desk;
	prepare(&j);
	do {
		struct timespec until;

		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec++;
		pthread_mutex_lock(&j.d->told);
		if (!j.d->stop && !j.d->hits_wait && !j.d->judge_wait && !j.d->seal_wait)
			pthread_cond_timedwait(&j.d->told_changed, &j.d->told, &until);
		hits = j.d->hits_wait;
		stop = j.d->stop;
		judge = j.d->judge_wait;
		sealing = j.d->seal_wait;
		j.d->hits_wait = j.d->judge_wait = j.d->seal_wait = false;
		pthread_mutex_unlock(&j.d->told);
		if (hits) {
			take_hits(&j);
			tell(&j);
		}
		if (sealing)
			seal(&j);
		if (judge)
			evaluate(&j);
		run_due(&j);
	} while (!stop);
	remember(&j);
	seals_forget(&j.sealed);
	store_reader_free(j.store);
	return NULL;
}
