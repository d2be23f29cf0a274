/* SPDX-License-Identifier: Apache-2.0 */
/* tls.c - GnuTLS behind five calls; renegotiation is off, tickets are off: a log link needs neither. */
#include "net/tls.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <sys/socket.h>

struct tls_context {
	gnutls_certificate_credentials_t cert;
	gnutls_priority_t priority;
	unsigned holders; /* atomic: its owner, and each session */
};

struct tls {
	struct tls_context *context;
	gnutls_session_t session;
	int fd;
	bool ready; /* the handshake is done */
	uint64_t taken, opened;
};

/* GnuTLS asks for no more than the record that it reads, so that `taken` stands at the end of one
 * whenever one was read whole. */
static ssize_t pull(gnutls_transport_ptr_t p, void *into, size_t room)
{
	struct tls *t = p;
	ssize_t n = recv(t->fd, into, room, 0);

	if (n > 0)
		t->taken += (uint64_t)n;
	return n;
}

static ssize_t push(gnutls_transport_ptr_t p, const void *bytes, size_t n)
{
	const struct tls *t = p;

	return send(t->fd, bytes, n, MSG_NOSIGNAL);
}

static bool fill(struct tls_context *c, struct str cert_pem, struct str key_pem, struct err *why)
{
	union {
		const char *c;
		unsigned char *u;
	} cert = { cert_pem.p }, key = { key_pem.p };
	gnutls_datum_t cert_datum = { cert.u, (unsigned)cert_pem.n };
	gnutls_datum_t key_datum = { key.u, (unsigned)key_pem.n };
	int rc;

	if (gnutls_certificate_allocate_credentials(&c->cert) < 0 ||
	    gnutls_priority_init(&c->priority, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", NULL) <
		    0)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	rc = gnutls_certificate_set_x509_key_mem(c->cert, &cert_datum, &key_datum,
						 GNUTLS_X509_FMT_PEM);
	if (rc < 0)
		return err_set(why, ERR_INPUT, 0, "certificate and key cannot be used: %s",
			       gnutls_strerror(rc));
	return true;
}

struct tls_context *tls_context_new(struct str cert_pem, struct str key_pem, struct err *why)
{
	struct tls_context *c = calloc(1, sizeof *c);

	if (c == NULL) {
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	c->holders = 1;
	if (!fill(c, cert_pem, key_pem, why)) {
		tls_context_free(c);
		return NULL;
	}
	return c;
}

void tls_context_free(struct tls_context *c)
{
	if (c == NULL || __atomic_sub_fetch(&c->holders, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	if (c->cert != NULL)
		gnutls_certificate_free_credentials(c->cert);
	if (c->priority != NULL)
		gnutls_priority_deinit(c->priority);
	free(c);
}

struct tls *tls_accept(struct tls_context *c, int fd, struct err *why)
{
	struct tls *t = calloc(1, sizeof *t);

	if (t == NULL ||
	    gnutls_init(&t->session, GNUTLS_SERVER | GNUTLS_NONBLOCK | GNUTLS_NO_TICKETS |
					     GNUTLS_NO_SIGNAL) < 0) {
		free(t);
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	gnutls_priority_set(t->session, c->priority);
	gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, c->cert);
	gnutls_certificate_server_set_request(t->session, GNUTLS_CERT_IGNORE);
	t->fd = fd;
	t->context = c;
	__atomic_add_fetch(&c->holders, 1, __ATOMIC_ACQ_REL);
	gnutls_transport_set_ptr(t->session, t);
	gnutls_transport_set_pull_function(t->session, pull);
	gnutls_transport_set_push_function(t->session, push);
	return t;
}

void tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	if (t->ready)
		gnutls_bye(t->session, GNUTLS_SHUT_WR); /* as far as it goes without waiting */
	gnutls_deinit(t->session);
	tls_context_free(t->context);
	free(t);
}

static bool again(ssize_t rc)
{
	return rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_INTERRUPTED ||
	       rc == GNUTLS_E_WARNING_ALERT_RECEIVED;
}

static enum tls_got fault(int rc, struct err *why)
{
	err_set(why, ERR_INPUT, 0, "TLS: %s", gnutls_strerror(rc));
	return TLS_FAULT;
}

enum tls_got tls_read(struct tls *t, char *into, size_t room, size_t *n, struct err *why)
{
	ssize_t rc;

	if (!t->ready) {
		int done = gnutls_handshake(t->session);

		if (again(done) && gnutls_error_is_fatal(done) == 0)
			return TLS_WAIT;
		if (done < 0) {
			/* the other side is told why, as far as it listens */
			gnutls_alert_send_appropriate(t->session, done);
			return fault(done, why);
		}
		t->ready = true;
		t->opened = t->taken;
	}
	rc = gnutls_record_recv(t->session, into, room);
	if (rc > 0) {
		*n = (size_t)rc;
		if (gnutls_record_check_pending(t->session) == 0)
			t->opened = t->taken;
		return TLS_BYTES;
	}
	if (rc == 0)
		return TLS_END;
	return again(rc) ? TLS_WAIT : fault((int)rc, why);
}

bool tls_ready(const struct tls *t)
{
	return t->ready;
}

uint64_t tls_opened(const struct tls *t)
{
	return t->opened;
}

bool tls_wants_write(const struct tls *t)
{
	return !t->ready && gnutls_record_get_direction(t->session) == 1;
}
