/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notify.h - how alerts reach people: the mail server, webhooks, who is told of which severity, quiet
 * hours. Kept as the setting "notify"; what is secret (password, keys and addresses of webhooks) in
 * KEYS/notify.json, 0600, never in the state. The secrets of a change stand there beside the old ones,
 * by version, until the change is committed.
 *
 * Views of a parsed one live as long as its arena.
 */
#ifndef EXCHANGE_NOTIFY_H
#define EXCHANGE_NOTIFY_H

#include "base/json.h"
#include "base/jsonw.h"
#include "base/uuid.h"
#include "state/db.h"

enum {
	NOTIFY_HOOKS = 8,
	NOTIFY_RECIPIENTS = 32,
	NOTIFY_QUIET = 8,
	NOTIFY_SEVERITIES = 5,
	NOTIFY_URL_MAX = 2000,
	NOTIFY_PEM_MAX = 1 << 16,
};

enum mail_tls { MAIL_NONE, MAIL_STARTTLS, MAIL_TLS };
enum recipient_kind { TO_DUTY, TO_ROLE, TO_CONTACT, TO_ADDRESS };

struct recipient {
	enum recipient_kind kind;
	struct str value, lang; /* lang: "vi", "en" */
};
struct notify_rule {
	bool is_set;
	bool mail;
	struct str hooks[NOTIFY_HOOKS]; /* ids */
	size_t n_hooks;
	struct recipient to[NOTIFY_RECIPIENTS], higher[NOTIFY_RECIPIENTS];
	size_t n_to, n_higher;
	int64_t repeat, escalate; /* µs; 0: never */
};
struct webhook {
	char id[UUID_MAX];
	struct str name, ca_pem;
	struct str url, secret; /* secret; empty: none */
};
struct quiet_hours {
	struct str role;
	int from, to; /* minutes of the day in Viet Nam */
};
struct notify {
	int64_t version; /* one more with each change; 0: never changed */
	bool smtp;       /* the next six are set */
	struct str host, user, from, ca_pem;
	struct str password; /* secret */
	int64_t port;
	enum mail_tls tls;
	struct webhook hooks[NOTIFY_HOOKS];
	size_t n_hooks;
	struct notify_rule rules[NOTIFY_SEVERITIES]; /* by notify_severity() */
	struct quiet_hours quiet[NOTIFY_QUIET];
	size_t n_quiet;
	bool critical_always, exercises;
};

/* 0 informational .. 4 critical; -1: none. */
int notify_severity(struct str name);
const char *notify_severity_name(int rank);

/* As it is kept; defaults where nothing was. `keys`: the folder. */
MUST_USE bool notify_load(struct db *db, struct arena *a, const char *keys, struct notify *out,
			  struct err *why);

/* A mistake of a field ("smtp.host", "rules[0].to[1]"; in the arena). */
struct notify_sink {
	void (*fault)(void *ctx, const char *field, const struct err *why);
	void *ctx;
};
/* Change *n by the body of PUT /notify; new webhooks get their id. False: mistakes were told. */
MUST_USE bool notify_change(struct arena *a, const struct json *body, struct notify *n,
			    const struct notify_sink *sink);
struct notify_edit {
	const struct json *body;
	struct notify_sink sink;
	const char *actor;
	int64_t version; /* that it was made for; -1: whichever is kept */
	bool stale;      /* out, on failure: another is kept */
};
/* Load, change and keep, with its entry of the ledger, in one transaction: nobody else's change is
 * between, and on failure the old settings hold with the old secrets. ERR_INPUT: mistakes were told. */
MUST_USE bool notify_edit(struct db *db, struct arena *a, const char *keys, struct notify_edit *e,
			  struct notify *out, struct err *why);
/* The members of GET /notify but "mail_path"; nothing secret. */
void notify_put(struct jsonw *w, const struct notify *n);

/* Is there a rule at all? */
bool notify_any(const struct notify *n);
const struct webhook *notify_hook(const struct notify *n, struct str id);

#endif
