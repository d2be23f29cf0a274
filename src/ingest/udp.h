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

/* Read `fd` (now owned) into `intake`; `name`: the listener's address. NULL and *why on failure. */
struct udp_door *udp_open(int fd, struct str name, struct queue *intake, struct err *why);
/* Stop reading and wait for the thread. */
void udp_close(struct udp_door *d);

#endif
