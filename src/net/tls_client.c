/* SPDX-License-Identifier: Apache-2.0 */
/* tls_client.c - invariant: nothing is written before the other side has shown our own certificate. */
#include "net/tls_client.h"

#include "base/time.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>

struct tls_client {
	gnutls_session_t session;
	gnutls_certificate_credentials_t none; /* it shows no certificate of its own */
};

static void free_all(struct tls_client *t)
{
	if (t->session != NULL)
		gnutls_deinit(t->session);
	if (t->none != NULL)
		gnutls_certificate_free_credentials(t->none);
	free(t);
}

/* Is `shown` (DER) the first certificate of the PEM text, and valid now? */
static bool is_ours(const gnutls_datum_t *shown, struct str cert_pem, struct err *why)
{
	union {
		const char *c;
		unsigned char *u;
	} pem = { cert_pem.p };
	gnutls_datum_t text = { pem.u, (unsigned)cert_pem.n };
	gnutls_x509_crt_t ours = NULL;
	bool same = false, early = false, late = false;
	time_t now = (time_t)(time_now() / TIME_SECOND);

	if (gnutls_x509_crt_init(&ours) < 0)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (gnutls_x509_crt_import(ours, &text, GNUTLS_X509_FMT_PEM) >= 0) {
		same = gnutls_x509_crt_equals2(ours, shown) != 0;
		early = now < gnutls_x509_crt_get_activation_time(ours);
		late = now > gnutls_x509_crt_get_expiration_time(ours);
	}
	gnutls_x509_crt_deinit(ours);
	if (!same)
		return err_set(why, ERR_STATE, 0, "TLS: another certificate than ours was shown");
	if (early || late)
		return err_set(why, ERR_STATE, 0, "TLS: our certificate is not valid now");
	return true;
}

static bool shake(struct tls_client *t, int fd, unsigned timeout_ms, struct err *why)
{
	int rc;

	if (gnutls_init(&t->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL) < 0 ||
	    gnutls_certificate_allocate_credentials(&t->none) < 0 ||
	    gnutls_set_default_priority(t->session) < 0)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, t->none);
	gnutls_transport_set_int(t->session, fd);
	gnutls_handshake_set_timeout(t->session, timeout_ms);
	gnutls_record_set_timeout(t->session, timeout_ms);
	do
		rc = gnutls_handshake(t->session);
	while (rc < 0 && gnutls_error_is_fatal(rc) == 0);
	return rc >= 0 || err_set(why, ERR_IO, 0, "TLS: %s", gnutls_strerror(rc));
}

struct tls_client *tls_client_open(int fd, struct str cert_pem, unsigned timeout_ms,
				   struct err *why)
{
	struct tls_client *t = calloc(1, sizeof *t);
	const gnutls_datum_t *shown;
	unsigned n = 0;

	if (t == NULL) {
		err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	bool ok = shake(t, fd, timeout_ms, why);
	if (ok) {
		shown = gnutls_certificate_get_peers(t->session, &n);
		ok = n > 0 ? is_ours(&shown[0], cert_pem, why)
			   : err_set(why, ERR_STATE, 0,
				     "TLS: another certificate than ours was shown");
	}
	if (ok)
		return t;
	free_all(t);
	return NULL;
}

bool tls_client_write(struct tls_client *t, struct str bytes, struct err *why)
{
	while (bytes.n > 0) {
		ssize_t n = gnutls_record_send(t->session, bytes.p, bytes.n);

		if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
			continue;
		if (n < 0)
			return err_set(why, ERR_IO, 0, "TLS: %s", gnutls_strerror((int)n));
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

size_t tls_client_read(struct tls_client *t, char *into, size_t room)
{
	ssize_t n;

	do
		n = gnutls_record_recv(t->session, into, room);
	while (n == GNUTLS_E_INTERRUPTED || n == GNUTLS_E_WARNING_ALERT_RECEIVED);
	return n > 0 ? (size_t)n : 0;
}

void tls_client_close(struct tls_client *t)
{
	if (t == NULL)
		return;
	gnutls_bye(t->session, GNUTLS_SHUT_WR);
	free_all(t);
}
