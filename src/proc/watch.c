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
#include "ingest/drop.h"
#include "ingest/follow.h"
#include "ingest/tcp.h"
#include "ingest/tls_door.h"
#include "ingest/udp.h"
#include "proc/expected.h"
#include "proc/held.h"
#include "proc/links.h"
#include "proc/loader.h"
#include "proc/pipeline.h"
#include "proc/procs.h"
#include "proc/pusher.h"
#include "proc/refused.h"
#include "proc/shared.h"
#include "proc/stop.h"
#include "proc/unpacker.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	INTAKE_CHUNKS = 4096,
	INTAKE_BYTES = 96 << 20,
	RECV_ARENA = 1 << 20,
	WITS_WAIT_MS = 30000,
	RELOADS = 64,
	RELOAD_ANSWER = 16 << 20
};

struct watch {
	const struct config *config;
	int parent;
	struct links *links; /* to desk */
	struct expected *expected;
	struct held *held;
	struct queue *intake;
	struct shared *shared;
	struct pipeline *pipeline;
	struct pusher *pusher;
	struct tcp_door *tcp;
	struct follower *follower;
	struct drop *drop;
	struct unpacker *unpacker;
	struct udp_door *udp[CONFIG_MAX_LISTENERS];
	size_t n_udp;
	struct refused refused; /* of the door of TLS */
	struct tls_door *tls;   /* NULL: without a certificate */
	struct queue *reloads;  /* of struct reload, owned */
	pthread_t pipeline_thread, reload_thread;
	struct loader loader;
};

static void committed(void *ctx, const struct store_receipt *r)
{
	struct watch *w = ctx;

	if (r->n_hits > 0)
		links_tell(w->links, WIRE_HITS, STR(""));
}

static void gone(void *ctx, const char *day, const char *reason)
{
	struct watch *w = ctx;
	char json[96];
	int n = snprintf(json, sizeof json, "{\"day\":\"%s\",\"why\":\"%s\"}", day, reason);

	/* desk finds the day missing all the same, but not why it went */
	if (!links_tell(w->links, WIRE_GONE, (struct str){ json, (size_t)n }))
		log_warn("desk was not told that the day %s went", day);
}

static bool counted(void *ctx, struct str json)
{
	struct watch *w = ctx;

	return links_tell(w->links, WIRE_STORED, json);
}

/* A connection has ended: the parent may let go of it. */
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

/* Rules and lists to be loaded, as desk told; freed by the thread that loads. */
struct reload {
	uint64_t link, number;
	size_t len;
	char inventory[];
};

static void reload(struct watch *w, const struct reload *r)
{
	struct buf answer = BUF(RELOAD_ANSWER);
	struct err why = { 0 };
	bool ok = loader_load(&w->loader, (struct str){ r->inventory, r->len }, &answer, &why);

	links_answer(w->links, r->link, r->number, buf_str(&answer), ok ? NULL : &why);
	buf_free(&answer);
}

/* One after the other, so that the last that desk told is the one that holds. */
static void *run_reloads(void *arg)
{
	struct watch *w = arg;

	for (struct reload *r; (r = queue_take(w->reloads, -1)) != NULL;) {
		reload(w, r);
		free(r);
	}
	return NULL;
}

static void take_reload(struct watch *w, uint64_t link, const struct wire_msg *m)
{
	struct reload *r = malloc(sizeof *r + m->payload.n);
	struct err why = { 0 };

	if (r == NULL)
		die("no memory");
	*r = (struct reload){ link, m->number, m->payload.n };
	if (m->payload.n > 0)
		memcpy(r->inventory, m->payload.p, m->payload.n);
	if (queue_try_put(w->reloads, r, 1))
		return;
	err_set(&why, ERR_STATE, 0, "too many requests wait to be loaded");
	links_answer(w->links, link, m->number, STR(""), &why);
	free(r);
}

/* From the door's thread. */
static void tls_trouble(void *ctx, const char *peer, const struct err *why)
{
	struct watch *w = ctx;

	log_warn("%s: %s", peer, why->text);
	refused_tell(w->links, &w->refused, peer, why);
}

static void open_tls(struct watch *w)
{
	struct tls_calls calls = { .ctx = w, .closed = closed, .report = tls_trouble };
	struct err why = { 0 };

	if (w->config->cert_pem.n == 0)
		return; /* there is no listener of that kind then */
	w->tls = tls_door_open(w->config->cert_pem, w->config->key_pem, w->intake, &calls, &why);
	if (w->tls == NULL)
		die("syslog over TLS: %s", why.text);
}

/* From the pipeline's thread: what comes in can be stored from here on. */
static void began(void *ctx)
{
	struct watch *w = ctx;

	if (w->tls != NULL)
		tls_door_begin(w->tls);
}

/* How far a file was taken in, for the follower. */
static bool file_position(void *ctx, struct str stream, struct follow_position *out, char buf[64])
{
	struct watch *w = ctx;
	struct stream_place at;

	if (!pipeline_stream(w->pipeline, stream, &at))
		return false;
	memcpy(buf, at.head, at.head_len);
	*out = (struct follow_position){ at.place, at.inode, { buf, at.head_len } };
	return true;
}

static void file_trouble(void *ctx, const char *path, const struct err *why)
{
	(void)ctx, (void)path; /* the error names it */
	log_warn("%s", why->text);
}

/* The files of `follow:` and the drop folder. */
static void start_follower(struct watch *w)
{
	static struct follow_file files[CONFIG_MAX_FOLLOW + 1];
	static char
		control[3000]; /* where desk writes control events, as any program writes its log */
	struct follow_calls calls = { w, file_position, file_trouble };
	const struct config *c = w->config;
	struct drop_calls drops = { calls,         w->unpacker,    unpacker_open,
				    unpacker_next, unpacker_close, DROP_QUIET_MS };
	char folder[3000];
	struct err why = { 0 };

	/* strings of the configuration end in NUL (arena_str) */
	for (size_t i = 0; i < c->n_follow; i++)
		files[i] = (struct follow_file){ c->follow[i].path.p, c->follow[i].name.p };
	size_t n = c->n_follow;
	snprintf(control, sizeof control, "%.*s/control/follow.log", STR_ARG(c->data));
	if (n > 0)
		files[n++] = (struct follow_file){ control, "canh" };
	w->follower = follower_new(files, n, w->intake, &calls, &why);
	if (w->follower == NULL)
		die("files cannot be followed: %s", why.text);
	snprintf(folder, sizeof folder, "%.*s/drop", STR_ARG(c->data));
	w->drop = drop_new(folder, w->intake, &drops, &why);
	if (w->drop == NULL)
		die("the drop folder cannot be watched: %s", why.text);
}

/* The shared page comes before the listeners: nothing can be read before it is there. */
static void start_pipeline(struct watch *w, int shared_fd)
{
	char store[4096];
	struct pipeline_calls calls = { .ctx = w,
					.committed = committed,
					.counted = counted,
					.wits_wait_ms = WITS_WAIT_MS,
					.keep_days = (int)w->config->retention_days,
					.min_free_bytes = w->config->min_free_mb << 20,
					.held = w->held,
					.gone = gone,
					.began = began,
					.expected = w->expected };
	struct tcp_calls tcp = { w, closed };
	struct err why = { 0 };

	w->shared = shared_map(shared_fd, &why);
	snprintf(store, sizeof store, "%.*s/store", STR_ARG(w->config->data));
	if (w->shared != NULL)
		w->pipeline = pipeline_new(store, w->intake, &w->shared->poison, &calls, &why);
	if (w->pipeline != NULL)
		w->tcp = tcp_open(w->intake, &tcp, &why);
	if (w->tcp == NULL)
		die("cannot start: %s", why.text);
	open_tls(w);
	w->pusher = pusher_new(w->intake, w->links);
	w->reloads = queue_new(RELOADS, RELOADS);
	loader_start(&w->loader, w->config, w->pipeline);
	if (w->pusher == NULL || w->reloads == NULL ||
	    pthread_create(&w->pipeline_thread, NULL, run_pipeline, w) != 0 ||
	    pthread_create(&w->reload_thread, NULL, run_reloads, w) != 0)
		die("cannot start a thread");
	start_follower(w);
	if (!wire_send(w->parent, WIRE_READY, 0, STR("{}"), -1, &why))
		die("%s", why.text);
}

static void open_udp(struct watch *w, struct wire_msg *m, struct str address)
{
	char key[STREAM_KEY_MAX];
	struct stream_place drops, taken;
	struct err why = { 0 };

	udp_stream(address, key, sizeof key);
	pipeline_stream(w->pipeline, str_of(key), &drops);
	udp_taken_stream(address, key, sizeof key);
	pipeline_stream(w->pipeline, str_of(key), &taken);
	const struct udp_given given = {
		.name = address,
		.before = { drops.inode, drops.place, taken.inode, taken.place },
		.mark = &w->shared->udp[w->n_udp],
	};
	struct udp_door *d = udp_open(m->fd, &given, w->intake, &why);
	m->fd = -1;
	if (d == NULL)
		die("UDP on %.*s: %s", STR_ARG(address), why.text);
	w->udp[w->n_udp++] = d;
}

static void take_listener(struct watch *w, struct wire_msg *m, const struct json *j)
{
	struct str kind = json_get_str(j, "kind"), address = json_get_str(j, "address");

	if (str_eq(kind, STR("shared"))) {
		start_pipeline(w, m->fd);
		return;
	}
	if (str_eq(kind, STR("udp")) && w->n_udp < CONFIG_MAX_LISTENERS) {
		open_udp(w, m, address);
		return;
	}
	die("no door of kind '%.*s'", STR_ARG(kind));
}

static bool take_tcp(struct watch *w, int fd, struct str id, struct str peer, struct err *why)
{
	char key[STREAM_KEY_MAX];
	struct stream_place at;

	snprintf(key, sizeof key, "tcp/%.*s", STR_ARG(id));
	pipeline_stream(w->pipeline, str_of(key), &at);
	const struct tcp_stream stream = { id, peer, at.place, at.inode };
	return tcp_add(w->tcp, fd, &stream, why);
}

static bool take_tls(struct watch *w, int fd, const struct json *j, struct err *why)
{
	int64_t place;

	if (w->tls == NULL || !json_int(json_get(j, "place"), &place) || place < 0 ||
	    place >= SHARED_CONNECTIONS)
		die("a connection over TLS without a place");
	const struct tls_stream stream = { json_get_str(j, "id"), json_get_str(j, "peer"),
					   &w->shared->tls[place] };
	return tls_door_add(w->tls, fd, &stream, why);
}

static void take_connection(struct watch *w, struct wire_msg *m, const struct json *j)
{
	struct str id = json_get_str(j, "id"), peer = json_get_str(j, "peer");
	bool tls = str_eq(json_get_str(j, "door"), STR("tls"));
	struct err why = { 0 };

	if (tls ? take_tls(w, m->fd, j, &why) : take_tcp(w, m->fd, id, peer, &why)) {
		m->fd = -1;
		return;
	}
	log_warn("a connection of %.*s is let go: %s", STR_ARG(peer), why.text);
	char copy[64];
	snprintf(copy, sizeof copy, "%.*s", STR_ARG(id));
	closed(w, copy);
}

static void take_expected(struct watch *w, uint64_t link, const struct wire_msg *m)
{
	struct err why = { 0 };
	bool ok = expected_set(w->expected, m->payload, &why);

	links_answer(w->links, link, m->number, STR("{}"), ok ? NULL : &why);
}

static void take_hold(struct watch *w, uint64_t link, const struct wire_msg *m)
{
	struct err why = { 0 };
	bool ok = held_set(w->held, m->payload, &why);

	links_answer(w->links, link, m->number, STR("{}"), ok ? NULL : &why);
}

struct desk_thread {
	struct watch *watch;
	int fd;
	uint64_t link;
};

static void desk_message(struct watch *w, uint64_t link, struct wire_msg *m)
{
	if (m->type == WIRE_PUSH)
		pusher_take(w->pusher, link, m);
	else if (m->type == WIRE_RELOAD)
		take_reload(w, link, m);
	else if (m->type == WIRE_EXPECT)
		take_expected(w, link, m);
	else if (m->type == WIRE_HOLD)
		take_hold(w, link, m);
	else
		log_warn("desk sent a message that watch does not know");
}

static void *serve_desk(void *arg)
{
	struct desk_thread t = *(struct desk_thread *)arg;
	struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };

	free(arg);
	if (!arena_reserve(&whole, RECV_ARENA))
		die("no memory");
	for (;;) {
		struct arena a = whole;

		if (!wire_recv(t.fd, PROC_DESK, &a, &m, &why))
			break;
		desk_message(t.watch, t.link, &m);
		wire_drop(&m);
	}
	if (why.kind != ERR_ABSENT)
		log_warn("%s", why.text);
	links_end(t.watch->links, t.link);
	close(t.fd);
	arena_release(whole);
	return NULL;
}

static void take_peer(struct watch *w, struct wire_msg *m)
{
	struct desk_thread *t = malloc(sizeof *t);
	pthread_t thread;

	if (t == NULL)
		die("no memory");
	*t = (struct desk_thread){ w, m->fd, links_begin(w->links, m->fd) };
	m->fd = -1;
	if (t->link == 0 || pthread_create(&thread, NULL, serve_desk, t) != 0)
		die("cannot start a thread");
	pthread_detach(thread);
}

static void parent_message(struct watch *w, struct wire_msg *m)
{
	struct json *j = NULL;
	struct err why = { 0 };

	if (m->type == WIRE_PEER && m->number != 0) {
		unpacker_clerk(w->unpacker, m->number, m->fd);
		m->fd = -1;
		return;
	}
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
	queue_hold(w->intake, false); /* or a door would wait for ever to put */
	for (size_t i = 0; i < w->n_udp; i++)
		udp_close(w->udp[i]);
	follower_stop(w->follower);
	drop_stop(w->drop);
	tls_door_stop(w->tls);
	queue_close(w->intake);
	if (w->pipeline == NULL)
		return;
	pthread_join(w->pipeline_thread, NULL);
	tls_door_close(w->tls);
	follower_free(w->follower);
	drop_free(w->drop);
	tcp_close(w->tcp);
	loader_stop(&w->loader);
	pipeline_free(w->pipeline);
	held_free(w->held);
}

int watch_run(const struct config *c, int parent_link)
{
	static struct watch w;
	char store[4096];
	struct arena whole;
	struct wire_msg m;
	struct err why = { 0 };

	w.config = c;
	w.parent = parent_link;
	w.intake = queue_new(INTAKE_CHUNKS, INTAKE_BYTES);
	w.links = links_new();
	w.unpacker = unpacker_new(parent_link);
	w.expected = expected_new();
	snprintf(store, sizeof store, "%.*s/store", STR_ARG(c->data));
	w.held = held_new(store);
	if (w.held == NULL || w.intake == NULL || w.links == NULL || w.unpacker == NULL ||
	    w.expected == NULL || !arena_reserve(&whole, RECV_ARENA))
		die("no memory");
	/* what is in memory dies with this process: nothing is taken in before it can be stored */
	queue_hold(w.intake, true);
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
