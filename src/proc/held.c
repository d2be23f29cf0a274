/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/held.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "store/day.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct held {
	char path[DAY_PATH_MAX];
	pthread_mutex_t lock;
	int64_t began; /* monotonic */
	bool told;     /* by desk, in this life */
	bool read;     /* from the file */
	size_t n;
	struct held_span spans[HELD_SPANS];
};

static bool take_span(struct str text, struct held_span *out)
{
	struct str from;

	return str_split(&text, '/', &from) && day_parse(from, &out->from) &&
	       day_parse(text, &out->to) && out->from <= out->to;
}

bool held_parse(struct str json, struct held_span *out, size_t *n, struct err *why)
{
	struct json *j = NULL;
	bool ok = true;

	if (!json_parse(json, HELD_BYTES, &j, why))
		return false;
	const struct json *days = json_get(j, "days");
	size_t count = json_count(days);

	if (!json_is_array(days) || count > HELD_SPANS)
		ok = err_set(why, ERR_INPUT, 0, "expected at most %d held days", HELD_SPANS);
	for (size_t i = 0; ok && i < count; i++)
		ok = take_span(json_str(json_at(days, i)), &out[i]) ||
		     err_set(why, ERR_INPUT, i, "held day %zu is none", i + 1);
	json_free(j);
	if (ok)
		*n = count;
	return ok;
}

/* What the last watch was told; without it nothing is known yet. */
static void load(struct held *h)
{
	struct arena whole;
	struct str text;
	struct err why = { 0 };

	if (!arena_reserve(&whole, 2 * HELD_BYTES))
		return;
	struct arena a = whole;
	h->read = file_load(&a, AT_FDCWD, h->path, HELD_BYTES, &text, &why) &&
		  held_parse(text, h->spans, &h->n, &why);
	if (!h->read)
		h->n = 0;
	arena_release(whole);
}

struct held *held_new(const char *store_folder)
{
	struct held *h = calloc(1, sizeof *h);

	if (h == NULL)
		return NULL;
	snprintf(h->path, sizeof h->path, "%s/held", store_folder);
	pthread_mutex_init(&h->lock, NULL);
	h->began = time_monotonic();
	load(h);
	return h;
}

void held_free(struct held *h)
{
	if (h == NULL)
		return;
	pthread_mutex_destroy(&h->lock);
	free(h);
}

bool held_set(struct held *h, struct str json, struct err *why)
{
	struct held_span *spans = calloc(HELD_SPANS, sizeof *spans);
	size_t n = 0;

	if (spans == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	bool ok = held_parse(json, spans, &n, why);
	if (ok) {
		pthread_mutex_lock(&h->lock);
		memcpy(h->spans, spans, n * sizeof *spans);
		h->n = n;
		h->told = true;
		pthread_mutex_unlock(&h->lock);
		ok = file_save(AT_FDCWD, h->path, json, 0600, why);
	}
	free(spans);
	return ok;
}

bool held_known(struct held *h, bool space)
{
	pthread_mutex_lock(&h->lock);
	bool known = h->told || (space && h->read &&
				 time_monotonic() - h->began > HELD_WAIT_MS * INT64_C(1000));
	pthread_mutex_unlock(&h->lock);
	return known;
}

bool held_is(struct held *h, int32_t day)
{
	bool is = false;

	pthread_mutex_lock(&h->lock);
	for (size_t i = 0; !is && i < h->n; i++)
		is = day >= h->spans[i].from && day <= h->spans[i].to;
	pthread_mutex_unlock(&h->lock);
	return is;
}
