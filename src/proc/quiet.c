/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quiet.c - content/silence.yaml as desk goes by it. Read again when its text changes; a bad file is
 * named with its line and leaves what held before, over a restart, too.
 */
#include "proc/quiet.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "proc/jobs_int.h"

#include <fcntl.h>
#include <stdio.h>

#define ROOM ((size_t)8 << 20)
static const char file_name[] = "silence.yaml";

/* With the lock of `quiet` held. */
static bool use(struct quiet *q, const struct silence *policy, struct err *why)
{
	struct zone *zone = zone_load(str_of(policy->zone), why);

	if (zone == NULL)
		return false;
	zone_free(q->zone);
	q->zone = zone;
	q->policy = *policy;
	q->policy.calendar = q->calendar;
	q->known = true;
	return true;
}

static bool take(struct desk *d, struct arena a, struct str yaml, struct err *why)
{
	struct silence policy;

	if (!silence_parse(a, yaml, &policy, why))
		return false;
	pthread_mutex_lock(&d->quiet.lock);
	bool ok = use(&d->quiet, &policy, why);
	pthread_mutex_unlock(&d->quiet.lock);
	if (!ok)
		return false;
	pthread_mutex_lock(&d->lock);
	ok = silence_put(d->db, yaml, "canh", why);
	pthread_mutex_unlock(&d->lock);
	return ok;
}

/* What held in a former life. */
static void fall_back(struct desk *d, struct arena a)
{
	struct silence policy;
	struct err why = { 0 };

	pthread_mutex_lock(&d->lock);
	bool ok = silence_get(d->db, a, &policy, &why);
	pthread_mutex_unlock(&d->lock);
	pthread_mutex_lock(&d->quiet.lock);
	if (ok && !d->quiet.known && !use(&d->quiet, &policy, &why))
		log_error("%s", why.text);
	pthread_mutex_unlock(&d->quiet.lock);
}

static void note_fault(struct desk *d, const struct err *fault)
{
	if (fault->kind != ERR_NONE)
		log_error("%s line %zu: %s; what held before holds on", file_name, fault->at,
			  fault->text);
	pthread_mutex_lock(&d->quiet.lock);
	d->quiet.fault = *fault;
	pthread_mutex_unlock(&d->quiet.lock);
}

void quiet_load(struct desk *d)
{
	char path[4096];
	struct arena whole;
	struct str yaml = { NULL, 0 };
	struct err why = { 0 };

	if (!arena_reserve(&whole, ROOM))
		return;
	struct arena a = whole;
	snprintf(path, sizeof path, "%.*s/%s", STR_ARG(d->config->content), file_name);
	bool ok = file_load(&a, AT_FDCWD, path, SILENCE_BYTES, &yaml, &why);
	uint64_t sum = ok ? hash_quick(yaml, 1) : 0;
	if (sum != d->quiet.sum || !d->quiet.read) {
		d->quiet.sum = sum;
		d->quiet.read = true;
		if (ok)
			ok = take(d, a, yaml, &why);
		if (!ok)
			fall_back(d, a);
		note_fault(d, &why);
	}
	arena_release(whole);
}
