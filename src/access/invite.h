/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invite.h - one-time links: how every account begins. A link is good for 24 hours and one use.
 *
 * look, accept (name and password; gives the TOTP secret), confirm (a first code; makes the account
 * and signs in). Accepting again before confirming starts over. The secret of a link is hostile bytes.
 */
#ifndef ACCESS_INVITE_H
#define ACCESS_INVITE_H

#include "access/session.h"

/* The link of the very first start: an admin; earlier ones of that kind stop working. ERR_STATE when
 * there is a user already. */
MUST_USE bool invite_first(struct access *ac, char secret[ACCESS_SECRET_MAX], struct err *why);

struct invite {
	char name[ACCESS_NAME_MAX + 1]; /* "" while it is the guest's to choose */
	char display_name[ACCESS_DISPLAY_MAX];
	enum role role;
	bool first;
};
/* ERR_ABSENT: unknown, used or expired; so too for the two calls below. */
MUST_USE bool invite_look(struct access *ac, struct str secret, struct invite *out,
			  struct err *why);

struct accept {
	struct str name; /* ignored where the invite has one */
	struct str display_name, password;
};
struct totp_seed {
	char secret[40]; /* base32 */
	char uri[400];   /* otpauth://totp/... for a QR code */
};
/* ERR_INPUT: `faults` names each field ("name", "display_name", "password") and why. */
MUST_USE bool invite_accept(struct access *ac, struct str secret, const struct accept *in,
			    struct totp_seed *out, struct access_faults *faults, struct err *why);
/* ERR_DENIED: wrong code. ERR_LIMIT: locked after five; *retry_s as in session_open(). */
MUST_USE bool invite_confirm(struct access *ac, struct str secret, const struct sign_in *in,
			     struct opened *out, int64_t *retry_s, struct err *why);

#endif
