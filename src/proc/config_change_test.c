/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/config_change.h"

#include "base/test.h"

#include <stdio.h>

static struct arena whole;

static void read_one(struct arena *a, struct str yaml, struct config *c)
{
	struct mistake out[CONFIG_MAX_MISTAKES];

	config_defaults(c, STR("/d"), STR("/c"), STR(""));
	CHECK(yaml.p, config_read(a, yaml, c, out) == 0);
	c->cert_pem = c->certificate; /* as if the file held its name */
	c->key_pem = c->key;
}

static const char *joined(const char *const *names, size_t n, char out[512])
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(out + len, 512 - len, "%s%s", i > 0 ? " " : "", names[i]);
	return out;
}

#define TLS "certificate: /x.pem\nkey: /x.key\n"

static const struct {
	const char *name;
	struct str now, next;
	const char *live, *restart;
} cases[] = {
	{ "nothing", STR("zone: UTC\n"), STR("zone: UTC\n"), "", "" },
	{ "zone", STR(""), STR("zone: UTC\n"), "zone", "" },
	{ "folders", STR(""), STR("data: /e\ncontent: /f\npage: /p\nwitness: /w\n"), "",
	  "data content page witness" },
	{ "numbers", STR("retention_days: 3\n"), STR("min_free_mb: 7\n"),
	  "retention_days min_free_mb", "" },
	{ "another page", STR("listen: {http: 127.0.0.1:1}\n"),
	  STR("listen: {http: 127.0.0.1:2}\n"), "", "listen.http" },
	{ "syslog comes", STR("listen: {syslog: 127.0.0.1:1}\n"),
	  STR("listen: {syslog: [127.0.0.1:1, 127.0.0.1:2]}\n"), "listen.syslog", "" },
	{ "syslog goes", STR("listen: {syslog: 127.0.0.1:1}\n"), STR(""), "listen.syslog", "" },
	{ "one port twice", STR("listen: {syslog: [127.0.0.1:0, 127.0.0.1:0]}\n"),
	  STR("listen: {syslog: 127.0.0.1:0}\n"), "listen.syslog", "" },
	{ "another order", STR("listen: {syslog: [127.0.0.1:1, 127.0.0.1:2]}\n"),
	  STR("listen: {syslog: [127.0.0.1:2, 127.0.0.1:1]}\n"), "", "" },
	{ "TLS without", STR(""), STR(TLS "listen: {syslog_tls: 127.0.0.1:1}\n"), "",
	  "listen.syslog_tls certificate" },
	{ "TLS with", STR(TLS), STR(TLS "listen: {syslog_tls: 127.0.0.1:1}\n"), "listen.syslog_tls",
	  "" },
	{ "another certificate", STR(TLS), STR("certificate: /y.pem\nkey: /x.key\n"), "certificate",
	  "" },
	{ "no certificate", STR(TLS), STR(""), "", "certificate" },
	{ "files", STR("follow: [/a]\n"), STR("follow: [/a, {path: /b, name: b}]\n"), "follow",
	  "" },
	{ "name of a file", STR("follow: [/a]\n"), STR("follow: [{path: /a, name: b}]\n"), "follow",
	  "" },
	{ "sources", STR("sources: [{from: x, zone: UTC}]\n"),
	  STR("sources: [{from: y, zone: UTC}]\n"), "sources", "" },
};

static void changes(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = whole;
		struct config now, next, again;
		struct config_change got, none;
		char live[512], restart[512];
		struct err why = { 0 };

		read_one(&a, cases[i].now, &now);
		read_one(&a, cases[i].next, &next);
		again = next;
		CHECK(cases[i].name, config_change(&a, &now, &next, &got, &why));
		CHECK(cases[i].name,
		      strcmp(joined(got.live, got.n_live, live), cases[i].live) == 0);
		CHECK(cases[i].name,
		      strcmp(joined(got.restart, got.n_restart, restart), cases[i].restart) == 0);
		/* read once more, only what needs the restart is left to tell */
		CHECK(cases[i].name, config_change(&a, &next, &again, &none, &why));
		CHECK(cases[i].name, none.n_live == 0 && none.n_restart == got.n_restart);
	}
}

static void alike(void)
{
	struct arena a = whole;
	struct config x, y, z;

	read_one(&a, STR("sources: [{from: x, zone: UTC}]\n"), &x);
	read_one(&a, STR("sources: [{from: x, zone: UTC}]\nretention_days: 4\n"), &y);
	read_one(&a, STR("sources: [{from: x, format: kv, zone: UTC}]\n"), &z);
	CHECK("alike", config_reads_alike(&x, &y));
	CHECK("another format", !config_reads_alike(&x, &z));
}

int main(void)
{
	if (!arena_reserve(&whole, 1 << 20))
		return 1;
	changes();
	alike();
	arena_release(whole);
	return TEST_REPORT();
}
