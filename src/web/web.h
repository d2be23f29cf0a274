/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web.h - the HTTP server: page, API, Elasticsearch face, event stream.
 *
 * Runs inside the process desk: one thread for the sockets, a pool for the handlers. Start it after
 * crypt_init(), inside the sandbox; each
 * of its threads opens a connection of its own to state.db, for reading and for writing.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "web/backend.h"

struct directives;
struct techniques;
struct ledger_key;
struct web;

struct web_config {
	int listen_fd; /* bound and listening, opened by the parent; the server closes it */
	int local_fd; /* a Unix socket beside it, always plain HTTP; 0: none; the server closes it */
	struct str cert_pem, key_pem; /* chain and key, for TLS; both empty: plain HTTP */
	bool own_ca;                  /* that certificate is of the own CA, in keys_dir */
	const char *state_dir;        /* the folder of state.db */
	const char *keys_dir;         /* of access.key */
	const char *page_dir;         /* the built page; NULL: none is served */
	const char *aside_dir;        /* of records set aside; NULL: none */
	const struct ledger_key *ledger_key;
	const struct directives *directives; /* loaded ones, outlive the server; NULL: none */
	const struct techniques *techniques; /* the same */
	struct str snippets; /* JSON of snippets_parse(), outlives the server; empty: none */
	/* Who sends it may push, as canh itself: our own control events. Empty: nobody. */
	struct str control_secret;

	/* 0: the default in brackets */
	unsigned workers;      /* [16] */
	unsigned connections;  /* at once [4096, or what the limit of files lets] */
	unsigned per_address;  /* connections of one address [1024] */
	unsigned idle_s;       /* a connection without a byte [60] */
	uint64_t push_max;     /* bytes of one pushed body [64 MiB] */
	uint64_t bodies_max;   /* bytes of bodies in memory at once [256 MiB] */
	unsigned body_grace_s; /* a body may take this long, then 8 KiB/s at least [30] */
	unsigned heartbeat_s;  /* of event streams [15] */
};

/*
 * Plain HTTP only where nobody listens in: `address` ("127.0.0.1:8080", "[::1]:8080") must be a
 * loopback address unless `tls`. Also the parent's check before it binds.
 */
MUST_USE bool web_may_bind(const char *address, bool tls, struct err *why);

/* NULL and *why on failure. `backend` is copied; its ctx must outlive the server. */
struct web *web_start(const struct web_config *config, const struct web_backend *backend,
		      struct err *why);
/* Ends open requests and streams; returns when no handler runs any more. web_publish() may still be
 * called, until web_free(). NULL is fine for both. */
void web_stop(struct web *web);
void web_free(struct web *web); /* stops first */

/* An event for every open page: "alert", "stored", "list", "rules", "board", "health", with its JSON.
 * Never blocks on a reader. "stored" at most four times a second, please. */
void web_publish(struct web *web, const char *kind, struct str json);

/* Somebody was not let in by `door` ("tls", "push"): for whoever looks why nothing comes from there. */
void web_refused(struct web *web, const char *door, struct str peer, const struct err *why);

/* HTTPS shows this one from the next connection on; those that are open stay. On failure the former one
 * stays. Not for a server that began without a certificate. */
MUST_USE bool web_certificate(struct web *web, struct str cert_pem, struct str key_pem, bool own_ca,
			      struct err *why);

/* The port it listens on, for tests that let the system choose one. */
unsigned web_port(const struct web *web);

#endif
