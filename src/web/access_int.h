/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access_int.h - what sign-in, invites, users and tokens share.
 */
#ifndef WEB_ACCESS_INT_H
#define WEB_ACCESS_INT_H

#include "access/session.h"
#include "web/call_int.h"

struct str browser_of(const struct call *c); /* User-Agent, cut to what is kept */
/* 429 "locked" with Retry-After; false. */
bool refuse_locked(struct call *c, int64_t retry_s);
/* The session object, and the cookie. */
void answer_opened(struct call *c, const struct opened *opened);
/* Each fault of a form as an entry of "errors". */
void take_faults(struct call *c, const struct access_faults *faults);
/* The role named by the member "role"; an error of that field else. */
MUST_USE bool body_role(struct call *c, enum role *out, struct err *why);

/* "unit" and "site" of what a role is held for. */
void write_home(struct jsonw *w, const struct home *home);

#endif
