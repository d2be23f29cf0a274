/* SPDX-License-Identifier: Apache-2.0 */
/* udp_doors.h - the UDP listeners of watch: they come and go while it runs. One thread calls. */
#ifndef PROC_UDP_DOORS_H
#define PROC_UDP_DOORS_H

#include "base/queue.h"
#include "proc/address.h"
#include "proc/pipeline.h"
#include "proc/shared.h"

struct udp_doors { /* zero: none */
	/* by their mark in the shared page; NULL: free. Their addresses beside them. */
	struct udp_door *door[CONFIG_MAX_LISTENERS];
	char address[CONFIG_MAX_LISTENERS][ADDRESS_PORT_TEXT_MAX];
};

/* All borrowed. */
struct udp_doors_ctx {
	struct shared *shared;
	struct pipeline *pipeline;
	struct queue *intake;
};
/* Read `fd` (now owned) of that address. */
void udp_doors_open(struct udp_doors *d, const struct udp_doors_ctx *ctx, int fd,
		    struct str address);
/* That listener is gone: what waits in the kernel is still read. */
void udp_doors_finish(struct udp_doors *d, struct str address);
/* watch ends: what waits in the kernel is the next one's. */
void udp_doors_close(struct udp_doors *d);

#endif
