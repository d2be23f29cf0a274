/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server_int.h - what the socket side and the rest of the server need of each other.
 */
#ifndef WEB_SERVER_INT_H
#define WEB_SERVER_INT_H

#include "base/file.h"
#include "web/web_int.h"

#include <sys/types.h>

/* server.c */
MUST_USE bool server_listen(struct web *web, struct err *why);
void server_quiesce(struct web *web); /* no new connections */
void server_close(struct web *web);   /* nothing may be suspended any more */
void server_resume(struct MHD_Connection *conn);
void server_suspend(struct MHD_Connection *conn); /* socket thread only */

/* run.c: method and path to a route; without one the reply is made (404, 405, or a file of the page) */
void call_route(struct call *c);

/* stream.c: a stream's bytes, for the socket thread */
enum { STREAM_END = -1 };
void *stream_join(struct call *c);
ssize_t stream_read(void *reader, uint64_t pos, char *out, size_t max);
void stream_leave(void *reader);

#endif
