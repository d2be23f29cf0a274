/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_door.h - syslog over TLS (RFC 5425): one thread, one chunk under way a connection.
 *
 * The state of a TLS connection dies with this process: after a restart the sender connects anew, and
 * what was read but not stored by then is lost. That is at most HELD_MAX (4 MiB) a connection; the
 * time of the restart is told on the page.
 */
#ifndef INGEST_TLS_DOOR_H
#define INGEST_TLS_DOOR_H

#include "base/err.h"
#include "base/queue.h"

struct tls_door;

/* Accept from `fd` (now owned), with certificate chain and key as PEM. NULL and *why on failure. */
struct tls_door *tls_door_open(int fd, struct str cert_pem, struct str key_pem,
			       struct queue *intake, struct err *why);
/* After the pipeline has ended. */
void tls_door_close(struct tls_door *d);

#endif
