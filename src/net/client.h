/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.h - one HTTP request, or one mail handed to a mail server: libcurl, blocking, with limits.
 *
 * No redirect is followed, no proxy used, no cookie kept; certificates are always checked. Answers
 * are hostile bytes: they are capped by the buffer they go to. May be called from any thread.
 */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include "base/buf.h"
#include "base/err.h"

/* Why there is no answer: what a witness needs to tell apart. */
enum client_fault {
	CLIENT_NONE,
	CLIENT_REFUSED,     /* the host answers, nothing listens there */
	CLIENT_UNREACHABLE, /* no way to the host, or its name is not known */
	CLIENT_TIMEOUT,
	CLIENT_TLS,   /* the certificate is not one that we trust, or no TLS is offered */
	CLIENT_DOUBT, /* all was handed over, no answer came: it may have been taken */
	CLIENT_OTHER,
};

struct http_ask {
	const char *method; /* "GET", "POST", ... */
	const char *url;    /* http:// or https:// */
	const char
		*socket; /* path of a Unix socket to connect to in place of the URL's host; NULL */
	const char *ca_file;   /* PEM; whom alone to trust. NULL: whom the system trusts */
	struct str ca_pem;     /* the same, not in a file; empty: by ca_file */
	const char *signature; /* "X-Canh-Signature"; NULL */
	const char *token;     /* "Authorization: Bearer"; NULL */
	const char *key;       /* "Idempotency-Key"; NULL */
	const char *type;      /* of `body`; NULL: none is sent */
	struct str body;
	unsigned timeout_s; /* over all; 0: 30 */
};

/*
 * True when an answer came, whatever its *status; its body is added to *body, which is full when the
 * answer is longer. False: *why and *fault (may be NULL) say what was in the way.
 */
MUST_USE bool http_ask(const struct http_ask *ask, unsigned *status, struct buf *body,
		       enum client_fault *fault, struct err *why);

struct mail {
	const char *server;          /* smtp://HOST:PORT or smtps://HOST:PORT */
	const char *user, *password; /* NULL: no sign-in */
	const char *ca_file;         /* as above */
	struct str ca_pem;           /* as above */
	bool plain;                  /* without STARTTLS, whatever the server offers */
	const char *from;            /* envelope: one address */
	const char *const *to;       /* envelope: `n` addresses */
	size_t n;
	struct str message; /* RFC 5322: headers, blank line, text; lines end in CRLF */
	unsigned timeout_s; /* 0: 30 */
};

/* True when the server has taken the mail for all of `to`; its last answer ("250 ... queued as ...") is
 * added to *receipt. */
MUST_USE bool mail_send(const struct mail *mail, struct buf *receipt, enum client_fault *fault,
			struct err *why);

#endif
