/* SPDX-License-Identifier: Apache-2.0 */
/* import_int.h - the process that reads what is imported, and the server that takes it. */
#ifndef CMD_IMPORT_INT_H
#define CMD_IMPORT_INT_H

#include "base/err.h"

#include <sys/types.h>

/* Read all that is named ("-": the standard input), archives unpacked, and send it (proc/members.h); in
 * a process of its own that can do nothing else. Ends it. */
_Noreturn void import_read(char **paths, size_t n, int link);

/* A server on the data folder: one that runs, or one that is started for us, on no address but its
 * socket and a port of the loopback that is free. */
struct import_server {
	const char *data, *config; /* config: for a server that is started; may be NULL */
	pid_t pid;                 /* of one that was started; 0: it ran already */
};
MUST_USE bool import_server_begin(struct import_server *s, struct err *why);
/* Stop it, if it was started. */
void import_server_end(struct import_server *s);

#endif
