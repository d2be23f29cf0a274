/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls.h - the server's side of TLS over sockets that do not block, by GnuTLS.
 *
 * TLS 1.2 and 1.3. A context is immutable after it is made and may be shared by threads; a session
 * belongs to one thread. Both borrow nothing.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/err.h"
#include "base/str.h"

struct tls_context;
/* From a certificate chain and its key, PEM. NULL and *why on failure. */
struct tls_context *tls_context_new(struct str cert_pem, struct str key_pem, struct err *why);
/* Sessions that were made of it keep it for as long as they live. */
void tls_context_free(struct tls_context *c);

struct tls;
/* A session on `fd`, which stays the caller's. NULL and *why on failure. */
struct tls *tls_accept(struct tls_context *c, int fd, struct err *why);
void tls_free(struct tls *t);
/* The handshake is done. */
bool tls_ready(const struct tls *t);
/* How many bytes were taken out of the socket, up to the end of the last record that tls_read() has
 * given whole: what came behind them is still unread, whatever of it was taken out. */
uint64_t tls_opened(const struct tls *t);

enum tls_got {
	TLS_BYTES, /* *n > 0 bytes */
	TLS_WAIT,  /* nothing now; tls_wants_write() tells for what to wait */
	TLS_END,   /* closed by the other side, in order */
	TLS_FAULT, /* broken, or closed without a word: *why tells */
};
/* Finishes the handshake first, by itself. */
enum tls_got tls_read(struct tls *t, char *into, size_t room, size_t *n, struct err *why);
bool tls_wants_write(const struct tls *t);

#endif
