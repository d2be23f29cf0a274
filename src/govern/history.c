/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history.c - what each measure was over a span of time, for the strip on the board.
 *
 * A state holds from its evaluation to the last look that found it so. Between looks that lie
 * further apart than an evaluation lasts nothing is known, and nothing is said: a hole stays a hole.
 */
#include "govern/result_int.h"

struct spell { /* one state, unbroken */
	bool on;
	char state[24];
	struct both reason;
	int64_t from, to;
};

static void put_spell(struct jsonw *w, const struct spell *s)
{
	jsonw_open(w, '{');
	jsonw_kv_time(w, "from", s->from);
	jsonw_kv_time(w, "to", s->to);
	jsonw_kv_str(w, "state", str_of(s->state));
	both_put(w, "reason", s->reason);
	jsonw_close(w, '}');
}

/* One row of (at, up to, state, reasons): goes on with the spell or begins the next. */
static void take(struct jsonw *w, struct arena *a, struct arena whole, struct db_rows *r,
		 struct spell *s)
{
	int64_t at = db_int(r, 0), to = db_int(r, 1);
	bool same = s->on && str_eq(db_text(r, 2), str_of(s->state)) && at - s->to <= RESULT_LASTS;

	if (same) {
		s->to = to > s->to ? to : s->to;
		return;
	}
	if (s->on)
		put_spell(w, s);
	*a = whole;
	s->on = true;
	s->from = at;
	s->to = to;
	db_put(r, 2, s->state, sizeof s->state);
	s->reason.vi = db_keep(r, 3, a);
	s->reason.en = db_keep(r, 4, a);
}

/* When it was first looked at: from then on what no spell tells is unknown, and not merely not begun. */
static bool put_first(const struct subject *s, struct jsonw *w, struct err *why)
{
	struct db_rows *r = db_query(s->db,
				     "SELECT min(at) FROM measure_evaluations WHERE unit = $1"
				     " AND directive = $2 AND measure = $3",
				     DB_VALS(V_Z(s->unit), V_TEXT(s->d->id), V_TEXT(s->m->id)),
				     why);

	jsonw_kv_time(w, "first", db_next(r) ? db_time(r, 0) : TIME_NONE);
	return db_end(r, why);
}

static bool put_spells(const struct subject *s, struct arena a, const struct span_wish *wish,
		       struct jsonw *w, struct err *why)
{
	struct arena whole = a;
	struct spell spell = { .on = false };
	struct db_rows *r = db_query(
		s->db,
		"SELECT at, coalesce(checked, at), state, reason_vi, reason_en"
		" FROM measure_evaluations WHERE unit = $1 AND directive = $2 AND measure = $3"
		" AND coalesce(checked, at) >= $4 AND at <= $5 ORDER BY at",
		DB_VALS(V_Z(s->unit), V_TEXT(s->d->id), V_TEXT(s->m->id), V_TIME(wish->from),
			V_TIME(wish->to)),
		why);

	while (db_next(r))
		take(w, &a, whole, r, &spell);
	if (spell.on)
		put_spell(w, &spell);
	return db_end(r, why);
}

bool directive_history_put(const struct govern_view *v, const struct directive *d,
			   const struct span_wish *wish, struct jsonw *w, struct err *why)
{
	char unit[UUID_MAX];

	if (wish->from > wish->to || wish->to - wish->from > HISTORY_DAYS_MAX * TIME_DAY)
		return err_set(why, ERR_INPUT, 0, "at most %d days at once", HISTORY_DAYS_MAX);
	if (!result_unit(v->db, &v->scope, unit, why))
		return false;
	jsonw_open(w, '{');
	jsonw_kv_time(w, "from", wish->from);
	jsonw_kv_time(w, "to", wish->to);
	jsonw_key(w, "measures");
	jsonw_open(w, '[');
	for (size_t i = 0; i < d->n_measures; i++) {
		const struct subject s = { v->db, unit, d, &d->measures[i], v->now, NULL };

		jsonw_open(w, '{');
		jsonw_kv_str(w, "id", s.m->id);
		/* of a part nothing is kept */
		bool kept = scope_is_whole(&v->scope);
		if (kept && !put_first(&s, w, why))
			return false;
		jsonw_key(w, "spells");
		jsonw_open(w, '[');
		if (kept && !put_spells(&s, v->a, wish, w, why))
			return false;
		jsonw_close(w, ']');
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	return true;
}
