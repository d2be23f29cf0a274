/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token.h - secrets for programs: "canh_" and 43 characters of base64url, kept as SHA-256.
 */
#ifndef ACCESS_TOKEN_H
#define ACCESS_TOKEN_H

#include "access/access.h"

struct token_draft {
	struct str name;
	enum role role;
	struct str unit, site; /* ids of what it is for; empty: what its maker's role is for */
};
struct token_made {
	char id[UUID_MAX];
	char secret[ACCESS_SECRET_MAX]; /* shown once */
};
/* `who` NULL: the operator at the command line ("canh"). Needs ACT_TOKENS; nobody makes a token
 * stronger than himself, nor for what his own role does not reach (ERR_INPUT). */
MUST_USE bool token_new(struct access *ac, const struct who *who, const struct token_draft *in,
			struct token_made *out, struct err *why);
/* Who holds this secret; remembers, at most once a minute, that it was used. ERR_DENIED: nobody. */
MUST_USE bool token_find(struct access *ac, struct str secret, struct who *out, struct err *why);

struct token {
	char id[UUID_MAX];
	struct str name, created_by; /* created_by: an actor */
	enum role role;
	struct home home;
	int64_t created, last_used; /* TIME_NONE: never */
};
/* Those that work and lie in the scope, newest first, in `a`. */
MUST_USE bool token_list(struct access *ac, const struct scope *scope, struct arena *a,
			 struct token **out, size_t *n, struct err *why);
/* ERR_ABSENT: no such token in the scope of `who`. */
MUST_USE bool token_revoke(struct access *ac, const struct who *who, struct str id,
			   struct err *why);

#endif
