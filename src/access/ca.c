/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ca.c - X.509 through GnuTLS. A pair is a certificate and its key, both open or both closed; who
 * opens one closes it.
 */
#include "access/ca.h"

#include "access/access_int.h"
#include "base/buf.h"
#include "base/crypt.h"
#include "base/file.h"
#include "base/time.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <sys/stat.h>

enum { CA_DAYS = 3650, SERVER_DAYS = 397, PEM_MAX = 1 << 16 };

struct pair {
	gnutls_x509_crt_t crt;
	gnutls_x509_privkey_t key;
};

static bool fail(int rc, struct err *why)
{
	return err_set(why, ERR_IO, 0, "cannot make a certificate: %s", gnutls_strerror(rc));
}

static bool pair_open(struct pair *p, struct err *why)
{
	*p = (struct pair){ NULL, NULL };
	int rc = gnutls_x509_crt_init(&p->crt);

	if (rc == 0)
		rc = gnutls_x509_privkey_init(&p->key);
	return rc == 0 || fail(rc, why);
}

static void pair_close(struct pair *p)
{
	if (p->crt != NULL)
		gnutls_x509_crt_deinit(p->crt);
	if (p->key != NULL)
		gnutls_x509_privkey_deinit(p->key);
}

static gnutls_datum_t datum(struct str s)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)s.p, (unsigned)s.n };
}

static bool path_of(const struct access *ac, const char *name, char out[CA_PATH_MAX],
		    struct err *why)
{
	if (snprintf(out, CA_PATH_MAX, "%s/%s", ac->keys_dir, name) < CA_PATH_MAX)
		return true;
	return err_set(why, ERR_LIMIT, 0, "name too long: '%s'", ac->keys_dir);
}

/* What every certificate of ours has: a new key, a serial number, a time, a common name. */
static int fill(struct pair *p, const char *name, int64_t now, int days)
{
	unsigned char serial[16];
	time_t at = (time_t)(now / TIME_SECOND);
	int rc = gnutls_x509_privkey_generate(p->key, GNUTLS_PK_ECDSA,
					      GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);

	crypt_random(serial, sizeof serial);
	serial[0] = (unsigned char)((serial[0] & 0x3f) | 0x40);
	if (rc == 0)
		rc = gnutls_x509_crt_set_key(p->crt, p->key);
	if (rc == 0)
		rc = gnutls_x509_crt_set_version(p->crt, 3);
	if (rc == 0)
		rc = gnutls_x509_crt_set_serial(p->crt, serial, sizeof serial);
	if (rc == 0)
		rc = gnutls_x509_crt_set_activation_time(p->crt, at - 3600);
	if (rc == 0)
		rc = gnutls_x509_crt_set_expiration_time(p->crt, at + days * 86400L);
	if (rc == 0)
		rc = gnutls_x509_crt_set_dn_by_oid(p->crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
						   (unsigned)strlen(name));
	return rc;
}

static int set_key_id(struct pair *p)
{
	unsigned char id[64];
	size_t n = sizeof id;
	int rc = gnutls_x509_crt_get_key_id(p->crt, GNUTLS_KEYID_USE_SHA256, id, &n);

	return rc == 0 ? gnutls_x509_crt_set_subject_key_id(p->crt, id, n > 20 ? 20 : n) : rc;
}

static bool make_ca(struct pair *p, int64_t now, struct err *why)
{
	int rc = fill(p, "canh CA", now, CA_DAYS);

	if (rc == 0)
		rc = gnutls_x509_crt_set_basic_constraints(p->crt, 1, 0);
	if (rc == 0)
		rc = gnutls_x509_crt_set_key_usage(p->crt,
						   GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
	if (rc == 0)
		rc = set_key_id(p);
	if (rc == 0)
		rc = gnutls_x509_crt_sign2(p->crt, p->crt, p->key, GNUTLS_DIG_SHA256, 0);
	return rc == 0 || fail(rc, why);
}

/* An IP address as its 4 or 16 bytes, or a host name; 0 for neither. */
static unsigned name_bytes(struct str name, char text[256], unsigned char ip[16])
{
	if (name.n == 0 || name.n > 253)
		return 0;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	if (strlen(text) != name.n)
		return 0;
	if (inet_pton(AF_INET, text, ip) == 1)
		return 4;
	if (inet_pton(AF_INET6, text, ip) == 1)
		return 16;
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_alpha(text[i]) && !ascii_digit(text[i]) && text[i] != '-' &&
		    text[i] != '.')
			return 0;
	return (unsigned)name.n;
}

static bool add_name(struct pair *p, struct str name, struct err *why)
{
	char text[256];
	unsigned char ip[16];
	unsigned n = name_bytes(name, text, ip);

	if (n == 0)
		return err_set(why, ERR_INPUT, 0, "'%.*s' is neither a host name nor an address",
			       STR_ARG(name));
	bool host = inet_pton(AF_INET, text, ip) != 1 && inet_pton(AF_INET6, text, ip) != 1;
	int rc = gnutls_x509_crt_set_subject_alt_name(
		p->crt, host ? GNUTLS_SAN_DNSNAME : GNUTLS_SAN_IPADDRESS,
		host ? (const void *)text : (const void *)ip, n, GNUTLS_FSAN_APPEND);

	return rc == 0 || fail(rc, why);
}

static bool make_server(struct pair *p, const struct pair *ca, const struct str *names, size_t n,
			int64_t now, struct err *why)
{
	unsigned char id[64];
	size_t len = sizeof id;
	unsigned critical;
	int rc = fill(p, "canh", now, SERVER_DAYS);

	if (rc != 0)
		return fail(rc, why);
	for (size_t i = 0; i < n; i++)
		if (!add_name(p, names[i], why))
			return false;
	rc = gnutls_x509_crt_set_basic_constraints(p->crt, 0, -1);
	if (rc == 0)
		rc = gnutls_x509_crt_set_key_usage(p->crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
	if (rc == 0)
		rc = gnutls_x509_crt_set_key_purpose_oid(p->crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
	if (rc == 0)
		rc = set_key_id(p);
	if (rc == 0)
		rc = gnutls_x509_crt_get_subject_key_id(ca->crt, id, &len, &critical);
	if (rc == 0)
		rc = gnutls_x509_crt_set_authority_key_id(p->crt, id, len);
	if (rc == 0)
		rc = gnutls_x509_crt_sign2(p->crt, ca->crt, ca->key, GNUTLS_DIG_SHA256, 0);
	return rc == 0 || fail(rc, why);
}

/* The certificate (and that of `above` behind it) and the key into their files. */
static bool save(struct access *ac, const struct pair *p, const struct pair *above,
		 const char *const file[2], struct err *why)
{
	gnutls_datum_t part[3] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	char cert[CA_PATH_MAX], key[CA_PATH_MAX];
	struct buf chain = BUF(PEM_MAX);
	int rc = gnutls_x509_crt_export2(p->crt, GNUTLS_X509_FMT_PEM, &part[0]);

	if (rc == 0 && above != NULL)
		rc = gnutls_x509_crt_export2(above->crt, GNUTLS_X509_FMT_PEM, &part[1]);
	if (rc == 0)
		rc = gnutls_x509_privkey_export2_pkcs8(p->key, GNUTLS_X509_FMT_PEM, NULL,
						       GNUTLS_PKCS_PLAIN, &part[2]);
	for (int i = 0; i < 2; i++)
		buf_add(&chain, (struct str){ (const char *)part[i].data, part[i].size });
	struct str secret = { (const char *)part[2].data, part[2].size };
	bool ok = rc == 0 ? path_of(ac, file[0], cert, why) && path_of(ac, file[1], key, why)
			  : fail(rc, why);

	/* last comes what the next start looks for: of a CA its key, else the certificate */
	bool ca = above == NULL;

	ok = ok && (ca || file_save(AT_FDCWD, key, secret, 0600, why)) &&
	     file_save(AT_FDCWD, cert, buf_str(&chain), 0644, why) &&
	     (!ca || file_save(AT_FDCWD, key, secret, 0600, why));
	buf_free(&chain);
	if (part[2].data != NULL)
		crypt_wipe(part[2].data, part[2].size);
	for (int i = 0; i < 3; i++)
		gnutls_free(part[i].data);
	return ok;
}

static bool load_from(struct arena *a, struct access *ac, struct pair *p, const char *const file[2],
		      struct err *why)
{
	char cert[CA_PATH_MAX], key[CA_PATH_MAX];
	struct str cert_pem, key_pem;

	if (!path_of(ac, file[0], cert, why) || !path_of(ac, file[1], key, why) ||
	    !file_load(a, AT_FDCWD, cert, PEM_MAX, &cert_pem, why) ||
	    !file_load(a, AT_FDCWD, key, PEM_MAX, &key_pem, why))
		return false;
	gnutls_datum_t c = datum(cert_pem), k = datum(key_pem);
	int rc = gnutls_x509_crt_import(p->crt, &c, GNUTLS_X509_FMT_PEM);

	if (rc == 0)
		rc = gnutls_x509_privkey_import(p->key, &k, GNUTLS_X509_FMT_PEM);
	return rc == 0 || err_set(why, ERR_INPUT, 0, "'%s' or its key cannot be read: %s", cert,
				  gnutls_strerror(rc));
}

static bool load(struct access *ac, struct pair *p, const char *const file[2], struct err *why)
{
	struct arena whole;

	if (!arena_reserve(&whole, 4 * PEM_MAX))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	bool ok = load_from(&a, ac, p, file, why);

	arena_release(whole);
	return ok;
}

static bool holds(gnutls_x509_crt_t crt, gnutls_x509_crt_t ca, const char *host, int64_t time,
		  struct err *why)
{
	unsigned status = 0;
	time_t at = (time_t)(time / TIME_SECOND);

	if (at < gnutls_x509_crt_get_activation_time(crt) ||
	    at >= gnutls_x509_crt_get_expiration_time(crt))
		return err_set(why, ERR_INPUT, 0,
			       "the certificate is not valid yet or not any more");
	if (gnutls_x509_crt_check_hostname(crt, host) == 0)
		return err_set(why, ERR_INPUT, 0, "the certificate does not name '%s'", host);
	if (ca == NULL)
		return true;
	int rc = gnutls_x509_crt_verify(crt, &ca, 1, GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &status);

	return (rc == 0 && status == 0) ||
	       err_set(why, ERR_INPUT, 0, "the certificate was not signed by that authority");
}

static bool check_pem(struct pair *leaf, struct pair *above, struct str cert, struct str ca,
		      struct err *why)
{
	gnutls_datum_t c = datum(cert), a = datum(ca);

	if (!pair_open(leaf, why) || !pair_open(above, why))
		return false;
	int rc = gnutls_x509_crt_import(leaf->crt, &c, GNUTLS_X509_FMT_PEM);

	if (rc == 0 && ca.n > 0)
		rc = gnutls_x509_crt_import(above->crt, &a, GNUTLS_X509_FMT_PEM);
	return rc == 0 || err_set(why, ERR_INPUT, 0, "not a certificate: %s", gnutls_strerror(rc));
}

bool ca_check(struct str cert, struct str ca, struct str host, int64_t time, struct err *why)
{
	struct pair leaf = { NULL, NULL }, above = { NULL, NULL };
	char text[256];
	unsigned char ip[16];

	if (name_bytes(host, text, ip) == 0)
		return err_set(why, ERR_INPUT, 0, "'%.*s' is neither a host name nor an address",
			       STR_ARG(host));
	bool ok = check_pem(&leaf, &above, cert, ca, why) &&
		  holds(leaf.crt, ca.n > 0 ? above.crt : NULL, text, time, why);

	pair_close(&leaf);
	pair_close(&above);
	return ok;
}

static const char *const ca_file[2] = { "ca.pem", "ca.key" };
static const char *const server_file[2] = { "server.pem", "server.key" };

static bool note(struct access *ac, const char *kind, const struct pair *p, struct str names,
		 struct err *why)
{
	unsigned char sum[HASH_SHA256_LEN];
	char hex[HASH_HEX_MAX];
	size_t n = sizeof sum;
	int rc = gnutls_x509_crt_get_fingerprint(p->crt, GNUTLS_DIG_SHA256, sum, &n);

	if (rc != 0)
		return fail(rc, why);
	return db_begin(ac->db, why) &&
	       db_leave(ac->db,
			access_note(ac, NULL, kind, str_of(hash_hex(sum, sizeof sum, hex)),
				    NOTE(F_TEXT("names", names)), why),
			why);
}

/* ca.key and ca.pem, made when neither is there. */
static bool need_ca(struct access *ac, struct pair *ca, struct err *why)
{
	char path[CA_PATH_MAX];
	struct stat st;

	if (!path_of(ac, ca_file[1], path, why))
		return false;
	if (stat(path, &st) == 0 || errno != ENOENT)
		return load(ac, ca, ca_file, why);
	return make_ca(ca, ac->clock(), why) && save(ac, ca, NULL, ca_file, why) &&
	       note(ac, "ca.made", ca, STR(""), why);
}

/* What is there still does for all names, for a while. */
static bool still_good(struct access *ac, const struct pair *ca, struct pair *server,
		       const struct str *names, size_t n)
{
	char text[256];
	unsigned char ip[16];

	if (!load(ac, server, server_file, NULL))
		return false;
	for (size_t i = 0; i < n; i++)
		if (name_bytes(names[i], text, ip) == 0 ||
		    !holds(server->crt, ca->crt, text, ac->clock() + CA_RENEW_DAYS * TIME_DAY,
			   NULL))
			return false;
	return true;
}

static bool make_and_save(struct access *ac, const struct pair *ca, struct pair *server,
			  const struct str *names, size_t n, struct err *why)
{
	struct buf all = BUF(CA_NAMES_MAX * 256);

	pair_close(server);
	for (size_t i = 0; i < n; i++) {
		buf_add(&all, i > 0 ? STR(" ") : STR(""));
		buf_add(&all, names[i]);
	}
	bool ok = pair_open(server, why) && make_server(server, ca, names, n, ac->clock(), why) &&
		  save(ac, server, ca, server_file, why) &&
		  note(ac, "ca.issued", server, buf_str(&all), why);

	buf_free(&all);
	return ok;
}

static bool serve_names(struct access *ac, struct pair p[2], const struct str *names, size_t n,
			struct ca_server *out, struct err *why)
{
	struct pair *ca = &p[0], *server = &p[1];
	unsigned char sum[HASH_SHA256_LEN];
	size_t len = sizeof sum;

	if (!pair_open(ca, why) || !pair_open(server, why) || !need_ca(ac, ca, why))
		return false;
	out->fresh = !still_good(ac, ca, server, names, n);
	if (out->fresh && !make_and_save(ac, ca, server, names, n, why))
		return false;
	int rc = gnutls_x509_crt_get_fingerprint(ca->crt, GNUTLS_DIG_SHA256, sum, &len);

	if (rc != 0)
		return fail(rc, why);
	hash_hex(sum, sizeof sum, out->fingerprint);
	out->expires = (int64_t)gnutls_x509_crt_get_expiration_time(server->crt) * TIME_SECOND;
	return path_of(ac, server_file[0], out->cert, why) &&
	       path_of(ac, server_file[1], out->key, why) && path_of(ac, ca_file[0], out->ca, why);
}

bool ca_server(struct access *ac, const struct str *names, size_t n, struct ca_server *out,
	       struct err *why)
{
	struct pair p[2] = { { NULL, NULL }, { NULL, NULL } };
	struct ca_server got = { .fresh = false };

	if (n == 0 || n > CA_NAMES_MAX)
		return err_set(why, ERR_INPUT, 0, "a certificate is for 1 to %d names",
			       CA_NAMES_MAX);
	bool ok = serve_names(ac, p, names, n, &got, why);

	pair_close(&p[0]);
	pair_close(&p[1]);
	if (ok)
		*out = got;
	return ok;
}

/* --- what stands in one --- */

static bool import_one(gnutls_x509_crt_t *crt, struct str pem, struct err *why)
{
	gnutls_datum_t d = datum(pem);
	int rc = gnutls_x509_crt_init(crt);

	if (rc != 0)
		return fail(rc, why);
	rc = gnutls_x509_crt_import(*crt, &d, GNUTLS_X509_FMT_PEM);
	if (rc == 0)
		return true;
	gnutls_x509_crt_deinit(*crt);
	return err_set(why, ERR_INPUT, 0, "not a certificate: %s", gnutls_strerror(rc));
}

/* The i-th name; false past the last. One of another kind, or too long, is left out. */
static bool add_told_name(struct arena *a, gnutls_x509_crt_t crt, unsigned i, struct ca_about *out)
{
	char name[256], text[INET6_ADDRSTRLEN];
	size_t n = sizeof name;
	unsigned kind = 0;
	int rc = gnutls_x509_crt_get_subject_alt_name2(crt, i, name, &n, &kind, NULL);

	if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE || out->n_names == CA_NAMES_MAX)
		return false;
	if (rc < 0)
		return true;
	if (kind == GNUTLS_SAN_DNSNAME)
		out->names[out->n_names++] = arena_str(a, (struct str){ name, strnlen(name, n) });
	else if (kind == GNUTLS_SAN_IPADDRESS && (n == 4 || n == 16) &&
		 inet_ntop(n == 4 ? AF_INET : AF_INET6, name, text, sizeof text) != NULL)
		out->names[out->n_names++] = arena_str(a, str_of(text));
	return true;
}

bool ca_about(struct arena *a, struct str pem, struct ca_about *out, struct err *why)
{
	unsigned char sum[HASH_SHA256_LEN];
	size_t n = sizeof sum;
	struct ca_about got = { .n_names = 0 };
	gnutls_x509_crt_t crt;

	if (!import_one(&crt, pem, why))
		return false;
	got.begins = (int64_t)gnutls_x509_crt_get_activation_time(crt) * TIME_SECOND;
	got.expires = (int64_t)gnutls_x509_crt_get_expiration_time(crt) * TIME_SECOND;
	int rc = gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, sum, &n);
	for (unsigned i = 0; add_told_name(a, crt, i, &got);)
		i++;
	gnutls_x509_crt_deinit(crt);
	if (rc != 0)
		return fail(rc, why);
	hash_hex(sum, sizeof sum, got.fingerprint);
	*out = got;
	return true;
}

bool ca_der(struct str pem, struct buf *out, struct err *why)
{
	gnutls_datum_t der = { NULL, 0 };
	gnutls_x509_crt_t crt;

	if (!import_one(&crt, pem, why))
		return false;
	int rc = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der);

	gnutls_x509_crt_deinit(crt);
	if (rc != 0)
		return fail(rc, why);
	buf_add(out, (struct str){ (const char *)der.data, der.size });
	gnutls_free(der.data);
	return !out->full || err_set(why, ERR_LIMIT, 0, "no memory");
}
