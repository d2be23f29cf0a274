/* SPDX-License-Identifier: Apache-2.0 */
#include "base/num.h"

#include "base/test.h"

int main(void)
{
	static const struct {
		struct str s;
		uint64_t max;
		bool ok;
		uint64_t want;
	} cases[] = {
		{ STR("0"), 9, true, 0 },
		{ STR("007"), 9, true, 7 },
		{ STR("10"), 9, false, 0 },
		{ STR(""), 9, false, 0 },
		{ STR("-1"), 9, false, 0 },
		{ STR("1 "), 9, false, 0 },
		{ STR("18446744073709551615"), UINT64_MAX, true, UINT64_MAX },
		{ STR("18446744073709551616"), UINT64_MAX, false, 0 },
	};
	uint64_t v;
	int64_t i;
	double d;

	for (size_t k = 0; k < COUNT(cases); k++) {
		v = 99;
		CHECK("num", num_parse(cases[k].s, 0, cases[k].max, &v) == cases[k].ok);
		CHECK("value", v == (cases[k].ok ? cases[k].want : 99));
	}
	CHECK("min", !num_parse(STR("3"), 4, 9, &v));
	CHECK("hex", num_parse_hex(STR("fF"), 255, &v) && v == 255);
	CHECK("hex max", !num_parse_hex(STR("100"), 255, &v) && !num_parse_hex(STR("g"), 255, &v));
	CHECK("i64 min", num_parse_i64(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &i) &&
				 i == INT64_MIN);
	CHECK("i64 past", !num_parse_i64(STR("-9223372036854775809"), INT64_MIN, INT64_MAX, &i) &&
				  !num_parse_i64(STR("-"), INT64_MIN, INT64_MAX, &i));
	CHECK("double", num_parse_double(STR("-1.5e2"), &d) && d == -150.0);
	CHECK("not double", !num_parse_double(STR("1."), &d) && !num_parse_double(STR(".5"), &d) &&
				    !num_parse_double(STR("nan"), &d) &&
				    !num_parse_double(STR("0x1"), &d) &&
				    !num_parse_double(STR("1e999"), &d));
	static const unsigned char bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	CHECK("le", load_le32(bytes) == 0x04030201 && load_le64(bytes) == 0x0807060504030201);
	CHECK("be", load_be16(bytes) == 0x0102 && load_be64(bytes) == 0x0102030405060708);
	return TEST_REPORT();
}
