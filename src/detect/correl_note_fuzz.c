/* SPDX-License-Identifier: Apache-2.0 */
/* correl_note_fuzz.c - any bytes are notes up to some place, and an error there; state stays bounded. */
#include "detect/correl_note.h"

#include "base/fuzz.h"

#include <assert.h>

static const char rules[] =
	"title: a\nid: a\nlogsource: {category: a}\ndetection: {s: {X: 1}, condition: s}\n---\n"
	"title: n\nid: n\ncorrelation: {type: event_count, rules: [a], group-by: [U], timespan: 5m, "
	"condition: {gte: 2}}\n---\n"
	"title: v\nid: v\ncorrelation: {type: value_count, rules: [a], group-by: [U], timespan: 1h, "
	"condition: {field: V, lt: 3}}\n---\n"
	"title: o\nid: o\ncorrelation: {type: temporal_ordered, rules: [a, n], timespan: 1d}\n---\n"
	"title: m\nid: m\ncorrelation: {type: value_median, rules: [a], timespan: 9d, "
	"condition: {field: V, gt: 1}}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct correl_limits limits = { 1 << 20, CORREL_LATE };
	static unsigned char mem[1 << 20];
	static struct rule_set *rs;
	struct arena a = { mem, mem + sizeof mem };
	struct err why = { 0 };
	uint64_t place = 0;

	if (rs == NULL) {
		rs = rule_set_new();
		assert(rs != NULL &&
		       rule_set_sources(rs, STR("- {category: a, events: [{when: {t: 1}}]}"),
					NULL));
		assert(rule_set_add(rs, STR("x"), str_of(rules)) == 5);
		rule_set_link(rs);
		assert(rule_set_correlations(rs) == 4);
	}
	struct correl *c = correl_new(rs, &limits);
	assert(c != NULL);
	if (!correl_note_feed(rs, a, (struct str){ (const char *)data, size }, c, &place, &why))
		assert(why.kind == ERR_INPUT && why.at < size);
	assert(correl_counts(c).bytes <= 2 << 20);
	correl_free(c);
	return 0;
}
