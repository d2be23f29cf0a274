/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ranges.h - IP addresses as 16 bytes, CIDR ranges, and which addresses are the organisation's own.
 *
 * IPv4 is kept as ::ffff:a.b.c.d. Parsers read hostile text, take the whole view or fail. An
 * `own_ranges` is immutable after it is built; safe from any thread.
 */
#ifndef EVENT_RANGES_H
#define EVENT_RANGES_H

#include "base/err.h"
#include "base/str.h"

struct addr {
	uint8_t b[16];
};
struct range {
	struct addr lo, hi; /* both included */
};

MUST_USE bool addr_parse(struct str s,
			 struct addr *out); /* v4 dotted quad or v6, no zone, no port */
bool addr_is_v4(const struct addr *a);
int addr_cmp(const struct addr *a, const struct addr *b);
enum { ADDR_TEXT_MAX = 46 };
const char *addr_text(const struct addr *a, char out[ADDR_TEXT_MAX]);
/* "a", "a/len", "a-b"; *why->at is the offset of the fault. */
MUST_USE bool range_parse(struct str s, struct range *out, struct err *why);

enum { OWN_MAX_RANGES = 4096 };
struct own_ranges {
	struct range
		*inside; /* private ranges always count; these are added. Owned by the caller */
	size_t n_inside;
	struct range *public; /* the organisation's public addresses, NAT pools included */
	size_t n_public;
};

/* Private (RFC 1918, RFC 4193, loopback, link-local, RFC 6598), declared inside or declared public.
 * `own` may be NULL: private ranges only. */
bool addr_is_inside(const struct own_ranges *own, const struct addr *a);
bool addr_is_own_public(const struct own_ranges *own, const struct addr *a);

#endif
