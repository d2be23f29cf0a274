/* SPDX-License-Identifier: Apache-2.0 */
/* links.c - invariant: live[0..n) in the order of their beginning; a link with users stays. */
#include "proc/links.h"

#include "base/log.h"
#include "proc/rpc.h"

#include <pthread.h>
#include <stdlib.h>

enum { MAX_LIVE = 16 };

struct links {
	pthread_mutex_t lock;
	pthread_cond_t idle;
	struct {
		uint64_t link;
		int fd;
		unsigned users; /* threads that send on it now */
		bool ended;
	} live[MAX_LIVE];
	size_t n;
	uint64_t last;
};

struct links *links_new(void)
{
	struct links *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->idle, NULL);
	return l;
}

void links_free(struct links *l)
{
	if (l == NULL)
		return;
	pthread_cond_destroy(&l->idle);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

uint64_t links_begin(struct links *l, int fd)
{
	uint64_t link = 0;

	pthread_mutex_lock(&l->lock);
	if (l->n < MAX_LIVE) {
		link = ++l->last;
		l->live[l->n].link = link;
		l->live[l->n].users = 0;
		l->live[l->n].ended = false;
		l->live[l->n++].fd = fd;
	}
	pthread_mutex_unlock(&l->lock);
	return link;
}

/* With the lock held: its place, or n. */
static size_t find(const struct links *l, uint64_t link)
{
	size_t i = 0;

	while (i < l->n && l->live[i].link != link)
		i++;
	return i;
}

void links_end(struct links *l, uint64_t link)
{
	size_t at;

	pthread_mutex_lock(&l->lock);
	while ((at = find(l, link)) < l->n && l->live[at].users > 0) {
		l->live[at].ended = true;
		pthread_cond_wait(&l->idle, &l->lock);
	}
	if (at < l->n) {
		l->n--;
		memmove(&l->live[at], &l->live[at + 1], (l->n - at) * sizeof l->live[0]);
	}
	pthread_mutex_unlock(&l->lock);
}

/* The descriptor of a link (0: of the newest) until give(); -1 when it has ended. */
static int borrow(struct links *l, uint64_t *link)
{
	int fd = -1;

	pthread_mutex_lock(&l->lock);
	if (*link == 0 && l->n > 0)
		*link = l->live[l->n - 1].link;
	size_t at = find(l, *link);
	if (at < l->n && !l->live[at].ended) {
		l->live[at].users++;
		fd = l->live[at].fd;
	}
	pthread_mutex_unlock(&l->lock);
	return fd;
}

static void give(struct links *l, uint64_t link)
{
	pthread_mutex_lock(&l->lock);
	size_t at = find(l, link);
	if (--l->live[at].users == 0)
		pthread_cond_broadcast(&l->idle);
	pthread_mutex_unlock(&l->lock);
}

void links_answer(struct links *l, uint64_t link, uint64_t number, struct str json,
		  const struct err *reason)
{
	struct err why = { 0 };
	int fd = borrow(l, &link);

	if (fd == -1)
		return;
	if (!(reason == NULL ? rpc_answer(fd, number, json, &why)
			     : rpc_refuse(fd, number, reason, &why)))
		log_warn("desk: %s", why.text);
	give(l, link);
}

bool links_tell(struct links *l, enum wire_type type, struct str json)
{
	struct err why = { 0 };
	uint64_t link = 0;
	int fd = borrow(l, &link);

	if (fd == -1)
		return false;
	bool ok = wire_tell(fd, type, json, &why);
	if (!ok)
		log_warn("desk: %s", why.text);
	give(l, link);
	return ok;
}
