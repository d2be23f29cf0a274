/* SPDX-License-Identifier: Apache-2.0 */
/* Filters over rules, each with an event that goes or stays; correlations that find what they name or say
 * why not. */
#include "base/test.h"
#include "detect/rule_set.h"
#include "detect/test_event.h"

#define SOURCES                                                   \
	"- {category: a, events: [{when: {t: 1}}]}\n"             \
	"- {category: a, product: p, events: [{when: {t: 1}}]}\n" \
	"- {category: b, events: [{when: {t: 1}}]}\n"
#define RULE(id)                                                           \
	"title: x\nid: " id "\nname: n_" id "\nlogsource: {category: a}\n" \
	"detection: {s: {X: 1}, condition: s}\n---\n"
#define FILTER(rules, body) \
	"title: f\nlogsource: {category: a}\nfilter: {rules: " rules ", " body "}\n"

static const struct {
	const char *name, *text, *event;
	bool holds;
	size_t faults;
} filters[] = {
	{ "what it names is not told", RULE("r") FILTER("[r]", "s: {U: adm}, condition: s"),
	  "X=1\nU=adm", false, 0 },
	{ "the rest is", RULE("r") FILTER("[r]", "s: {U: adm}, condition: s"), "X=1\nU=eve", true,
	  0 },
	{ "the field is not there", RULE("r") FILTER("[r]", "s: {U: adm}, condition: s"), "X=1",
	  true, 0 },
	{ "as pySigma's users write it", RULE("r") FILTER("[r]", "s: {U: adm}, condition: not s"),
	  "X=1\nU=adm", false, 0 },
	{ "so, and the rest", RULE("r") FILTER("[r]", "s: {U: adm}, condition: not s"),
	  "X=1\nU=eve", true, 0 },
	{ "none of several",
	  RULE("r") FILTER("[r]", "s_a: {U: a}, s_b: {U: b}, condition: not 1 of s_*"), "X=1\nU=b",
	  false, 0 },
	{ "by name", RULE("r") FILTER("[n_r]", "s: {U: adm}, condition: s"), "X=1\nU=adm", false,
	  0 },
	{ "one rule, no list", RULE("r") FILTER("r", "s: {U: adm}, condition: s"), "X=1\nU=adm",
	  false, 0 },
	{ "any", RULE("r") FILTER("any", "s: {U: adm}, condition: s"), "X=1\nU=adm", false, 0 },
	{ "an empty list is any", RULE("r") FILTER("[]", "s: {U: adm}, condition: s"), "X=1\nU=adm",
	  false, 0 },
	{ "before the rule", FILTER("[r]", "s: {U: adm}, condition: s") "---\n" RULE("r"),
	  "X=1\nU=adm", false, 0 },
	{ "two filters",
	  RULE("r") FILTER("[r]", "s: {U: a}, condition: s") "---\n" FILTER(
		  "[r]", "s: {U: b}, condition: s"),
	  "X=1\nU=b", false, 0 },
	{ "another rule", RULE("r") FILTER("[q]", "s: {U: adm}, condition: s"), "X=1\nU=adm", true,
	  1 },
	{ "one of two is not there", RULE("r") FILTER("[r, q]", "s: {U: adm}, condition: s"),
	  "X=1\nU=adm", false, 1 },
	{ "another log source",
	  RULE("r") "title: f\nlogsource: {category: b}\nfilter: {rules: [r], s: {U: adm}, condition: s}\n",
	  "X=1\nU=adm", true, 1 },
	{ "a narrower log source",
	  RULE("r") "title: f\nlogsource: {category: a, product: p}\n"
		    "filter: {rules: any, s: {U: adm}, condition: s}\n",
	  "X=1\nU=adm", true, 1 },
	{ "keywords", RULE("r") FILTER("[r]", "s: [backup], condition: s"), "X=1\nU=a backup b",
	  false, 0 },
};

static void count(void *ctx, size_t rule, const struct sigma_match *where)
{
	size_t *n = ctx;

	(void)rule, (void)where;
	(*n)++;
}

static struct rule_set *load(const char *name, const char *text)
{
	struct rule_set *rs = rule_set_new();

	CHECK(name, rs != NULL && rule_set_sources(rs, STR(SOURCES), NULL));
	rule_set_add(rs, STR("x.yml"), str_of(text));
	rule_set_link(rs);
	rule_set_link(rs);
	return rs;
}

static void check_filters(void)
{
	for (size_t i = 0; i < COUNT(filters); i++) {
		const char *name = filters[i].name;
		struct rule_set *rs = load(name, filters[i].text);
		struct rule_scratch *s = rule_scratch_new(rs);
		static struct test_event t;
		char event[256];
		size_t hits = 0;
		int n = snprintf(event, sizeof event, "t=1\n%s", filters[i].event);

		test_event(&t, (struct str){ event, (size_t)n }, STR(""));
		rule_set_match(rs, s, &t.ev, count, &hits);
		CHECK(name, hits == filters[i].holds);
		CHECK(name, rule_set_faults(rs) == filters[i].faults);
		CHECK(name, rule_set_count(rs) == 1);
		rule_scratch_free(s);
		rule_set_free(rs);
	}
}

#define CORREL(id, rules, more)                                                \
	"title: c\nid: " id "\ncorrelation: {type: event_count, rules: " rules \
	", timespan: 5m, condition: {gte: 2}" more "}\n"
#define COUNT_OF(body) "title: c\nid: c\ncorrelation: {rules: [r], " body "}\n"

static const struct {
	const char *name, *text, *reason; /* NULL: it loads */
	size_t correlations;
} correlations[] = {
	{ "one rule", RULE("r") CORREL("c", "[r]", ""), NULL, 1 },
	{ "by name", RULE("r") CORREL("c", "[n_r]", ""), NULL, 1 },
	{ "before its rule", CORREL("c", "[r]", "") "---\n" RULE("r"), NULL, 1 },
	{ "a correlation of one that comes later",
	  RULE("r") CORREL("c", "[d]", "") "---\n" CORREL("d", "[r]", ""), NULL, 2 },
	{ "a rule that is not there", RULE("r") CORREL("c", "[q]", ""),
	  "it names 'q', which is no rule that is loaded", 0 },
	{ "a circle", RULE("r") CORREL("c", "[d]", "") "---\n" CORREL("d", "[c]", ""),
	  "correlations refer to each other in a circle", 0 },
	{ "of itself", RULE("r") CORREL("c", "[c]", ""),
	  "correlations refer to each other in a circle", 0 },
	{ "an id that is taken", RULE("r") CORREL("r", "[r]", ""),
	  "its id is that of 'x.yml' already", 0 },
	{ "an ambiguous name",
	  RULE("r") "title: x\nname: n_r\nlogsource: {category: a}\n"
		    "detection: {s: {X: 1}, condition: s}\n---\n" CORREL("c", "[n_r]", ""),
	  "it names 'n_r', as several rules are called", 0 },
	{ "a filter of a correlation",
	  RULE("r") CORREL("c", "[r]", "") "---\n" FILTER("[c]", "s: {U: 1}, condition: s"),
	  "it names 'c', which is no rule that is loaded", 1 },
	{ "all that may stand",
	  RULE("r") "title: c\nid: c\nstatus: test\nlevel: high\ntags: [attack.t1110]\ncorrelation:\n"
		    "  type: value_count\n  rules: [r]\n  group-by: [a, b]\n  timespan: 1d\n"
		    "  aliases: {a: {r: x}}\n  condition: {field: [u, v], gt: 1, lte: 5}\n"
		    "  generate: true\nfalsepositives: [no]\n",
	  NULL, 1 },
	{ "percentile",
	  RULE("r") COUNT_OF("type: value_percentile, timespan: 1h, condition: {field: n, "
			     "percentile: 95, gt: 1.5}"),
	  NULL, 1 },
	{ "share",
	  RULE("r") COUNT_OF("type: value_percentile, timespan: 1h, condition: {field: n, lte: 1}"),
	  NULL, 1 },
	{ "temporal without a condition", RULE("r") COUNT_OF("type: temporal, timespan: 1w"), NULL,
	  1 },
	{ "months", RULE("r") COUNT_OF("type: temporal, timespan: 2M"), NULL, 1 },
	{ "extended",
	  RULE("r") RULE("q") "title: c\ncorrelation: {type: temporal, timespan: 1m, "
			      "condition: n_r and not n_q}\n",
	  NULL, 1 },
	{ "extended, a rule that is not listed",
	  RULE("r") RULE("q") "title: c\ncorrelation: {type: temporal, rules: [n_r], timespan: 1m, "
			      "condition: n_r and n_q}\n",
	  "the condition names 'n_q', which is no detection", 0 },
	{ "extended is temporal",
	  RULE("r") COUNT_OF("type: event_count, timespan: 1m, condition: r"),
	  "an expression over rules is for temporal correlations", 0 },
	{ "no timespan", RULE("r") COUNT_OF("type: temporal"), "timespan '' is not known", 0 },
	{ "no time", RULE("r") COUNT_OF("type: temporal, timespan: 0s"),
	  "timespan '0s' is not known", 0 },
	{ "span in capitals", RULE("r") COUNT_OF("type: temporal, timespan: 5H"),
	  "timespan '5H' is not known", 0 },
	{ "ISO span is not Sigma", RULE("r") COUNT_OF("type: temporal, timespan: PT5M"),
	  "timespan 'PT5M' is not known", 0 },
	{ "no condition", RULE("r") COUNT_OF("type: event_count, timespan: 5m"),
	  "the rule has no condition", 0 },
	{ "no field", RULE("r") COUNT_OF("type: value_count, timespan: 5m, condition: {gte: 1}"),
	  "value_count needs a field in its condition", 0 },
	{ "two fields of a sum",
	  RULE("r") COUNT_OF("type: value_sum, timespan: 5m, condition: {field: [a, b], gte: 1}"),
	  "value_sum takes one field", 0 },
	{ "nothing to compare",
	  RULE("r") COUNT_OF("type: value_sum, timespan: 5m, condition: {field: a}"),
	  "the condition compares with no number", 0 },
	{ "a number in quotes",
	  RULE("r") COUNT_OF("type: event_count, timespan: 5m, condition: {gte: '1'}"),
	  "'1' is not a number", 0 },
	{ "an unknown comparison",
	  RULE("r") COUNT_OF("type: event_count, timespan: 5m, condition: {over: 1}"),
	  "'over' has no place in a correlation's condition", 0 },
	{ "percentile beyond 100",
	  RULE("r") COUNT_OF(
		  "type: value_percentile, timespan: 5m, condition: {field: a, percentile: 101, "
		  "gt: 1}"),
	  "'percentile' is between 0 and 100", 0 },
	{ "generate", RULE("r") COUNT_OF("type: temporal, timespan: 5m, generate: maybe"),
	  "'generate' is true or false", 0 },
};

static void check_correlations(void)
{
	for (size_t i = 0; i < COUNT(correlations); i++) {
		const char *name = correlations[i].name, *reason = correlations[i].reason;
		struct rule_set *rs = load(name, correlations[i].text);

		CHECK(name, rule_set_correlations(rs) == correlations[i].correlations);
		if (!CHECK(name, (rule_set_faults(rs) > 0) == (reason != NULL)) &&
		    rule_set_faults(rs) > 0)
			printf("  %s\n", rule_set_fault(rs, 0)->why.text);
		if (reason != NULL && rule_set_faults(rs) > 0 &&
		    !CHECK(name, strcmp(rule_set_fault(rs, 0)->why.text, reason) == 0))
			printf("  %s\n", rule_set_fault(rs, 0)->why.text);
		rule_set_free(rs);
	}
}

#define EXPANDS(name)                                                                  \
	"title: x\nid: e\nlogsource: {category: a}\ndetection: {s: {U|expand: '%" name \
	"%'}, condition: s}\n"

/* A rule and the list that it names, in whatever order and from whomever. */
static const struct {
	const char *name, *shipped, *text, *event, *reason;
} lists[] = {
	{ "the list is behind the rule", "", EXPANDS("L") "---\nvalues: {l: [x, 'y*']}\n", "U=yes",
	  NULL },
	{ "before it", "", "values: {L: [x]}\n---\n" EXPANDS("L"), "U=x", NULL },
	{ "shipped", "L: [x]\n", EXPANDS("L"), "U=x", NULL },
	{ "the user's in place of what is shipped", "L: [y]\n",
	  EXPANDS("L") "---\nvalues: {L: [x]}\n", "U=x", NULL },
	{ "there is none", "M: [x]\n", EXPANDS("L"), NULL,
	  "'expand' needs a list for %L%, and there is none" },
	{ "it stands twice", "", "values: {L: [x]}\n---\nvalues: {l: [y]}\n", NULL,
	  "list 'l' stands twice" },
	{ "no list", "", "values: {L: x}\n", NULL, "'L' must be a list of text" },
	{ "no map", "", "values: [x]\n", NULL, "a map of lists is expected" },
};

static void check_lists(void)
{
	for (size_t i = 0; i < COUNT(lists); i++) {
		const char *name = lists[i].name;
		struct rule_set *rs = rule_set_new();
		static struct test_event t;
		char event[64];
		size_t hits = 0;
		int n = snprintf(event, sizeof event, "t=1\n%s", lists[i].event);

		CHECK(name, rule_set_sources(rs, STR(SOURCES), NULL) &&
				    (lists[i].shipped[0] == '\0' ||
				     rule_set_lists_shipped(rs, str_of(lists[i].shipped), NULL)));
		rule_set_add(rs, STR("x.yml"), str_of(lists[i].text));
		rule_set_link(rs);
		CHECK(name, rule_set_faults(rs) == (lists[i].reason != NULL));
		if (lists[i].reason != NULL &&
		    !CHECK(name, strcmp(rule_set_fault(rs, 0)->why.text, lists[i].reason) == 0))
			printf("  %s\n", rule_set_fault(rs, 0)->why.text);
		struct rule_scratch *s = rule_scratch_new(rs);
		test_event(&t, (struct str){ event, (size_t)n }, STR(""));
		rule_set_match(rs, s, &t.ev, count, &hits);
		CHECK(name, hits == (lists[i].event != NULL));
		rule_scratch_free(s);
		rule_set_free(rs);
	}
}

/* Which rules only tell through a correlation. */
static void check_parts(void)
{
	struct rule_set *rs = load("parts", RULE("r") RULE("q") RULE("s")
						    CORREL("c", "[r, q]", "") "---\n" CORREL(
							    "d", "[q]", ", generate: true"));

	const struct rule_info *r = rule_set_at(rs, rule_set_find(rs, STR("r")));
	const struct rule_info *q = rule_set_at(rs, rule_set_find(rs, STR("q")));
	const struct rule_info *s = rule_set_at(rs, rule_set_find(rs, STR("s")));
	const struct rule_info *c = rule_set_at(rs, rule_set_find(rs, STR("c")));
	CHECK("part", r->correlated && r->part);
	CHECK("generate", q->correlated && !q->part);
	CHECK("none of it", !s->correlated && !s->part);
	CHECK("log source", str_eq(c->logsource, STR("category=a")) && !c->part);
	rule_set_free(rs);
}

int main(void)
{
	check_filters();
	check_correlations();
	check_parts();
	check_lists();
	return TEST_REPORT();
}
