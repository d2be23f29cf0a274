/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpc.c - one thread a link reads; callers wait on a condition for their number.
 *
 * Invariant: `calls` holds exactly the calls that wait; a call is answered, failed or timed out once.
 * The link thread frees nothing of a call, it only fills and wakes.
 */
#include "proc/rpc.h"

#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/time.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { ANSWER_MAX = 256 << 20, RECV_ARENA = 1 << 20 };

struct call {
	struct call *next;
	const struct rpc_call *what;
	uint64_t number;
	int link; /* it was sent on; -1: not sent yet */
	struct buf *answer;
	int fd;
	bool done, failed;
	struct err why;
};

struct rpc {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	enum proc peer;
	void (*handler)(void *ctx, struct wire_msg *m);
	void *ctx;
	int link; /* -1: none now */
	uint64_t last;
	struct call *calls;
};

struct link_thread {
	struct rpc *rpc;
	int link;
};

struct rpc *rpc_new(enum proc peer, void (*handler)(void *ctx, struct wire_msg *m), void *ctx)
{
	struct rpc *r = calloc(1, sizeof *r);
	pthread_condattr_t mono;

	if (r == NULL)
		return NULL;
	pthread_condattr_init(&mono);
	pthread_condattr_setclock(&mono, CLOCK_MONOTONIC);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, &mono);
	pthread_condattr_destroy(&mono);
	r->peer = peer;
	r->handler = handler;
	r->ctx = ctx;
	r->link = -1;
	return r;
}

static struct call *find_call(struct rpc *r, uint64_t number)
{
	for (struct call *c = r->calls; c != NULL; c = c->next)
		if (c->number == number && !c->done)
			return c;
	return NULL;
}

bool rpc_read_failure(struct str payload, struct err *why)
{
	struct json *j = NULL;
	int64_t kind = ERR_IO;

	if (!json_parse(payload, 1 << 16, &j, NULL))
		return err_set(why, ERR_IO, 0, "the process answered with an unreadable error");
	if (!json_int(json_get(j, "kind"), &kind) || kind <= ERR_NONE || kind > ERR_STATE)
		kind = ERR_IO;
	struct str text = json_get_str(j, "text");
	err_set(why, (enum err_kind)kind, 0, "%.*s", STR_ARG(text));
	json_free(j);
	return false;
}

static void take_answer(struct rpc *r, struct wire_msg *m)
{
	pthread_mutex_lock(&r->lock);
	struct call *c = find_call(r, m->number);
	if (c != NULL) {
		if (m->type == WIRE_FAILED)
			c->failed = !rpc_read_failure(m->payload, &c->why);
		else
			buf_add(c->answer, m->payload);
		c->fd = m->fd;
		m->fd = -1;
		c->done = true;
		pthread_cond_broadcast(&r->changed);
	}
	pthread_mutex_unlock(&r->lock);
}

/* The link has ended: what may not be sent again fails now. */
static void link_ended(struct rpc *r, int link)
{
	pthread_mutex_lock(&r->lock);
	if (r->link == link)
		r->link = -1;
	for (struct call *c = r->calls; c != NULL; c = c->next) {
		if (c->done || c->what->again || c->link != link)
			continue;
		c->done = c->failed = true;
		err_set(&c->why, ERR_STATE, 0, "process %s was restarted", proc_name(r->peer));
	}
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
	close(link);
}

static void *read_link(void *arg)
{
	struct link_thread t = *(struct link_thread *)arg;
	struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };

	free(arg);
	if (!arena_reserve(&whole, RECV_ARENA))
		die("no memory");
	for (;;) {
		struct arena a = whole;

		if (!wire_recv(t.link, t.rpc->peer, &a, &m, &why))
			break;
		if (m.type == WIRE_DONE || m.type == WIRE_FAILED || m.type == WIRE_PEER)
			take_answer(t.rpc, &m);
		else if (t.rpc->handler != NULL)
			t.rpc->handler(t.rpc->ctx, &m);
		wire_drop(&m);
	}
	if (why.kind != ERR_ABSENT)
		log_warn("%s", why.text);
	arena_release(whole);
	link_ended(t.rpc, t.link);
	return NULL;
}

static bool send_call(struct rpc *r, struct call *c, struct err *why)
{
	c->link = r->link;
	return wire_send(r->link, c->what->type, c->number, c->what->payload, c->what->fd, why);
}

void rpc_attach(struct rpc *r, int link)
{
	struct link_thread *t = malloc(sizeof *t);
	pthread_t thread;

	if (t == NULL)
		die("no memory");
	*t = (struct link_thread){ r, link };
	pthread_mutex_lock(&r->lock);
	r->link = link;
	for (struct call *c = r->calls; c != NULL; c = c->next)
		if (!c->done && !send_call(r, c, NULL))
			break; /* the thread sees the end of the link and cleans up */
	pthread_mutex_unlock(&r->lock);
	if (pthread_create(&thread, NULL, read_link, t) != 0)
		die("cannot start a thread");
	pthread_detach(thread);
}

bool rpc_attached(struct rpc *r)
{
	bool yes;

	pthread_mutex_lock(&r->lock);
	yes = r->link != -1;
	pthread_mutex_unlock(&r->lock);
	return yes;
}

static void unlink_call(struct rpc *r, struct call *c)
{
	struct call **at = &r->calls;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
}

/* With the lock held: wait for the answer until the moment. */
static void await(struct rpc *r, struct call *c, int timeout_ms)
{
	int64_t until = time_monotonic() + (int64_t)timeout_ms * 1000;
	struct timespec ts = { until / TIME_SECOND, until % TIME_SECOND * 1000 };

	while (!c->done)
		if (pthread_cond_timedwait(&r->changed, &r->lock, &ts) != 0)
			break;
	if (!c->done)
		err_set(&c->why, ERR_STATE, 0, "process %s does not answer", proc_name(r->peer));
}

bool rpc_call(struct rpc *r, const struct rpc_call *call, struct buf *answer, int *answer_fd,
	      struct err *why)
{
	struct call c = { .what = call, .answer = answer, .fd = -1, .link = -1 };
	bool ok;

	pthread_mutex_lock(&r->lock);
	c.number = ++r->last;
	if (r->link == -1 && !call->again) {
		pthread_mutex_unlock(&r->lock);
		return err_set(why, ERR_STATE, 0, "process %s is not running now",
			       proc_name(r->peer));
	}
	c.next = r->calls;
	r->calls = &c;
	if (r->link != -1 && !send_call(r, &c, &c.why) && !call->again)
		c.done = c.failed = true;
	await(r, &c, call->timeout_ms);
	unlink_call(r, &c);
	ok = c.done && !c.failed;
	pthread_mutex_unlock(&r->lock);
	if (answer_fd != NULL)
		*answer_fd = c.fd;
	else if (c.fd != -1)
		close(c.fd);
	if (!ok && why != NULL)
		*why = c.why;
	return ok;
}

bool rpc_tell(struct rpc *r, enum wire_type type, struct str payload, struct err *why)
{
	bool ok;

	pthread_mutex_lock(&r->lock);
	ok = r->link != -1 ? wire_send(r->link, type, 0, payload, -1, why)
			   : err_set(why, ERR_STATE, 0, "process %s is not running now",
				     proc_name(r->peer));
	pthread_mutex_unlock(&r->lock);
	return ok;
}

bool rpc_answer(int link, uint64_t number, struct str json, struct err *why)
{
	return wire_send(link, WIRE_DONE, number, json, -1, why);
}

bool rpc_refuse(int link, uint64_t number, const struct err *reason, struct err *why)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	jsonw_kv_int(&w, "kind", reason->kind);
	jsonw_kv_str(&w, "text", str_of(reason->text));
	jsonw_close(&w, '}');
	bool ok = wire_send(link, WIRE_FAILED, number, buf_str(&b), -1, why);
	buf_free(&b);
	return ok;
}
