/* SPDX-License-Identifier: Apache-2.0 */
/* What comes late, rules loaded anew, and bounds of correlations; what each type means: correl_conform_test.c. */
#include "detect/test_correl.h"

#define COUNT_3     \
	CORREL("n", \
	       "type: event_count, rules: [a], group-by: [U], timespan: 10s, condition: {gte: 3}")
#define VALUES_3                                                                    \
	CORREL("n", "type: value_count, rules: [a], group-by: [U], timespan: 10s, " \
		    "condition: {field: V, gte: 3}")
#define TEMPORAL CORREL("n", "type: temporal, rules: [a, b, c], group-by: [U], timespan: 10s")
static const struct correl_limits plain = { CORREL_BYTES, CORREL_LATE };

/* What comes late, up to ten minutes, counts where its time belongs. */
static const struct {
	const char *name, *rules, *events, *fires;
	uint64_t late;
} delays[] = {
	{ "late: counts", COUNT_3, "100 X=1 U=x;102 X=1 U=x;101@690 X=1 U=x", "102 3 x", 0 },
	{ "late: a window of the past", COUNT_3,
	  "100 X=1 U=x;102 X=1 U=x;300 X=1 U=x;101@690 X=1 U=x", "102 3 x", 0 },
	{ "late: not into another window", COUNT_3, "100 X=1 U=x;102 X=1 U=x;150@690 X=1 U=x", "",
	  0 },
	{ "late: old logs among themselves", COUNT_3,
	  "9000 X=1 U=x;100@9001 X=1 U=x;101@9002 X=1 U=x;102@9003 X=1 U=x", "102 3 x", 0 },
	{ "late: a window waits for it",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {lt: 3}"),
	  "100 X=1;102 X=1;103@690 X=1;900 X=2", "", 0 },
	{ "late: and no longer",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {lt: 3}"),
	  "100 X=1;102 X=1;800 X=1;103@801 X=1", "102 2 ;800 1 ", 1 },
	{ "late: a window that was decided is not judged again",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {lt: 3}"),
	  "100 X=1;102 X=1;105@712 X=1", "102 2 ", 1 },
	{ "late: nor one of hours",
	  CORREL("n", "type: event_count, rules: [a], timespan: 1h, condition: {eq: 1}"),
	  "1000 X=1;6000 X=2;2000@6000 X=1;3000@6001 X=1", "1000 1 ", 2 },
	{ "late: nor that something is missing",
	  CORREL("n", "type: temporal, rules: [a, b], timespan: 1h, condition: a and not b"),
	  "1000 X=1;2000 X=2;5300@5300 X=3;1500@5301 X=1", "", 1 },
	{ "late: a new window of the same group",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {lt: 3}"),
	  "100 X=1;102 X=1;712 X=1;713 X=2", "102 2 ;712 1 ", 0 },
	{ "late: old logs are counted, not judged",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {lt: 3}"),
	  "100@9001 X=1;101@9001 X=1", "", 2 },
	{ "late: temporal", TEMPORAL, "100 X=3 U=x;102 X=1 U=x;500 X=1 U=x;99@600 X=2 U=x",
	  "102 3 x", 0 },
	{ "a clock that is ahead does no harm", COUNT_3,
	  "90000@100 X=1 U=y;101 X=1 U=x;102 X=1 U=x;103 X=1 U=x", "103 3 x", 0 },
};

static void check_delays(void)
{
	for (size_t i = 0; i < COUNT(delays); i++) {
		struct run r;

		if (CHECK(delays[i].name, begin(&r, delays[i].rules, &plain))) {
			feed_all(&r, delays[i].events, 0);
			CHECK(delays[i].name, correl_counts(r.c).late == delays[i].late);
			correl_clock(r.c, INT64_MAX, note_fire, &r);
			expect(&r, delays[i].name, delays[i].fires);
		}
		end(&r);
	}
}

/* The rules are loaded anew between two events: what is the same goes on, the rest begins anew. */
static void check_adopt(const char *name, const char *before, const char *after, const char *first,
			const char *then, const char *fires)
{
	struct run old = { 0 }, new = { 0 };

	if (CHECK(name, begin(&old, before, &plain)) && CHECK(name, begin(&new, after, &plain))) {
		feed_all(&old, first, 0);
		correl_adopt(new.c, old.c);
		buf_add(&new.out, buf_str(&old.out));
		feed_all(&new, then, 100);
		correl_clock(new.c, INT64_MAX, note_fire, &new);
		expect(&new, name, fires);
	}
	end(&old);
	end(&new);
}

static void check_adopts(void)
{
	static const char lt[] = CORREL("n", "type: event_count, rules: [a], group-by: [U], "
					     "timespan: 10s, condition: {lt: 3}");
	static const char other[] = CORREL("n", "type: event_count, rules: [b], group-by: [U], "
						"timespan: 10s, condition: {gte: 3}");
	static const char more[] = CORREL("m", "type: temporal, rules: [b, c], timespan: 10s")
		COUNT_3;

	check_adopt("restart: goes on", COUNT_3, COUNT_3, "1 X=1 U=x;2 X=1 U=x", "3 X=1 U=x",
		    "3 3 x");
	check_adopt("restart: tells once", COUNT_3, COUNT_3, "1 X=1 U=x;2 X=1 U=x;3 X=1 U=x",
		    "4 X=1 U=x", "3 3 x");
	check_adopt("restart: values go on", VALUES_3, VALUES_3, "1 X=1 U=x V=a;2 X=1 U=x V=b",
		    "3 X=1 U=x V=a;4 X=1 U=x V=c", "4 3 x");
	check_adopt("restart: windows that are open", lt, lt, "1 X=1 U=x", "2 X=1 U=x;3 X=1 U=x",
		    "");
	check_adopt("restart: another rule begins anew", COUNT_3, other, "1 X=1 U=x;2 X=1 U=x",
		    "3 X=2 U=x", "");
	check_adopt("restart: among others", COUNT_3, more, "1 X=1 U=x;2 X=1 U=x", "3 X=1 U=x",
		    "n 3 3 x");
}

/* A flood of groups: state stays in its bounds, what goes is counted, and what is fed is not lost. */
static void check_bounds(void)
{
	static const struct correl_limits tight = { 64 << 10, 0 };
	struct run r;
	char line[64];

	if (CHECK("bounds", begin(&r, COUNT_3, &tight))) {
		for (unsigned i = 0; i < 2000; i++) {
			snprintf(line, sizeof line, "%u X=1 U=user%u", 100 + i / 1000, i);
			feed(&r, str_of(line), i);
		}
		struct correl_counts n = correl_counts(r.c);
		CHECK("bounded", n.bytes <= tight.bytes && n.groups < 1000);
		CHECK("counted", n.evicted == 2000 - n.groups && n.seen == 2000);
		feed_all(&r, "102 X=1 U=me;102 X=1 U=me;103 X=1 U=me", 5000);
		expect(&r, "the newest stay", "103 3 me");
		feed(&r, STR("9000 X=1 U=me"), 9000);
		CHECK("what is over goes by itself", correl_counts(r.c).groups == 1);
	}
	end(&r);
}

/* Groups with more events than are kept one by one. */
static void check_crowds(void)
{
	static const char sum[] = CORREL("n", "type: value_sum, rules: [a], timespan: 1d, "
					      "condition: {field: V, gte: 20000}");
	static const char values[] = CORREL("n", "type: value_count, rules: [a], timespan: 1d, "
						 "condition: {field: V, gte: 3000}");
	static const char median[] = CORREL("n", "type: value_median, rules: [a], timespan: 1d, "
						 "condition: {field: V, gt: 100}");
	struct run r;
	char line[64];

	if (CHECK("sum", begin(&r, sum, &plain))) {
		for (unsigned i = 0; i < 10000; i++) {
			snprintf(line, sizeof line, "%u X=1 V=2", 1000 + i);
			feed(&r, str_of(line), i);
		}
		expect(&r, "a sum of many", "10999 20000 ");
	}
	end(&r);
	if (CHECK("values", begin(&r, values, &plain))) {
		for (unsigned i = 0; i < 9000; i++) {
			snprintf(line, sizeof line, "%u X=1 V=%u", 1000 + i, i / 3);
			feed(&r, str_of(line), i);
		}
		expect(&r, "values among many doubles", "9997 3000 ");
	}
	end(&r);
	if (CHECK("median", begin(&r, median, &plain))) {
		for (unsigned i = 0; i < 5000; i++) {
			snprintf(line, sizeof line, "%u X=1 V=1", 1000 + i);
			feed(&r, str_of(line), i);
		}
		CHECK("cut is counted", correl_counts(r.c).cut > 0 && r.out.n == 0);
	}
	end(&r);
}

/* An event that comes late stands in more windows than are looked at: it is said. */
static void check_looks(void)
{
	struct run r;
	char line[64];

	if (CHECK("looks", begin(&r, COUNT_3, &plain))) {
		for (unsigned i = 0; i < 100; i++) {
			snprintf(line, sizeof line, "%u X=1 U=x", 1000 + i);
			feed(&r, str_of(line), i);
		}
		CHECK("looked at all", correl_counts(r.c).unlooked == 0);
	}
	end(&r);
	if (CHECK("looks", begin(&r,
				 CORREL("n", "type: event_count, rules: [a], timespan: 1000s, "
					     "condition: {gte: 3}"),
				 &plain))) {
		for (unsigned i = 0; i < 100; i++) {
			snprintf(line, sizeof line, "%u X=1", 1000 + i);
			feed(&r, str_of(line), i);
		}
		feed(&r, STR("999@1100 X=1"), 1000);
		CHECK("not all are looked at",
		      correl_counts(r.c).unlooked == 1 && correl_counts(r.c).cut == 0);
	}
	end(&r);
}

int main(void)
{
	check_looks();
	check_delays();
	check_adopts();
	check_bounds();
	check_crowds();
	return TEST_REPORT();
}
