/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.c - desk's table of rules: kept parsed, asked by the page, counted at every look at the house;
 * and the imports that some of them came by.
 */
#include "base/json.h"
#include "proc/desk_int.h"
#include "proc/kept_imports.h"

#include <stdio.h>

#define ROOM ((size_t)16 << 20)

static int64_t last_seen(const struct desk *d, struct str key)
{
	for (size_t i = 0; i < d->n_seen; i++)
		if (str_eq(key, str_of(d->seen[i].key)))
			return d->seen[i].at;
	return TIME_NONE;
}

const int64_t *desk_rules_seen(struct desk *d, struct arena *a)
{
	size_t n = told_rules_sources(d->rules);
	int64_t *at = NEW(a, int64_t, n + 1);

	if (at == NULL)
		return NULL;
	pthread_mutex_lock(&d->told);
	for (size_t i = 0; i < n; i++)
		at[i] = last_seen(d, told_rules_source(d->rules, i));
	pthread_mutex_unlock(&d->told);
	return at;
}

bool desk_rules_keep(struct desk *d, struct str told, struct err *why)
{
	struct told_rules *fresh = NULL, *old;

	if (!told_rules_parse(told, &fresh, why))
		return false;
	pthread_rwlock_wrlock(&d->rules_lock);
	old = d->rules;
	d->rules = fresh;
	pthread_rwlock_unlock(&d->rules_lock);
	told_rules_free(old);
	return true;
}

static int64_t number_or(const struct json *j, const char *key, int64_t otherwise)
{
	int64_t n;

	return json_int(json_get(j, key), &n) && n >= 0 ? n : otherwise;
}

bool desk_rules(void *desk, struct str request, struct buf *answer, struct err *why)
{
	struct desk *d = desk;
	struct jsonw w = { .out = answer };
	struct json *j = NULL;
	struct arena whole;

	if (!json_parse(request, 1 << 16, &j, why))
		return false;
	if (!arena_reserve(&whole, ROOM)) {
		json_free(j);
		return err_set(why, ERR_LIMIT, 0, "no memory");
	}
	struct arena a = whole;
	struct told_wish wish = { .q = json_get_str(j, "q"),
				  .state = json_get_str(j, "state"),
				  .from = (size_t)number_or(j, "from", 0),
				  .limit = (size_t)number_or(j, "limit", 100) };

	pthread_mutex_lock(&d->told);
	const struct counters_lost lost = d->lost;
	pthread_mutex_unlock(&d->told);
	pthread_rwlock_rdlock(&d->rules_lock);
	struct told_seen seen = { time_now(), desk_rules_seen(d, &a), lost };
	bool ok = seen.at != NULL ? told_rules_write(d->rules, &seen, &wish, &w, why)
				  : err_set(why, ERR_LIMIT, 0, "no memory");
	pthread_rwlock_unlock(&d->rules_lock);
	arena_release(whole);
	json_free(j);
	return ok && (!answer->full || err_set(why, ERR_LIMIT, 0, "the answer is too long"));
}

bool desk_rule_known(void *desk, struct str id, bool *known, struct err *why)
{
	struct desk *d = desk;

	(void)why;
	pthread_rwlock_rdlock(&d->rules_lock);
	if (d->rules != NULL)
		*known = told_rules_has(d->rules, id);
	pthread_rwlock_unlock(&d->rules_lock);
	return true;
}

struct str desk_list_fault(void *desk, struct arena *a, struct str id, enum lang lang, bool *kept)
{
	struct desk *d = desk;

	pthread_rwlock_rdlock(&d->rules_lock);
	struct str fault = told_rules_list(d->rules, id, lang, kept);
	if (fault.p != NULL)
		fault = arena_str(a, fault);
	pthread_rwlock_unlock(&d->rules_lock);
	return fault;
}

static void write_imports(struct jsonw *w, const struct kept_import *all, size_t n)
{
	jsonw_open(w, '{');
	jsonw_key(w, "items");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		jsonw_open(w, '{');
		jsonw_kv_str(w, "id", str_of(all[i].id));
		jsonw_kv_str(w, "name", all[i].name);
		jsonw_kv_time(w, "imported", all[i].imported);
		jsonw_kv_int(w, "bytes", all[i].bytes);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_kv_str(w, "next", (struct str){ NULL, 0 });
	jsonw_close(w, '}');
}

bool desk_rule_imports(void *desk, struct buf *answer, struct err *why)
{
	struct desk *d = desk;
	struct jsonw w = { .out = answer };
	struct kept_import *all;
	struct arena whole;
	char data[4096];
	size_t n;

	if (!arena_reserve(&whole, ROOM))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	snprintf(data, sizeof data, "%.*s", STR_ARG(d->config->data));
	bool ok = kept_imports_all(&a, data, &all, &n, why);
	if (ok)
		write_imports(&w, all, n);
	arena_release(whole);
	return ok;
}

bool desk_rule_import_remove(void *desk, struct str id, struct str actor, struct err *why)
{
	struct desk *d = desk;
	char data[4096], by[64];

	snprintf(data, sizeof data, "%.*s", STR_ARG(d->config->data));
	snprintf(by, sizeof by, "%.*s", STR_ARG(actor));
	return kept_imports_remove(d->db, &d->lock, data, id, by, why);
}
