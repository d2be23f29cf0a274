/* SPDX-License-Identifier: Apache-2.0 */
/* What is noted comes back: the same fires, whatever happened in between. */
#include "detect/correl_note.h"

#include "base/test.h"
#include "base/time.h"

static const char sources[] = "- {category: a, events: [{when: {t: 1}}]}\n";
static const char rules[] =
	"title: a\nid: a\nlogsource: {category: a}\ndetection: {s: {X: 1}, condition: s}\n---\n"
	"title: n\nid: n\ncorrelation: {type: event_count, rules: [a], group-by: [U], timespan: 10s, "
	"condition: {gte: 3}}\n---\n"
	"title: l\nid: l\ncorrelation: {type: event_count, rules: [a], group-by: [U], timespan: 10s, "
	"condition: {lt: 2}}\n";
static const char fewer[] =
	"title: b\nid: b\nlogsource: {category: a}\ndetection: {s: {Y: 1}, condition: s}\n---\n"
	"title: m\nid: m\ncorrelation: {type: event_count, rules: [b], group-by: [V], timespan: 10s, "
	"condition: {gte: 3}}\n";

static struct rule_set *load(const char *text)
{
	struct rule_set *rs = rule_set_new();

	CHECK("load", rs != NULL && rule_set_sources(rs, str_of(sources), NULL));
	rule_set_add(rs, STR("x"), str_of(text));
	rule_set_link(rs);
	CHECK("load", rule_set_faults(rs) == 0);
	return rs;
}

static void count(void *ctx, const struct correl_fire *f)
{
	size_t *n = ctx;

	(void)f;
	(*n)++;
}

static struct sighting seen(const struct rule_set *rs, int64_t at, struct sight_field *field)
{
	uint32_t name = rule_set_name_find(rs, STR("U"));

	*field = (struct sight_field){ name, STR("x") };
	return (struct sighting){ .rule = 0,
				  .time = at * TIME_SECOND,
				  .received = at * TIME_SECOND,
				  .place = (uint64_t)at,
				  .field = field,
				  .n = 1 };
}

int main(void)
{
	static const struct correl_limits limits = { CORREL_BYTES, 0 };
	static unsigned char mem[1 << 16];
	struct arena a = { mem, mem + sizeof mem };
	struct rule_set *rs = load(rules), *other = load(fewer);
	struct correl *c = correl_new(rs, &limits), *d = correl_new(other, &limits);
	struct buf notes = BUF(1 << 16);
	struct sight_field field;
	struct err why = { 0 };
	size_t fires = 0;
	uint64_t place = 0;

	for (int64_t at = 1; at <= 2; at++) {
		struct sighting s = seen(rs, at, &field);

		correl_note(rs, &s, &notes);
	}
	CHECK("fed", correl_note_feed(rs, a, buf_str(&notes), c, &place, &why) && place == 2);
	CHECK("fed", correl_counts(c).seen == 2 && correl_counts(c).groups == 2);
	struct sighting s = seen(rs, 3, &field);
	correl_feed(c, &s, count, &fires);
	CHECK("goes on", fires == 1);
	correl_clock(c, 100 * TIME_SECOND, count, &fires);
	CHECK("three are not fewer than two", fires == 1);
	CHECK("rules that are gone", correl_note_feed(other, a, buf_str(&notes), d, &place, &why) &&
					     correl_counts(d).seen == 0);
	correl_free(c);
	c = correl_new(rs, &limits);
	buf_eat(&notes, notes.n / 2);
	correl_note_clock(100 * TIME_SECOND, &notes);
	fires = 0;
	CHECK("the clock, too", correl_note_feed(rs, a, buf_str(&notes), c, &place, &why));
	correl_clock(c, INT64_MAX, count, &fires);
	CHECK("told before", fires == 0 && correl_counts(c).fired == 1);
	for (size_t n = 1; n < notes.n; n++) {
		struct correl *e = correl_new(rs, &limits);
		bool whole = n == notes.n - 9;

		CHECK("cut off", correl_note_feed(rs, a, str_sub(buf_str(&notes), 0, n), e, &place,
						  &why) == whole ||
					 (!whole && why.kind == ERR_INPUT));
		correl_free(e);
	}
	correl_free(c);
	correl_free(d);
	rule_set_free(rs);
	rule_set_free(other);
	buf_free(&notes);
	return TEST_REPORT();
}
