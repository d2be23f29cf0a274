/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loads.c - a thread of desk that has watch load rules and lists: at the start of each watch, and when
 * a command line changed them. What the page changes is loaded by who changed it (desk_reload), once.
 *
 * Loading takes seconds; alerts must not wait for it. A load that fails is tried again until one
 * succeeds: a watch without rules finds nothing, and nothing would look like calm.
 */
#include "base/log.h"
#include "proc/desk_int.h"
#include "proc/jobs_int.h"

enum { AGAIN_S = 5, LOADED_NOT = -1 };

static void reload_soon(struct desk *d)
{
	pthread_mutex_lock(&d->told);
	d->reload_wait = true;
	pthread_cond_broadcast(&d->told_changed);
	pthread_mutex_unlock(&d->told);
}

/* A number that grows with every list, exception or import of rules that comes or goes; LOADED_NOT:
 * unknown. */
static int64_t changes(struct desk *d)
{
	struct err why = { 0 };
	int64_t n = LOADED_NOT;

	pthread_mutex_lock(&d->lock);
	bool ok = db_number(d->db,
			    "SELECT (SELECT COUNT(*) + COUNT(removed) FROM lists) + "
			    "(SELECT COUNT(*) + COUNT(removed) FROM exceptions) + "
			    "(SELECT COUNT(*) FROM ledger_entries WHERE kind = 'rules.imported' OR "
			    "kind = 'rules.removed')",
			    NULL, 0, &n, &why);
	pthread_mutex_unlock(&d->lock);
	if (!ok)
		log_warn("the state cannot be read: %s", why.text);
	return ok ? n : LOADED_NOT;
}

bool desk_load_due(struct desk *d)
{
	int64_t now = changes(d), loaded = __atomic_load_n(&d->loaded, __ATOMIC_ACQUIRE);
	bool due = now != LOADED_NOT && loaded != LOADED_NOT && now != loaded;

	if (due)
		reload_soon(d);
	return due;
}

void desk_loading(struct desk *d)
{
	/* what comes while it loads is loaded again */
	__atomic_store_n(&d->loaded, changes(d), __ATOMIC_RELEASE);
}

void desk_loaded(struct desk *d, bool ok, struct str told)
{
	struct err why = { 0 };

	if (!ok) {
		reload_soon(d);
		return;
	}
	pthread_mutex_lock(&d->told);
	d->unloaded = 0;
	pthread_mutex_unlock(&d->told);
	if (!own_findings(d, told, &why))
		log_error("own addresses on lists could not be kept: %s", why.text);
}

static bool load(struct desk *d)
{
	struct buf answer = BUF(32 << 20);
	struct err why = { 0 };
	bool ok = desk_reload(d, &answer, &why);

	if (!ok)
		log_error("rules and lists could not be loaded: %s", why.text);
	buf_free(&answer);
	return ok;
}

/* Until there is something to load; false when desk stops. */
static bool await(struct desk *d)
{
	bool go;

	pthread_mutex_lock(&d->told);
	while (!d->stop && !d->reload_wait)
		pthread_cond_wait(&d->told_changed, &d->told);
	go = !d->stop;
	d->reload_wait = false;
	pthread_mutex_unlock(&d->told);
	return go;
}

static void rest(struct desk *d)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += AGAIN_S;
	pthread_mutex_lock(&d->told);
	while (!d->stop && pthread_cond_timedwait(&d->told_changed, &d->told, &until) == 0)
		;
	pthread_mutex_unlock(&d->told);
}

void *desk_loads(void *desk)
{
	struct desk *d = desk;

	/* the first load is that of the first watch */
	__atomic_store_n(&d->loaded, LOADED_NOT, __ATOMIC_RELEASE);
	while (await(d)) {
		if (load(d))
			continue;
		rest(d); /* desk_loaded() has said that there is something to load */
	}
	return NULL;
}
