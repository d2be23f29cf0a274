/* SPDX-License-Identifier: Apache-2.0 */
/* The page's files: nonce, tags, packed twins, cache rules, nothing outside the folder. */
#include "web/house_test.h"

static struct house house;
static char page[300];

static struct answer get(const char *path, const char *headers)
{
	char what[300];

	snprintf(what, sizeof what, "GET %s", path);
	return client_ask(house.port, what, headers, (struct str){ NULL, 0 });
}

static void save(const char *name, struct str bytes)
{
	char path[600];
	struct err why;

	snprintf(path, sizeof path, "%s/%s", page, name);
	CHECK(name, file_save(AT_FDCWD, path, bytes, 0600, &why));
}

static void nonce_of(const struct answer *a, char *out, size_t cap)
{
	size_t at = str_find(a->body, STR("nonce=\""));
	struct str rest = str_skip(a->body, at + 7);

	fake_keep(out, cap, str_sub(rest, 0, str_find_char(rest, '"')));
}

static void test_index(void)
{
	struct answer a = get("/", ""), b = get("/index.html", "");
	char one[64], two[64], want[100];
	struct str policy = client_header(&a, "Content-Security-Policy");

	nonce_of(&a, one, sizeof one);
	nonce_of(&b, two, sizeof two);
	snprintf(want, sizeof want, "script-src 'self' 'nonce-%s'", one);
	CHECK("index", a.status == 200 && b.status == 200);
	CHECK("nonce", strlen(one) == 24 && strcmp(one, two) != 0);
	CHECK("nonce in the policy", str_find(policy, str_of(want)) < policy.n);
	CHECK("twice in the page", str_find(a.body, STR("__CSP_NONCE__")) == a.body.n);
	CHECK("strict", str_find(policy, STR("default-src 'none'")) < policy.n &&
				str_find(policy, STR("unsafe")) == policy.n &&
				str_find(policy, STR("frame-ancestors 'none'")) < policy.n);
	CHECK("not kept", str_eq(client_header(&a, "Cache-Control"), STR("no-store")));
	buf_free(&a.bytes);
	buf_free(&b.bytes);
}

static void test_files(void)
{
	struct answer a = get("/assets/app-1.js", ""), b;
	char headers[200];

	CHECK("file", a.status == 200 && str_eq(a.body, STR("run()")));
	CHECK("type",
	      str_eq(client_header(&a, "Content-Type"), STR("text/javascript; charset=utf-8")));
	CHECK("kept a year", str_find(client_header(&a, "Cache-Control"), STR("immutable")) <
				     client_header(&a, "Cache-Control").n);
	CHECK("no sniffing", client_header(&a, "X-Content-Type-Options").p != NULL);
	snprintf(headers, sizeof headers, "If-None-Match: %.*s\r\n",
		 STR_ARG(client_header(&a, "ETag")));
	b = get("/assets/app-1.js", headers);
	CHECK("not modified", b.status == 304 && b.body.n == 0);
	buf_free(&b.bytes);
	b = get("/assets/app-1.js", "Accept-Encoding: br, gzip\r\n");
	CHECK("packed", b.status == 200 && str_eq(b.body, STR("packed")) &&
				str_eq(client_header(&b, "Content-Encoding"), STR("gzip")));
	CHECK("another tag", !str_eq(client_header(&a, "ETag"), client_header(&b, "ETag")));
	CHECK("varies", str_eq(client_header(&b, "Vary"), STR("Accept-Encoding")));
	buf_free(&b.bytes);
	buf_free(&a.bytes);
	a = get("/favicon.svg", "Accept-Encoding: gzip\r\n");
	CHECK("no twin", a.status == 200 && client_header(&a, "Content-Encoding").p == NULL);
	CHECK("asked again", str_eq(client_header(&a, "Cache-Control"), STR("no-cache")));
	buf_free(&a.bytes);
}

static void test_absent(void)
{
	static const char *const paths[] = {
		"/assets/app-1.js.gz",    "/assets",         "/assets/",  "/../state/state.db",
		"/%2e%2e/state/state.db", "/assets/none.js", "/index.htm"
	};

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct answer a = get(paths[i], "");

		CHECK(paths[i], a.status == 404 || a.status == 400);
		buf_free(&a.bytes);
	}
}

static void test_no_index(void)
{
	struct web_backend backend = fake_backend(&house.fake);
	struct web_config cfg = { .listen_fd = house_socket(),
				  .state_dir = house.state,
				  .keys_dir = house.keys,
				  .ledger_key = house.key,
				  .page_dir = house.keys };
	struct err why = { 0 };

	CHECK("no index.html", web_start(&cfg, &backend, &why) == NULL && why.kind == ERR_ABSENT);
}

int main(void)
{
	char assets[400];
	struct err why;

	house_open(&house);
	snprintf(page, sizeof page, "%s/page", house.dir);
	snprintf(assets, sizeof assets, "%s/assets", page);
	CHECK("folder", dir_make(assets, 0700, &why));
	save("index.html", STR("<script nonce=\"__CSP_NONCE__\"></script>"
			       "<meta content=\"__CSP_NONCE__\">"));
	save("favicon.svg", STR("<svg/>"));
	save("assets/app-1.js", STR("run()"));
	save("assets/app-1.js.gz", STR("packed"));
	house_serve(&house, (struct web_config){ .page_dir = page });
	test_index();
	test_files();
	test_absent();
	test_no_index();
	house_close(&house);
	return TEST_REPORT();
}
