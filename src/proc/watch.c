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
#include "proc/config_change.h"
#include "proc/expected.h"
#include "proc/held.h"
#include "proc/links.h"
#include "proc/loader.h"
#include "proc/pipeline.h"
#include "proc/procs.h"
#include "proc/pusher.h"
#include "proc/refused.h"
#include "proc/shared.h"
#include "proc/simclock.h"
#include "proc/stop.h"
#include "proc/udp_doors.h"
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
	struct udp_doors udp;
	struct refused refused; /* of the door of TLS */
	struct tls_door *tls;   /* NULL: without a certificate */
	struct queue *reloads;  /* of struct reload, owned */
	pthread_t pipeline_thread, reload_thread;
	struct loader loader;
	/* what was told last to read with; owned by the thread that loads once it was queued */
	const struct config *reading;
	/* of the thread that loads */
	struct settings *settings; /* owned; NULL: those of the start */
	struct buf inventory;      /* that desk told last */
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

/* Settings that the parent read anew. */
struct settings {
	struct arena whole;
	struct config config;
};

static void settings_free(struct settings *s)
{
	if (s == NULL)
		return;
	arena_release(s->whole);
	free(s);
}

/* Rules and lists to be loaded, as desk told; freed by the thread that loads. With settings: load those
 * of the last time by them; nobody waits for the answer. */
struct reload {
	uint64_t link, number;
	struct settings *settings; /* owned */
	size_t len;
	char inventory[];
};

static void reload(struct watch *w, const struct reload *r)
{
	struct buf answer = BUF(RELOAD_ANSWER);
	struct err why = { 0 };

	buf_clear(&w->inventory);
	buf_add(&w->inventory, (struct str){ r->inventory, r->len });
	bool ok = loader_load(&w->loader, buf_str(&w->inventory), &answer, &why);
	links_answer(w->links, r->link, r->number, buf_str(&answer), ok ? NULL : &why);
	buf_free(&answer);
}

static void reload_by(struct watch *w, struct settings *s)
{
	struct buf answer = BUF(RELOAD_ANSWER);
	struct err why = { 0 };

	loader_config(&w->loader, &s->config);
	settings_free(w->settings);
	w->settings = s;
	/* before desk told the first time, its telling is what loads */
	if (w->inventory.n > 0 && !loader_load(&w->loader, buf_str(&w->inventory), &answer, &why))
		log_error("zones and ways of sources were not changed: %s", why.text);
	buf_free(&answer);
}

/* One after the other, so that the last that desk told is the one that holds. */
static void *run_reloads(void *arg)
{
	struct watch *w = arg;

	for (struct reload *r; (r = queue_take(w->reloads, -1)) != NULL;) {
		if (r->settings != NULL)
			reload_by(w, r->settings);
		else
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
	*r = (struct reload){ link, m->number, NULL, m->payload.n };
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

/* The files of `follow:`, and where desk writes control events, as any program writes its log. Used
 * before the next call. */
static size_t followed(const struct config *c, struct follow_file files[CONFIG_MAX_FOLLOW + 1])
{
	static char control[3000];
	size_t n = c->n_follow;

	/* strings of the configuration end in NUL (arena_str) */
	for (size_t i = 0; i < n; i++)
		files[i] = (struct follow_file){ c->follow[i].path.p, c->follow[i].name.p };
	snprintf(control, sizeof control, "%.*s/control/follow.log", STR_ARG(c->data));
	if (n > 0)
		files[n++] = (struct follow_file){ control, "canh" };
	return n;
}

/* The files of `follow:` and the drop folder. */
static void start_follower(struct watch *w)
{
	struct follow_file files[CONFIG_MAX_FOLLOW + 1];
	struct follow_calls calls = { w, file_position, file_trouble };
	const struct config *c = w->config;
	struct drop_calls drops = {
		calls,         w->unpacker,    unpacker_open,
		unpacker_next, unpacker_close, simclock_skips() ? DROP_SKIPPING_MS : DROP_QUIET_MS
	};
	char folder[3000];
	struct err why = { 0 };

	w->follower = follower_new(files, followed(c, files), w->intake, &calls, &why);
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
	if (w->shared != NULL)
		poison_catch(&w->shared->poison);
	snprintf(store, sizeof store, "%.*s/store", STR_ARG(w->config->data));
	if (w->shared != NULL)
		w->pipeline = pipeline_new(store, w->intake, &w->shared->poison, &calls, &why);
	if (w->pipeline != NULL)
		w->tcp = tcp_open(w->intake, &tcp, &why);
	if (w->tcp == NULL)
		die("cannot start: %s", why.text);
	open_tls(w);
	w->pusher = pusher_new(w->intake, w->links, w->shared->push);
	w->reloads = queue_new(RELOADS, RELOADS);
	w->inventory = BUF(16 << 20);
	w->reading = w->config;
	loader_start(&w->loader, w->config, w->pipeline);
	if (w->pusher == NULL || w->reloads == NULL ||
	    pthread_create(&w->pipeline_thread, NULL, run_pipeline, w) != 0 ||
	    pthread_create(&w->reload_thread, NULL, run_reloads, w) != 0)
		die("cannot start a thread");
	start_follower(w);
	if (!wire_send(w->parent, WIRE_READY, 0, STR("{}"), -1, &why))
		die("%s", why.text);
}

static void take_listener(struct watch *w, struct wire_msg *m, const struct json *j)
{
	struct str kind = json_get_str(j, "kind"), address = json_get_str(j, "address");

	if (str_eq(kind, STR("shared"))) {
		start_pipeline(w, m->fd);
		return;
	}
	if (str_eq(kind, STR("udp"))) {
		const struct udp_doors_ctx ctx = { w->shared, w->pipeline, w->intake };

		udp_doors_open(&w->udp, &ctx, m->fd, address);
		m->fd = -1;
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

/* Zones and ways are for the thread that loads, which owns `s` from here on. */
static void read_by(struct watch *w, struct settings *s)
{
	struct reload *r = calloc(1, sizeof *r);

	if (r == NULL)
		die("no memory");
	r->settings = s;
	w->reading = &s->config;
	if (!queue_put(w->reloads, r, 1))
		die("no settings are taken any more");
}

/* The settings changed: what can is used at once; listeners come and go by messages of their own. */
static void take_config(struct watch *w, struct str json)
{
	struct follow_file files[CONFIG_MAX_FOLLOW + 1];
	struct settings *s = calloc(1, sizeof *s);
	struct err why = { 0 };

	if (s == NULL || !arena_reserve(&s->whole, 4 << 20))
		die("no memory");
	struct arena a = s->whole;
	if (!config_parse(&a, json, &s->config, &why))
		die("parent: %s", why.text);
	const struct config *c = &s->config;
	pipeline_keep(w->pipeline, (int)c->retention_days, c->min_free_mb << 20);
	if (!follower_set(w->follower, files, followed(c, files), &why))
		log_error("the files to follow were not changed: %s", why.text);
	if (w->tls != NULL && !tls_door_certificate(w->tls, c->cert_pem, c->key_pem, &why))
		log_error("syslog over TLS keeps its certificate: %s", why.text);
	if (config_reads_alike(w->reading, c))
		settings_free(s);
	else
		read_by(w, s);
}

static void parent_message(struct watch *w, struct wire_msg *m)
{
	struct json *j = NULL;
	struct err why = { 0 };

	if (m->type == WIRE_CONFIG) {
		take_config(w, m->payload);
		return;
	}
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
	else if (m->type == WIRE_UNLISTEN)
		udp_doors_finish(&w->udp, json_get_str(j, "address"));
	json_free(j);
}

/* Close the doors first, then let the pipeline finish what they brought. */
static void stop(struct watch *w)
{
	queue_hold(w->intake, false); /* or a door would wait for ever to put */
	udp_doors_close(&w->udp);
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
