/* SPDX-License-Identifier: Apache-2.0 */
/* inventory_test.c - lists of packages, made ones and those of the corpus. */
#include "vuln/inventory.h"

#include "base/file.h"
#include "base/test.h"

#include <fcntl.h>

#define ROOM ((size_t)64 << 20)

// clang-format off
static const struct {
	const char *name;
	struct str text;
	bool in_folder;
	const char *want; /* "name version arch source source_version", partial ones with a '!'; NULL: no list */
	size_t bad;
} cases[] = {
	{ "dpkg", STR("Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n"), false, "a 1 amd64 a 1;", 0 },
	{ "source", STR("Package: a\nSource: s\nStatus: install ok installed\nVersion: 1\n"), false, "a 1  s 1;", 0 },
	{ "source of another version", STR("Package: a\nSource: s (2-1)\nStatus: install ok installed\nVersion: 1+b1\n"), false, "a 1+b1  s 2-1;", 0 },
	{ "wanted gone, still there", STR("Package: a\nStatus: deinstall ok installed\nVersion: 1\n"), false, "a 1  a 1;", 0 },
	{ "configuration only", STR("Package: a\nStatus: deinstall ok config-files\nVersion: 1\n"), false, "", 0 },
	{ "half there", STR("Package: a\nStatus: install ok unpacked\nVersion: 1\n"), false, "!a 1  a 1;", 0 },
	{ "no status", STR("Package: a\nVersion: 1\n"), false, "", 0 },
	{ "no status in status.d", STR("Package: a\nVersion: 1\n"), true, "a 1  a 1;", 0 },
	{ "a field that goes on", STR("Package: a\nStatus: install ok installed\nDescription: x\n Package: b\n .\nVersion: 1\n\n\n"), false, "a 1  a 1;", 0 },
	{ "names of fields in any case", STR("package: a\r\nSTATUS: install ok installed\r\nversion: 1\r\n"), false, "a 1  a 1;", 0 },
	{ "no version", STR("Package: a\nStatus: install ok installed\n\nPackage: b\nStatus: install ok installed\nVersion: 2\n"), false, "b 2  b 2;", 1 },
	{ "no name", STR("Version: 1\nStatus: install ok installed\n"), false, "", 1 },
	{ "no colon", STR("Package: a\nStatus: install ok installed\nVersion: 1\nwhat\n"), false, "a 1  a 1;", 1 },
	{ "apk", STR("C:Q1\nP:a\nV:1-r0\nA:x86_64\no:s\nF:etc\n\nP:b\nV:2-r1\n"), false, "a 1-r0 x86_64 s 1-r0;b 2-r1  b 2-r1;", 0 },
	{ "apk without a version", STR("P:a\n\nP:b\nV:2\n"), false, "b 2  b 2;", 1 },
	{ "CycloneDX", STR("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"name\":\"x\",\"purl\":\"pkg:npm/a@1\",\"components\":[{\"group\":\"g\",\"name\":\"b\",\"version\":\"2\"}]},{\"type\":\"file\",\"name\":\"f\"}]}"), false, "a 1  a 1;g/b 2  g/b 2;", 0 },
	{ "CycloneDX that tells the source beside the URL", STR("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:deb/debian/libssl3@3.0.11-1~deb12u2\",\"properties\":[{\"name\":\"aquasecurity:trivy:SrcName\",\"value\":\"openssl\"},{\"name\":\"aquasecurity:trivy:SrcVersion\",\"value\":\"3.0.11\"},{\"name\":\"aquasecurity:trivy:SrcRelease\",\"value\":\"1~deb12u2\"},{\"name\":\"aquasecurity:trivy:SrcEpoch\",\"value\":\"1\"}]}]}"), false, "libssl3 3.0.11-1~deb12u2  openssl 1:3.0.11-1~deb12u2;", 0 },
	{ "a bad package URL", STR("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"name\":\"x\",\"purl\":\"npm/a@1\"}]}"), false, "", 1 },
	{ "SPDX", STR("{\"spdxVersion\":\"SPDX-2.2\",\"packages\":[{\"name\":\"x\",\"versionInfo\":\"7\",\"externalRefs\":[{\"referenceType\":\"purl\",\"referenceLocator\":\"pkg:golang/a/b\"}]},{\"name\":\"y\"}]}"), false, "a/b 7  a/b 7;y   y ;", 0 },
	{ "a package without a name", STR("{\"spdxVersion\":\"SPDX-2.2\",\"packages\":[{}]}"), false, "", 1 },
	{ "other JSON", STR("{}"), false, NULL, 0 },
	{ "half a document", STR("{\"bomFormat\":\"CycloneDX\""), false, NULL, 0 },
	{ "empty", STR(""), false, NULL, 0 },
	{ "blank", STR("\n\n"), false, NULL, 0 },
	{ "prose", STR("asdf\n\nyolo\n"), false, NULL, 0 },
	{ "bytes", STR("\x7f" "ELF: x"), false, NULL, 0 },
};

static const struct {
	const char *file;
	bool in_folder;
	size_t n, partial, bad;
	const char *first, *last; /* name, version, source, source_version */
} corpus_files[] = {
	{ "os/dpkg/testdata/dpkg/valid", false, 7, 0, 0, "accountsservice 22.08.8-6 accountsservice 22.08.8-6", "util-linux-extra 2.38.1-5+b1 util-linux 2.38.1-5" },
	{ "os/dpkg/testdata/dpkg/single", false, 1, 0, 0, "acl 2.3.1-3 acl 2.3.1-3", "acl 2.3.1-3 acl 2.3.1-3" },
	{ "os/dpkg/testdata/dpkg/statusfield", false, 5, 2, 0, "wantinstall_installed 1.0 wantinstall_installed 1.0", "wantinstall_halfinstalled 1.0 wantinstall_halfinstalled 1.0" },
	{ "os/dpkg/testdata/dpkg/status.d/foo", true, 1, 0, 0, "foo 1.2.3 foo 1.2.3", "foo 1.2.3 foo 1.2.3" },
	{ "os/dpkg/testdata/opkg/single", false, 1, 0, 0, "ubus 2024.10.20~252a9b0c-r1 ubus 2024.10.20~252a9b0c-r1", "ubus 2024.10.20~252a9b0c-r1 ubus 2024.10.20~252a9b0c-r1" },
	{ "os/dpkg/testdata/opkg/nopackage", false, 2, 0, 1, "ubus 2024.10.20~252a9b0c-r1 ubus 2024.10.20~252a9b0c-r1", "busybox 1.36.1-r2 busybox 1.36.1-r2" },
	{ "os/dpkg/testdata/opkg/trailingnewlines", false, 1, 0, 0, "ubus 2024.10.20~252a9b0c-r1 ubus 2024.10.20~252a9b0c-r1", "ubus 2024.10.20~252a9b0c-r1 ubus 2024.10.20~252a9b0c-r1" },
	{ "claircore/texlive.status", false, 0, 0, 0, NULL, NULL },
	{ "os/apk/testdata/installed", false, 0, 0, 0, NULL, NULL },
	{ "os/apk/testdata/single", false, 1, 0, 0, "alpine-baselayout-data 3.4.3-r1 alpine-baselayout 3.4.3-r1", "alpine-baselayout-data 3.4.3-r1 alpine-baselayout 3.4.3-r1" },
	{ "sbom/cdx/testdata/minimal.cdx.json", false, 1, 0, 0, "com.example.group:fooBar 1.2.3 com.example.group:fooBar 1.2.3", "com.example.group:fooBar 1.2.3 com.example.group:fooBar 1.2.3" },
	{ "sbom/spdx/testdata/descendant_of.spdx.json", false, 2, 0, 0, "v1_2_15  v1_2_15 ", "log4j:log4j 1.2.15 log4j:log4j 1.2.15" },
};
// clang-format on

static void count_bad(void *ctx, uint64_t place, const struct err *why)
{
	size_t *n = ctx;

	CHECK("a place and a reason", place > 0 && why->kind == ERR_INPUT);
	++*n;
}

static void run_case(size_t i, struct arena a)
{
	struct inventory inv = { 0 };
	struct err why = { 0 };
	char got[1024] = "";
	size_t bad = 0, n = 0;
	const struct inventory_ask ask = { cases[i].in_folder, STR("X"), count_bad, &bad };
	bool ok = inventory_read(&inv, &a, cases[i].text, &ask, &why);

	CHECK(cases[i].name, ok == (cases[i].want != NULL));
	CHECK(cases[i].name, ok || (why.kind == ERR_INPUT && inv.n == 0));
	for (const struct package *p = inv.first; p != NULL; p = p->next)
		n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s %.*s %.*s %.*s %.*s;",
				      p->partial ? "!" : "", STR_ARG(p->name), STR_ARG(p->version),
				      STR_ARG(p->arch), STR_ARG(p->source),
				      STR_ARG(p->source_version));
	if (!CHECK(cases[i].name, !ok || strcmp(got, cases[i].want) == 0))
		printf("got %s\n", got);
	CHECK(cases[i].name, bad == cases[i].bad && inv.bad == bad);
}

static void check_package(const char *file, const struct package *p, const char *want)
{
	char got[512];

	if (want == NULL || !CHECK(file, p != NULL))
		return;
	snprintf(got, sizeof got, "%.*s %.*s %.*s %.*s", STR_ARG(p->name), STR_ARG(p->version),
		 STR_ARG(p->source), STR_ARG(p->source_version));
	if (!CHECK(file, strcmp(got, want) == 0))
		printf("got %s\n", got);
}

/* Packages of a list are what its lines "Package: x" or "P:x" say, where all are installed. */
static size_t count_lines(struct str text, struct str begin)
{
	struct str line;
	size_t n = 0;

	while (str_line(&text, &line))
		n += str_starts(line, begin);
	return n;
}

static void run_file(const char *corpus, size_t i, struct arena a)
{
	const char *file = corpus_files[i].file;
	struct inventory inv = { 0 };
	struct err why = { 0 };
	char path[4096];
	size_t bad = 0, n = corpus_files[i].n;
	const struct inventory_ask ask = { corpus_files[i].in_folder, STR(""), count_bad, &bad };
	struct str text;

	snprintf(path, sizeof path, "%s/packages-inventory/%s", corpus, file);
	if (!CHECK(file, file_load_given(&a, path, 1 << 24, &text, &why)))
		return;
	CHECK(file, inventory_read(&inv, &a, text, &ask, &why));
	if (n == 0) /* a long one */
		n = count_lines(text, STR("Package: ")) + count_lines(text, STR("P:"));
	printf("%s: %zu of %zu packages\n", file, inv.n, n);
	CHECK(file, inv.n == n && n > 0);
	CHECK(file, inv.partial == corpus_files[i].partial && inv.bad == corpus_files[i].bad);
	check_package(file, inv.first, corpus_files[i].first);
	check_package(file, inv.last, corpus_files[i].last);
}

/* What is nested too deep to be read is told. */
static void run_deep(struct arena a)
{
	static char text[8192];
	struct inventory inv = { 0 };
	size_t bad = 0, n = (size_t)snprintf(text, sizeof text, "{\"bomFormat\":\"CycloneDX\"");
	const struct inventory_ask ask = { false, STR(""), count_bad, &bad };

	for (int i = 0; i < 40; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
				      ",\"components\":[{\"purl\":\"pkg:npm/a@1\"");
	for (int i = 0; i < 40; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "}]");
	n += (size_t)snprintf(text + n, sizeof text - n, "}");
	CHECK("deep", inventory_read(&inv, &a, (struct str){ text, n }, &ask, NULL));
	CHECK("deep", inv.n == 32 && inv.bad == 1 && bad == 1);
}

int main(void)
{
	const char *corpus = test_corpus();
	struct arena whole;

	if (!CHECK("room", arena_reserve(&whole, ROOM)))
		return TEST_REPORT();
	for (size_t i = 0; i < COUNT(cases); i++)
		run_case(i, whole);
	run_deep(whole);
	for (size_t i = 0; i < COUNT(corpus_files) && corpus != NULL; i++)
		run_file(corpus, i, whole);
	if (corpus == NULL)
		test_skip("packages-inventory", "CANH_CORPUS is not set");
	arena_release(whole);
	return TEST_REPORT();
}
