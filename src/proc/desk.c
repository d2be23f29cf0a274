/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk.c - the process behind the page: opens the state, starts the server, listens to the others.
 *
 * Threads: this one takes the parent's messages; one a link to another process; the server's own; one
 * for what must be done by the clock. All writing to the state goes through one connection under one
 * lock, and each change is a transaction with its ledger entry.
 */
#include "proc/controls_int.h"
#include "proc/counters.h"
#include "proc/desk_int.h"
#include "proc/jobs_int.h"
#include "proc/refused.h"

#include "access/invite.h"
#include "base/crypt.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "proc/post.h"
#include "proc/simclock.h"
#include "proc/stop.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RECV_ARENA = 1 << 20, TOLD_MAX = 32 << 20 };

static void keep_told(struct desk *d, struct buf *where, struct str json)
{
	pthread_mutex_lock(&d->told);
	buf_clear(where);
	buf_add(where, json);
	pthread_mutex_unlock(&d->told);
}

static void take_lost(struct desk *d, struct str json)
{
	struct counters_lost lost;

	if (!counters_lost(json, &lost))
		return;
	pthread_mutex_lock(&d->told);
	d->lost = lost;
	pthread_mutex_unlock(&d->told);
}

static void take_counters(struct desk *d, struct str json)
{
	struct buf page = BUF(2 * COUNTERS_BYTES);
	struct err why = { 0 };

	if (counters_check(json, &page, &why)) {
		seen_take(d, json);
		controls_came(d, json);
		pending_take(d->pending, json);
		take_lost(d, json);
		if (d->web != NULL)
			web_publish(d->web, "stored", buf_str(&page));
	} else {
		log_error("counters: %s", why.text);
	}
	buf_free(&page);
}

/* From the thread of watch's link. */
static void watch_says(void *ctx, struct wire_msg *m)
{
	struct desk *d = ctx;

	if (m->type == WIRE_HITS) {
		pthread_mutex_lock(&d->told);
		d->hits_wait = true;
		pthread_cond_broadcast(
			&d->told_changed); /* who waits for a clerk waits there, too */
		pthread_mutex_unlock(&d->told);
	} else if (m->type == WIRE_GONE) {
		seals_gone(d, m->payload);
	} else if (m->type == WIRE_STORED) {
		take_counters(d, m->payload);
	} else if (m->type == WIRE_REFUSED) {
		refused_take(d, m->payload);
	}
}

static bool open_state(struct desk *d, struct err *why)
{
	snprintf(d->state, sizeof d->state, "%.*s/state", STR_ARG(d->config->data));
	snprintf(d->keys, sizeof d->keys, "%.*s/keys", STR_ARG(d->config->data));
	snprintf(d->aside, sizeof d->aside, "%.*s/aside", STR_ARG(d->config->data));
	d->db = state_open(d->state, DB_CREATE, why);
	if (d->db == NULL || (d->key = ledger_key_load(d->keys, why)) == NULL ||
	    !ledger_attach(d->db, d->key, why))
		return false;
	if (simclock_used() && !state_setting_put(d->db, "simulated", STR("true"), "canh", why))
		return false;
	d->access = access_new(d->db, d->keys, why);
	if (d->access == NULL)
		return false;
	struct err no = { 0 };
	if (!invite_first(d->access, d->first_link, &no)) {
		d->first_link[0] = '\0';
		if (no.kind != ERR_STATE) {
			*why = no;
			return false;
		}
	}
	return true;
}

static void tell_ready(struct desk *d)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };
	const char *scheme = d->config->cert_pem.n > 0 ? "https" : "http";
	char url[160], path[4096];
	struct err why = { 0 };

	snprintf(url, sizeof url, "%s://%s/", scheme, d->address);
	/* where commands find the running server */
	snprintf(path, sizeof path, "%.*s/run/address", STR_ARG(d->config->data));
	if (!file_save(AT_FDCWD, path, str_of(url), 0600, &why))
		log_warn("%s", why.text);
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "scheme", str_of(scheme));
	jsonw_kv_str(&w, "address", str_of(d->address));
	jsonw_kv_str(&w, "invite", str_of(d->first_link));
	jsonw_close(&w, '}');
	if (!wire_send(d->parent, WIRE_READY, 0, buf_str(&b), -1, &why))
		die("%s", why.text);
	buf_free(&b);
}

static void start_web(struct desk *d, struct wire_msg *m, struct str address)
{
	struct web_backend backend;
	static char page[4096];
	struct err why = { 0 };

	if (d->web != NULL) {
		log_warn("one HTTP listener is served; %.*s is not", STR_ARG(address));
		return;
	}
	snprintf(d->address, sizeof d->address, "%.*s", STR_ARG(address));
	snprintf(page, sizeof page, "%.*s", STR_ARG(d->config->page));
	struct web_config c = {
		.listen_fd = m->fd,
		.local_fd = d->local,
		.cert_pem = d->config->cert_pem,
		.key_pem = d->config->key_pem,
		.own_ca = d->config->own_ca,
		.state_dir = d->state,
		.page_dir = page[0] == '\0' ? NULL : page,
		.aside_dir = d->aside,
		.keys_dir = d->keys,
		.ledger_key = d->key,
		.directives = d->directives,
		.techniques = d->techniques,
		.snippets = d->snippets,
		.control_secret = str_of(d->control_secret),
	};
	m->fd = -1;
	desk_backend(d, &backend);
	d->web = web_start(&c, &backend, &why);
	if (d->web == NULL)
		die("cannot serve %.*s: %s", STR_ARG(address), why.text);
	tell_ready(d);
}

static void take_peer(struct desk *d, struct wire_msg *m, const struct json *j)
{
	struct str role = json_get_str(j, "role");

	if (m->number != 0) {
		pthread_mutex_lock(&d->told);
		for (size_t i = 0; i < CLERK_WAITS; i++) {
			if (d->clerks[i].number != m->number)
				continue;
			d->clerks[i].link = m->fd;
			m->fd = -1;
		}
		pthread_cond_broadcast(&d->told_changed);
		pthread_mutex_unlock(&d->told);
		return;
	}
	if (str_eq(role, STR("watch"))) {
		pending_forget(d->pending);
		rpc_attach(d->watch, m->fd);
	} else if (str_eq(role, STR("seek")))
		rpc_attach(d->seek, m->fd);
	else if (str_eq(role, STR("courier")))
		rpc_attach(d->courier, m->fd);
	else
		return;
	m->fd = -1;
	if (str_eq(role, STR("watch"))) {
		/* a new watch has loaded nothing that desk told the former one; hits may wait, too */
		pthread_mutex_lock(&d->told);
		d->hits_wait = d->reload_wait = true;
		d->unloaded = time_monotonic();
		pthread_cond_broadcast(&d->told_changed);
		pthread_mutex_unlock(&d->told);
	}
}

static void parent_message(struct desk *d, struct wire_msg *m)
{
	struct json *j = NULL;
	struct err why = { 0 };

	if (m->type == WIRE_DOOR) {
		door_came(d, m);
		return;
	}
	if (m->type == WIRE_CONFIG) {
		configure_take(d, m->payload);
		return;
	}
	if (m->type == WIRE_STATUS) {
		keep_told(d, &d->processes, m->payload);
		if (d->web != NULL)
			web_publish(d->web, "health", m->payload);
		return;
	}
	if (m->payload.n > 0 && !json_parse(m->payload, 1 << 20, &j, &why))
		die("parent: %s", why.text);
	if (m->type == WIRE_LISTENER && str_eq(json_get_str(j, "kind"), STR("local"))) {
		d->local = m->fd; /* comes first; the server takes it over */
		m->fd = -1;
	} else if (m->type == WIRE_LISTENER)
		start_web(d, m, json_get_str(j, "address"));
	else if (m->type == WIRE_PEER)
		take_peer(d, m, j);
	else if (m->type == WIRE_CONFIGURED)
		configure_came(d, m, j);
	json_free(j);
}

int desk_clerk(struct desk *d, struct err *why)
{
	struct clerk_wait *mine = NULL;
	struct timespec until;
	int link;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += 5;
	pthread_mutex_lock(&d->told);
	for (size_t i = 0; i < CLERK_WAITS && mine == NULL; i++)
		if (d->clerks[i].number == 0)
			mine = &d->clerks[i];
	if (mine == NULL) {
		pthread_mutex_unlock(&d->told);
		err_set(why, ERR_STATE, 0, "too many uploads at once");
		return -1;
	}
	*mine = (struct clerk_wait){ ++d->clerk_last, -1 };
	if (wire_send(d->parent, WIRE_NEED_CLERK, mine->number, STR(""), -1, why)) {
		while (mine->link == -1 &&
		       pthread_cond_timedwait(&d->told_changed, &d->told, &until) == 0)
			;
		if (mine->link == -1)
			err_set(why, ERR_STATE, 0, "process %s does not answer",
				proc_name(PROC_CLERK));
	}
	link = mine->link;
	mine->number = 0;
	pthread_mutex_unlock(&d->told);
	return link;
}

static void prepare(struct desk *d, const struct config *c, int parent_link)
{
	pthread_condattr_t mono;
	struct err why = { 0 };

	unsigned char random[32];

	d->config = c;
	d->parent = parent_link;
	crypt_random(random, sizeof random);
	hash_hex(random, sizeof random, d->control_secret);
	pthread_mutex_init(&d->lock, NULL);
	pthread_mutex_init(&d->told, NULL);
	pthread_mutex_init(&d->reloading, NULL);
	pthread_mutex_init(&d->holding, NULL);
	pthread_mutex_init(&d->quiet.lock, NULL);
	pthread_mutex_init(&d->door_lock, NULL);
	pthread_mutex_init(&d->configure.one, NULL);
	d->configure.last = BUF(2 << 20);
	d->configure.min_free_mb = c->min_free_mb;
	configure_certificate(d, c);
	pthread_condattr_init(&mono);
	pthread_condattr_setclock(&mono, CLOCK_MONOTONIC);
	pthread_cond_init(&d->told_changed, &mono);
	pthread_condattr_destroy(&mono);
	d->processes = BUF(TOLD_MAX);
	pthread_rwlock_init(&d->rules_lock, NULL);
	d->door_wait.json = BUF(64 << 10);
	d->watch = rpc_new(PROC_WATCH, watch_says, d);
	d->seek = rpc_new(PROC_SEEK, NULL, NULL);
	d->courier = rpc_new(PROC_COURIER, NULL, NULL);
	d->pending = pending_new();
	if (d->watch == NULL || d->seek == NULL || d->courier == NULL || d->pending == NULL)
		die("no memory");
	if (!open_state(d, &why))
		die("the state cannot be opened: %s", why.text);
	configure_unit(d, c);
	if (!post_begin(d, &why))
		log_error("notices that were on their way: %s", why.text);
	d->directives = content_load(d, &why);
	if (d->directives == NULL)
		log_error("no directive is loaded: %s", why.text);
	workdays_load(d);
	quiet_load(d);
	controls_withdraw(d);
}

int desk_run(const struct config *c, int parent_link)
{
	static struct desk d;
	struct arena whole;
	struct wire_msg m;
	pthread_t jobs, loads, controls, mails, hooks;
	struct err why = { 0 };

	prepare(&d, c, parent_link);
	if (!arena_reserve(&whole, RECV_ARENA) || pthread_create(&jobs, NULL, desk_jobs, &d) != 0 ||
	    pthread_create(&loads, NULL, desk_loads, &d) != 0 ||
	    pthread_create(&controls, NULL, desk_controls, &d) != 0 ||
	    pthread_create(&mails, NULL, desk_post_mail, &d) != 0 ||
	    pthread_create(&hooks, NULL, desk_post_hooks, &d) != 0)
		die("no memory");
	while (stop_wait(parent_link)) {
		struct arena a = whole;

		if (!wire_recv(parent_link, PROC_PARENT, &a, &m, &why))
			break;
		parent_message(&d, &m);
		wire_drop(&m);
	}
	rpc_stop(d.watch); /* or the server's threads would wait for answers */
	rpc_stop(d.seek);
	rpc_stop(d.courier);
	web_stop(d.web);
	pthread_mutex_lock(&d.told);
	d.stop = true;
	pthread_cond_broadcast(&d.told_changed);
	pthread_mutex_unlock(&d.told);
	pthread_join(jobs, NULL);
	pthread_join(loads, NULL);
	pthread_join(controls, NULL);
	pthread_join(mails, NULL);
	pthread_join(hooks, NULL);
	desk_exercise_end(&d);
	web_free(d.web);
	access_free(d.access);
	db_close(d.db);
	ledger_key_free(d.key);
	return 0;
}
