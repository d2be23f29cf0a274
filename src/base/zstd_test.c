/* SPDX-License-Identifier: Apache-2.0 */
#include "base/zstd.h"

#include "base/test.h"

enum { CAP = 4 << 20 };

static char text[CAP];

static void round_trip(struct zstd *z, size_t n, int level)
{
	struct buf packed = BUF(2 * CAP), back = BUF(n == 0 ? 1 : n);
	struct str in = { text, n };
	char name[64];

	snprintf(name, sizeof name, "%zu bytes at level %d", n, level);
	CHECK(name, zstd_pack(z, in, level, &packed, NULL));
	CHECK(name, zstd_unpack(z, buf_str(&packed), &back, NULL));
	CHECK(name, str_eq(buf_str(&back), in));
	buf_free(&packed);
	buf_free(&back);
}

static void caps(struct zstd *z)
{
	struct buf packed = BUF(2 * CAP), exact = BUF(CAP), less = BUF(CAP - 1), tiny = BUF(8);
	struct err why = { 0 };

	CHECK("bomb", zstd_pack(z, (struct str){ text, CAP }, 3, &packed, NULL));
	CHECK("exactly the cap", zstd_unpack(z, buf_str(&packed), &exact, NULL) && exact.n == CAP);
	CHECK("one byte over", !zstd_unpack(z, buf_str(&packed), &less, &why));
	CHECK("one byte over", why.kind == ERR_LIMIT && less.n == 0);
	CHECK("no room to pack", !zstd_pack(z, STR("hello hello"), 3, &tiny, &why));
	CHECK("no room to pack", why.kind == ERR_LIMIT && tiny.n == 0);
	buf_free(&packed);
	buf_free(&exact);
	buf_free(&less);
	buf_free(&tiny);
}

static void frames(struct zstd *z)
{
	struct buf packed = BUF(CAP), back = BUF(CAP);
	struct err why = { 0 };
	size_t first;

	CHECK("frames", zstd_pack(z, STR("one "), 3, &packed, NULL));
	first = packed.n;
	CHECK("frames", zstd_pack(z, STR("two"), 3, &packed, NULL));
	CHECK("frames", zstd_unpack(z, buf_str(&packed), &back, NULL));
	CHECK("frames", str_eq(buf_str(&back), STR("one two")));
	for (size_t n = 0; n < packed.n; n++) {
		struct str cut = { packed.p, n };

		buf_clear(&back);
		bool ok = zstd_unpack(z, cut, &back, &why);
		CHECK("cut off", ok == (n == first));
		CHECK("cut off", ok || (why.kind == ERR_INPUT && why.at <= n && back.n == 0));
	}
	buf_clear(&back);
	CHECK("not zstd", !zstd_unpack(z, STR("plain text"), &back, &why));
	CHECK("not zstd", why.kind == ERR_INPUT && back.n == 0);
	buf_free(&packed);
	buf_free(&back);
}

int main(void)
{
	struct zstd *z = zstd_new();

	for (size_t i = 0; i < CAP; i++)
		text[i] = (char)("canh "[i % 5] + (i % 977 == 0));
	round_trip(z, 0, 3);
	round_trip(z, 1, 1);
	round_trip(z, CAP - 1, 3);
	round_trip(z, CAP, 19);
	caps(z);
	frames(z);
	zstd_free(z);
	zstd_free(NULL);
	return TEST_REPORT();
}
