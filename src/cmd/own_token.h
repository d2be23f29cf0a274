/* SPDX-License-Identifier: Apache-2.0 */
/* own_token.h - the token that a command asks the server with, kept in keys/NAME.token. */
#ifndef CMD_OWN_TOKEN_H
#define CMD_OWN_TOKEN_H

#include "access/token.h"

struct own_token {
	const char *data, *name; /* "status" */
	enum role role;
};
/* What was kept; empty: nothing. */
void own_token_kept(const struct own_token *t, char out[ACCESS_SECRET_MAX]);
/* A new one, "canh NAME", which is kept. False and *why, or after the reason was printed. */
MUST_USE bool own_token_make(const struct own_token *t, char out[ACCESS_SECRET_MAX],
			     struct err *why);

#endif
