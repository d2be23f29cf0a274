/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conns.h - who is connected: caps by address and in all, idle ones closed first.
 *
 * A connection counts as idle until the whole header of a request has come and again after its
 * answer. Where a cap is met the longest idle one makes room, so that idle or dribbling peers cannot
 * shut others out. Closing means shutdown(): the server then ends it in its own way. Safe from any
 * thread.
 */
#ifndef WEB_CONNS_H
#define WEB_CONNS_H

#include "base/str.h"

#include <sys/socket.h>

struct conns;
struct conn;

struct conns *conns_new(unsigned max, unsigned per_address, unsigned idle_s); /* NULL: no memory */
void conns_free(struct conns *cs); /* no connection may be left */

/* A new connection; NULL (and the socket shut down) when there is no room and none idle. */
struct conn *conns_open(struct conns *cs, int fd, const struct sockaddr *peer);
void conns_close(struct conns *cs, struct conn *c); /* before the socket is closed; NULL is fine */
/* A request has begun (true) or was answered (false). */
void conns_busy(struct conns *cs, struct conn *c, bool busy);
/* Shut down what has been idle for longer than idle_s. */
void conns_reap(struct conns *cs);
unsigned conns_count(struct conns *cs);

enum { CONNS_ADDRESS_MAX = 64 };
/* "192.0.2.1", "2001:db8::1": without port, IPv4 in IPv6 as IPv4; returns out. */
const char *conns_address(const struct sockaddr *peer, char out[CONNS_ADDRESS_MAX]);

#endif
