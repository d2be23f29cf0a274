/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "base/test.h"

int main(void)
{
	struct buf b = BUF(1000);

	for (int i = 0; i < 10; i++)
		buf_printf(&b, "%d,", i);
	CHECK("printf", str_eq(buf_str(&b), STR("0,1,2,3,4,5,6,7,8,9,")));
	buf_eat(&b, 4);
	CHECK("eat", str_starts(buf_str(&b), STR("2,3")));
	buf_eat(&b, b.n);
	CHECK("eat all", b.n == 0);
	buf_char(&b, 'x');
	CHECK("char", str_eq(buf_str(&b), STR("x")));
	CHECK("past max", buf_room(&b, 1000) == NULL && b.full);
	buf_add(&b, STR("more"));
	CHECK("full changes nothing", str_eq(buf_str(&b), STR("x")));
	buf_clear(&b);
	buf_add(&b, STR("again"));
	CHECK("cleared", str_eq(buf_str(&b), STR("again")) && !b.full);
	buf_free(&b);
	CHECK("freed keeps the maximum", b.p == NULL && b.max == 1000);
	return TEST_REPORT();
}
