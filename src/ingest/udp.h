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

/* In memory that outlives the process: how many datagrams were taken from the kernel, of which socket. */
struct udp_mark {
	uint64_t socket, taken;
};
/* What the store holds, of which socket: how many drops of the kernel were counted, and how many
 * datagrams taken. */
struct udp_before {
	uint64_t drops_socket, drops, taken_socket, taken;
};
/* "udp/NAME" and "udp-taken/NAME": the streams whose inode and place udp_before has. */
void udp_stream(struct str name, char *out, size_t room);
void udp_taken_stream(struct str name, char *out, size_t room);

struct udp_given {
	struct str name; /* of the listener: its address */
	struct udp_before before;
	struct udp_mark *mark; /* borrowed */
};
/* Read `fd` (now owned) into `intake`. What was lost while nobody read is counted, too: the kernel's
 * drops, since the parent keeps the socket, and what the process before had taken and not stored. NULL
 * and *why on failure. */
struct udp_door *udp_open(int fd, const struct udp_given *given, struct queue *intake,
			  struct err *why);
/* Stop reading and wait for the thread; what is left in the kernel is the next process's. */
void udp_close(struct udp_door *d);
/* Read what is there to its end, then close: the listener is gone for good. */
void udp_finish(struct udp_door *d);

#endif
