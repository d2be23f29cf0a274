/* SPDX-License-Identifier: Apache-2.0 */
#include "access/totp.h"

#include "base/test.h"
#include "base/time.h"

#define SECRET STR("12345678901234567890")

/* RFC 6238, appendix B, SHA-1, the last six of its eight digits. */
static const struct {
	const char *name;
	int64_t at_s;
	struct str code;
} vectors[] = {
	{ "1970-01-01 00:00:59", 59, STR("287082") },
	{ "2005-03-18 01:58:29", 1111111109, STR("081804") },
	{ "2005-03-18 01:58:31", 1111111111, STR("050471") },
	{ "2009-02-13 23:31:30", 1234567890, STR("005924") },
	{ "2033-05-18 03:33:20", 2000000000, STR("279037") },
	{ "2603-10-11 11:33:20", 20000000000, STR("353130") },
};

/* The code of 1111111111 (step 37037037), tried `later` seconds on. */
static const struct {
	const char *name;
	int64_t later, last_step;
	struct str code;
	bool ok;
} cases[] = {
	{ "one step late", 30, 0, STR("050471"), true },
	{ "two steps late", 60, 0, STR("050471"), false },
	{ "one step early", -30, 0, STR("050471"), true },
	{ "two steps early", -60, 0, STR("050471"), false },
	{ "used", 0, 37037037, STR("050471"), false },
	{ "the one before was used", 0, 37037036, STR("050471"), true },
	{ "a later one was used", 0, 37037038, STR("050471"), false },
	{ "wrong", 0, 0, STR("050472"), false },
	{ "short", 0, 0, STR("50471"), false },
	{ "long", 0, 0, STR("0050471"), false },
	{ "blanks", 0, 0, STR("050 471"), false },
	{ "no digits", 0, 0, STR("abcdef"), false },
	{ "empty", 0, 0, STR(""), false },
};

int main(void)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		int64_t last = 0;

		CHECK(vectors[i].name,
		      totp_check(SECRET, vectors[i].code, vectors[i].at_s * TIME_SECOND, &last));
		CHECK(vectors[i].name, last == vectors[i].at_s / TOTP_STEP_S);
		CHECK("once",
		      !totp_check(SECRET, vectors[i].code, vectors[i].at_s * TIME_SECOND, &last));
	}
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t last = cases[i].last_step;
		bool ok = totp_check(SECRET, cases[i].code,
				     (1111111111 + cases[i].later) * TIME_SECOND, &last);

		CHECK(cases[i].name, ok == cases[i].ok);
		CHECK(cases[i].name, ok ? last == 37037037 : last == cases[i].last_step);
	}
	return TEST_REPORT();
}
