/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt.c - minutes in which canh took nothing in, hunted afterwards: what senders handed in later of that
 * time was judged as it came; once they had their time, it is counted and noted. Incomplete answers of the
 * store note nothing: it is tried again.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "govern/govern.h"
#include "proc/controls_int.h"

enum { ANSWER_MAX = 1 << 20 };

/* How many records of [from, to) the store holds; false: it cannot tell now, or not for sure. */
static bool count(struct desk *d, int64_t from, int64_t to, int64_t *out, struct err *why)
{
	struct buf ask = BUF(4096), answer = BUF(ANSWER_MAX);
	struct jsonw w = { .out = &ask };
	struct json *j = NULL;

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "op", STR("histogram"));
	jsonw_kv_str(&w, "q", STR(""));
	jsonw_kv_int(&w, "from", from);
	jsonw_kv_int(&w, "to", to - 1);
	jsonw_kv_int(&w, "buckets", 1);
	jsonw_close(&w, '}');
	bool ok = desk_seek(d, buf_str(&ask), &answer, why) &&
		  json_parse(buf_str(&answer), ANSWER_MAX, &j, why);
	const struct json *c = json_get(j, "coverage");
	if (ok &&
	    (!json_bool(json_get(c, "complete"), false) || json_count(json_get(c, "damaged")) > 0))
		ok = err_set(why, ERR_STATE, 0, "the store could not be searched whole");
	if (ok && !json_int(json_at(json_get(j, "counts"), 0), out))
		ok = err_set(why, ERR_STATE, 0, "the store gave an unreadable answer");
	json_free(j);
	buf_free(&ask);
	buf_free(&answer);
	return ok;
}

static bool hunt(struct desk *d, int64_t until, struct err *why)
{
	struct blind_span span;
	bool found = false;
	int64_t n = 0;

	pthread_mutex_lock(&d->lock);
	bool ok = blind_pending(d->db, until, &span, &found, why);
	pthread_mutex_unlock(&d->lock);
	if (!ok || !found)
		return ok;
	if (!count(d, span.from * TIME_MINUTE, (span.to + 1) * TIME_MINUTE, &n, why))
		return false;
	pthread_mutex_lock(&d->lock);
	ok = blind_hunted(d->db, &span, n, time_now(), why);
	pthread_mutex_unlock(&d->lock);
	if (ok && d->web != NULL)
		web_publish(d->web, "board", STR("{}"));
	return ok;
}

void control_hunt(struct desk *d, const struct silence *s)
{
	struct err why = { 0 };

	if (!hunt(d, time_now() - s->hunt_after, &why))
		log_warn("blind minutes are not hunted yet: %s", why.text);
}
