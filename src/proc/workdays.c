/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workdays.c - content/calendar/ as desk goes by it. Read again and again; a bad file is named with its
 * line and leaves what held before, over a restart, too.
 */
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "proc/jobs_int.h"

#include <stdio.h>

#define ROOM ((size_t)16 << 20)

/* With the lock of `quiet` held. */
static void use(struct quiet *q, const struct calendar *c)
{
	q->calendar = *c;
	q->policy.calendar = *c;
}

static bool keep(struct desk *d, const struct calendar_texts *texts, const struct calendar *c,
		 struct err *why)
{
	pthread_mutex_lock(&d->quiet.lock);
	use(&d->quiet, c);
	pthread_mutex_unlock(&d->quiet.lock);
	pthread_mutex_lock(&d->lock);
	bool ok = calendar_put(d->db, texts, "canh", why);
	pthread_mutex_unlock(&d->lock);
	return ok;
}

/* What held in a former life. */
static void fall_back(struct desk *d, struct arena a)
{
	struct calendar c;

	pthread_mutex_lock(&d->lock);
	bool ok = calendar_get(d->db, a, &c, NULL);
	pthread_mutex_unlock(&d->lock);
	pthread_mutex_lock(&d->quiet.lock);
	if (ok && d->quiet.calendar.n_years == 0)
		use(&d->quiet, &c);
	pthread_mutex_unlock(&d->quiet.lock);
}

static uint64_t sum_of(const struct calendar_texts *texts, const struct err *fault)
{
	uint64_t sum = hash_quick(str_of(fault->text), 1);

	for (size_t i = 0; i < texts->n; i++)
		sum = hash_quick(texts->text[i], sum);
	return sum;
}

static void note_fault(struct desk *d, const struct err *fault)
{
	if (fault->kind != ERR_NONE)
		log_error("calendar: %s; what held before holds on", fault->text);
	pthread_mutex_lock(&d->quiet.lock);
	d->quiet.calendar_fault = *fault;
	pthread_mutex_unlock(&d->quiet.lock);
}

void workdays_load(struct desk *d)
{
	struct calendar_texts texts = { .n = 0 };
	struct err why = { 0 };
	struct calendar c;
	char path[4096];
	struct arena whole;

	if (!arena_reserve(&whole, ROOM))
		return;
	struct arena a = whole;
	snprintf(path, sizeof path, "%.*s/calendar", STR_ARG(d->config->content));
	bool ok = calendar_load(&a, path, &texts, &c, &why);
	uint64_t sum = sum_of(&texts, &why);

	if (sum != d->quiet.calendar_sum) {
		d->quiet.calendar_sum = sum;
		if (!ok || !keep(d, &texts, &c, &why))
			fall_back(d, a);
		note_fault(d, &why);
	}
	arena_release(whole);
}
