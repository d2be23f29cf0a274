/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web_int.h - the server's own things, shared by the files of this room.
 */
#ifndef WEB_WEB_INT_H
#define WEB_WEB_INT_H

#include "web/call_int.h"
#include "web/conns.h"
#include "web/web.h"

#include <pthread.h>
#include <stdatomic.h>

struct MHD_Daemon;
struct access;
struct db;
struct page;
struct stream;

enum { STATUS_CLASSES = 6 };

/* How the house looked a moment ago: members of the answer to GET /health. */
struct glance {
	pthread_mutex_t lock;
	struct buf text; /* owned */
	int64_t at;      /* monotonic */
};

struct web {
	struct web_config
		cfg; /* defaults filled in; its strings are the caller's until start ends */
	struct web_backend backend;
	struct MHD_Daemon *daemon, *local; /* a thread each; local: NULL where there is none */
	struct lanes *lanes;
	struct desk *desks; /* owned; one a worker, and one more for the ticker */
	struct page *page;  /* owned, NULL: none */
	struct stream *stream;
	struct conns *conns;
	pthread_t ticker;
	pthread_mutex_t tick_lock;
	pthread_cond_t tick;
	bool ticking;
	struct glance glance;
	char aside[4096];          /* "": none */
	struct refusals *refusals; /* owned; doors.c */
	atomic_bool stopping;
	bool tls;
	pthread_mutex_t cert_lock;
	char *cert;         /* the chain that is shown, NUL-ended; owned; under the lock */
	atomic_bool own_ca; /* ... is of the own CA */
	unsigned port;
	atomic_uint_fast64_t answered[STATUS_CLASSES]; /* by the first digit of the status */
	atomic_uint_fast64_t bodies;                   /* bytes of bodies held */
};

/* What a thread has to itself of the state; opened when it is first asked for, in its thread. */
struct desk {
	struct db *db;         /* owned; its ledger is attached */
	struct access *access; /* owned */
};
/* NULL and *why on failure. */
struct desk *web_desk(struct web *web, unsigned thread, struct err *why);
/* Those of the worker that runs the call; auth_call() has opened them. */
struct db *call_db(struct call *c);
struct access *call_access(struct call *c);

/* doors.c: who was not let in; NULL: no memory */
struct refusals *refusals_new(void);
void refusals_free(struct refusals *r);

/* run.c: on a worker thread */
void call_admit(struct call *c);
void call_run(struct call *c);

#endif
