/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/frame.h"

#include "base/test.h"
#include "ingest/chunk.h"

static void table(void)
{
	static const struct {
		const char *name;
		struct str in;
		bool last;
		enum frame_kind kind;
		struct str out;
		size_t used;
	} cases[] = {
		{ "line", STR("<13>a b\n<13>c"), false, FRAME_RECORD, STR("<13>a b"), 8 },
		{ "crlf", STR("x\r\ny"), false, FRAME_RECORD, STR("x"), 3 },
		{ "NUL ends too", STR("x\0y"), false, FRAME_RECORD, STR("x"), 2 },
		{ "counted", STR("5 <1>ab<1>"), false, FRAME_RECORD, STR("<1>ab"), 7 },
		{ "counted with newline inside", STR("6 <1>a\nbX"), false, FRAME_RECORD,
		  STR("<1>a\nb"), 8 },
		{ "counted, not whole", STR("9 <1>ab"), false, FRAME_MORE, STR(""), 0 },
		{ "counted, cut by the end", STR("9 <1>ab"), true, FRAME_RECORD, STR("<1>ab"), 7 },
		{ "digits only", STR("12"), false, FRAME_MORE, STR(""), 0 },
		{ "a date is no count", STR("2024-01-01 x\n"), false, FRAME_RECORD,
		  STR("2024-01-01 x"), 13 },
		{ "a number is no count", STR("12 x\n"), false, FRAME_RECORD, STR("12 x"), 5 },
		{ "ten digits are no count", STR("1234567890 <1>\n"), false, FRAME_RECORD,
		  STR("1234567890 <1>"), 15 },
		{ "blank", STR("\r\nx"), false, FRAME_EMPTY, STR(""), 2 },
		{ "half a line", STR("abc"), false, FRAME_MORE, STR(""), 0 },
		{ "half a line at the end", STR("abc"), true, FRAME_RECORD, STR("abc"), 3 },
		{ "nothing", STR(""), true, FRAME_MORE, STR(""), 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str out = STR("");
		size_t used = 0;
		uint64_t skip = 0;

		CHECK(cases[i].name,
		      frame_next(cases[i].in, cases[i].last, &out, &used, &skip) == cases[i].kind);
		CHECK(cases[i].name, str_eq(out, cases[i].out) && used == cases[i].used);
	}
}

static void too_long(void)
{
	size_t n = RECORD_MAX + 100, used;
	char *big = malloc(n + 8);
	struct str out;
	uint64_t skip;

	if (!CHECK("memory", big != NULL))
		return;
	memset(big, 'x', n);
	CHECK("line", frame_next((struct str){ big, n }, false, &out, &used, &skip) == FRAME_CUT);
	CHECK("cut", out.n == RECORD_MAX && used == RECORD_MAX && skip == FRAME_TO_NEWLINE);
	memcpy(big, "2000000 <", 9);
	CHECK("counted",
	      frame_next((struct str){ big, n }, false, &out, &used, &skip) == FRAME_CUT);
	CHECK("rest", out.n == RECORD_MAX && skip == 2000000 - RECORD_MAX);
	free(big);
}

static void resync(void)
{
	CHECK("newline", frame_resync(STR("rest\n<1>x")) == 5);
	CHECK("counted", frame_resync(STR("rest of 12 it 5 <1>ab")) == 14);
	CHECK("not yet", frame_resync(STR("rest 1")) == 6);
}

int main(void)
{
	resync();
	table();
	too_long();
	return TEST_REPORT();
}
