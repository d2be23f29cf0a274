/* SPDX-License-Identifier: Apache-2.0 */
/*
 * house.c - the server itself: its certificate, to hand out and to look at, and its settings file, read
 * anew.
 */
#include "access/ca.h"
#include "base/file.h"
#include "base/time.h"
#include "web/backend_int.h"
#include "web/handlers_int.h"
#include "web/house_int.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

enum { PEM_MAX = 1 << 16, OUTCOME_MAX = 4 << 20 };

/* --- the certificate --- */

static bool load_ca(struct call *c, struct str *pem, struct err *why)
{
	char path[4096];

	if (!atomic_load(&c->web->own_ca))
		return err_set(why, ERR_ABSENT, 0,
			       "this server's certificate is not of its own CA");
	snprintf(path, sizeof path, "%s/ca.pem", c->web->cfg.keys_dir);
	return file_load(&c->a, AT_FDCWD, path, PEM_MAX, pem, why);
}

/* As the name says, or, for /ca.crt, as the reader asks: phones want DER. */
static bool wants_der(const struct call *c)
{
	static const struct str types[] = { STR("application/pkix-cert"),
					    STR("application/x-x509-ca-cert") };
	struct str accept = c->header[H_ACCEPT];

	if (str_eq(c->path, STR("/ca.der")))
		return true;
	for (size_t i = 0; i < COUNT(types); i++)
		if (str_find(accept, types[i]) < accept.n)
			return true;
	return false;
}

bool ca_get(struct call *c, struct err *why)
{
	bool der = wants_der(c);
	struct str pem = { NULL, 0 };

	if (!load_ca(c, &pem, why))
		return false;
	reply_json(c, 200);
	c->reply.type = der ? "application/x-x509-ca-cert" : "application/x-pem-file";
	reply_header(c, "Content-Disposition",
		     der ? STR("attachment; filename=\"canh-ca.der\"")
			 : STR("attachment; filename=\"canh-ca.crt\""));
	reply_header(c, "Vary", STR("Accept"));
	if (der)
		return ca_der(pem, &c->reply.body, why);
	buf_add(&c->reply.body, pem);
	return true;
}

static void write_about(struct jsonw *w, const struct ca_about *about)
{
	int64_t left = about->expires - time_now();

	jsonw_kv_time(w, "begins_at", about->begins);
	jsonw_kv_time(w, "expires_at", about->expires);
	jsonw_kv_int(w, "days_left",
		     left < 0 ? -((-left + TIME_DAY - 1) / TIME_DAY) : left / TIME_DAY);
	jsonw_key(w, "names");
	jsonw_open(w, '[');
	for (size_t i = 0; i < about->n_names; i++)
		jsonw_str(w, about->names[i]);
	jsonw_close(w, ']');
}

/* Only this machine reaches it. */
static bool listens_to_itself(const struct web *web)
{
	struct sockaddr_storage at = { 0 };
	socklen_t len = sizeof at;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (getsockname(web->cfg.listen_fd, (struct sockaddr *)&at, &len) == -1)
		return true;
	memcpy(&v4, &at, sizeof v4);
	memcpy(&v6, &at, sizeof v6);
	return at.ss_family == AF_INET ? ntohl(v4.sin_addr.s_addr) >> 24 == 127
				       : IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

/* What the server shows now, copied: it may be swapped meanwhile. */
static struct str shown(struct call *c)
{
	pthread_mutex_lock(&c->web->cert_lock);
	struct str pem = c->web->cert == NULL ? STR("") : arena_str(&c->a, str_of(c->web->cert));
	pthread_mutex_unlock(&c->web->cert_lock);
	return pem;
}

bool certificate_get(struct call *c, struct err *why)
{
	struct str pem = shown(c), ca_pem = { NULL, 0 };
	struct ca_about about = { .n_names = 0 }, ca = { .n_names = 0 };
	bool own = atomic_load(&c->web->own_ca);

	if (pem.n > 0 && !ca_about(&c->a, pem, &about, why))
		return false;
	if (own && (!load_ca(c, &ca_pem, why) || !ca_about(&c->a, ca_pem, &ca, why)))
		return false;
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_kv_bool(&w, "https", pem.n > 0);
	jsonw_kv_bool(&w, "own", own);
	jsonw_kv_bool(&w, "loopback", listens_to_itself(c->web));
	jsonw_kv_int(&w, "port", c->web->port);
	/* of the CA, which people compare; of a given certificate, its own */
	jsonw_kv_str(&w, "fingerprint", str_of(own ? ca.fingerprint : about.fingerprint));
	if (pem.n > 0)
		write_about(&w, &about);
	jsonw_close(&w, '}');
	return true;
}

/* --- the settings file --- */

bool reload_get(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct buf answer = BUF(OUTCOME_MAX);
	struct json *j = NULL;

	if (!b->configured(b->ctx, &answer) || !json_parse(buf_str(&answer), answer.max, &j, why)) {
		buf_free(&answer);
		return backend_failed(c, why);
	}
	struct jsonw w = reply_json(c, 200);
	jsonw_open(&w, '{');
	jsonw_key(&w, "last");
	if (json_is_object(j))
		write_json_in(c, &w, j);
	else
		jsonw_null(&w);
	jsonw_close(&w, '}');
	json_free(j);
	buf_free(&answer);
	return true;
}

/* 422 with each mistake by its line: a script that asked for it must not go on as if it had been done. */
static bool refused(struct call *c, const struct json *outcome, struct err *why)
{
	const struct json *mistakes = json_get(outcome, "mistakes");
	const char *lang = c->lang == LANG_EN ? "en" : "vi";
	struct str file = json_get_str(outcome, "file");
	struct err reason;
	int64_t line;

	for (size_t i = 0; i < json_count(mistakes); i++) {
		const struct json *m = json_at(mistakes, i);
		bool known = json_int(json_get(m, "line"), &line);
		struct str field = known ? arena_printf(&c->a, "%.*s:%lld", STR_ARG(file),
							(long long)line)
					 : arena_str(&c->a, file);

		err_set(&reason, ERR_INPUT, 0, "%.*s",
			STR_ARG(json_get_str(json_get(m, "reason"), lang)));
		field_error(c, field.p == NULL ? "" : field.p, &reason);
	}
	return err_set(why, ERR_INPUT, 0, "the settings do not hold; those of before stay in use");
}

bool reload_post(struct call *c, struct err *why)
{
	const struct web_backend *b = &c->web->backend;
	struct buf answer = BUF(OUTCOME_MAX);
	struct json *j = NULL;

	if (!b->configure(b->ctx, str_of(c->who.actor), &answer, why) ||
	    !json_parse(buf_str(&answer), answer.max, &j, why)) {
		buf_free(&answer);
		return backend_failed(c, why);
	}
	const struct json *outcome = json_get(j, "outcome");
	bool ok = json_bool(json_get(outcome, "ok"), false) || refused(c, outcome, why);
	if (ok) {
		struct jsonw w = reply_json(c, 200);

		write_json_in(c, &w, outcome);
	}
	json_free(j);
	buf_free(&answer);
	return ok;
}
