/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conformance of correlations: for each type rows at the threshold, below it, at the edge of the window and
 * beyond, by group, in another order. Each row is run as a live canh would, then with a restart behind each of
 * its events, then as a hunt over files that come in the opposite order; all must fire the same.
 * docs/correlation.md tells what others make of these rows.
 */
#include "detect/test_correl.h"

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
#define ALIASES(type)                                                                      \
	CORREL("n", "type: " type ", rules: [a, b], group-by: [from, to], timespan: 10s, " \
		    "aliases: {from: {a: s, b: d}, to: {a: d, b: s}}")

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
	{ "count: eq, by group",
	  CORREL("n", "type: event_count, rules: [a], group-by: [U], timespan: 10s, "
		      "condition: {eq: 2}"),
	  "1 X=1 U=x;1 X=1 U=y;2 X=1 U=x;3 X=1 U=x;4 X=1 U=y", "4 2 y" },
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
	{ "values: of two fields, below",
	  CORREL("n",
		 "type: value_count, rules: [a], timespan: 10s, condition: {field: [V, W], gte: 3}"),
	  "1 X=1 V=1 W=1;2 X=1 V=1 W=2;3 X=1 V=1 W=2", "" },
	{ "values: of two fields, one is missing",
	  CORREL("n",
		 "type: value_count, rules: [a], timespan: 10s, condition: {field: [V, W], gte: 2}"),
	  "1 X=1 V=1 W=1;2 X=1 V=2", "" },
	{ "values: of two fields, beyond the edge",
	  CORREL("n",
		 "type: value_count, rules: [a], timespan: 10s, condition: {field: [V, W], gte: 2}"),
	  "1 X=1 V=1 W=1;12 X=1 V=1 W=2", "" },
	{ "values: gt",
	  CORREL("n", "type: value_count, rules: [a], timespan: 10s, condition: {field: V, gt: 2}"),
	  "1 X=1 V=1;2 X=1 V=2;3 X=1 V=3", "3 3 " },
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
	{ "temporal: two of three, below",
	  CORREL("n", "type: temporal, rules: [a, b, c], timespan: 10s, condition: {gte: 2}"),
	  "1 X=3;2 X=3", "" },
	{ "temporal: exactly two of three",
	  CORREL("n", "type: temporal, rules: [a, b, c], timespan: 10s, condition: {eq: 2}"),
	  "1 X=3;2 X=1", "2 2 " },
	{ "temporal: exactly two of three, and the third comes",
	  CORREL("n", "type: temporal, rules: [a, b, c], timespan: 10s, condition: {eq: 2}"),
	  "1 X=3;2 X=1;11 X=2", "" },
	{ "temporal: two fields are one group",
	  CORREL("n", "type: temporal, rules: [a, b], group-by: [U, V], timespan: 10s"),
	  "1 X=1 U=x V=1;2 X=2 U=x V=2;3 X=2 U=x V=1", "3 2 x,1" },
	{ "temporal: one event of two rules",
	  RULE("d", "1") CORREL("n", "type: temporal, rules: [a, d], timespan: 10s"), "1 X=1",
	  "1 2 " },
	{ "temporal: fed late", TEMPORAL, "3 X=3 U=x;2 X=2 U=x;1 X=1 U=x", "3 3 x" },
	{ "temporal: aliases",
	  CORREL("n", "type: temporal, rules: [a, b], group-by: [ip], timespan: 10s, "
		      "aliases: {ip: {a: src, b: dst}}"),
	  "1 X=1 src=p dst=q;2 X=2 src=p dst=q;3 X=2 src=q dst=p", "3 2 p" },
	{ "temporal: aliases, at the edge", ALIASES("temporal"), "1 X=1 s=p d=q;11 X=2 s=q d=p",
	  "11 2 p,q" },
	{ "temporal: aliases, beyond it", ALIASES("temporal"), "1 X=1 s=p d=q;12 X=2 s=q d=p", "" },
	{ "temporal: aliases, the same fields are not the same", ALIASES("temporal"),
	  "1 X=1 s=p d=q;2 X=2 s=p d=q", "" },
	{ "temporal: aliases, one is missing", ALIASES("temporal"), "1 X=1 s=p;2 X=2 s=q d=p", "" },
	{ "ordered: aliases", ALIASES("temporal_ordered"), "1 X=1 s=p d=q;2 X=2 s=q d=p",
	  "2 2 p,q" },
	{ "ordered: aliases, another order", ALIASES("temporal_ordered"),
	  "1 X=2 s=q d=p;2 X=1 s=p d=q", "" },
	{ "count: aliases",
	  CORREL("n", "type: event_count, rules: [a, b], group-by: [ip], timespan: 10s, "
		      "aliases: {ip: {a: src, b: dst}}, condition: {gte: 3}"),
	  "1 X=1 src=p dst=q;2 X=2 src=q dst=p;3 X=2 src=p dst=q;4 X=1 src=p", "4 3 p" },
	/* generate: the rules are told by themselves, too */
	{ "generate: true",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}, "
		      "generate: true"),
	  "1 X=1;2 X=2;3 X=1", "a;a;3 2 " },
	{ "generate: false",
	  CORREL("n", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}, "
		      "generate: false"),
	  "1 X=1;2 X=2;3 X=1", "3 2 " },
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
	{ "ordered: two of three",
	  CORREL("n",
		 "type: temporal_ordered, rules: [a, b, c], timespan: 10s, condition: {gte: 2}"),
	  "1 X=3;2 X=1;3 X=3", "3 2 " },
	{ "ordered: two of three, another order",
	  CORREL("n",
		 "type: temporal_ordered, rules: [a, b, c], timespan: 10s, condition: {gte: 2}"),
	  "1 X=3;2 X=1", "" },
	/* extended conditions, as pySigma has them */
	{ "extended: and", EXTENDED("temporal", "a and b"), "1 X=2 U=x;2 X=1 U=x", "2 2 x" },
	{ "extended: and, one is missing", EXTENDED("temporal", "a and b"), "1 X=1 U=x;2 X=3 U=x",
	  "" },
	{ "extended: and, at the edge", EXTENDED("temporal", "a and b"), "1 X=2 U=x;11 X=1 U=x",
	  "11 2 x" },
	{ "extended: and, beyond it", EXTENDED("temporal", "a and b"), "1 X=2 U=x;12 X=1 U=x", "" },
	{ "extended: and, by group", EXTENDED("temporal", "a and b"), "1 X=2 U=x;2 X=1 U=y", "" },
	{ "extended: or and and, without parentheses", EXTENDED("temporal", "a or b and c"),
	  "1 X=2 U=x;2 X=1 U=x", "2 2 x" },
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
	{ "extended: in order, at the edge",
	  CORREL("n", "type: temporal_ordered, timespan: 10s, condition: a and b"), "1 X=1;11 X=2",
	  "11 2 " },
	{ "extended: in order, beyond it",
	  CORREL("n", "type: temporal_ordered, timespan: 10s, condition: a and b"), "1 X=1;12 X=2",
	  "" },
	{ "extended: not, by group",
	  CORREL("n", "type: temporal, group-by: [U], timespan: 10s, condition: a and not b"),
	  "1 X=1 U=x;1 X=1 U=y;2 X=2 U=x", "1 1 y" },
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
	{ "sum: below nothing", NUMBER("value_sum", "gte: 10"), "1 X=1 U=x V=15;2 X=1 U=x V=-6",
	  "1 15 x" },
	{ "sum: without the field", NUMBER("value_sum", "gte: 10"), "1 X=1 U=x V=4;2 X=1 U=x", "" },
	{ "sum: lt", NUMBER("value_sum", "lt: 10"), "1 X=1 U=x V=4;2 X=1 U=x V=5", "2 9 x" },
	{ "avg: above", NUMBER("value_avg", "gt: 5"), "1 X=1 U=x V=4;2 X=1 U=x V=8", "2 6 x" },
	{ "avg: not above", NUMBER("value_avg", "gt: 5"), "1 X=1 U=x V=4;2 X=1 U=x V=6", "" },
	{ "avg: at the limit", NUMBER("value_avg", "gte: 5"), "1 X=1 U=x V=4;2 X=1 U=x V=6",
	  "2 5 x" },
	{ "avg: at the edge", NUMBER("value_avg", "gt: 5"), "1 X=1 U=x V=0;11 X=1 U=x V=10", "" },
	{ "avg: beyond it", NUMBER("value_avg", "gt: 5"), "1 X=1 U=x V=0;12 X=1 U=x V=10",
	  "12 10 x" },
	{ "avg: by group", NUMBER("value_avg", "gt: 5"), "1 X=1 U=x V=5;2 X=1 U=y V=6", "2 6 y" },
	{ "avg: in another order", NUMBER("value_avg", "gte: 5"), "2 X=1 U=x V=4;1 X=1 U=x V=6",
	  "1 6 x" },
	{ "avg: it slides", NUMBER("value_avg", "gt: 5"),
	  "1 X=1 U=x V=0;11 X=1 U=x V=6;12 X=1 U=x V=6", "12 6 x" },
	{ "avg: lt, when it has passed", NUMBER("value_avg", "lt: 5"),
	  "1 X=1 U=x V=9;2 X=1 U=x V=0", "2 4.5 x" },
	{ "median: of three", NUMBER("value_median", "gt: 5"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=6;3 X=1 U=x V=100", "3 6 x" },
	{ "median: of two", NUMBER("value_median", "gt: 5"), "1 X=1 U=x V=1;2 X=1 U=x V=10",
	  "2 5.5 x" },
	{ "median: not above", NUMBER("value_median", "gt: 5"), "1 X=1 U=x V=1;2 X=1 U=x V=9", "" },
	{ "median: at the limit", NUMBER("value_median", "gte: 5"), "1 X=1 U=x V=1;2 X=1 U=x V=9",
	  "2 5 x" },
	{ "median: at the edge", NUMBER("value_median", "gt: 5"), "1 X=1 U=x V=0;11 X=1 U=x V=10",
	  "" },
	{ "median: beyond it", NUMBER("value_median", "gt: 5"), "1 X=1 U=x V=0;12 X=1 U=x V=10",
	  "12 10 x" },
	{ "median: by group", NUMBER("value_median", "gt: 5"), "1 X=1 U=x V=1;2 X=1 U=y V=6",
	  "2 6 y" },
	{ "percentile: 100", NUMBER("value_percentile", "percentile: 100, gte: 9"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=9", "2 9 x" },
	{ "percentile: 0", NUMBER("value_percentile", "percentile: 0, gte: 2"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=9", "" },
	{ "percentile: 50 is the median", NUMBER("value_percentile", "percentile: 50, gt: 5"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=10", "2 5.5 x" },
	{ "percentile: below", NUMBER("value_percentile", "percentile: 100, gt: 9"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=9", "" },
	{ "percentile: at the edge", NUMBER("value_percentile", "percentile: 0, gte: 2"),
	  "1 X=1 U=x V=1;11 X=1 U=x V=9", "" },
	{ "percentile: beyond it", NUMBER("value_percentile", "percentile: 0, gte: 2"),
	  "1 X=1 U=x V=1;12 X=1 U=x V=9", "12 9 x" },
	{ "percentile: by group", NUMBER("value_percentile", "percentile: 0, gte: 2"),
	  "1 X=1 U=x V=1;2 X=1 U=y V=9", "2 9 y" },
	{ "percentile: 75 of five", NUMBER("value_percentile", "percentile: 75, gte: 4"),
	  "1 X=1 U=x V=1;2 X=1 U=x V=2;3 X=1 U=x V=3;4 X=1 U=x V=5;5 X=1 U=x V=4", "5 4 x" },
	{ "share: rare value", NUMBER("value_percentile", "lte: 25"),
	  "1 X=1 U=x V=p;2 X=1 U=x V=p;3 X=1 U=x V=q;4 X=1 U=x V=p", "4 25 x" },
	{ "share: none is rare", NUMBER("value_percentile", "lt: 25"),
	  "1 X=1 U=x V=p;2 X=1 U=x V=p;3 X=1 U=x V=q;4 X=1 U=x V=p", "" },
	{ "share: beyond the edge", NUMBER("value_percentile", "lte: 25"),
	  "1 X=1 U=x V=p;2 X=1 U=x V=p;3 X=1 U=x V=q;12 X=1 U=x V=p", "" },
	{ "share: by group", NUMBER("value_percentile", "lte: 25"),
	  "1 X=1 U=x V=p;2 X=1 U=y V=p;3 X=1 U=x V=q;4 X=1 U=y V=p", "" },
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
	{ "chain: a sum over what fired",
	  CORREL("f", "type: event_count, rules: [a], group-by: [H, V], timespan: 10s, "
		      "condition: {gte: 2}")
		  CORREL("n", "type: value_sum, rules: [f], group-by: [H], timespan: 60s, "
			      "condition: {field: V, gte: 5}"),
	  "1 X=1 H=h V=2;2 X=1 H=h V=2;3 X=1 H=h V=3;4 X=1 H=h V=3",
	  "f 2 2 h,2;f 4 2 h,3;n 4 5 h" },
	{ "chain: at the edge",
	  CORREL("f", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}")
		  CORREL("n", "type: temporal, rules: [f, b], timespan: 10s"),
	  "1 X=1;2 X=1;12 X=2", "f 2 2 ;n 12 2 " },
	{ "chain: beyond it",
	  CORREL("f", "type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}")
		  CORREL("n", "type: temporal, rules: [f, b], timespan: 10s"),
	  "1 X=1;2 X=1;13 X=2", "f 2 2 " },
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

static const struct correl_limits plain = { CORREL_BYTES, CORREL_LATE };

static void check_live(size_t i)
{
	struct run r;

	if (CHECK(cases[i].name, begin(&r, cases[i].rules, &plain))) {
		feed_all(&r, cases[i].events, 0);
		correl_clock(r.c, INT64_MAX, note_fire, &r);
		expect(&r, cases[i].name, cases[i].fires);
	}
	end(&r);
}

/* The lines of a row; how many. */
static size_t lines_of(const char *events, struct str line[32])
{
	struct str rest = str_of(events);
	size_t n = 0;

	while (rest.n > 0 && n < 32 && str_split(&rest, ';', &line[n]))
		n++;
	return n;
}

/* canh ends behind `split` events and begins again with what it had noted. */
static void check_restart(size_t i, const struct str *line, size_t n, size_t split)
{
	struct run old, new;
	struct buf notes = BUF(1 << 16);
	struct err why = { 0 };
	uint64_t place = 0;

	CHECK(cases[i].name, begin(&old, cases[i].rules, &plain));
	CHECK(cases[i].name, begin(&new, cases[i].rules, &plain));
	old.notes = &notes;
	for (size_t k = 0; k < split; k++)
		feed(&old, line[k], k);
	buf_add(&new.out, buf_str(&old.out));
	CHECK(cases[i].name,
	      correl_note_feed(new.rs, new.whole, buf_str(&notes), new.c, &place, &why));
	for (size_t k = split; k < n; k++)
		feed(&new, line[k], k);
	correl_clock(new.c, INT64_MAX, note_fire, &new);
	expect(&new, cases[i].name, cases[i].fires);
	buf_free(&notes);
	end(&old);
	end(&new);
}

static void check_hunt(size_t i, const struct str *line, size_t n)
{
	static const struct correl_limits in_order = { CORREL_BYTES, 0 };
	struct run r;

	if (!CHECK(cases[i].name, begin(&r, cases[i].rules, &in_order)))
		return;
	r.batch = correl_batch_new(r.rs, 1 << 20);
	for (size_t k = n; CHECK(cases[i].name, r.batch != NULL) && k-- > 0;)
		feed(&r, line[k], k);
	CHECK(cases[i].name, correl_batch_run(&r.batch, 1, r.c, note_fire, &r));
	expect(&r, cases[i].name, cases[i].fires);
	correl_batch_free(r.batch);
	end(&r);
}

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str line[32];
		size_t n = lines_of(cases[i].events, line);

		check_live(i);
		for (size_t k = 1; k < n; k++)
			check_restart(i, line, n, k);
		check_hunt(i, line, n);
	}
	return TEST_REPORT();
}
