/* SPDX-License-Identifier: Apache-2.0 */
/*
 * find.c - a page of alerts, whatever the filter, without reading more than a page's worth a facet.
 *
 * A facet is one (state, severity, exercise), for a role over a part one of these and a home, of those
 * that have any alert. Each has its alerts in both orders in an index; a page is what comes first of
 * the facets' next ones together: once a page is full, a facet is read up to the last one on it and no
 * further. Words: when one of them is rare its alerts are looked at one by one,
 * else the facets are walked and each alert is asked for its words. So many are walked and no more:
 * then the page ends where the first facet stopped, perhaps with nothing on it, and its cursor goes on
 * from there.
 *
 * Cursor: "t" or "c", the key of the last one shown, ".", its id.
 */
#include "respond/find_int.h"

#include "base/num.h"
#include "base/utf8.h"
#include "respond/alert_int.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	PAGE = 100,
	WORDS = 8,
	RARE = 1000,
	ASKED_MAX = 1024,
	ROOM = 16 * ASKED_MAX,
	FACET_VALS = 12
};
enum { WALK = 2000, WALK_LEAST = 50 }; /* alerts asked for their words: of a page, of a facet */

struct search {
	struct db *db;
	struct arena *a;
	const struct alert_wish *wish;
	size_t limit;
	unsigned states, severities; /* bits by number */
	struct str words[WORDS], beyond[WORDS];
	size_t n_words;
	bool nobody;       /* assignee "none" */
	bool on;           /* behind a cursor */
	struct found from; /* the last one shown */
	size_t walk;       /* of a facet; 0: all of it */
	bool cut;          /* some facet was not walked to its end */
	struct found edge; /* where the first of them stopped */
	bool full;         /* there is a page, and one behind it */
	struct found last; /* ... which is this one: what stands behind it is not shown */
	struct found *all;
	size_t n, cap;
	struct err *why;
};

/* --- the wish --- */

static bool take_names(struct str names, int (*find)(struct str), int n, unsigned *out,
		       struct err *why)
{
	struct str rest = names, name;

	*out = names.n == 0 ? (1U << n) - 1 : 0;
	while (names.n > 0 && str_split(&rest, ',', &name)) {
		int i = find(name);

		if (i < 0)
			return err_set(why, ERR_INPUT, 0, "unknown value '%.*s'", STR_ARG(name));
		*out |= 1U << i;
	}
	return true;
}

static bool take_word(void *ctx, struct str word)
{
	struct search *s = ctx;
	struct str beyond = arena_str(s->a, word);
	char *end = (char *)beyond.p;

	/* Parts of a word come behind it and say nothing new. */
	if (s->n_words > 0 && str_find(s->words[s->n_words - 1], word) < s->words[s->n_words - 1].n)
		return true;
	s->words[s->n_words] = arena_str(s->a, word);
	if (end == NULL || s->words[s->n_words].p == NULL)
		return false;
	end[word.n - 1]++; /* text is UTF-8: below 0xff */
	s->beyond[s->n_words++] = beyond;
	return s->n_words < WORDS;
}

static bool take_cursor(struct search *s, struct err *why)
{
	struct str rest = s->wish->cursor, key;

	if (rest.n == 0)
		return true;
	if (rest.p[0] == (s->wish->by_clock ? 'c' : 't')) {
		rest = str_skip(rest, 1);
		if (str_split(&rest, '.', &key) && uuid_valid(rest) &&
		    num_parse_i64(key, INT64_MIN, INT64_MAX, &s->from.key)) {
			memcpy(s->from.id, rest.p, UUID_LEN);
			s->on = true;
			return true;
		}
	}
	return err_set(why, ERR_INPUT, 0, "not a cursor of this list");
}

static bool take_wish(struct search *s, struct err *why)
{
	const struct alert_wish *w = s->wish;

	s->limit = w->limit == 0 ? PAGE : w->limit;
	if (s->limit > ALERT_PAGE_MAX)
		return err_set(why, ERR_INPUT, 0, "at most %d at once", ALERT_PAGE_MAX);
	if (utf8_count(w->q) > ASKED_MAX)
		return err_set(why, ERR_INPUT, 0, "the search is longer than %d characters",
			       ASKED_MAX);
	s->nobody = str_eq(w->assignee, STR("none"));
	if (w->assignee.n > 0 && !s->nobody && !uuid_valid(w->assignee))
		return err_set(why, ERR_INPUT, 0, "unknown value '%.*s'", STR_ARG(w->assignee));
	if (!take_names(w->state, alert_state_find, ALERT_STATES, &s->states, why) ||
	    !take_names(w->severity, severity_rank, SEVERITIES, &s->severities, why))
		return false;
	/* take_word() keeps its words in s->a, so what is folded needs a place of its own */
	unsigned char *room = NEW(s->a, unsigned char, ROOM);
	if (room == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	words_each((struct arena){ room, room + ROOM }, w->q, take_word, s);
	return take_cursor(s, why);
}

/* --- candidates --- */

static bool keep(struct search *s, int64_t key, struct str id)
{
	if (s->n == s->cap) {
		size_t cap = s->cap == 0 ? 256 : 2 * s->cap;
		struct found *all = NEW(s->a, struct found, cap);

		if (all == NULL)
			return err_set(s->why, ERR_LIMIT, 0, "too many alerts to sort");
		if (s->n > 0)
			memcpy(all, s->all, s->n * sizeof *all);
		s->all = all;
		s->cap = cap;
	}
	s->all[s->n].key = key;
	memcpy(s->all[s->n].id, id.p, id.n < UUID_LEN ? id.n : UUID_LEN);
	s->all[s->n++].id[UUID_LEN] = '\0';
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return memcmp(x->id, y->id, UUID_LEN);
}

static int by_key_down(const void *a, const void *b)
{
	return by_key(b, a);
}

static bool has_words(struct search *s, struct str id, bool *out)
{
	*out = true;
	for (size_t i = 0; *out && i < s->n_words; i++) {
		int64_t n;

		if (!db_number(s->db,
			       "SELECT count(*) FROM (SELECT 1 FROM alert_words"
			       " WHERE alert = $1 AND word >= $2 AND word < $3 LIMIT 1) AS w",
			       DB_VALS(V_TEXT(id), V_TEXT(s->words[i]), V_TEXT(s->beyond[i])), &n,
			       s->why))
			return false;
		*out = n > 0;
	}
	return true;
}

/* Does `a` stand before `b` in the wished order? */
static bool before(const struct search *s, const struct found *a, const struct found *b)
{
	int side = by_key(a, b);

	return s->wish->by_clock ? side < 0 : side > 0;
}

/* The walk of a facet ends here: of what lies behind nothing can be told, not even by others. */
static void stop_at(struct search *s, int64_t key, const char *id)
{
	struct found here = { .key = key };

	memcpy(here.id, id, sizeof here.id);
	if (!s->cut || before(s, &here, &s->edge))
		s->edge = here;
	s->cut = true;
}

/* Rows of (id, key): those that hold the words are kept, until the page is full of this query or the
 * walk is over. */
static bool drain(struct search *s, struct db_rows *r)
{
	size_t had = s->n, walked = 0;
	bool ok = true, fits = true, going = true;

	while (ok && going && s->n - had <= s->limit && db_next(r)) {
		char id[UUID_MAX];
		int64_t key = db_int(r, 1);

		db_put(r, 0, id, sizeof id);
		going = s->walk == 0 || ++walked < s->walk;
		if (!going)
			stop_at(s, key, id);
		ok = has_words(s, str_of(id), &fits) && (!fits || keep(s, key, str_of(id)));
	}
	return db_end(r, ok ? s->why : NULL) && ok;
}

/* clang-format off */
#define FACET " state = $1 AND severity = $2 AND exercise = $3 AND last_seen >= $4 AND last_seen <= $5" \
	" AND ($6 = 0 OR assignee IS NULL)"
/* the bound of time is in $5, too: SQLite's index follows one pair of limits, and a pair of columns would be half of it */
#define BY_TIME " AND (+last_seen < $7 OR id < $8) ORDER BY last_seen DESC, id DESC LIMIT $9"
#define BY_CLOCK " AND (urgency, id) > ($7, $8) AND urgency <= $10 ORDER BY urgency, id LIMIT $9"
#define HOME(unit, site) "unit = " unit " AND coalesce(site, '') = " site " AND"
/* by clock; for a role over a part */
static const char *const facet_sql[2][2] = {
	{ "SELECT id, last_seen FROM alerts WHERE" FACET BY_TIME,
	  "SELECT id, last_seen FROM alerts WHERE " HOME("$10", "$11") FACET BY_TIME },
	{ "SELECT id, urgency FROM alerts WHERE" FACET BY_CLOCK,
	  "SELECT id, urgency FROM alerts WHERE " HOME("$11", "$12") FACET BY_CLOCK },
};
/* clang-format on */

struct facet {
	size_t state, severity;
	int exercise;
	const struct home *home; /* NULL: of all */
};

/* Of what was found so far only the page and the one behind it matter. */
static void trim(struct search *s)
{
	if (s->n <= s->limit)
		return;
	qsort(s->all, s->n, sizeof *s->all, s->wish->by_clock ? by_key : by_key_down);
	s->n = s->limit + 1;
	s->last = s->all[s->limit];
	s->full = true;
}

static bool facet_rows(struct search *s, const struct facet *f)
{
	const struct alert_wish *w = s->wish;
	bool clock = w->by_clock;
	int64_t from = s->on ? s->from.key : clock ? INT64_MIN : INT64_MAX;
	int64_t since = w->from == TIME_NONE ? INT64_MIN : w->from;
	int64_t to = w->to == TIME_NONE ? INT64_MAX : w->to;
	/* one limit each: of two, an index follows the first and reads on to the other */
	if (!clock && s->full && s->last.key > since)
		since = s->last.key;
	if (!clock && from < to)
		to = from;
	struct db_val vals[FACET_VALS] = {
		V_TEXT(alert_state_names[f->state]),
		V_TEXT(severity_names[f->severity]),
		V_INT(f->exercise),
		V_INT(since),
		V_INT(to),
		V_INT(s->nobody),
		V_INT(from),
		V_Z(s->from.id),
		V_INT(s->n_words > 0 ? INT64_C(1) << 40 : (int64_t)s->limit + 1),
	};
	size_t n = 9;

	if (clock)
		vals[n++] = V_INT(s->full ? s->last.key : INT64_MAX);
	if (f->home != NULL) {
		vals[n++] = V_Z(f->home->unit);
		vals[n++] = V_Z(f->home->site);
	}
	return drain(s, db_query(s->db, facet_sql[clock][f->home != NULL], vals, n, s->why));
}

static bool facet(struct search *s, const struct facet *f)
{
	if (!facet_rows(s, f))
		return false;
	trim(s);
	return true;
}

static bool wanted(const struct search *s, const struct facet *f)
{
	return (s->states >> f->state & 1) != 0 && (s->severities >> f->severity & 1) != 0 &&
	       (s->wish->exercise < 0 || s->wish->exercise == f->exercise);
}

static bool all_facets(struct search *s)
{
	struct facet f = { .home = NULL };

	for (f.state = 0; f.state < ALERT_STATES; f.state++)
		for (f.severity = 0; f.severity < SEVERITIES; f.severity++)
			for (f.exercise = 0; f.exercise <= 1; f.exercise++)
				if (wanted(s, &f) && !facet(s, &f))
					return false;
	return true;
}

/* One after the other: a facet's own question must not run inside this one. */
static bool part_facets(struct search *s)
{
	struct facet *list;
	int64_t most = 0;
	size_t n = 0;

#define COUNTED "FROM alert_counts WHERE n > 0 AND " IN_SCOPE("unit", "site", "$1", "$2")
	if (!db_number(s->db, "SELECT count(*) " COUNTED, DB_VALS(SCOPE_VALS(&s->wish->scope)),
		       &most, s->why))
		return false;
	list = NEW(s->a, struct facet, (size_t)most);
	struct home *homes = NEW(s->a, struct home, (size_t)most);
	if (list == NULL || homes == NULL)
		return err_set(s->why, ERR_LIMIT, 0, "too many alerts to sort");
	struct db_rows *r =
		db_query(s->db, "SELECT unit, site, state, severity, exercise " COUNTED " LIMIT $3",
			 DB_VALS(SCOPE_VALS(&s->wish->scope), V_INT(most)), s->why);
#undef COUNTED
	while (db_next(r)) {
		int state = alert_state_find(db_text(r, 2)),
		    severity = severity_rank(db_text(r, 3));

		if (state < 0 || severity < 0)
			continue;
		db_put(r, 0, homes[n].unit, sizeof homes[n].unit);
		db_put(r, 1, homes[n].site, sizeof homes[n].site);
		list[n] = (struct facet){ (size_t)state, (size_t)severity, (int)db_int(r, 4),
					  &homes[n] };
		n += wanted(s, &list[n]);
	}
	if (!db_end(r, s->why))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!facet(s, &list[i]))
			return false;
	return true;
}

static bool facets(struct search *s)
{
	/* a bound of how many facets there are, homes aside */
	size_t n = (size_t)__builtin_popcount(s->states) *
		   (size_t)__builtin_popcount(s->severities) * (s->wish->exercise < 0 ? 2 : 1);

	if (s->n_words > 0)
		s->walk = n > 0 && WALK / n > WALK_LEAST ? WALK / n : WALK_LEAST;
	return scope_is_whole(&s->wish->scope) ? all_facets(s) : part_facets(s);
}

/* --- a few candidates, looked at one by one --- */

static bool one(struct search *s, struct db_rows *r)
{
	int state = alert_state_find(db_text(r, 2)), severity = severity_rank(db_text(r, 3));
	int64_t last_seen = db_int(r, 5), key = db_int(r, s->wish->by_clock ? 6 : 5);
	const struct alert_wish *w = s->wish;
	struct found here = { .key = key };
	char id[UUID_MAX];
	bool fits;

	db_put(r, 0, id, sizeof id);
	memcpy(here.id, id, sizeof id);
	if (state < 0 || severity < 0 || (s->states >> state & 1) == 0 ||
	    (s->severities >> severity & 1) == 0)
		return true;
	if ((w->exercise >= 0 && w->exercise != (int)db_int(r, 4)) ||
	    (w->from != TIME_NONE && last_seen < w->from) ||
	    (w->to != TIME_NONE && last_seen > w->to))
		return true;
	if (s->nobody ? !db_is_null(r, 1)
		      : w->assignee.n > 0 && !str_eq(db_text(r, 1), w->assignee))
		return true;
	int side = by_key(&here, &s->from);
	if (s->on && (w->by_clock ? side <= 0 : side >= 0))
		return true;
	return has_words(s, str_of(id), &fits) && (!fits || keep(s, key, str_of(id)));
}

static bool ones(struct search *s, struct db_rows *r)
{
	bool ok = true;

	while (ok && db_next(r))
		ok = one(s, r);
	return db_end(r, ok ? s->why : NULL) && ok;
}

#define ONE_COLUMNS "id, assignee, state, severity, exercise, last_seen, urgency"
#define ONE_SCOPE(u, s) " AND " IN_SCOPE("unit", "site", u, s)

/* The word with the fewest alerts, and how many that are, counted up to RARE + 1. */
static bool rarest(struct search *s, size_t *which, int64_t *n)
{
	*n = RARE + 1;
	for (size_t i = 0; i < s->n_words; i++) {
		int64_t here;

		if (!db_number(s->db,
			       "SELECT count(*) FROM (SELECT 1 FROM alert_words WHERE word >= $1"
			       " AND word < $2 LIMIT $3) AS w",
			       DB_VALS(V_TEXT(s->words[i]), V_TEXT(s->beyond[i]), V_INT(RARE + 1)),
			       &here, s->why))
			return false;
		if (here < *n) {
			*n = here;
			*which = i;
		}
	}
	return true;
}

static bool collect(struct search *s)
{
	size_t which = 0;
	int64_t n;

	if (s->wish->assignee.n > 0 && !s->nobody)
		return ones(
			s, db_query(s->db,
				    "SELECT " ONE_COLUMNS
				    " FROM alerts WHERE assignee = $1" ONE_SCOPE("$2", "$3"),
				    DB_VALS(V_TEXT(s->wish->assignee), SCOPE_VALS(&s->wish->scope)),
				    s->why));
	if (!rarest(s, &which, &n))
		return false;
	if (n > RARE)
		return facets(s);
	return ones(s,
		    db_query(s->db,
			     "SELECT " ONE_COLUMNS " FROM alerts WHERE id IN (SELECT alert FROM"
			     " alert_words WHERE word >= $1 AND word < $2)" ONE_SCOPE("$3", "$4"),
			     DB_VALS(V_TEXT(s->words[which]), V_TEXT(s->beyond[which]),
				     SCOPE_VALS(&s->wish->scope)),
			     s->why));
}

bool alerts_find(struct db *db, struct arena *a, const struct alert_wish *wish,
		 struct found_page *out, struct err *why)
{
	struct search s = { .db = db, .a = a, .wish = wish, .why = why };

	if (!take_wish(&s, why) || !collect(&s))
		return false;
	if (s.n > 0)
		qsort(s.all, s.n, sizeof *s.all, wish->by_clock ? by_key : by_key_down);
	const struct found *last = s.cut ? &s.edge : NULL;
	while (s.cut && s.n > 0 && before(&s, &s.edge, &s.all[s.n - 1]))
		s.n--;
	if (s.n > s.limit) {
		last = &s.all[s.limit - 1];
		s.n = s.limit;
	}
	out->next[0] = '\0';
	if (last != NULL)
		snprintf(out->next, sizeof out->next, "%c%jd.%s", wish->by_clock ? 'c' : 't',
			 (intmax_t)last->key, last->id);
	out->items = s.all;
	out->n = s.n;
	return true;
}
