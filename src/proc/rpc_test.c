/* SPDX-License-Identifier: Apache-2.0 */
/* rpc_test.c - the other process is a thread here: it answers out of order, dies, comes again. */
#include "proc/rpc.h"

#include "base/num.h"
#include "base/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static struct arena whole;

struct asker {
	struct rpc *rpc;
	const char *text;
	bool again, ok;
	int timeout_ms;
	struct buf answer;
	struct err why;
	pthread_t thread;
};

static void *ask(void *arg)
{
	struct asker *q = arg;
	struct rpc_call call = { .type = WIRE_PUSH,
				 .payload = str_of(q->text),
				 .fd = -1,
				 .timeout_ms = q->timeout_ms,
				 .again = q->again };

	q->ok = rpc_call(q->rpc, &call, &q->answer, NULL, &q->why);
	return NULL;
}

static struct asker *begin(struct rpc *r, const char *text, bool again, int timeout_ms)
{
	struct asker *q = calloc(1, sizeof *q);

	*q = (struct asker){ r, text, again, false, timeout_ms, BUF(1 << 16), { 0 }, 0 };
	pthread_create(&q->thread, NULL, ask, q);
	return q;
}

/* Waits for its end; whether it was answered `want`, or failed where want is NULL. */
static bool ended(struct asker *q, const char *want)
{
	pthread_join(q->thread, NULL);
	bool ok = want == NULL ? !q->ok && q->why.kind != ERR_NONE
			       : q->ok && str_eq(buf_str(&q->answer), str_of(want));

	buf_free(&q->answer);
	free(q);
	return ok;
}

/* The next request on `link`; its number, 0 when there is none. Its text goes to out[64]. */
static uint64_t take(int link, char out[64])
{
	struct arena a = whole;
	struct wire_msg m;

	if (!wire_recv(link, PROC_DESK, &a, &m, NULL))
		return 0;
	snprintf(out, 64, "%.*s", STR_ARG(m.payload));
	uint64_t number = m.number;
	wire_drop(&m);
	return number;
}

static void out_of_order(struct rpc *r, int link)
{
	char one[64], two[64];
	struct asker *a = begin(r, "a", false, 5000), *b = begin(r, "b", false, 5000);
	uint64_t n1 = take(link, one), n2 = take(link, two);

	CHECK("numbers differ", n1 != 0 && n2 != 0 && n1 != n2);
	CHECK("an answer to nobody is dropped", rpc_answer(link, 12345, STR("x"), NULL));
	CHECK("sent",
	      rpc_answer(link, n2, str_of(two), NULL) && rpc_answer(link, n1, str_of(one), NULL));
	CHECK("each has its own", ended(a, "a"));
	CHECK("each has its own", ended(b, "b"));
}

static void refused(struct rpc *r, int link)
{
	char text[64];
	struct asker *a = begin(r, "a", false, 5000);
	uint64_t n = take(link, text);
	struct err why = { .kind = ERR_LIMIT, .text = "too long" };

	CHECK("refused", rpc_refuse(link, n, &why, NULL));
	pthread_join(a->thread, NULL);
	CHECK("the reason",
	      !a->ok && a->why.kind == ERR_LIMIT && str_eq(str_of(a->why.text), STR("too long")));
	buf_free(&a->answer);
	free(a);
}

static void too_late(struct rpc *r, int link)
{
	char text[64];
	struct asker *a = begin(r, "slow", false, 100);
	uint64_t n = take(link, text);

	CHECK("gives up", ended(a, NULL));
	CHECK("the late answer hurts nobody", rpc_answer(link, n, STR("late"), NULL));
	a = begin(r, "next", false, 5000);
	n = take(link, text);
	CHECK("goes on", rpc_answer(link, n, STR("yes"), NULL) && ended(a, "yes"));
}

/* The process dies with two requests: the one to be sent again is, the other fails. */
static void restarted(struct rpc *r, int *link)
{
	char text[64];
	int next[2];
	struct asker *a = begin(r, "again", true, 5000);

	CHECK("the first", take(*link, text) != 0);
	struct asker *b = begin(r, "once", false, 5000);
	CHECK("the second", take(*link, text) != 0);
	close(*link);
	CHECK("fails at once", ended(b, NULL));
	struct asker *c = begin(r, "while away", true, 5000);
	struct err why = { 0 };
	struct buf none = BUF(64);
	struct rpc_call call = {
		.type = WIRE_PUSH, .payload = STR("x"), .fd = -1, .timeout_ms = 5000
	};

	CHECK("nobody there", !rpc_call(r, &call, &none, NULL, &why) && why.kind == ERR_STATE);
	if (!CHECK("pair", wire_pair(next, NULL)))
		return;
	rpc_attach(r, next[0]);
	*link = next[1];
	for (int i = 0; i < 2; i++) {
		uint64_t n = take(*link, text);

		CHECK("answered", rpc_answer(*link, n, str_of(text), NULL));
	}
	CHECK("sent again", ended(a, "again"));
	CHECK("sent when it came", ended(c, "while away"));
}

static void too_long(struct rpc *r, int link)
{
	static char big[1 << 17];
	char text[64];
	struct asker *a = begin(r, "big", false, 5000);
	uint64_t n = take(link, text);

	CHECK("sent", rpc_answer(link, n, (struct str){ big, sizeof big }, NULL));
	CHECK("never cut short", ended(a, NULL));
}

/* An error that another process tells is told in the reader's language. */
static void failures(void)
{
	static const struct msg_entry known[] = { { "line %d of '%s'", "dòng %d của '%s'" } };
	struct buf b = BUF(1 << 16);
	struct err why = { 0 }, got = { 0 };
	char text[ERR_TEXT_MAX];

	msg_catalogue(known, 1);
	err_set(&why, ERR_LIMIT, 7, "line %d of '%s'", 3, "a");
	rpc_write_failure(&why, &b);
	CHECK("read", !rpc_read_failure(buf_str(&b), &got));
	CHECK("kind and place", got.kind == ERR_LIMIT && got.at == 7);
	CHECK("Vietnamese",
	      strcmp(err_text(&got, LANG_VI, text, sizeof text), "dòng 3 của 'a'") == 0);
	CHECK("English", strcmp(got.text, "line 3 of 'a'") == 0);
	buf_clear(&b);
	err_set(&why, ERR_IO, 0, "unknown %s", "");
	rpc_write_failure(&why, &b);
	CHECK("read", !rpc_read_failure(buf_str(&b), &got));
	CHECK("not in the catalogue",
	      strcmp(err_text(&got, LANG_VI, text, sizeof text), "unknown ") == 0);
	CHECK("damaged", !rpc_read_failure(STR("{"), &got) && got.kind == ERR_IO);
	CHECK("arguments that do not fit",
	      !rpc_read_failure(
		      STR("{\"kind\":1,\"text\":\"x\",\"id\":\"line %d of '%s'\",\"args\":[]}"),
		      &got));
	CHECK("are left out",
	      strcmp(err_text(&got, LANG_VI, text, sizeof text), "dòng  của ''") == 0);
	msg_catalogue(NULL, 0);
	buf_free(&b);
}

static atomic_bool entered, left;

static void slow_handler(void *ctx, struct wire_msg *m)
{
	(void)ctx;
	(void)m;
	atomic_store(&entered, true);
	usleep(100000);
	atomic_store(&left, true);
}

/* What the handler uses may go when rpc_stop() has returned. */
static void stop_awaits_the_handler(void)
{
	static struct rpc *r; /* lives as long as the process */
	int link[2];

	r = rpc_new(PROC_WATCH, slow_handler, NULL);
	if (r == NULL || !wire_pair(link, NULL)) {
		CHECK("a link", false);
		return;
	}
	rpc_attach(r, link[0]);
	CHECK("said", wire_send(link[1], WIRE_HITS, 0, STR("{}"), -1, NULL));
	while (!atomic_load(&entered))
		usleep(1000);
	rpc_stop(r);
	CHECK("the handler has ended", atomic_load(&left));
	close(link[1]);
}

int main(void)
{
	static struct rpc *r; /* lives as long as the process */

	int link[2];

	r = rpc_new(PROC_WATCH, NULL, NULL);
	if (r == NULL || !arena_reserve(&whole, 4 << 20) || !wire_pair(link, NULL))
		return 1;
	failures();
	rpc_attach(r, link[0]);
	out_of_order(r, link[1]);
	refused(r, link[1]);
	too_late(r, link[1]);
	restarted(r, &link[1]);
	too_long(r, link[1]);
	struct asker *a = begin(r, "x", true, 60000);
	char text[64];
	CHECK("asked", take(link[1], text) != 0);
	rpc_stop(r);
	CHECK("stopped", ended(a, NULL));
	close(link[1]);
	stop_awaits_the_handler();
	arena_release(whole);
	return TEST_REPORT();
}
