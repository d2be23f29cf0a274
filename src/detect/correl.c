/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl.c - from a sighting to the groups it belongs to, and from a group to what fires.
 *
 * Invariant: the entries of a group stand by time (of temporal ones, those of one time by the number of
 * their rule, so that the order of files does not matter), and none is of a window that was decided.
 */
#include "detect/correl.h"

#include "base/hash.h"
#include "base/num.h"
#include "base/time.h"
#include "base/utf8.h"
#include "detect/correl_int.h"

#include <stdlib.h>

enum { VALUES_MAX = 16, COMBINATIONS_MAX = 64, LOOKS_MAX = 64 };
#define SCRATCH_CAP ((size_t)16 << 20)

struct correl {
	const struct rule_set *rs;
	struct correl_limits limits;
	struct groups groups;
	struct window_scratch window;
	struct arena whole;
	struct correl_counts n;
	int64_t clock;
	/* of the call */
	correl_fn *fn;
	void *ctx;
};

/* What one event, or one correlation that holds, says of its fields. */
struct facts {
	const struct sighting *s;       /* NULL: a window that passed, there is no event */
	const struct correlation *over; /* which correlation says it, or NULL: a rule */
	const struct str *group;        /* of `over` */
	const struct facts *below;
	int64_t time, received;
	uint64_t place;
};

struct correl *correl_new(const struct rule_set *rs, const struct correl_limits *limits)
{
	struct correl *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->rs = rs;
	c->limits = *limits;
	c->clock = INT64_MIN;
	if (groups_init(&c->groups, rule_set_correlations(rs), limits->bytes) &&
	    arena_reserve(&c->whole, SCRATCH_CAP))
		return c;
	correl_free(c);
	return NULL;
}

void correl_free(struct correl *c)
{
	if (c == NULL)
		return;
	groups_fini(&c->groups);
	window_fini(&c->window);
	if (c->whole.beg != NULL)
		arena_release(c->whole);
	free(c);
}

/* Values of a field, up to VALUES_MAX. */
static size_t values_of(const struct facts *f, uint32_t name, struct str out[VALUES_MAX])
{
	size_t n = 0;

	for (; f != NULL; f = f->below) {
		if (f->over != NULL) {
			for (size_t i = 0; i < f->over->x->n_group; i++)
				if (f->over->group[i] == name) {
					out[0] = f->group[i];
					return 1;
				}
			continue;
		}
		for (size_t i = 0; f->s != NULL && i < f->s->n && n < VALUES_MAX; i++)
			if (f->s->field[i].name == name)
				out[n++] = f->s->field[i].value;
	}
	return n;
}

/* All ways to take one value of each of several fields. */
struct choice {
	struct str value[CORREL_MAX_GROUP][VALUES_MAX];
	size_t n[CORREL_MAX_GROUP], at[CORREL_MAX_GROUP], fields, left;
};

static bool choose(struct choice *x, const struct facts *f, const uint32_t *name, size_t n)
{
	x->fields = n;
	x->left = COMBINATIONS_MAX;
	for (size_t i = 0; i < n; i++) {
		x->n[i] = values_of(f, name[i], x->value[i]);
		x->at[i] = 0;
		if (x->n[i] == 0)
			return false;
	}
	return true;
}

static bool choose_next(struct choice *x, struct str out[CORREL_MAX_GROUP])
{
	size_t i = 0;

	if (x->left == 0)
		return false;
	x->left--;
	for (size_t k = 0; k < x->fields; k++)
		out[k] = x->value[k][x->at[k]];
	while (i < x->fields && ++x->at[i] == x->n[i])
		x->at[i++] = 0;
	if (i == x->fields)
		x->left = 0;
	return true;
}

/* Values one behind the other, each behind its length. */
static struct str joined(struct arena *a, const struct str *v, size_t n, bool fold)
{
	size_t len = 0, at = 0;
	struct str s[CORREL_MAX_GROUP];

	for (size_t i = 0; i < n; i++) {
		s[i] = fold ? utf8_fold_case(a, v[i]) : v[i];
		if (fold && v[i].n == 0)
			s[i] = STR("");
		if (s[i].p == NULL)
			return (struct str){ NULL, 0 };
		len += sizeof(uint32_t) + s[i].n;
	}
	char *out = arena_bytes(a, len + 1);
	for (size_t i = 0; out != NULL && i < n; i++) {
		uint32_t each = (uint32_t)s[i].n;

		memcpy(out + at, &each, sizeof each);
		if (each > 0)
			memcpy(out + at + sizeof each, s[i].p, each);
		at += sizeof each + each;
	}
	return (struct str){ out, len };
}

static void split(struct str joined, struct str out[CORREL_MAX_GROUP])
{
	for (size_t i = 0; joined.n >= sizeof(uint32_t) && i < CORREL_MAX_GROUP; i++) {
		uint32_t n = load_le32(joined.p);

		out[i] = str_sub(joined, sizeof n, sizeof n + n);
		joined = str_skip(joined, sizeof n + n);
	}
}

/* Times do not run over. */
static int64_t minus(int64_t t, int64_t span)
{
	return t < INT64_MIN + span ? INT64_MIN : t - span;
}

static int64_t plus(int64_t t, int64_t span)
{
	return t > INT64_MAX - 1 - span ? INT64_MAX - 1 : t + span;
}

/* Firing. */

static void feed_uses(struct correl *c, uint32_t rule, const struct facts *f, bool fired);

/* Entries that stand in one window, and what the condition compared. */
struct window {
	const struct entry *e;
	size_t n;
	double value;
};

static void report(struct correl *c, const struct correlation *what, struct group *g,
		   const struct window *w, const struct facts *below)
{
	struct str group[CORREL_MAX_GROUP] = { { NULL, 0 } };
	const struct entry *last = &w->e[w->n - 1];
	int64_t end = below != NULL ? last->time : g->due;
	bool fired = below == NULL || end >= plus(g->fired, what->x->span) ||
		     end <= minus(g->fired, what->x->span);
	struct correl_fire fire = { .what = what,
				    .from = w->e[0].time,
				    .to = last->time,
				    .first = w->e[0].place,
				    .last = last->place,
				    .value = w->value,
				    .group = group,
				    .done = below == NULL };
	struct facts up = { .over = what, .group = group, .below = below, .time = end };

	split((struct str){ g->text + g->key_len, g->show_len }, group);
	for (size_t i = 0; i < w->n; i++)
		fire.events += w->e[i].n;
	if (fired) {
		g->fired = end;
		c->n.fired++;
		c->fn(c->ctx, &fire);
	}
	up.received = below != NULL ? below->received : c->clock;
	up.place = last->place;
	feed_uses(c, what->rule, &up, fired);
}

/* Windows. */

static size_t first_from(const struct group *g, int64_t time)
{
	size_t low = 0, high = g->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (g->entry[mid].time < time)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* All windows that what came at `time` stands in, by their last event. */
static void look(struct correl *c, const struct correlation *what, struct group *g, int64_t time,
		 const struct facts *f)
{
	size_t looks = 0;

	for (size_t end = first_from(g, time); end < g->n; end++) {
		int64_t last = g->entry[end].time;
		struct window w;

		if (last > plus(time, what->x->span))
			break;
		if (end + 1 < g->n && g->entry[end + 1].time == last)
			continue;
		if (++looks > LOOKS_MAX) {
			c->n.unlooked++;
			break;
		}
		size_t from = first_from(g, minus(last, what->x->span));
		w = (struct window){ g->entry + from, end + 1 - from, 0 };
		if (window_holds(what, w.e, w.n, &c->window, &w.value))
			report(c, what, g, &w, f);
	}
}

static void cut_front(struct group *g, size_t n)
{
	g->n -= (uint32_t)n;
	if (g->n > 0)
		memmove(g->entry, g->entry + n, g->n * sizeof *g->entry);
}

/* The window that is open has passed: decide it and open the next. */
static void close_window(struct correl *c, struct group *g)
{
	const struct correlation *what = rule_set_correlation(c->rs, g->of);
	size_t end = first_from(g, g->due + 1);
	struct window w = { g->entry, end, 0 };

	if (g->n == 0) {
		groups_drop(&c->groups, g);
		return;
	}
	g->pinned++;
	if (window_holds(what, w.e, w.n, &c->window, &w.value))
		report(c, what, g, &w, NULL);
	g->pinned--;
	g->closed = g->due;
	cut_front(g, end);
	/* what comes late must find that its window was decided: an empty group stays as long as that may be */
	int64_t due = plus(g->n > 0 ? g->entry[0].time : g->closed, what->x->span);
	if (!groups_due(&c->groups, g, due))
		groups_drop(&c->groups, g);
}

/* Of a window that goes on to be looked at: what is too old for any that can still come. */
static void forget(struct correl *c, const struct correlation *what, struct group *g)
{
	int64_t old = minus(minus(c->clock, what->x->span), c->limits.late);
	int64_t came = minus(c->clock, c->limits.late) / TIME_SECOND;
	size_t n = 0;

	while (n < g->n && g->entry[n].time < old && g->entry[n].arrived < came)
		n++;
	if (n > 0)
		cut_front(g, n);
}

/* Groups that nothing can fire any more. */
static void forget_groups(struct correl *c, uint32_t of)
{
	const struct correlation *what = rule_set_correlation(c->rs, of);
	int64_t old = minus(minus(c->clock, what->x->span), c->limits.late) / TIME_SECOND;
	struct group *g;

	while ((g = c->groups.lane[of].oldest) != NULL && g->due_at == NOT_DUE && g->arrived < old)
		groups_drop(&c->groups, g);
}

/* Entries. */

static bool before(const struct entry *a, const struct entry *b, bool members)
{
	return a->time != b->time ? a->time < b->time : members && a->key < b->key;
}

/* Behind two others of the same rule the middle one says nothing more; where events come late, only
 * while a window that holds it holds one of its neighbours, too. */
static bool replaces(const struct group *g, size_t at, const struct entry *e)
{
	return at >= 2 && g->entry[at - 1].key == e->key && g->entry[at - 2].key == e->key;
}

static bool put(struct correl *c, const struct correlation *what, struct group *g,
		const struct entry *e)
{
	bool members = window_is_temporal(what);
	size_t at = g->n;

	while (at > 0 && before(e, &g->entry[at - 1], members))
		at--;
	if (members && !what->x->at_end && at == g->n && replaces(g, at, e) &&
	    (c->limits.late == 0 || e->time <= plus(g->entry[at - 2].time, what->x->span))) {
		g->entry[at - 1] = *e;
		return true;
	}
	if (g->n >= window_cap(what)) {
		c->n.cut += window_thin(what, g, &c->window);
		return put(c, what, g, e);
	}
	if (!groups_room(&c->groups, g))
		return false;
	memmove(g->entry + at + 1, g->entry + at, (g->n - at) * sizeof *e);
	g->entry[at] = *e;
	g->n++;
	return true;
}

struct feeding {
	const struct correlation *what;
	const struct correl_member *member;
	uint32_t of, number;
	const struct facts *f;
};

static bool put_values(struct correl *c, const struct feeding *x, struct group *g, struct entry e)
{
	struct arena a = c->whole;
	struct str value[CORREL_MAX_GROUP];
	struct choice ways;
	size_t n = 0;

	if (!choose(&ways, x->f, x->member->field, x->what->x->n_fields)) {
		c->n.unusable++;
		return false;
	}
	while (choose_next(&ways, value)) {
		if (window_is_number(x->what)) {
			if (!num_parse_double(str_trim(value[0]), &e.num))
				continue;
		} else {
			struct arena scratch = a;
			struct str key = joined(&scratch, value, ways.fields, true);

			if (key.p == NULL)
				continue;
			e.key = hash_quick(key, c->groups.seed);
		}
		n += put(c, x->what, g, &e);
	}
	c->n.unusable += n == 0;
	return n > 0;
}

/* What the event adds to a group; false: nothing. */
static bool put_facts(struct correl *c, const struct feeding *x, struct group *g)
{
	struct entry e = { .time = x->f->time,
			   .place = x->f->place,
			   .n = 1,
			   .arrived = (uint32_t)(x->f->received / TIME_SECOND) };

	if (window_is_temporal(x->what)) {
		e.key = x->number;
		return put(c, x->what, g, &e);
	}
	/* one event of two rules is one event */
	if (x->f->over == NULL && g->last_place == x->f->place)
		return false;
	g->last_place = x->f->place;
	if (x->what->x->type == CORREL_EVENT_COUNT)
		return put(c, x->what, g, &e);
	return put_values(c, x, g, e);
}

/* Its window was decided, or would be at once: nobody can say any more what else stood in it. */
static bool is_late(const struct correl *c, const struct sigma_correlation *s,
		    const struct group *g, int64_t time)
{
	return time <= g->closed || plus(plus(time, s->span), c->limits.late) < c->clock;
}

/* `g` stays, whatever is fed meanwhile; false: nothing is left in it. */
static bool feed_pinned(struct correl *c, const struct feeding *x, struct group *g)
{
	const struct sigma_correlation *s = x->what->x;

	g->arrived = (uint32_t)(x->f->received / TIME_SECOND);
	if (s->at_end && is_late(c, s, g, x->f->time)) {
		c->n.late++;
		return g->n > 0 || g->closed != INT64_MIN;
	}
	if (!s->at_end)
		forget(c, x->what, g);
	bool more = put_facts(c, x, g);
	if (g->n == 0)
		return g->closed != INT64_MIN;
	if (s->at_end) {
		int64_t due = plus(g->entry[0].time, s->span);

		return due == g->due || groups_due(&c->groups, g, due);
	}
	if (more)
		look(c, x->what, g, x->f->time, x->f);
	return true;
}

static void feed_group(struct correl *c, const struct feeding *x, const struct str *value)
{
	struct arena a = c->whole;
	struct str key = joined(&a, value, x->what->x->n_group, true);
	struct str show = joined(&a, value, x->what->x->n_group, false);
	struct group *g = key.p == NULL || show.p == NULL
				  ? NULL
				  : groups_get(&c->groups, x->of, key, show);

	if (g == NULL) {
		c->n.cut++;
		return;
	}
	g->pinned++;
	bool keep = feed_pinned(c, x, g);
	g->pinned--;
	if (!keep)
		groups_drop(&c->groups, g);
}

static void feed_use(struct correl *c, struct correl_use use, const struct facts *f)
{
	const struct correlation *what = rule_set_correlation(c->rs, use.correlation);
	struct feeding x = { what, &what->member[use.member], use.correlation, use.member, f };
	struct str value[CORREL_MAX_GROUP];
	struct choice ways;

	forget_groups(c, use.correlation);
	if (!choose(&ways, f, x.member->group, what->x->n_group)) {
		c->n.ungrouped++;
		return;
	}
	while (choose_next(&ways, value))
		feed_group(c, &x, value);
}

static void feed_uses(struct correl *c, uint32_t rule, const struct facts *f, bool fired)
{
	size_t n;
	const struct correl_use *use = rule_set_uses(c->rs, rule, &n);

	for (size_t i = 0; i < n; i++)
		if (fired || window_is_temporal(rule_set_correlation(c->rs, use[i].correlation)))
			feed_use(c, use[i], f);
}

void correl_clock(struct correl *c, int64_t now, correl_fn *fn, void *ctx)
{
	struct group *g;

	c->fn = fn;
	c->ctx = ctx;
	if (now < c->clock)
		now = c->clock;
	/* each is decided at its own time: what stands over it must not be forgotten before */
	while ((g = groups_next_due(&c->groups)) != NULL && plus(g->due, c->limits.late) < now) {
		int64_t at = plus(g->due, c->limits.late) + 1;

		if (at > c->clock)
			c->clock = at;
		close_window(c, g);
	}
	c->clock = now;
}

void correl_feed(struct correl *c, const struct sighting *s, correl_fn *fn, void *ctx)
{
	struct facts f = { .s = s, .time = s->time, .received = s->received, .place = s->place };

	correl_clock(c, s->received, fn, ctx);
	c->n.seen++;
	feed_uses(c, s->rule, &f, true);
}

void correl_adopt(struct correl *c, struct correl *old)
{
	c->groups.seed = old->groups.seed; /* the keys of values are made with it */
	for (uint32_t i = 0; i < rule_set_correlations(c->rs); i++) {
		const struct correlation *to = rule_set_correlation(c->rs, i);

		for (uint32_t k = 0; k < rule_set_correlations(old->rs); k++)
			if (rule_set_correlation(old->rs, k)->print == to->print)
				while (old->groups.lane[k].oldest != NULL)
					if (!groups_move(&c->groups, &old->groups,
							 old->groups.lane[k].oldest, i))
						c->n.evicted++;
	}
	uint64_t evicted = c->n.evicted;
	c->n = old->n;
	c->n.evicted += evicted;
	c->groups.evicted += old->groups.evicted;
	c->clock = old->clock;
}

struct correl_counts correl_counts(const struct correl *c)
{
	struct correl_counts n = c->n;

	n.groups = c->groups.n;
	n.bytes = c->groups.bytes;
	n.evicted += c->groups.evicted;
	return n;
}
