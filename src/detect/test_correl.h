/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_correl.h - correlations fed by hand for the tests of this room, nothing else includes it.
 * An event is "SECONDS[@RECEIVED] FIELD=VALUE..."; rules a, b, c hold where X is 1, 2, 3. What fires is
 * "TIME VALUE GROUP", before it which, where there are several.
 */
#ifndef DETECT_TEST_CORREL_H
#define DETECT_TEST_CORREL_H

#include "base/num.h"
#include "base/test.h"
#include "base/time.h"
#include "detect/correl_batch.h"
#include "detect/correl_note.h"
#include "detect/correl_sight.h"
#include "detect/detector.h"
#include "detect/test_event.h"

#define RULE(id, x)                                               \
	"title: " id "\nid: " id "\nlogsource: {category: any}\n" \
	"detection: {s: {X: " x "}, condition: s}\n---\n"
#define RULES RULE("a", "1") RULE("b", "2") RULE("c", "3")
#define CORREL(id, body) "title: " id "\nid: " id "\ncorrelation: {" body "}\n---\n"
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
	struct buf *notes;          /* where not NULL: what is fed is noted, too */
	struct correl_batch *batch; /* where not NULL: it is collected instead */
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
	if (r->rs == NULL ||
	    !rule_set_sources(r->rs, STR("- {category: any, events: [{when: {t: 1}}]}\n"), NULL))
		return false;
	rule_set_add(r->rs, STR("r.yml"), STR(RULES));
	rule_set_add(r->rs, STR("x.yml"), str_of(text));
	rule_set_link(r->rs);
	if (rule_set_faults(r->rs) > 0)
		printf("  %s\n", rule_set_fault(r->rs, 0)->why.text);
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

/* A rule that held, to the correlations; where it is told by itself, too, it says so. */
static void take(struct run *r, uint32_t rule, uint64_t place, const struct event *ev)
{
	const struct rule_info *info = rule_set_at(r->rs, rule);
	struct hits hits = { .hit = &(struct hit){ .kind = HIT_RULE, .rule = info }, .n = 1 };
	struct arena a = r->whole;
	struct sighting s;

	if (info->correlated && !info->part)
		buf_printf(&r->out, "%s%.*s", r->out.n > 0 ? ";" : "", STR_ARG(info->id));
	if (r->batch != NULL) {
		correl_batch_event(r->batch, ev, &hits, place);
		return;
	}
	CHECK("room", sight_take(r->sight, rule, &a, &s));
	s.place = place;
	if (r->notes != NULL)
		correl_note(r->rs, &s, r->notes);
	correl_feed(r->c, &s, note_fire, r);
}

/* "SECONDS[@RECEIVED] FIELD=VALUE ..." */
static void feed(struct run *r, struct str line, uint64_t place)
{
	struct str when, received, part;
	static struct test_event t;
	struct buf fields = BUF(4096);
	uint64_t at = 0, came = 0;

	CHECK("line", str_split(&line, ' ', &when) && str_split(&when, '@', &received) &&
			      num_parse(received, 0, UINT32_MAX, &at) &&
			      num_parse(when.p != NULL ? when : received, 0, UINT32_MAX, &came));
	buf_add(&fields, STR("t=1\n"));
	while (str_split(&line, ' ', &part))
		buf_printf(&fields, "%.*s\n", STR_ARG(part));
	test_event(&t, buf_str(&fields), STR(""));
	t.ev.time = (int64_t)at * TIME_SECOND;
	t.ev.received = (int64_t)came * TIME_SECOND;
	t.ev.time_told = true;
	r->n = 0;
	rule_set_match(r->rs, r->match, &t.ev, note_hit, r);
	sight_event(r->sight, &t.ev);
	for (size_t i = 0; i < r->n; i++)
		take(r, r->seen[i].rule, place, &t.ev);
	buf_free(&fields);
}

UNUSED static void feed_all(struct run *r, const char *events, uint64_t place)
{
	struct str rest = str_of(events), line;

	while (rest.n > 0 && str_split(&rest, ';', &line))
		feed(r, line, place++);
}

UNUSED static void expect(struct run *r, const char *name, const char *fires)
{
	if (!CHECK(name, str_eq(buf_str(&r->out), str_of(fires))))
		printf("  %.*s\n", STR_ARG(buf_str(&r->out)));
}

#endif
