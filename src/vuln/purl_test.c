/* SPDX-License-Identifier: Apache-2.0 */
/* purl_test.c - package URLs, and releases as OSV calls them. */
#include "vuln/purl.h"

#include "base/test.h"

// clang-format off
static const struct {
	const char *url;
	const char *type, *distro, *name, *version, *source, *source_version; /* type NULL: no package URL */
} cases[] = {
	{ "pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64&distro=debian-12.5", "deb", "Debian:12", "curl", "7.88.1-10+deb12u5", "curl", "7.88.1-10+deb12u5" },
	{ "pkg:deb/ubuntu/libgcc1@1:8.4?distro=ubuntu-18.04&upstream=gcc-8@8.4", "deb", "Ubuntu:18.04", "libgcc1", "1:8.4", "gcc-8", "8.4" },
	{ "pkg:deb/debian/x@1?distro=bookworm", "deb", "Debian", "x", "1", "x", "1" },
	{ "pkg:apk/alpine/musl@1.2.4-r2?distro=3.18.4", "apk", "Alpine:v3.18", "musl", "1.2.4-r2", "musl", "1.2.4-r2" },
	{ "pkg:rpm/redhat/curl@7.76-1.el9?arch=x86_64", "rpm", "Red Hat", "curl", "7.76-1.el9", "curl", "7.76-1.el9" },
	{ "pkg:rpm/redhat/bind@9-1?epoch=32", "rpm", "Red Hat", "bind", "32:9-1", "bind", "32:9-1" },
	{ "pkg:rpm/fedora/a@1?distro=fedora-40", "rpm", "fedora", "a", "1", "a", "1" },
	{ "pkg:rpm/opensuse/a@1?distro=opensuse-leap-15.5", "rpm", "openSUSE", "a", "1", "a", "1" },
	{ "pkg:rpm/rocky/a@1?distro=rocky-9.3", "rpm", "Rocky Linux:9", "a", "1", "a", "1" },
	{ "pkg:golang/golang.org/x/net@v0.17.0#html", "golang", "", "golang.org/x/net", "v0.17.0", "golang.org/x/net", "v0.17.0" },
	{ "pkg:npm/%40scope/name@1.0.0", "npm", "", "@scope/name", "1.0.0", "@scope/name", "1.0.0" },
	{ "pkg:maven/org.a/b@1.2", "maven", "", "org.a:b", "1.2", "org.a:b", "1.2" },
	{ "pkg:pypi/jinja2", "pypi", "", "jinja2", "", "jinja2", "" },
	{ "PKG:cargo/serde@1.0%", "cargo", "", "serde", "1.0%", "serde", "1.0%" },
	{ "pkg:/cargo/serde@1", "cargo", "", "serde", "1", "serde", "1" },
	{ "http://example.com/", NULL, NULL, NULL, NULL, NULL, NULL },
	{ "pkg:", NULL, NULL, NULL, NULL, NULL, NULL },
	{ "pkg:deb", NULL, NULL, NULL, NULL, NULL, NULL },
	{ "pkg:deb/@1", NULL, NULL, NULL, NULL, NULL, NULL },
};

static const struct {
	const char *text, *want;
} releases[] = {
	{ "ID=debian\nVERSION_ID=\"12\"\n", "Debian:12" },
	{ "NAME=x\nID=\"ubuntu\"\nVERSION_ID='22.04'\n", "Ubuntu:22.04" },
	{ "ID=alpine\nVERSION_ID=3.18.0_alpha20230329\n", "Alpine:v3.18" },
	{ "ID=alpine\nVERSION_ID=3\n", "Alpine:v3" },
	{ "ID=debian\n", "Debian" },
	{ "ID=plan9\nVERSION_ID=4\n", "" },
	{ "", "" },
};
// clang-format on

int main(void)
{
	static unsigned char mem[4096];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct package p = { 0 };
		struct err why = { 0 };
		bool ok = purl_parse(&a, str_of(cases[i].url), &p, &why);
		const struct str got[] = { p.type,    p.distro, p.name,
					   p.version, p.source, p.source_version };
		const char *const want[] = { cases[i].type,   cases[i].distro,
					     cases[i].name,   cases[i].version,
					     cases[i].source, cases[i].source_version };

		CHECK(cases[i].url, ok == (cases[i].type != NULL));
		CHECK(cases[i].url, ok || why.kind == ERR_INPUT);
		for (size_t k = 0; k < COUNT(got) && ok; k++)
			CHECK(want[k], str_eq(got[k], str_of(want[k])));
	}
	for (size_t i = 0; i < COUNT(releases); i++) {
		struct arena a = { mem, mem + sizeof mem };

		CHECK(releases[i].want, str_eq(distro_of_os_release(&a, str_of(releases[i].text)),
					       str_of(releases[i].want)));
	}
	return TEST_REPORT();
}
