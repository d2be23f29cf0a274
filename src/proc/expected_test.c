/* SPDX-License-Identifier: Apache-2.0 */
/* A control event is one only once, only through its door, only while it is expected. */
#include "proc/expected.h"

#include "base/test.h"

#define ONE "01890000-0000-7000-8000-000000000001"
#define TWO "01890000-0000-7000-8000-000000000002"
#define NINE "01890000-0000-7000-8000-000000000009"
#define EVENT(id) "<134>1 - canh canh - - - {\"canh.canary\":\"" id "\",\"message\":\"x\"}"

static struct expected *e;

static bool expect(const char *json)
{
	return expected_set(e, str_of(json), NULL);
}

static bool control(const char *record, const char *door, const char *name)
{
	return expected_control(e, str_of(record), door, str_of(name));
}

/* In this order: what has come is not expected again. */
static const struct {
	const char *name, *record, *door, *listener;
	bool is;
} records[] = {
	{ "an ordinary record", "<13>hello", "udp", "a:1", false },
	{ "nobody's number", EVENT(NINE), "udp", "a:1", false },
	{ "through another listener", EVENT(ONE), "udp", "b:1", false },
	{ "through another door", EVENT(ONE), "tcp", "a:1", false },
	{ "cut off", "{\"canh.canary\":\"01890000-0000", "udp", "a:1", false },
	{ "not as canh writes it", "{\"canh.canary\": \"" ONE "\"}", "udp", "a:1", false },
	{ "as expected", EVENT(ONE), "udp", "a:1", true },
	{ "a copy of it", EVENT(ONE), "udp", "a:1", false },
	{ "any listener of TCP", EVENT(TWO), "tcp", "", true },
	{ "a copy of that", EVENT(TWO), "tcp", "", false },
};

static const struct {
	const char *name, *record, *word;
} beats[] = {
	{ "none", "<13>hello", NULL },
	{ "a word", "<13>Nov 22 10:00:00 web canh: canh.heartbeat=abc123", "abc123" },
	{ "in JSON", "{\"message\":\"canh.heartbeat=abc123\"}", "abc123" },
	{ "a longer word", "canh.heartbeat=abc1234", NULL },
	{ "a shorter one", "canh.heartbeat=abc12", NULL },
	{ "no word", "canh.heartbeat=", NULL },
	{ "again", "canh.heartbeat=abc123 ", "abc123" },
};

static void told(const char *name, const char *want)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '[');
	bool any = expected_came(e, &w);
	jsonw_close(&w, ']');
	CHECK(name, any == (strcmp(want, "[]") != 0) && str_eq(buf_str(&b), str_of(want)));
	buf_free(&b);
}

static void controls(void)
{
	CHECK("nothing is expected", !control(EVENT(ONE), "udp", "a:1"));
	told("nothing came", "[]");
	CHECK("expect", expect("{\"controls\":[{\"id\":\"" ONE "\",\"door\":\"udp a:1\"},"
			       "{\"id\":\"" TWO "\",\"door\":\"tcp a:1\"},"
			       "{\"id\":\"none\",\"door\":\"push\"}],\"heartbeats\":[]}"));
	for (size_t i = 0; i < COUNT(records); i++)
		CHECK(records[i].name, control(records[i].record, records[i].door,
					       records[i].listener) == records[i].is);
	told("both came", "[\"" ONE "\",\"" TWO "\"]");
	told("it did not arrive: again", "[\"" ONE "\",\"" TWO "\"]");
	expected_told(e);
	told("told once", "[]");
	CHECK("again", expect("{\"controls\":[{\"id\":\"" ONE "\",\"door\":\"udp a:1\"},"
			      "{\"id\":\"" NINE "\",\"door\":\"push\"}]}"));
	CHECK("it came before", !control(EVENT(ONE), "udp", "a:1"));
	told("and was told before", "[]");
	CHECK("the new one", control(EVENT(NINE), "push", "anything"));
	CHECK("set again before it was told",
	      expect("{\"controls\":[{\"id\":\"" NINE "\",\"door\":\"push\"}]}"));
	told("is told all the same", "[\"" NINE "\"]");
	CHECK("no JSON", !expect("{"));
}

static void heartbeats(void)
{
	struct str word = { NULL, 0 };

	CHECK("none is expected", !expected_beat(e, STR("canh.heartbeat=abc123"), &word));
	CHECK("expect", expect("{\"controls\":[],\"heartbeats\":[\"zz\",\"abc123\",7,\"\"]}"));
	for (size_t i = 0; i < COUNT(beats); i++) {
		bool is = expected_beat(e, str_of(beats[i].record), &word);

		CHECK(beats[i].name, is == (beats[i].word != NULL));
		CHECK(beats[i].name, !is || str_eq(word, str_of(beats[i].word)));
	}
}

int main(void)
{
	e = expected_new();
	if (e == NULL)
		return 1;
	controls();
	heartbeats();
	expected_free(e);
	return TEST_REPORT();
}
