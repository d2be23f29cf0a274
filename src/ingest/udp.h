/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp.h - syslog over UDP: one thread a socket, recvmmsg, one record a datagram.
 *
 * The queue holds the thread back; what the kernel then cannot keep it counts, and the count is read
 * and stored as dropped ("kernel"). A sender gets no answer in this protocol.
 */
#ifndef INGEST_UDP_H
#define INGEST_UDP_H

#include "base/err.h"
#include "base/queue.h"

struct udp_door;

/* What the store holds of the kernel's drops: of which socket, how many were counted. */
struct udp_before {
	uint64_t socket, drops;
};
/* "udp/NAME": the stream whose inode and place udp_before is. */
void udp_stream(struct str name, char *out, size_t room);

/* Read `fd` (now owned) into `intake`; `name`: the listener's address. Drops while nobody read are
 * counted, too: the parent keeps the socket. NULL and *why on failure. */
struct udp_door *udp_open(int fd, struct str name, const struct udp_before *before,
			  struct queue *intake, struct err *why);
/* Stop reading and wait for the thread. */
void udp_close(struct udp_door *d);

#endif
