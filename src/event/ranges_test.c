/* SPDX-License-Identifier: Apache-2.0 */
/* ranges_test.c - addresses and ranges as people and programs write them, right and wrong. */
#include "event/ranges.h"

#include "base/test.h"

static const struct {
	const char *in, *out; /* out NULL: refused */
} addrs[] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "0.0.0.0", "0.0.0.0" },
	{ "255.255.255.255", "255.255.255.255" },
	{ "256.0.0.1", NULL },
	{ "192.0.2", NULL },
	{ "192.0.2.1.5", NULL },
	{ "192.0.2.01", NULL },
	{ "192.0.2.1 ", NULL },
	{ "192.0.2.1:80", NULL },
	{ "192.0.2.", NULL },
	{ ".192.0.2", NULL },
	{ "1921.0.2.1", NULL },
	{ "", NULL },
	{ ":", NULL },
	{ "::", "::" },
	{ "::1", "::1" },
	{ "1::", "1::" },
	{ "2001:DB8::8", "2001:db8::8" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
	{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
	{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
	{ "1:2:3:4:5:6:7:8:9", NULL },
	{ "1:2:3:4:5:6:7", NULL },
	{ "1::2::3", NULL },
	{ ":::", NULL },
	{ "1:", NULL },
	{ ":1", NULL },
	{ "12345::", NULL },
	{ "g::1", NULL },
	{ "fe80::1%eth0", NULL },
	{ "::ffff:192.0.2.7", "192.0.2.7" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
	{ "1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201" },
	{ "1:2:3:4:5:6:7:192.0.2.1", NULL },
	{ "::192.0.2.1:1", NULL },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
};

static const struct {
	const char *in, *lo, *hi; /* lo NULL: refused */
	size_t at;
} ranges[] = {
	{ "192.0.2.1", "192.0.2.1", "192.0.2.1", 0 },
	{ "192.0.2.77/24", "192.0.2.0", "192.0.2.255", 0 },
	{ "192.0.2.77/32", "192.0.2.77", "192.0.2.77", 0 },
	{ "192.0.2.77/25", "192.0.2.0", "192.0.2.127", 0 },
	{ "0.0.0.0/0", "0.0.0.0", "255.255.255.255", 0 },
	{ "192.0.2.0/33", NULL, NULL, 10 },
	{ "192.0.2.0/", NULL, NULL, 10 },
	{ "192.0.2.0/-1", NULL, NULL, 10 },
	{ "192.0.2/24", NULL, NULL, 0 },
	{ "2001:db8::/33", "2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", 0 },
	{ "2001:db8::/128", "2001:db8::", "2001:db8::", 0 },
	{ "2001:db8::/129", NULL, NULL, 11 },
	{ "192.0.2.9-192.0.2.20", "192.0.2.9", "192.0.2.20", 0 },
	{ "192.0.2.9 - 192.0.2.20", "192.0.2.9", "192.0.2.20", 0 },
	{ "192.0.2.20-192.0.2.9", NULL, NULL, 11 },
	{ "192.0.2.9-2001:db8::1", NULL, NULL, 10 },
	{ "192.0.2.9-20", NULL, NULL, 10 },
	{ "", NULL, NULL, 0 },
};

static const struct {
	const char *addr;
	bool inside, ours; /* with 198.51.100.0/24 declared public and 203.0.113.0/25 inside */
} owned[] = {
	{ "10.255.0.1", true, false },      { "172.16.0.1", true, false },
	{ "172.31.255.255", true, false },  { "172.32.0.1", false, false },
	{ "172.15.0.1", false, false },     { "192.168.9.9", true, false },
	{ "192.169.0.1", false, false },    { "100.64.0.1", true, false },
	{ "100.127.255.255", true, false }, { "100.128.0.1", false, false },
	{ "169.254.3.4", true, false },     { "127.0.0.1", true, false },
	{ "198.51.100.7", true, true },     { "198.51.101.7", false, false },
	{ "203.0.113.127", true, false },   { "203.0.113.128", false, false },
	{ "fd00::1", true, false },         { "fe80::1", true, false },
	{ "fec0::1", false, false },        { "::1", true, false },
	{ "2001:db8::1", false, false },    { "192.0.2.1", false, false },
};

static void test_addrs(void)
{
	for (size_t i = 0; i < COUNT(addrs); i++) {
		struct addr a, again;
		char text[ADDR_TEXT_MAX];
		bool ok = addr_parse(str_of(addrs[i].in), &a);

		if (!CHECK(addrs[i].in, ok == (addrs[i].out != NULL)) || !ok)
			continue;
		CHECK(addrs[i].in, strcmp(addr_text(&a, text), addrs[i].out) == 0);
		CHECK(addrs[i].in, addr_parse(str_of(text), &again) && addr_cmp(&a, &again) == 0);
	}
}

static void test_ranges(void)
{
	for (size_t i = 0; i < COUNT(ranges); i++) {
		struct range r;
		struct err why = { 0 };
		char lo[ADDR_TEXT_MAX], hi[ADDR_TEXT_MAX];
		bool ok = range_parse(str_of(ranges[i].in), &r, &why);

		if (!CHECK(ranges[i].in, ok == (ranges[i].lo != NULL)))
			continue;
		if (!ok) {
			CHECK(ranges[i].in, why.kind == ERR_INPUT && why.at == ranges[i].at);
			continue;
		}
		CHECK(ranges[i].in, strcmp(addr_text(&r.lo, lo), ranges[i].lo) == 0);
		CHECK(ranges[i].in, strcmp(addr_text(&r.hi, hi), ranges[i].hi) == 0);
	}
}

static void test_owned(void)
{
	struct range inside, public;
	struct own_ranges own = { &inside, 1, &public, 1 };
	struct addr a;

	CHECK("inside", range_parse(STR("203.0.113.0/25"), &inside, NULL));
	CHECK("public", range_parse(STR("198.51.100.0/24"), &public, NULL));
	for (size_t i = 0; i < COUNT(owned); i++) {
		if (!CHECK(owned[i].addr, addr_parse(str_of(owned[i].addr), &a)))
			continue;
		CHECK(owned[i].addr, addr_is_inside(&own, &a) == owned[i].inside);
		CHECK(owned[i].addr, addr_is_own_public(&own, &a) == owned[i].ours);
	}
	CHECK("nothing declared", addr_parse(STR("198.51.100.7"), &a) && !addr_is_inside(NULL, &a));
}

int main(void)
{
	test_addrs();
	test_ranges();
	test_owned();
	return TEST_REPORT();
}
