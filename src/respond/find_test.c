/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A search by common words looks at so many alerts a page and no more, and finds all the same: page by
 * page, each from where the one before stopped.
 */
#include "respond/find_int.h"

#include "base/num.h"
#include "respond/house_test.h"

enum { ALERTS = 4500, WALK = 2000, FACETS_WALK = 50, BOTH = 4 };
/* From the newest, from 0: at the first look, at the bound, behind it, at the very end. */
static const int both[BOTH] = { 7, WALK - 1, WALK, ALERTS - 1 };

static struct house h;
static struct scope part; /* the own unit, as a role over a part would have it */

/* Alert n, counted from the newest, was last seen at ALERTS - n; its clock ends in the same order. */
static void fill(void)
{
	static const char alerts[] =
		"WITH RECURSIVE k(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM k WHERE n + 1 < $1)"
		" INSERT INTO alerts (id, number, unit, state, severity, group_key, title_vi,"
		" title_en, rule, rule_title, rule_level, rule_kind, tags_json, matched, count,"
		" first_seen, last_seen, exercise, channel, opened, changed, urgency)"
		" SELECT printf('%08x-0000-7000-8000-000000000000', $1 - n), n + 1,"
		" (SELECT id FROM units WHERE parent IS NULL), 'new', 'high', 'g', 'v', 'e', 'r',"
		" 't', 'high', 'sigma', '[]', '', 1, 0, $1 - n, 0, 'rule', 0, 0, n FROM k";
	static const char words[] =
		"INSERT INTO alert_words (word, alert) SELECT CASE number % 2 WHEN 1 THEN 'alpha'"
		" ELSE 'beta' END, id FROM alerts";
	static const char other[] = "INSERT INTO alert_words (word, alert) SELECT CASE number % 2"
				    " WHEN 0 THEN 'alpha' ELSE 'beta' END, id FROM alerts"
				    " WHERE number = $1 + 1";
	static const char counts[] =
		"INSERT INTO alert_counts (unit, site, state, severity, exercise, n)"
		" SELECT unit, '', 'new', 'high', 0, count(*) FROM alerts GROUP BY unit";

	CHECK("begin", db_begin(h.db, NULL));
	CHECK("alerts", db_run(h.db, alerts, DB_VALS(V_INT(ALERTS)), NULL));
	CHECK("words", db_run(h.db, words, NULL, 0, NULL));
	for (size_t i = 0; i < BOTH; i++)
		CHECK("both", db_run(h.db, other, DB_VALS(V_INT(both[i])), NULL));
	CHECK("counts", db_run(h.db, counts, NULL, 0, NULL));
	CHECK("done", db_commit(h.db, NULL));
	CHECK("so many", house_number(&h, "SELECT count(*) FROM alerts") == ALERTS);
}

static const struct {
	const char *name;
	bool by_clock, filter, of_part;
	const char *q;
	int step;  /* alerts that one page looks at */
	int pages; /* that it takes */
	int found;
} cases[] = {
	{ "one facet", false, true, false, "alpha beta", WALK, 3, BOTH },
	{ "by clock", true, true, false, "alpha beta", WALK, 3, BOTH },
	{ "all facets", false, false, false, "alpha beta", FACETS_WALK, 90, BOTH },
	{ "a part of the units", false, true, true, "alpha beta", WALK, 3, BOTH },
	{ "a full page ends before the bound", false, true, false, "alpha", 200, 23,
	  ALERTS / 2 + 3 }, /* one of `both` had it anyhow */
};

/* How many alerts lie behind the one that a cursor names, the way it goes; -1: it names none. */
static int place_of(const char *cursor)
{
	struct str rest = str_skip(str_of(cursor), 1), key;
	int64_t k;

	if (!str_split(&rest, '.', &key) || !num_parse_i64(key, 0, ALERTS, &k))
		return -1;
	return cursor[0] == 'c' ? (int)k : (int)(ALERTS - k);
}

static void walk(size_t i)
{
	char cursor[ALERT_CURSOR_MAX] = "";
	int at = -1, pages = 0, found = 0;

	do {
		struct alert_wish w = { .q = str_of(cases[i].q),
					.by_clock = cases[i].by_clock,
					.state = cases[i].filter ? STR("new") : STR(""),
					.severity = cases[i].filter ? STR("high") : STR(""),
					.exercise = cases[i].filter ? 0 : -1,
					.from = TIME_NONE,
					.to = TIME_NONE,
					.cursor = str_of(cursor),
					.scope = cases[i].of_part ? part : all };
		struct arena a = h.whole;
		struct found_page page = { .n = 0 };
		struct err why = { 0 };

		if (!CHECK(cases[i].name, alerts_find(h.db, &a, &w, &page, &why))) {
			printf("  %s\n", why.text);
			return;
		}
		found += (int)page.n;
		pages++;
		snprintf(cursor, sizeof cursor, "%s", page.next);
		if (cursor[0] == '\0')
			break;
		int now = place_of(cursor);
		/* it goes on, and by no more than the bound; a page that found nothing by all of it */
		CHECK(cases[i].name, now > at && now - at <= cases[i].step);
		CHECK(cases[i].name, page.n > 0 || now - at == cases[i].step);
		at = now;
	} while (pages <= ALERTS);
	if (!CHECK(cases[i].name, found == cases[i].found && pages >= cases[i].pages &&
					  pages <= cases[i].pages + 1))
		printf("  %d found on %d pages\n", found, pages);
}

int main(void)
{
	house_open(&h);
	CHECK("unit", state_unit(h.db, part.unit, NULL));
	fill();
	for (size_t i = 0; i < COUNT(cases); i++)
		walk(i);
	house_close(&h);
	return TEST_REPORT();
}
