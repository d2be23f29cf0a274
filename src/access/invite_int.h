/* SPDX-License-Identifier: Apache-2.0 */
/* invite_int.h - accounts and the links that begin them. In transactions of the caller. */
#ifndef ACCESS_INVITE_INT_H
#define ACCESS_INVITE_INT_H

#include "access/access.h"

/* What an account may do, and where. */
struct grant {
	enum role role;
	struct home home;
};

/* ERR_STATE when another than `but` has the name. */
MUST_USE bool user_name_free(struct access *ac, const char *name, const char *but, struct err *why);
/* An account without password. */
MUST_USE bool user_insert(struct access *ac, const char *id, const char *name,
			  struct str display_name, const struct grant *grant, struct err *why);
/* A link for `user` (NULL: for whoever comes first); earlier unused ones stop working. */
MUST_USE bool invite_make(struct access *ac, const struct who *who, const char *user,
			  const struct grant *grant, char secret[ACCESS_SECRET_MAX],
			  struct err *why);

#endif
