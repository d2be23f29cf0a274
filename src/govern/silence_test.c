/* SPDX-License-Identifier: Apache-2.0 */
/* When a source is silent: the file, the calendar, the class by its formats; kept over a bad file. */
#include "govern/silence.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/test.h"
#include "state/ledger.h"
#include "state/state.h"

#include <fcntl.h>

static struct arena whole;
static struct silence shipped;
static struct zone *zone;
static struct str shipped_text;

static void load_shipped(void)
{
	const char *source = getenv("CANH_SOURCE");
	char path[512];
	struct err why = { 0 };

	snprintf(path, sizeof path, "%s/content/silence.yaml", source != NULL ? source : ".");
	if (!CHECK("shipped",
		   file_load(&whole, AT_FDCWD, path, SILENCE_BYTES, &shipped_text, &why) &&
			   silence_parse(whole, shipped_text, &shipped, &why))) {
		printf("  line %zu: %s\n", why.at, why.text);
		exit(1);
	}
	zone = zone_load(str_of(shipped.zone), &why);
	CHECK("zone", zone != NULL);
}

#define CLASSES                                                 \
	"classes:\n  server: {quiet: PT1H, expected: always}\n" \
	"  appliance: {quiet: PT15M, expected: always}\n"       \
	"  workstation: {quiet: PT4H, expected: working_hours}\n"
#define UNKNOWN "  unknown: {quiet: P1D, expected: always}\n"
#define INFER "infer: {appliance: [cef]}\n"
#define CALENDAR "calendar: {zone: UTC, working_hours: {mon: '08:00-12:00'}, holidays: [01-01]}\n"
#define BLIND "blind: {hunt_after: PT30M}\n"
#define CONTROLS                                                              \
	"controls:\n  rules: {every: PT1H, back_within: PT1M, again: PT5M}\n" \
	"  doors: {every: PT20H, back_within: PT1M, again: PT5M}\n  proved_for: P1D\n"

/* What is wrong is named with its line; 0: nothing is. */
static const struct {
	const char *name, *yaml, *says;
	size_t line;
} texts[] = {
	{ "whole", CLASSES UNKNOWN INFER CALENDAR CONTROLS BLIND, "", 0 },
	{ "not YAML", CLASSES "  {", "", 6 },
	{ "a class is missing", CLASSES INFER CALENDAR CONTROLS, "'unknown' is missing", 2 },
	{ "a class that is none", CLASSES "  toaster: {quiet: P1D, expected: always}\n", "toaster",
	  5 },
	{ "a part is missing", CLASSES UNKNOWN INFER CALENDAR, "'controls' is missing", 1 },
	{ "blind is missing", CLASSES UNKNOWN INFER CALENDAR CONTROLS, "'blind' is missing", 1 },
	{ "never hunted", "blind: {}\n", "'hunt_after' is missing", 1 },
	{ "a part that is none", CLASSES UNKNOWN "more: 1\n", "unknown key 'more'", 6 },
	{ "no span", "classes:\n  server: {quiet: soon, expected: always}\n", "span of time", 2 },
	{ "no time at all", "classes:\n  server: {quiet: PT0S, expected: always}\n", "span", 2 },
	{ "not quiet", "classes:\n  server: {expected: always}\n", "'quiet' is missing", 2 },
	{ "never expected", "classes:\n  server: {quiet: P1D, expected: never}\n", "'never'", 2 },
	{ "a key too many", "classes:\n  server: {quiet: P1D, expected: always, x: 1}\n", "'x'",
	  2 },
	{ "inferred unknown", "infer:\n  unknown: [cef]\n", "unknown key", 2 },
	{ "no zone", "calendar:\n  working_hours: {mon: '08:00-12:00'}\n", "'zone' is missing", 2 },
	{ "no hours", "calendar:\n  zone: UTC\n", "'working_hours' is missing", 1 },
	{ "no day", "calendar:\n  zone: UTC\n  working_hours: {moon: '08:00-12:00'}\n", "moon", 3 },
	{ "night first", "calendar:\n  zone: UTC\n  working_hours: {mon: '17:00-08:00'}\n",
	  "07:30-17:00", 3 },
	{ "half hours", "calendar:\n  zone: UTC\n  working_hours: {mon: '8-17'}\n", "07:30", 3 },
	{ "no holiday",
	  "calendar:\n  zone: UTC\n  working_hours: {mon: '08:00-12:00'}\n"
	  "  holidays: [02-30]\n",
	  "04-30", 4 },
	{ "backwards",
	  "calendar:\n  zone: UTC\n  working_hours: {mon: '08:00-12:00'}\n"
	  "  holidays: [2027-02-10/2027-02-04]\n",
	  "04-30", 4 },
	{ "half a range",
	  "calendar:\n  zone: UTC\n  working_hours: {mon: '08:00-12:00'}\n"
	  "  holidays: [02-04/2027-02-10]\n",
	  "04-30", 4 },
	{ "no pace",
	  "controls:\n  rules: {every: PT1H, back_within: PT1M, again: PT5M}\n"
	  "  proved_for: P1D\n",
	  "'doors' is missing", 2 },
	{ "half a pace",
	  "controls:\n  rules: {every: PT1H, again: PT5M}\n  doors: {}\n"
	  "  proved_for: P1D\n",
	  "'back_within' is missing", 2 },
};

static void parsing(void)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct silence s = { .n_holidays = 99 };
		struct err why = { 0 };
		bool ok = silence_parse(whole, str_of(texts[i].yaml), &s, &why);

		CHECK(texts[i].name, ok == (texts[i].line == 0));
		if (ok)
			continue;
		CHECK(texts[i].name, s.n_holidays == 99); /* untouched */
		if (!CHECK(texts[i].name, why.at == texts[i].line) ||
		    !CHECK(texts[i].name, strstr(why.text, texts[i].says) != NULL))
			printf("  line %zu: %s\n", why.at, why.text);
	}
}

static int64_t at(const char *text)
{
	int64_t t = 0;
	bool zoned;

	CHECK(text, time_parse_rfc3339(str_of(text), &t, &zoned) && zoned);
	return t;
}

/* 2026-11-20 is a Friday; times as the wall clock of the unit shows them. */
static const struct {
	const char *name;
	enum source_class class;
	const char *seen, *now;
	bool silent;
} moments[] = {
	{ "just heard", CLASS_SERVER, "2026-11-20T10:00:00+07:00", "2026-11-20T10:00:00+07:00", 0 },
	{ "in time", CLASS_SERVER, "2026-11-20T02:00:00+07:00", "2026-11-20T03:00:00+07:00", 0 },
	{ "at night too", CLASS_SERVER, "2026-11-20T02:00:00+07:00", "2026-11-20T03:00:01+07:00",
	  1 },
	{ "a firewall", CLASS_APPLIANCE, "2026-11-20T02:00:00+07:00", "2026-11-20T02:15:01+07:00",
	  1 },
	{ "nobody said", CLASS_UNKNOWN, "2026-11-20T02:00:00+07:00", "2026-11-21T02:00:00+07:00",
	  0 },
	{ "nobody said", CLASS_UNKNOWN, "2026-11-20T02:00:00+07:00", "2026-11-21T02:00:01+07:00",
	  1 },
	{ "over noon", CLASS_WORKSTATION, "2026-11-20T08:00:00+07:00", "2026-11-20T12:00:00+07:00",
	  0 },
	{ "over noon", CLASS_WORKSTATION, "2026-11-20T08:00:00+07:00", "2026-11-20T12:01:00+07:00",
	  1 },
	{ "over night", CLASS_WORKSTATION, "2026-11-19T17:00:00+07:00", "2026-11-20T11:30:00+07:00",
	  0 },
	{ "over night", CLASS_WORKSTATION, "2026-11-19T17:00:00+07:00", "2026-11-20T11:31:00+07:00",
	  1 },
	{ "the weekend", CLASS_WORKSTATION, "2026-11-20T17:00:00+07:00",
	  "2026-11-23T07:30:00+07:00", 0 },
	{ "monday noon", CLASS_WORKSTATION, "2026-11-20T17:00:00+07:00",
	  "2026-11-23T11:31:00+07:00", 1 },
	{ "a holiday", CLASS_WORKSTATION, "2026-12-31T17:00:00+07:00", "2027-01-01T23:00:00+07:00",
	  0 },
	{ "and after it", CLASS_WORKSTATION, "2026-12-31T17:00:00+07:00",
	  "2027-01-04T11:31:00+07:00", 1 },
	{ "for years", CLASS_WORKSTATION, "2020-01-01T00:00:00+07:00", "2026-11-20T02:00:00+07:00",
	  1 },
	{ "the clock was set back", CLASS_SERVER, "2026-11-20T10:00:00+07:00",
	  "2026-11-20T08:00:00+07:00", 0 },
};

static void judging(void)
{
	for (size_t i = 0; i < COUNT(moments); i++)
		CHECK(moments[i].name,
		      silence_is(&shipped, zone, moments[i].class, at(moments[i].seen),
				 at(moments[i].now)) == moments[i].silent);
	struct silence s = shipped;
	s.holiday[0].from = 20270204;
	s.holiday[0].to = 20270210;
	s.n_holidays = 1;
	CHECK("Tết", silence_expected(&s, zone, CLASS_WORKSTATION, at("2027-02-03T17:00:00+07:00"),
				      at("2027-02-11T07:00:00+07:00")) == 0);
	CHECK("not the year before",
	      silence_expected(&s, zone, CLASS_WORKSTATION, at("2026-02-04T00:00:00+07:00"),
			       at("2026-02-05T00:00:00+07:00")) ==
		      9 * TIME_HOUR + 30 * TIME_MINUTE);
}

/* What content/calendar/ says goes before the week; a day that may be off is none to be silent in. */
static void by_calendar(void)
{
	static const char year[] =
		"year: 2027\nweek: [mon, tue, wed, thu, fri]\n"
		"off:\n  - {days: 2027-03-01, name: {vi: a, en: b}, confirmed: true}\n"
		"  - {days: 2027-03-02, name: {vi: a, en: b}, confirmed: false}\n"
		"worked:\n  - {day: 2027-03-06, instead_of: 2027-03-03, name: {vi: a, en: b},"
		" confirmed: true}\n";
	static const struct {
		const char *day;
		int64_t minutes;
	} want[] = {
		{ "2027-02-26", 570 }, { "2027-02-27", 0 }, { "2027-03-01", 0 },
		{ "2027-03-02", 0 },   { "2027-03-03", 0 }, { "2027-03-04", 570 },
		{ "2027-03-06", 570 }, { "2027-03-07", 0 }, { "2028-03-01", 570 },
	};
	struct silence s = shipped;

	CHECK("calendar", calendar_parse(whole, str_of(year), &s.calendar, NULL));
	for (size_t i = 0; i < COUNT(want); i++) {
		char from[48];

		snprintf(from, sizeof from, "%sT00:00:00+07:00", want[i].day);
		CHECK(want[i].day,
		      silence_expected(&s, zone, CLASS_WORKSTATION, at(from),
				       at(from) + TIME_DAY) == want[i].minutes * TIME_MINUTE);
		CHECK("a server every day", silence_expected(&s, zone, CLASS_SERVER, at(from),
							     at(from) + TIME_DAY) == TIME_DAY);
	}
}

static const struct {
	const char *name;
	struct str formats[3];
	size_t n;
	enum source_class want;
} inferred[] = {
	{ "a firewall", { STR("kv"), STR("unparsed") }, 2, CLASS_APPLIANCE },
	{ "a web server", { STR("access"), STR("audit") }, 2, CLASS_SERVER },
	{ "a collector of both", { STR("kv"), STR("audit") }, 2, CLASS_UNKNOWN },
	{ "something else", { STR("kv"), STR("text") }, 2, CLASS_UNKNOWN },
	{ "nothing read", { STR("unparsed") }, 1, CLASS_UNKNOWN },
	{ "nothing", { STR("") }, 0, CLASS_UNKNOWN },
};

static void inferring(void)
{
	for (size_t i = 0; i < COUNT(inferred); i++)
		CHECK(inferred[i].name, silence_infer(&shipped, inferred[i].formats,
						      inferred[i].n) == inferred[i].want);
	CHECK("class", source_class_find(STR("workstation")) == CLASS_WORKSTATION);
	CHECK("no class", source_class_find(STR("toaster")) == SOURCE_CLASSES);
}

static void keeping(void)
{
	char dir[] = "/tmp/canh-silence-XXXXXX", keys[64];
	struct silence s;
	struct err why = { 0 };
	int64_t n = 0;

	if (!crypt_init(&why) || mkdtemp(dir) == NULL)
		abort();
	snprintf(keys, sizeof keys, "%s/keys", dir);
	CHECK("keys", dir_make(keys, 0700, NULL));
	struct db *db = state_open(dir, DB_CREATE, &why);
	struct ledger_key *key = ledger_key_load(keys, &why);
	CHECK("state", db != NULL && key != NULL && ledger_attach(db, key, &why));
	CHECK("never", !silence_get(db, whole, &s, &why) && why.kind == ERR_ABSENT);
	CHECK("put", silence_put(db, shipped_text, "canh", &why));
	CHECK("the same again", silence_put(db, shipped_text, "canh", &why));
	CHECK("one entry",
	      db_number(db, "SELECT count(*) FROM ledger_entries WHERE kind = 'silence.changed'",
			NULL, 0, &n, &why) &&
		      n == 1);
	CHECK("get", silence_get(db, whole, &s, &why));
	CHECK("as it was", s.class[CLASS_SERVER].quiet == TIME_HOUR && s.n_holidays == 4 &&
				   strcmp(s.zone, "Asia/Ho_Chi_Minh") == 0);
	db_close(db);
	ledger_key_free(key);
	CHECK("remove", test_remove(dir));
}

int main(void)
{
	if (!arena_reserve(&whole, 16 << 20))
		abort();
	load_shipped();
	parsing();
	judging();
	by_calendar();
	inferring();
	keeping();
	zone_free(zone);
	arena_release(whole);
	return TEST_REPORT();
}
