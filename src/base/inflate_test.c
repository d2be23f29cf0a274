/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inflate.h"

#include "base/test.h"

/* gzip -9n of "hello\n" */
static const char hello[] =
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\xe7\x02\x00"
	"\x20\x30\x3a\x36\x06\x00\x00\x00";

static void there_and_back(void)
{
	static char text[100000];
	struct buf gz = BUF(sizeof text), back = BUF(sizeof text), small = BUF(20);
	struct str in = { text, sizeof text };

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = "{\"id\":0123}"[i % 11 * i % 11];
	for (size_t n = 0; n <= in.n; n = 3 * n + 1) {
		buf_clear(&gz);
		buf_clear(&back);
		CHECK("there and back", deflate_gzip(str_sub(in, 0, n), &gz) &&
						inflate_gzip(buf_str(&gz), &back, NULL) &&
						str_eq(buf_str(&back), str_sub(in, 0, n)));
	}
	CHECK("smaller", gz.n < in.n / 4);
	CHECK("behind what stands there", deflate_gzip(STR("x"), &gz) && gz.n > 20);
	CHECK("no room", !deflate_gzip(in, &small) && small.n == 0);
	buf_free(&gz);
	buf_free(&back);
	buf_free(&small);
}

int main(void)
{
	struct str one = { hello, sizeof hello - 1 };
	char many[200 * (sizeof hello - 1)];
	struct buf out = BUF(1000);
	struct err why = { 0 };

	CHECK("one member", inflate_gzip(one, &out, &why) && str_eq(buf_str(&out), STR("hello\n")));
	for (size_t i = 0; i < 200; i++)
		memcpy(many + i * one.n, one.p, one.n);
	buf_clear(&out);
	CHECK("members in a row",
	      inflate_gzip((struct str){ many, 3 * one.n }, &out, &why) && out.n == 18);
	buf_clear(&out);
	CHECK("beyond the cap", !inflate_gzip((struct str){ many, sizeof many }, &out, &why) &&
					why.kind == ERR_LIMIT);
	for (size_t cut = 0; cut < one.n; cut++) {
		buf_clear(&out);
		CHECK("cut",
		      !inflate_gzip(str_sub(one, 0, cut), &out, &why) && why.kind == ERR_INPUT);
	}
	for (size_t flip = 18; flip < one.n; flip++) {
		char bad[sizeof hello];

		memcpy(bad, hello, sizeof hello);
		bad[flip] ^= 1;
		buf_clear(&out);
		CHECK("flipped", !inflate_gzip((struct str){ bad, one.n }, &out, &why));
	}
	buf_free(&out);
	there_and_back();
	return TEST_REPORT();
}
