/* SPDX-License-Identifier: Apache-2.0 */
/*
 * password.h - what people type, in the one form that is hashed.
 *
 * Keyboards write a Vietnamese letter as one code point or as letter and marks (NFC, NFD, and between);
 * RFC 8265 makes one text of them: NFC, every blank a plain one. Hostile bytes.
 */
#ifndef ACCESS_PASSWORD_H
#define ACCESS_PASSWORD_H

#include "access/access.h"

enum { PASSWORD_BYTES = 4 * ACCESS_PASSWORD_MAX, PASSWORD_FORM_MAX = 4 * PASSWORD_BYTES };

/* The password of an account that is called `name`, checked against the rules, in its one form in `a`
 * (PASSWORD_FORM_MAX bytes of room). ERR_INPUT says what is wrong with it. */
MUST_USE bool password_take(struct arena *a, struct str in, struct str name, struct str *out,
			    struct err *why);
/* For comparing: what has no such form stays as it is. */
struct str password_form(struct arena *a, struct str in);

#endif
