/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_fold.c - an open hash table of numbers of groups. Values are hostile: two that only have the same
 * hash are two groups.
 */
#include "cmd/hunt_fold.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/time.h"

#include <stdlib.h>

enum { REST_SHARE = 8 }; /* of the groups, one in so many is kept for the rest */

struct hunt_fold {
	struct fold_group *group; /* owned */
	uint32_t *slot;           /* owned; 1 + number of the group, 0: free */
	size_t n, room, mask, max;
	struct arena whole, mem;
	struct fold_totals totals;
	struct str path; /* the last that was kept */
};

struct hunt_fold *hunt_fold_new(size_t groups, size_t bytes)
{
	struct hunt_fold *f = calloc(1, sizeof *f);
	size_t slots = 16;

	if (f == NULL)
		return NULL;
	while (slots < 2 * groups)
		slots *= 2;
	f->max = groups;
	f->mask = slots - 1;
	f->slot = calloc(slots, sizeof *f->slot);
	f->totals.first = f->totals.last = TIME_NONE;
	if (f->slot != NULL && arena_reserve(&f->whole, bytes)) {
		f->mem = f->whole;
		return f;
	}
	hunt_fold_free(f);
	return NULL;
}

void hunt_fold_free(struct hunt_fold *f)
{
	if (f == NULL)
		return;
	if (f->whole.beg != NULL)
		arena_release(f->whole);
	free(f->group);
	free(f->slot);
	free(f);
}

static bool values_same(const struct fold_group *g, const struct hit_note *note)
{
	if (g->n != note->n)
		return false;
	for (size_t i = 0; i < g->n; i++)
		if (!str_eq(g->value[i].name, note->value[i].name) ||
		    !note_value_same(&g->value[i], &note->value[i]))
			return false;
	return true;
}

static bool same(const struct fold_group *g, const struct hit_note *note, bool rest, uint64_t key)
{
	return g->key == key && g->rest == rest && g->rule == note->rule && g->list == note->list &&
	       g->severity == note->severity && g->known_good == note->known_good &&
	       str_eq(g->host, note->host) &&
	       (rest || (str_eq(g->indicator, note->indicator) && values_same(g, note)));
}

/* Its slot, or the free one where it belongs. */
static uint32_t *slot_of(struct hunt_fold *f, const struct hit_note *note, bool rest, uint64_t key)
{
	for (size_t i = key & f->mask;; i = (i + 1) & f->mask)
		if (f->slot[i] == 0 || same(&f->group[f->slot[i] - 1], note, rest, key))
			return &f->slot[i];
}

static bool room_for_one(struct hunt_fold *f)
{
	if (f->n < f->room)
		return true;
	size_t room = f->room == 0 ? 256 : 2 * f->room;
	struct fold_group *all = reallocarray(f->group, room, sizeof *all);

	if (all == NULL)
		return false;
	f->group = all;
	f->room = room;
	return true;
}

/* A copy; an empty view where there was none to make. */
static struct str keep(struct arena *a, struct str s, bool *ok)
{
	struct str kept = s.n == 0 ? STR("") : arena_str(a, s);

	*ok = *ok && kept.p != NULL;
	return kept;
}

static bool fill(struct hunt_fold *f, struct fold_group *g, const struct hit_note *note)
{
	struct arena a = f->mem;
	bool ok = true;

	g->host = keep(&a, note->host, &ok);
	if (!str_eq(f->path, note->path))
		f->path = keep(&a, note->path, &ok);
	g->path = f->path;
	if (!g->rest) {
		g->indicator = keep(&a, note->indicator, &ok);
		g->n = note->n;
		g->value = NEW(&a, struct note_value, note->n + 1);
		ok = ok && g->value != NULL;
	}
	for (size_t i = 0; ok && i < g->n; i++) {
		g->value[i] = note->value[i];
		g->value[i].name = keep(&a, note->value[i].name, &ok);
		g->value[i].val = keep(&a, note->value[i].val, &ok);
	}
	if (ok)
		f->mem = a;
	else
		f->path = STR("");
	return ok;
}

/* The group of it, a new one where there was none; NULL: no room for one more. */
static struct fold_group *group_of(struct hunt_fold *f, const struct hit_note *note, bool rest)
{
	uint64_t key = note->key;
	size_t max = rest ? f->max : f->max - f->max / REST_SHARE;
	size_t left = (size_t)(f->mem.end - f->mem.beg);

	if (rest)
		key = hash_quick(note->host, (uintptr_t)note->rule ^ (uintptr_t)note->list ^
						     hit_note_judged(note));
	uint32_t *slot = slot_of(f, note, rest, key);

	if (*slot != 0)
		return &f->group[*slot - 1];
	if (f->n >= max || !room_for_one(f) ||
	    (!rest && left < (size_t)(f->whole.end - f->whole.beg) / REST_SHARE))
		return NULL;
	struct fold_group g = { .rule = note->rule,
				.list = note->list,
				.rest = rest,
				.known_good = note->known_good,
				.severity = note->severity,
				.first = TIME_NONE,
				.last = TIME_NONE,
				.record = note->record,
				.key = key };
	if (!fill(f, &g, note))
		return NULL;
	f->group[f->n++] = g;
	*slot = (uint32_t)f->n;
	return &f->group[f->n - 1];
}

/* Parts twice as long, which begin at a multiple of that. */
static void widen(struct fold_spread *s)
{
	int64_t step = (int64_t)1 << s->shift;
	size_t odd = (size_t)((s->base >> s->shift) & 1);
	uint32_t n[SPREAD_PARTS] = { 0 };

	for (size_t i = 0; i < SPREAD_PARTS; i++)
		if (s->n[i] > 0)
			n[(i + odd) / 2] += s->n[i];
	memcpy(s->n, n, sizeof n);
	s->base -= odd > 0 ? step : 0;
	s->shift++;
}

static void spread(struct fold_spread *s, int64_t second, uint32_t count)
{
	/* the seconds of any time that is told fit in 2^39: this ends */
	for (;;) {
		int64_t at = (second - s->base) >> s->shift;

		if (at >= 0 && at < SPREAD_PARTS) {
			s->n[at] += count;
			return;
		}
		/* where it lies before, begin there, as far as the last part in use allows */
		if (at < 0) {
			size_t last = SPREAD_PARTS - 1;

			while (last > 0 && s->n[last] == 0)
				last--;
			if ((uint64_t)-at + last < SPREAD_PARTS) {
				memmove(s->n + -at, s->n, (last + 1) * sizeof *s->n);
				memset(s->n, 0, (size_t)-at * sizeof *s->n);
				s->base += at * ((int64_t)1 << s->shift);
				continue;
			}
		}
		widen(s);
	}
}

static int64_t second_of(int64_t time)
{
	return time >= 0 ? time / TIME_SECOND : -((-time + TIME_SECOND - 1) / TIME_SECOND);
}

/* The time of one hit more. */
static void note_time(struct hunt_fold *f, struct fold_group *g, const struct hit_note *note)
{
	if (note->time == TIME_NONE) {
		g->untimed++;
		return;
	}
	bool apart = g->first != TIME_NONE && second_of(g->first) != second_of(note->time);

	if (g->spread == NULL && apart) {
		g->spread = NEW(&f->mem, struct fold_spread, 1);
		if (g->spread != NULL) {
			g->spread->base = second_of(g->first);
			g->spread->n[0] = (uint32_t)(g->count - 1 - g->untimed);
		}
	}
	if (g->spread != NULL)
		spread(g->spread, second_of(note->time), 1);
	if (g->first == TIME_NONE || note->from < g->first)
		g->first = note->from;
	if (g->last == TIME_NONE || note->time > g->last)
		g->last = note->time;
}

void hunt_fold_add(struct hunt_fold *f, const struct hit_note *note)
{
	struct fold_totals *t = &f->totals;

	t->hits++;
	t->severity[note->severity]++;
	if (note->time != TIME_NONE) {
		if (t->first == TIME_NONE || note->from < t->first)
			t->first = note->from;
		if (t->last == TIME_NONE || note->time > t->last)
			t->last = note->time;
	}
	struct fold_group *g = group_of(f, note, false);

	if (g == NULL)
		g = group_of(f, note, true);
	if (g == NULL) {
		t->unlisted++;
		return;
	}
	g->count++;
	note_time(f, g, note);
}

void hunt_fold_frames(struct hunt_fold *f, struct str frames)
{
	struct hit_frame frame;
	struct str bytes;

	while (hit_frame_next(&frames, &frame, &bytes)) {
		struct hit_note note;

		hit_note_take(bytes, &note);
		hunt_fold_add(f, &note);
	}
}

struct fold_totals hunt_fold_totals(const struct hunt_fold *f)
{
	struct fold_totals t = f->totals;

	t.groups = f->n;
	return t;
}

static int by_host(const void *a, const void *b)
{
	const struct fold_group *x = a, *y = b;
	int c = str_cmp(x->host, y->host);

	return c != 0 ? c : (y->severity > x->severity) - (y->severity < x->severity);
}

/* No time is behind all times. */
static int by_time(const struct fold_group *x, const struct fold_group *y)
{
	uint64_t a = (uint64_t)x->first + ((uint64_t)1 << 63) - 1;
	uint64_t b = (uint64_t)y->first + ((uint64_t)1 << 63) - 1;

	return (a > b) - (a < b);
}

/* Groups of one machine. */
static int within(const void *a, const void *b)
{
	const struct fold_group *x = a, *y = b;
	int c = by_time(x, y);

	if (c == 0)
		c = (y->severity > x->severity) - (y->severity < x->severity);
	if (c == 0 && x->rule != NULL && y->rule != NULL)
		c = (x->rule->number > y->rule->number) - (x->rule->number < y->rule->number);
	if (c == 0)
		c = str_cmp(x->path, y->path);
	return c != 0 ? c : (x->record > y->record) - (x->record < y->record);
}

int fold_by_rule(const struct fold_group *x, const struct fold_group *y)
{
	if (x->rule == NULL && y->rule == NULL)
		return (x->list > y->list) - (x->list < y->list);
	if (x->rule == NULL || y->rule == NULL)
		return x->rule == NULL ? 1 : -1;
	return (x->rule->number > y->rule->number) - (x->rule->number < y->rule->number);
}

struct machine {
	struct fold_group *group; /* sorted */
	size_t n;
	uint8_t severity;
};

static int by_worst(const void *a, const void *b)
{
	const struct machine *x = a, *y = b;
	int c = (y->severity > x->severity) - (y->severity < x->severity);

	if (c == 0)
		c = by_time(x->group, y->group);
	return c != 0 ? c : str_cmp(x->group->host, y->group->host);
}

/* Machines that stand together put in the order in which they are told. */
static void order(struct hunt_fold *f, struct machine *m, size_t n, struct fold_group *sorted)
{
	size_t at = 0;

	qsort(m, n, sizeof *m, by_worst);
	for (size_t i = 0; i < n; i++) {
		memcpy(sorted + at, m[i].group, m[i].n * sizeof *sorted);
		at += m[i].n;
	}
	memcpy(f->group, sorted, at * sizeof *sorted);
}

const struct fold_group *hunt_fold_sorted(struct hunt_fold *f)
{
	struct machine *m = calloc(f->n + 1, sizeof *m);
	struct fold_group *sorted = calloc(f->n + 1, sizeof *sorted);
	size_t machines = 0;

	if (m == NULL || sorted == NULL || f->n == 0) {
		free(m);
		free(sorted);
		return f->n == 0 ? f->group : NULL;
	}
	qsort(f->group, f->n, sizeof *f->group, by_host);
	for (size_t i = 0, end = 0; i < f->n; i = end) {
		while (end < f->n && str_eq(f->group[end].host, f->group[i].host))
			end++;
		m[machines] = (struct machine){ &f->group[i], end - i, f->group[i].severity };
		qsort(m[machines].group, end - i, sizeof *sorted, within);
		machines++;
	}
	order(f, m, machines, sorted);
	memset(f->slot, 0, (f->mask + 1) * sizeof *f->slot);
	free(m);
	free(sorted);
	return f->group;
}
