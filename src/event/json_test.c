/* SPDX-License-Identifier: Apache-2.0 */
/* json_test.c - paths, values, escapes, envelopes; what RFC 8259 refuses; the public torture set. */
#include "event/json.h"

#include "base/file.h"
#include "base/test.h"

#include <fcntl.h>

static unsigned char mem[1 << 20];
static struct build b;

static void begin(void)
{
	memset(&b.ev, 0, sizeof b.ev);
	b.n = 0;
}

static const struct {
	const char *in;
	const char *fields; /* "name=value" joined by '|'; NULL: refused */
	size_t at;
} cases[] = {
	{ "{\"a\":1}", "a=1", 0 },
	{ "  { \"a\" : -1.5e+3 }\r\n", "a=-1.5e+3", 0 },
	{ "{\"a\":{\"b\":{\"c\":\"x\"}}}", "a.b.c=x", 0 },
	{ "{\"a\":{\"b\":1,\"c\":2},\"d\":3}", "a.b=1|a.c=2|d=3", 0 },
	{ "{\"a\":[1,\"x\",true,null]}", "a=1|a=x|a=true|a=", 0 },
	{ "{\"a\":[{\"b\":1},{\"b\":2,\"c\":[3,4]}]}", "a.b=1|a.b=2|a.c=3|a.c=4", 0 },
	{ "{\"a\":[[1],[2]]}", "a=1|a=2", 0 },
	{ "{\"a\":{},\"b\":[]}", "a=|b=", 0 },
	{ "{}", "message=", 0 },
	{ "{\"a.b\":1}", "a.b=1", 0 },
	{ "{\"\":1}", "=1", 0 },
	{ "{\"a\":\"\\u0041\\n\\\"\\\\\\/\"}", "a=A\n\"\\/", 0 },
	{ "{\"\\u0061\":{\"\\u0062\":1}}", "a.b=1", 0 },
	{ "{\"a\":\"\\u1ea1\\u20ac\"}", "a=\xe1\xba\xa1\xe2\x82\xac", 0 },
	{ "{\"a\":\"\\ud83d\\ude00\"}", "a=\xf0\x9f\x98\x80", 0 },
	{ "{\"a\":\"\\ud83d!\"}", "a=\xef\xbf\xbd!", 0 },
	{ "{\"a\":\"\\ude00\"}", "a=\xef\xbf\xbd", 0 },
	{ "{\"a\":\"\\ud83d\\u0041\"}",
	  "a=\xef\xbf\xbd"
	  "A",
	  0 },
	{ "{\"a\":\"12345678901234567890 more than a word\"}",
	  "a=12345678901234567890 more than a word", 0 },
	{ "\"x\"", "message=x", 0 },
	{ "[1,2]", "message=1|message=2", 0 },
	{ "{\"a\":1", NULL, 6 },
	{ "{\"a\" 1}", NULL, 5 },
	{ "{\"a\":1,}", NULL, 7 },
	{ "{a:1}", NULL, 1 },
	{ "{\"a\":01}", NULL, 6 },
	{ "{\"a\":+1}", NULL, 5 },
	{ "{\"a\":1.}", NULL, 7 },
	{ "{\"a\":.5}", NULL, 5 },
	{ "{\"a\":1e}", NULL, 7 },
	{ "{\"a\":tru}", NULL, 8 },
	{ "{\"a\":\"\\x\"}", NULL, 7 },
	{ "{\"a\":\"\\u12g4\"}", NULL, 10 },
	{ "{\"a\":\"line\nend\"}", NULL, 10 },
	{ "{\"a\":1} x", NULL, 8 },
	{ "[1,,2]", NULL, 3 },
	{ "", NULL, 0 },
	{ "{\"a\":'x'}", NULL, 5 },
};

static const struct {
	const char *in, *name, *bare, *val;
} envelopes[] = {
	{ "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"P\"}},\"EventID\":1}}}",
	  "Event.System.Provider_Name", "Provider_Name", "P" },
	{ "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"P\"}},\"EventID\":1}}}",
	  "Event.System.EventID", "EventID", "1" },
	{ "{\"Event\":{\"System\":{\"EventID\":{\"#attributes\":{\"Qualifiers\":0},\"#text\":104}}}}",
	  "Event.System.EventID", "EventID", "104" },
	{ "{\"Event\":{\"System\":{\"Provider_attributes\":{\"Name\":\"P\"}}}}",
	  "Event.System.Provider_Name", "Provider_Name", "P" },
	{ "{\"Event\":{\"EventData\":{\"Image\":\"C:\\\\x\"}}}", "Event.EventData.Image", "Image",
	  "C:\\x" },
	{ "{\"Event\":{\"EventData\":{\"Threat Name\":\"T\"}}}", "Event.EventData.ThreatName",
	  "ThreatName", "T" },
	{ "{\"Event\":{\"EventData\":{\"Data\":{\"#text\":[\"a\",\"b\"]}}}}",
	  "Event.EventData.Data", "Data", "a" },
	{ "{\"Event\":{\"UserData\":{\"LogFileCleared\":{\"SubjectUserName\":\"u\"}}}}",
	  "Event.UserData.LogFileCleared.SubjectUserName", "SubjectUserName", "u" },
	{ "{\"winlog\":{\"event_data\":{\"Image\":\"x\"}}}", "winlog.event_data.Image", "Image",
	  "x" },
	{ "{\"winlogbeat_winlog_event_data_Image\":\"x\"}", "winlogbeat_winlog_event_data_Image",
	  "Image", "x" },
	{ "{\"_Image\":\"x\"}", "_Image", "Image", "x" },
	{ "{\"_path\":\"x\"}", "_path", "_path", "x" },
	{ "{\"winlog\":{\"channel\":\"Security\"}}", "winlog.channel", "winlog.channel",
	  "Security" },
	{ "{\"data\":{\"win\":{\"eventdata\":{\"image\":\"x\"}}}}", "data.win.eventdata.image",
	  "image", "x" },
	{ "{\"data\":{\"win\":{\"eventdata\":{\"commandLine\":\"\\\\\\\"C:\\\\\\\\a b\\\\\\\"\"}}}}",
	  "data.win.eventdata.commandLine", "commandLine", "\"C:\\a b\"" },
	{ "{\"alert\":{\"signature\":\"x\"}}", "alert.signature", "alert.signature", "x" },
};

static void test_cases(void)
{
	char got[4096];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct err why = { 0 };
		size_t n = 0;

		begin();
		b.a = &a;
		bool ok = json_fields(&b, str_of(cases[i].in), &why);
		if (!CHECK(cases[i].in, ok == (cases[i].fields != NULL)))
			continue;
		if (!ok) {
			CHECK(cases[i].in, why.kind == ERR_INPUT && why.at == cases[i].at);
			continue;
		}
		got[0] = '\0';
		for (uint32_t k = 0; k < b.n; k++)
			n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s=%.*s",
					      k > 0 ? "|" : "", STR_ARG(b.f[k].name),
					      STR_ARG(b.f[k].val));
		CHECK(cases[i].in, strcmp(got, cases[i].fields) == 0);
	}
}

static void test_envelopes(void)
{
	for (size_t i = 0; i < COUNT(envelopes); i++) {
		struct arena a = { mem, mem + sizeof mem };
		bool found = false;

		begin();
		b.a = &a;
		if (!CHECK(envelopes[i].in, json_fields(&b, str_of(envelopes[i].in), NULL)))
			continue;
		for (uint32_t k = 0; k < b.n && !found; k++)
			found = str_eq(b.f[k].name, str_of(envelopes[i].name)) &&
				str_eq(field_bare(&b.f[k]), str_of(envelopes[i].bare)) &&
				str_eq(b.f[k].val, str_of(envelopes[i].val));
		CHECK(envelopes[i].in, found);
	}
}

static void test_limits(void)
{
	static char deep[2 * JSON_MAX_DEPTH + 8], many[1 << 16];
	struct arena a = { mem, mem + sizeof mem };
	struct err why = { 0 };
	size_t n = 0;

	memset(deep, '[', JSON_MAX_DEPTH);
	memset(deep + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
	begin();
	b.a = &a;
	CHECK("deepest", json_fields(&b, (struct str){ deep, (size_t)2 * JSON_MAX_DEPTH }, &why));
	memset(deep, '[', JSON_MAX_DEPTH + 1);
	CHECK("too deep", !json_fields(&b, (struct str){ deep, JSON_MAX_DEPTH + 1 }, &why) &&
				  why.kind == ERR_LIMIT && why.at == JSON_MAX_DEPTH);
	many[n++] = '[';
	while (n < sizeof many - 4) {
		many[n++] = '1';
		many[n++] = ',';
	}
	many[n++] = '1';
	many[n++] = ']';
	begin();
	CHECK("too many fields", json_fields(&b, (struct str){ many, n }, NULL) &&
					 b.n == EVENT_MAX_FIELDS && b.ev.partial);
	struct arena none = { mem, mem };
	begin();
	b.a = &none;
	CHECK("no room", json_fields(&b, STR("{\"a\":{\"b\":\"\\n\"}}"), NULL) && b.ev.partial);
}

static void test_extent(void)
{
	size_t end = 0;

	CHECK("whole", json_extent(STR("{\"a\":[1]} rest"), &end) == JSON_WHOLE && end == 9);
	CHECK("more", json_extent(STR("{\"a\":[1"), &end) == JSON_MORE);
	CHECK("more in a word", json_extent(STR("{\"a\":tr"), &end) == JSON_MORE);
	CHECK("more in an escape", json_extent(STR("{\"a\":\"\\u00"), &end) == JSON_MORE);
	CHECK("bad", json_extent(STR("{\"a\":[1}"), &end) == JSON_BAD);
}

/* json-suite: y_ is accepted, n_ is refused, i_ may be either but must end. */
static bool suite_file(void *ctx, const char *path, const char *name)
{
	struct arena whole, a;
	struct str text;
	struct err why = { 0 };

	(void)ctx;
	if (!arena_reserve(&whole, (size_t)16 << 20))
		return false;
	a = whole;
	if (CHECK(name, file_load(&a, AT_FDCWD, path, (size_t)1 << 20, &text, &why))) {
		begin();
		b.a = &a;
		bool ok = json_fields(&b, text, &why);

		CHECK(name, name[0] == 'i' || ok == (name[0] == 'y'));
		CHECK(name, ok || (why.kind != ERR_NONE && why.at <= text.n));
	}
	arena_release(whole);
	return true;
}

static void test_suite(void)
{
	char path[4096];

	if (test_corpus() == NULL) {
		test_skip("json-suite", "CANH_CORPUS is not set");
		return;
	}
	unsigned before = test_passed;
	snprintf(path, sizeof path, "%s/json-suite/test_parsing", test_corpus());
	CHECK("json-suite", file_walk(path, &(struct walk){ .fn = suite_file }));
	CHECK("json-suite is there", test_passed > before + 300);
}

/* Each byte at each place of texts about as wide as what is looked at at once. */
static void test_plain(void)
{
	char text[64];

	for (size_t n = 1; n <= sizeof text; n++)
		for (size_t at = 0; at < n; at++)
			for (unsigned c = 0; c < 256; c++) {
				bool ends = c == '"' || c == '\\' || c < 0x20;

				memset(text, 'a', sizeof text);
				text[at] = (char)c;
				char copy[sizeof text + JSON_SLACK];
				size_t to = json_copy_plain((struct str){ text, n }, 0, copy);

				CHECK("copied up to there",
				      to == (c == '\\' ? at : n) && memcmp(copy, text, to) == 0);
				CHECK("ends where it must",
				      json_plain((struct str){ text, n }, 0) == (ends ? at : n));
			}
}

int main(void)
{
	test_cases();
	test_envelopes();
	test_limits();
	test_extent();
	test_suite();
	test_plain();
	return TEST_REPORT();
}
