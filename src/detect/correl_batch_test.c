/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the order in which events are collected, and by how many, what fires is the same; and it is what a
 * plain count over all windows says.
 */
#include "detect/correl_batch.h"

#include "base/buf.h"
#include "base/test.h"
#include "base/time.h"
#include "detect/detector.h"
#include "detect/test_event.h"

#include <stdlib.h>

static const char sources[] = "- {category: any, events: [{when: {t: 1}}]}\n";
static const char rules[] =
	"title: a\nid: a\nlogsource: {category: any}\ndetection: {s: {X: 1}, condition: s}\n---\n"
	"title: b\nid: b\nlogsource: {category: any}\ndetection: {s: {X: 2}, condition: s}\n---\n"
	"title: n\nid: n\ncorrelation: {type: event_count, rules: [a], group-by: [U], timespan: 50s, "
	"condition: {gte: 4}}\n---\n"
	"title: o\nid: o\ncorrelation: {type: temporal_ordered, rules: [n, b], group-by: [U], "
	"timespan: 20s}\n---\n"
	"title: l\nid: l\ncorrelation: {type: event_count, rules: [b], timespan: 30s, "
	"condition: {eq: 6}}\n";

enum { EVENTS = 1200, SPAN = 2000, USERS = 5 };

struct one {
	unsigned time, user, x;
};

static struct detector *make(void)
{
	struct rule_set *rs = rule_set_new();

	CHECK("sources", rule_set_sources(rs, str_of(sources), NULL));
	CHECK("rules", rule_set_add(rs, STR("x"), str_of(rules)) == 5);
	rule_set_link(rs);
	CHECK("linked", rule_set_faults(rs) == 0 && rule_set_correlations(rs) == 3);
	struct err why = { 0 };
	return detector_new(&(struct detector_parts){ .rules = rs }, &why);
}

static void note(void *ctx, const struct correl_fire *f)
{
	struct buf *out = ctx;
	struct str group = f->what->x->n_group > 0 ? f->group[0] : STR("");

	buf_printf(out, "%.*s %lld-%lld %g %.*s\n", STR_ARG(f->what->x->info.id),
		   (long long)(f->from / TIME_SECOND), (long long)(f->to / TIME_SECOND), f->value,
		   STR_ARG(group));
}

/* Feed the events in the order of `at` to `n` collectors in turn, and run them. */
static void run(const struct detector *d, const struct one *all, const unsigned *at, size_t n,
		struct buf *out)
{
	static const struct correl_limits limits = { CORREL_BYTES, 0 };
	struct correl *c = correl_new(detector_rules(d), &limits);
	struct detect_scratch *s = detect_scratch_new(d);
	struct correl_batch *b[4];

	assert(n > 0 && n <= COUNT(b));
	for (size_t i = 0; i < n; i++)
		b[i] = correl_batch_new(detector_rules(d), 16 << 20);
	for (unsigned i = 0; i < EVENTS; i++) {
		const struct one *e = &all[at[i]];
		static struct test_event t;
		char text[64];
		struct hits hits;
		int len = snprintf(text, sizeof text, "t=1\nX=%u\nU=u%u", e->x, e->user);

		test_event(&t, (struct str){ text, (size_t)len }, STR(""));
		t.ev.time = (int64_t)e->time * TIME_SECOND;
		t.ev.time_told = true;
		detector_run(d, s, &t.ev, &hits);
		correl_batch_event(b[i % n], &t.ev, &hits, at[i]);
	}
	CHECK("run", correl_batch_run(b, n, c, note, out));
	for (size_t i = 0; i < n; i++)
		correl_batch_free(b[i]);
	detect_scratch_free(s);
	correl_free(c);
}

/* How often, by counting all that lies 50 s back from each event, and then being silent as long. */
static size_t plain_count(const struct one *all)
{
	size_t fires = 0;

	for (unsigned u = 0; u < USERS; u++) {
		long silent = 0;

		for (long now = 0; now < SPAN; now++) {
			unsigned here = 0, n = 0;

			for (unsigned i = 0; i < EVENTS; i++) {
				bool mine = all[i].user == u && all[i].x == 1;

				here += mine && all[i].time == now;
				n += mine && all[i].time <= now && all[i].time + 50 >= now;
			}
			if (here == 0 || n < 4 || now < silent)
				continue;
			fires++;
			silent = now + 50;
		}
	}
	return fires;
}

static size_t lines_of(struct str s, const char *begin)
{
	struct str line;
	size_t n = 0;

	while (str_line(&s, &line))
		n += str_starts(line, str_of(begin));
	return n;
}

int main(void)
{
	struct detector *d = make();
	static struct one all[EVENTS];
	static unsigned at[EVENTS];
	struct buf first = BUF(1 << 20);
	unsigned seed = 7;

	for (unsigned i = 0; i < EVENTS; i++) {
		all[i] = (struct one){ (unsigned)rand_r(&seed) % SPAN,
				       (unsigned)rand_r(&seed) % USERS,
				       (unsigned)rand_r(&seed) % 3 };
		at[i] = i;
	}
	run(d, all, at, 1, &first);
	CHECK("something fires", lines_of(buf_str(&first), "n ") > 5 &&
					 lines_of(buf_str(&first), "o ") > 1 &&
					 lines_of(buf_str(&first), "l ") > 1);
	CHECK("what a plain count says", lines_of(buf_str(&first), "n ") == plain_count(all));
	for (unsigned turn = 0; turn < 8; turn++) {
		struct buf again = BUF(1 << 20);

		for (unsigned i = EVENTS - 1; i > 0; i--) {
			unsigned k = (unsigned)rand_r(&seed) % (i + 1), t = at[i];

			at[i] = at[k];
			at[k] = t;
		}
		run(d, all, at, 1 + turn % 4, &again);
		CHECK("in any order", str_eq(buf_str(&first), buf_str(&again)));
		buf_free(&again);
	}
	buf_free(&first);
	detector_free(d);
	return TEST_REPORT();
}
