/* SPDX-License-Identifier: Apache-2.0 */
/*
 * local.h - the Unix socket of a running server: DATA/run/desk.sock, for commands of whoever owns
 * the data folder.
 *
 * It speaks the API in plain HTTP whatever the listeners speak; a token is needed there, too.
 * A path of any length works: it is reached through the open folder.
 */
#ifndef PROC_LOCAL_H
#define PROC_LOCAL_H

#include "base/err.h"
#include "base/str.h"

enum { LOCAL_PATH_MAX = 64 };

/* Bind and listen; what a server that is gone left behind is replaced. Runs in the parent. */
MUST_USE bool local_bind(struct str data, int *out, struct err *why);

struct local {
	int folder; /* open while `path` is used */
	char path[LOCAL_PATH_MAX];
};
/* Where to connect to; ERR_ABSENT: no server was ever started on this folder. */
MUST_USE bool local_open(const char *data, struct local *l, struct err *why);
void local_close(struct local *l);

#endif
