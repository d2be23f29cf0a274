/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c - desk's table of rules: kept parsed, asked by the page, counted at every look at the house. */
#include "base/json.h"
#include "proc/desk_int.h"

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

	pthread_rwlock_rdlock(&d->rules_lock);
	struct told_seen seen = { time_now(), desk_rules_seen(d, &a) };
	bool ok = seen.at != NULL ? told_rules_write(d->rules, &seen, &wish, &w, why)
				  : err_set(why, ERR_LIMIT, 0, "no memory");
	pthread_rwlock_unlock(&d->rules_lock);
	arena_release(whole);
	json_free(j);
	return ok && (!answer->full || err_set(why, ERR_LIMIT, 0, "the answer is too long"));
}
