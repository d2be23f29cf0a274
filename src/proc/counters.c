/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/counters.h"

#include "base/json.h"
#include "base/jsonw.h"
#include "base/num.h"
#include "base/time.h"
#include "base/uuid.h"

enum { KEY_MAX = 200 };

static bool amiss(struct err *why)
{
	return err_set(why, ERR_INPUT, 0, "process %s sent what it may not send", "watch");
}

static bool count(const struct json *j, const char *key, int64_t *out)
{
	return json_int(json_get(j, key), out) && *out >= 0;
}

static size_t members(const struct json *object)
{
	const struct json *v;
	const void *it = NULL;
	struct str key;
	size_t n = 0;

	while ((it = json_next(object, it, &key, &v)) != NULL)
		n++;
	return n;
}

/* Log sources are named in ASCII by content/, lists and exceptions by their ids. */
static bool plain(struct str key)
{
	for (size_t i = 0; i < key.n; i++)
		if (key.p[i] < 0x20 || key.p[i] > 0x7E || key.p[i] == '"' || key.p[i] == '\\')
			return false;
	return key.n > 0 && key.n < KEY_MAX;
}

static bool write_sources(const struct json *sources, struct jsonw *w)
{
	const struct json *v;
	const void *it = NULL;
	struct str key;
	int64_t received, stored;
	uint64_t id;

	if (!json_is_object(sources) || members(sources) > COUNTERS_MANY)
		return false;
	jsonw_key(w, "sources");
	jsonw_open(w, '{');
	while ((it = json_next(sources, it, &key, &v)) != NULL) {
		if (!num_parse(key, 0, UINT32_MAX, &id) || members(v) != 2 ||
		    !count(v, "received", &received) || !count(v, "stored", &stored) ||
		    stored > received)
			return false;
		jsonw_key_str(w, key);
		jsonw_open(w, '{');
		jsonw_kv_int(w, "received", received);
		jsonw_kv_int(w, "stored", stored);
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
	return true;
}

/* {NAME: n}, each n up to `most`. */
static bool numbers(const struct json *object, int64_t most)
{
	const struct json *v;
	const void *it = NULL;
	struct str key;
	int64_t n;

	if (!json_is_object(object) || members(object) > COUNTERS_MANY)
		return false;
	while ((it = json_next(object, it, &key, &v)) != NULL)
		if (!plain(key) || !json_int(v, &n) || n < 0 || n > most)
			return false;
	return true;
}

static bool ids(const struct json *array)
{
	if (!json_is_array(array) || json_count(array) > COUNTERS_MANY)
		return false;
	for (size_t i = 0; i < json_count(array); i++)
		if (!uuid_valid(json_str(json_at(array, i))))
			return false;
	return true;
}

static bool is_one_of(struct str key, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(key, str_of(names[i])))
			return true;
	return false;
}

/* No member but those that have a meaning. */
static bool known_members(const struct json *j)
{
	static const char *const names[] = { "at",         "sources",  "seen",       "lists",
					     "exceptions", "controls", "correlation" };
	const struct json *v;
	const void *it = NULL;
	struct str key;

	while ((it = json_next(j, it, &key, &v)) != NULL)
		if (!is_one_of(key, names, COUNT(names)))
			return false;
	return json_is_object(j);
}

static bool take_lost(const struct json *j, struct counters_lost *out)
{
	return json_is_object(j) && members(j) == 4 && count(j, "groups", &out->groups) &&
	       count(j, "matches", &out->matches) && count(j, "late", &out->late) &&
	       count(j, "windows", &out->windows);
}

static bool check(const struct json *j, struct jsonw *w)
{
	const struct json *lists = json_get(j, "lists"), *exceptions = json_get(j, "exceptions"),
			  *controls = json_get(j, "controls"),
			  *correlation = json_get(j, "correlation");
	struct counters_lost lost;
	bool zone;
	int64_t at;

	if (!known_members(j) || !time_parse_rfc3339(json_get_str(j, "at"), &at, &zone))
		return false;
	jsonw_open(w, '{');
	jsonw_kv_time(w, "at", at);
	bool ok = write_sources(json_get(j, "sources"), w);
	jsonw_close(w, '}');
	/* a clock of theirs that is a day ahead is none of ours */
	return ok && numbers(json_get(j, "seen"), time_now() + TIME_DAY) &&
	       (lists == NULL || numbers(lists, INT64_MAX)) &&
	       (exceptions == NULL || numbers(exceptions, INT64_MAX)) &&
	       (controls == NULL || ids(controls)) &&
	       (correlation == NULL || take_lost(correlation, &lost));
}

bool counters_lost(struct str json, struct counters_lost *out)
{
	struct counters_lost lost;
	struct json *j = NULL;

	if (str_find(json, STR("\"correlation\":{")) == json.n ||
	    !json_parse(json, COUNTERS_BYTES, &j, NULL))
		return false;
	bool ok = take_lost(json_get(j, "correlation"), &lost);
	json_free(j);
	if (ok)
		*out = lost;
	return ok;
}

bool counters_check(struct str json, struct buf *page, struct err *why)
{
	struct buf out = BUF(2 * COUNTERS_BYTES);
	struct jsonw w = { .out = &out };
	struct json *j = NULL;

	if (!json_parse(json, COUNTERS_BYTES, &j, why))
		return false;
	bool ok = check(j, &w) || amiss(why);
	json_free(j);
	if (ok && out.full)
		ok = err_set(why, ERR_LIMIT, 0, "the answer is too long");
	if (ok)
		buf_add(page, buf_str(&out));
	buf_free(&out);
	return ok;
}
