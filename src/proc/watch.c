/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.c - the process that reads what comes in: doors, pipeline, answers to desk.
 *
 * Threads: this one takes messages from the parent; the pipeline; one or more a door; one for the
 * link to desk; a few that read pushed bodies. The parent may hand over listeners and connections at
 * any time after the start.
 */
#include "base/json.h"
#include "base/log.h"
#include "ingest/chunk.h"
#include "ingest/tcp.h"
#include "ingest/tls_door.h"
#include "ingest/udp.h"
#include "proc/loader.h"
#include "proc/pipeline.h"
#include "proc/procs.h"
#include "proc/pusher.h"
#include "proc/rpc.h"
#include "proc/stop.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { INTAKE_CHUNKS = 4096, INTAKE_BYTES = 96 << 20, RECV_ARENA = 1 << 20 };

struct watch {
	const struct config *config;
	int parent, desk; /* links; desk -1: none now */
	pthread_mutex_t desk_lock;
	struct queue *intake;
	struct poison_page *poison;
	struct pipeline *pipeline;
	struct pusher *pusher;
	struct tcp_door *tcp;
	struct udp_door *udp[CONFIG_MAX_LISTENERS];
	size_t n_udp;
	struct tls_door *tls[CONFIG_MAX_LISTENERS];
	size_t n_tls;
	pthread_t pipeline_thread;
	struct loader loader;
};

static void tell_desk(struct watch *w, enum wire_type type, struct str json)
{
	struct err why = { 0 };

	pthread_mutex_lock(&w->desk_lock);
	if (w->desk != -1 && !wire_send(w->desk, type, 0, json, -1, &why))
		log_warn("desk: %s", why.text);
	pthread_mutex_unlock(&w->desk_lock);
}

static void committed(void *ctx, const struct store_receipt *r)
{
	if (r->n_hits > 0)
		tell_desk(ctx, WIRE_HITS, STR(""));
}

static void counted(void *ctx, struct str json)
{
	tell_desk(ctx, WIRE_STORED, json);
}

/* A plain TCP connection has ended: the parent may let go of it. */
static void closed(void *ctx, const char *id)
{
	struct watch *w = ctx;
	char json[64];
	struct err why = { 0 };
	int n = snprintf(json, sizeof json, "{\"id\":\"%s\"}", id);

	if (!wire_send(w->parent, WIRE_CLOSED, 0, (struct str){ json, (size_t)n }, -1, &why))
		log_warn("parent: %s", why.text);
}

static void *run_pipeline(void *arg)
{
	struct watch *w = arg;

	pipeline_run(w->pipeline);
	return NULL;
}

/* The shared page comes with the first listeners; nothing can be read before it is there. */
static void start_pipeline(struct watch *w, int poison_fd)
{
	char store[4096];
	struct pipeline_calls calls = { w, committed, counted };
	struct tcp_calls tcp = { w, closed };
	struct err why = { 0 };

	w->poison = poison_map(poison_fd, &why);
	snprintf(store, sizeof store, "%.*s/store", STR_ARG(w->config->data));
	if (w->poison != NULL)
		w->pipeline = pipeline_new(store, w->intake, w->poison, &calls, &why);
	if (w->pipeline != NULL)
		w->tcp = tcp_open(w->intake, &tcp, &why);
	if (w->tcp == NULL)
		die("cannot start: %s", why.text);
	w->pusher = pusher_new(w->intake);
	loader_start(&w->loader, w->config, w->pipeline);
	if (w->pusher == NULL || pthread_create(&w->pipeline_thread, NULL, run_pipeline, w) != 0)
		die("cannot start a thread");
	if (!wire_send(w->parent, WIRE_READY, 0, STR("{}"), -1, &why))
		die("%s", why.text);
}

static void take_listener(struct watch *w, struct wire_msg *m, const struct json *j)
{
	struct str kind = json_get_str(j, "kind"), address = json_get_str(j, "address");
	struct err why = { 0 };

	if (str_eq(kind, STR("poison"))) {
		start_pipeline(w, m->fd);
		return;
	}
	if (str_eq(kind, STR("udp")) && w->n_udp < CONFIG_MAX_LISTENERS) {
		w->udp[w->n_udp] = udp_open(m->fd, address, w->intake, &why);
		m->fd = -1;
		if (w->udp[w->n_udp] == NULL)
			die("UDP on %.*s: %s", STR_ARG(address), why.text);
		w->n_udp++;
		return;
	}
	if (str_eq(kind, STR("tls")) && w->n_tls < CONFIG_MAX_LISTENERS) {
		w->tls[w->n_tls] = tls_door_open(m->fd, w->config->cert_pem, w->config->key_pem,
						 w->intake, &why);
		m->fd = -1;
		if (w->tls[w->n_tls] == NULL)
			die("TLS on %.*s: %s", STR_ARG(address), why.text);
		w->n_tls++;
		return;
	}
	die("no door of kind '%.*s'", STR_ARG(kind));
}

static void take_connection(struct watch *w, struct wire_msg *m, const struct json *j)
{
	struct str id = json_get_str(j, "id"), peer = json_get_str(j, "peer");
	char key[STREAM_KEY_MAX];
	struct err why = { 0 };

	snprintf(key, sizeof key, "tcp/%.*s", STR_ARG(id));
	if (tcp_add(w->tcp, m->fd, id, peer, pipeline_stream(w->pipeline, str_of(key)), &why)) {
		m->fd = -1;
		return;
	}
	log_warn("a connection of %.*s is let go: %s", STR_ARG(peer), why.text);
	char copy[64];
	snprintf(copy, sizeof copy, "%.*s", STR_ARG(id));
	closed(w, copy);
}

struct desk_thread {
	struct watch *watch;
	int link;
};

static void desk_message(struct watch *w, int link, struct wire_msg *m)
{
	struct err why = { 0 };

	if (m->type == WIRE_PUSH) {
		pusher_take(w->pusher, link, m);
		return;
	}
	if (m->type == WIRE_RELOAD) {
		struct buf answer = BUF(16 << 20);

		if (loader_load(&w->loader, m->payload, &answer, &why)) {
			if (!rpc_answer(link, m->number, buf_str(&answer), &why))
				log_warn("desk: %s", why.text);
		} else {
			struct err reason = why;

			if (!rpc_refuse(link, m->number, &reason, &why))
				log_warn("desk: %s", why.text);
		}
		buf_free(&answer);
		return;
	}
	log_warn("desk sent a message that watch does not know");
}

static void *serve_desk(void *arg)
{
	struct desk_thread t = *(struct desk_thread *)arg;
	struct watch *w = t.watch;
	struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };

	free(arg);
	if (!arena_reserve(&whole, RECV_ARENA))
		die("no memory");
	for (;;) {
		struct arena a = whole;

		if (!wire_recv(t.link, PROC_DESK, &a, &m, &why))
			break;
		desk_message(w, t.link, &m);
		wire_drop(&m);
	}
	pthread_mutex_lock(&w->desk_lock);
	if (w->desk == t.link)
		w->desk = -1;
	pthread_mutex_unlock(&w->desk_lock);
	pusher_forget(w->pusher, t.link);
	close(t.link);
	arena_release(whole);
	return NULL;
}

static void take_peer(struct watch *w, struct wire_msg *m)
{
	struct desk_thread *t = malloc(sizeof *t);
	pthread_t thread;

	if (t == NULL)
		die("no memory");
	*t = (struct desk_thread){ w, m->fd };
	m->fd = -1;
	pthread_mutex_lock(&w->desk_lock);
	w->desk = t->link;
	pthread_mutex_unlock(&w->desk_lock);
	if (pthread_create(&thread, NULL, serve_desk, t) != 0)
		die("cannot start a thread");
	pthread_detach(thread);
}

static void parent_message(struct watch *w, struct wire_msg *m)
{
	struct json *j = NULL;
	struct err why = { 0 };

	if (!json_parse(m->payload, 1 << 16, &j, &why))
		die("parent: %s", why.text);
	if (m->type == WIRE_LISTENER)
		take_listener(w, m, j);
	else if (m->type == WIRE_CONNECTION)
		take_connection(w, m, j);
	else if (m->type == WIRE_PEER)
		take_peer(w, m);
	json_free(j);
}

/* Close the doors first, then let the pipeline finish what they brought. */
static void stop(struct watch *w)
{
	for (size_t i = 0; i < w->n_udp; i++)
		udp_close(w->udp[i]);
	queue_close(w->intake);
	if (w->pipeline != NULL)
		pthread_join(w->pipeline_thread, NULL);
	for (size_t i = 0; i < w->n_tls; i++)
		tls_door_close(w->tls[i]);
	pipeline_free(w->pipeline);
}

int watch_run(const struct config *c, int parent_link)
{
	static struct watch w = { .desk = -1, .desk_lock = PTHREAD_MUTEX_INITIALIZER };
	struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };

	w.config = c;
	w.parent = parent_link;
	w.intake = queue_new(INTAKE_CHUNKS, INTAKE_BYTES);
	if (w.intake == NULL || !arena_reserve(&whole, RECV_ARENA))
		die("no memory");
	while (stop_wait(parent_link)) {
		struct arena a = whole;

		if (!wire_recv(parent_link, PROC_PARENT, &a, &m, &why))
			break;
		parent_message(&w, &m);
		wire_drop(&m);
	}
	stop(&w);
	return 0;
}
