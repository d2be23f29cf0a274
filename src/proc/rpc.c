/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpc.c - one thread a link reads; callers wait on a condition for their number.
 *
 * Invariant: `calls` holds exactly the calls that wait; a call is answered, failed or timed out once.
 * The link thread frees nothing of a call, it only fills and wakes. A caller sends its own request,
 * again after a restart, and without the lock: an answer is never kept out by a send that waits.
 */
#include "proc/rpc.h"

#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/time.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECV_ARENA = 1 << 20, FAILURE_MAX = 16384 };

struct call {
	struct call *next;
	const struct rpc_call *what;
	uint64_t number;
	uint64_t tried; /* the link it was sent on, by its turn; 0: not sent yet */
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
	int link;         /* -1: none now */
	uint64_t turn;    /* counts the links: descriptors come again, turns do not */
	unsigned sending; /* threads that send on `link` without the lock */
	unsigned reading; /* threads of links, which call the handler */
	bool stopped;
	uint64_t last;
	struct call *calls;
};

struct link_thread {
	struct rpc *rpc;
	int link;
	uint64_t turn;
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

/* As err_set() would have left it here. */
static void localise(const struct json *j, struct err *why)
{
	const char *id = msg_known(json_get_str(j, "id"));
	const struct json *args = json_get(j, "args");
	size_t used = 0;

	if (id == NULL)
		return;
	why->id = id;
	memset(why->args, 0, sizeof why->args);
	for (size_t i = 0; i < json_count(args); i++) {
		struct str arg = json_str(json_at(args, i));

		if (arg.n >= sizeof why->args - used - 1)
			break;
		if (arg.n > 0)
			memcpy(why->args + used, arg.p, arg.n);
		used += arg.n + 1;
	}
}

bool rpc_read_failure(struct str payload, struct err *why)
{
	struct json *j = NULL;
	int64_t kind = ERR_IO, at = 0;

	if (!json_parse(payload, 1 << 16, &j, NULL))
		return err_set(why, ERR_IO, 0, "the process answered with an unreadable error");
	if (!json_int(json_get(j, "kind"), &kind) || kind <= ERR_NONE || kind > ERR_STATE)
		kind = ERR_IO;
	struct str text = json_get_str(j, "text");
	if (!json_int(json_get(j, "at"), &at) || at < 0)
		at = 0;
	err_set(why, (enum err_kind)kind, (size_t)at, "%.*s", STR_ARG(text));
	if (why != NULL)
		localise(j, why);
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
		if (!c->failed && c->answer->full)
			c->failed = !err_set(&c->why, ERR_LIMIT, 0, "the answer is too long");
		c->fd = m->fd;
		m->fd = -1;
		c->done = true;
		pthread_cond_broadcast(&r->changed);
	}
	pthread_mutex_unlock(&r->lock);
}

/* With the lock held: nobody sends on the link any more. */
static void await_senders(struct rpc *r)
{
	while (r->sending > 0)
		pthread_cond_wait(&r->changed, &r->lock);
}

/* The link has ended: what may not be sent again fails now. */
static void link_ended(struct rpc *r, const struct link_thread *t)
{
	pthread_mutex_lock(&r->lock);
	if (r->turn == t->turn)
		r->link = -1;
	for (struct call *c = r->calls; c != NULL; c = c->next) {
		if (c->done || c->what->again || c->tried != t->turn)
			continue;
		c->done = c->failed = true;
		err_set(&c->why, ERR_STATE, 0, "process %s was restarted", proc_name(r->peer));
	}
	pthread_cond_broadcast(&r->changed);
	await_senders(r);
	close(t->link);
	r->reading--;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
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
	link_ended(t.rpc, &t);
	return NULL;
}

void rpc_attach(struct rpc *r, int link)
{
	struct link_thread *t = malloc(sizeof *t);
	pthread_t thread;

	if (t == NULL)
		die("no memory");
	pthread_mutex_lock(&r->lock);
	*t = (struct link_thread){ r, link, ++r->turn };
	r->link = link;
	r->reading++;
	pthread_cond_broadcast(&r->changed); /* who waits sends again */
	pthread_mutex_unlock(&r->lock);
	if (pthread_create(&thread, NULL, read_link, t) != 0)
		die("cannot start a thread");
	pthread_detach(thread);
}

bool rpc_up(struct rpc *r)
{
	pthread_mutex_lock(&r->lock);
	bool up = r->link != -1 && !r->stopped;
	pthread_mutex_unlock(&r->lock);
	return up;
}

void rpc_stop(struct rpc *r)
{
	pthread_mutex_lock(&r->lock);
	r->stopped = true;
	for (struct call *c = r->calls; c != NULL; c = c->next) {
		if (c->done)
			continue;
		c->done = c->failed = true;
		err_set(&c->why, ERR_STATE, 0, "canh is stopping");
	}
	if (r->link != -1)
		shutdown(r->link, SHUT_RDWR);
	pthread_cond_broadcast(&r->changed);
	while (r->reading > 0)
		pthread_cond_wait(&r->changed, &r->lock);
	pthread_mutex_unlock(&r->lock);
}

static void unlink_call(struct rpc *r, struct call *c)
{
	struct call **at = &r->calls;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
}

/* With the lock held, which is let go meanwhile: send on the link of now. */
static bool send_now(struct rpc *r, const struct rpc_call *what, uint64_t number, struct err *why)
{
	int link = r->link;

	r->sending++;
	pthread_mutex_unlock(&r->lock);
	bool ok = wire_send(link, what->type, number, what->payload, what->fd, why);
	pthread_mutex_lock(&r->lock);
	r->sending--;
	pthread_cond_broadcast(&r->changed);
	return ok;
}

/* With the lock held: send where it was not sent yet. A link that breaks is followed by another. */
static void send_call(struct rpc *r, struct call *c)
{
	struct err why = { 0 };

	c->tried = r->turn;
	if (send_now(r, c->what, c->number, &why) || c->done ||
	    (c->what->again && why.kind != ERR_LIMIT))
		return;
	c->done = c->failed = true;
	c->why = why;
}

/* With the lock held: until the answer is there or the moment has come. */
static void await(struct rpc *r, struct call *c, int timeout_ms)
{
	int64_t until = time_monotonic() + (int64_t)timeout_ms * 1000;
	struct timespec ts = { until / TIME_SECOND, until % TIME_SECOND * 1000 };
	bool late = false;

	while (!c->done && !late) {
		if (r->link != -1 && (c->tried == 0 || (c->what->again && c->tried != r->turn)))
			send_call(r, c);
		else
			late = pthread_cond_timedwait(&r->changed, &r->lock, &ts) != 0;
	}
	if (!c->done)
		err_set(&c->why, ERR_STATE, 0, "process %s does not answer", proc_name(r->peer));
}

bool rpc_call(struct rpc *r, const struct rpc_call *call, struct buf *answer, int *answer_fd,
	      struct err *why)
{
	struct call c = { .what = call, .answer = answer, .fd = -1 };
	bool ok;

	pthread_mutex_lock(&r->lock);
	c.number = ++r->last;
	if (r->stopped || (r->link == -1 && !call->again)) {
		pthread_mutex_unlock(&r->lock);
		return err_set(why, ERR_STATE, 0, "process %s is not running now",
			       proc_name(r->peer));
	}
	c.next = r->calls;
	r->calls = &c;
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

bool rpc_answer(int link, uint64_t number, struct str json, struct err *why)
{
	return wire_send(link, WIRE_DONE, number, json, -1, why);
}

void rpc_write_failure(const struct err *reason, struct buf *out)
{
	struct jsonw w = { .out = out };
	size_t used = sizeof reason->args;

	while (used > 0 && reason->args[used - 1] == '\0')
		used--;

	jsonw_open(&w, '{');
	jsonw_kv_int(&w, "kind", reason->kind);
	jsonw_kv_int(&w, "at", (int64_t)reason->at);
	jsonw_kv_str(&w, "text", str_of(reason->text));
	jsonw_kv_str(&w, "id", str_of(reason->id));
	jsonw_key(&w, "args");
	jsonw_open(&w, '[');
	for (const char *arg = reason->args; arg < reason->args + used; arg += strlen(arg) + 1)
		jsonw_str(&w, str_of(arg));
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
}

bool rpc_refuse(int link, uint64_t number, const struct err *reason, struct err *why)
{
	struct buf b = BUF(FAILURE_MAX);

	rpc_write_failure(reason, &b);
	bool ok = wire_send(link, WIRE_FAILED, number, buf_str(&b), -1, why);
	buf_free(&b);
	return ok;
}
