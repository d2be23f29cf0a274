/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conformance of correlations: for each type rows at the threshold, below it, at the edge of the window, by
 * group, in another order. An event is "SECONDS FIELD=VALUE...", with "RECEIVED" where it comes late
 * ("100@400"); rules a, b, c hold where X is 1, 2, 3. What fires is "TIME VALUE GROUP".
 */
#include "detect/correl.h"

#include "base/buf.h"
#include "base/num.h"
#include "base/test.h"
#include "base/time.h"
#include "detect/correl_sight.h"
#include "detect/test_event.h"

static const char sources[] =
	"- {category: any, events: [{when: {t: 1}}]}\n"
	"- {category: renamed, events: [{when: {t: 1}, rename: {User: Account}}]}\n";

#define RULE(id, x)                                               \
	"title: " id "\nid: " id "\nlogsource: {category: any}\n" \
	"detection: {s: {X: " x "}, condition: s}\n---\n"
#define RULES RULE("a", "1") RULE("b", "2") RULE("c", "3")
#define CORREL(id, body) "title: " id "\nid: " id "\ncorrelation: {" body "}\n---\n"
#define COUNT_3     \
	CORREL("n", \
	       "type: event_count, rules: [a], group-by: [U], timespan: 10s, condition: {gte: 3}")
#define VALUES_3                                                                    \
	CORREL("n", "type: value_count, rules: [a], group-by: [U], timespan: 10s, " \
		    "condition: {field: V, gte: 3}")
#define NUMBER(type, test)                                                       \
	CORREL("n", "type: " type ", rules: [a], group-by: [U], timespan: 10s, " \
		    "condition: {field: V, " test "}")
#define TEMPORAL CORREL("n", "type: temporal, rules: [a, b, c], group-by: [U], timespan: 10s")
#define ORDERED \
	CORREL("n", "type: temporal_ordered, rules: [a, b, c], group-by: [U], timespan: 10s")
#define EXTENDED(type, test) \
	CORREL("n",          \
	       "type: " type ", rules: [a, b, c], group-by: [U], timespan: 10s, condition: " test)

static const struct {
	const char *name, *rules, *events, *fires;
} cases[] = {
	/* event_count: "Counts events occurring in the given time frame" */
	{ "count: at the threshold", COUNT_3, "1 X=1 U=x;2 X=1 U=x;3 X=1 U=x", "3 3 x" },
	{ "count: below", COUNT_3, "1 X=1 U=x;2 X=1 U=x", "" },
	{ "count: other events do not count", COUNT_3, "1 X=1 U=x;2 X=2 U=x;3 X=1 U=x", "" },
	{ "count: both ends of the window are in it", COUNT_3, "1 X=1 U=x;2 X=1 U=x;11 X=1 U=x",
	  "11 3 x" },
	{ "count: one beyond the window", COUNT_3, "1 X=1 U=x;2 X=1 U=x;12 X=1 U=x", "" },
	{ "count: it slides", COUNT_3, "8 X=1 U=x;9 X=1 U=x;12 X=1 U=x", "12 3 x" },
	{ "count: each group by itself", COUNT_3, "1 X=1 U=x;2 X=1 U=y;3 X=1 U=x;4 X=1 U=y", "" },
	{ "count: two groups", COUNT_3,
	  "1 X=1 U=x;1 X=1 U=y;2 X=1 U=x;2 X=1 U=y;3 X=1 U=y;3 X=1 U=x", "3 3 y;3 3 x" },
	{ "count: case aside", COUNT_3, "1 X=1 U=Ann;2 X=1 U=ANN;3 X=1 U=ann", "3 3 Ann" },
	{ "count: without the field in no group", COUNT_3, "1 X=1;2 X=1;3 X=1", "" },
	{ "count: empty is a value", COUNT_3, "1 X=1 U=;2 X=1 U=;3 X=1 U=", "3 3 " },
	{ "count: null is none", COUNT_3, "1 X=1 U!;2 X=1 U!;3 X=1 U!", "" },
	{ "count: several values, a group each", COUNT_3, "1 X=1 U=x U=y;2 X=1 U=x;3 X=1 U=y U=x",
	  "3 3 x" },
	{ "count: silent for one timespan", COUNT_3,
	  "1 X=1 U=x;2 X=1 U=x;3 X=1 U=x;4 X=1 U=x;12 X=1 U=x;13 X=1 U=x", "3 3 x;13 4 x" },
	{ "count: in another order", COUNT_3, "3 X=1 U=x;1 X=1 U=x;2 X=1 U=x", "3 3 x" },
	{ "count: no group",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {gt: 1}"),
	  "1 X=1 U=x;2 X=1 U=y", "2 2 " },
	{ "count: of several rules",
	  CORREL("n",
		 "type: event_count, rules: [a, b], group-by: [U], timespan: 10s, condition: {gte: 3}"),
	  "1 X=1 U=x;2 X=2 U=x;3 X=1 U=x", "3 3 x" },
	{ "count: an event of two rules is one",
	  RULE("d", "1")
		  CORREL("n", "type: event_count, rules: [a, d], group-by: [U], timespan: 10s, "
			      "condition: {gte: 3}"),
	  "1 X=1 U=x;2 X=1 U=x", "" },
	{ "count: two fields are one group",
	  CORREL("n",
		 "type: event_count, rules: [a], group-by: [U, V], timespan: 10s, condition: {gte: 2}"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=2;3 X=1 U=x V=1", "3 2 x,1" },
	{ "count: values do not run together",
	  CORREL("n",
		 "type: event_count, rules: [a], group-by: [U, V], timespan: 10s, condition: {gte: 2}"),
	  "1 X=1 U=xy V=z;2 X=1 U=x V=yz", "" },
	{ "count: gt",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {gt: 2}"),
	  "1 X=1;2 X=1;3 X=1", "3 3 " },
	/* conditions that more events can undo: when the window has passed */
	{ "count: lt",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {lt: 3}"),
	  "1 X=1;2 X=1;20 X=2", "2 2 " },
	{ "count: lt, too many",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {lt: 3}"),
	  "1 X=1;2 X=1;11 X=1", "" },
	{ "count: lt, the next window",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {lt: 3}"),
	  "1 X=1;2 X=1;11 X=1;12 X=1", "12 1 " },
	{ "count: lte",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {lte: 2}"),
	  "1 X=1;2 X=1", "2 2 " },
	{ "count: eq",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {eq: 2}"),
	  "1 X=1;2 X=1", "2 2 " },
	{ "count: eq, more",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {eq: 2}"),
	  "1 X=1;2 X=1;3 X=1", "" },
	{ "count: neq",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {neq: 2}"),
	  "1 X=1;2 X=1;3 X=1", "3 3 " },
	{ "count: a range",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {gt: 1, lte: 3}"),
	  "1 X=1;2 X=1;3 X=1", "3 3 " },
	{ "count: beyond the range",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {gt: 1, lte: 3}"),
	  "1 X=1;2 X=1;3 X=1;4 X=1", "" },
	/* value_count: "count of distinct values" */
	{ "values: at the threshold", VALUES_3, "1 X=1 U=x V=1;2 X=1 U=x V=2;3 X=1 U=x V=3",
	  "3 3 x" },
	{ "values: the same again", VALUES_3, "1 X=1 U=x V=1;2 X=1 U=x V=2;3 X=1 U=x V=2", "" },
	{ "values: case aside", VALUES_3, "1 X=1 U=x V=a;2 X=1 U=x V=b;3 X=1 U=x V=B", "" },
	{ "values: at the edge", VALUES_3, "1 X=1 U=x V=1;2 X=1 U=x V=2;11 X=1 U=x V=3", "11 3 x" },
	{ "values: beyond it", VALUES_3, "1 X=1 U=x V=1;2 X=1 U=x V=2;12 X=1 U=x V=3", "" },
	{ "values: seen again counts on", VALUES_3,
	  "1 X=1 U=x V=1;2 X=1 U=x V=2;9 X=1 U=x V=1;12 X=1 U=x V=3", "12 3 x" },
	{ "values: by group", VALUES_3, "1 X=1 U=x V=1;2 X=1 U=y V=2;3 X=1 U=x V=3", "" },
	{ "values: without the field", VALUES_3, "1 X=1 U=x V=1;2 X=1 U=x V=2;3 X=1 U=x", "" },
	{ "values: several in one event", VALUES_3, "1 X=1 U=x V=1 V=2 V=3", "1 3 x" },
	{ "values: in another order", VALUES_3, "3 X=1 U=x V=1;2 X=1 U=x V=2;1 X=1 U=x V=3",
	  "3 3 x" },
	{ "values: of two fields",
	  CORREL("n",
		 "type: value_count, rules: [a], timespan: 10s, condition: {field: [V, W], gte: 3}"),
	  "1 X=1 V=1 W=1;2 X=1 V=1 W=2;3 X=1 V=1 W=1;4 X=1 V=2 W=1", "4 3 " },
	{ "values: lte",
	  CORREL("n",
		 "type: value_count, rules: [a], timespan: 10s, condition: {field: V, lte: 1}"),
	  "1 X=1 V=1;2 X=1 V=1", "2 1 " },
	/* temporal: "All events defined by the rules ... must occur in the time frame" */
	{ "temporal: all", TEMPORAL, "1 X=1 U=x;2 X=2 U=x;3 X=3 U=x", "3 3 x" },
	{ "temporal: any order", TEMPORAL, "1 X=3 U=x;2 X=1 U=x;3 X=2 U=x", "3 3 x" },
	{ "temporal: one is missing", TEMPORAL, "1 X=1 U=x;2 X=2 U=x;3 X=2 U=x", "" },
	{ "temporal: at the edge", TEMPORAL, "1 X=1 U=x;2 X=2 U=x;11 X=3 U=x", "11 3 x" },
	{ "temporal: beyond it", TEMPORAL, "1 X=1 U=x;2 X=2 U=x;12 X=3 U=x", "" },
	{ "temporal: by group", TEMPORAL, "1 X=1 U=x;2 X=2 U=y;3 X=3 U=x", "" },
	{ "temporal: of many the last counts", TEMPORAL,
	  "1 X=1 U=x;3 X=1 U=x;5 X=1 U=x;7 X=1 U=x;14 X=2 U=x;15 X=3 U=x", "15 3 x" },
	{ "temporal: two of three",
	  CORREL("n", "type: temporal, rules: [a, b, c], timespan: 10s, condition: {gte: 2}"),
	  "1 X=3;2 X=1", "2 2 " },
	{ "temporal: one event of two rules",
	  RULE("d", "1") CORREL("n", "type: temporal, rules: [a, d], timespan: 10s"), "1 X=1",
	  "1 2 " },
	{ "temporal: fed late", TEMPORAL, "3 X=3 U=x;2 X=2 U=x;1 X=1 U=x", "3 3 x" },
	{ "temporal: aliases",
	  CORREL("n", "type: temporal, rules: [a, b], group-by: [ip], timespan: 10s, "
		      "aliases: {ip: {a: src, b: dst}}"),
	  "1 X=1 src=p dst=q;2 X=2 src=p dst=q;3 X=2 src=q dst=p", "3 2 p" },
	/* temporal_ordered: "the events appear in the order provided" */
	{ "ordered: in order", ORDERED, "1 X=1 U=x;2 X=2 U=x;3 X=3 U=x", "3 3 x" },
	{ "ordered: another order", ORDERED, "1 X=1 U=x;2 X=3 U=x;3 X=2 U=x", "" },
	{ "ordered: others between", ORDERED, "1 X=1 U=x;2 X=3 U=x;3 X=2 U=x;4 X=1 U=x;5 X=3 U=x",
	  "5 3 x" },
	{ "ordered: at the edge", ORDERED, "1 X=1 U=x;2 X=2 U=x;11 X=3 U=x", "11 3 x" },
	{ "ordered: beyond it", ORDERED, "1 X=1 U=x;2 X=2 U=x;12 X=3 U=x", "" },
	{ "ordered: the first again", ORDERED, "1 X=1 U=x;5 X=1 U=x;6 X=2 U=x;13 X=3 U=x",
	  "13 3 x" },
	{ "ordered: by group", ORDERED, "1 X=1 U=x;2 X=2 U=y;3 X=3 U=x", "" },
	{ "ordered: at the same time", ORDERED, "1 X=3 U=x;1 X=2 U=x;1 X=1 U=x", "1 3 x" },
	{ "ordered: one event is not two",
	  RULE("d", "1") CORREL("n", "type: temporal_ordered, rules: [a, d], timespan: 10s"),
	  "1 X=1", "" },
	{ "ordered: nor with another before it",
	  RULE("d", "1") CORREL("n", "type: temporal_ordered, rules: [a, d], timespan: 10s"),
	  "1 X=1;2 X=1", "2 2 " },
	{ "ordered: fed in another order", ORDERED, "3 X=3 U=x;1 X=1 U=x;2 X=2 U=x", "3 3 x" },
	/* extended conditions, as pySigma has them */
	{ "extended: and", EXTENDED("temporal", "a and b"), "", "" },
	{ "extended: or", CORREL("n", "type: temporal, timespan: 10s, condition: (a or b) and c"),
	  "1 X=2;2 X=3", "2 2 " },
	{ "extended: not", CORREL("n", "type: temporal, timespan: 10s, condition: a and not b"),
	  "1 X=1", "1 1 " },
	{ "extended: not, and it comes",
	  CORREL("n", "type: temporal, timespan: 10s, condition: a and not b"), "1 X=1;11 X=2",
	  "" },
	{ "extended: not, and it comes too late",
	  CORREL("n", "type: temporal, timespan: 10s, condition: a and not b"), "1 X=1;12 X=2",
	  "1 1 " },
	{ "extended: in order",
	  CORREL("n", "type: temporal_ordered, timespan: 10s, condition: a and (b or c)"),
	  "1 X=1;2 X=3", "2 2 " },
	{ "extended: out of order",
	  CORREL("n", "type: temporal_ordered, timespan: 10s, condition: a and (b or c)"),
	  "1 X=3;2 X=1", "" },
	/* value_sum, value_avg, value_median, value_percentile */
	{ "sum: at the limit", NUMBER("value_sum", "gte: 10"), "1 X=1 U=x V=4;2 X=1 U=x V=6",
	  "2 10 x" },
	{ "sum: below", NUMBER("value_sum", "gt: 10"), "1 X=1 U=x V=4;2 X=1 U=x V=6", "" },
	{ "sum: at the edge", NUMBER("value_sum", "gte: 10"), "1 X=1 U=x V=4;11 X=1 U=x V=6",
	  "11 10 x" },
	{ "sum: beyond it", NUMBER("value_sum", "gte: 10"), "1 X=1 U=x V=4;12 X=1 U=x V=6", "" },
	{ "sum: by group", NUMBER("value_sum", "gte: 10"), "1 X=1 U=x V=4;2 X=1 U=y V=6", "" },
	{ "sum: no number", NUMBER("value_sum", "gte: 10"), "1 X=1 U=x V=4;2 X=1 U=x V=six", "" },
	{ "sum: fractions", NUMBER("value_sum", "gte: 1"), "1 X=1 U=x V=0.5;2 X=1 U=x V=0.5",
	  "2 1 x" },
	{ "sum: in another order", NUMBER("value_sum", "gte: 10"), "2 X=1 U=x V=4;1 X=1 U=x V=6",
	  "2 10 x" },
	{ "sum: lt", NUMBER("value_sum", "lt: 10"), "1 X=1 U=x V=4;2 X=1 U=x V=5", "2 9 x" },
	{ "avg: above", NUMBER("value_avg", "gt: 5"), "1 X=1 U=x V=4;2 X=1 U=x V=8", "2 6 x" },
	{ "avg: not above", NUMBER("value_avg", "gt: 5"), "1 X=1 U=x V=4;2 X=1 U=x V=6", "" },
	{ "avg: it slides", NUMBER("value_avg", "gt: 5"),
	  "1 X=1 U=x V=0;11 X=1 U=x V=6;12 X=1 U=x V=6", "12 6 x" },
	{ "avg: lt, when it has passed", NUMBER("value_avg", "lt: 5"),
	  "1 X=1 U=x V=9;2 X=1 U=x V=0", "2 4.5 x" },
	{ "median: of three", NUMBER("value_median", "gt: 5"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=6;3 X=1 U=x V=100", "3 6 x" },
	{ "median: of two", NUMBER("value_median", "gt: 5"), "1 X=1 U=x V=1;2 X=1 U=x V=10",
	  "2 5.5 x" },
	{ "median: not above", NUMBER("value_median", "gt: 5"), "1 X=1 U=x V=1;2 X=1 U=x V=9", "" },
	{ "percentile: 100", NUMBER("value_percentile", "percentile: 100, gte: 9"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=9", "2 9 x" },
	{ "percentile: 0", NUMBER("value_percentile", "percentile: 0, gte: 2"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=9", "" },
	{ "percentile: 75 of five", NUMBER("value_percentile", "percentile: 75, gte: 4"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=2;3 X=1 U=x V=3;4 X=1 U=x V=5;5 X=1 U=x V=4", "5 4 x" },
	{ "share: rare value", NUMBER("value_percentile", "lte: 25"),
	  "1 X=1 U=x V=p;2 X=1 U=x V=p;3 X=1 U=x V=q;4 X=1 U=x V=p", "4 25 x" },
	{ "share: none is rare", NUMBER("value_percentile", "lt: 25"),
	  "1 X=1 U=x V=p;2 X=1 U=x V=p;3 X=1 U=x V=q;4 X=1 U=x V=p", "" },
	/* one over the other */
	{ "chain: many failures, then a success",
	  CORREL("f",
		 "type: event_count, rules: [a], group-by: [U], timespan: 10s, condition: {gte: 3}")
		  CORREL("n",
			 "type: temporal_ordered, rules: [f, b], group-by: [U], timespan: 10s"),
	  "1 X=1 U=x;2 X=1 U=x;3 X=1 U=x;9 X=2 U=x", "f 3 3 x;n 9 2 x" },
	{ "chain: too few failures",
	  CORREL("f",
		 "type: event_count, rules: [a], group-by: [U], timespan: 10s, condition: {gte: 3}")
		  CORREL("n",
			 "type: temporal_ordered, rules: [f, b], group-by: [U], timespan: 10s"),
	  "1 X=1 U=x;2 X=1 U=x;9 X=2 U=x", "" },
	{ "chain: the success came before",
	  CORREL("f",
		 "type: event_count, rules: [a], group-by: [U], timespan: 10s, condition: {gte: 3}")
		  CORREL("n",
			 "type: temporal_ordered, rules: [f, b], group-by: [U], timespan: 10s"),
	  "1 X=1 U=x;2 X=1 U=x;3 X=2 U=x;4 X=1 U=x", "f 4 3 x" },
	{ "chain: it goes on, though told once",
	  CORREL("f",
		 "type: event_count, rules: [a], group-by: [U], timespan: 60s, condition: {gte: 2}")
		  CORREL("n", "type: temporal_ordered, rules: [f, b], group-by: [U], timespan: 5s"),
	  "1 X=1 U=x;2 X=1 U=x;20 X=1 U=x;22 X=2 U=x", "f 2 2 x;n 22 2 x" },
	{ "chain: a field that the lower one does not group by",
	  CORREL("f",
		 "type: event_count, rules: [a], group-by: [H], timespan: 10s, condition: {gte: 2}")
		  CORREL("n",
			 "type: temporal_ordered, rules: [f, b], group-by: [U], timespan: 10s"),
	  "1 X=1 H=h U=x;2 X=1 H=h U=y;3 X=2 H=i U=y", "f 2 2 h;n 3 2 y" },
	{ "chain: counts what fired",
	  CORREL("f",
		 "type: event_count, rules: [a], group-by: [H, U], timespan: 10s, condition: {gte: 2}")
		  CORREL("n", "type: value_count, rules: [f], group-by: [H], timespan: 60s, "
			      "condition: {field: U, gte: 2}"),
	  "1 X=1 H=h U=x;2 X=1 H=h U=x;3 X=1 H=h U=y;4 X=1 H=h U=y",
	  "f 2 2 h,x;f 4 2 h,y;n 4 2 h" },
	{ "chain: of three",
	  CORREL("f", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}")
		  CORREL("g", "type: temporal, rules: [f, b], timespan: 10s")
			  CORREL("n", "type: temporal_ordered, rules: [g, c], timespan: 10s"),
	  "1 X=1;2 X=1;3 X=2;4 X=3", "f 2 2 ;g 3 2 ;n 4 2 " },
	{ "two correlations of one rule",
	  COUNT_3 CORREL("m", "type: event_count, rules: [a], timespan: 10s, "
			      "condition: {gte: 2}"),
	  "1 X=1 U=x;2 X=1 U=x;3 X=1 U=x", "m 2 2 ;n 3 3 x" },
};

struct run {
	struct rule_set *rs;
	struct rule_scratch *match;
	struct sight_scratch *sight;
	struct correl *c;
	struct arena whole;
	struct sighting seen[16];
	size_t n;
	bool named; /* more than one correlation: tell which */
	struct buf out;
};

static void note_fire(void *ctx, const struct correl_fire *f)
{
	struct run *r = ctx;

	if (r->out.n > 0)
		buf_char(&r->out, ';');
	if (r->named)
		buf_printf(&r->out, "%.*s ", STR_ARG(f->what->x->info.id));
	buf_printf(&r->out, "%lld %g ", (long long)(f->to / TIME_SECOND), f->value);
	for (size_t i = 0; i < f->what->x->n_group; i++)
		buf_printf(&r->out, "%s%.*s", i > 0 ? "," : "", STR_ARG(f->group[i]));
}

static void note_hit(void *ctx, size_t rule, const struct sigma_match *where)
{
	struct run *r = ctx;

	(void)where;
	r->seen[r->n++].rule = (uint32_t)rule;
}

static bool begin(struct run *r, const char *text, const struct correl_limits *limits)
{
	*r = (struct run){ .rs = rule_set_new(), .out = BUF(1 << 16) };
	if (r->rs == NULL || !rule_set_sources(r->rs, str_of(sources), NULL))
		return false;
	rule_set_add(r->rs, STR("r.yml"), STR(RULES));
	rule_set_add(r->rs, STR("x.yml"), str_of(text));
	rule_set_link(r->rs);
	for (size_t i = 0; i < rule_set_faults(r->rs); i++)
		printf("  %s\n", rule_set_fault(r->rs, i)->why.text);
	r->named = rule_set_correlations(r->rs) > 1;
	r->match = rule_scratch_new(r->rs);
	r->sight = sight_scratch_new(r->rs);
	r->c = correl_new(r->rs, limits);
	return rule_set_faults(r->rs) == 0 && r->match != NULL && r->sight != NULL &&
	       r->c != NULL && arena_reserve(&r->whole, 1 << 20);
}

static void end(struct run *r)
{
	correl_free(r->c);
	sight_scratch_free(r->sight);
	rule_scratch_free(r->match);
	rule_set_free(r->rs);
	if (r->whole.beg != NULL)
		arena_release(r->whole);
	buf_free(&r->out);
}

/* "SECONDS[@RECEIVED] FIELD=VALUE ..." */
static void feed(struct run *r, struct str line, uint64_t place)
{
	struct str when, received, part;
	static struct test_event t;
	struct buf fields = BUF(4096);
	uint64_t at = 0, came = 0;

	CHECK("line", str_split(&line, ' ', &when) && str_split(&when, '@', &received) &&
			      num_parse(received, 0, UINT32_MAX, &at));
	came = at;
	if (when.p != NULL)
		CHECK("received", num_parse(when, 0, UINT32_MAX, &came));
	buf_add(&fields, STR("t=1\n"));
	while (str_split(&line, ' ', &part))
		buf_printf(&fields, "%.*s\n", STR_ARG(part));
	test_event(&t, buf_str(&fields), STR(""));
	t.ev.time = (int64_t)at * TIME_SECOND;
	t.ev.received = (int64_t)came * TIME_SECOND;
	r->n = 0;
	rule_set_match(r->rs, r->match, &t.ev, note_hit, r);
	sight_event(r->sight, &t.ev);
	for (size_t i = 0; i < r->n; i++) {
		struct arena a = r->whole;
		struct sighting s;

		CHECK("room", sight_take(r->sight, r->seen[i].rule, &a, &s));
		s.place = place;
		correl_feed(r->c, &s, note_fire, r);
	}
	buf_free(&fields);
}

static void feed_all(struct run *r, const char *events, uint64_t place)
{
	struct str rest = str_of(events), line;

	while (rest.n > 0 && str_split(&rest, ';', &line))
		feed(r, line, place++);
}

static void expect(struct run *r, const char *name, const char *fires)
{
	if (!CHECK(name, str_eq(buf_str(&r->out), str_of(fires))))
		printf("  %.*s\n", STR_ARG(buf_str(&r->out)));
}

static const struct correl_limits plain = { CORREL_BYTES, CORREL_LATE };

static void check_cases(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct run r;

		if (CHECK(cases[i].name, begin(&r, cases[i].rules, &plain))) {
			feed_all(&r, cases[i].events, 0);
			correl_clock(r.c, INT64_MAX, note_fire, &r);
			expect(&r, cases[i].name, cases[i].fires);
		}
		end(&r);
	}
}

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

int main(void)
{
	check_cases();
	check_delays();
	check_adopts();
	check_bounds();
	check_crowds();
	return TEST_REPORT();
}
