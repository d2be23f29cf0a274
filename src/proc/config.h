/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - what `canh serve` was told: by canh.yaml, by its options, or by nobody (the defaults).
 *
 * Read once by the parent, checked whole (each mistake with its line), handed to the other processes
 * as JSON. Immutable after that; strings live in the arena it was read into.
 */
#ifndef PROC_CONFIG_H
#define PROC_CONFIG_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum {
	CONFIG_MAX_LISTENERS = 16,
	CONFIG_MAX_FOLLOW = 256,
	CONFIG_MAX_WAYS = 256,
	CONFIG_MAX_MISTAKES = 64
};

enum listener_kind { LISTEN_HTTP, LISTEN_UDP, LISTEN_TCP, LISTEN_TLS };

struct listener {
	enum listener_kind kind;
	struct str address; /* "127.0.0.1:5514", "[::1]:6514" */
	uint32_t line;      /* of the file; 0: an option, or the default */
};

/* A file that is followed. */
struct follow {
	struct str path, name; /* name: of the source; empty: the path */
};

/* What is said of one source. */
struct source_way {
	struct str from;         /* address, path or name */
	struct str format, zone; /* empty: as it looks; that of all */
};

struct config {
	struct str data, content, page; /* folders; page may be empty */
	struct listener listen[CONFIG_MAX_LISTENERS];
	size_t n_listen;
	struct follow follow[CONFIG_MAX_FOLLOW];
	size_t n_follow;
	struct source_way way[CONFIG_MAX_WAYS];
	size_t n_way;
	struct str zone; /* of records without one */
	/* PEM files for HTTPS and syslog over TLS; empty: none. "own" as certificate: of the own CA */
	struct str certificate, key;
	struct str cert_pem, key_pem; /* what stands in them, read by the parent */
	bool own_ca;                  /* the certificate is one of the own CA */
	struct str unit;              /* name of the organisation */
	struct str witness;           /* a file to append tree heads to; empty: none */
	uint64_t retention_days;      /* 0: by free disk only */
	uint64_t min_free_mb;         /* free disk below which the oldest day goes */
};

struct mistake {
	uint32_t line; /* 0: an option, not the file */
	struct err why;
};

/* Defaults: HTTP on 127.0.0.1:8088, no syslog, data and content as given. */
void config_defaults(struct config *c, struct str data, struct str content, struct str page);
/* Read `yaml` over *c. All mistakes go to out[], up to the maximum; returns their number. */
size_t config_read(struct arena *a, struct str yaml, struct config *c,
		   struct mistake out[CONFIG_MAX_MISTAKES]);
/* Add one listener from the command line or the file. */
MUST_USE bool config_listen(struct arena *a, struct config *c, enum listener_kind kind,
			    struct str address, struct err *why);
bool config_has_http(const struct config *c);
void config_drop_http(struct config *c);
/* What can only be judged whole: plain HTTP off loopback, TLS without a certificate, two addresses for
 * the page. */
MUST_USE bool config_check(const struct config *c, struct err *why);

/* `key`: with the private key, for those that speak TLS. */
/* `certificate: own`, not replaced by its files yet. */
bool config_own_ca(const struct config *c);

void config_write(const struct config *c, bool key, struct buf *json);
/* Back from config_write(); views into `a`. */
MUST_USE bool config_parse(struct arena *a, struct str json, struct config *out, struct err *why);

/* The key of the i-th setting that is one value; NULL past the last. */
const char *config_setting(size_t i);
const char *listener_name(enum listener_kind kind); /* "http", "udp", "tcp", "tls" */

#endif
