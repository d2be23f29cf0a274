/* SPDX-License-Identifier: Apache-2.0 */
#include "access/ca.h"

#include "access/fake.h"
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>

static struct fake f;
static unsigned char mem[1 << 18];

static const struct str both[] = { { "canh.example.vn", 15 }, { "192.0.2.10", 10 } };
static const struct str more[] = { { "canh.example.vn", 15 },
				   { "192.0.2.10", 10 },
				   { "2001:db8::1", 11 } };

/* One start after the other, so many days later. */
static const struct {
	const char *name;
	int64_t days;
	const struct str *names;
	size_t n;
	bool fresh;
} starts[] = {
	{ "first", 0, both, 2, true },           { "second", 0, both, 2, false },
	{ "fewer names", 1, both, 1, false },    { "a name more", 1, more, 3, true },
	{ "near its end", 360, more, 3, false }, { "too near", 8, more, 3, true },
};

static void life(void)
{
	char ca[HASH_HEX_MAX] = "";

	for (size_t i = 0; i < COUNT(starts); i++) {
		struct ca_server got = { .fresh = false };
		struct err why = { 0 };

		fake_time += starts[i].days * TIME_DAY;
		if (!CHECK(starts[i].name,
			   ca_server(f.ac, starts[i].names, starts[i].n, &got, &why)))
			printf("%s\n", why.text);
		CHECK(starts[i].name, got.fresh == starts[i].fresh);
		CHECK(starts[i].name, got.expires > fake_time + 29 * TIME_DAY &&
					      got.expires <= fake_time + 397 * TIME_DAY);
		CHECK("one CA for all", i == 0 || strcmp(ca, got.fingerprint) == 0);
		memcpy(ca, got.fingerprint, sizeof ca);
	}
	CHECK("in the ledger", fake_count(&f, "SELECT count(*) FROM ledger_entries WHERE kind = "
					      "'ca.issued'") == 3);
	CHECK("in the ledger", fake_count(&f, "SELECT count(*) FROM ledger_entries WHERE kind = "
					      "'ca.made'") == 1);
}

enum which { SERVER, CA, OTHER, NOTHING, NOISE };
static const struct {
	const char *name;
	struct str host;
	int64_t days;
	enum which cert, ca;
	bool ok;
} checks[] = {
	{ "name", STR("canh.example.vn"), 0, SERVER, CA, true },
	{ "upper case", STR("CANH.example.vn"), 0, SERVER, CA, true },
	{ "address", STR("192.0.2.10"), 0, SERVER, CA, true },
	{ "address, version 6", STR("2001:db8::1"), 0, SERVER, CA, true },
	{ "version 6 in full", STR("2001:0db8:0:0::0:1"), 0, SERVER, CA, true },
	{ "another name", STR("www.example.vn"), 0, SERVER, CA, false },
	{ "a name below", STR("a.canh.example.vn"), 0, SERVER, CA, false },
	{ "another address", STR("192.0.2.11"), 0, SERVER, CA, false },
	{ "no authority asked", STR("192.0.2.10"), 0, SERVER, NOTHING, true },
	{ "another authority", STR("192.0.2.10"), 0, SERVER, OTHER, false },
	{ "too early", STR("192.0.2.10"), -2, SERVER, CA, false },
	{ "too late", STR("192.0.2.10"), 398, SERVER, CA, false },
	{ "the CA is no server", STR("192.0.2.10"), 0, CA, CA, false },
	{ "noise", STR("192.0.2.10"), 0, NOISE, CA, false },
	{ "nothing", STR("192.0.2.10"), 0, NOTHING, CA, false },
	{ "noise above", STR("192.0.2.10"), 0, SERVER, NOISE, false },
	{ "not a name", STR("a b"), 0, SERVER, CA, false },
	{ "NUL in the name", STR("canh.example.vn\0.example.com"), 0, SERVER, CA, false },
};

static void check(const struct ca_server *got, const struct ca_server *other)
{
	struct arena a = { mem, mem + sizeof mem };
	struct str pem[5] = {
		[NOTHING] = STR(""), [NOISE] = STR("-----BEGIN CERTIFICATE-----\nxx")
	};

	CHECK("load", file_load(&a, AT_FDCWD, got->cert, 1 << 16, &pem[SERVER], NULL) &&
			      file_load(&a, AT_FDCWD, got->ca, 1 << 16, &pem[CA], NULL) &&
			      file_load(&a, AT_FDCWD, other->ca, 1 << 16, &pem[OTHER], NULL));
	for (size_t i = 0; i < COUNT(checks); i++) {
		struct err why = { 0 };
		bool ok = ca_check(pem[checks[i].cert], pem[checks[i].ca], checks[i].host,
				   fake_time + checks[i].days * TIME_DAY, &why);

		CHECK(checks[i].name, ok == checks[i].ok);
		CHECK(checks[i].name, ok || why.kind == ERR_INPUT);
	}
}

static void about(const struct ca_server *got)
{
	struct arena a = { mem, mem + sizeof mem };
	struct ca_about one = { .n_names = 0 }, ca = { .n_names = 0 };
	struct str server = { NULL, 0 }, above = { NULL, 0 };
	struct buf der = BUF(1 << 16);
	struct err why = { 0 };

	CHECK("load", file_load(&a, AT_FDCWD, got->cert, 1 << 16, &server, NULL) &&
			      file_load(&a, AT_FDCWD, got->ca, 1 << 16, &above, NULL));
	CHECK("read", ca_about(&a, server, &one, &why) && ca_about(&a, above, &ca, &why));
	CHECK("when it ends", one.expires == got->expires && one.begins < fake_time);
	CHECK("names", one.n_names == 3 && str_eq(one.names[0], more[0]) &&
			       str_eq(one.names[1], more[1]) && str_eq(one.names[2], more[2]));
	CHECK("no names", ca.n_names == 0);
	CHECK("fingerprint", strcmp(ca.fingerprint, got->fingerprint) == 0 &&
				     strcmp(one.fingerprint, got->fingerprint) != 0);
	CHECK("DER", ca_der(above, &der, &why) && der.n > 100 && (unsigned char)der.p[0] == 0x30);
	CHECK("noise", !ca_about(&a, STR("-----BEGIN CERTIFICATE-----\nxx"), &one, &why) &&
			       why.kind == ERR_INPUT && !ca_der(STR(""), &der, &why));
	buf_free(&der);
}

static void refusals(const struct ca_server *got)
{
	const struct str bad[] = { { "no blank", 8 } };
	struct ca_server out;
	struct err why = { 0 };
	struct stat st;

	CHECK("no names", !ca_server(f.ac, bad, 0, &out, &why) && why.kind == ERR_INPUT);
	CHECK("bad name", !ca_server(f.ac, bad, 1, &out, &why) && why.kind == ERR_INPUT);
	CHECK("mode of keys", stat(got->key, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK("spoilt server key heals", file_save(AT_FDCWD, got->key, STR("x"), 0600, NULL) &&
						 ca_server(f.ac, both, 2, &out, &why) && out.fresh);
	CHECK("spoilt CA is named", file_save(AT_FDCWD, got->ca, STR("x"), 0644, NULL) &&
					    !ca_server(f.ac, both, 2, &out, &why) &&
					    why.kind == ERR_INPUT &&
					    strstr(why.text, "ca.pem") != NULL);
}

int main(void)
{
	struct ca_server got, other;
	struct fake g;

	if (!CHECK("open", fake_open(&f) && fake_open(&g)))
		return TEST_REPORT();
	life();
	CHECK("as it is", ca_server(f.ac, more, 3, &got, NULL) && !got.fresh);
	CHECK("another", ca_server(g.ac, more, 3, &other, NULL) && other.fresh);
	check(&got, &other);
	about(&got);
	fake_close(&g);
	refusals(&got);
	fake_close(&f);
	return TEST_REPORT();
}
