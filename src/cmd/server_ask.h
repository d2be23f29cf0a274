/* SPDX-License-Identifier: Apache-2.0 */
/* server_ask.h - one request of a command to the server that runs on its data folder. */
#ifndef CMD_SERVER_ASK_H
#define CMD_SERVER_ASK_H

#include "base/buf.h"
#include "base/err.h"

struct server_call {
	const char *data; /* the folder whose server is asked */
	const char *token, *method, *path;
	const char *type; /* of `body`; NULL: none is sent */
	struct str body;
};
/*
 * Over the Unix socket of the data folder. The answer's body is added to *answer. False: no server
 * runs there (ERR_ABSENT), or it does not answer.
 */
MUST_USE bool server_ask(const struct server_call *call, unsigned *status, struct buf *answer,
			 struct err *why);

#endif
