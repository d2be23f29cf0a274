/* SPDX-License-Identifier: Apache-2.0 */
#include "base/queue.h"

#include "base/test.h"

#include <pthread.h>

enum { EACH = 20000 };

static void *producer(void *arg)
{
	for (uintptr_t i = 1; i <= EACH; i++)
		if (!queue_put(arg, (void *)i, 1))
			return arg;
	return NULL;
}

static void *consumer(void *arg)
{
	uintptr_t sum = 0, v;

	while ((v = (uintptr_t)queue_take(arg, -1)) != 0)
		sum += v;
	return (void *)sum;
}

static void threads(void)
{
	struct queue *q = queue_new(16, 16);
	pthread_t in[3], out[2];
	uintptr_t sum = 0;
	void *r;

	for (int i = 0; i < 3; i++)
		pthread_create(&in[i], NULL, producer, q);
	for (int i = 0; i < 2; i++)
		pthread_create(&out[i], NULL, consumer, q);
	for (int i = 0; i < 3; i++) {
		pthread_join(in[i], &r);
		CHECK("all put", r == NULL);
	}
	queue_close(q);
	for (int i = 0; i < 2; i++) {
		pthread_join(out[i], &r);
		sum += (uintptr_t)r;
	}
	CHECK("each taken once", sum == 3 * (uintptr_t)EACH * (EACH + 1) / 2);
	queue_free(q);
}

struct seen {
	void *item[4];
	size_t n;
};

static void look(void *ctx, void *item)
{
	struct seen *s = ctx;

	s->item[s->n++] = item;
}

int main(void)
{
	struct queue *q = queue_new(4, 10);
	int a = 1, b = 2;

	CHECK("empty", queue_take(q, 0) == NULL && queue_take(q, 5) == NULL);
	queue_hold(q, true);
	CHECK("held", !queue_try_put(q, &a, 1) && queue_length(q) == 0);
	queue_hold(q, false);
	CHECK("heavier than the bound goes alone", queue_try_put(q, &a, 50));
	CHECK("no room beside it", !queue_try_put(q, &b, 1));
	CHECK("taken", queue_take(q, 0) == &a && queue_length(q) == 0);
	CHECK("in order", queue_try_put(q, &a, 5) && queue_try_put(q, &b, 5) &&
				  !queue_try_put(q, &b, 1) && queue_take(q, -1) == &a);
	CHECK("put on", queue_try_put(q, &a, 1));
	struct seen seen = { .n = 0 };

	queue_each(q, look, &seen);
	CHECK("each, in order", seen.n == 2 && seen.item[0] == &b && seen.item[1] == &a);
	CHECK("none is taken", queue_length(q) == 2 && queue_take(q, -1) == &b &&
				       queue_take(q, -1) == &a && queue_try_put(q, &b, 5));
	queue_close(q);
	CHECK("closed", !queue_put(q, &a, 1) && queue_closed(q));
	CHECK("what is in comes out", queue_take(q, -1) == &b && queue_take(q, -1) == NULL);
	queue_free(q);
	threads();
	return TEST_REPORT();
}
