/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include "base/hash.h"
#include "base/num.h"
#include "base/test.h"

static unsigned char mem[1 << 16];

static const struct {
	struct str in, fold, search;
} folds[] = {
	{ STR(""), STR(""), STR("") },
	{ STR("abc 1.2"), STR("abc 1.2"), STR("abc 1.2") },
	{ STR("PowerShell.EXE"), STR("powershell.exe"), STR("powershell.exe") },
	{ STR("ĐỊA CHỈ IP"), STR("địa chỉ ip"), STR("dia chi ip") },
	{ STR("Nguyễn Văn Tường"), STR("nguyễn văn tường"), STR("nguyen van tuong") },
	{ STR("Nguye\xCC\x82\xCC\x83n"), STR("nguye\xCC\x82\xCC\x83n"), STR("nguyen") },
	{ STR("STRASSE \xE1\xBA\x9E \xC3\x9F"), STR("strasse ß ß"), STR("strasse ß ß") },
	{ STR("\xE2\x84\xAA \xC4\xB0 \xC5\xBF"), STR("k \xC4\xB0 s"), STR("k i s") },
	{ STR("\xC8\xBA"), STR("\xE2\xB1\xA5"), STR("\xE2\xB1\xA5") }, /* two bytes become three */
	{ STR("ΣΑΣ ς Й"), STR("σασ σ й"), STR("σασ σ и") },
	{ STR("\xF0\x90\x90\x80"), STR("\xF0\x90\x90\xA8"), STR("\xF0\x90\x90\xA8") },
	{ STR("A\xFF\xC3(\xED\xA0\x80"), STR("a\xFF\xC3(\xED\xA0\x80"),
	  STR("a\xFF\xC3(\xED\xA0\x80") },
	{ STR("\xE2\x89\xA0"), STR("\xE2\x89\xA0"), STR("\xE2\x89\xA0") }, /* no letter below it */
};

static void test_folds(void)
{
	for (size_t i = 0; i < COUNT(folds); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct str in = folds[i].in;
		struct str f = utf8_fold_case(&a, in), s = utf8_fold_search(&a, in);

		CHECK(in.p, str_eq(f, folds[i].fold) && str_eq(s, folds[i].search));
		CHECK(in.p, (f.p == in.p) == str_eq(in, f));
		CHECK(in.p, (s.p == in.p) == str_eq(in, s));
		struct arena none = { mem, mem };

		CHECK(in.p, str_eq(in, f) || utf8_fold_case(&none, in).p == NULL);
	}
}

/* Both mappings over every code point, against what Python's unicodedata says (tools/mkutf8). */
static void test_all(void)
{
	static const char *const want[] = {
		"40ddbf422b35e57a3947828ae8a465421305c6eb26f7fa3b85ef1ba5c2ef06e0",
		"81674c9fc96652e506497082c9916221d91b379f6e30372b6c6330478f9aef7a",
	};
	static uint32_t (*const fold[])(uint32_t) = { utf8_fold_case_cp, utf8_fold_search_cp };

	for (size_t k = 0; k < COUNT(fold); k++) {
		unsigned char sum[HASH_SHA256_LEN];
		char hex[HASH_HEX_MAX];
		struct hash h;

		hash_begin(&h, HASH_SHA256);
		for (uint32_t cp = 0; cp < 0x110000; cp++) {
			char le[4];
			uint32_t to = fold[k](cp);

			if (cp >= 0xD800 && cp < 0xE000)
				continue;
			store_le32(le, to == UTF8_BAD ? 0xFFFF : to);
			hash_add(&h, (struct str){ le, 4 });
		}
		hash_end(&h, sum);
		CHECK(want[k], strcmp(hash_hex(sum, sizeof sum, hex), want[k]) == 0);
	}
}

static const struct {
	const char *name;
	struct str s;
	bool valid;
} texts[] = {
	{ "empty", STR(""), true },
	{ "ascii over a word", STR("0123456789abcdef0"), true },
	{ "Vietnamese", STR("Địa chỉ, Mã độc, Thời gian"), true },
	{ "NFD", STR("Thơ\xCC\x80i"), true },
	{ "NFD after ascii", STR("a\xCC\x81"), true },
	{ "mark after a blank", STR(" \xCC\x81"), true },
	{ "mark after no vowel", STR("x\xCC\x81"), true },
	{ "overlong 2", STR("\xC0\x80"), false },
	{ "overlong 3", STR("\xE0\x80\x80"), false },
	{ "overlong 4", STR("\xF0\x80\x80\x80"), false },
	{ "surrogate", STR("\xED\xA0\x80"), false },
	{ "too high", STR("\xF4\x90\x80\x80"), false },
	{ "highest", STR("\xF4\x8F\xBF\xBF"), true },
	{ "cut", STR("12345678\xE1\xBA"), false },
	{ "tail alone", STR("\x80"), false },
};

static const struct {
	struct str s;
	size_t n;
} counts[] = {
	{ STR(""), 0 },
	{ STR("Tran"), 4 },
	{ STR("Tr\xe1\xba\xa7n \xc4\x90\xe1\xbb\xa9"
	      "c"),
	  8 },
	{ STR("\xf0\x9f\x9a\xa8!"), 2 },
	{ STR("a\xff\xe1\xba"), 4 },
};

static void test_counts(void)
{
	for (size_t i = 0; i < COUNT(counts); i++)
		CHECK(counts[i].s.p, utf8_count(counts[i].s) == counts[i].n);
}

static void test_texts(void)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		CHECK(texts[i].name, utf8_valid(texts[i].s) == texts[i].valid);
	}
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		char out[4];
		uint32_t back;

		if (cp >= 0xD800 && cp < 0xE000)
			continue;
		struct str s = { out, utf8_put(cp, out) };

		if (utf8_next(s, 0, &back) != s.n || back != cp) {
			CHECK("there and back", back == cp);
			break;
		}
	}
}

static const struct {
	const char *name;
	struct str in, out;
	bool big;
} wides[] = {
	{ "mark", STR("\xFF\xFEi\0p\0"), STR("ip"), false },
	{ "no mark", STR("i\0p\0"), STR("ip"), false },
	{ "big", STR("\xFE\xFF\0i\x1E\xC9"), STR("iỉ"), true },
	{ "pair", STR("\x3D\xD8\x00\xDE"), STR("\xF0\x9F\x98\x80"), false },
	{ "half pair", STR("\x3D\xD8"), STR("\xEF\xBF\xBD"), false },
	{ "low first", STR("\x00\xDEx\0"), STR("\xEF\xBF\xBDx"), false },
	{ "odd", STR("a\0b"), STR("a\xEF\xBF\xBD"), false },
	{ "empty", STR(""), STR(""), false },
};

static void test_wides(void)
{
	for (size_t i = 0; i < COUNT(wides); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct str s = utf8_from_utf16(&a, wides[i].in, wides[i].big);

		CHECK(wides[i].name, str_eq(s, wides[i].out));
		struct str w = utf8_to_utf16(&a, s, wides[i].big);

		CHECK(wides[i].name, str_eq(utf8_from_utf16(&a, w, wides[i].big), s));
	}
}

static const struct {
	const char *name;
	struct str head;
	enum wide is;
} heads[] = {
	{ "little mark", STR("\xff\xfe"), WIDE_LE },
	{ "big mark", STR("\xfe\xffx"), WIDE_BE },
	{ "little without mark", STR("2\0000\0002\0006\000-\0000\0003\000-\0"), WIDE_LE },
	{ "big without mark", STR("\0002\0000\0002\0006\000-\0000\0003\000-"), WIDE_BE },
	{ "too short to say", STR("2\0000\0002\0006\000-\0000\0003\0"), WIDE_NONE },
	{ "text", STR("2026-03-09 22:14:15"), WIDE_NONE },
	{ "UTF-8 mark", STR("\xef\xbb\xbfx"), WIDE_NONE },
	{ "zeros", STR("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), WIDE_NONE },
	{ "nothing", STR(""), WIDE_NONE },
};

/* A stream in pieces of every size is the same text, and its length can be told back. */
static void test_stream(void)
{
	static const struct str in = STR("\xff\xfe\x42\x1e\x3d\xd8\x00\xde\x3d\xd8x\0y");
	static const struct str out = STR("\xef\xbb\xbf\xe1\xb9\x82\xf0\x9f\x98\x80\xef\xbf\xbdx"
					  "\xef\xbf\xbd");

	for (size_t i = 0; i < COUNT(heads); i++)
		CHECK(heads[i].name, utf16_told(heads[i].head) == heads[i].is);
	for (size_t step = 1; step <= in.n; step++) {
		struct buf b = BUF(1 << 12);
		size_t at = 0;

		for (size_t to = step; at < in.n; to += step) {
			at += utf16_take(str_sub(in, at, to), WIDE_LE, to >= in.n, &b);
			CHECK("taken", at % 2 == 1 || utf16_taken(buf_str(&b)) == at);
		}
		CHECK("text", str_eq(buf_str(&b), out));
		buf_free(&b);
	}
	struct buf small = BUF(4);
	CHECK("no room", utf16_take(in, WIDE_LE, true, &small) == 0 && small.full);
	buf_free(&small);
}

/* All that Vietnamese writes, taken apart and put together again. */
static void test_compose(void)
{
	static const struct {
		uint32_t base, mark, to;
	} cases[] = {
		{ 'a', 0x301, 0xE1 },      { 'a', 0x302, 0xE2 },   { 0xE2, 0x323, 0x1EAD },
		{ 0x1EA1, 0x302, 0x1EAD }, { 'o', 0x31B, 0x1A1 },  { 0x1A1, 0x323, 0x1EE3 },
		{ 0x1B0, 0x309, 0x1EED },  { 'y', 0x303, 0x1EF9 }, { 'n', 0x303, 0 },
		{ 'a', 0x31B, 0 },         { ' ', 0x301, 0 },      { 'a', 'b', 0 },
		{ 'A', 0x301, 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK("composed", utf8_compose_vi(cases[i].base, cases[i].mark) == cases[i].to);
}

int main(void)
{
	test_folds();
	test_all();
	test_texts();
	test_counts();
	test_wides();
	test_stream();
	test_compose();
	return TEST_REPORT();
}
