/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exercise.c - an exercise that the page began: one at a time, in a thread of its own, by the door that
 * pushed events take.
 */
#include "base/file.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "proc/controls_int.h"
#include "proc/drill.h"

#include <stdio.h>
#include <stdlib.h>

#define ROOM ((size_t)64 << 20)
enum { SCENARIOS_MAX = 100 };

struct play {
	struct desk *d;
	struct drill drill;
	char path[4096], actor[80];
};

static void told(struct desk *d)
{
	if (d->web != NULL)
		web_publish(d->web, "board", STR("{}"));
}

/* Wait a second; false when desk stops. */
static bool rest(struct desk *d)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	pthread_mutex_lock(&d->told);
	while (!d->stop && pthread_cond_timedwait(&d->told_changed, &d->told, &until) == 0)
		;
	bool go = !d->stop;
	pthread_mutex_unlock(&d->told);
	return go;
}

static bool send_events(struct play *p, struct err *why)
{
	struct buf body = BUF(DRILL_BODY_MAX);
	bool ok = drill_events(&p->drill, &body, why) && control_push(p->d, buf_str(&body), why);

	buf_free(&body);
	return ok;
}

static bool run(struct play *p, bool *played, struct err *why)
{
	struct buf answer = BUF(32 << 20);
	bool all = false;

	bool ok = drill_begin(&p->drill, why) && desk_reload(p->d, &answer, why);
	buf_free(&answer);
	*played = ok && send_events(p, why);
	for (int s = 0; *played && !all && s < DRILL_FOUND_WAIT_S; s++) {
		*played = rest(p->d); /* else it is broken off, and tests nothing */
		all = *played && drill_look(&p->drill, why);
	}
	return all;
}

static void *play(void *arg)
{
	struct play *p = arg;
	struct buf answer = BUF(32 << 20);
	struct err why = { 0 };
	bool played = false;

	if (!run(p, &played, &why))
		log_error("exercise: %s", why.text);
	if (!drill_end(&p->drill, played, &why) ||
	    !desk_reload(p->d, &answer, &why)) /* its list is gone */
		log_error("exercise: %s", why.text);
	buf_free(&answer);
	arena_release(p->drill.a);
	pthread_mutex_lock(&p->d->told);
	p->d->exercising = false;
	pthread_cond_broadcast(&p->d->told_changed);
	pthread_mutex_unlock(&p->d->told);
	told(p->d);
	free(p);
	return NULL;
}

/* A name of content/drills/ and nothing else. */
static bool plain_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return s.n > 0 && s.n <= 64;
}

static struct play *prepare(struct desk *d, struct str scenario, struct str actor, struct err *why)
{
	struct play *p = plain_name(scenario) ? calloc(1, sizeof *p) : NULL;

	if (p == NULL || !arena_reserve(&p->drill.a, ROOM)) {
		free(p);
		err_set(why, ERR_ABSENT, 0, "no such exercise");
		return NULL;
	}
	p->d = d;
	snprintf(p->actor, sizeof p->actor, "%.*s", STR_ARG(actor));
	p->drill.db = d->db;
	p->drill.lock = &d->lock;
	p->drill.who = (struct actor){ .actor = p->actor };
	p->drill.data = d->config->data.p; /* ends in NUL: config.h */
	snprintf(p->path, sizeof p->path, "%.*s/drills/%.*s.yaml", STR_ARG(d->config->content),
		 STR_ARG(scenario));
	if (drill_load(&p->drill, p->path, why))
		return p;
	arena_release(p->drill.a);
	free(p);
	return NULL;
}

static bool claim(struct desk *d, struct err *why)
{
	pthread_mutex_lock(&d->told);
	bool busy = d->exercising || d->stop;
	d->exercising |= !busy;
	pthread_mutex_unlock(&d->told);
	return !busy || err_set(why, ERR_STATE, 0, "an exercise is running already");
}

static bool begin(struct play *p, struct err *why)
{
	pthread_t thread;

	if (!claim(p->d, why))
		return false;
	if (pthread_create(&thread, NULL, play, p) == 0) {
		pthread_detach(thread);
		return true;
	}
	pthread_mutex_lock(&p->d->told);
	p->d->exercising = false;
	pthread_mutex_unlock(&p->d->told);
	return err_set(why, ERR_LIMIT, 0, "cannot start a thread");
}

bool desk_exercise(void *desk, struct str scenario, struct str actor, struct err *why)
{
	struct desk *d = desk;
	struct play *p = prepare(d, scenario, actor, why);

	if (p == NULL)
		return false;
	if (begin(p, why)) {
		told(d);
		return true;
	}
	arena_release(p->drill.a);
	free(p);
	return false;
}

/* Those that play look at `stop` every second, and use the state until they have ended. */
void desk_exercise_end(struct desk *d)
{
	pthread_mutex_lock(&d->told);
	while (d->exercising)
		pthread_cond_wait(&d->told_changed, &d->told);
	pthread_mutex_unlock(&d->told);
}

/* --- what there is --- */

struct listing {
	struct jsonw *w;
	size_t n;
};

static bool put_scenario(void *ctx, const char *path, const char *name)
{
	struct listing *l = ctx;
	struct drill d = { .db = NULL };
	struct str file = str_of(name);

	if (!str_ends(file, STR(".yaml")) || l->n == SCENARIOS_MAX || !arena_reserve(&d.a, ROOM))
		return true;
	struct arena whole = d.a;
	if (drill_load(&d, path, NULL)) {
		l->n++;
		jsonw_open(l->w, '{');
		jsonw_kv_str(l->w, "id", str_sub(file, 0, file.n - 5));
		jsonw_key(l->w, "title");
		jsonw_open(l->w, '{');
		jsonw_kv_str(l->w, "vi", drill_title(&d, LANG_VI));
		jsonw_kv_str(l->w, "en", drill_title(&d, LANG_EN));
		jsonw_close(l->w, '}');
		jsonw_close(l->w, '}');
	}
	arena_release(whole);
	return true;
}

static void unreadable(void *ctx, const char *path, const struct err *why)
{
	(void)ctx, (void)path;
	log_warn("exercises: %s", why->text);
}

bool desk_exercises(void *desk, struct buf *answer, struct err *why)
{
	struct desk *d = desk;
	struct jsonw w = { .out = answer };
	struct listing l = { &w, 0 };
	const struct walk walk = { put_scenario, unreadable, &l };
	struct str last = { NULL, 0 };
	struct arena a;
	char path[4096];

	if (!arena_reserve(&a, 1 << 20))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena whole = a;
	pthread_mutex_lock(&d->lock);
	bool ok = drill_last(d->db, &a, &last, why);
	pthread_mutex_unlock(&d->lock);
	pthread_mutex_lock(&d->told);
	bool running = d->exercising;
	pthread_mutex_unlock(&d->told);
	jsonw_open(&w, '{');
	jsonw_key(&w, "scenarios");
	jsonw_open(&w, '[');
	snprintf(path, sizeof path, "%.*s/drills", STR_ARG(d->config->content));
	if (ok && !file_walk(path, &walk))
		log_warn("exercises cannot be listed");
	jsonw_close(&w, ']');
	jsonw_kv_bool(&w, "running", running);
	jsonw_key(&w, "last");
	jsonw_raw(&w, last.n > 0 ? last : STR("null"));
	jsonw_close(&w, '}');
	arena_release(whole);
	return ok;
}
