/* SPDX-License-Identifier: Apache-2.0 */
/*
 * indicator.h - one indicator read from text, its type told from its form.
 *
 * Input is hostile. Defanged forms are undone first. Never logs; the error says why something is no
 * indicator that can be matched, with the offset in the text as given (trimmed) where that is known.
 */
#ifndef DETECT_INDICATOR_H
#define DETECT_INDICATOR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "detect/hit.h"
#include "event/ranges.h"

enum { INDICATOR_MAX = 4096 };

/* What was set aside or changed on the way; worth telling whoever imports a list. */
enum indicator_note {
	IND_DEFANGED = 1,
	IND_PRIVATE = 2,     /* an address that every organisation uses inside */
	IND_IDN = 4,         /* converted to punycode */
	IND_PORT = 8,        /* a port was set aside */
	IND_WHOLE_HOST = 16, /* a URL without a path: its host is the indicator */
};

struct indicator {
	enum indicator_type type;
	uint8_t notes;
	struct range range; /* IND_IP (lo equals hi), IND_RANGE */
	unsigned char hash[HASH_MAX_LEN];
	/*
	 * The comparable form, in the arena or a view of the text: domain in lower case and punycode;
	 * URL "host/path?query" without scheme, user, port and fragment; e-mail in lower case; file as
	 * file_name.h says.
	 * For the other types what was given, refanged.
	 */
	struct str text;
	/* What its line of a list says of its own validity, µs UTC, TIME_NONE where it does not. */
	bool dated;
	int64_t valid_from, valid_until; /* only where `dated` */
};

/* On failure *out is untouched. */
MUST_USE bool indicator_parse(struct arena *a, struct str s, struct indicator *out,
			      struct err *why);

/*
 * "scheme://user@host:port/path#f" or "host:port/path" to its comparable form (see above); an IPv6
 * host stands without brackets. `path` is where it begins in `text`, text.n when there is none.
 */
struct url_parts {
	struct str text;
	size_t path;
	bool is_addr, idn, port;
	struct addr addr;
};
MUST_USE bool url_normal(struct arena *a, struct str s, struct url_parts *out, struct err *why);

#endif
