/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/frame.h"

#include "base/test.h"
#include "ingest/chunk.h"

static void table(void)
{
	static const struct {
		const char *name;
		struct str in;
		enum frame_end end;
		enum frame_kind kind;
		struct str out;
		size_t used;
	} cases[] = {
		{ "line", STR("<13>a b\n<13>c"), FRAME_GOES_ON, FRAME_RECORD, STR("<13>a b"), 8 },
		{ "crlf", STR("x\r\ny"), FRAME_GOES_ON, FRAME_RECORD, STR("x"), 3 },
		{ "NUL ends too", STR("x\0y"), FRAME_GOES_ON, FRAME_RECORD, STR("x"), 2 },
		{ "counted", STR("5 <1>ab<1>"), FRAME_GOES_ON, FRAME_RECORD, STR("<1>ab"), 7 },
		{ "counted with newline inside", STR("6 <1>a\nbX"), FRAME_GOES_ON, FRAME_RECORD,
		  STR("<1>a\nb"), 8 },
		{ "counted, not whole", STR("9 <1>ab"), FRAME_GOES_ON, FRAME_MORE, STR(""), 0 },
		{ "counted, cut by the end", STR("9 <1>ab"), FRAME_ENDED, FRAME_CUT, STR("<1>ab"),
		  7 },
		{ "counted, cut by a break", STR("9 <1>ab"), FRAME_BROKEN, FRAME_CUT, STR("<1>ab"),
		  7 },
		{ "counted, whole before a break", STR("5 <1>ab"), FRAME_BROKEN, FRAME_RECORD,
		  STR("<1>ab"), 7 },
		{ "digits only", STR("12"), FRAME_GOES_ON, FRAME_MORE, STR(""), 0 },
		{ "a date is no count", STR("2024-01-01 x\n"), FRAME_GOES_ON, FRAME_RECORD,
		  STR("2024-01-01 x"), 13 },
		{ "a number is no count", STR("12 x\n"), FRAME_GOES_ON, FRAME_RECORD, STR("12 x"),
		  5 },
		{ "a count begins with no zero", STR("05 <1>ab\n"), FRAME_GOES_ON, FRAME_RECORD,
		  STR("05 <1>ab"), 9 },
		{ "nothing is no count", STR("0 <1>ab\n"), FRAME_GOES_ON, FRAME_RECORD,
		  STR("0 <1>ab"), 8 },
		{ "eight digits are a count", STR("10000000 <1>a\nb"), FRAME_GOES_ON, FRAME_MORE,
		  STR(""), 0 },
		{ "the greatest count", STR("16777216 <1>a\nb"), FRAME_ENDED, FRAME_CUT,
		  STR("<1>a\nb"), 15 },
		{ "eight digits, maybe", STR("16777216"), FRAME_GOES_ON, FRAME_MORE, STR(""), 0 },
		{ "a greater one is not believed", STR("16777217 <1>a\nb"), FRAME_GOES_ON,
		  FRAME_RECORD, STR("16777217 <1>a"), 14 },
		{ "nor one of nine digits", STR("100000000 <1>\nb"), FRAME_GOES_ON, FRAME_RECORD,
		  STR("100000000 <1>"), 14 },
		{ "nor one beyond any number", STR("99999999999999999999999 <1>a\nb"),
		  FRAME_GOES_ON, FRAME_RECORD, STR("99999999999999999999999 <1>a"), 29 },
		{ "blank", STR("\r\nx"), FRAME_GOES_ON, FRAME_EMPTY, STR(""), 2 },
		{ "half a line", STR("abc"), FRAME_GOES_ON, FRAME_MORE, STR(""), 0 },
		{ "half a line at the end", STR("abc"), FRAME_ENDED, FRAME_RECORD, STR("abc"), 3 },
		{ "half a line at a break", STR("abc"), FRAME_BROKEN, FRAME_CUT, STR("abc"), 3 },
		{ "a line before a break", STR("abc\n"), FRAME_BROKEN, FRAME_RECORD, STR("abc"),
		  4 },
		{ "nothing", STR(""), FRAME_ENDED, FRAME_MORE, STR(""), 0 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str out = STR("");
		size_t used = 0;
		uint64_t skip = 0;

		CHECK(cases[i].name,
		      frame_next(cases[i].in, cases[i].end, &out, &used, &skip) == cases[i].kind);
		CHECK(cases[i].name, str_eq(out, cases[i].out) && used == cases[i].used);
	}
}

static void too_long(void)
{
	static const struct {
		const char *name, *head;
		uint64_t skip;
	} cases[] = {
		{ "line", "", FRAME_TO_NEWLINE },
		{ "counted", "2000000 <", 2000000 - RECORD_MAX },
		{ "a count that is not believed", "99999999999 <", FRAME_TO_FRAME },
	};
	size_t n = RECORD_MAX + 100, used;
	char *big = malloc(n);
	struct str out;
	uint64_t skip;

	if (!CHECK("memory", big != NULL))
		return;
	for (size_t i = 0; i < COUNT(cases); i++) {
		memset(big, 'x', n);
		memcpy(big, cases[i].head, strlen(cases[i].head));
		enum frame_kind k = frame_next((struct str){ big, n }, FRAME_GOES_ON, &out, &used,
					       &skip);

		CHECK(cases[i].name, k == FRAME_LONG && out.n == RECORD_MAX);
		CHECK(cases[i].name, skip == cases[i].skip);
	}
	free(big);
}

static void rest(void)
{
	static const struct {
		const char *name;
		uint64_t skip;
		struct str in;
		enum frame_end end;
		size_t used;
		uint64_t left;
	} cases[] = {
		{ "nothing to pass over", 0, STR("abc"), FRAME_GOES_ON, 0, 0 },
		{ "some bytes", 2, STR("abc"), FRAME_GOES_ON, 2, 0 },
		{ "more than there are", 5, STR("abc"), FRAME_GOES_ON, 3, 2 },
		{ "to the newline", FRAME_TO_NEWLINE, STR("ab\nc"), FRAME_GOES_ON, 3, 0 },
		{ "no newline yet", FRAME_TO_NEWLINE, STR("abc"), FRAME_GOES_ON, 3,
		  FRAME_TO_NEWLINE },
		{ "a frame behind a newline", FRAME_TO_FRAME, STR("rest\n<1>x"), FRAME_GOES_ON, 5,
		  0 },
		{ "a counted frame", FRAME_TO_FRAME, STR("rest of 12 it 5 <1>ab"), FRAME_GOES_ON,
		  14, 0 },
		{ "a count, maybe", FRAME_TO_FRAME, STR("rest 1"), FRAME_GOES_ON, 5,
		  FRAME_TO_FRAME },
		{ "no count comes any more", FRAME_TO_FRAME, STR("rest 1"), FRAME_ENDED, 6,
		  FRAME_TO_FRAME },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t skip = cases[i].skip;

		CHECK(cases[i].name, frame_rest(&skip, cases[i].in, cases[i].end) == cases[i].used);
		CHECK(cases[i].name, skip == cases[i].left);
	}
}

/* A stream in pieces of `step` bytes, each cut as a door does it: what lies before is not looked at
 * again once it was taken. */
static struct chunk *in_pieces(struct str s, size_t step, enum frame_end end)
{
	struct chunk *c = chunk_new(DOOR_TCP, STR("x"), STR(""), 64, 4 << 20);
	uint64_t skip = 0;
	size_t at = 0;

	for (size_t have = step; c != NULL; have += step) {
		bool all = have >= s.n;

		at += frame_fill(str_sub(s, at, all ? s.n : have), all ? end : FRAME_GOES_ON, &skip,
				 c);
		if (all)
			break;
	}
	CHECK("all of it was taken", c != NULL && at == s.n);
	return c;
}

static void fill(void)
{
	static const char head[] = "<1>first\n2000000 <", tail[] = "7 <1>last4 <1>x\nhalf";
	size_t n = sizeof head - 1 + 2000000 - 1 + sizeof tail - 1;
	char *text = malloc(n);

	if (!CHECK("memory", text != NULL))
		return;
	memset(text, 'y', n);
	memcpy(text, head, sizeof head - 1);
	memcpy(text + n - (sizeof tail - 1), tail, sizeof tail - 1);
	for (size_t step = 100; step <= n * 2; step *= 7) {
		struct chunk *c = in_pieces((struct str){ text, n }, step, FRAME_BROKEN);

		if (c == NULL)
			break;
		CHECK("records", c->n == 5 && c->dropped[DROP_TOO_LONG] == 1);
		CHECK("in order", str_eq(c->records[0], STR("<1>first")) &&
					  c->records[1].n == RECORD_MAX &&
					  str_eq(c->records[2], STR("<1>last")) &&
					  str_eq(c->records[3], STR("<1>x")) &&
					  str_eq(c->records[4], STR("half")));
		CHECK("parts are marked",
		      !c->cut[0] && c->cut[1] && !c->cut[2] && !c->cut[3] && c->cut[4]);
		chunk_free(c);
	}
	free(text);
}

/* A forged count swallows nothing but its own line. */
static void forged(void)
{
	struct str s = STR("<1>a\n99999999999 <1>b\n<1>c\n");
	struct chunk *c = in_pieces(s, s.n, FRAME_ENDED);

	if (c == NULL)
		return;
	CHECK("three records", c->n == 3 && str_eq(c->records[1], STR("99999999999 <1>b")) &&
				       str_eq(c->records[2], STR("<1>c")));
	chunk_free(c);
}

int main(void)
{
	table();
	too_long();
	rest();
	fill();
	forged();
	return TEST_REPORT();
}
