/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/csv.h"

#include "base/test.h"

static const struct {
	struct str cell, want;
} cases[] = {
	{ STR(""), STR("\"\",") },
	{ STR("a,b\nc"), STR("\"a,b\nc\",") },
	{ STR("say \"no\""), STR("\"say \"\"no\"\"\",") },
	{ STR("\"=1"), STR("\"\"\"=1\",") },
	{ STR("=cmd|' /C calc'!A0"), STR("\"'=cmd|' /C calc'!A0\",") },
	{ STR("+84"), STR("\"'+84\",") },
	{ STR("-1"), STR("\"'-1\",") },
	{ STR("@SUM(A1)"), STR("\"'@SUM(A1)\",") },
	{ STR("\t=1"), STR("\"'\t=1\",") },
	{ STR("1=1"), STR("\"1=1\",") },
	{ STR("a\0b\xff"), STR("\"a\0b\xff\",") },
};

int main(void)
{
	struct buf out = BUF(1000);

	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&out);
		csv_cell(&out, cases[i].cell, ',');
		CHECK(cases[i].want.p, str_eq(buf_str(&out), cases[i].want));
	}
	buf_clear(&out);
	csv_cell(&out, STR("last"), '\n');
	CHECK("the end of a row", str_eq(buf_str(&out), STR("\"last\"\n")));
	buf_free(&out);
	return TEST_REPORT();
}
