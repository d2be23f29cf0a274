/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate.c - invariant: what was shown once is kept until the server is gone, since a handshake
 * may still be using it; a new one comes every few months, or when an operator reloads.
 */
#include "web/certificate_int.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdlib.h>

enum { CHAIN_MAX = 8 };

struct shown {
	struct shown *older;
	gnutls_pcert_st chain[CHAIN_MAX];
	unsigned n;
	gnutls_privkey_t key;
};

static struct shown *shown; /* atomic */

static gnutls_datum_t datum(struct str s)
{
	union {
		const char *c;
		unsigned char *u;
	} bytes = { s.p };

	return (gnutls_datum_t){ bytes.u, (unsigned)s.n };
}

static void shown_free(struct shown *s)
{
	for (unsigned i = 0; i < s->n; i++)
		gnutls_pcert_deinit(&s->chain[i]);
	if (s->key != NULL)
		gnutls_privkey_deinit(s->key);
	free(s);
}

static int fill(struct shown *s, struct str cert_pem, struct str key_pem)
{
	gnutls_datum_t cert = datum(cert_pem), key = datum(key_pem);
	unsigned n = CHAIN_MAX;
	int rc = gnutls_pcert_list_import_x509_raw(s->chain, &n, &cert, GNUTLS_X509_FMT_PEM, 0);

	if (rc < 0)
		return rc;
	s->n = n;
	rc = gnutls_privkey_init(&s->key);
	if (rc >= 0)
		rc = gnutls_privkey_import_x509_raw(s->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
	return rc;
}

bool certificate_set(struct str cert_pem, struct str key_pem, struct err *why)
{
	struct shown *s = calloc(1, sizeof *s);

	if (s == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	int rc = fill(s, cert_pem, key_pem);
	if (rc < 0) {
		shown_free(s);
		return err_set(why, ERR_INPUT, 0, "certificate and key cannot be used: %s",
			       gnutls_strerror(rc));
	}
	s->older = __atomic_load_n(&shown, __ATOMIC_ACQUIRE);
	while (!__atomic_compare_exchange_n(&shown, &s->older, s, false, __ATOMIC_ACQ_REL,
					    __ATOMIC_ACQUIRE))
		;
	return true;
}

void certificate_drop(void)
{
	struct shown *s = __atomic_exchange_n(&shown, NULL, __ATOMIC_ACQ_REL), *older;

	for (; s != NULL; s = older) {
		older = s->older;
		shown_free(s);
	}
}

/* The library's signature, not ours. NOLINTNEXTLINE(readability-function-size) */
static int pick(gnutls_session_t session, const gnutls_datum_t *authorities, int n_authorities,
		const gnutls_pk_algorithm_t *algorithms, int n_algorithms, gnutls_pcert_st **chain,
		unsigned *n, gnutls_privkey_t *key)
{
	struct shown *s = __atomic_load_n(&shown, __ATOMIC_ACQUIRE);

	(void)session, (void)authorities, (void)n_authorities, (void)algorithms, (void)n_algorithms;
	if (s == NULL)
		return -1;
	*chain = s->chain;
	*n = s->n;
	*key = s->key;
	return 0;
}

void *certificate_callback(void)
{
	union {
		gnutls_certificate_retrieve_function2 *fn;
		void *v;
	} callback = { pick };

	return callback.v;
}
