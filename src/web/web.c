/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web.c - start and stop: the parts in order, and back in the opposite one.
 *
 * Stopping: no new connections, streams end, handlers run out, then the socket thread is joined.
 */
#include "web/web.h"

#include "access/access.h"
#include "base/log.h"
#include "base/time.h"
#include "state/ledger.h"
#include "state/state.h"
#include "web/certificate_int.h"
#include "web/page_int.h"
#include "web/server_int.h"
#include "web/stream_int.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* Files that are neither connections nor their bodies: databases, the library's own, the process's. */
enum { FILES_KEPT = 192, TEXT_MAX_PEM = 1 << 20 };

bool web_may_bind(const char *address, bool tls, struct err *why)
{
	struct str s = str_of(address);

	if (tls || str_starts(s, STR("127.")) || str_starts(s, STR("[::1]:")) ||
	    str_starts(s, STR("localhost:")))
		return true;
	return err_set(
		why, ERR_DENIED, 0,
		"plain HTTP is for this machine only (127.0.0.1 or [::1]); to listen on '%s' "
		"give a certificate and its key",
		address);
}

static bool open_desk(struct web *web, struct desk *d, struct err *why)
{
	d->db = state_open(web->cfg.state_dir, DB_WRITE, why);
	if (d->db == NULL || !ledger_attach(d->db, web->cfg.ledger_key, why))
		return false;
	d->access = access_new(d->db, web->cfg.keys_dir, why);
	return d->access != NULL;
}

static void close_desk(struct desk *d)
{
	access_free(d->access);
	db_close(d->db);
	*d = (struct desk){ 0 };
}

struct desk *web_desk(struct web *web, unsigned thread, struct err *why)
{
	struct desk *d = &web->desks[thread];

	if (d->access != NULL || open_desk(web, d, why))
		return d;
	close_desk(d);
	return NULL;
}

struct db *call_db(struct call *c)
{
	return c->web->desks[c->worker].db;
}

struct access *call_access(struct call *c)
{
	return c->web->desks[c->worker].access;
}

void web_publish(struct web *web, const char *kind, struct str json)
{
	stream_publish(web->stream, kind, json);
}

unsigned web_port(const struct web *web)
{
	return web->port;
}

static void on_job(void *ctx, unsigned worker, struct job *job)
{
	struct call *c = (struct call *)job;
	struct MHD_Connection *conn = c->conn;

	(void)ctx;
	c->worker = worker;
	if (c->stage == CALL_ADMITTING)
		call_admit(c);
	else
		call_run(c);
	server_resume(conn); /* from here on `c` is the socket thread's */
}

static void beat(struct web *web)
{
	struct err why;
	struct desk *d = web_desk(web, web->cfg.workers, &why);

	if (d != NULL)
		stream_tick(web->stream, web, d);
	else
		log_warn("no heartbeat for event streams: %s", why.text);
}

/* Once a second: close what idles; let streams beat. */
static void *tick(void *arg)
{
	struct web *web = arg;
	struct timespec until;

	pthread_mutex_lock(&web->tick_lock);
	clock_gettime(CLOCK_REALTIME, &until);
	while (!atomic_load(&web->stopping)) {
		until.tv_sec++;
		pthread_cond_timedwait(&web->tick, &web->tick_lock, &until);
		pthread_mutex_unlock(&web->tick_lock);
		clock_gettime(CLOCK_REALTIME, &until);
		conns_reap(web->conns);
		beat(web);
		pthread_mutex_lock(&web->tick_lock);
	}
	pthread_mutex_unlock(&web->tick_lock);
	return NULL;
}

static unsigned pick(unsigned given, unsigned otherwise)
{
	return given > 0 ? given : otherwise;
}

static void fill_in(struct web_config *cfg)
{
	struct rlimit files = { 0 };
	unsigned room = 256;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > 2 * FILES_KEPT)
		room = files.rlim_cur > 16384 ? 8000 : ((unsigned)files.rlim_cur - FILES_KEPT) / 2;
	cfg->workers = pick(cfg->workers, 16);
	cfg->connections = pick(cfg->connections, 4096);
	if (cfg->connections > room)
		cfg->connections = room;
	cfg->per_address = pick(cfg->per_address, 1024);
	if (cfg->per_address > cfg->connections * 3 / 4)
		cfg->per_address = cfg->connections * 3 / 4;
	cfg->idle_s = pick(cfg->idle_s, 60);
	cfg->body_grace_s = pick(cfg->body_grace_s, 30);
	cfg->heartbeat_s = pick(cfg->heartbeat_s, 15);
	if (cfg->push_max == 0)
		cfg->push_max = 64 << 20;
	if (cfg->bodies_max == 0)
		cfg->bodies_max = 256 << 20;
}

static char *zero_ended(struct str s)
{
	char *z = s.n > 0 && s.n < TEXT_MAX_PEM ? malloc(s.n + 1) : NULL;

	if (z != NULL) {
		memcpy(z, s.p, s.n);
		z[s.n] = '\0';
	}
	return z;
}

static bool take_tls(struct web *web, struct err *why)
{
	web->tls = web->cfg.cert_pem.n > 0;
	if (!web->tls)
		return true;
	if (web->cfg.key_pem.n == 0)
		return err_set(why, ERR_INPUT, 0, "a certificate needs its key beside it");
	return web_certificate(web, web->cfg.cert_pem, web->cfg.key_pem, web->cfg.own_ca, why);
}

bool web_certificate(struct web *web, struct str cert_pem, struct str key_pem, bool own_ca,
		     struct err *why)
{
	char *pem = zero_ended(cert_pem), *old;

	if (!web->tls || pem == NULL || !certificate_set(cert_pem, key_pem, why)) {
		free(pem);
		return web->tls && pem != NULL ? false
					       : err_set(why, ERR_INPUT, 0,
							 "a certificate needs its key beside it");
	}
	pthread_mutex_lock(&web->cert_lock);
	old = web->cert;
	web->cert = pem;
	pthread_mutex_unlock(&web->cert_lock);
	atomic_store(&web->own_ca, own_ca);
	free(old);
	return true;
}

/* The first one at once, so that a start that cannot work fails. */
static bool make_desks(struct web *web, struct err *why)
{
	web->desks = calloc(web->cfg.workers + 1, sizeof *web->desks);
	if (web->desks == NULL)
		return err_set(why, ERR_IO, 0, "no memory");
	return web_desk(web, web->cfg.workers, why) != NULL;
}

static unsigned port_of(int fd)
{
	struct sockaddr_storage at = { 0 };
	socklen_t len = sizeof at;

	if (getsockname(fd, (struct sockaddr *)&at, &len) == -1)
		return 0;
	if (at.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)(void *)&at)->sin6_port);
	return at.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)(void *)&at)->sin_port) : 0;
}

static bool start_parts(struct web *web, struct err *why)
{
	struct web_config *cfg = &web->cfg;

	if (!take_tls(web, why) || !make_desks(web, why))
		return false;
	if (cfg->aside_dir != NULL)
		snprintf(web->aside, sizeof web->aside, "%s", cfg->aside_dir);
	if (cfg->page_dir != NULL && (web->page = page_load(cfg->page_dir, why)) == NULL)
		return false;
	web->stream = stream_new(cfg->heartbeat_s);
	web->refusals = refusals_new();
	web->conns = conns_new(cfg->connections, cfg->per_address, cfg->idle_s);
	if (web->stream == NULL || web->conns == NULL || web->refusals == NULL)
		return err_set(why, ERR_IO, 0, "no memory");
	web->lanes = lanes_start(cfg->workers, on_job, web, why);
	if (web->lanes == NULL || !server_listen(web, why))
		return false;
	web->ticking = pthread_create(&web->ticker, NULL, tick, web) == 0;
	return web->ticking || err_set(why, ERR_IO, 0, "cannot start a thread");
}

struct web *web_start(const struct web_config *config, const struct web_backend *backend,
		      struct err *why)
{
	struct web *web = calloc(1, sizeof *web);

	if (web == NULL) {
		err_set(why, ERR_IO, 0, "no memory");
		return NULL;
	}
	web->cfg = *config;
	web->backend = *backend;
	fill_in(&web->cfg);
	pthread_mutex_init(&web->tick_lock, NULL);
	pthread_cond_init(&web->tick, NULL);
	pthread_mutex_init(&web->glance.lock, NULL);
	pthread_mutex_init(&web->cert_lock, NULL);
	web->port = port_of(config->listen_fd);
	if (start_parts(web, why))
		return web;
	web_free(web);
	return NULL;
}

static void end_ticker(struct web *web)
{
	pthread_mutex_lock(&web->tick_lock);
	pthread_cond_signal(&web->tick);
	pthread_mutex_unlock(&web->tick_lock);
	if (web->ticking)
		pthread_join(web->ticker, NULL);
}

void web_stop(struct web *web)
{
	if (web == NULL || atomic_exchange(&web->stopping, true))
		return;
	server_quiesce(web);
	end_ticker(web);
	stream_end(web->stream);
	lanes_stop(web->lanes);
	server_close(web);
	close(web->cfg.listen_fd);
}

void web_free(struct web *web)
{
	if (web == NULL)
		return;
	web_stop(web);
	pthread_cond_destroy(&web->tick);
	pthread_mutex_destroy(&web->tick_lock);
	lanes_free(web->lanes);
	stream_free(web->stream);
	conns_free(web->conns);
	refusals_free(web->refusals);
	page_free(web->page);
	for (unsigned i = 0; web->desks != NULL && i <= web->cfg.workers; i++)
		close_desk(&web->desks[i]);
	free(web->desks);
	buf_free(&web->glance.text);
	pthread_mutex_destroy(&web->glance.lock);
	pthread_mutex_destroy(&web->cert_lock);
	free(web->cert);
	if (web->tls)
		certificate_drop();
	free(web);
}
