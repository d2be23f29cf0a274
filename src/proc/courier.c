/* SPDX-License-Identifier: Apache-2.0 */
/*
 * courier.c - the process that reaches out: mails, webhooks, names to addresses. It holds no state and no
 * store, knows nothing but the question at hand, and answers with the receipt.
 *
 * One thread a question, so that a mail server that hangs holds up no webhook. When it is killed, desk
 * knows which questions had no answer yet.
 */
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "exchange/send.h"
#include "proc/links.h"
#include "proc/procs.h"
#include "proc/rpc.h"
#include "proc/stop.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { RECV_ARENA = 1 << 20, QUESTION_MAX = 1 << 20, ANSWER_MAX = 1 << 16, AT_ONCE = 8 };

static struct links *links;
static atomic_int busy;

struct task {
	uint64_t link, number;
	struct buf question; /* owned */
};

static void put_failure(struct buf *out, bool doubt, const struct err *reason)
{
	struct buf failure = BUF(ANSWER_MAX / 2);
	struct jsonw w = { .out = out };

	rpc_write_failure(reason, &failure);
	buf_clear(out);
	jsonw_open(&w, '{');
	jsonw_kv_bool(&w, "doubt", doubt);
	jsonw_kv_str(&w, "failure", buf_str(&failure));
	jsonw_close(&w, '}');
	buf_free(&failure);
}

static void *work(void *arg)
{
	struct task *t = arg;
	struct buf answer = BUF(ANSWER_MAX);
	struct json *j = NULL;
	struct err reason = { 0 };
	bool doubt = false;

	if (!json_parse(buf_str(&t->question), QUESTION_MAX, &j, &reason) ||
	    !send_one(j, &answer, &doubt, &reason))
		put_failure(&answer, doubt, &reason);
	links_answer(links, t->link, t->number, buf_str(&answer), NULL);
	json_free(j);
	buf_free(&answer);
	buf_free(&t->question);
	free(t);
	atomic_fetch_sub(&busy, 1);
	return NULL;
}

static bool begin(uint64_t link, const struct wire_msg *m)
{
	struct task *t = calloc(1, sizeof *t);
	pthread_t thread;

	if (t == NULL)
		return false;
	t->link = link;
	t->number = m->number;
	t->question = BUF(QUESTION_MAX);
	buf_add(&t->question, m->payload);
	atomic_fetch_add(&busy, 1);
	if (!t->question.full && pthread_create(&thread, NULL, work, t) == 0) {
		pthread_detach(thread);
		return true;
	}
	atomic_fetch_sub(&busy, 1);
	buf_free(&t->question);
	free(t);
	return false;
}

static void take(uint64_t link, const struct wire_msg *m)
{
	struct err reason = { 0 };

	if (m->type == WIRE_SEND && atomic_load(&busy) < AT_ONCE && begin(link, m))
		return;
	(void)err_set(&reason, ERR_STATE, 0, "too much at once");
	links_answer(links, link, m->number, STR(""), &reason);
}

static void *serve(void *arg)
{
	int fd = *(int *)arg;
	uint64_t link = links_begin(links, fd);
	struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };

	free(arg);
	if (link == 0 || !arena_reserve(&whole, RECV_ARENA))
		die("no memory");
	for (;;) {
		struct arena a = whole;

		if (!wire_recv(fd, PROC_DESK, &a, &m, &why))
			break;
		take(link, &m);
		wire_drop(&m);
	}
	links_end(links, link);
	close(fd);
	arena_release(whole);
	return NULL;
}

static void take_peer(struct wire_msg *m)
{
	int *mine = malloc(sizeof *mine);
	pthread_t thread;

	if (mine == NULL)
		die("no memory");
	*mine = m->fd;
	m->fd = -1;
	if (pthread_create(&thread, NULL, serve, mine) != 0)
		die("cannot start a thread");
	pthread_detach(thread);
}

int courier_run(const struct config *c, int parent_link)
{
	struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };

	(void)c;
	links = links_new();
	if (links == NULL || !arena_reserve(&whole, RECV_ARENA))
		die("no memory");
	if (!wire_send(parent_link, WIRE_READY, 0, STR("{}"), -1, &why))
		die("%s", why.text);
	while (stop_wait(parent_link)) {
		struct arena a = whole;

		if (!wire_recv(parent_link, PROC_PARENT, &a, &m, &why))
			break;
		if (m.type == WIRE_PEER)
			take_peer(&m);
		wire_drop(&m);
	}
	return 0;
}
