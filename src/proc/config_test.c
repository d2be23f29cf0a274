/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/config.h"

#include "base/file.h"
#include "base/test.h"
#include "base/yaml.h"
#include "proc/address.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

static struct arena whole;

static void mistakes(void)
{
	static const struct {
		struct str yaml;
		size_t n;
		uint32_t line; /* of the first */
	} cases[] = {
		{ STR(""), 0, 0 },
		{ STR("unit: Sở A\nzone: UTC\nretention_days: 30\n"), 0, 0 },
		{ STR("listen:\n  http: 127.0.0.1:1\n  syslog: [\"[::1]:2\", \"127.0.0.1:3\"]\n"),
		  0, 0 },
		{ STR("follow:\n  - /var/log/a\n  - {path: /var/log/b, name: b}\n"), 0, 0 },
		{ STR("sources:\n  - {from: 192.0.2.7, format: kv, zone: UTC}\n  - {from: x, zone: UTC}\n"),
		  0, 0 },
		{ STR("sources:\n  - {from: x}\n  - {format: kv}\n"), 2, 2 },
		{ STR("sources:\n  - {from: x, format: vk}\n"), 1, 2 },
		{ STR("sources:\n  - {from: x, zone: Mars}\n"), 1, 2 },
		{ STR("unit: a\nunknown: 1\n"), 1, 2 },
		{ STR("unit: a\nlisten:\n  http: localhost:80\n  ftp: x\n"), 2, 3 },
		{ STR("retention_days: many\nzone: Mars\n"), 2, 1 },
		{ STR("follow:\n  - relative\n"), 1, 2 },
		{ STR("- a\n"), 1, 1 },
		{ STR("unit: [\n"), 1, 2 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = whole;
		struct config c;
		struct mistake out[CONFIG_MAX_MISTAKES];

		config_defaults(&c, STR("/d"), STR("/c"), STR(""));
		size_t n = config_read(&a, cases[i].yaml, &c, out);
		CHECK(cases[i].yaml.p, n == cases[i].n);
		if (n > 0)
			CHECK(cases[i].yaml.p, out[0].line == cases[i].line);
	}
}

static void there_and_back(void)
{
	struct arena a = whole;
	struct config c, d;
	struct mistake out[CONFIG_MAX_MISTAKES];
	struct buf json = BUF(1 << 16);
	struct err why = { 0 };

	config_defaults(&c, STR("/d"), STR("/c"), STR(""));
	CHECK("read", config_read(&a,
				  STR("unit: \"Sở \\\"A\\\"\"\nmin_free_mb: 5\nfollow: [/x]\n"
				      "sources: [{from: f, format: csv, zone: UTC}]\n"),
				  &c, out) == 0);
	config_write(&c, true, &json);
	CHECK("parsed", config_parse(&a, buf_str(&json), &d, &why));
	CHECK("same", str_eq(d.unit, STR("Sở \"A\"")) && d.min_free_mb == 5 && d.n_follow == 1 &&
			      d.n_way == 1 && str_eq(d.way[0].format, STR("csv")) &&
			      str_eq(d.follow[0].path, STR("/x")) && str_eq(d.data, STR("/d")));
	buf_free(&json);
}

static void whole_check(void)
{
	static const struct {
		const char *name, *address;
		enum listener_kind kind;
		bool tls, ok;
	} cases[] = {
		{ "loopback", "127.0.0.1:80", LISTEN_HTTP, false, true },
		{ "loopback 6", "[::1]:80", LISTEN_HTTP, false, true },
		{ "all addresses", ":80", LISTEN_HTTP, false, false },
		{ "all addresses with TLS", ":80", LISTEN_HTTP, true, true },
		{ "another address", "192.0.2.1:80", LISTEN_HTTP, false, false },
		{ "syslog anywhere", "192.0.2.1:514", LISTEN_UDP, false, true },
		{ "syslog TLS without certificate", "127.0.0.1:6514", LISTEN_TLS, false, false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = whole;
		struct config c;
		struct err why = { 0 };

		config_defaults(&c, STR("/d"), STR("/c"), STR(""));
		if (cases[i].tls)
			c.certificate = c.key = STR("/x.pem");
		CHECK(cases[i].name,
		      config_listen(&a, &c, cases[i].kind, str_of(cases[i].address), &why));
		CHECK(cases[i].name, config_check(&c, &why) == cases[i].ok);
	}
}

static void own_ca(void)
{
	struct arena a = whole;
	struct config c;
	struct mistake out[CONFIG_MAX_MISTAKES];

	config_defaults(&c, STR("/d"), STR("/c"), STR(""));
	CHECK("read",
	      config_read(&a, STR("certificate: own\nlisten: {http: \":443\"}\n"), &c, out) == 0);
	CHECK("own is a certificate", config_own_ca(&c) && config_check(&c, NULL));
	c.certificate = STR("/x.pem");
	CHECK("a file is not, without its key", !config_own_ca(&c) && !config_check(&c, NULL));
}

/* "#key: value" comes into force, "# words" do not. */
static struct str all_in_force(struct arena *a, struct str text)
{
	struct buf b = BUF(1 << 16);
	struct str line;

	while (str_split(&text, '\n', &line)) {
		bool words = line.n > 2 && line.p[1] == ' ' && line.p[2] != ' ';

		buf_add(&b, line.n > 1 && line.p[0] == '#' && !words ? str_skip(line, 1) : line);
		buf_add(&b, STR("\n"));
	}
	struct str all = arena_str(a, buf_str(&b));
	buf_free(&b);
	return all;
}

/* packaging/canh.yaml explains every setting, and what it shows is valid. */
static void shipped_file(void)
{
	struct arena a = whole;
	struct config c;
	struct mistake out[CONFIG_MAX_MISTAKES];
	const struct yml *doc = NULL;
	struct str text;
	char path[4096];

	snprintf(path, sizeof path, "%s/packaging/canh.yaml", getenv("CANH_SOURCE"));
	config_defaults(&c, STR("/d"), STR("/c"), STR(""));
	CHECK("there", file_load(&a, AT_FDCWD, path, 1 << 20, &text, NULL));
	CHECK("as it ships", config_read(&a, text, &c, out) == 0);
	text = all_in_force(&a, text);
	CHECK("all of it", config_read(&a, text, &c, out) == 0 && yml_parse(&a, text, &doc, NULL));
	for (size_t i = 0; config_setting(i) != NULL; i++)
		CHECK(config_setting(i), yml_get(doc, config_setting(i)) != NULL);
	CHECK("listen", yml_get(yml_get(doc, "listen"), "http") != NULL &&
				yml_get(yml_get(doc, "listen"), "syslog") != NULL &&
				yml_get(yml_get(doc, "listen"), "syslog_tls") != NULL);
	CHECK("sources", c.n_way == 2 && str_eq(c.way[1].zone, STR("UTC")));
	CHECK("follow", c.n_follow == 2 && str_eq(c.follow[1].name, STR("zimbra-audit")));
}

static void one_page(void)
{
	struct arena a = whole;
	struct config c;

	config_defaults(&c, STR("/d"), STR("/c"), STR(""));
	CHECK("none", !config_has_http(&c));
	CHECK("listen", config_listen(&a, &c, LISTEN_HTTP, STR("127.0.0.1:1"), NULL) &&
				config_listen(&a, &c, LISTEN_UDP, STR("127.0.0.1:2"), NULL));
	CHECK("one", config_has_http(&c) && config_check(&c, NULL));
	CHECK("another", config_listen(&a, &c, LISTEN_HTTP, STR("127.0.0.1:3"), NULL));
	CHECK("two are one too many", !config_check(&c, NULL));
	config_drop_http(&c);
	CHECK("the others stay", !config_has_http(&c) && c.n_listen == 1 && config_check(&c, NULL));
}

static void addresses(void)
{
	static const struct {
		const char *s;
		bool ok;
	} cases[] = { { "127.0.0.1:80", true }, { "[2001:db8::1]:1", true },
		      { ":0", true },           { "::1:80", false },
		      { "127.0.0.1", false },   { "127.0.0.1:65536", false },
		      { "host:80", false },     { "", false } };
	char host[ADDRESS_TEXT_MAX];
	struct address a;
	int fd;

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(cases[i].s, address_parse(str_of(cases[i].s), &a, NULL) == cases[i].ok);
	CHECK("bound", address_parse(STR("127.0.0.1:0"), &a, NULL) &&
			       address_bind(&a, SOCK_DGRAM, &fd, NULL));
	CHECK("host",
	      strcmp(address_host(&a.sa, host), "127.0.0.1") == 0 && address_port(&a.sa) == 0);
}

static const struct {
	const char *bound;
	bool every, six;
} reaches[] = {
	{ "127.0.0.1:80", false, false }, { "192.0.2.1:80", false, false },
	{ "[::1]:80", false, true },      { "0.0.0.0:8443", true, false },
	{ "[::]:8443", true, true },
};

static void reachable(void)
{
	struct sockaddr_storage at[8];
	char text[ADDRESS_PORT_TEXT_MAX];

	for (size_t i = 0; i < COUNT(reaches); i++) {
		const char *name = reaches[i].bound;
		struct address bound, again;
		size_t loopbacks = 0;

		CHECK(name, address_parse(str_of(name), &bound, NULL));
		CHECK(name, strcmp(address_text(&bound.sa, text), name) == 0);
		size_t n = address_reachable(&bound, at, COUNT(at));
		for (size_t k = 0; k < n; k++) {
			CHECK(name,
			      address_parse(str_of(address_text(&at[k], text)), &again, NULL));
			CHECK(name, address_port(&again.sa) == address_port(&bound.sa));
			CHECK(name, reaches[i].six || again.sa.ss_family == AF_INET);
			CHECK(name, strcmp(text, name) != 0 || !reaches[i].every);
			loopbacks += address_is_loopback(&again);
			CHECK("loopback stands last",
			      loopbacks == 0 || address_is_loopback(&again));
		}
		CHECK(name, n > 0 && (n == 1 || reaches[i].every));
		CHECK(name, !reaches[i].every || loopbacks > 0);
		CHECK("no more than asked for", address_reachable(&bound, at, 1) == 1);
	}
}

int main(void)
{
	if (!arena_reserve(&whole, 64 << 20))
		return 1;
	mistakes();
	there_and_back();
	whole_check();
	own_ca();
	shipped_file();
	one_page();
	addresses();
	reachable();
	arena_release(whole);
	return TEST_REPORT();
}
