/* SPDX-License-Identifier: Apache-2.0 */
#include "access/password.h"

#include "base/crypt.h"
#include "base/utf8.h"

#include <gnutls/gnutls.h>

/* RFC 8265, section 4: OpaqueString. False for control characters and what is not UTF-8. */
static bool form(struct arena *a, struct str in, struct str *out)
{
	gnutls_datum_t text = { NULL, 0 };

	if (in.n == 0 || in.n > PASSWORD_BYTES ||
	    gnutls_utf8_password_normalize((const unsigned char *)in.p, (unsigned)in.n, &text, 0) !=
		    0)
		return false;
	*out = arena_str(a, (struct str){ (const char *)text.data, text.size });
	crypt_wipe(text.data, text.size);
	gnutls_free(text.data);
	return out->p != NULL;
}

struct str password_form(struct arena *a, struct str in)
{
	struct str out = in;

	return form(a, in, &out) ? out : in;
}

bool password_take(struct arena *a, struct str in, struct str name, struct str *out,
		   struct err *why)
{
	struct str text = { NULL, 0 };

	if (utf8_count(in) > ACCESS_PASSWORD_MAX)
		return err_set(why, ERR_INPUT, 0, "longer than %d characters", ACCESS_PASSWORD_MAX);
	if (in.n > 0 && !form(a, in, &text))
		return err_set(why, ERR_INPUT, 0, "a password is text, without control characters");
	if (utf8_count(text) < ACCESS_PASSWORD_MIN)
		return err_set(why, ERR_INPUT, 0, "a password has at least %d characters",
			       ACCESS_PASSWORD_MIN);
	if (str_eq_nocase(text, name))
		return err_set(why, ERR_INPUT, 0, "the password is the name");
	*out = text;
	return true;
}
