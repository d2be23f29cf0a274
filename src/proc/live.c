/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.c - the moving state of the house as desk knows it, for the page and for the metrics.
 *
 * Always answers: a process that is away, a store that cannot be read is said, not waited for.
 */
#include "base/json.h"
#include "proc/live_int.h"

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

static int64_t last_seen(const struct desk *d, struct str key)
{
	for (size_t i = 0; i < d->n_seen; i++)
		if (str_eq(key, str_of(d->seen[i].key)))
			return d->seen[i].at;
	return TIME_NONE;
}

struct rule_counts {
	int64_t loaded, refused, can_fire;
};

static void copy_text(struct jsonw *w, const struct json *rule, const char *key)
{
	jsonw_kv_str(w, key, json_get_str(rule, key));
}

static void write_rule(struct live *l, const struct json *rule, struct rule_counts *n)
{
	static const char *const texts[] = { "id",     "title", "title_vi",  "level", "status",
					     "reason", "file",  "logsource", "origin" };
	bool loaded = str_eq(json_get_str(rule, "status"), STR("loaded"));
	int64_t seen = loaded ? last_seen(l->d, json_get_str(rule, "logsource")) : TIME_NONE;
	bool fires = seen != TIME_NONE && l->now - seen <= 7 * TIME_DAY;
	const struct json *tags = json_get(rule, "tags");
	int64_t line = 0;

	n->loaded += loaded;
	n->refused += !loaded;
	n->can_fire += fires;
	jsonw_open(&l->w, '{');
	for (size_t i = 0; i < COUNT(texts); i++)
		copy_text(&l->w, rule, texts[i]);
	if (!json_int(json_get(rule, "line"), &line))
		line = 0;
	jsonw_kv_int(&l->w, "line", line);
	jsonw_kv_bool(&l->w, "can_fire", fires);
	jsonw_kv_time(&l->w, "last_seen_source", seen);
	jsonw_key(&l->w, "tags");
	jsonw_open(&l->w, '[');
	for (size_t i = 0; i < json_count(tags); i++)
		jsonw_str(&l->w, json_str(json_at(tags, i)));
	jsonw_close(&l->w, ']');
	jsonw_close(&l->w, '}');
}

static void write_self(struct live *l, const struct rule_counts *n)
{
	char data[4096];
	struct statvfs fs;
	const struct sandbox_state *walls = process_sandbox();

	snprintf(data, sizeof data, "%.*s", STR_ARG(l->d->config->data));
	jsonw_key(&l->w, "self");
	jsonw_open(&l->w, '{');
	jsonw_key(&l->w, "disk_free_bytes");
	if (statvfs(data, &fs) == 0)
		jsonw_int(&l->w, (int64_t)(fs.f_bavail * fs.f_frsize));
	else
		jsonw_null(&l->w);
	jsonw_key(&l->w, "rules");
	jsonw_open(&l->w, '{');
	jsonw_kv_int(&l->w, "can_fire", n->can_fire);
	jsonw_kv_int(&l->w, "loaded", n->loaded);
	jsonw_kv_int(&l->w, "refused", n->refused);
	jsonw_close(&l->w, '}');
	jsonw_key(&l->w, "sandbox");
	jsonw_open(&l->w, '{');
	jsonw_kv_int(&l->w, "landlock_abi", walls->files ? walls->landlock_abi : 0);
	jsonw_kv_bool(&l->w, "seccomp", walls->syscalls);
	jsonw_close(&l->w, '}');
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

static void write_all(struct live *l)
{
	struct json *told = parsed(l->d, &l->d->processes), *rules = parsed(l->d, &l->d->rules);
	const struct json *items = json_get(rules, "rules");
	struct rule_counts n = { 0 };

	jsonw_open(&l->w, '{');
	bool ready = write_processes(l, told);
	jsonw_kv_bool(&l->w, "ready", ready && items != NULL);
	live_sources(l);
	jsonw_key(&l->w, "rules");
	jsonw_open(&l->w, '[');
	pthread_mutex_lock(&l->d->told);
	for (size_t i = 0; i < json_count(items); i++)
		write_rule(l, json_at(items, i), &n);
	pthread_mutex_unlock(&l->d->told);
	jsonw_close(&l->w, ']');
	write_self(l, &n);
	jsonw_close(&l->w, '}');
	json_free(told);
	json_free(rules);
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
