/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live.c - the moving state of the house as desk knows it, for the page and for the metrics.
 *
 * Always answers: a process that is away, a store that cannot be read is said, not waited for.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "proc/desk_int.h"
#include "respond/control.h"
#include "state/source_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#define ROOM ((size_t)64 << 20)

/* How long a source of a class may be quiet before it counts as silent. */
static const struct {
	const char *class;
	int64_t quiet;
} patience[] = {
	{ "server", TIME_HOUR },
	{ "appliance", 15 * TIME_MINUTE },
	{ "workstation", 4 * TIME_DAY }, /* over a week-end and the day after */
	{ "unknown", TIME_DAY },
};

struct live {
	struct desk *d;
	struct arena a;
	struct jsonw w;
	int64_t now;
	const struct source_row *rows;
	size_t n_rows;
};

static const char *class_of(const struct live *l, const char *id, struct str *name)
{
	static const char unknown[] = "unknown";

	*name = (struct str){ NULL, 0 };
	for (size_t i = 0; i < l->n_rows; i++) {
		if (!str_eq(l->rows[i].source, str_of(id)))
			continue;
		*name = l->rows[i].name;
		for (size_t k = 0; k < COUNT(patience); k++)
			if (str_eq(l->rows[i].class, str_of(patience[k].class)))
				return patience[k].class;
	}
	return unknown;
}

static const char *state_of(const struct live *l, const struct source_info *s, const char *class,
			    int64_t passed, int64_t failed)
{
	if (failed != TIME_NONE && (passed == TIME_NONE || failed > passed))
		return "lost_control";
	if (s->last_seen == TIME_NONE || s->stored == 0)
		return "never";
	for (size_t i = 0; i < COUNT(patience); i++)
		if (strcmp(class, patience[i].class) == 0 &&
		    l->now - s->last_seen > patience[i].quiet)
			return "silent";
	return "live";
}

static void write_counts(struct jsonw *w, const char *key, const struct source_count *c, size_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	for (size_t i = 0; i < n; i++) {
		jsonw_key_str(w, c[i].name);
		jsonw_int(w, (int64_t)c[i].n);
	}
	jsonw_close(w, '}');
}

static void write_control(struct live *l, const char *id, int64_t *passed, int64_t *failed)
{
	struct err why = { 0 };

	*passed = *failed = TIME_NONE;
	if (!control_last(l->d->db, CONTROL_SOURCE, str_of(id), passed, failed, &why))
		*passed = *failed = TIME_NONE;
	jsonw_key(&l->w, "control");
	if (*passed == TIME_NONE && *failed == TIME_NONE) {
		jsonw_null(&l->w);
		return;
	}
	jsonw_open(&l->w, '{');
	jsonw_kv_time(&l->w, "last_passed", *passed);
	jsonw_kv_time(&l->w, "last_failed", *failed);
	jsonw_close(&l->w, '}');
}

/* Doors whose sender learns that its data is safe. */
static bool acknowledged(enum source_kind k)
{
	return k != SOURCE_UDP && k != SOURCE_TCP && k != SOURCE_TLS;
}

static void write_source(struct live *l, const struct source_info *s)
{
	char id[24];
	struct str name;
	int64_t passed, failed;

	snprintf(id, sizeof id, "%u", s->id);
	const char *class = class_of(l, id, &name);
	if (name.p == NULL)
		name = s->name.n > 0 && s->peer.n == 0 ? s->name
		       : s->kind >= SOURCE_PUSH        ? s->name
						       : s->peer;
	jsonw_open(&l->w, '{');
	jsonw_kv_str(&l->w, "id", str_of(id));
	jsonw_kv_str(&l->w, "name", name.p == NULL ? STR("") : name);
	jsonw_kv_str(&l->w, "kind", str_of(source_kind_name((enum source_kind)s->kind)));
	jsonw_kv_str(&l->w, "peer", s->peer);
	jsonw_kv_str(&l->w, "class", str_of(class));
	jsonw_kv_int(&l->w, "received", (int64_t)(s->stored + s->dropped));
	jsonw_kv_int(&l->w, "stored", (int64_t)s->stored);
	/* a record counts as received when its commit does: nothing is between */
	jsonw_kv_int(&l->w, "pending", 0);
	write_counts(&l->w, "dropped", s->drops, s->n_drops);
	jsonw_kv_int(&l->w, "dropped_today", (int64_t)(s->dropped - s->before_dropped));
	jsonw_kv_int(&l->w, "unparsed", (int64_t)s->unparsed);
	jsonw_kv_int(&l->w, "unparsed_today", (int64_t)(s->unparsed - s->before_unparsed));
	jsonw_kv_int(&l->w, "stored_today", (int64_t)(s->stored - s->before_stored));
	write_counts(&l->w, "formats", s->formats, s->n_formats);
	jsonw_kv_int(&l->w, "hosts", (int64_t)s->hosts);
	jsonw_kv_time(&l->w, "first_seen", s->first_seen);
	jsonw_kv_time(&l->w, "last_seen", s->last_seen);
	write_control(l, id, &passed, &failed);
	jsonw_kv_str(&l->w, "state", str_of(state_of(l, s, class, passed, failed)));
	jsonw_kv_bool(&l->w, "acknowledged_delivery", acknowledged((enum source_kind)s->kind));
	jsonw_kv_bool(&l->w, "overflow", s->overflow);
	jsonw_close(&l->w, '}');
}

static void write_sources(struct live *l)
{
	char folder[4096];
	const struct source_info *sources = NULL;
	struct source_row *rows = NULL;
	struct err why = { 0 };
	size_t n = 0;

	snprintf(folder, sizeof folder, "%.*s/store", STR_ARG(l->d->config->data));
	struct store_reader *store = store_reader_new(folder, NULL);
	if (store == NULL || !store_sources(store, &l->a, &sources, &n, &why))
		n = 0; /* nothing stored yet, or unreadable: no source is claimed */
	jsonw_key(&l->w, "sources");
	jsonw_open(&l->w, '[');
	pthread_mutex_lock(&l->d->lock);
	if (!source_row_all(l->d->db, &l->a, &rows, &l->n_rows, &why))
		l->n_rows = 0;
	l->rows = rows;
	for (size_t i = 0; i < n; i++)
		write_source(l, &sources[i]);
	pthread_mutex_unlock(&l->d->lock);
	jsonw_close(&l->w, ']');
	store_reader_free(store);
}

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
	write_sources(l);
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
