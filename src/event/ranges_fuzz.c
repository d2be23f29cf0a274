/* SPDX-License-Identifier: Apache-2.0 */
/* ranges_fuzz.c - whatever parses prints as text that parses to the same, and libc agrees. */
#include "event/ranges.h"

#include "base/fuzz.h"

#include <arpa/inet.h>
#include <assert.h>

static void check_addr(struct str s)
{
	struct addr a, again;
	char z[ADDR_TEXT_MAX], text[ADDR_TEXT_MAX];
	unsigned char other[16];
	bool ok = addr_parse(s, &a);

	if (ok) {
		addr_text(&a, text);
		assert(addr_parse(str_of(text), &again) && addr_cmp(&a, &again) == 0);
	}
	if (s.n >= sizeof z || (s.n > 0 && memchr(s.p, '\0', s.n) != NULL))
		return;
	if (s.n > 0)
		memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	if (strchr(z, ':') != NULL) {
		assert(ok == (inet_pton(AF_INET6, z, other) == 1));
		assert(!ok || memcmp(other, a.b, 16) == 0);
	} else {
		assert(ok == (inet_pton(AF_INET, z, other) == 1));
		assert(!ok || memcmp(other, a.b + 12, 4) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = { (const char *)data, size };
	struct range r;
	struct err why = { 0 };

	check_addr(s);
	if (range_parse(s, &r, &why))
		assert(addr_cmp(&r.lo, &r.hi) <= 0 && why.kind == ERR_NONE);
	else
		assert(why.kind == ERR_INPUT && why.at <= size + 1);
	return 0;
}
