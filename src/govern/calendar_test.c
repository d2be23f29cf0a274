/* SPDX-License-Identifier: Apache-2.0 */
/* Days worked: the file, the shipped years, what is not certain, what is kept over a bad file. */
#include "govern/calendar.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/test.h"
#include "state/ledger.h"
#include "state/state.h"

#include <fcntl.h>

static struct arena whole;
static struct calendar shipped;
static struct calendar_texts shipped_texts;

static int64_t day(const char *text)
{
	int64_t t = TIME_NONE;

	CHECK(text, time_parse_date(str_of(text), &t));
	return t;
}

static void load_shipped(void)
{
	const char *source = getenv("CANH_SOURCE");
	char path[512];
	struct err why = { 0 };

	snprintf(path, sizeof path, "%s/content/calendar", source != NULL ? source : ".");
	if (!CHECK("shipped", calendar_load(&whole, path, &shipped_texts, &shipped, &why))) {
		printf("  %s\n", why.text);
		exit(1);
	}
	CHECK("2023 to 2027",
	      shipped.n_years == 5 && shipped.year[0].year == 2023 && shipped.year[4].year == 2027);
}

#define HEAD "year: 2024\nweek: [mon, tue]\n"
#define NAME "name: {vi: a, en: b}, "

/* What is wrong is named with its line; 0: nothing is. */
static const struct {
	const char *name, *yaml, *says;
	size_t line;
} texts[] = {
	{ "whole",
	  HEAD "off:\n  - {days: 2024-02-08/2024-02-14, " NAME "confirmed: true}\n"
	       "worked:\n  - {day: 2024-05-04, instead_of: 2024-04-29, " NAME "confirmed: false}\n",
	  "", 0 },
	{ "only a week", HEAD, "", 0 },
	{ "empty", "", "'year' is missing", 1 },
	{ "two documents", HEAD "---\n" HEAD, "one document", 4 },
	{ "no year", "week: [mon]\n", "'year' is missing", 1 },
	{ "no week", "year: 2024\n", "'week' is missing", 1 },
	{ "a year that is none", "year: soon\nweek: [mon]\n", "a year such as", 1 },
	{ "a week of nothing", "year: 2024\nweek: []\n", "days of the week", 2 },
	{ "a day that is none", "year: 2024\nweek: [mon, noday]\n", "days of the week", 2 },
	{ "more keys", HEAD "more: 1\n", "unknown key 'more'", 3 },
	{ "no list", HEAD "off: 3\n", "expected a list", 3 },
	{ "another year", HEAD "off:\n  - {days: 2025-01-01, " NAME "confirmed: true}\n",
	  "days of that year", 4 },
	{ "into another year",
	  HEAD "off:\n  - {days: 2024-12-31/2025-01-01, " NAME "confirmed: true}\n",
	  "days of that year", 4 },
	{ "backwards", HEAD "off:\n  - {days: 2024-02-14/2024-02-08, " NAME "confirmed: true}\n",
	  "days of that year", 4 },
	{ "a third of the year",
	  HEAD "off:\n  - {days: 2024-01-01/2024-04-30, " NAME "confirmed: true}\n",
	  "days of that year", 4 },
	{ "no such day", HEAD "off:\n  - {days: 2024-02-30, " NAME "confirmed: true}\n",
	  "days of that year", 4 },
	{ "without a name", HEAD "off:\n  - {days: 2024-02-08, confirmed: true}\n",
	  "'name' is missing", 4 },
	{ "a name in one language",
	  HEAD "off:\n  - {days: 2024-02-08, name: {vi: a}, confirmed: true}\n", "'vi' and 'en'",
	  4 },
	{ "not said whether confirmed", HEAD "off:\n  - {days: 2024-02-08, name: {vi: a, en: b}}\n",
	  "'confirmed' is missing", 4 },
	{ "confirmed by half", HEAD "off:\n  - {days: 2024-02-08, " NAME "confirmed: half}\n",
	  "true or false", 4 },
	{ "in exchange for nothing",
	  HEAD "worked:\n  - {day: 2024-05-04, " NAME "confirmed: true}\n",
	  "'instead_of' is missing", 4 },
	{ "in exchange for another year",
	  HEAD "worked:\n  - {day: 2024-05-04, instead_of: 2023-04-29, " NAME "confirmed: true}\n",
	  "a day of that year", 4 },
};

static void read_texts(void)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct calendar c = { .n_years = 0 };
		struct err why = { 0 };
		bool ok = calendar_parse(whole, str_of(texts[i].yaml), &c, &why);

		CHECK(texts[i].name, ok == (texts[i].line == 0));
		if (!ok && !CHECK(texts[i].name, why.at == texts[i].line &&
							 strstr(why.text, texts[i].says) != NULL))
			printf("  line %zu: %s\n", why.at, why.text);
		CHECK(texts[i].name, ok || (c.n_years == 0 && c.n_days == 0));
	}
	struct calendar twice = shipped;
	struct err why = { 0 };

	CHECK("a year twice", !calendar_parse(whole, str_of(HEAD), &twice, &why) &&
				      strstr(why.text, "2024 stands twice") != NULL);
}

static const struct {
	const char *day;
	enum workday want;
} days[] = {
	{ "2024-01-01", WORKDAY_OFF },     { "2024-01-02", WORKDAY_WORKED },
	{ "2024-01-06", WORKDAY_OFF }, /* a Saturday */
	{ "2024-02-08", WORKDAY_UNSURE },  { "2024-02-10", WORKDAY_OFF },
	{ "2024-02-14", WORKDAY_UNSURE },  { "2024-02-15", WORKDAY_WORKED },
	{ "2024-04-29", WORKDAY_UNSURE },  { "2024-05-04", WORKDAY_UNSURE },
	{ "2026-02-17", WORKDAY_OFF },     { "2026-11-23", WORKDAY_WORKED },
	{ "2027-02-06", WORKDAY_OFF },     { "2022-12-30", WORKDAY_UNKNOWN },
	{ "2028-01-03", WORKDAY_UNKNOWN },
};

static const struct {
	const char *from, *to;
	int64_t least, most; /* -1: not known */
} spans[] = {
	{ "2024-01-05", "2024-01-05", 0, 0 },   { "2024-01-05", "2024-01-08", 1, 1 },
	{ "2023-12-29", "2024-01-05", 4, 4 },   { "2024-01-05", "2024-01-09", 2, 2 },
	{ "2024-02-07", "2024-02-15", 1, 6 },   { "2024-05-03", "2024-05-06", 1, 2 },
	{ "2027-12-31", "2028-01-03", -1, -1 }, { "2024-01-05", "2024-01-04", 0, 0 },
};

static void count_days(void)
{
	for (size_t i = 0; i < COUNT(days); i++)
		CHECK(days[i].day, calendar_day(&shipped, day(days[i].day)) == days[i].want);
	for (size_t i = 0; i < COUNT(spans); i++) {
		int64_t least = -1, most = -1;
		struct err why = { 0 };
		bool ok = calendar_count(&shipped, day(spans[i].from), day(spans[i].to), &least,
					 &most, &why);

		CHECK(spans[i].from, ok == (spans[i].least >= 0));
		CHECK(spans[i].from, ok || strstr(why.text, "2028") != NULL);
		if (!CHECK(spans[i].to, least == spans[i].least && most == spans[i].most))
			printf("  %jd to %jd\n", (intmax_t)least, (intmax_t)most);
	}
}

/* A day in exchange that is certain is worked, though it is a Saturday; the other is off. */
static void exchanged(void)
{
	struct calendar c = { .n_years = 0 };

	CHECK("read", calendar_parse(whole,
				     STR("year: 2024\nweek: [mon, tue, wed, thu, fri]\nworked:\n"
					 "  - {day: 2024-05-04, instead_of: 2024-04-29, " NAME
					 "confirmed: true}\n"),
				     &c, NULL));
	CHECK("worked", calendar_day(&c, day("2024-05-04")) == WORKDAY_WORKED);
	CHECK("off", calendar_day(&c, day("2024-04-29")) == WORKDAY_OFF);
}

static void kept(void)
{
	char dir[] = "/tmp/canh-calendar-XXXXXX", keys[64], path[96];
	struct calendar c = { .n_years = 0 };
	struct calendar_texts t = { .n = 0 };
	struct err why = { 0 };
	int64_t n = -1;

	CHECK("folder", crypt_init(NULL) && mkdtemp(dir) != NULL);
	snprintf(keys, sizeof keys, "%s/keys", dir);
	CHECK("keys", dir_make(keys, 0700, NULL));
	struct db *db = state_open(dir, DB_CREATE, NULL);
	struct ledger_key *key = ledger_key_load(keys, NULL);
	if (!CHECK("state", db != NULL && key != NULL && ledger_attach(db, key, NULL)))
		return;
	CHECK("never", !calendar_get(db, whole, &c, &why) && why.kind == ERR_ABSENT);
	CHECK("put", calendar_put(db, &shipped_texts, "canh", NULL) &&
			     calendar_put(db, &shipped_texts, "canh", NULL));
	CHECK("one entry", db_number(db,
				     "SELECT count(*) FROM ledger_entries"
				     " WHERE kind = 'calendar.changed'",
				     NULL, 0, &n, NULL) &&
				   n == 1);
	CHECK("got", calendar_get(db, whole, &c, NULL) && c.n_years == shipped.n_years &&
			     c.n_days == shipped.n_days);
	snprintf(path, sizeof path, "%s/calendar", dir);
	CHECK("bad file", dir_make(path, 0700, NULL));
	snprintf(path, sizeof path, "%s/calendar/2024.yaml", dir);
	CHECK("bad file", file_save(AT_FDCWD, path, STR("year: 2024\nweek: [day]\n"), 0600, NULL));
	snprintf(path, sizeof path, "%s/calendar", dir);
	CHECK("named", !calendar_load(&whole, path, &t, &c, &why) &&
			       strstr(why.text, "2024.yaml line 2") != NULL && t.n == 0);
	db_close(db);
	ledger_key_free(key);
	CHECK("tidy", test_remove(dir));
}

int main(void)
{
	if (!arena_reserve(&whole, 64 << 20))
		return 1;
	load_shipped();
	read_texts();
	count_days();
	exchanged();
	kept();
	arena_release(whole);
	return TEST_REPORT();
}
