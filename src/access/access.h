/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access.h - what the calls of this room share: the open state, the keys, the clock, who is calling.
 *
 * Every call that changes something is one transaction of its own and writes the ledger; none may be
 * made inside a transaction. ERR_DENIED: not with these credentials or this role; ERR_ABSENT: no such
 * thing; ERR_INPUT: bad text; ERR_STATE: not in this state (taken name, last admin). Secrets are
 * returned once and kept as hashes only. One thread.
 */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include "access/role.h"
#include "base/msg.h"
#include "base/uuid.h"
#include "state/scope.h"

enum {
	ACCESS_NAME_MAX = 64,       /* bytes of a sign-in name */
	ACCESS_DISPLAY_CHARS = 127, /* characters of the name of a person, a token, a unit */
	ACCESS_DISPLAY_MAX = 4 * ACCESS_DISPLAY_CHARS + 1, /* its bytes, NUL counted */
	ACCESS_PASSWORD_MIN = 12,                          /* characters */
	ACCESS_PASSWORD_MAX = 256,                         /* characters */
	ACCESS_SECRET_MAX = 64, /* text of a session, invite or token secret, NUL counted */
	ACCESS_ACTOR_MAX = 48,
};

struct access;
/* `db` is borrowed and has its ledger attached (state/ledger.h). KEYS/access.key, 0600, is made when
 * missing. NULL and *why on failure. */
struct access *access_new(struct db *db, const char *keys_dir, struct err *why);
void access_free(struct access *ac);
/* For tests: the clock instead of time_now(). */
void access_clock(struct access *ac, int64_t (*clock)(void));

/* Who is calling, as found by a session or a token. */
struct who {
	enum who_kind { WHO_USER, WHO_TOKEN } kind;
	char id[UUID_MAX];             /* of the user or the token */
	char actor[ACCESS_ACTOR_MAX];  /* "user:ID" or "token:ID", for the ledger */
	char name[ACCESS_DISPLAY_MAX]; /* sign-in name, or name of the token */
	char display_name[ACCESS_DISPLAY_MAX];
	enum role role;
	struct home home;   /* what the role was given for */
	struct scope scope; /* what it therefore reaches */
	enum lang lang;
	char session[UUID_MAX]; /* "" for a token */
	int64_t expires;        /* of the session; TIME_NONE for a token */
};

/* role_may() and act_is_whole() as an error: ERR_DENIED and "a viewer may not do this". */
MUST_USE bool who_may(const struct who *who, enum act act, struct err *why);

/* A field of a form that was refused; `why` can be rendered in the reader's language. */
struct access_fault {
	const char *field;
	struct err why;
};
enum { ACCESS_FAULTS = 4 };
struct access_faults {
	size_t n;
	struct access_fault fault[ACCESS_FAULTS];
};

#endif
