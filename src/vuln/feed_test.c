/* SPDX-License-Identifier: Apache-2.0 */
/* feed_test.c - records against packages: each finding, then what is known of all. */
#include "vuln/feed.h"

#include "base/file.h"
#include "base/test.h"
#include "base/time.h"
#include "vuln/world_test.h"

#define ROOM ((size_t)256 << 20)

#define PACKAGES                                                                       \
	"{\"bomFormat\":\"CycloneDX\",\"components\":["                                \
	"{\"purl\":\"pkg:deb/debian/libcurl4@7.1-2?distro=debian-12&upstream=curl\"}," \
	"{\"purl\":\"pkg:deb/debian/zip@3?arch=amd64\"},"                              \
	"{\"purl\":\"pkg:golang/example.com/m@v1.1.0\"},"                              \
	"{\"purl\":\"pkg:pypi/jinja2@2.0\"},"                                          \
	"{\"purl\":\"pkg:npm/left\"}]}"

#define PACKAGE(eco, name) "{\"package\":{\"ecosystem\":\"" eco "\",\"name\":\"" name "\"},"
#define RANGE(type, events) "\"ranges\":[{\"type\":\"" type "\",\"events\":[" events "]}]}"
#define OSV(id, more, affected)                                                                    \
	"{\"id\":\"" id "\",\"modified\":\"2026-11-01T00:00:00Z\"," more "\"affected\":[" affected \
	"]}"
#define FROM0 "{\"introduced\":\"0\"}"
#define UPTO(v) FROM0 ",{\"fixed\":\"" v "\"}"

// clang-format off
static const struct {
	const char *name, *text;
	const char *want; /* "package cve advisory state fixed_in reason;" sorted; NULL: it cannot be used */
} cases[] = {
	{ "by the source", OSV("DSA-1", "\"upstream\":[\"CVE-2026-0001\"],", PACKAGE("Debian:12", "curl") RANGE("ECOSYSTEM", UPTO("7.1-3"))), "libcurl4 CVE-2026-0001 DSA-1 affected 7.1-3 0;" },
	{ "not by the binary", OSV("DSA-1", "", PACKAGE("Debian:12", "libcurl4") RANGE("ECOSYSTEM", UPTO("7.1-3"))), "" },
	{ "mended", OSV("DEBIAN-CVE-2026-0002", "", PACKAGE("Debian:12", "curl") RANGE("ECOSYSTEM", UPTO("7.1-2"))), "libcurl4 CVE-2026-0002 DEBIAN-CVE-2026-0002 fixed 7.1-2 0;" },
	{ "of another release", OSV("DSA-1", "", PACKAGE("Debian:11", "curl") RANGE("ECOSYSTEM", UPTO("9"))), "" },
	{ "of another system", OSV("USN-1", "", PACKAGE("Ubuntu:22.04:LTS", "curl") RANGE("ECOSYSTEM", UPTO("9"))), "" },
	{ "each CVE once", OSV("X-1", "\"aliases\":[\"CVE-2026-0001\",\"GHSA-x\",\"CVE-2026-0002\",\"CVE-2026-0001\"],", PACKAGE("Go", "example.com/m") RANGE("SEMVER", FROM0)), "example.com/m CVE-2026-0001 X-1 affected  0;example.com/m CVE-2026-0002 X-1 affected  0;" },
	{ "no CVE", OSV("GHSA-1", "", PACKAGE("Go", "example.com/m") RANGE("SEMVER", FROM0)), "example.com/m  GHSA-1 affected  0;" },
	{ "the worse of two entries", OSV("X-1", "", PACKAGE("Go", "example.com/m") RANGE("SEMVER", UPTO("1.0.0")) "," PACKAGE("Go", "example.com/m") RANGE("SEMVER", "{\"introduced\":\"1.1.0\"}")), "example.com/m  X-1 affected  0;" },
	{ "a single version", OSV("X-1", "", PACKAGE("Go", "example.com/m") "\"versions\":[\"v1.0.0\",\"v1.1.0\"]}"), "example.com/m  X-1 affected  0;" },
	{ "other versions", OSV("X-1", "", PACKAGE("Go", "example.com/m") "\"versions\":[\"v1.0.0\"]}"), "" },
	{ "a version that is written otherwise", OSV("X-1", "", PACKAGE("Go", "example.com/m") "\"versions\":[\"1.1\"]}"), "example.com/m  X-1 affected  0;" },
	{ "a range without a beginning", OSV("X-1", "", PACKAGE("Go", "example.com/m") RANGE("SEMVER", "{\"fixed\":\"2.0.0\"}")), "example.com/m  X-1 unknown  4;" },
	{ "a range of nothing", OSV("X-1", "", PACKAGE("Go", "example.com/m") RANGE("SEMVER", "")), "example.com/m  X-1 unknown  4;" },
	{ "commits only", OSV("X-1", "", PACKAGE("Go", "example.com/m") RANGE("GIT", FROM0)), "example.com/m  X-1 unknown  4;" },
	{ "no order", OSV("X-1", "", PACKAGE("PyPI", "jinja2") RANGE("ECOSYSTEM", UPTO("3"))), "jinja2  X-1 unknown  3;" },
	{ "no version", OSV("X-1", "", PACKAGE("npm", "left") RANGE("SEMVER", FROM0)), "left  X-1 unknown  1;" },
	{ "a bad version", OSV("X-1", "", PACKAGE("Go", "example.com/m") RANGE("SEMVER", UPTO("x"))), "example.com/m  X-1 unknown  2;" },
	{ "releases that differ", OSV("DSA-1", "", PACKAGE("Debian:11", "zip") RANGE("ECOSYSTEM", UPTO("2")) "," PACKAGE("Debian:12", "zip") RANGE("ECOSYSTEM", UPTO("4"))), "zip  DSA-1 unknown  5;" },
	{ "releases that agree", OSV("DSA-1", "", PACKAGE("Debian:11", "zip") RANGE("ECOSYSTEM", UPTO("4")) "," PACKAGE("Debian:12", "zip") RANGE("ECOSYSTEM", UPTO("4"))), "zip  DSA-1 affected 4 0;" },
	{ "withdrawn", OSV("X-1", "\"withdrawn\":\"2026-11-01T00:00:00Z\",", PACKAGE("Go", "example.com/m") RANGE("SEMVER", FROM0)), "" },
	{ "a range of its own", OSV("X-1", "", PACKAGE("Go", "example.com/m") RANGE("MOON", FROM0)), NULL },
	{ "an event of its own", OSV("X-1", "", PACKAGE("Go", "example.com/m") RANGE("SEMVER", "{\"moved\":\"1\"}")), NULL },
	{ "CVE JSON", "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"collectionURL\":\"https://pkg.go.dev\",\"packageName\":\"example.com/m\",\"versions\":[{\"version\":\"0\",\"lessThan\":\"1.2.0\",\"status\":\"affected\",\"versionType\":\"semver\"}]}]}}}", "example.com/m CVE-2026-0001 CVE-2026-0001 affected 1.2.0 0;" },
	{ "CVE JSON up to and with", "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"collectionURL\":\"https://pkg.go.dev\",\"packageName\":\"example.com/m\",\"versions\":[{\"version\":\"1.0.0\",\"lessThanOrEqual\":\"1.0.9\",\"status\":\"affected\"},{\"version\":\"1.1.0\",\"status\":\"unaffected\"}]}]}}}", "example.com/m CVE-2026-0001 CVE-2026-0001 fixed  0;" },
	{ "CVE JSON of all but", "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"collectionURL\":\"https://pkg.go.dev\",\"packageName\":\"example.com/m\",\"defaultStatus\":\"affected\",\"versions\":[{\"version\":\"2.0.0\",\"status\":\"unaffected\"}]}]}}}", "example.com/m CVE-2026-0001 CVE-2026-0001 unknown  4;" },
	{ "CVE JSON that turns on its way", "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"collectionURL\":\"https://pkg.go.dev\",\"packageName\":\"example.com/m\",\"versions\":[{\"version\":\"0\",\"lessThan\":\"*\",\"status\":\"unaffected\",\"changes\":[{\"at\":\"1.0.0\",\"status\":\"affected\"}]}]}]}}}", "example.com/m CVE-2026-0001 CVE-2026-0001 unknown  4;" },
	{ "CVE JSON that does not know", "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"collectionURL\":\"https://pkg.go.dev\",\"packageName\":\"example.com/m\",\"versions\":[{\"version\":\"0\",\"lessThan\":\"*\",\"status\":\"unknown\"}]}]}}}", "example.com/m CVE-2026-0001 CVE-2026-0001 unknown  4;" },
	{ "CVE JSON that knows nothing of others", "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"collectionURL\":\"https://pkg.go.dev\",\"packageName\":\"example.com/m\",\"defaultStatus\":\"unknown\",\"versions\":[{\"version\":\"0\",\"lessThan\":\"1.0.0\",\"status\":\"affected\"}]}]}}}", "example.com/m CVE-2026-0001 CVE-2026-0001 unknown  4;" },
	{ "CVE JSON without versions", "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"collectionURL\":\"https://pkg.go.dev\",\"packageName\":\"example.com/m\"}]}}}", "example.com/m CVE-2026-0001 CVE-2026-0001 unknown  4;" },
	{ "rejected", "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\",\"state\":\"REJECTED\"}}", "" },
	{ "KEV", "{\"catalogVersion\":\"1\",\"dateReleased\":\"2026-11-01T00:00:00Z\",\"count\":1,\"vulnerabilities\":[{\"cveID\":\"CVE-2026-0001\"}]}", "" },
	{ "KEV that lost some", "{\"catalogVersion\":\"1\",\"count\":2,\"vulnerabilities\":[{\"cveID\":\"CVE-2026-0001\"}]}", NULL },
	{ "KEV without a list", "{\"catalogVersion\":\"1\"}", NULL },
	{ "other JSON", "{\"id\":\"x\"}", NULL },
	{ "half a record", "{\"id\":\"x\",\"modified\":", NULL },
	{ "prose", "what is this", NULL },
};
// clang-format on

static bool begin(struct world *w, struct arena a)
{
	return world_begin(w, a, STR(PACKAGES), STR("Debian:12"));
}

static void tell(const struct finding *f, char *out, size_t cap)
{
	static const char *const states[] = { "affected", "fixed", "unknown" };
	size_t n = 0;

	out[0] = '\0';
	for (; f != NULL && n < cap; f = f->next)
		n += (size_t)snprintf(out + n, cap - n, "%s%.*s %.*s %.*s %s %.*s %d;",
				      f->exploited ? "!" : "", STR_ARG(f->package->name),
				      STR_ARG(f->cve), STR_ARG(f->advisory), states[f->state],
				      STR_ARG(f->fixed_in), (int)f->reason);
}

static void expect(const char *name, struct world *w, const char *want, struct matcher_sum *sum)
{
	const struct finding *first;
	char got[1024];

	if (!CHECK(name, matcher_finish(w->m, sum, &first)))
		return;
	tell(first, got, sizeof got);
	if (!CHECK(name, strcmp(got, want) == 0))
		printf("got %s\n", got);
}

static void run_case(size_t i, struct arena a, struct arena scratch)
{
	struct feed feed = { .path = STR("f"), .newest = TIME_NONE };
	struct matcher_sum sum;
	struct world w;
	struct err why = { 0 };

	if (!begin(&w, a))
		return;
	bool ok = feed_read(w.m, &feed, scratch, str_of(cases[i].text), &why);

	CHECK(cases[i].name, ok == (cases[i].want != NULL));
	CHECK(cases[i].name, ok || why.kind == ERR_INPUT);
	expect(cases[i].name, &w, ok ? cases[i].want : "", &sum);
}

// clang-format off
static const struct {
	const char *name, *packages, *text, *want;
} others[] = {
	{ "the signed kernel of Debian", "Package: linux-image-6.1.0-13-amd64\nStatus: install ok installed\nSource: linux-signed-amd64 (6.1.55+1)\nVersion: 6.1.55-1\n", OSV("X-1", "", PACKAGE("Debian:12", "linux") RANGE("ECOSYSTEM", UPTO("6.1.55-2"))), "linux-image-6.1.0-13-amd64  X-1 affected 6.1.55-2 0;" },
	{ "that of Ubuntu", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:deb/ubuntu/linux-image-6.5.0-14-generic@6.5.0-14.14~22.04.1?distro=ubuntu-22.04&upstream=linux-signed-hwe-6.5\"}]}", OSV("X-1", "", PACKAGE("Ubuntu:22.04:LTS", "linux-hwe-6.5") RANGE("ECOSYSTEM", UPTO("7"))), "linux-image-6.5.0-14-generic  X-1 affected 7 0;" },
	{ "a release whose fixes are for Pro", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:deb/ubuntu/zip@3?distro=ubuntu-18.04\"}]}", OSV("X-1", "", PACKAGE("Ubuntu:Pro:18.04:LTS", "zip") RANGE("ECOSYSTEM", UPTO("4"))), "zip  X-1 affected 4 0;" },
	{ "a name of PyPI that is written otherwise", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:PyPI/Ruamel.YAML_clib@1\"}]}", OSV("X-1", "", PACKAGE("PyPI", "ruamel-yaml-clib") "\"versions\":[\"1\"]}"), "Ruamel.YAML_clib  X-1 affected  0;" },
	{ "one of NuGet", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:nuget/newtonsoft.json@1\"}]}", OSV("X-1", "", PACKAGE("NuGet", "Newtonsoft.Json") "\"versions\":[\"1\"]}"), "newtonsoft.json  X-1 affected  0;" },
	{ "a system that is not the record's", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:rpm/fedora/curl@9-1?distro=fedora-40\"}]}", OSV("X-1", "", PACKAGE("AlmaLinux:8", "curl") RANGE("ECOSYSTEM", UPTO("8-1"))), "" },
	{ "another release for Pro", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:deb/ubuntu/zip@3?distro=ubuntu-18.04\"}]}", OSV("X-1", "", PACKAGE("Ubuntu:Pro:16.04:LTS", "zip") RANGE("ECOSYSTEM", UPTO("4"))), "" },
};
// clang-format on

static void run_other(size_t i, struct arena a, struct arena scratch)
{
	struct feed feed = { .newest = TIME_NONE };
	struct matcher_sum sum;
	struct world w;

	if (!world_begin(&w, a, str_of(others[i].packages), STR("Debian:12")))
		return;
	CHECK(others[i].name, feed_read(w.m, &feed, scratch, str_of(others[i].text), NULL));
	expect(others[i].name, &w, others[i].want, &sum);
}

/* What one file has too much of does not end the reading of the others. */
static void run_much(struct arena a, struct arena scratch)
{
	static char text[200 << 10];
	struct feed feed = { .newest = TIME_NONE };
	struct err why = { 0 };
	struct world w;
	size_t n = 0;

	if (!begin(&w, a))
		return;
	n = (size_t)snprintf(text, sizeof text, "<oval_definitions><generator><timestamp>%070000d",
			     0);
	CHECK("a long text", !feed_read(w.m, &feed, scratch, (struct str){ text, n }, &why));
	CHECK("is bad input", why.kind == ERR_INPUT);
	n = (size_t)snprintf(text, sizeof text, "%s",
			     "{\"id\":\"X\",\"modified\":\"\",\"affected\":[");
	for (int i = 0; i < 4100; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
				      "%s{\"package\":{\"ecosystem\":\"A:%d\",\"name\":\"x\"}}",
				      i > 0 ? "," : "", i);
	n += (size_t)snprintf(text + n, sizeof text - n, "]}");
	CHECK("systems without end", feed_read(w.m, &feed, scratch, (struct str){ text, n }, NULL));
}

static void run_future(struct arena a, struct arena scratch)
{
	struct feed feed = { .newest = TIME_NONE, .latest = 1 };
	struct world w;

	if (!begin(&w, a))
		return;
	CHECK("a feed", feed_read(w.m, &feed, scratch, STR(OSV("X-1", "", "")), NULL));
	CHECK("a date to come is none", feed.newest == TIME_NONE);
}

#define READ(w, f, text) CHECK("a feed", feed_read((w).m, &(f), scratch, STR(text), NULL))

/* What stands over more than one record. */
static void run_many(struct arena a, struct arena scratch)
{
	static const char curl[] = OSV("DSA-1", "\"upstream\":[\"CVE-2026-0001\"],",
				       PACKAGE("Debian:12", "curl")
					       RANGE("ECOSYSTEM", UPTO("7.1-1")));
	struct feed debian = { .newest = TIME_NONE }, generic = { .newest = TIME_NONE };
	struct matcher_sum sum;
	struct world w;

	if (!begin(&w, a))
		return;
	CHECK("a feed", feed_read(w.m, &debian, scratch, str_of(curl), NULL));
	debian.old = true;
	expect("what old data calls fixed is not assessed", &w,
	       "libcurl4 CVE-2026-0001 DSA-1 unknown 7.1-1 7;", &sum);
	CHECK("of all", sum.packages == 5 && sum.with_feed == 2 && sum.without_feed == 3);
	CHECK("of those", sum.affected == 0 && sum.not_assessed == 2 && sum.nothing_known == 0);

	if (!begin(&w, a))
		return;
	debian.old = false;
	CHECK("a feed", feed_read(w.m, &debian, scratch, str_of(curl), NULL));
	expect("fresh", &w, "libcurl4 CVE-2026-0001 DSA-1 fixed 7.1-1 0;", &sum);
	CHECK("nothing is known of those", sum.nothing_known == 2 && sum.not_assessed == 0);
	CHECK("its date",
	      debian.newest == INT64_C(1793491200) * TIME_SECOND && debian.records == 2);

	if (!begin(&w, a))
		return;
	debian.bad = 1;
	CHECK("a feed", feed_read(w.m, &debian, scratch, str_of(curl), NULL));
	expect("partial", &w, "libcurl4 CVE-2026-0001 DSA-1 fixed 7.1-1 0;", &sum);
	CHECK("a partial feed makes nothing clean",
	      sum.nothing_known == 0 && sum.not_assessed == 2);

	if (!begin(&w, a))
		return;
	READ(w, generic,
	     "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"collectionURL\":\"https://pkg.go.dev\",\"packageName\":\"example.com/m\",\"versions\":[{\"version\":\"0\",\"lessThan\":\"9\",\"status\":\"affected\"}]}]}}}");
	READ(w, debian,
	     OSV("GO-1", "\"aliases\":[\"CVE-2026-0001\"],",
		 PACKAGE("Go", "example.com/m") RANGE("SEMVER", UPTO("1.2.0"))));
	READ(w, generic,
	     "{\"catalogVersion\":\"1\",\"vulnerabilities\":[{\"cveID\":\"CVE-2026-0001\"}]}");
	expect("the maker's word goes before a generic one", &w,
	       "!example.com/m CVE-2026-0001 GO-1 affected 1.2.0 0;", &sum);
	CHECK("exploited", sum.exploited == 1 && sum.findings == 1 && sum.affected == 1);
}

/* What could not be assessed by the maker's word silences nobody. */
static void run_silence(struct arena a, struct arena scratch)
{
	struct feed debian = { .newest = TIME_NONE }, generic = { .newest = TIME_NONE };
	struct matcher_sum sum;
	struct world w;

	if (!begin(&w, a))
		return;
	READ(w, generic,
	     "{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2026-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"collectionURL\":\"https://pkg.go.dev\",\"packageName\":\"example.com/m\",\"versions\":[{\"version\":\"0\",\"lessThan\":\"9\",\"status\":\"affected\"}]}]}}}");
	READ(w, debian,
	     OSV("GO-1", "\"aliases\":[\"CVE-2026-0001\"],",
		 PACKAGE("Go", "example.com/m") RANGE("SEMVER", UPTO("1.0.0"))));
	debian.old = true;
	expect("old words of the maker", &w,
	       "example.com/m CVE-2026-0001 CVE-2026-0001 affected 9 0;"
	       "example.com/m CVE-2026-0001 GO-1 unknown 1.0.0 7;",
	       &sum);
	CHECK("affected", sum.affected == 1);
}

int main(void)
{
	struct arena a, scratch;

	if (!CHECK("room", arena_reserve(&a, ROOM) && arena_reserve(&scratch, ROOM)))
		return TEST_REPORT();
	for (size_t i = 0; i < COUNT(cases); i++)
		run_case(i, a, scratch);
	for (size_t i = 0; i < COUNT(others); i++)
		run_other(i, a, scratch);
	run_much(a, scratch);
	run_future(a, scratch);
	run_many(a, scratch);
	run_silence(a, scratch);
	arena_release(a);
	arena_release(scratch);
	return TEST_REPORT();
}
