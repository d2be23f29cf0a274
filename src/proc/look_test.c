/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_test.c - what is told of a file, of a log that hits as of one that is hostile: read with a rule and a
 * list that the loader made.
 */
#include "proc/look.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/test.h"
#include "event/event.h"
#include "event/evtx_make_xml.h"
#include "proc/loader.h"
#include "proc/test_put.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

static char folder[64];
static struct arena scratch;
static struct wits *wits;

#define RULE                                                                      \
	"title: A word\nid: 6d9f2a50-0000-4000-8000-000000000001\nlevel: high\n"  \
	"logsource: {product: windows, category: process_creation}\ndetection:\n" \
	"  sel: {CommandLine|contains: alpha}\n  condition: sel\n"
#define TWICE                                                                         \
	"title: Part\nname: part\nid: 6d9f2a50-0000-4000-8000-000000000002\n"         \
	"logsource: {product: windows, category: process_creation}\ndetection:\n"     \
	"  sel: {CommandLine|contains: gamma}\n  condition: sel\n---\ntitle: Twice\n" \
	"id: 6d9f2a50-0000-4000-8000-000000000003\nlevel: critical\ncorrelation:\n"   \
	"  type: event_count\n  rules: [part]\n  group-by: [Computer]\n"              \
	"  timespan: 1m\n  condition: {gte: 2}\n"
#define EVENT(sec, word)                                                                    \
	"{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"Computer\":" \
	"\"pc-01\",\"UtcTime\":\"2026-11-22 10:00:" sec ".000\",\"CommandLine\":\"x " word "\"}\n"
#define PLAIN                                                                         \
	"<38>1 2026-11-22T09:59:58Z web01 sshd 12 - - Failed password for root from " \
	"203.0.113.7 port 22 ssh2\n"

static void put(const char *name, const char *text)
{
	test_put(folder, name, text);
}

static bool load(void)
{
	static char data[80], content[80];
	static struct config c = { .zone = STR("Asia/Ho_Chi_Minh") };
	struct buf told = BUF(1 << 20);
	struct err why = { 0 };

	snprintf(data, sizeof data, "%s/data", folder);
	snprintf(content, sizeof content, "%s/content", folder);
	c.data = str_of(data);
	c.content = str_of(content);
	put("content/sigma/logsources/windows.yaml",
	    "- product: windows\n  category: process_creation\n  events:\n"
	    "    - when: {EventID: 1}\n");
	put("content/rules/alpha.yml", RULE);
	put("content/rules/twice.yml", TWICE);
	put("data/lists/bad.list", "203.0.113.7\t1\ta note\n");
	bool ok = loader_make(&c,
			      STR("{\"ranges\":{\"public_ranges\":[]},\"lists\":[{\"id\":\"bad\","
				  "\"name\":\"Bad\",\"kind\":\"c2\"}],\"exceptions\":[]}"),
			      &told, &wits, &why);
	buf_free(&told);
	if (!ok)
		printf("%s\n", why.text);
	return CHECK("made", ok);
}

/* What is told of the bytes. */
static struct json *look_into(const char *name, struct str bytes)
{
	struct look *l = look_new(wits, 0);
	struct buf out = BUF(16 << 20);
	struct jsonw w = { .out = &out };
	struct json *j = NULL;

	if (!CHECK(name, l != NULL))
		exit(1);
	look_at(l, scratch, bytes);
	jsonw_open(&w, '{');
	look_write(l, &w);
	jsonw_close(&w, '}');
	look_free(l);
	CHECK(name, json_parse(buf_str(&out), 16 << 20, &j, NULL));
	buf_free(&out);
	return j;
}

static int64_t number(const struct json *j, const char *key)
{
	int64_t n = -1;

	return json_int(json_get(j, key), &n) ? n : -1;
}

static struct str in_first(const struct json *j, const char *of, const char *key)
{
	return json_get_str(json_at(json_get(j, of), 0), key);
}

/* --- logs --- */

static void check_hits(void)
{
	struct json *j = look_into("log", STR(EVENT("01", "alpha") "\n" EVENT("31", "beta")
						      EVENT("59", "alpha") PLAIN "not a record\n"));
	const struct json *groups = json_get(j, "groups"), *rule = json_at(groups, 0),
			  *hits = json_get(rule, "hits"), *bad = json_get(j, "not_understood"),
			  *line = json_get(j, "timeline");

	CHECK("records", number(j, "records") == 5 && number(j, "bad") == 1);
	CHECK("times", str_eq(json_get_str(j, "first"), STR("2026-11-22T09:59:58.000000Z")) &&
			       str_eq(json_get_str(j, "last"), STR("2026-11-22T10:00:59.000000Z")));
	CHECK("hits", number(j, "hits") == 3 && json_count(groups) == 2);
	CHECK("the worst first",
	      str_eq(json_get_str(rule, "severity"), STR("high")) && number(rule, "count") == 2);
	CHECK("rule", str_eq(json_get_str(json_get(rule, "rule"), "title"), STR("A word")));
	CHECK("where",
	      number(json_at(hits, 0), "line") == 1 && number(json_at(hits, 1), "line") == 4);
	CHECK("host", str_eq(json_get_str(json_at(hits, 0), "host"), STR("pc-01")));
	CHECK("text", str_starts(json_get_str(json_at(hits, 0), "text"), STR("{\"EventID\":1")));
	const struct json *list = json_at(groups, 1);
	CHECK("list", str_eq(json_get_str(json_get(list, "list"), "name"), STR("Bad")));
	CHECK("indicator", str_eq(in_first(list, "hits", "indicator"), STR("203.0.113.7")) &&
				   str_eq(in_first(list, "hits", "note"), STR("a note")));
	CHECK("not understood", json_count(bad) == 1 && number(json_at(bad, 0), "line") == 6);
	int64_t events = 0, n;
	for (size_t i = 0; i < json_count(json_get(line, "events")); i++)
		events += json_int(json_at(json_get(line, "events"), i), &n) ? n : 0;
	CHECK("timeline", events == 4 && number(j, "untimed") == 1);
	CHECK("in force", number(j, "rules") == 3 && number(j, "lists") == 1);
	json_free(j);
}

/* Two events that mean something together: told once, at the later one; by themselves they are not. */
static void check_correlation(void)
{
	struct json *j = look_into("twice", STR(EVENT("01", "gamma") EVENT("31", "gamma")));
	const struct json *group = json_at(json_get(j, "groups"), 0),
			  *hit = json_at(json_get(group, "hits"), 0);

	CHECK("one", number(j, "hits") == 1 && json_count(json_get(j, "groups")) == 1);
	CHECK("which", str_eq(json_get_str(json_get(group, "rule"), "title"), STR("Twice")));
	CHECK("where", number(hit, "record") == 2);
	CHECK("whose", str_eq(json_get_str(hit, "matched"), STR("Computer=pc-01")));
	CHECK("of how many", number(json_get(hit, "window"), "events") == 2);
	json_free(j);
}

static void check_capped(void)
{
	static char text[4000 * sizeof(PLAIN)];
	size_t n = 0;

	for (int i = 0; i < 4000; i++) {
		memcpy(text + n, PLAIN, sizeof PLAIN - 1);
		n += sizeof PLAIN - 1;
	}
	struct json *j = look_into("many", (struct str){ text, n });
	const struct json *list = json_at(json_get(j, "groups"), 0);

	CHECK("all are counted", number(j, "hits") == 4000 && number(list, "count") == 4000);
	CHECK("some are told", json_count(json_get(list, "hits")) == LOOK_SAMPLES);
	json_free(j);
}

static struct make m; /* a chunk of an event log */

static void leaf(struct str name, struct str text)
{
	make_open(&m, name, true);
	make_opened(&m, 0x02);
	make_text(&m, text);
	make_close(&m);
}

static void log_record(struct str command)
{
	make_record(&m);
	make_open(&m, STR("Event"), true);
	make_opened(&m, 0x02);
	make_open(&m, STR("System"), true);
	make_opened(&m, 0x02);
	leaf(STR("EventID"), STR("1"));
	leaf(STR("Channel"), STR("Microsoft-Windows-Sysmon/Operational"));
	leaf(STR("Computer"), STR("pc-02"));
	make_close(&m);
	make_open(&m, STR("EventData"), true);
	make_opened(&m, 0x02);
	make_open(&m, STR("Data"), false);
	make_attr(&m, STR("Name"));
	make_text(&m, STR("CommandLine"));
	make_opened(&m, 0x02);
	make_text(&m, command);
	while (m.depth > 0)
		make_close(&m);
	make_record_end(&m);
}

/* An event log, whole and cut off in its chunk. */
static void check_event_log(void)
{
	static unsigned char file[EVTX_HEAD_BYTES + EVTX_CHUNK_BYTES];
	const struct str all = { (char *)file, sizeof file };

	make_begin(&m);
	log_record(STR("x beta"));
	log_record(STR("x alpha"));
	uint32_t end = m.n;
	make_end(&m);
	make_file(file, 1);
	memcpy(file + EVTX_HEAD_BYTES, m.b, sizeof m.b);
	struct json *j = look_into("event log", all);
	const struct json *f = json_at(json_get(j, "files"), 0),
			  *hit = json_at(json_get(json_at(json_get(j, "groups"), 0), "hits"), 0);
	CHECK("records", number(j, "records") == 2 && number(j, "hits") == 1);
	CHECK("what it is", str_eq(json_get_str(f, "encoding"), STR("evtx")) &&
				    str_eq(in_first(j, "formats", "name"), STR("evtx")));
	CHECK("whole", json_get_str(json_get(f, "lost"), "en").n == 0);
	CHECK("where", number(hit, "record") == 2 && number(hit, "line") == -1);
	CHECK("host", str_eq(json_get_str(hit, "host"), STR("pc-02")));
	json_free(j);
	j = look_into("cut off", str_sub(all, 0, EVTX_HEAD_BYTES + end - 60));
	f = json_at(json_get(j, "files"), 0);
	CHECK("said of a log that was cut", json_get_str(json_get(f, "lost"), "en").n > 0);
	CHECK("what stands before is read", number(j, "records") >= 1);
	json_free(j);
}

/* --- what is no log --- */

static void check_hostile(void)
{
	static char huge[EVENT_MAX_RAW + 100], noise[70000];
	static const struct {
		const char *name;
		struct str bytes;
		int64_t records;
		bool lost;
	} cases[] = {
		{ "zeros", { noise, 5000 }, 0, true },
		{ "PNG", STR("\x89PNG\r\n\x1a\n1234567"), 0, true },
		{ "head of an event log", STR("ElfFile\0\0\0\0\0"), 0, true },
		{ "not quite gzip", STR("\x1f\x8b\x08\0\0\0\0\0\0\x03zzzz"), -1, true },
		{ "not UTF-8", STR("a\xff\xfe b\n"), 1, false },
		{ "blank lines", STR("\n\n\r\n  \n"), 0, false },
		{ "open brace", STR("{\"a\":{\"b\":"), 1, false },
		{ "one line too long", { huge, sizeof huge }, 2, false },
	};

	memset(huge, 'A', sizeof huge);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json *j = look_into(cases[i].name, cases[i].bytes);
		const struct json *f = json_at(json_get(j, "files"), 0);
		bool lost = json_get_str(json_get(f, "lost"), "en").n > 0 ||
			    json_get_str(json_get(j, "lost"), "en").n > 0;

		CHECK(cases[i].name,
		      cases[i].records < 0 || number(j, "records") == cases[i].records);
		CHECK(cases[i].name, lost == cases[i].lost);
		CHECK(cases[i].name, number(j, "hits") == 0);
		json_free(j);
	}
}

int main(void)
{
	struct err why = { 0 };

	snprintf(folder, sizeof folder, "/tmp/canh-look-XXXXXX");
	if (!crypt_init(&why) || mkdtemp(folder) == NULL ||
	    !arena_reserve(&scratch, (size_t)256 << 20) || !load())
		return 1;
	check_hits();
	check_correlation();
	check_capped();
	check_event_log();
	check_hostile();
	wits_free(wits);
	arena_release(scratch);
	CHECK("cleaned", test_remove(folder));
	return TEST_REPORT();
}
