/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crypt.h"

#include "base/hash.h"
#include "base/test.h"

typedef struct str encode_fn(struct arena *a, struct str bytes);
typedef bool parse_fn(struct arena *a, struct str text, struct str *out, struct err *why);

/* RFC 4648 section 10, then what must not pass. */
static const struct {
	const char *name;
	encode_fn *encode;
	parse_fn *parse;
	struct str bytes, text;
} both[] = {
	{ "base64 0", crypt_base64, crypt_base64_parse, STR(""), STR("") },
	{ "base64 1", crypt_base64, crypt_base64_parse, STR("f"), STR("Zg==") },
	{ "base64 3", crypt_base64, crypt_base64_parse, STR("foo"), STR("Zm9v") },
	{ "base64 5", crypt_base64, crypt_base64_parse, STR("fooba"), STR("Zm9vYmE=") },
	{ "base64 high", crypt_base64, crypt_base64_parse, STR("\xff\xef\xbe"), STR("/+++") },
	{ "url", crypt_base64_url, crypt_base64_url_parse, STR("\xff\xef\xbe\0"), STR("_---AA") },
	{ "base32 0", crypt_base32, crypt_base32_parse, STR(""), STR("") },
	{ "base32 1", crypt_base32, crypt_base32_parse, STR("f"), STR("MY") },
	{ "base32 2", crypt_base32, crypt_base32_parse, STR("fo"), STR("MZXQ") },
	{ "base32 3", crypt_base32, crypt_base32_parse, STR("foo"), STR("MZXW6") },
	{ "base32 4", crypt_base32, crypt_base32_parse, STR("foob"), STR("MZXW6YQ") },
	{ "base32 6", crypt_base32, crypt_base32_parse, STR("foobar"), STR("MZXW6YTBOI") },
};

static const struct {
	const char *name;
	parse_fn *parse;
	struct str text;
	bool ok;
} texts[] = {
	{ "base64 without padding", crypt_base64_parse, STR("Zg"), true },
	{ "base64 half padding", crypt_base64_parse, STR("Zg="), false },
	{ "base64 stray bits", crypt_base64_parse, STR("Zh=="), false },
	{ "base64 junk", crypt_base64_parse, STR("Zm9v!"), false },
	{ "base64 blank", crypt_base64_parse, STR("Zm 9v"), false },
	{ "base64 NUL", crypt_base64_parse, STR("Zm9v\0"), false },
	{ "base64 of url", crypt_base64_parse, STR("_---"), false },
	{ "url of std", crypt_base64_url_parse, STR("/+++"), false },
	{ "url padded", crypt_base64_url_parse, STR("Zg=="), true },
	{ "base64 only padding", crypt_base64_parse, STR("="), false },
	{ "base32 lower case", crypt_base32_parse, STR("mzxw6"), true },
	{ "base32 padded", crypt_base32_parse, STR("MY======"), true },
	{ "base32 half padding", crypt_base32_parse, STR("MY==="), false },
	{ "base32 only padding", crypt_base32_parse, STR("========"), false },
	{ "base32 length 1", crypt_base32_parse, STR("M"), false },
	{ "base32 stray bits", crypt_base32_parse, STR("MZ"), false },
	{ "base32 digit 1", crypt_base32_parse, STR("M1"), false },
};

static void codes(void)
{
	unsigned char mem[1024];

	for (size_t i = 0; i < COUNT(both); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct str out = { NULL, 0 };

		CHECK(both[i].name, str_eq(both[i].encode(&a, both[i].bytes), both[i].text));
		CHECK(both[i].name, both[i].parse(&a, both[i].text, &out, NULL));
		CHECK(both[i].name, str_eq(out, both[i].bytes));
	}
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct str out = { NULL, 7 };
		struct err why = { 0 };
		bool ok = texts[i].parse(&a, texts[i].text, &out, &why);

		CHECK(texts[i].name, ok == texts[i].ok);
		CHECK(texts[i].name, ok || (out.n == 7 && why.kind == ERR_INPUT));
		CHECK(texts[i].name, ok || why.at <= texts[i].text.n);
	}
	struct arena tiny = { mem, mem + 8 };
	CHECK("full", crypt_base64(&tiny, STR("0123456789")).p == NULL);
	CHECK("full", crypt_base32(&tiny, STR("0123456789")).p == NULL);
}

/* RFC 8032, section 7.1, TEST 2. */
static void signatures(void)
{
	static const char seed_hex[] =
		"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
	static const char sign_hex[] =
		"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
	unsigned char seed[32], sign[CRYPT_SIGN_LEN];
	char hex[2 * CRYPT_SIGN_LEN + 1];
	struct crypt_pair pair, other;

	CHECK("seed", hash_hex_parse(str_of(seed_hex), seed, sizeof seed));
	crypt_pair_from_seed(seed, &pair);
	crypt_sign(&pair, STR("\x72"), sign);
	CHECK("RFC 8032", strcmp(hash_hex(sign, sizeof sign, hex), sign_hex) == 0);
	CHECK("verifies", crypt_verify(pair.pub, STR("\x72"), sign));
	CHECK("other bytes", !crypt_verify(pair.pub, STR("\x73"), sign));
	crypt_pair_new(&other);
	CHECK("other key", !crypt_verify(other.pub, STR("\x72"), sign));
	sign[3] ^= 1;
	CHECK("other signature", !crypt_verify(pair.pub, STR("\x72"), sign));
}

static void secrets(void)
{
	unsigned char key[CRYPT_KEY_LEN], box[5 + CRYPT_BOX_EXTRA], out[5];
	struct str boxed = { (const char *)box, sizeof box };
	char hash[CRYPT_PASSWORD_MAX];

	crypt_random(key, sizeof key);
	crypt_box(key, STR("hello"), box);
	CHECK("box opens", crypt_unbox(key, boxed, out) && memcmp(out, "hello", 5) == 0);
	box[30] ^= 1;
	CHECK("changed box", !crypt_unbox(key, boxed, out) && out[0] == 0);
	box[30] ^= 1;
	key[0] ^= 1;
	CHECK("other key", !crypt_unbox(key, boxed, out));
	CHECK("short box", !crypt_unbox(key, str_sub(boxed, 0, 39), out));

	CHECK("password", crypt_password_hash(STR("mật khẩu"), hash, NULL));
	CHECK("argon2id", str_starts(str_of(hash), STR("$argon2id$")));
	CHECK("right", crypt_password_ok(STR("mật khẩu"), str_of(hash)));
	CHECK("wrong", !crypt_password_ok(STR("mat khau"), str_of(hash)));
	CHECK("no hash", !crypt_password_ok(STR("x"), STR("")));
	CHECK("too long", !crypt_password_ok(STR("x"), (struct str){ hash, sizeof hash }));
}

int main(void)
{
	CHECK("init", crypt_init(NULL) && crypt_init(NULL));
	codes();
	signatures();
	secrets();
	return TEST_REPORT();
}
