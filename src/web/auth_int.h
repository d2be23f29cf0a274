/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth_int.h - from cookie or Authorization header to who asks, and what he may.
 */
#ifndef WEB_AUTH_INT_H
#define WEB_AUTH_INT_H

#include "web/call_int.h"

#define SESSION_COOKIE "canh_session"

/* Find out who asks and hold him to the route's need and to the rule for cookies (X-Canh on whatever
 * changes something). False: the problem is in *why, status and code are set. */
MUST_USE bool auth_call(struct call *c, struct err *why);
/* Who holds a session or token now? For what lasts longer than one request. ERR_DENIED: nobody. */
MUST_USE bool who_now(struct access *ac, enum who_kind kind, struct str secret, struct who *out,
		      struct err *why);

#endif
