/* SPDX-License-Identifier: Apache-2.0 */
/* oval_test.c - definitions over packages: made ones, and those of the corpus that oscap has judged. */
#include "vuln/oval.h"

#include "base/file.h"
#include "base/test.h"
#include "base/time.h"
#include "vuln/feed.h"
#include "vuln/world_test.h"

#define ROOM ((size_t)256 << 20)

#define DOC(definitions, rest)                                                                          \
	"<oval_definitions><generator><oval:timestamp>2026-11-01T00:00:00</oval:timestamp></generator>" \
	"<definitions>" definitions "</definitions>" rest "</oval_definitions>"
#define DEFINITION(criteria)                                                                                               \
	"<definition id=\"def:1\" class=\"patch\"><metadata><affected><platform>Debian GNU/Linux 12</platform></affected>" \
	"<reference source=\"DSA\" ref_id=\"DSA-1\"/><reference source=\"CVE\" ref_id=\"CVE-2026-0001\"/>"                 \
	"<advisory><severity>High</severity><cve>CVE-2026-0002</cve></advisory></metadata>" criteria                       \
	"</definition>"
#define CRITERION(test) "<criterion test_ref=\"" test "\"/>"
#define NOT(test) "<criterion negate=\"true\" test_ref=\"" test "\"/>"
/* curl is older than 2, zip is older than 1, none is called none; something is asked of a file. */
#define TESTS                                                                                                                                   \
	"<tests><l:dpkginfo_test id=\"curl\" check=\"at least one\"><l:object object_ref=\"o1\"/><l:state state_ref=\"s1\"/></l:dpkginfo_test>" \
	"<l:dpkginfo_test id=\"zip\" check=\"all\"><l:object object_ref=\"o2\"/><l:state state_ref=\"s2\"/></l:dpkginfo_test>"                  \
	"<l:dpkginfo_test id=\"none\" check=\"all\"><l:object object_ref=\"o3\"/></l:dpkginfo_test>"                                            \
	"<l:dpkginfo_test id=\"there\" check=\"all\" check_existence=\"at_least_one_exists\"><l:object object_ref=\"o1\"/></l:dpkginfo_test>"   \
	"<l:dpkginfo_test id=\"nothing\" check=\"all\" check_existence=\"none_exist\"><l:object object_ref=\"o3\"/></l:dpkginfo_test>"          \
	"<l:dpkginfo_test id=\"arch\" check=\"at least one\"><l:object object_ref=\"o1\"/><l:state state_ref=\"s3\"/></l:dpkginfo_test>"        \
	"<l:dpkginfo_test id=\"i386\" check=\"at least one\"><l:object object_ref=\"o1\"/><l:state state_ref=\"s4\"/></l:dpkginfo_test>"        \
	"<l:dpkginfo_test id=\"elsewhere\" check=\"at least one\"><l:object object_ref=\"o1\"/><l:state state_ref=\"s5\"/></l:dpkginfo_test>"   \
	"<i:textfilecontent54_test id=\"file\" check=\"all\"><i:object object_ref=\"o4\"/></i:textfilecontent54_test></tests>"                  \
	"<objects><l:dpkginfo_object id=\"o1\"><l:name>curl</l:name></l:dpkginfo_object>"                                                       \
	"<l:dpkginfo_object id=\"o2\"><l:name var_ref=\"v1\" var_check=\"at least one\"/></l:dpkginfo_object>"                                  \
	"<l:dpkginfo_object id=\"o3\"><l:name>none</l:name></l:dpkginfo_object></objects>"                                                      \
	"<states><l:dpkginfo_state id=\"s1\"><l:evr datatype=\"debian_evr_string\" operation=\"less than\">0:2-1</l:evr></l:dpkginfo_state>"    \
	"<l:dpkginfo_state id=\"s2\"><l:evr datatype=\"debian_evr_string\" operation=\"less than\">1</l:evr></l:dpkginfo_state>"                \
	"<l:dpkginfo_state id=\"s3\"><l:arch operation=\"pattern match\">i386|amd64</l:arch></l:dpkginfo_state>"                                \
	"<l:dpkginfo_state id=\"s4\"><l:arch>i386</l:arch><l:evr operation=\"less than\">2</l:evr></l:dpkginfo_state>"                          \
	"<l:dpkginfo_state id=\"s5\"><l:evr operation=\"less than\" var_ref=\"v2\"/></l:dpkginfo_state></states>"                               \
	"<variables><constant_variable id=\"v1\"><value>zip</value></constant_variable></variables>"

#define PACKAGES                                                                             \
	"Package: curl\nStatus: install ok installed\nVersion: 1-9\nArchitecture: amd64\n\n" \
	"Package: zip\nStatus: install ok installed\nVersion: 3\nArchitecture: amd64\n"

// clang-format off
static const struct {
	const char *criteria;
	enum oval_truth truth;
	const char *want; /* "package state fixed_in reason;" of its first CVE */
} cases[] = {
	{ CRITERION("curl"), OVAL_YES, "curl affected 0:2-1 0;" },
	{ CRITERION("zip"), OVAL_NO, "zip fixed 1 0;" },
	{ CRITERION("none"), OVAL_NO, "" },
	{ CRITERION("there"), OVAL_YES, "curl affected  0;" },
	{ CRITERION("nothing"), OVAL_YES, "" },
	{ CRITERION("arch"), OVAL_YES, "curl affected  0;" },
	{ CRITERION("i386"), OVAL_NO, "" },
	{ CRITERION("elsewhere"), OVAL_MAYBE, "curl unknown  4;" },
	{ CRITERION("file"), OVAL_MAYBE, "" },
	{ CRITERION("unheard"), OVAL_MAYBE, "" },
	{ NOT("curl"), OVAL_NO, "" },
	{ NOT("zip"), OVAL_YES, "" },
	{ "<criteria>" CRITERION("curl") CRITERION("zip") "</criteria>", OVAL_NO, "zip fixed 1 0;" },
	{ "<criteria operator=\"AND\">" CRITERION("curl") NOT("zip") "</criteria>", OVAL_YES, "curl affected 0:2-1 0;" },
	{ "<criteria operator=\"AND\">" CRITERION("curl") CRITERION("file") "</criteria>", OVAL_MAYBE, "curl affected 0:2-1 8;" },
	{ "<criteria operator=\"AND\">" CRITERION("zip") CRITERION("file") "</criteria>", OVAL_NO, "zip fixed 1 0;" },
	{ "<criteria operator=\"OR\">" CRITERION("curl") CRITERION("zip") "</criteria>", OVAL_YES, "curl affected 0:2-1 0;zip fixed 1 0;" },
	{ "<criteria operator=\"OR\">" CRITERION("zip") CRITERION("file") "</criteria>", OVAL_MAYBE, "zip fixed 1 0;" },
	{ "<criteria operator=\"ONE\">" CRITERION("curl") CRITERION("there") "</criteria>", OVAL_NO, "" },
	{ "<criteria operator=\"ONE\">" CRITERION("curl") CRITERION("zip") "</criteria>", OVAL_YES, "curl affected 0:2-1 0;zip fixed 1 0;" },
	{ "<criteria operator=\"XOR\">" CRITERION("curl") CRITERION("there") CRITERION("arch") "</criteria>", OVAL_YES, "curl affected 0:2-1 0;" },
	{ "<criteria negate=\"true\">" CRITERION("curl") "</criteria>", OVAL_NO, "" },
	{ "<criteria><criteria operator=\"OR\">" CRITERION("none") CRITERION("curl") "</criteria>" CRITERION("there") "</criteria>", OVAL_YES, "curl affected 0:2-1 0;" },
	{ "<extend_definition definition_ref=\"def:1\"/>", OVAL_MAYBE, "" },
	{ "<criteria></criteria>", OVAL_MAYBE, "" },
	{ "", OVAL_MAYBE, "" },
};
// clang-format on

static enum oval_truth truth_of(struct world *w, struct arena scratch, struct str text,
				const char *id)
{
	struct oval_doc doc;
	struct err why = { 0 };
	const struct oval_index *x;

	if (!CHECK(id, oval_doc_parse(&scratch, text, &doc, &why))) {
		printf("%s\n", why.text);
		return OVAL_MAYBE;
	}
	x = oval_index_new(&scratch, &doc, w->m);
	for (const struct oval_definition *d = doc.definitions; d != NULL; d = d->next)
		if (str_eq(d->id, str_of(id)))
			return oval_definition_truth(x, d, STR("host"));
	for (const struct oval_test *t = doc.tests; t != NULL; t = t->next)
		if (str_eq(t->id, str_of(id)))
			return oval_test_truth(x, t, STR("host"));
	CHECK(id, false);
	return OVAL_MAYBE;
}

static void tell(const struct finding *f, char *out, size_t cap)
{
	static const char *const states[] = { "affected", "fixed", "unknown" };
	size_t n = 0;

	out[0] = '\0';
	for (; f != NULL && n < cap; f = f->next)
		if (str_eq(f->cve, STR("CVE-2026-0001")))
			n += (size_t)snprintf(out + n, cap - n, "%.*s %s %.*s %d;",
					      STR_ARG(f->package->name), states[f->state],
					      STR_ARG(f->fixed_in), (int)f->reason);
}

static void run_case(size_t i, struct arena a, struct arena scratch)
{
	struct feed feed = { .newest = TIME_NONE };
	const struct finding *first;
	struct matcher_sum sum;
	struct world w;
	char text[8192], got[256];

	struct str whole = STR(DOC(DEFINITION("@"), TESTS));
	size_t at = str_find_char(whole, '@');
	snprintf(text, sizeof text, "%.*s%s%.*s", (int)at, whole.p, cases[i].criteria,
		 (int)(whole.n - at - 1), whole.p + at + 1);
	if (!world_begin(&w, a, STR(PACKAGES), STR("Debian:12")))
		return;
	CHECK(cases[i].criteria, truth_of(&w, scratch, str_of(text), "def:1") == cases[i].truth);
	CHECK(cases[i].criteria, feed_read(w.m, &feed, scratch, str_of(text), NULL));
	if (!CHECK(cases[i].criteria, matcher_finish(w.m, &sum, &first)))
		return;
	tell(first, got, sizeof got);
	if (!CHECK(cases[i].criteria, strcmp(got, cases[i].want) == 0))
		printf("got %s\n", got);
	CHECK(cases[i].criteria, sum.with_feed == 2 && feed.records == 1);
	CHECK(cases[i].criteria, first == NULL || (str_eq(first->advisory, STR("DSA-1")) &&
						   str_eq(first->severity, STR("High"))));
}

/* A host of another release is not spoken of. */
static void run_release(struct arena a, struct arena scratch)
{
	struct feed feed = { .newest = TIME_NONE };
	const struct finding *first;
	struct matcher_sum sum;
	struct world w;

	if (!world_begin(&w, a, STR(PACKAGES), STR("Debian:11")))
		return;
	CHECK("read",
	      feed_read(w.m, &feed, scratch, STR(DOC(DEFINITION(CRITERION("curl")), TESTS)), NULL));
	CHECK("of another release",
	      matcher_finish(w.m, &sum, &first) && first == NULL && sum.without_feed == 2);
}

/* Definitions that extend one another four times each, many deep. */
static void run_laughs(struct arena a, struct arena scratch)
{
	static char text[16 << 10];
	struct world w;
	size_t n = (size_t)snprintf(text, sizeof text, "<oval_definitions><definitions>");

	for (int i = 0; i < 20; i++) {
		n += (size_t)snprintf(text + n, sizeof text - n,
				      "<definition id=\"d%d\" class=\"patch\"><criteria>", i);
		for (int k = 0; k < 4; k++)
			n += (size_t)snprintf(text + n, sizeof text - n,
					      "<extend_definition definition_ref=\"d%d\"/>", i + 1);
		n += (size_t)snprintf(text + n, sizeof text - n, "</criteria></definition>");
	}
	snprintf(text + n, sizeof text - n, "</definitions></oval_definitions>");
	if (world_begin(&w, a, STR(PACKAGES), STR("Debian:12")))
		CHECK("it ends", truth_of(&w, scratch, str_of(text), "d0") == OVAL_MAYBE);
}

static const struct {
	const char *name, *text;
} broken[] = {
	{ "another document", "<html></html>" },
	{ "half a document", "<oval_definitions><definitions>" },
	{ "an operator of its own", DOC(DEFINITION("<criteria operator=\"MOON\"/>"), "") },
	{ "two sets of criteria", DOC(DEFINITION("<criteria/><criteria/>"), "") },
};

// clang-format off
/* Of corpus/oval/unit: the packages of the .syschar.xml beside them, then around the boundary. */
static const struct {
	const char *file, *id, *packages;
	enum oval_truth truth;
} judged[] = {
	{ "test_debian_evr_string_comparison", "oval:com.ubuntu.jammy:def:54471000000", "Package: logrotate\nStatus: install ok installed\nVersion: 0:3.18.0-2ubuntu1.1\n", OVAL_NO },
	{ "test_debian_evr_string_comparison", "oval:com.ubuntu.jammy:tst:544710000000", "Package: logrotate\nStatus: install ok installed\nVersion: 0:3.18.0-2ubuntu1.1\n", OVAL_NO },
	{ "test_debian_evr_string_comparison", "oval:com.ubuntu.jammy:def:54471000000", "Package: logrotate\nStatus: install ok installed\nVersion: 3.18.0-2ubuntu1\n", OVAL_YES },
	{ "test_debian_evr_string_comparison", "oval:com.ubuntu.jammy:def:54471000000", "Package: logrotate\nStatus: install ok installed\nVersion: 3.18.0-2ubuntu1.10\n", OVAL_NO },
	{ "test_evr_string_comparison", "oval:com.redhat.rhsa:def:20100449", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:rpm/x/pokus@0.4.20.1-6?epoch=0\"}]}", OVAL_NO },
	{ "test_evr_string_comparison", "oval:com.redhat.rhsa:tst:20100449002", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:rpm/x/pokus@0.4.20.1-6\"}]}", OVAL_NO },
	{ "test_evr_string_comparison", "oval:com.redhat.rhsa:def:20100449", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:rpm/x/pokus@0.4.20-33.el5_5.1\"}]}", OVAL_YES },
	{ "test_evr_string_comparison", "oval:com.redhat.rhsa:def:20100449", "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:rpm/x/pokus@0.4.20-33.el5_5.2\"}]}", OVAL_NO },
};
// clang-format on

static void run_judged(const char *corpus, size_t i, struct arena a, struct arena scratch)
{
	struct err why = { 0 };
	char path[4096];
	struct str text;
	struct world w;

	snprintf(path, sizeof path, "%s/oval/unit/%s.oval.xml", corpus, judged[i].file);
	if (!CHECK(path, file_load_given(&scratch, path, 1 << 24, &text, &why)) ||
	    !world_begin(&w, a, str_of(judged[i].packages), STR("")))
		return;
	CHECK(judged[i].id, truth_of(&w, scratch, text, judged[i].id) == judged[i].truth);
}

/* The patch definitions of a whole distribution. */
static void run_photon(const char *corpus, struct arena a, struct arena scratch)
{
	struct feed feed = { .newest = TIME_NONE };
	const struct finding *first;
	struct matcher_sum sum;
	struct err why = { 0 };
	char path[4096];
	struct str text;
	struct world w;

	snprintf(path, sizeof path, "%s/oval/photon/com.vmware.phsa-photon3.xml", corpus);
	if (!CHECK(path, file_load_given(&scratch, path, 1 << 24, &text, &why)) ||
	    !world_begin(
		    &w, a,
		    STR("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:rpm/photon/sqlite@3.27.2-4.ph3?distro=photon-3.0\"},{\"purl\":\"pkg:rpm/photon/photon-release@3.0-5.ph3?distro=photon-3.0\"}]}"),
		    STR("")))
		return;
	CHECK(path, feed_read(w.m, &feed, scratch, text, &why) && feed.records == 222);
	CHECK(path, matcher_finish(w.m, &sum, &first) && sum.affected == 1);
	bool affected = false, fixed = false;
	for (const struct finding *f = first; f != NULL; f = f->next) {
		affected |= str_eq(f->cve, STR("CVE-2019-16168")) && f->state == FINDING_AFFECTED &&
			    str_eq(f->fixed_in, STR("0:3.27.2-5.ph3"));
		fixed |= str_eq(f->cve, STR("CVE-2019-9937")) && f->state == FINDING_FIXED;
	}
	CHECK("PHSA:00001 is open, PHSA:00002 is not", affected && fixed);
	printf("photon: %ju definitions\n", (uintmax_t)feed.records);
}

int main(void)
{
	const char *corpus = test_corpus();
	struct arena a, scratch;

	if (!CHECK("room", arena_reserve(&a, ROOM) && arena_reserve(&scratch, ROOM)))
		return TEST_REPORT();
	for (size_t i = 0; i < COUNT(cases); i++)
		run_case(i, a, scratch);
	run_release(a, scratch);
	run_laughs(a, scratch);
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct arena copy = scratch;
		struct oval_doc doc;
		struct err why = { 0 };

		CHECK(broken[i].name, !oval_doc_parse(&copy, str_of(broken[i].text), &doc, &why) &&
					      why.kind == ERR_INPUT);
	}
	for (size_t i = 0; i < COUNT(judged) && corpus != NULL; i++)
		run_judged(corpus, i, a, scratch);
	if (corpus != NULL)
		run_photon(corpus, a, scratch);
	else
		test_skip("oval", "CANH_CORPUS is not set");
	arena_release(a);
	arena_release(scratch);
	return TEST_REPORT();
}
