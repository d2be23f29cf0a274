/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine.c - an event: its kind, what of it stands in the tables of that kind, the rules that this calls
 * for.
 *
 * Invariant: a rule that is active in a kind of events and has guards is called for whenever one of
 * these is met, so what is not called for does not hold.
 */
#include "detect/engine.h"

#include "detect/engine_kind.h"
#include "detect/value_memo.h"

#include <stdlib.h>

enum { LONG_VALUE = 256, PLAIN_MAX = 64, HABIT_SPAN = 1 << 14 };
/* What an event may cost: bytes looked at, by its own length. A crafted one meets the guards of all rules
 * at once; any other stays far below. */
enum { BUDGET = 64 << 20, BUDGET_PER_BYTE = 64 };

struct engine_scratch {
	const struct engine *e;
	struct kinds *kinds;
	uint64_t *called;                       /* ranks, for the event at hand */
	uint64_t busy[RULES_MAX / 64 / 64 + 1]; /* words of it that are not empty */
	uint32_t *fired, stamp;  /* by trigger: the stamp of the event that met it last */
	struct value_memo *memo; /* owned; may be NULL */
	struct last_value *last; /* of the kind at hand */
	uint32_t noted[VALUE_MEMO_IDS_MAX + 1]; /* triggers of the value at hand, each once */
	size_t n_noted;
	uint64_t
		looked[EVENT_MAX_FIELDS / 64 + 1]; /* raw fields that were looked at for keywords */
	uint64_t tried;
};

struct engine_scratch *engine_scratch_new(const struct engine *e, bool remembers)
{
	struct engine_scratch *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->e = e;
	s->kinds = kinds_new(e);
	s->called = calloc(e->words + 1, sizeof *s->called);
	s->fired = calloc(e->n_triggers + 1, sizeof *s->fired);
	s->memo = remembers ? value_memo_new() : NULL;
	if (s->kinds == NULL || s->called == NULL || s->fired == NULL ||
	    (remembers && s->memo == NULL)) {
		engine_scratch_free(s);
		return NULL;
	}
	return s;
}

void engine_scratch_free(struct engine_scratch *s)
{
	if (s == NULL)
		return;
	kinds_free(s->kinds);
	value_memo_free(s->memo);
	free(s->called);
	free(s->fired);
	free(s);
}

/* Guards. */

/* The ranks of a trigger are called for. */
static void fire(struct engine_scratch *s, uint32_t trigger)
{
	const struct trigger *t = &s->e->trigger[trigger];
	const uint32_t *rank = s->e->rank + t->first;

	if (s->fired[trigger] == s->stamp)
		return;
	s->fired[trigger] = s->stamp;
	for (uint32_t i = 0; i < t->n; i++) {
		s->called[rank[i] / 64] |= UINT64_C(1) << rank[i] % 64;
		s->busy[rank[i] / 64 / 64] |= UINT64_C(1) << rank[i] / 64 % 64;
	}
}

/* A trigger stands in the value at hand. */
static void note(void *ctx, uint32_t trigger)
{
	struct engine_scratch *s = ctx;

	for (size_t i = 0; i < s->n_noted; i++)
		if (s->noted[i] == trigger)
			return;
	if (s->n_noted < COUNT(s->noted))
		s->noted[s->n_noted++] = trigger;
	fire(s, trigger);
}

static bool guard_met(const struct guard *g, struct str v)
{
	switch ((enum guard_kind)g->kind) {
	case GUARD_EQUAL:
		return str_eq(v, g->text);
	case GUARD_STARTS:
		return str_starts(v, g->text);
	default:
		return str_ends(v, g->text);
	}
}

static void probe(struct engine_scratch *s, const struct table *t, enum guard_kind kind,
		  struct str part, struct str v)
{
	uint32_t tag = engine_hash(part, kind);

	for (uint32_t at = tag & (t->cap - 1); t->cell[at].trigger != NO_TRIGGER;
	     at = (at + 1) & (t->cap - 1)) {
		uint32_t trigger = t->cell[at].trigger;
		const struct guard *g = &s->e->trigger[trigger].guard;

		if (t->cell[at].tag == tag && g->kind == kind && guard_met(g, v))
			note(s, trigger);
	}
}

static void probe_sides(struct engine_scratch *s, const struct table *t, enum guard_kind kind,
			unsigned lengths, struct str v)
{
	for (; lengths != 0; lengths &= lengths - 1) {
		size_t n = (size_t)__builtin_ctz(lengths);

		if (n <= v.n)
			probe(s, t, kind, engine_side(v, kind, n), v);
	}
}

/* All guards of a table that a folded value meets; `holds` finds those that may stand anywhere in it. */
static void look_up(struct engine_scratch *s, const struct table *t, const struct finder *holds,
		    struct str v, uint64_t *work)
{
	if (t->equal)
		probe(s, t, GUARD_EQUAL, v, v);
	probe_sides(s, t, GUARD_STARTS, t->starts, v);
	probe_sides(s, t, GUARD_ENDS, t->ends, v);
	if (holds != NULL)
		*work += finder_run(holds, v, note, s);
}

/* Is it worth to ask the memo for this value? Long ones only where they were met before often enough. */
static bool asks_memo(struct group *t, struct str value)
{
	if (value.n > VALUE_MEMO_LEN_MAX || (value.n > LONG_VALUE && t->met * 4 < t->asked))
		return false;
	if (++t->asked == HABIT_SPAN) {
		t->asked /= 2;
		t->met /= 2;
	}
	return true;
}

/* All guards of a group that a plain value meets, without asking the memo: such values would only drive out
 * what comes again. False: it is none. */
static bool look_up_plain(struct engine_scratch *s, const struct group *t, struct str value,
			  uint64_t *work)
{
	char low[PLAIN_MAX];

	if (value.n == 0 || value.n > sizeof low)
		return false;
	for (size_t i = 0; i < value.n; i++)
		if ((low[i] = engine_plain_byte(value.p[i])) == '\0')
			return false;
	for (size_t k = 0; k < t->n; k++)
		look_up(s, &s->e->table[t->table[k]], s->e->table[t->table[k]].plain,
			(struct str){ low, value.n }, work);
	return true;
}

static bool as_last(struct engine_scratch *s, const struct last_value *l, const struct group *t,
		    struct str value)
{
	if (l->group != t || l->len != value.n ||
	    (value.n > 0 && memcmp(l->text, value.p, value.n) != 0))
		return false;
	for (size_t k = 0; k < l->n; k++)
		fire(s, l->id[k]);
	return true;
}

static void keep_last(struct last_value *l, const struct group *t, struct str value,
		      const uint32_t *ids, size_t n)
{
	if (value.n > LAST_TEXT || n > LAST_IDS)
		return;
	l->group = t;
	l->len = (uint8_t)value.n;
	l->n = (uint8_t)n;
	if (value.n > 0)
		memcpy(l->text, value.p, value.n);
	for (size_t k = 0; k < n; k++)
		l->id[k] = ids[k];
}

/* All guards of a group that value `i` of the event meets, `n_fields` being the record itself. A value
 * that cannot be folded is one that the reference cannot judge either. */
static void look_up_value(struct engine_scratch *s, struct sigma_scratch *g, struct group *t,
			  uint32_t i)
{
	struct str value = i < g->ev->n_fields ? g->ev->fields[i].val : g->ev->raw;
	struct last_value *last = s->memo != NULL && i < LAST_FIELDS ? &s->last[i] : NULL;

	if (last != NULL && as_last(s, last, t, value))
		return;
	s->n_noted = 0;
	if (look_up_plain(s, t, value, &g->work)) {
		if (last != NULL)
			keep_last(last, t, value, s->noted, s->n_noted);
		return;
	}
	bool asks = s->memo != NULL && asks_memo(t, value);
	const uint32_t *ids;
	size_t n;

	if (asks && value_memo_find(s->memo, t->id, value, &ids, &n)) {
		t->met++;
		for (size_t k = 0; k < n; k++)
			fire(s, ids[k]);
		if (last != NULL)
			keep_last(last, t, value, ids, n);
		return;
	}
	if (!sigma_folded(g, value, &g->folded[i]))
		return;
	for (size_t k = 0; k < t->n; k++)
		look_up(s, &s->e->table[t->table[k]], s->e->table[t->table[k]].holds, g->folded[i],
			&g->work);
	if (asks)
		value_memo_put(s->memo, t->id, value, s->noted, s->n_noted);
	if (last != NULL)
		keep_last(last, t, value, s->noted, s->n_noted);
}

static void look_up_field(struct engine_scratch *s, struct sigma_scratch *g, const struct look *l,
			  uint32_t n_raw)
{
	uint32_t k = sigma_first(g, l->name);

	if (k == NO_LINK)
		return;
	for (size_t t = 0; t < l->others->n; t++)
		if (s->e->table[l->others->table[t]].there != NO_TRIGGER)
			fire(s, s->e->table[l->others->table[t]].there);
	for (; k != NO_LINK; k = g->link[k].next) {
		uint32_t i = g->link[k].field;

		if (g->ev->fields[i].type == FIELD_NULL)
			continue;
		look_up_value(s, g, i < n_raw ? l->raw : l->others, i);
		if (i < n_raw && i < COUNT(s->looked) * 64)
			s->looked[i / 64] |= UINT64_C(1) << i % 64;
	}
}

/* As keywords are: in every value that was not looked at yet, and in the record itself where it is text. */
static void look_up_anywhere(struct engine_scratch *s, struct sigma_scratch *g, struct group *t,
			     uint32_t n_raw)
{
	const struct event *ev = g->ev;

	for (uint32_t i = 0; i < n_raw; i++) {
		bool done = i < COUNT(s->looked) * 64 && (s->looked[i / 64] >> i % 64 & 1) != 0;

		if (!done && ev->fields[i].type != FIELD_NULL)
			look_up_value(s, g, t, i);
	}
	if (sigma_raw_is_text(ev->raw))
		look_up_value(s, g, t, ev->n_fields);
}

static void call(struct engine_scratch *s, struct sigma_scratch *g, const struct kind *k)
{
	for (size_t b = 0; b < COUNT(s->busy); b++)
		for (; s->busy[b] != 0; s->busy[b] &= s->busy[b] - 1)
			s->called[b * 64 + (size_t)__builtin_ctzll(s->busy[b])] = 0;
	if (++s->stamp == 0) { /* once in 2^32 events */
		memset(s->fired, 0, s->e->n_triggers * sizeof *s->fired);
		s->stamp = 1;
	}
	uint32_t n_raw = g->ev->n_raw > 0 ? g->ev->n_raw : g->ev->n_fields;
	memset(s->looked, 0, (n_raw < EVENT_MAX_FIELDS ? n_raw : EVENT_MAX_FIELDS) / 8 + 8);
	s->last = k->last;
	g->n_renames = 0;
	for (size_t i = 0; i < k->n_looks; i++)
		look_up_field(s, g, &k->look[i], n_raw);
	if (k->anywhere != NULL)
		look_up_anywhere(s, g, k->anywhere, n_raw);
}

static void try_rule(struct engine_scratch *s, struct sigma_scratch *g, const struct kind *k,
		     size_t rank, rule_hit_fn *fn, void *ctx)
{
	const struct source_shape *shape = k->shape[s->e->source[rank]];
	uint32_t rule = s->e->rule[rank];
	struct sigma_match where;

	s->tried++;
	if (sigma_holds(g, s->e->rs->rule[rule]->sigma.condition, shape->rename, shape->n_renames,
			&where))
		fn(ctx, rule, &where);
}

static uint64_t budget(const struct event *ev)
{
	uint64_t n = ev->raw.n;

	for (uint32_t i = 0; i < ev->n_fields; i++)
		n += ev->fields[i].val.n;
	return BUDGET + BUDGET_PER_BYTE * n;
}

bool engine_match(struct engine_scratch *s, struct rule_scratch *of, rule_hit_fn *fn, void *ctx)
{
	const struct engine *e = s->e;
	struct sigma_scratch *g = of->sigma;
	struct kind *k = kinds_get(s->kinds, of);
	uint64_t most = budget(g->ev);

	if (k == NULL)
		return false;
	k->events++;
	call(s, g, k);
	for (size_t b = 0; b < e->words / 64 + 1; b++)
		for (uint64_t busy = s->busy[b] | e->always_busy[b]; busy != 0; busy &= busy - 1) {
			size_t w = b * 64 + (size_t)__builtin_ctzll(busy);
			uint64_t m = (s->called[w] | e->always[w]) & k->active[w];

			for (; m != 0; m &= m - 1) {
				if (g->work > most)
					return false;
				try_rule(s, g, k, w * 64 + (size_t)__builtin_ctzll(m), fn, ctx);
			}
		}
	return true;
}

uint64_t engine_seen(const struct engine_scratch *s, size_t i)
{
	return kinds_seen(s->kinds, i);
}

struct engine_counts engine_scratch_counts(const struct engine_scratch *s)
{
	return (struct engine_counts){ s->tried, kinds_met(s->kinds) };
}
