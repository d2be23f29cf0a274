/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user.h - the accounts, for admins.
 */
#ifndef ACCESS_USER_H
#define ACCESS_USER_H

#include "access/access.h"

struct user {
	char id[UUID_MAX];
	struct str name, display_name;
	enum role role;
	struct home home;           /* what the role is for */
	int64_t created, last_seen; /* TIME_NONE: never */
	bool disabled, totp;        /* totp: has signed in for the first time */
};

/* Does any account exist that can sign in? While not, the first link is valid ("setup"). */
MUST_USE bool user_any(struct access *ac, bool *out, struct err *why);
/* Those whose role is for something in the scope, by name, in `a`. */
MUST_USE bool user_list(struct access *ac, const struct scope *scope, struct arena *a,
			struct user **out, size_t *n, struct err *why);
/* ERR_ABSENT: no such user in the scope; so too for the calls below. */
MUST_USE bool user_get(struct access *ac, const struct scope *scope, struct arena *a, struct str id,
		       struct user *out, struct err *why);

/* A new account that waits for its link to be used: /#/invite/SECRET. Needs ACT_USERS. */
struct user_draft {
	struct str name, display_name;
	enum role role;
	struct str unit, site; /* ids of what the role is for; empty: what the inviter's is for */
};
struct invited {
	char id[UUID_MAX]; /* of the user */
	char secret[ACCESS_SECRET_MAX];
};
/* ERR_INPUT: `faults` names each field ("name", "display_name", "role", "unit")
 * and why; ERR_STATE: name taken. */
MUST_USE bool user_invite(struct access *ac, const struct who *who, const struct user_draft *in,
			  struct invited *out, struct access_faults *faults, struct err *why);
/* A new link for an account: its password and code are set anew when the link is used. */
MUST_USE bool user_reinvite(struct access *ac, const struct who *who, struct str id,
			    struct invited *out, struct err *why);

struct user_patch {
	struct str display_name; /* p == NULL: as it is */
	bool has_role, has_disabled, disabled, has_home;
	enum role role;
	struct str unit, site; /* ids; both empty: what the role of `who` is for */
};
/* Needs ACT_USERS. ERR_STATE: it would leave no admin of the whole. Disabling ends all sessions of the user. */
MUST_USE bool user_change(struct access *ac, const struct who *who, struct str id,
			  const struct user_patch *patch, struct err *why);

#endif
