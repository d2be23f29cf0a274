/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.c - the moving state of the house as desk knows it, for the page and for the metrics.
 *
 * Always answers: a process that is away, a store that cannot be read is said, not waited for.
 */
#include "base/json.h"
#include "proc/live_int.h"
#include "state/aside_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#define ROOM ((size_t)64 << 20)

/* {"watch": {"state": ..}} of the parent to {"watch": "running"} of the API. */
static bool write_processes(struct live *l, const struct json *told)
{
	const struct json *all = json_get(told, "processes"), *v;
	const void *it = NULL;
	struct str key;
	bool ready = json_is_object(all);

	jsonw_key(&l->w, "processes");
	jsonw_open(&l->w, '{');
	while ((it = json_next(all, it, &key, &v)) != NULL) {
		struct str state = json_get_str(v, "state");

		ready = ready && (str_eq(state, STR("running")) || str_eq(key, STR("desk")));
		jsonw_key_str(&l->w, key);
		jsonw_str(&l->w, state);
	}
	jsonw_close(&l->w, '}');
	return ready;
}

/* How often each process had to be started again, and why the last time. */
static void write_restarts(struct live *l, const struct json *told)
{
	const struct json *all = json_get(told, "processes"), *v;
	const void *it = NULL;
	struct str key;
	int64_t n;

	jsonw_key(&l->w, "restarts");
	jsonw_open(&l->w, '[');
	while ((it = json_next(all, it, &key, &v)) != NULL) {
		if (!json_int(json_get(v, "restarts"), &n) || n == 0)
			continue;
		jsonw_open(&l->w, '{');
		jsonw_kv_str(&l->w, "process", key);
		jsonw_kv_str(&l->w, "state", json_get_str(v, "state"));
		jsonw_kv_int(&l->w, "count", n);
		jsonw_kv_str(&l->w, "last_at", json_get_str(v, "last_ended"));
		jsonw_kv_str(&l->w, "how", json_get_str(v, "how"));
		jsonw_close(&l->w, '}');
	}
	jsonw_close(&l->w, ']');
}

static void write_aside(struct live *l)
{
	struct err why = { 0 };
	int64_t all, today;

	pthread_mutex_lock(&l->d->lock);
	bool ok = aside_row_count(l->d->db, l->now - TIME_DAY, &all, &today, &why);
	pthread_mutex_unlock(&l->d->lock);
	jsonw_key(&l->w, "aside");
	if (!ok) {
		jsonw_null(&l->w);
		return;
	}
	jsonw_open(&l->w, '{');
	jsonw_kv_int(&l->w, "count", all);
	jsonw_kv_int(&l->w, "last_24h", today);
	jsonw_close(&l->w, '}');
}

static void write_self(struct live *l, const struct json *told, const struct told_counts *n)
{
	char data[4096];
	struct statvfs fs;
	int64_t day = __atomic_load_n(&l->d->gone.day_bytes, __ATOMIC_RELAXED), left;
	const struct sandbox_state *walls = process_sandbox();

	snprintf(data, sizeof data, "%.*s", STR_ARG(l->d->config->data));
	jsonw_key(&l->w, "self");
	jsonw_open(&l->w, '{');
	jsonw_key(&l->w, "disk_free_bytes");
	bool known = statvfs(data, &fs) == 0;
	left = known ? (int64_t)(fs.f_bavail * fs.f_frsize) : 0;
	if (known)
		jsonw_int(&l->w, left);
	else
		jsonw_null(&l->w);
	int64_t least = (int64_t)(__atomic_load_n(&l->d->configure.min_free_mb, __ATOMIC_RELAXED)
				  << 20);
	jsonw_kv_int(&l->w, "disk_least_bytes", least);
	/* until the first day must go for want of space */
	left -= least;
	if (known && day > 0)
		jsonw_kv_int(&l->w, "disk_days", left > 0 ? left / day : 0);
	jsonw_key(&l->w, "rules");
	jsonw_open(&l->w, '{');
	jsonw_kv_int(&l->w, "can_fire", n->can_fire);
	jsonw_kv_int(&l->w, "loaded", n->loaded);
	jsonw_kv_int(&l->w, "refused", n->refused);
	pthread_mutex_lock(&l->d->told);
	const struct counters_lost lost = l->d->lost;
	pthread_mutex_unlock(&l->d->told);
	jsonw_kv_int(&l->w, "evicted_groups", lost.groups);
	jsonw_kv_int(&l->w, "evicted_matches", lost.matches);
	jsonw_kv_int(&l->w, "late_matches", lost.late);
	jsonw_kv_int(&l->w, "unlooked_windows", lost.windows);
	jsonw_close(&l->w, '}');
	jsonw_key(&l->w, "sandbox");
	jsonw_open(&l->w, '{');
	jsonw_kv_int(&l->w, "landlock_abi", walls->files ? walls->landlock_abi : 0);
	jsonw_kv_bool(&l->w, "seccomp", walls->syscalls);
	jsonw_close(&l->w, '}');
	write_restarts(l, told);
	write_aside(l);
	configure_live(l->d, &l->w);
	jsonw_kv_str(&l->w, "witness_file", l->d->config->witness);
	jsonw_close(&l->w, '}');
}

static struct json *parsed(struct desk *d, struct buf *told)
{
	struct json *j = NULL;

	pthread_mutex_lock(&d->told);
	if (told->n == 0 || !json_parse(buf_str(told), 32 << 20, &j, NULL))
		j = NULL;
	pthread_mutex_unlock(&d->told);
	return j;
}

/* False while nothing was told of them. */
static bool count_rules(struct live *l, struct told_counts *out)
{
	struct arena scratch = l->a;

	pthread_rwlock_rdlock(&l->d->rules_lock);
	struct told_seen seen = { l->now, desk_rules_seen(l->d, &scratch) };
	bool any = l->d->rules != NULL && seen.at != NULL;

	told_rules_count(any ? l->d->rules : NULL, &seen, out);
	pthread_rwlock_unlock(&l->d->rules_lock);
	return any;
}

/* Doors and addresses as the parent told them. */
static void write_open(struct live *l)
{
	pthread_mutex_lock(&l->d->told);
	jsonw_key(&l->w, "open");
	jsonw_raw(&l->w, l->d->open.n > 0 ? buf_str(&l->d->open) : STR("{}"));
	pthread_mutex_unlock(&l->d->told);
}

static void write_all(struct live *l)
{
	struct json *told = parsed(l->d, &l->d->processes);
	struct told_counts n;

	jsonw_open(&l->w, '{');
	bool ready = count_rules(l, &n);
	ready = write_processes(l, told) && ready;
	jsonw_kv_bool(&l->w, "ready", ready);
	live_sources(l);
	write_open(l);
	write_self(l, told, &n);
	jsonw_close(&l->w, '}');
	json_free(told);
}

bool desk_live(void *desk, struct buf *answer)
{
	struct live l = { .d = desk, .w = { .out = answer }, .now = time_now() };

	if (!arena_reserve(&l.a, ROOM))
		return false;
	struct arena whole = l.a;
	write_all(&l);
	arena_release(whole);
	return !answer->full;
}
