/* SPDX-License-Identifier: Apache-2.0 */
/*
 * own_server.h - a server on a data folder for as long as a command needs one: the one that runs there,
 * or one that is started, with its processes and their rights as an operator's would have.
 */
#ifndef CMD_OWN_SERVER_H
#define CMD_OWN_SERVER_H

#include "base/err.h"

#include <sys/types.h>

/* A server that is started listens on its socket and a free port of the loopback alone. */
struct own_server {
	const char *data;
	/* of a server that is started; each may be NULL */
	const char *config, *clock; /* as `canh serve` takes them */
	const char *log;            /* a file for its words; NULL: nobody hears them */
	pid_t pid;                  /* of one that was started; 0: it ran already */
};
/* Until it has loaded its rules. */
MUST_USE bool own_server_begin(struct own_server *s, struct err *why);
/* Stop it, if it was started. */
void own_server_end(struct own_server *s);

#endif
