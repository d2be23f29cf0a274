/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanes.c - one lock, one line a lane, a cap of running jobs a lane.
 *
 * Invariant: running[lane] <= share[lane]; a worker sleeps only when no lane has both a job in line
 * and room to run it.
 */
#include "web/lanes.h"

#include <pthread.h>
#include <stdlib.h>

enum { LINE_MAX_JOBS = 2048 };

struct line {
	struct job *first, *last;
	unsigned waiting, running, share;
};

struct worker {
	struct lanes *lanes;
	pthread_t thread;
	unsigned number;
};

struct lanes {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct line line[LANES];
	void (*run)(void *ctx, unsigned worker, struct job *job);
	void *ctx;
	struct worker *workers; /* owned */
	unsigned n;
	unsigned turn; /* the lane looked at first, so that none starves */
	bool stopping;
};

/* Of 16 workers. */
static const unsigned shares[LANES] = {
	[LANE_QUICK] = 16, [LANE_PUSH] = 8, [LANE_SEEK] = 5,
	[LANE_UPLOAD] = 2, [LANE_LOOK] = 2, [LANE_SIGNIN] = 2,
};

/* The next job that may run now, or NULL. Lock held. */
static struct job *take(struct lanes *l)
{
	for (unsigned i = 0; i < LANES; i++) {
		struct line *line = &l->line[(l->turn + i) % LANES];

		if (line->first == NULL || line->running == line->share)
			continue;
		struct job *job = line->first;
		line->first = job->next;
		if (line->first == NULL)
			line->last = NULL;
		line->waiting--;
		line->running++;
		l->turn = (l->turn + 1) % LANES;
		return job;
	}
	return NULL;
}

static bool drained(const struct lanes *l)
{
	for (unsigned i = 0; i < LANES; i++)
		if (l->line[i].first != NULL)
			return false;
	return l->stopping;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct lanes *l = w->lanes;

	pthread_mutex_lock(&l->lock);
	for (;;) {
		struct job *job = take(l);

		if (job != NULL) {
			enum lane lane = job->lane;

			pthread_mutex_unlock(&l->lock);
			l->run(l->ctx, w->number, job); /* the job may be gone afterwards */
			pthread_mutex_lock(&l->lock);
			l->line[lane].running--;
			if (l->stopping)
				pthread_cond_broadcast(&l->wake);
			else if (l->line[lane].first != NULL)
				pthread_cond_signal(&l->wake);
		} else if (drained(l)) {
			break;
		} else {
			pthread_cond_wait(&l->wake, &l->lock);
		}
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

struct lanes *lanes_start(unsigned workers, void (*run)(void *ctx, unsigned worker, struct job *),
			  void *ctx, struct err *why)
{
	struct lanes *l = calloc(1, sizeof *l);

	if (l == NULL || (l->workers = calloc(workers, sizeof *l->workers)) == NULL) {
		free(l);
		err_set(why, ERR_IO, 0, "no memory");
		return NULL;
	}
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->wake, NULL);
	l->run = run;
	l->ctx = ctx;
	for (unsigned i = 0; i < LANES; i++) {
		unsigned share = shares[i] * workers / 16;

		l->line[i].share = share > 0 ? share : 1;
	}
	for (; l->n < workers; l->n++) {
		struct worker *w = &l->workers[l->n];

		*w = (struct worker){ .lanes = l, .number = l->n };
		if (pthread_create(&w->thread, NULL, work, w) != 0) {
			lanes_free(l);
			err_set(why, ERR_IO, 0, "cannot start a thread");
			return NULL;
		}
	}
	return l;
}

bool lanes_put(struct lanes *l, struct job *job)
{
	struct line *line = &l->line[job->lane];

	pthread_mutex_lock(&l->lock);
	bool ok = line->waiting < LINE_MAX_JOBS && !l->stopping;
	if (ok) {
		job->next = NULL;
		if (line->last != NULL)
			line->last->next = job;
		else
			line->first = job;
		line->last = job;
		line->waiting++;
		pthread_cond_signal(&l->wake);
	}
	pthread_mutex_unlock(&l->lock);
	return ok;
}

void lanes_stop(struct lanes *l)
{
	if (l == NULL || l->stopping)
		return;
	pthread_mutex_lock(&l->lock);
	l->stopping = true;
	pthread_cond_broadcast(&l->wake);
	pthread_mutex_unlock(&l->lock);
	for (unsigned i = 0; i < l->n; i++)
		pthread_join(l->workers[i].thread, NULL);
}

void lanes_free(struct lanes *l)
{
	if (l == NULL)
		return;
	lanes_stop(l);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->lock);
	free(l->workers);
	free(l);
}
