/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h - sign in with name, password and code; sessions of a browser.
 *
 * Five failures within 15 minutes lock the account and the address for 15 minutes. A session ends
 * after 12 idle hours, after 7 days, when its user is disabled, or when it is revoked. Names,
 * passwords, codes and secrets are hostile bytes.
 */
#ifndef ACCESS_SESSION_H
#define ACCESS_SESSION_H

#include "access/access.h"

struct sign_in {
	struct str name, password, code;
	struct str address, agent; /* of the browser; cut to what is kept */
};
struct opened {
	char secret[ACCESS_SECRET_MAX]; /* for the cookie */
	struct who who;
};

/* ERR_DENIED is the same for a wrong name, password or code. ERR_LIMIT: locked; *retry_s says for how
 * many seconds (0 otherwise). */
MUST_USE bool session_open(struct access *ac, const struct sign_in *in, struct opened *out,
			   int64_t *retry_s, struct err *why);
/* Who holds this secret; remembers, at most once a minute, that he was seen. ERR_DENIED: nobody. */
MUST_USE bool session_find(struct access *ac, struct str secret, struct who *out, struct err *why);
MUST_USE bool session_close(struct access *ac, const struct who *who, struct err *why);

struct session {
	char id[UUID_MAX];
	int64_t created, last_seen, expires;
	struct str address, agent;
	bool current;
};
/* The caller's own sessions, newest first, in `a`. */
MUST_USE bool session_list(struct access *ac, struct arena *a, const struct who *who,
			   struct session **out, size_t *n, struct err *why);
/* One of the caller's own sessions. */
MUST_USE bool session_revoke(struct access *ac, const struct who *who, struct str id,
			     struct err *why);

MUST_USE bool session_lang(struct access *ac, const struct who *who, enum lang lang,
			   struct err *why);
/* ERR_DENIED: old password or code wrong (counts as a failed sign-in); ERR_LIMIT: locked; ERR_INPUT:
 * the new one is refused. Ends all other sessions of the user. */
MUST_USE bool session_password(struct access *ac, const struct who *who, struct str old,
			       struct str fresh, struct str code, struct err *why);

#endif
