/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look.c - invariant: `file_bad` and `lost` are of the file at hand, which is number `files`, from 0.
 */
#include "proc/look.h"

#include "base/hash.h"
#include "base/log.h"
#include "base/time.h"
#include "detect/correl_hit.h"
#include "proc/look_int.h"

#include <stdlib.h>

enum { GROUP_SLOTS = 4 * LOOK_GROUP_MAX, RECORD_BITS = 40 };
#define KEPT_ROOM ((size_t)512 << 20)
#define EVENT_ROOM ((size_t)1 << 30)
#define EVENT_KEPT ((size_t)16 << 20)
#define CORREL_MAX ((size_t)256 << 20)

static bool make(struct look *l)
{
	const struct rule_set *rs = detector_rules(l->wits->detector);

	if (!arena_reserve(&l->kept_whole, KEPT_ROOM) || !arena_reserve(&l->events, EVENT_ROOM))
		return false;
	l->kept = l->kept_whole;
	l->file = NEW(&l->kept, struct look_told_file, LOOK_FILES);
	l->told_bad = NEW(&l->kept, struct look_bad, LOOK_BAD);
	l->host = NEW(&l->kept, struct look_host, LOOK_HOST_SLOTS);
	l->group_at = NEW(&l->kept, uint16_t, GROUP_SLOTS);
	l->group = NEW(&l->kept, struct look_group, LOOK_GROUP_MAX);
	l->scratch = detect_scratch_new(l->wits->detector);
	if (rule_set_correlations(rs) > 0 && (l->batch = correl_batch_new(rs, CORREL_MAX)) == NULL)
		return false;
	return l->group != NULL && l->scratch != NULL;
}

struct look *look_new(const struct wits *w, int limit_s)
{
	struct look *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->wits = w;
	l->first = l->last = TIME_NONE;
	l->until = limit_s > 0 ? time_monotonic() + limit_s * TIME_SECOND : 0;
	if (make(l))
		return l;
	look_free(l);
	return NULL;
}

void look_free(struct look *l)
{
	if (l == NULL)
		return;
	reader_free(l->reader);
	detect_scratch_free(l->scratch);
	correl_batch_free(l->batch);
	arena_release(l->events);
	arena_release(l->kept_whole);
	free(l);
}

struct look_counts look_counts(const struct look *l)
{
	uint64_t loose = l->format[FORMAT_UNPARSED] + l->format[format_find(STR("csv"))];

	return (struct look_counts){ l->records, l->bad, l->timed, l->hits, loose };
}

/* A copy that stays, cut where it is long. */
static struct str keep(struct look *l, struct str s)
{
	struct str kept = arena_str(&l->kept, str_sub(s, 0, LOOK_TEXT));

	l->no_room = l->no_room || kept.p == NULL;
	return kept.p == NULL ? STR("") : kept;
}

/* --- hosts --- */

static struct str host_of(const struct event *ev)
{
	struct str host = event_ecs(ev, ECS_HOST_NAME);

	return host.p != NULL ? host : event_ecs(ev, ECS_HOST_IP);
}

/* Those beyond what there is room for are counted together. */
static void count_host(struct look *l, struct str name)
{
	size_t at = (size_t)hash_quick(name, 0) % LOOK_HOST_SLOTS;

	if (name.n == 0)
		return;
	while (l->host[at].records > 0 && !str_eq(l->host[at].name, str_sub(name, 0, LOOK_TEXT)))
		at = (at + 1) % LOOK_HOST_SLOTS;
	if (l->host[at].records == 0) {
		if (l->hosts == LOOK_HOST_MAX) {
			l->nameless++;
			return;
		}
		l->hosts++;
		l->host[at].name = keep(l, name);
	}
	l->host[at].records++;
}

/* --- hits --- */

static bool same_group(const struct look_group *g, const struct hit *h)
{
	return g->rule == (h->kind == HIT_RULE ? h->rule : NULL) &&
	       g->list == (h->kind == HIT_RULE ? NULL : h->list) && g->use == h->use &&
	       g->severity == h->severity && g->excepted == h->excepted;
}

static struct look_group *group_of(struct look *l, const struct hit *h)
{
	const void *of = h->kind == HIT_RULE ? (const void *)h->rule : (const void *)h->list;
	size_t at = (size_t)hash_quick((struct str){ (const char *)&of, sizeof of }, 0) %
		    GROUP_SLOTS;

	while (l->group_at[at] != 0 && !same_group(&l->group[l->group_at[at] - 1], h))
		at = (at + 1) % GROUP_SLOTS;
	if (l->group_at[at] != 0)
		return &l->group[l->group_at[at] - 1];
	if (l->n_groups == LOOK_GROUP_MAX)
		return NULL;
	struct look_group *g = &l->group[l->n_groups++];
	l->group_at[at] = (uint16_t)l->n_groups;
	*g = (struct look_group){ .rule = h->kind == HIT_RULE ? h->rule : NULL,
				  .list = h->kind == HIT_RULE ? NULL : h->list,
				  .severity = h->severity,
				  .use = h->use,
				  .excepted = h->excepted,
				  .first = TIME_NONE,
				  .last = TIME_NONE };
	return g;
}

static void span(int64_t *first, int64_t *last, int64_t at)
{
	*first = *first == TIME_NONE || at < *first ? at : *first;
	*last = *last == TIME_NONE || at > *last ? at : *last;
}

/* Where it was, filled in by who calls. */
static void count_hit(struct look *l, const struct hit *h, const struct look_hit *where)
{
	struct look_group *g = group_of(l, h);

	l->hits++;
	if (where->time != TIME_NONE)
		look_times_add(&l->times, 1, where->time);
	if (g == NULL) {
		l->more_hits++;
		return;
	}
	g->count++;
	if (where->time != TIME_NONE)
		span(&g->first, &g->last, where->time);
	if (g->n == LOOK_SAMPLES)
		return;
	struct look_hit *kept = &g->hit[g->n++];
	*kept = *where;
	kept->host = keep(l, where->host);
	kept->text = keep(l, where->text);
	kept->field = keep(l, h->field);
	kept->matched = keep(l, where->matched.n > 0 ? where->matched : h->text);
	if (h->kind == HIT_INDICATOR) {
		kept->indicator = keep(l, h->indicator);
		kept->note = keep(l, h->note);
	}
}

/* --- records --- */

static void count_bad(struct look *l, const struct look_record *r, enum look_fault fault)
{
	l->bad++;
	l->file_bad++;
	if (l->n_bad < LOOK_BAD)
		l->told_bad[l->n_bad++] = (struct look_bad){ (uint32_t)l->files, fault, r->number,
							     r->line, keep(l, r->text) };
}

static void judge(struct look *l, const struct event *ev, const struct look_record *r)
{
	struct hits hits;

	detector_run(l->wits->detector, l->scratch, ev, &hits);
	if (l->batch != NULL)
		correl_batch_event(l->batch, ev, &hits, l->files << RECORD_BITS | r->number);
	const struct look_hit where = { .file = (uint32_t)l->files,
					.record = r->number,
					.line = r->line,
					.time = ev->time_told ? ev->time : TIME_NONE,
					.host = host_of(ev),
					.text = r->text };
	for (size_t i = 0; i < hits.n; i++)
		if (hits.hit[i].kind != HIT_RULE || !hits.hit[i].rule->part)
			count_hit(l, &hits.hit[i], &where);
}

static bool take_record(void *ctx, const struct look_file *f, const struct look_record *r)
{
	struct look *l = ctx;
	struct arena a = l->events;
	struct event ev = { 0 };

	reader_read(l->reader, &a, r->text, &ev);
	ev.seq = r->number;
	l->records++;
	l->format[f->evtx && ev.format != FORMAT_UNPARSED ? format_find(STR("evtx")) : ev.format]++;
	if (r->cut || ev.partial || ev.format == FORMAT_UNPARSED)
		count_bad(l, r, r->cut ? LOOK_CUT : ev.partial ? LOOK_PART : LOOK_UNKNOWN);
	if (ev.time_told) {
		l->timed++;
		span(&l->first, &l->last, ev.time);
		look_times_add(&l->times, 0, ev.time);
	}
	count_host(l, host_of(&ev));
	judge(l, &ev, r);
	if (l->records % 256 == 0) {
		arena_trim(l->events, EVENT_KEPT);
		l->stopped = l->until != 0 && time_monotonic() > l->until;
	}
	return !l->stopped;
}

static bool begin_file(void *ctx, const struct look_file *f)
{
	struct look *l = ctx;
	const struct read_ctx rc = { .zone = l->wits->zone,
				     .own = &l->wits->own,
				     .decoders = l->wits->decoders };

	(void)f;
	l->file_bad = 0;
	reader_free(l->reader);
	l->reader = reader_new(&rc);
	l->no_room = l->no_room || l->reader == NULL;
	return l->reader != NULL;
}

static bool end_file(void *ctx, const struct look_file *f, const struct err *lost)
{
	struct look *l = ctx;

	l->bytes += f->bytes;
	if (l->files < LOOK_FILES) {
		struct look_told_file *t = &l->file[l->files];

		t->file = *f;
		t->bad = l->file_bad;
		t->lost.any = lost != NULL;
		if (lost != NULL)
			t->lost.why = *lost;
	}
	l->files++;
	return true;
}

/* --- correlations --- */

/* A group of events told as one: its fields are those they share. */
static void tell_fire(void *ctx, const struct correl_fire *f)
{
	struct look *l = ctx;
	struct arena a = l->events;
	struct hit hit;
	struct buf group = BUF(LOOK_TEXT);

	if (!correl_hit(&a, detector_rules(l->wits->detector), f, &hit)) {
		l->correl_lost++;
		return;
	}
	if (hit.rule->part)
		return;
	detector_except_window(l->wits->detector, &hit, time_now());
	for (size_t i = 0; i < f->what->x->n_group; i++) {
		buf_printf(&group, "%s%.*s=", i == 0 ? "" : ", ", STR_ARG(f->what->x->group[i]));
		buf_add(&group, f->group[i]);
	}
	l->correlated++;
	count_hit(l, &hit,
		  &(struct look_hit){
			  .file = (uint32_t)(f->last >> RECORD_BITS),
			  .record = f->last & (((uint64_t)1 << RECORD_BITS) - 1),
			  .time = f->to,
			  .host = STR(""),
			  .text = STR(""),
			  .matched = buf_str(&group),
			  .window = true,
			  .from = f->from,
			  .to = f->to,
			  .events = f->events,
		  });
	buf_free(&group);
}

static void correlate(struct look *l)
{
	static const struct correl_limits limits = { CORREL_BYTES, 0 };
	struct correl *c = correl_new(detector_rules(l->wits->detector), &limits);
	struct correl_batch *const all[] = { l->batch };

	if (c == NULL || !correl_batch_run(all, 1, c, tell_fire, l)) {
		l->no_room = true;
	} else {
		struct correl_counts n = correl_counts(c);
		struct correl_batch_counts b = correl_batch_counts(l->batch);

		l->correl_lost += n.evicted + n.cut + n.unlooked + b.lost + b.untimed;
	}
	correl_free(c);
}

void look_at(struct look *l, struct arena scratch, struct str upload)
{
	const struct look_sink sink = { begin_file, take_record, end_file, l };

	l->lost.any = !look_feed(scratch, upload, &sink, &l->lost.why);
	if (l->batch != NULL)
		correlate(l);
}
