/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_client.h - a short talk over TLS with a listener of our own, by GnuTLS: the control tests'.
 *
 * It knows whom it talks to: the other side must show the very certificate it is given, and that must
 * be valid now, or senders that check it would be turned away. Blocks, each step at most its time.
 */
#ifndef NET_TLS_CLIENT_H
#define NET_TLS_CLIENT_H

#include "base/err.h"
#include "base/str.h"

struct tls_client;
/* On `fd`, which blocks and stays the caller's. NULL and *why on failure. */
struct tls_client *tls_client_open(int fd, struct str cert_pem, unsigned timeout_ms,
				   struct err *why);
MUST_USE bool tls_client_write(struct tls_client *t, struct str bytes, struct err *why);
/* Bytes read; 0 at the end and on a fault. */
size_t tls_client_read(struct tls_client *t, char *into, size_t room);
/* Says goodbye first. */
void tls_client_close(struct tls_client *t);

#endif
