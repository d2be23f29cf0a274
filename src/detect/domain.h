/* SPDX-License-Identifier: Apache-2.0 */
/*
 * domain.h - domain names in their one comparable form: lower case, IDN as punycode (RFC 3492).
 *
 * Input is hostile. Pure; safe from any thread.
 */
#ifndef DETECT_DOMAIN_H
#define DETECT_DOMAIN_H

#include "base/err.h"

enum { DOMAIN_MAX = 253, DOMAIN_LABEL_MAX = 63 };

/*
 * `s` (leading "*." or "." and a trailing dot set aside) to out[0..*n), without a NUL. Fails with
 * ERR_INPUT and the offset for what is no name of at least two labels; a name whose last label
 * has no letter is none. *idn tells that Unicode was converted.
 */
MUST_USE bool domain_normal(struct str s, char out[DOMAIN_MAX], size_t *n, bool *idn,
			    struct err *why);

/* [A-Za-z0-9_-] or a byte above ASCII: what a label can be made of. */
bool domain_char(char c);

#endif
