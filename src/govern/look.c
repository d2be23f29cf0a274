/* SPDX-License-Identifier: Apache-2.0 */
/* look.c - the checks of one measure, each judged, with its evidence. */
#include "govern/look_int.h"

#include "state/state.h"

enum { EVIDENCE_MAX = 1 << 18, SETTING_MAX = 256, LIVE_MAX = 64 << 20 };

/* --- what is known of the unit --- */

/* The setting "unit_kind": "agency", "provider" or "both". */
static bool unit_kind(struct db *db, unsigned *out, struct err *why)
{
	unsigned char mem[SETTING_MAX];
	struct arena a = { mem, mem + sizeof mem };
	struct str text;

	*out = 0;
	if (!state_setting(db, &a, "unit_kind", &text, why))
		return false;
	if (str_eq(text, STR("\"agency\"")))
		*out = BIND_AGENCY;
	else if (str_eq(text, STR("\"provider\"")))
		*out = BIND_PROVIDER;
	else if (str_eq(text, STR("\"both\"")))
		*out = BIND_AGENCY | BIND_PROVIDER;
	return true;
}

static bool control_now(struct db *db, struct control_state *out, struct err *why)
{
	struct db_rows *r = db_query(
		db, "SELECT max(passed), max(failed) FROM control_tests WHERE kind = 'rules'", NULL,
		0, why);

	out->passed = out->failed = TIME_NONE;
	if (db_next(r)) {
		out->passed = db_time(r, 0);
		out->failed = db_time(r, 1);
	}
	return db_end(r, why);
}

/* --- evidence --- */

static struct both title_of(const struct check *c)
{
	return c->metric == NULL || c->title.vi.n > 0 ? c->title : both_of(c->metric->title);
}

static struct both reason_of(struct arena *a, const struct check *c, const struct judged *j)
{
	return c->metric == NULL ? c->lacks : reason_both(a, &j->reason);
}

static void put_found(struct jsonw *w, const struct check *c, const struct metric_found *f)
{
	bool known = c->metric != NULL && f->known;

	jsonw_key(w, "value");
	if (!known || (f->of == 0 && c->metric->unit == UNIT_SHARE))
		jsonw_null(w);
	else
		jsonw_double(w, f->value);
	jsonw_kv_known(w, "n", known, f->n);
	jsonw_kv_known(w, "of", known && f->of >= 0, f->of);
	jsonw_key(w, "ledger");
	jsonw_open(w, '[');
	for (size_t i = 0; c->metric != NULL && i < f->n_ledger; i++)
		jsonw_int(w, f->ledger[i]);
	jsonw_close(w, ']');
}

/* What would make it known or met, and on which page. */
static void put_todo(struct jsonw *w, struct arena a, const struct check *c, enum verdict v)
{
	bool open = c->metric != NULL && c->metric->todo != NULL &&
		    (v == V_UNKNOWN || v == V_FAILED);

	jsonw_key(w, "todo");
	if (!open) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	both_put(w, "text", both_of(c->metric->todo));
	jsonw_kv_str(w, "link", arena_printf(&a, "#/%s", c->metric->link));
	jsonw_close(w, '}');
}

static void put_evidence(struct jsonw *w, struct arena a, const struct check *c,
			 const struct metric_found *f, const struct judged *j)
{
	bool known = c->metric != NULL && f->known;
	enum verdict v = j->shown && known ? V_NOT_APPLICABLE : j->verdict;
	struct str name = c->severity.n > 0 ? arena_printf(&a, "%.*s:%.*s", STR_ARG(c->name),
							   STR_ARG(c->severity))
					    : c->name;

	jsonw_open(w, '{');
	jsonw_kv_str(w, "metric", name);
	both_put(w, "title", title_of(c));
	if (c->metric != NULL)
		both_put(w, "unit", both_of(metric_unit_name(c->metric->unit)));
	else
		jsonw_kv_known(w, "unit", false, 0);
	jsonw_kv_str(w, "is", c->is);
	jsonw_kv_str(w, "state", str_of(verdict_names[v]));
	both_put(w, "reason", reason_of(&a, c, j));
	if (c->metric != NULL && c->metric->source != NULL)
		both_put(w, "of_source", both_of(c->metric->source));
	else
		jsonw_kv_known(w, "of_source", false, 0);
	put_found(w, c, f);
	jsonw_kv_known(w, "age_s", j->age != TIME_NONE, j->age / TIME_SECOND);
	jsonw_kv_known(w, "fresh_s", j->fresh != TIME_NONE, j->fresh / TIME_SECOND);
	put_todo(w, a, c, v);
	jsonw_close(w, '}');
}

/* --- one measure --- */

/* What a role over a part cannot be told of its part is not known to it. */
static bool for_all_only(const struct look *t, const struct metric *m, struct metric_found *f)
{
	if (scope_is_whole(&t->scope) || m->parts != PARTS_NONE)
		return false;
	(void)err_set(&f->unknown, ERR_ABSENT, 0,
		      "known for all units together; your role is for a part of them");
	return true;
}

static bool ask(const struct look *t, struct arena a, const struct check *c, struct metric_found *f)
{
	const struct metric_look l = { t->db,      a,      t->d,    c,       t->live,
				       t->live_at, t->now, t->unit, t->scope };

	*f = (struct metric_found){ .of = -1, .at = TIME_NONE, .list_at = TIME_NONE };
	return c->metric == NULL || for_all_only(t, c->metric, f) ||
	       c->metric->query(&l, f, t->why);
}

/* The first check with that verdict, shown ones left out; NULL: none. */
static const struct check *first_of(const struct measure *m, const struct judged *j, enum verdict v,
				    const struct judged **out)
{
	for (size_t i = 0; i < m->n_checks; i++)
		if (!j[i].shown && j[i].verdict == v) {
			*out = &j[i];
			return &m->checks[i];
		}
	return NULL;
}

static struct both because(struct arena *a, const struct check *c, const struct judged *j)
{
	struct both title = title_of(c), reason = reason_of(a, c, j);

	return (struct both){ arena_printf(a, "%.*s: %.*s", STR_ARG(title.vi), STR_ARG(reason.vi)),
			      arena_printf(a, "%.*s: %.*s", STR_ARG(title.en),
					   STR_ARG(reason.en)) };
}

static struct both measure_reason(struct arena *a, const struct measure *m, const struct judged *j,
				  const struct result *r, const struct attestation *by)
{
	struct err why = { .kind = ERR_NONE };
	const struct judged *which = NULL;
	const struct check *c = NULL;

	if (r->verdict == V_FAILED)
		c = first_of(m, j, V_FAILED, &which);
	else if (r->verdict == V_UNKNOWN)
		c = first_of(m, j, V_UNKNOWN, &which);
	if (c != NULL)
		return because(a, c, which);
	if (r->verdict == V_ATTESTED)
		reason_attested(by->expires, &why);
	else if (r->verdict == V_MET)
		(void)err_set(&why, ERR_STATE, 0, "all %jd checks hold", (intmax_t)r->of);
	else
		(void)err_set(&why, ERR_STATE, 0, "no check can see this");
	return reason_both(a, &why);
}

/* Whom it binds decides first; false when the checks must be looked at. */
static bool not_ours(const struct look *t, struct arena *a, const struct measure *m,
		     struct result *r)
{
	struct err why = { .kind = ERR_NONE };

	if (m->binds == (BIND_AGENCY | BIND_PROVIDER) || (t->kind & m->binds) != 0)
		return false;
	r->verdict = t->kind == 0 ? V_UNKNOWN : V_NOT_APPLICABLE;
	if (t->kind == 0)
		(void)err_set(
			&why, ERR_STATE, 0,
			"it is not declared whether the unit is an agency or a provider (settings)");
	else if (m->binds == BIND_PROVIDER)
		(void)err_set(
			&why, ERR_STATE, 0,
			"binds telecom and Internet providers; this unit is declared an agency");
	else
		(void)err_set(&why, ERR_STATE, 0,
			      "binds agencies; this unit is declared a provider");
	r->reason = reason_both(a, &why);
	return true;
}

static void count(const struct judged *j, size_t n, struct result *r)
{
	for (size_t i = 0; i < n; i++) {
		if (j[i].shown)
			continue;
		r->of++;
		r->n += j[i].verdict == V_MET;
		if (j[i].age != TIME_NONE && (r->age == TIME_NONE || j[i].age > r->age))
			r->age = j[i].age;
	}
}

static bool look_all(const struct look *t, struct arena *a, const struct measure *m,
		     struct judged *j, struct str *evidence)
{
	struct buf b = BUF(EVIDENCE_MAX);
	struct jsonw w = { .out = &b };
	bool ok = true;

	jsonw_open(&w, '[');
	for (size_t i = 0; ok && i < m->n_checks; i++) {
		struct metric_found f;

		ok = ask(t, *a, &m->checks[i], &f);
		if (!ok)
			break;
		check_judge(&m->checks[i], &f, &t->control, t->now, &j[i]);
		put_evidence(&w, *a, &m->checks[i], &f, &j[i]);
	}
	jsonw_close(&w, ']');
	*evidence = arena_str(a, buf_str(&b));
	ok = ok && ((!b.full && evidence->p != NULL) ||
		    err_set(t->why, ERR_LIMIT, 0, "no room for the evidence"));
	buf_free(&b);
	return ok;
}

bool look_ready(struct look *io)
{
	io->control.limit = io->d == NULL ? 0 : io->d->control;
	return unit_kind(io->db, &io->kind, io->why) && control_now(io->db, &io->control, io->why);
}

bool look_measure(const struct look *t, struct arena *a, const struct measure *m,
		  const struct attestation *by, struct result *out)
{
	struct judged j[MEASURE_CHECKS_MAX] = { 0 };
	struct result r = { .age = TIME_NONE, .at = t->now, .checked = t->now };

	if (!look_all(t, a, m, j, &r.evidence))
		return false;
	if (!not_ours(t, a, m, &r)) {
		count(j, m->n_checks, &r);
		r.verdict = measure_combine(j, m->n_checks, by->expires != TIME_NONE);
		r.reason = measure_reason(a, m, j, &r, by);
	}
	if (r.reason.vi.p == NULL || r.reason.en.p == NULL)
		return err_set(t->why, ERR_LIMIT, 0, "no room for the evidence");
	*out = r;
	return true;
}

bool view_look_begin(struct view_look *l, const struct govern_view *v, const struct directive *d,
		     struct err *why)
{
	*l = (struct view_look){ .part = NULL };
	if (!result_unit(v->db, &v->scope, l->unit, why))
		return false;
	if (scope_is_whole(&v->scope))
		return true;
	if (v->live.json.n > 0 && !json_parse(v->live.json, LIVE_MAX, &l->facts, why))
		return false;
	l->look = (struct look){ .db = v->db,
				 .d = d,
				 .live = l->facts,
				 .live_at = v->live.at,
				 .now = v->now,
				 .unit = l->unit,
				 .scope = v->scope,
				 .why = why };
	l->part = &l->look;
	return look_ready(&l->look);
}

void view_look_end(struct view_look *l)
{
	json_free(l->facts);
	l->facts = NULL;
}
