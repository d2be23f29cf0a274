/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/address.h"

#include "base/test.h"

#include <stdio.h>

static const struct {
	const char *text, *shown; /* shown: NULL: refused */
	bool any, loopback;
} cases[] = {
	{ "127.0.0.1:1", "127.0.0.1:1", false, true },
	{ "192.0.2.7:514", "192.0.2.7:514", false, false },
	{ "0.0.0.0:514", "0.0.0.0:514", true, false },
	{ "[::]:514", "[::]:514", true, false },
	{ "[::1]:65535", "[::1]:65535", false, true },
	{ "[2001:db8::7]:1", "[2001:db8::7]:1", false, false },
	{ "localhost:1", NULL, false, false },
	{ "192.0.2.7", NULL, false, false },
	{ "192.0.2.7:65536", NULL, false, false },
};

static void texts(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		char shown[ADDRESS_PORT_TEXT_MAX];
		struct address a;
		bool ok = address_parse(str_of(cases[i].text), &a, NULL);

		CHECK(cases[i].text, ok == (cases[i].shown != NULL));
		if (!ok)
			continue;
		CHECK(cases[i].text, strcmp(address_text(&a.sa, shown), cases[i].shown) == 0);
		CHECK(cases[i].text, address_is_any(&a) == cases[i].any);
		CHECK(cases[i].text, address_is_loopback(&a) == cases[i].loopback);
	}
}

/* A service without netlink finds the same addresses of version 4, in the same order. */
static void interfaces(void)
{
	struct sockaddr_storage all[32], v4[32];
	char x[ADDRESS_TEXT_MAX], y[ADDRESS_TEXT_MAX];
	size_t n = address_interfaces(all, COUNT(all)), n4 = address_interfaces_v4(v4, COUNT(v4));
	size_t at = 0;

	CHECK("some", n4 > 0);
	for (size_t i = 0; i < n; i++) {
		if (all[i].ss_family != AF_INET)
			continue;
		CHECK("as many", at < n4);
		if (at < n4)
			CHECK("the same",
			      strcmp(address_host(&all[i], x), address_host(&v4[at++], y)) == 0);
	}
	CHECK("no more", at == n4);
}

int main(void)
{
	texts();
	interfaces();
	return TEST_REPORT();
}
