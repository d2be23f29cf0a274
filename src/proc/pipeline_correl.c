/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline_correl.c - what rules see goes to the correlations; what fires is a hit of the event that
 * completed it. A window that passed has no such event: a record of canh's own says what was found.
 */
#include "base/jsonw.h"
#include "base/log.h"
#include "base/time.h"
#include "detect/correl_hit.h"
#include "detect/correl_note.h"
#include "detect/correl_sight.h"
#include "detect/detector.h"
#include "event/formats.h"
#include "proc/correl_journal.h"
#include "proc/pipeline_int.h"
#include "proc/tally.h"

#include <stdlib.h>

enum { OWN_RECORD_MAX = 64 << 10, NOTES_MAX = 16 << 20 };
#define ROOM ((size_t)4 << 20)

struct pipe_correl {
	struct correl *c;
	struct sight_scratch *sight;
	struct arena whole;
	uint64_t place; /* of the last event that was looked at */
	bool done;      /* a window was decided in this call */
	uint64_t told;  /* what was let go when it was last said */
	uint64_t late;  /* what had come late then */
	uint64_t desk;  /* both, when desk was last told */
	/* of the call */
	struct pipeline *p;
	const struct store_ref *ref; /* NULL: no event is at hand */
	struct arena a;
};

void pipe_correl_free(struct pipe_correl *x)
{
	if (x == NULL)
		return;
	sight_scratch_free(x->sight);
	correl_free(x->c);
	if (x->whole.beg != NULL)
		arena_release(x->whole);
	free(x);
}

static struct pipe_correl *make(const struct rule_set *rs)
{
	static const struct correl_limits limits = { CORREL_BYTES, CORREL_LATE };
	struct pipe_correl *x = calloc(1, sizeof *x);

	if (x == NULL)
		return NULL;
	x->c = correl_new(rs, &limits);
	x->sight = sight_scratch_new(rs);
	if (x->c != NULL && x->sight != NULL && arena_reserve(&x->whole, ROOM))
		return x;
	pipe_correl_free(x);
	return NULL;
}

void pipeline_correl_open(struct pipeline *p, const char *store_folder)
{
	struct store_root head;
	struct err why = { 0 };

	store_head(p->store, &head);
	p->notes = BUF(NOTES_MAX);
	p->journal = correl_journal_open(store_folder, &head, &why);
	if (p->journal == NULL || why.kind != ERR_NONE)
		log_error("the journal of correlations: %s", why.text);
}

struct remembering {
	const struct rule_set *rs;
	struct pipe_correl *x;
	struct err why;
};

static void remember_row(void *ctx, struct str notes)
{
	struct remembering *r = ctx;

	if (!correl_note_feed(r->rs, r->x->whole, notes, r->x->c, &r->x->place, &r->why))
		log_error("the journal of correlations: %s", r->why.text);
}

/* How far back something may still count: the longest window, once for each that stands over another. */
static int64_t reach(const struct rule_set *rs)
{
	int64_t longest = 0;
	unsigned depth = 1;

	for (size_t i = 0; i < rule_set_correlations(rs); i++) {
		const struct correlation *c = rule_set_correlation(rs, i);

		longest = c->x->span > longest ? c->x->span : longest;
		depth = c->depth > depth ? c->depth : depth;
	}
	return 2 * CORREL_LATE + (int64_t)(depth + 1) * longest;
}

/* After a start: what was seen in the life before. */
static void remember(struct pipeline *p, const struct rule_set *rs)
{
	struct remembering r = { .rs = rs, .x = p->correl };
	struct err why = { 0 };

	if (p->journal != NULL &&
	    !correl_journal_each(p->journal, time_now() - reach(rs), remember_row, &r, &why))
		log_error("the journal of correlations: %s", why.text);
}

void pipeline_correl_note(struct pipeline *p)
{
	struct store_root head;
	struct err why = { 0 };

	if (p->notes.n == 0)
		return;
	store_head(p->store, &head);
	if (p->notes.full)
		log_error(
			"too much for the journal of correlations: a restart will not know all of it");
	if (p->journal != NULL &&
	    !correl_journal_add(p->journal, &head, time_now(), buf_str(&p->notes), &why))
		log_error("the journal of correlations: %s", why.text);
	p->notes.full = false;
	buf_clear(&p->notes);
}

void pipeline_correl_swap(struct pipeline *p, const struct detector *d)
{
	const struct rule_set *rs = d == NULL ? NULL : detector_rules(d);
	struct pipe_correl *old = p->correl;

	p->correl = NULL;
	if (rs != NULL && rule_set_correlations(rs) > 0) {
		p->correl = make(rs);
		if (p->correl == NULL)
			die("no memory");
	}
	if (old != NULL && p->correl != NULL) {
		correl_adopt(p->correl->c, old->c);
		p->correl->place = old->place;
		p->correl->told = old->told;
		p->correl->late = old->late;
	} else if (p->correl != NULL) {
		remember(p, rs);
	}
	pipe_correl_free(old);
}

/* {"canh.correlation": ID, "title", "group": {..}, "from", "to", "events"} */
static void write_own(const struct hit *h, struct buf *out)
{
	const struct hit_window *x = h->window;
	struct jsonw w = { .out = out };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "canh.correlation", h->rule->id);
	jsonw_kv_str(&w, "title", h->rule->title);
	jsonw_kv_time(&w, "from", x->from);
	jsonw_kv_time(&w, "@timestamp", x->to);
	jsonw_kv_int(&w, "events", (int64_t)x->events);
	jsonw_key(&w, "group");
	jsonw_open(&w, '{');
	for (size_t i = 0; i < x->n; i++) {
		jsonw_key_str(&w, x->name[i]);
		jsonw_str(&w, x->group[i]);
	}
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
}

/* A record that says what a window held, under a source of its own. */
static bool store_own(struct pipeline *p, const struct hit *h, struct store_ref *ref)
{
	struct buf text = BUF(OWN_RECORD_MAX);
	struct event ev = { .received = time_now(),
			    .time = h->window->to,
			    .time_told = true,
			    .format = format_find(STR("json")) };
	struct err why = { 0 };
	uint32_t source = 0;
	bool ok = store_source(p->store, SOURCE_IMPORT, STR(""), STR("canh correlation"), &source,
			       &why);

	write_own(h, &text);
	if (ok)
		pipeline_begin_count(p, source);
	ev.raw = buf_str(&text);
	ev.source = source;
	ev.seq = ok ? counts_next(p->counts, source) : 0;
	ok = ok && !text.full && store_add(p->store, &ev, ref, &why);
	if (ok) {
		counts_stage(p->counts, source);
		p->staged_bytes += text.n + STAGED_RECORD;
		p->staged_events++;
	}
	if (!ok)
		log_error("what a correlation found could not be stored: %s", why.text);
	buf_free(&text);
	return ok;
}

static void take_fire(void *ctx, const struct correl_fire *f)
{
	struct pipe_correl *x = ctx;
	struct pipeline *p = x->p;
	struct arena a = x->a;
	struct store_ref own;
	struct err why = { 0 };
	struct hit h;

	if (!correl_hit(&a, detector_rules(p->wits->detector), f, &h)) {
		log_error("what a correlation found could not be told: no room");
		return;
	}
	x->done = x->done || f->done;
	detector_except_window(p->wits->detector, &h, time_now());
	if (h.use == HIT_COUNT) {
		tally_hit(p->tally, &h);
		return;
	}
	const struct store_ref *ref = x->ref != NULL && !f->done ? x->ref : &own;
	if (ref == &own && !store_own(p, &h, &own))
		return;
	if (!store_hit(p->store, ref, &h, &why))
		log_error("a hit could not be stored: %s", why.text);
}

/* What had to go for want of room is said when there is more of it. */
static void tell_lost(struct pipe_correl *x)
{
	struct correl_counts n = correl_counts(x->c);
	uint64_t lost = n.evicted + n.cut;

	if (lost > x->told)
		log_warn("correlation ran out of room: %llu groups and %llu matches were let go",
			 (unsigned long long)n.evicted, (unsigned long long)n.cut);
	x->told = lost;
	if (n.late + n.unlooked > x->late)
		log_warn(
			"correlations did not judge what came late: %llu matches whose window was "
			"decided, %llu times more windows than are looked at; hunt over these logs",
			(unsigned long long)n.late, (unsigned long long)n.unlooked);
	x->late = n.late + n.unlooked;
}

bool pipeline_correl_tell(struct pipeline *p, struct jsonw *w)
{
	struct pipe_correl *x = p->correl;

	if (x == NULL)
		return false;
	struct correl_counts n = correl_counts(x->c);
	uint64_t all = n.evicted + n.cut + n.late + n.unlooked;
	bool moved = all != x->desk;

	x->desk = all;
	jsonw_key(w, "correlation");
	jsonw_open(w, '{');
	jsonw_kv_int(w, "groups", (int64_t)n.evicted);
	jsonw_kv_int(w, "matches", (int64_t)n.cut);
	jsonw_kv_int(w, "late", (int64_t)n.late);
	jsonw_kv_int(w, "windows", (int64_t)n.unlooked);
	jsonw_close(w, '}');
	return moved;
}

void pipeline_correl_event(struct pipeline *p, const struct event *ev, const struct hits *hits,
			   const struct store_ref *ref)
{
	struct pipe_correl *x = p->correl;
	bool known = false;

	if (x == NULL)
		return;
	for (size_t i = 0; i < hits->n; i++) {
		const struct hit *h = &hits->hit[i];
		struct arena a = x->whole;
		struct sighting s;

		if (h->kind != HIT_RULE || !h->rule->correlated || h->excepted)
			continue;
		if (!known) {
			sight_event(x->sight, ev);
			x->place++;
		}
		known = true;
		if (!sight_take(x->sight, h->rule->number, &a, &s)) {
			log_error("what a correlation wants of an event has no room");
			continue;
		}
		s.place = x->place;
		x->p = p;
		x->ref = ref;
		x->a = a;
		correl_note(detector_rules(p->wits->detector), &s, &p->notes);
		correl_feed(x->c, &s, take_fire, x);
	}
}

void pipeline_correl_clock(struct pipeline *p, int64_t now)
{
	struct pipe_correl *x = p->correl;

	if (x == NULL)
		return;
	x->p = p;
	x->ref = NULL;
	x->a = x->whole;
	x->done = false;
	correl_clock(x->c, now, take_fire, x);
	if (x->done)
		correl_note_clock(now, &p->notes);
	tell_lost(x);
}
