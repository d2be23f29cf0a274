/* SPDX-License-Identifier: Apache-2.0 */
/* seek_answer_test.c - what a seek that was taken over may say: nothing but what was asked for. */
#include "proc/seek_answer.h"

#include "base/test.h"

#define T "\"2026-11-22T10:00:00.000000Z\""
#define COVER                                                                                      \
	"\"coverage\":{\"from\":null,\"to\":" T ",\"blocks\":1,\"events_scanned\":2,\"complete\":" \
	"true,\"days\":[\"2026-11-22\"],\"missing\":[{\"day\":\"2026-11-21\",\"reason\":\"x\"}],"  \
	"\"damaged\":[{\"day\":\"2026-11-22\",\"block\":3,\"reason\":\"x\"}]}"
#define EVENT(fields, more)                                                                 \
	"{\"id\":\"2026-11-22-1-0\",\"time\":" T ",\"received\":" T                         \
	",\"source\":{\"id\":\"1\",\"name\":\"a \\\"b\\\"\"" more "},\"seq\":4,\"format\":" \
	"\"kv\",\"partial\":false,\"raw\":\"<1>\\u0000\\n x\",\"fields\":{" fields "}}"
#define PAGE(items) "{\"items\":[" items "],\"next\":\"c\"," COVER "}"
#define BARS(counts) \
	"{\"from\":" T ",\"to\":" T ",\"width_s\":0.5,\"counts\":[" counts "]," COVER "}"

static const struct {
	const char *name, *op;
	struct str answer;
	bool ok;
} cases[] = {
	{ "a page", "search",
	  STR(PAGE(EVENT("\"a\":1,\"b\":[\"x\",null,-1.5e3,true]",
			 ",\"kind\":\"udp\",\"peer\":\"192.0.2.1\"") "," EVENT("", ""))),
	  true },
	{ "an empty one", "search", STR(" {\"next\" : null, \"items\":[ ]," COVER "}\n"), true },
	{ "names of fields are the sender's", "search",
	  STR(PAGE(EVENT("\"a\":1,\"a\":2,\"\\u0000\":\"\",\"\":false", ""))), true },
	{ "more events than asked for", "search",
	  STR(PAGE(EVENT("", "") "," EVENT("", "") "," EVENT("", "") "," EVENT("", ""))), false },
	{ "a member more", "search", STR("{\"items\":[],\"next\":null,\"x\":1," COVER "}"), false },
	{ "a member less", "search", STR("{\"items\":[]," COVER "}"), false },
	{ "a member twice", "search", STR("{\"items\":[],\"items\":[],\"next\":null," COVER "}"),
	  false },
	{ "items as an object", "search", STR("{\"items\":{},\"next\":null," COVER "}"), false },
	{ "a tree among the fields", "search", STR(PAGE(EVENT("\"a\":{\"b\":1}", ""))), false },
	{ "a list of lists", "search", STR(PAGE(EVENT("\"a\":[[1]]", ""))), false },
	{ "a source with more", "search", STR(PAGE(EVENT("", ",\"html\":\"<b>\""))), false },
	{ "no time", "event",
	  STR("{\"id\":\"1\",\"time\":\"<b>\",\"received\":" T ",\"source\":{\"id\":\"1\",\"name\":"
	      "\"\"},\"seq\":4,\"format\":\"kv\",\"partial\":false,\"raw\":\"\",\"fields\":{}}"),
	  false },
	{ "an event", "event", STR(EVENT("\"a\":\"b\"", "")), true },
	{ "something behind it", "event", STR(EVENT("", "") "{}"), false },
	{ "cut", "event", STR("{\"id\":\"2026-11-22-1-0\",\"time\":" T), false },
	{ "a line end in a text", "event", STR(EVENT("\"a\":\"\n\"", "")), false },
	{ "an escape that is none", "event", STR(EVENT("\"a\":\"\\x\"", "")), false },
	{ "half an escape", "event", STR(EVENT("\"a\":\"\\u00g0\"", "")), false },
	{ "not UTF-8", "event", STR(EVENT("\"a\":\"\xff\"", "")), false },
	{ "no number", "event", STR(EVENT("\"a\":-", "")), false },
	{ "not a number", "event", STR(EVENT("\"a\":NaN", "")), false },
	{ "bars", "histogram", STR(BARS("1,0,2")), true },
	{ "too few", "histogram", STR(BARS("1,0")), false },
	{ "too many", "histogram", STR(BARS("1,0,2,3")), false },
	{ "less than none", "histogram", STR(BARS("1,0,-1")), false },
	{ "bars for a page", "search", STR(BARS("1,0,2")), false },
	{ "a page for an event", "event", STR(PAGE("")), false },
	{ "nothing", "search", STR(""), false },
	{ "no object", "search", STR("[]"), false },
};

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err why = { 0 };

		bool ok = seek_answer_check(str_of(cases[i].op), 3, cases[i].answer, &why);
		CHECK(cases[i].name, ok == cases[i].ok);
		CHECK(cases[i].name, ok == (why.kind == ERR_NONE));
	}
	return TEST_REPORT();
}
