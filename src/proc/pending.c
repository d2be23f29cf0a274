/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/pending.h"

#include "base/json.h"
#include "base/num.h"

#include <pthread.h>
#include <stdlib.h>

enum { SOURCES = 16384, TOLD_BYTES = 1 << 20 };

struct pending {
	pthread_mutex_t lock;
	int64_t received[SOURCES]; /* by number */
};

struct pending *pending_new(void)
{
	struct pending *p = calloc(1, sizeof *p);

	if (p != NULL)
		pthread_mutex_init(&p->lock, NULL);
	return p;
}

void pending_free(struct pending *p)
{
	if (p != NULL)
		pthread_mutex_destroy(&p->lock);
	free(p);
}

void pending_take(struct pending *p, struct str counters)
{
	const struct json *v;
	const void *it = NULL;
	struct json *j = NULL;
	struct str key;

	if (!json_parse(counters, TOLD_BYTES, &j, NULL))
		return;
	pthread_mutex_lock(&p->lock);
	while ((it = json_next(json_get(j, "sources"), it, &key, &v)) != NULL) {
		int64_t n;
		uint64_t id;

		if (num_parse(key, 1, SOURCES - 1, &id) && json_int(json_get(v, "received"), &n) &&
		    n >= 0)
			p->received[id] = n;
	}
	pthread_mutex_unlock(&p->lock);
	json_free(j);
}

void pending_forget(struct pending *p)
{
	pthread_mutex_lock(&p->lock);
	memset(p->received, 0, sizeof p->received);
	pthread_mutex_unlock(&p->lock);
}

int64_t pending_of(struct pending *p, uint32_t source, int64_t durable)
{
	int64_t n = 0;

	pthread_mutex_lock(&p->lock);
	if (source < SOURCES && p->received[source] > durable)
		n = p->received[source] - durable;
	pthread_mutex_unlock(&p->lock);
	return n;
}
