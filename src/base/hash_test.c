/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hash.h"

#include "base/test.h"

/* FIPS 180-4 and RFC 1321 examples. */
static const struct {
	const char *name;
	enum hash_kind kind;
	struct str in;
	const char *hex;
} cases[] = {
	{ "sha256 of nothing", HASH_SHA256, STR(""),
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "sha256", HASH_SHA256, STR("abc"),
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "sha1", HASH_SHA1, STR("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "md5", HASH_MD5, STR("message digest"), "f96b697d7cb7938d525a2f31aaf161d0" },
};

static void digests(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned char out[HASH_MAX_LEN], again[HASH_MAX_LEN];
		char hex[HASH_HEX_MAX];
		size_t len = hash_len(cases[i].kind);
		struct hash h;

		hash_once(cases[i].kind, cases[i].in, out);
		CHECK(cases[i].name, strcmp(hash_hex(out, len, hex), cases[i].hex) == 0);
		hash_begin(&h, cases[i].kind);
		for (size_t k = 0; k < cases[i].in.n; k++)
			hash_add(&h, str_sub(cases[i].in, k, k + 1));
		hash_end(&h, again);
		CHECK(cases[i].name, memcmp(out, again, len) == 0);
		CHECK(cases[i].name, hash_hex_parse(str_of(hex), again, len));
		CHECK(cases[i].name, memcmp(out, again, len) == 0);
	}
}

int main(void)
{
	unsigned char out[HASH_MAX_LEN] = { 7 };
	char hex[HASH_HEX_MAX];

	digests();
	/* RFC 4231 case 2, RFC 2202 case 2 */
	hash_hmac(HASH_SHA256, STR("Jefe"), STR("what do ya want for nothing?"), out);
	CHECK("hmac sha256", strcmp(hash_hex(out, 32, hex), "5bdcc146bf60754e6a042426089575c75a003f"
							    "089d2739839dec58b964ec3843") == 0);
	hash_hmac(HASH_SHA1, STR("Jefe"), STR("what do ya want for nothing?"), out);
	CHECK("hmac sha1",
	      strcmp(hash_hex(out, 20, hex), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79") == 0);

	out[0] = 7;
	CHECK("hex: odd", !hash_hex_parse(STR("abc"), out, 1) && out[0] == 7);
	CHECK("hex: not a digit", !hash_hex_parse(STR("0g"), out, 1) && out[0] == 7);
	CHECK("hex: upper case", hash_hex_parse(STR("AF"), out, 1) && out[0] == 0xaf);
	CHECK("same", hash_same(STR("ab"), STR("ab")) && hash_same(STR(""), STR("")));
	CHECK("not same", !hash_same(STR("ab"), STR("ac")) && !hash_same(STR("ab"), STR("a")));
	CHECK("xxh64 of nothing", hash_quick(STR(""), 0) == UINT64_C(0xef46db3751d8e999));
	CHECK("xxh64 abc", hash_quick(STR("abc"), 0) == UINT64_C(0x44bc2cf5ad770999));
	CHECK("xxh64 seed", hash_quick(STR("abc"), 1) != hash_quick(STR("abc"), 0));
	return TEST_REPORT();
}
