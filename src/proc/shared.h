/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shared.h - memory that outlives a watch: what it was reading, what it had taken from TLS and UDP.
 *
 * The parent makes it and keeps it, each watch maps it. The parent trusts nothing in it but its size.
 */
#ifndef PROC_SHARED_H
#define PROC_SHARED_H

#include "ingest/tls_door.h"
#include "ingest/udp.h"
#include "proc/config.h"
#include "proc/poison.h"

enum { SHARED_CONNECTIONS = 6144 };

struct shared {
	struct poison_page poison;                 /* of the records */
	struct poison_page push[POISON_PUSHERS];   /* of pushed bodies, by thread */
	struct tls_mark tls[SHARED_CONNECTIONS];   /* by the parent's place of the connection */
	struct udp_mark udp[CONFIG_MAX_LISTENERS]; /* in the order of the listeners */
};

/* A descriptor of new, zeroed memory, of a size that cannot be changed. -1 and *why on failure. */
int shared_make(struct err *why);
/* NULL and *why on failure. The mapping lives as long as the process. */
struct shared *shared_map(int fd, struct err *why);

#endif
