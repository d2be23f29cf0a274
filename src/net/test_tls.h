/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_tls.h - the other side of TLS for *_test.c: a certificate that was made just now, a client over
 * a socket that blocks. Nothing else includes it.
 */
#ifndef NET_TEST_TLS_H
#define NET_TEST_TLS_H

#include "base/str.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <time.h>

enum { TEST_PEM_MAX = 8192 };

struct test_cert {
	char cert[TEST_PEM_MAX], key[TEST_PEM_MAX]; /* PEM; the certificate is its own root */
};

/* For localhost, an hour long. */
UNUSED static bool test_cert_make(struct test_cert *out)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
	size_t nc = sizeof out->cert, nk = sizeof out->key;
	time_t now = time(NULL);

	gnutls_x509_privkey_init(&key);
	gnutls_x509_crt_init(&crt);
	bool ok = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
					       GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
					       0) == 0 &&
		  gnutls_x509_crt_set_version(crt, 3) == 0 &&
		  gnutls_x509_crt_set_serial(crt, "\1", 1) == 0 &&
		  gnutls_x509_crt_set_activation_time(crt, now - 3600) == 0 &&
		  gnutls_x509_crt_set_expiration_time(crt, now + 3600) == 0 &&
		  gnutls_x509_crt_set_dn(crt, "CN=localhost", NULL) == 0 &&
		  gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, "localhost", 9,
						       GNUTLS_FSAN_SET) == 0 &&
		  gnutls_x509_crt_set_basic_constraints(crt, 1, -1) == 0 &&
		  gnutls_x509_crt_set_key(crt, key) == 0 &&
		  gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0) == 0 &&
		  gnutls_x509_crt_export(crt, GNUTLS_X509_FMT_PEM, out->cert, &nc) == 0 &&
		  gnutls_x509_privkey_export(key, GNUTLS_X509_FMT_PEM, out->key, &nk) == 0;
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
	return ok;
}

struct test_client {
	gnutls_session_t session;
	gnutls_certificate_credentials_t trust;
	int fd; /* the caller's */
};

/* Shake hands over `fd`; `trusted` (PEM) is the root that it believes, NULL: it believes none. False
 * when that fails; test_client_end() in any case. */
UNUSED static bool test_client_begin(struct test_client *c, int fd, const char *trusted)
{
	char pem[TEST_PEM_MAX];
	int rc;

	c->fd = fd;
	gnutls_certificate_allocate_credentials(&c->trust);
	if (trusted != NULL) {
		gnutls_datum_t d = { (unsigned char *)pem, (unsigned)strlen(trusted) };

		memcpy(pem, trusted, d.size);
		gnutls_certificate_set_x509_trust_mem(c->trust, &d, GNUTLS_X509_FMT_PEM);
	}
	gnutls_init(&c->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
	gnutls_set_default_priority(c->session);
	gnutls_credentials_set(c->session, GNUTLS_CRD_CERTIFICATE, c->trust);
	gnutls_session_set_verify_cert(c->session, "localhost", 0);
	gnutls_transport_set_int(c->session, fd);
	do
		rc = gnutls_handshake(c->session);
	while (rc < 0 && gnutls_error_is_fatal(rc) == 0);
	return rc == 0;
}

UNUSED static bool test_client_send(struct test_client *c, struct str s)
{
	while (s.n > 0) {
		ssize_t n = gnutls_record_send(c->session, s.p, s.n);

		if (n < 0 && gnutls_error_is_fatal((int)n) != 0)
			return false;
		s = str_skip(s, n > 0 ? (size_t)n : 0);
	}
	return true;
}

/* `bye`: close in order first. The socket stays the caller's. */
UNUSED static void test_client_end(struct test_client *c, bool bye)
{
	if (bye)
		gnutls_bye(c->session, GNUTLS_SHUT_WR);
	gnutls_deinit(c->session);
	gnutls_certificate_free_credentials(c->trust);
}

#endif
