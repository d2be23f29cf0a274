/* SPDX-License-Identifier: Apache-2.0 */
#include "web/request.h"

#include "base/test.h"

static unsigned char mem[1 << 16];

static const struct {
	const char *name;
	struct str query;
	bool ok;
	size_t n;
	const char *key;
	struct str value;
} queries[] = {
	{ "empty", STR(""), true, 0, "a", { NULL, 0 } },
	{ "one", STR("a=1"), true, 1, "a", STR("1") },
	{ "escapes and plus", STR("q=%C4%91+b%2B&x"), true, 2, "q", STR("\xC4\x91 b+") },
	{ "no value", STR("q=%C4%91&x"), true, 2, "x", STR("") },
	{ "the first counts", STR("a=1&a=2"), true, 2, "a", STR("1") },
	{ "equals in the value", STR("q=host=a"), true, 1, "q", STR("host=a") },
	{ "cut escape", STR("a=%4"), false, 0, "a", { NULL, 0 } },
	{ "no hex", STR("a=%zz"), false, 0, "a", { NULL, 0 } },
	{ "NUL", STR("a=%00"), false, 0, "a", { NULL, 0 } },
};

static void test_params(void)
{
	for (size_t i = 0; i < COUNT(queries); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct params p = { 0 };
		bool ok = request_params(&a, queries[i].query, &p, NULL);
		struct str got = request_param(&p, queries[i].key);

		CHECK(queries[i].name, ok == queries[i].ok && p.n == queries[i].n);
		CHECK(queries[i].name, str_eq(got, queries[i].value) &&
					       (got.p == NULL) == (queries[i].value.p == NULL));
	}
	char many[PARAMS_MAX * 2 + 3];
	for (size_t i = 0; i < sizeof many; i++)
		many[i] = i % 2 ? '&' : 'a';
	struct arena a = { mem, mem + sizeof mem };
	struct params p;
	CHECK("too many", !request_params(&a, (struct str){ many, sizeof many }, &p, NULL));
}

static const struct {
	const char *name;
	struct str path;
	bool ok;
	size_t n;
	struct str last;
} paths[] = {
	{ "root", STR("/"), true, 0, STR("") },
	{ "two", STR("/api/v1"), true, 2, STR("v1") },
	{ "slash behind", STR("/api/"), true, 1, STR("api") },
	{ "escaped slash stays inside", STR("/a/b%2Fc"), true, 2, STR("b/c") },
	{ "plus is plus", STR("/a+b"), true, 1, STR("a+b") },
	{ "double slash", STR("/a//b"), false, 0, STR("") },
	{ "up", STR("/a/../b"), false, 0, STR("") },
	{ "escaped up", STR("/a/%2e%2e/b"), false, 0, STR("") },
	{ "relative", STR("a"), false, 0, STR("") },
	{ "nothing", STR(""), false, 0, STR("") },
	{ "deep", STR("/1/2/3/4/5/6/7/8/9/10/11/12/13"), false, 0, STR("") },
};

static void test_paths(void)
{
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct segments s = { 0 };

		CHECK(paths[i].name, request_segments(&a, paths[i].path, &s, NULL) == paths[i].ok);
		CHECK(paths[i].name, s.n == paths[i].n);
		CHECK(paths[i].name, s.n == 0 || str_eq(s.at[s.n - 1], paths[i].last));
	}
}

static const struct {
	const char *name;
	struct str header, value;
} cookies[] = {
	{ "alone", STR("canh_session=abc"), STR("abc") },
	{ "among others", STR("x=1; canh_session=abc ;y=2"), STR("abc") },
	{ "quoted", STR("canh_session=\"abc\""), STR("abc") },
	{ "another that ends alike", STR("my_canh_session=abc"), { NULL, 0 } },
	{ "none", STR(""), { NULL, 0 } },
	{ "no value", STR("canh_session"), { NULL, 0 } },
	{ "empty value", STR("canh_session="), STR("") },
};

static const struct {
	const char *name;
	struct str header;
	bool ok;
	struct str who, secret;
} credentials[] = {
	{ "bearer", STR("Bearer t0k"), true, STR(""), STR("t0k") },
	{ "any case", STR("bearer  t0k "), true, STR(""), STR("t0k") },
	{ "basic", STR("Basic YTpiOmM="), true, STR("a"), STR("b:c") },
	{ "api key", STR("ApiKey aWQ6a2V5"), true, STR("id"), STR("key") },
	{ "no colon", STR("Basic YWJj"), false, STR(""), STR("") },
	{ "no base64", STR("Basic ???"), false, STR(""), STR("") },
	{ "another scheme", STR("Digest a=b"), false, STR(""), STR("") },
	{ "nothing behind", STR("Bearer "), false, STR(""), STR("") },
	{ "glued", STR("Bearert0k"), false, STR(""), STR("") },
};

static void test_credentials(void)
{
	for (size_t i = 0; i < COUNT(cookies); i++) {
		struct str got = request_cookie(cookies[i].header, "canh_session");

		CHECK(cookies[i].name, str_eq(got, cookies[i].value) &&
					       (got.p == NULL) == (cookies[i].value.p == NULL));
	}
	for (size_t i = 0; i < COUNT(credentials); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct credentials got = { 0 };

		CHECK(credentials[i].name,
		      request_credentials(&a, credentials[i].header, &got) == credentials[i].ok);
		CHECK(credentials[i].name, str_eq(got.name, credentials[i].who) &&
						   str_eq(got.secret, credentials[i].secret));
	}
}

static const struct {
	struct str header;
	enum lang lang;
} langs[] = {
	{ STR(""), LANG_VI },
	{ STR("en"), LANG_EN },
	{ STR("en-US,en;q=0.9"), LANG_EN },
	{ STR("vi-VN,vi;q=0.9,en;q=0.8"), LANG_VI },
	{ STR("fr, en;q=0.5"), LANG_EN },
	{ STR("fr"), LANG_VI },
	{ STR("en;q=0"), LANG_VI },
	{ STR("vi;q=0.1, en;q=0.2"), LANG_EN },
	{ STR("eng"), LANG_VI },
	{ STR("*"), LANG_VI },
};

static void test_preferences(void)
{
	for (size_t i = 0; i < COUNT(langs); i++)
		CHECK(langs[i].header.p, request_lang(langs[i].header) == langs[i].lang);
	CHECK("accepts",
	      request_accepts(STR("text/html,application/json;q=0.9"), STR("text/html")));
	CHECK("accepts not", !request_accepts(STR("*/*"), STR("text/html")));
	CHECK("accepts at no price", !request_accepts(STR("gzip;q=0, br"), STR("gzip")));
	CHECK("etag", request_etag_in(STR("\"a\", W/\"b\""), STR("b")));
	CHECK("etag star", request_etag_in(STR("*"), STR("b")));
	CHECK("etag other", !request_etag_in(STR("\"ab\""), STR("b")));
	CHECK("etag bare", !request_etag_in(STR("b"), STR("b")));
	CHECK("etag none", !request_etag_in((struct str){ NULL, 0 }, STR("b")));
	CHECK("version", request_version(STR(" \"12\"")) == 12);
	CHECK("any version",
	      request_version(STR("*")) == -1 && request_version((struct str){ NULL, 0 }) == -1);
	CHECK("no version", request_version(STR("\"a\"")) == INT64_MAX);
}

int main(void)
{
	test_params();
	test_paths();
	test_credentials();
	test_preferences();
	return TEST_REPORT();
}
