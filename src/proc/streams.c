/* SPDX-License-Identifier: Apache-2.0 */
/* streams.c - a chained hash table under one mutex. */
#include "proc/streams.h"

#include "base/hash.h"

#include <pthread.h>
#include <stdlib.h>

enum { BUCKETS = 4096 };

struct stream {
	struct stream *next; /* owned */
	struct stream_place at;
	size_t key_len;
	char key[];
};

struct streams {
	pthread_mutex_t lock;
	size_t n;
	struct stream *bucket[BUCKETS]; /* owned */
};

struct streams *streams_new(void)
{
	struct streams *s = calloc(1, sizeof *s);

	if (s != NULL)
		pthread_mutex_init(&s->lock, NULL);
	return s;
}

void streams_free(struct streams *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct stream *at = s->bucket[i], *next; at != NULL; at = next) {
			next = at->next;
			free(at);
		}
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* With the lock held: where the stream hangs, or would hang. */
static struct stream **place_of(struct streams *s, struct str key)
{
	struct stream **at = &s->bucket[hash_quick(key, 0) % BUCKETS];

	while (*at != NULL && !str_eq((struct str){ (*at)->key, (*at)->key_len }, key))
		at = &(*at)->next;
	return at;
}

/* With the lock held: the stream, made when it is new; NULL when it cannot be. */
static struct stream *take(struct streams *s, struct str key)
{
	struct stream **at = place_of(s, key);

	if (*at != NULL || s->n == STREAMS_MAX)
		return *at;
	*at = calloc(1, sizeof **at + key.n);
	if (*at == NULL)
		return NULL;
	(*at)->key_len = key.n;
	if (key.n > 0)
		memcpy((*at)->key, key.p, key.n);
	s->n++;
	return *at;
}

bool streams_put(struct streams *s, struct str key, const struct stream_place *at)
{
	pthread_mutex_lock(&s->lock);
	struct stream *kept = take(s, key);
	if (kept != NULL)
		kept->at = *at;
	pthread_mutex_unlock(&s->lock);
	return kept != NULL;
}

void streams_forget(struct streams *s, struct str key)
{
	pthread_mutex_lock(&s->lock);
	struct stream **at = place_of(s, key), *gone = *at;
	if (gone != NULL) {
		*at = gone->next;
		s->n--;
		free(gone);
	}
	pthread_mutex_unlock(&s->lock);
}

bool streams_find(struct streams *s, struct str key, struct stream_place *out)
{
	pthread_mutex_lock(&s->lock);
	const struct stream *found = *place_of(s, key);
	*out = found == NULL ? (struct stream_place){ 0 } : found->at;
	pthread_mutex_unlock(&s->lock);
	return found != NULL;
}
