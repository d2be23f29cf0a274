/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/detector.h"

#include "base/test.h"
#include "base/time.h"
#include "detect/test_event.h"

#include <pthread.h>

static const char sources[] = "- {category: any, events: [{when: {t: 1}}]}\n"
			      "- {category: no, events: [{when: {t: 2}}]}\n";

static struct rule_set *rules(void)
{
	static const char *const levels[] = { "informational", "low", "medium", "high",
					      "critical" };
	struct rule_set *rs = rule_set_new();
	char text[512];

	CHECK("sources", rule_set_sources(rs, str_of(sources), NULL));
	for (size_t i = 0; i < COUNT(levels); i++) {
		int n = snprintf(text, sizeof text,
				 "title: %s\nid: r-%s\nlevel: %s\nlogsource: {category: any}\n"
				 "detection: {s: {a: x}, condition: s}\n",
				 levels[i], levels[i], levels[i]);
		CHECK(levels[i],
		      rule_set_add(rs, STR("x.yml"), (struct str){ text, (size_t)n }) == 1);
	}
	CHECK("other", rule_set_add(rs, STR("y.yml"),
				    STR("title: y\nid: r-no\nlogsource: {category: no}\n"
					"detection: {s: {a: x}, condition: s}\n")) == 1);
	return rs;
}

static struct list_set *lists(void)
{
	struct list_builder *b = list_builder_new(1);
	struct list_info info = { .id = STR("L1"),
				  .name = STR("list"),
				  .kind = LIST_C2,
				  .valid_from = TIME_NONE,
				  .valid_until = TIME_NONE };
	unsigned char mem[4096];
	struct arena a = { mem, mem + sizeof mem };
	struct indicator x;

	CHECK("list", list_builder_begin(b, &info, NULL) &&
			      indicator_parse(&a, STR("203.0.113.7"), &x, NULL) &&
			      list_builder_add(b, &x, STR(""), 1, NULL));
	return list_builder_done(b, NULL);
}

static const char event[] = "t=1\na=X\nUser=Bob\n"
			    "@source.ip=192.168.1.2\n"
			    "@destination.ip=203.0.113.7\n";

static void check_hits(void)
{
	struct detector *d =
		detector_new(&(struct detector_parts){ .rules = rules(), .lists = lists() }, NULL);
	struct detect_scratch *s = detect_scratch_new(d);
	static struct test_event t;
	struct hits h;

	test_event(&t, str_of(event), STR("raw"));
	t.ev.direction = DIR_OUT;
	detector_run(d, s, &t.ev, &h);
	CHECK("five rules and a list", h.n == 6);
	for (size_t i = 0; i + 1 < h.n; i++)
		CHECK("level", h.hit[i].kind == HIT_RULE && h.hit[i].severity == i &&
				       h.hit[i].use == hit_use_of((enum severity)i));
	CHECK("where", str_eq(h.hit[0].field, STR("a")) && str_eq(h.hit[0].text, STR("X")));
	CHECK("list", h.hit[5].kind == HIT_INDICATOR && h.hit[5].list->kind == LIST_C2 &&
			      h.hit[5].use == HIT_ALERT);
	CHECK("seen", detect_scratch_seen(s, 0) == 1 && detect_scratch_seen(s, 1) == 0);
	test_event(&t, STR("t=2"), STR(""));
	detector_run(d, s, &t.ev, &h);
	CHECK("nothing", h.n == 0 && detect_scratch_seen(s, 1) == 1);
	struct detect_counts c = detect_scratch_counts(s);
	CHECK("counts", c.events == 2 && c.lost == 0 && c.undecided == 0);
	detect_scratch_free(s);
	detector_free(d);
}

static const struct {
	const char *name, *rule, *user;
	int64_t expires;
	bool excepted;
} exceptions[] = {
	{ "holds", "r-high", "bob", TIME_NONE, true },
	{ "not yet over", "R-HIGH", "BOB", 1001, true },
	{ "over", "r-high", "bob", 1000, false },
	{ "other value", "r-high", "bo", TIME_NONE, false },
	{ "other rule", "r-low", "bob", TIME_NONE, false },
};

static void check_exceptions(void)
{
	static struct test_event t;

	test_event(&t, str_of(event), STR("raw"));
	t.ev.received = 1000;
	for (size_t i = 0; i < COUNT(exceptions); i++) {
		struct exception_field f[] = { { STR("user"), str_of(exceptions[i].user) },
					       { STR("a"), STR("x") } };
		struct exception x = { STR("e"), str_of(exceptions[i].rule), f, COUNT(f),
				       exceptions[i].expires };
		struct detector *d = detector_new(&(struct detector_parts){ .rules = rules(),
									    .exception = &x,
									    .n_exceptions = 1 },
						  NULL);
		struct detect_scratch *s = detect_scratch_new(d);
		struct hits h;

		detector_run(d, s, &t.ev, &h);
		CHECK(exceptions[i].name, h.n == 5 && h.hit[3].excepted == exceptions[i].excepted);
		CHECK(exceptions[i].name,
		      str_eq(h.hit[3].exception, exceptions[i].excepted ? STR("e") : STR("")));
		CHECK(exceptions[i].name,
		      h.hit[3].use == (exceptions[i].excepted ? HIT_COUNT : HIT_ALERT));
		detect_scratch_free(s);
		detector_free(d);
	}
	struct exception bare = { STR("e"), STR("r-high"), NULL, 0, TIME_NONE };
	struct err why = { 0 };
	CHECK("without a field", detector_new(&(struct detector_parts){ .rules = rules(),
									.exception = &bare,
									.n_exceptions = 1 },
					      &why) == NULL &&
					 why.kind == ERR_INPUT);
}

static void check_many(void)
{
	struct rule_set *rs = rule_set_new();
	static struct test_event t;
	struct hits h;
	char text[256];

	CHECK("sources", rule_set_sources(rs, str_of(sources), NULL));
	for (int i = 0; i < 100; i++) {
		int n = snprintf(text, sizeof text,
				 "title: t%d\nid: r%d\nlogsource: {category: any}\n"
				 "detection: {s: {a: x}, condition: s}\n",
				 i, i);
		CHECK("add", rule_set_add(rs, STR("x"), (struct str){ text, (size_t)n }) == 1);
	}
	struct detector *d = detector_new(&(struct detector_parts){ .rules = rs }, NULL);
	struct detect_scratch *s = detect_scratch_new(d);
	test_event(&t, str_of(event), STR("raw"));
	detector_run(d, s, &t.ev, &h);
	CHECK("all hundred", h.n == 100 && str_eq(h.hit[99].rule->id, STR("r99")));
	detect_scratch_free(s);
	detector_free(d);
	d = detector_new(&(struct detector_parts){ 0 }, NULL);
	s = detect_scratch_new(d);
	detector_run(d, s, &t.ev, &h);
	CHECK("empty detector", h.n == 0 && rule_set_count(detector_rules(d)) == 0);
	detect_scratch_free(s);
	detector_free(d);
}

/* An event that calls for a great many rules at once is told, with those that were found. */
static void check_costly(void)
{
	enum { RULES = 3000 };
	struct rule_set *rs = rule_set_new();
	static struct test_event t;
	static char value[RULES * 8 + 8];
	struct hits h;
	char text[512];
	size_t n = 0;

	CHECK("sources", rule_set_sources(rs, str_of(sources), NULL));
	for (int i = 0; i < RULES; i++) {
		snprintf(
			text, sizeof text,
			"title: t\nid: c%d\nlogsource: {category: any}\ndetection: {s: {a|contains: "
			"'q%04d?z'}, f: {a|contains|all: ['?1', '?2', '?3', '?4', '?5', '?x!']}, "
			"condition: s and not f}\n",
			i, i);
		CHECK("add", rule_set_add(rs, STR("x"), str_of(text)) == 1);
		n += (size_t)snprintf(value + n, sizeof value - n, "q%04d-z", i);
	}
	struct detector *d = detector_new(&(struct detector_parts){ .rules = rs }, NULL);
	struct detect_scratch *s = detect_scratch_new(d);
	test_event(&t, STR("t=1\na=x"), STR(""));
	t.f[1].val = (struct str){ value, n };
	detector_run(d, s, &t.ev, &h);
	CHECK("some hold", h.n > 100 && h.n < RULES);
	CHECK("and it is told", str_eq(h.hit[h.n - 1].rule->id, STR(DETECT_GAVE_UP_RULE)) &&
					h.hit[h.n - 1].use == HIT_ALERT);
	CHECK("counted", detect_scratch_counts(s).undecided == 1);
	test_event(&t, STR("t=1\na=q0007-z"), STR(""));
	detector_run(d, s, &t.ev, &h);
	CHECK("the next is judged", h.n == 1 && str_eq(h.hit[0].rule->id, STR("c7")));
	detect_scratch_free(s);
	detector_free(d);
}

/* A log source whose question of a value meets a cap: told of each event, of the same value, too. */
static void check_undecided(void)
{
	static const char endless[] = "- {category: any, events: [{when: {t|re: '^(a|aa)+$'}}]}\n";
	struct rule_set *rs = rule_set_new();
	struct test_event t;
	struct hits h;

	CHECK("sources", rule_set_sources(rs, str_of(endless), NULL));
	CHECK("add", rule_set_add(rs, STR("x"),
				  STR("title: t\nid: c\nlogsource: {category: any}\n"
				      "detection: {s: {a: x}, condition: s}\n")) == 1);
	struct detector *d = detector_new(&(struct detector_parts){ .rules = rs }, NULL);
	struct detect_scratch *s = detect_scratch_new(d);
	uint64_t before = 0;

	test_event(&t, STR("t=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\na=x"),
		   STR(""));
	for (int i = 0; i < 3; i++) {
		detector_run(d, s, &t.ev, &h);
		CHECK("told", detect_scratch_counts(s).undecided > before);
		before = detect_scratch_counts(s).undecided;
	}
	detect_scratch_free(s);
	detector_free(d);
}

/* One detector, a scratch for each thread: always the same verdict. */
static void *run_many(void *arg)
{
	const struct detector *d = arg;
	struct detect_scratch *s = detect_scratch_new(d);
	struct test_event t;
	struct hits h;
	size_t wrong = 0;

	test_event(&t, str_of(event), STR("raw"));
	t.ev.direction = DIR_OUT;
	for (int i = 0; i < 500; i++) {
		detector_run(d, s, &t.ev, &h);
		wrong += h.n != 6;
	}
	detect_scratch_free(s);
	return wrong == 0 ? arg : NULL;
}

static void check_threads(void)
{
	struct detector *d =
		detector_new(&(struct detector_parts){ .rules = rules(), .lists = lists() }, NULL);
	pthread_t thread[3];

	for (size_t i = 0; i < COUNT(thread); i++)
		CHECK("thread", pthread_create(&thread[i], NULL, run_many, d) == 0);
	for (size_t i = 0; i < COUNT(thread); i++) {
		void *got = NULL;

		CHECK("the same in each", pthread_join(thread[i], &got) == 0 && got == d);
	}
	detector_free(d);
}

int main(void)
{
	check_threads();
	check_undecided();
	check_hits();
	check_exceptions();
	check_many();
	check_costly();
	return TEST_REPORT();
}
