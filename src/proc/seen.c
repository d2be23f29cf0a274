/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seen.c - "rules that can fire" needs to know for seven days which log sources were seen; kept as one
 * setting of the state.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "proc/jobs_int.h"
#include "proc/tally.h"

#include <stdio.h>

static const char setting[] = "log_sources_seen";

static void put(struct desk *d, struct str key, int64_t at)
{
	size_t i = 0;

	while (i < d->n_seen && !str_eq(key, str_of(d->seen[i].key)))
		i++;
	if (i == SEEN_MAX || key.n >= sizeof d->seen[0].key)
		return;
	if (i == d->n_seen) {
		d->n_seen++;
		snprintf(d->seen[i].key, sizeof d->seen[i].key, "%.*s", STR_ARG(key));
		d->seen[i].at = at;
	}
	if (at > d->seen[i].at)
		d->seen[i].at = at;
}

static void take_all(struct desk *d, const struct json *seen)
{
	const struct json *v;
	const void *it = NULL;
	struct str key;
	int64_t at;

	pthread_mutex_lock(&d->told);
	while ((it = json_next(seen, it, &key, &v)) != NULL)
		if (json_int(v, &at))
			put(d, key, at);
	pthread_mutex_unlock(&d->told);
}

static void keep_tally(struct desk *d, const struct json *told)
{
	struct err why = { 0 };

	pthread_mutex_lock(&d->lock);
	if (!tally_keep(d->db, told, &why))
		log_error("hits that are only counted: %s", why.text);
	pthread_mutex_unlock(&d->lock);
}

void seen_take(struct desk *d, struct str counters)
{
	struct json *j = NULL;

	if (!json_parse(counters, 1 << 20, &j, NULL))
		return;
	take_all(d, json_get(j, "seen"));
	keep_tally(d, j);
	json_free(j);
}

bool seen_load(struct desk *d, struct err *why)
{
	struct arena whole;
	struct str text = { NULL, 0 };
	struct json *j = NULL;

	if (!arena_reserve(&whole, 1 << 20))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	pthread_mutex_lock(&d->lock);
	bool ok = state_setting(d->db, &a, setting, &text, why);
	pthread_mutex_unlock(&d->lock);
	if (ok && text.n > 0 && (ok = json_parse(text, 1 << 20, &j, why))) {
		take_all(d, j);
		json_free(j);
	}
	arena_release(whole);
	return ok;
}

bool seen_save(struct desk *d, struct err *why)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	pthread_mutex_lock(&d->told);
	for (size_t i = 0; i < d->n_seen; i++)
		jsonw_kv_int(&w, d->seen[i].key, d->seen[i].at);
	pthread_mutex_unlock(&d->told);
	jsonw_close(&w, '}');
	pthread_mutex_lock(&d->lock);
	bool ok = state_setting_put(d->db, setting, buf_str(&b), "canh", why);
	pthread_mutex_unlock(&d->lock);
	buf_free(&b);
	return ok;
}
