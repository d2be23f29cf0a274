/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ca.h - the own certificate authority: HTTPS and syslog over TLS where nobody gave a certificate.
 *
 * In the keys folder: ca.key (0600) and ca.pem, made once for ten years; server.key (0600) and
 * server.pem (the certificate, then the CA's), made anew when they do not cover a name or run out
 * within 30 days. ECDSA on P-256. Making one is written to the ledger.
 */
#ifndef ACCESS_CA_H
#define ACCESS_CA_H

#include "access/access.h"
#include "base/buf.h"
#include "base/hash.h"

enum { CA_NAMES_MAX = 32, CA_PATH_MAX = 512, CA_RENEW_DAYS = 30 };

struct ca_server {
	char cert[CA_PATH_MAX], key[CA_PATH_MAX], ca[CA_PATH_MAX]; /* files, PEM */
	char fingerprint[HASH_HEX_MAX]; /* SHA-256 of the CA's certificate, for people to compare */
	int64_t expires;                /* of the server's certificate */
	bool fresh;                     /* it was made just now */
};
/* A certificate for `names`: host names and IP addresses, 1 to CA_NAMES_MAX. ERR_INPUT: one of them
 * is neither. */
MUST_USE bool ca_server(struct access *ac, const struct str *names, size_t n, struct ca_server *out,
			struct err *why);

/* Does the first certificate of PEM text `cert` name `host`, hold at `time`, and follow from `ca`
 * (PEM; empty: whoever signed it)? ERR_INPUT says what not. Reads hostile bytes. */
MUST_USE bool ca_check(struct str cert, struct str ca, struct str host, int64_t time,
		       struct err *why);

/* What stands in the first certificate of PEM text. Reads hostile bytes. */
struct ca_about {
	int64_t begins, expires;
	char fingerprint[HASH_HEX_MAX]; /* SHA-256 */
	struct str names[CA_NAMES_MAX]; /* host names, addresses as text; in the arena */
	size_t n_names;
};
MUST_USE bool ca_about(struct arena *a, struct str pem, struct ca_about *out, struct err *why);
/* The same certificate as DER. */
MUST_USE bool ca_der(struct str pem, struct buf *out, struct err *why);

#endif
