/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_lint.c - one walk over the atoms for fields and expressions, one over what must hold together.
 */
#include "detect/rule_lint.h"

#include "detect/rule_set_int.h"

enum { MUSTS_MAX = 64, TOLD_MAX = 32 };

struct linting {
	const struct rule_set *rs;
	const struct rule_fields *fields;
	size_t rule;
	rule_lint_fn *fn;
	void *ctx;
	uint32_t told[TOLD_MAX]; /* fields */
	size_t n_told;
};

/* Fields and expressions. */

static void look_at_field(struct linting *l, uint32_t field)
{
	struct str name = rule_set_field(l->rs, field), near;
	const struct rule *r = l->rs->rule[l->rule];
	struct str source = r->sigma.info.logsource;
	struct err what = { 0 };

	for (size_t i = 0; i < l->n_told; i++)
		if (l->told[i] == field)
			return;
	if (l->n_told == TOLD_MAX || !rule_fields_unknown(l->fields, &r->sigma.source, name, &near))
		return;
	l->told[l->n_told++] = field;
	if (near.n > 0)
		err_set(&what, ERR_INPUT, 0, "field '%.*s' is not known of %.*s; '%.*s' is",
			STR_ARG(name), STR_ARG(source), STR_ARG(near));
	else
		err_set(&what, ERR_INPUT, 0, "field '%.*s' is not known of %.*s", STR_ARG(name),
			STR_ARG(source));
	l->fn(l->ctx, l->rule, &what);
}

/* Behind byte `at`: is something repeated without a bound? */
static bool repeats(struct str s, size_t at)
{
	if (at >= s.n)
		return false;
	if (s.p[at] == '*' || s.p[at] == '+')
		return true;
	struct str rest = str_skip(s, at);
	size_t end = str_find_char(rest, '}');
	return s.p[at] == '{' && end < rest.n && rest.p[end - 1] == ',';
}

/*
 * A group that is repeated without a bound and holds something that is, too: the classic that takes
 * exponential time where there is no match.
 */
static bool may_be_slow(struct str s)
{
	bool inner[64] = { false };
	size_t depth = 0;
	bool set = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\') {
			i++;
		} else if (set) {
			set = c != ']';
			continue;
		} else if (c == '[') {
			set = true;
			continue;
		} else if (c == '(') {
			depth++;
			if (depth >= COUNT(inner))
				return true;
			inner[depth] = false;
			continue;
		} else if (c == ')' && depth > 0) {
			bool nested = inner[depth--];

			if (nested && repeats(s, i + 1))
				return true;
			inner[depth] = inner[depth] || nested;
		}
		if (repeats(s, i + 1))
			inner[depth] = true;
	}
	return false;
}

static void look_at_atom(struct linting *l, const struct atom *at)
{
	struct err what = { 0 };

	if (at->field != FIELD_ANY)
		look_at_field(l, at->field);
	if (at->kind == ATOM_FIELDREF)
		look_at_field(l, at->other);
	if (at->kind != ATOM_REGEX || !may_be_slow(at->expression))
		return;
	err_set(&what, ERR_INPUT, 0,
		"a regular expression repeats what repeats already, which may be slow: %.*s",
		STR_ARG(str_sub(at->expression, 0, 100)));
	l->fn(l->ctx, l->rule, &what);
}

static void look_at_atoms(struct linting *l, const struct node *v)
{
	if (v->kind == NODE_ATOM) {
		look_at_atom(l, v->atom);
		return;
	}
	for (uint32_t i = 0; i < v->n; i++)
		look_at_atoms(l, v->kid[i]);
}

/* What must hold together. */

/* A field must be one of the texts of `v`: an atom, or an or of atoms. */
struct must {
	uint32_t field;
	const struct node *v;
};

struct musts {
	struct must all[MUSTS_MAX];
	size_t n;
	bool apart; /* a part and its opposite */
};

static bool is_text(const struct node *v)
{
	const struct atom *at = v->kind == NODE_ATOM ? v->atom : NULL;

	return at != NULL && at->kind == ATOM_PATTERN && at->field != FIELD_ANY && !at->cased &&
	       (at->pattern.n == 0 ||
		(at->pattern.n == 1 && at->pattern.piece[0].kind == PIECE_TEXT));
}

static struct str text_of(const struct node *v)
{
	const struct pattern *p = &v->atom->pattern;

	return p->n == 0 ? STR("") : p->piece[0].text;
}

/* The field that all of an or are about; NAME_NONE when it is no such thing. */
static uint32_t field_of(const struct node *v)
{
	if (is_text(v))
		return v->atom->field;
	if (v->kind != NODE_OR)
		return NAME_NONE;
	for (uint32_t i = 0; i < v->n; i++)
		if (!is_text(v->kid[i]) || v->kid[i]->atom->field != v->kid[0]->atom->field)
			return NAME_NONE;
	return v->kid[0]->atom->field;
}

static void collect(const struct node *v, struct musts *out)
{
	uint32_t field = field_of(v);

	if (field != NAME_NONE && out->n < MUSTS_MAX)
		out->all[out->n++] = (struct must){ field, v };
	if (v->kind != NODE_AND)
		return;
	for (uint32_t i = 0; i < v->n; i++)
		collect(v->kid[i], out);
	for (uint32_t i = 0; i < v->n; i++)
		for (uint32_t k = 0; k < v->n; k++)
			out->apart = out->apart || (v->kid[i]->kind == NODE_NOT &&
						    v->kid[i]->kid[0] == v->kid[k]);
}

static bool holds_text(const struct node *v, struct str text)
{
	if (v->kind == NODE_ATOM)
		return str_eq(text_of(v), text);
	for (uint32_t i = 0; i < v->n; i++)
		if (str_eq(text_of(v->kid[i]), text))
			return true;
	return false;
}

static bool meet(const struct must *a, const struct must *b)
{
	if (a->field != b->field)
		return true;
	if (a->v->kind == NODE_ATOM)
		return holds_text(b->v, text_of(a->v));
	for (uint32_t i = 0; i < a->v->n; i++)
		if (holds_text(b->v, text_of(a->v->kid[i])))
			return true;
	return false;
}

static struct str first_text(const struct must *m)
{
	return text_of(m->v->kind == NODE_ATOM ? m->v : m->v->kid[0]);
}

static void look_within(struct linting *l, const struct musts *m)
{
	struct err what = { 0 };

	for (size_t i = 0; i < m->n; i++)
		for (size_t k = 0; k < i; k++) {
			if (meet(&m->all[i], &m->all[k]))
				continue;
			struct str name = rule_set_field(l->rs, m->all[i].field);
			struct str a = first_text(&m->all[k]), b = first_text(&m->all[i]);
			err_set(&what, ERR_INPUT, 0,
				"it holds only where '%.*s' has several values: it must be '%.*s' and '%.*s'",
				STR_ARG(name), STR_ARG(a), STR_ARG(b));
			l->fn(l->ctx, l->rule, &what);
			return;
		}
	if (!m->apart)
		return;
	err_set(&what, ERR_INPUT, 0, "it never holds: a part is asked for and ruled out");
	l->fn(l->ctx, l->rule, &what);
}

/* The first thing the rule asks for that no event of the entry can have; NULL: there is none. */
static const struct must *against(const struct musts *m, const struct source_entry *e)
{
	const struct must *found = NULL;

	for (size_t i = 0; i < e->n; i++) {
		struct musts when = { .n = 0 };
		const struct must *here = NULL;

		collect(e->shape[i].when, &when);
		for (size_t k = 0; k < m->n && here == NULL; k++)
			for (size_t j = 0; j < when.n && here == NULL; j++)
				if (!meet(&m->all[k], &when.all[j]))
					here = &m->all[k];
		if (here == NULL)
			return NULL;
		found = here;
	}
	return found;
}

static void look_at_source(struct linting *l, const struct musts *m)
{
	const struct rule *r = l->rs->rule[l->rule];
	const struct source_need *need = &l->rs->source[r->source].need;
	struct err what = { 0 };

	for (size_t i = 0; !need->any && i < need->n; i++) {
		const struct must *x = against(m, &l->rs->map.entry[need->entry[i]]);

		if (x == NULL)
			continue;
		err_set(&what, ERR_INPUT, 0,
			"it never holds: no event of %.*s has '%.*s' in '%.*s'",
			STR_ARG(r->sigma.info.logsource), STR_ARG(first_text(x)),
			STR_ARG(rule_set_field(l->rs, x->field)));
		l->fn(l->ctx, l->rule, &what);
		return;
	}
}

void rule_lint(const struct rule_set *rs, const struct rule_fields *fields, size_t i,
	       rule_lint_fn *fn, void *ctx)
{
	struct linting l = { .rs = rs, .fields = fields, .rule = i, .fn = fn, .ctx = ctx };
	const struct node *condition = rule_set_condition(rs, i);
	struct musts m = { .n = 0 };

	if (condition == NULL)
		return;
	look_at_atoms(&l, condition);
	collect(condition, &m);
	look_within(&l, &m);
	look_at_source(&l, &m);
}
