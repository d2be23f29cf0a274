/* SPDX-License-Identifier: Apache-2.0 */
#include "govern/directive.h"

#include "base/file.h"
#include "base/test.h"
#include "govern/metrics.h"

#include <fcntl.h>

static struct arena whole;

#define HEAD                                                                 \
	"id: x\nnumber: \"1\"\nsymbol: A-B\nissuer: I\nissued: 2023-12-29\n" \
	"subject: {vi: a, en: b}\ncontrol: PT3H\nlacking:\n  why: {vi: c, en: d}\n"
#define MEASURE \
	"measures:\n  - id: 1.a\n    binds: [agency]\n    text: {vi: e, en: f}\n    checks:\n"
/* HEAD is nine lines, MEASURE five: a check stands on line 15. */

static const struct {
	const char *name, *yaml;
	size_t at; /* line of the fault; 0: fine */
	const char *says;
} cases[] = {
	{ "least", HEAD "measures:\n  - {id: a, binds: [provider], text: {vi: e, en: f}}\n", 0,
	  "" },
	{ "a metric that is", HEAD MEASURE "      - {metric: alerts.overdue, is: \"== 0\"}\n", 0,
	  "" },
	{ "one that is not, and says so",
	  HEAD MEASURE "      - {metric: a.b, is: \"== 0\", lacks: why, title: {vi: t, en: t}}\n",
	  0, "" },
	{ "one that is not", HEAD MEASURE "      - {metric: a.b, is: \"== 0\"}\n", 15,
	  "no metric" },
	{ "one that is not, without a title",
	  HEAD MEASURE "      - {metric: a.b, is: \"== 0\", lacks: why}\n", 15, "no metric" },
	{ "lacks something unnamed",
	  HEAD MEASURE "      - {metric: a.b, is: \"== 0\", lacks: more, title: {vi: t, en: t}}\n",
	  15, "lacking" },
	{ "severity missing",
	  HEAD MEASURE "      - {metric: alerts.acknowledged_in_time, is: \">= 1\"}\n", 15,
	  "severity" },
	{ "severity out of place",
	  HEAD MEASURE "      - {metric: alerts.overdue, of: {severity: high}, is: \"== 0\"}\n", 15,
	  "severity" },
	{ "unknown severity",
	  HEAD MEASURE
	  "      - {metric: alerts.acknowledged_in_time, of: {severity: huge}, is: \">= 1\"}\n",
	  15, "severity" },
	{ "list missing", HEAD MEASURE "      - {metric: infected.open, is: \"== 0\"}\n", 15,
	  "list" },
	{ "no comparison", HEAD MEASURE "      - {metric: alerts.overdue}\n", 15, "'is'" },
	{ "odd comparison", HEAD MEASURE "      - {metric: alerts.overdue, is: \"> 0\"}\n", 15,
	  ">=" },
	{ "no number", HEAD MEASURE "      - {metric: alerts.overdue, is: \"== none\"}\n", 15,
	  "number" },
	{ "no span", HEAD MEASURE "      - {metric: alerts.overdue, is: \"== 0\", fresh: soon}\n",
	  15, "span" },
	{ "unknown key in a check",
	  HEAD MEASURE "      - {metric: alerts.overdue, is: \"== 0\", then: green}\n", 15,
	  "then" },
	{ "unknown key", HEAD "more: 1\nmeasures: []\n", 10, "more" },
	{ "no measures", HEAD, 1, "measures" },
	{ "measures empty", HEAD "measures: []\n", 10, "measures" },
	{ "binds nobody", HEAD "measures:\n  - {id: a, binds: [], text: {vi: e, en: f}}\n", 11,
	  "agency" },
	{ "binds somebody else", HEAD "measures:\n  - {id: a, binds: [me], text: {vi: e, en: f}}\n",
	  11, "agency" },
	{ "one language", HEAD "measures:\n  - {id: a, binds: [agency], text: {vi: e}}\n", 11,
	  "'vi'" },
	{ "twice the same",
	  HEAD "measures:\n  - {id: a, binds: [agency], text: {vi: e, en: f}}\n"
	       "  - {id: a, binds: [agency], text: {vi: e, en: f}}\n",
	  12, "twice" },
	{ "no day", "id: x\nissued: yesterday\n", 2, "day" },
	{ "not a map", "- a\n", 1, "map" },
	{ "empty", "", 1, "map" },
	{ "no YAML", "a: [", 1, "" },
	{ "dialable without a word",
	  HEAD "contacts:\n  - {name: {vi: a, en: b}, dialable: maybe}\n"
	       "measures: []\n",
	  11, "true" },
	{ "slip is no map", HEAD "slip: [a]\nmeasures: []\n", 10, "map" },
};

static void table(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = whole;
		struct directive d;
		struct err why = { .kind = ERR_NONE };
		bool ok = directive_parse(&a, str_of(cases[i].yaml), &d, &why);

		CHECK(cases[i].name, ok == (cases[i].at == 0));
		bool line = ok || cases[i].says[0] == '\0' || why.at == cases[i].at;
		if (!CHECK(cases[i].name, line && strstr(why.text, cases[i].says) != NULL))
			printf("  line %zu: %s\n", why.at, why.text);
	}
}

/* --- what is shipped --- */

static const char *const ids[] = { "1.a", "1.b", "1.c", "1.d", "1.đ", "1.e",
				   "1.g", "2.a", "2.b", "2.c", "3",   "slip" };

static void shipped(void)
{
	char folder[512];
	const char *source = getenv("CANH_SOURCE");
	struct arena a = whole;
	struct directives all;
	struct err why = { .kind = ERR_NONE };

	snprintf(folder, sizeof folder, "%s/content/directives", source != NULL ? source : ".");
	if (!CHECK("load", directives_load(&a, folder, &all, &why))) {
		printf("  %s\n", why.text);
		return;
	}
	const struct directive *d = directive_find(&all, STR("6410-2023"));
	if (!CHECK("found", d != NULL))
		return;
	CHECK("number", str_eq(d->number, STR("6410")) && str_eq(d->symbol, STR("BTTTT-CATTT")));
	CHECK("as it was read", str_eq(d->number_read, STR("640/BTTTT-CATTT")));
	CHECK("a week on the way", d->arrived - d->issued == 7 * TIME_DAY);
	CHECK("addressees", d->n_addressees == 6 && d->n_copies == 16);
	CHECK("letters", d->n_letters == 3 && d->letters[2].number.n == 0 &&
				 str_eq(d->letters[0].number, STR("1943/CATTT-NCSC")) &&
				 str_eq(d->letters[1].number, STR("2216/CATTT-NCSC")));
	CHECK("contacts", d->n_contacts == 2);
	for (size_t i = 0; i < d->n_contacts; i++)
		CHECK("not dialable",
		      !d->contacts[i].dialable && d->contacts[i].verified_on == d->issued);
	CHECK("slip", d->n_slip == 26 && slip_value(d, "DueDate").n == 0 &&
			      str_eq(slip_value(d, "ArrivalDate"), STR("2024-01-05")) &&
			      slip_value(d, "NoSuchField").n == 0);
	CHECK("measures", d->n_measures == COUNT(ids));
	for (size_t i = 0; i < COUNT(ids) && i < d->n_measures; i++) {
		CHECK(ids[i], str_eq(d->measures[i].id, str_of(ids[i])));
		CHECK(ids[i], d->measures[i].n_checks > 0);
		CHECK(ids[i], (d->measures[i].binds == BIND_PROVIDER) == (ids[i][0] == '2'));
	}
}

static void every_metric_is_used(void)
{
	char path[512];
	const char *source = getenv("CANH_SOURCE");
	struct arena a = whole;
	struct str text;

	snprintf(path, sizeof path, "%s/content/directives/6410-2023.yaml",
		 source != NULL ? source : ".");
	CHECK("file", file_load(&a, AT_FDCWD, path, DIRECTIVE_MAX_BYTES, &text, NULL));
	for (size_t i = 0; i < n_metrics; i++)
		CHECK(metrics[i].name, str_find(text, str_of(metrics[i].name)) < text.n);
}

int main(void)
{
	if (!arena_reserve(&whole, 256 << 20))
		return 1;
	table();
	shipped();
	every_metric_is_used();
	arena_release(whole);
	return TEST_REPORT();
}
