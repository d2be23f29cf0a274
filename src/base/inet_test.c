/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inet.h"

#include "base/test.h"

static const struct {
	struct str text;
	enum inet_is is;
	const char *out;
} addresses[] = {
	{ STR("192.0.2.1"), INET_HOST, "192.0.2.1" },
	{ STR("2001:0DB8:0:0::1"), INET_HOST, "2001:db8::1" },
	{ STR("::ffff:192.0.2.1"), INET_HOST, "192.0.2.1" },
	{ STR("169.254.1.2"), INET_LINK, "169.254.1.2" },
	{ STR("fe80::1%eth0"), INET_LINK, "fe80::1" },
	{ STR("0.0.0.0"), INET_NONE, "" },
	{ STR("127.0.0.1"), INET_NONE, "" },
	{ STR("224.0.0.1"), INET_NONE, "" },
	{ STR("255.255.255.255"), INET_NONE, "" },
	{ STR("::"), INET_NONE, "" },
	{ STR("::1"), INET_NONE, "" },
	{ STR("ff02::1"), INET_NONE, "" },
	{ STR("192.0.2.256"), INET_NONE, "" },
	{ STR("192.0.2"), INET_NONE, "" },
	{ STR("192.0.2.1\0"), INET_NONE, "" },
	{ STR("pc-01"), INET_NONE, "" },
	{ STR(""), INET_NONE, "" },
};
static const struct {
	struct str text;
	const char *out; /* NULL: none */
} macs[] = {
	{ STR("00:11:22:33:44:5A"), "00:11:22:33:44:5a" },
	{ STR("00-11-22-33-44-5a"), "00:11:22:33:44:5a" },
	{ STR("0011.2233.445a"), "00:11:22:33:44:5a" },
	{ STR("00112233445A"), "00:11:22:33:44:5a" },
	{ STR("01-00-11-22-33-44-5a"), "00:11:22:33:44:5a" },
	{ STR("02-00-11-22-33-44-5a"), NULL },
	{ STR("00:11:22:33:44"), NULL },
	{ STR("00:11:22:33:44:5"), NULL },
	{ STR("00:11:22:33:44:5a:66:77"), NULL },
	{ STR("00:00:00:00:00:00"), NULL },
	{ STR("ff:ff:ff:ff:ff:ff"), NULL },
	{ STR("01:00:5e:00:00:01"), NULL },
	{ STR("00:11:22:33:44:xx"), NULL },
	{ STR(""), NULL },
};

int main(void)
{
	for (size_t i = 0; i < COUNT(addresses); i++) {
		char out[INET_TEXT_MAX] = "";

		CHECK(addresses[i].text.p, inet_text(addresses[i].text, out) == addresses[i].is);
		CHECK(addresses[i].text.p, strcmp(out, addresses[i].out) == 0);
	}
	for (size_t i = 0; i < COUNT(macs); i++) {
		char out[MAC_TEXT_MAX] = "";

		CHECK(macs[i].text.p, mac_text(macs[i].text, out) == (macs[i].out != NULL));
		CHECK(macs[i].text.p, strcmp(out, macs[i].out != NULL ? macs[i].out : "") == 0);
	}
	return TEST_REPORT();
}
