/* SPDX-License-Identifier: Apache-2.0 */
/*
 * correl_rule.c - each attribute of the section `correlation` is one function.
 */
#include "detect/correl_rule.h"

#include "base/num.h"
#include "base/time.h"
#include "detect/sigma_cond.h"
#include "detect/sigma_doc_int.h"

static const char *const types[CORREL_TYPES] = {
	[CORREL_EVENT_COUNT] = "event_count",
	[CORREL_VALUE_COUNT] = "value_count",
	[CORREL_TEMPORAL] = "temporal",
	[CORREL_ORDERED] = "temporal_ordered",
	[CORREL_SUM] = "value_sum",
	[CORREL_AVG] = "value_avg",
	[CORREL_PERCENTILE] = "value_percentile",
	[CORREL_MEDIAN] = "value_median",
};

static const char *const ops[] = {
	[CORREL_GT] = "gt",   [CORREL_GTE] = "gte", [CORREL_LT] = "lt",
	[CORREL_LTE] = "lte", [CORREL_EQ] = "eq",   [CORREL_NEQ] = "neq",
};

static bool is_temporal(const struct sigma_correlation *x)
{
	return x->type == CORREL_TEMPORAL || x->type == CORREL_ORDERED;
}

static bool take_type(struct doc *d, const struct yml *s, struct sigma_correlation *out)
{
	struct str type = yml_get_str(s, "type");
	size_t i = 0;

	while (i < COUNT(types) && !str_eq(type, str_of(types[i])))
		i++;
	out->type = (uint8_t)i;
	return i < COUNT(types) || err_set(d->why, ERR_INPUT, s->line,
					   "correlation type '%.*s' is not known", STR_ARG(type));
}

/* Sigma 2.1, "Time Selection"; M and y as in pySigma. */
static bool take_span(struct doc *d, const struct yml *s, struct sigma_correlation *out)
{
	static const struct {
		char unit;
		int64_t seconds;
	} more[] = { { 'M', 2629746 }, { 'y', 31556952 } };
	struct str span = yml_get_str(s, "timespan");
	uint64_t n;

	if (str_starts(span, STR("P")) || !time_parse_span(span, &out->span))
		out->span = 0;
	for (size_t i = 0; i < COUNT(more); i++)
		if (span.n > 1 && span.p[span.n - 1] == more[i].unit &&
		    num_parse(str_sub(span, 0, span.n - 1), 1, 1000, &n))
			out->span = (int64_t)n * more[i].seconds * TIME_SECOND;
	return out->span > 0 ||
	       err_set(d->why, ERR_INPUT, s->line, "timespan '%.*s' is not known", STR_ARG(span));
}

static bool is_word(struct str tok)
{
	return str_eq(tok, STR("and")) || str_eq(tok, STR("or")) || str_eq(tok, STR("not"));
}

/* The names in an extended condition are the rules where there is no list of them. */
static bool rules_of_text(struct doc *d, struct str text, struct sigma_correlation *out)
{
	struct str *all = NEW(d->c->a, struct str, CORREL_MAX_RULES);
	size_t at = 0, n = 0;

	while (all != NULL && at < text.n) {
		size_t end = at;

		while (end < text.n && !ascii_space(text.p[end]) && text.p[end] != '(' &&
		       text.p[end] != ')')
			end++;
		struct str tok = str_sub(text, at, end);
		size_t i = 0;
		while (i < n && !str_eq(all[i], tok))
			i++;
		if (tok.n > 0 && i == n && !is_word(tok)) {
			if (n == CORREL_MAX_RULES)
				return err_set(d->why, ERR_LIMIT, d->top->line,
					       "more than %d rules in a correlation",
					       CORREL_MAX_RULES);
			all[n] = arena_str(d->c->a, tok);
			if (all[n++].p == NULL)
				return doc_no_room(d);
		}
		at = end == at ? at + 1 : end;
	}
	out->rules = all;
	out->n_rules = n;
	return all != NULL || doc_no_room(d);
}

static bool take_rules(struct doc *d, const struct yml *s, struct sigma_correlation *out)
{
	const struct yml *condition = yml_get(s, "condition");

	if (!doc_texts(d, s, "rules", CORREL_MAX_RULES, &out->rules, &out->n_rules))
		return false;
	if (out->n_rules == 0 && is_temporal(out) && yml_str(condition).p != NULL &&
	    !rules_of_text(d, condition->text, out))
		return false;
	return out->n_rules > 0 ||
	       err_set(d->why, ERR_INPUT, s->line, "the correlation names no rules");
}

static bool take_alias(struct doc *d, const struct yml *v, struct correl_alias *out, size_t *n)
{
	if (v->kind != YML_MAP)
		return err_set(d->why, ERR_INPUT, v->line, "'%s' must be a map", "aliases");
	for (const struct yml *f = v->first; f != NULL; f = f->next) {
		if (yml_str(f).n == 0)
			return err_set(d->why, ERR_INPUT, f->line, "'%s' must be text", "aliases");
		if (*n == CORREL_MAX_ALIASES)
			return err_set(d->why, ERR_LIMIT, f->line, "more than %d aliases",
				       CORREL_MAX_ALIASES);
		struct correl_alias *a = &out[(*n)++];
		*a = (struct correl_alias){ arena_str(d->c->a, v->key), arena_str(d->c->a, f->key),
					    arena_str(d->c->a, f->text) };
		if (a->alias.p == NULL || a->rule.p == NULL || a->field.p == NULL)
			return doc_no_room(d);
	}
	return true;
}

static bool take_aliases(struct doc *d, const struct yml *s, struct sigma_correlation *out)
{
	const struct yml *map = yml_get(s, "aliases");

	if (map == NULL || yml_is_null(map))
		return true;
	if (map->kind != YML_MAP)
		return err_set(d->why, ERR_INPUT, map->line, "'%s' must be a map", "aliases");
	struct correl_alias *all = NEW(d->c->a, struct correl_alias, CORREL_MAX_ALIASES);
	if (all == NULL)
		return doc_no_room(d);
	for (const struct yml *v = map->first; v != NULL; v = v->next)
		if (!take_alias(d, v, all, &out->n_aliases))
			return false;
	out->alias = all;
	return true;
}

/* Extended: the condition's grammar over the rules instead of detections. */
static bool take_expr(struct doc *d, const struct yml *v, struct sigma_correlation *out)
{
	struct detection *names = NEW(d->c->a, struct detection, out->n_rules);
	struct err fault = { 0 };

	if (!is_temporal(out))
		return err_set(d->why, ERR_INPUT, v->line,
			       "an expression over rules is for temporal correlations");
	for (size_t i = 0; i < out->n_rules; i++) {
		struct node *node = NEW(d->c->a, struct node, 1);
		struct atom *atom = NEW(d->c->a, struct atom, 1);

		if (names == NULL || node == NULL || atom == NULL)
			return doc_no_room(d);
		atom->kind = ATOM_EXISTS;
		atom->field = (uint32_t)i;
		*node = (struct node){ .kind = NODE_ATOM, .atom = atom };
		names[i] = (struct detection){ out->rules[i], node };
	}
	out->expr = sigma_cond_parse(d->c->a, v->text, names, out->n_rules, &fault);
	if (out->expr == NULL && d->why != NULL) {
		*d->why = fault;
		d->why->at = v->line;
	}
	return out->expr != NULL;
}

/* `field` and `percentile` are told beside the comparisons. */
static bool take_test(struct doc *d, const struct yml *v, struct sigma_correlation *out)
{
	struct correl_test *t = &out->test[out->n_tests];
	uint8_t op = 0;

	if (str_eq(v->key, STR("field")))
		return true;
	if (str_eq(v->key, STR("percentile")) && out->type == CORREL_PERCENTILE) {
		if (v->kind == YML_SCALAR && !v->quoted &&
		    num_parse_double(v->text, &out->percentile) && out->percentile >= 0 &&
		    out->percentile <= 100)
			return true;
		return err_set(d->why, ERR_INPUT, v->line, "'percentile' is between 0 and 100");
	}
	while (op < COUNT(ops) && !str_eq(v->key, str_of(ops[op])))
		op++;
	if (op == COUNT(ops))
		return err_set(d->why, ERR_INPUT, v->key_line,
			       "'%.*s' has no place in a correlation's condition", STR_ARG(v->key));
	if (v->kind != YML_SCALAR || v->quoted || !num_parse_double(v->text, &t->than))
		return err_set(d->why, ERR_INPUT, v->line, "'%.*s' is not a number",
			       STR_ARG(v->text));
	t->op = op;
	out->n_tests++;
	return true;
}

static bool take_fields(struct doc *d, const struct yml *v, struct sigma_correlation *out)
{
	bool wanted = out->type != CORREL_EVENT_COUNT && !is_temporal(out);

	if (!doc_texts(d, v, "field", CORREL_MAX_FIELDS, &out->field, &out->n_fields))
		return false;
	if (wanted && out->n_fields == 0)
		return err_set(d->why, ERR_INPUT, v->line, "%s needs a field in its condition",
			       types[out->type]);
	if (wanted && out->type != CORREL_VALUE_COUNT && out->n_fields > 1)
		return err_set(d->why, ERR_INPUT, v->line, "%s takes one field", types[out->type]);
	return true;
}

static bool take_condition(struct doc *d, const struct yml *s, struct sigma_correlation *out)
{
	const struct yml *v = yml_get(s, "condition");

	if (v == NULL && is_temporal(out)) {
		out->test[0] = (struct correl_test){ CORREL_GTE, (double)out->n_rules };
		out->n_tests = 1;
		return true;
	}
	if (v != NULL && v->kind == YML_SCALAR && !yml_is_null(v))
		return take_expr(d, v, out);
	if (v == NULL || v->kind != YML_MAP)
		return err_set(d->why, ERR_INPUT, v == NULL ? s->line : v->line,
			       "the rule has no condition");
	out->share = out->type == CORREL_PERCENTILE && yml_get(v, "percentile") == NULL;
	out->percentile = 50;
	for (const struct yml *k = v->first; k != NULL; k = k->next)
		if (!take_test(d, k, out))
			return false;
	if (out->n_tests == 0)
		return err_set(d->why, ERR_INPUT, v->line, "the condition compares with no number");
	return take_fields(d, v, out);
}

static bool has_not(const struct node *v)
{
	if (v->kind == NODE_ATOM)
		return false;
	if (v->kind == NODE_NOT)
		return true;
	for (uint32_t i = 0; i < v->n; i++)
		if (has_not(v->kid[i]))
			return true;
	return false;
}

/* More events can make it false again: whether it holds is known when no more can come. */
static bool can_end(const struct sigma_correlation *x)
{
	for (size_t i = 0; i < x->n_tests; i++)
		if (x->test[i].op != CORREL_GT && x->test[i].op != CORREL_GTE)
			return true;
	return x->expr != NULL && has_not(x->expr);
}

static bool take_generate(struct doc *d, const struct yml *s, struct sigma_correlation *out)
{
	/* the specification has it at the top, pySigma in the section */
	const struct yml *in = yml_get(s, "generate"), *top = yml_get(d->top, "generate");
	const struct yml *v = in != NULL ? in : top;

	return v == NULL || yml_bool(v, &out->generate) ||
	       err_set(d->why, ERR_INPUT, v->line, "'generate' is true or false");
}

static bool take_section(struct doc *d, const struct yml *s, struct sigma_correlation *out)
{
	return take_type(d, s, out) && take_rules(d, s, out) && take_span(d, s, out) &&
	       doc_texts(d, s, "group-by", CORREL_MAX_GROUP, &out->group, &out->n_group) &&
	       take_aliases(d, s, out) && take_condition(d, s, out) && take_generate(d, s, out);
}

bool sigma_correlation_parse(const struct sigma_ctx *c, const struct yml *doc,
			     struct sigma_correlation *out, struct err *why)
{
	const struct yml *section = yml_get(doc, "correlation");
	struct doc d = { c, doc, why };
	struct sigma_correlation x = { 0 };

	if (section->kind != YML_MAP)
		return err_set(why, ERR_INPUT, section->line, "'%s' must be a map", "correlation");
	if (!doc_info(&d, &x.info) || !take_section(&d, section, &x))
		return false;
	x.at_end = can_end(&x);
	*out = x;
	return true;
}

bool correl_tests_hold(const struct sigma_correlation *x, double v)
{
	for (size_t i = 0; i < x->n_tests; i++) {
		double than = x->test[i].than;
		const bool ok[] = {
			[CORREL_GT] = v > than,
			[CORREL_GTE] = v >= than,
			[CORREL_LT] = v < than,
			[CORREL_LTE] = v <= than,
			[CORREL_EQ] = v >= than && v <= than,
			[CORREL_NEQ] = v < than || v > than,
		};

		if (!ok[x->test[i].op])
			return false;
	}
	return true;
}
