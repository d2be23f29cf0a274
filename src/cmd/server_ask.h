/* SPDX-License-Identifier: Apache-2.0 */
/* server_ask.h - one request of a command to the server that runs on its data folder. */
#ifndef CMD_SERVER_ASK_H
#define CMD_SERVER_ASK_H

#include "base/buf.h"
#include "base/err.h"

/*
 * Over the Unix socket of the data folder. `type` NULL: no body. The answer's body is added to
 * *answer. False: no server runs there (ERR_ABSENT), or it does not answer.
 */
MUST_USE bool server_ask(const char *data, const char *token, const char *method, const char *path,
			 const char *type, struct str body, unsigned *status, struct buf *answer,
			 struct err *why);

#endif
