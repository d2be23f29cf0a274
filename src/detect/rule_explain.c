/* SPDX-License-Identifier: Apache-2.0 */
/* rule_explain.c - every node of the tree is evaluated by itself. */
#include "detect/rule_explain.h"

#include "detect/rule_set_int.h"

struct explaining {
	const struct rule_set *rs;
	struct sigma_scratch *s;
	const struct rename *rename;
	size_t n_renames;
	struct arena a;
	explain_fn *fn;
	void *ctx;
};

static struct str pattern_text(struct arena *a, const struct pattern *p)
{
	struct str out = STR("'");

	for (size_t i = 0; i < p->n && out.p != NULL; i++) {
		const struct piece *x = &p->piece[i];
		struct str part = x->kind == PIECE_TEXT  ? str_sub(x->text, 0, 400)
				  : x->kind == PIECE_ANY ? STR("*")
				  : x->kind == PIECE_ONE ? STR("?")
							 : STR("-");

		out = arena_printf(a, "%.*s%.*s", STR_ARG(out), STR_ARG(part));
	}
	return arena_printf(a, "= %.*s'", STR_ARG(out));
}

static struct str range_text(struct arena *a, const struct range *r)
{
	char lo[ADDR_TEXT_MAX], hi[ADDR_TEXT_MAX];

	addr_text(&r->lo, lo);
	addr_text(&r->hi, hi);
	return arena_printf(a, "%s - %s", lo, hi);
}

static struct str compare_text(struct arena *a, const struct atom *at)
{
	static const char *const ops[] = {
		[CMP_EQ] = "=", [CMP_LT] = "<", [CMP_LTE] = "<=", [CMP_GT] = ">", [CMP_GTE] = ">="
	};
	static const char *const parts[] = { "",      "minute ", "hour ", "day ",
					     "week ", "month ",  "year " };

	return arena_printf(a, "%s%s %g", parts[at->part], ops[at->op], at->number);
}

static struct str atom_text(struct explaining *x, struct arena *a, const struct atom *at)
{
	switch ((enum atom_kind)at->kind) {
	case ATOM_PATTERN:
		return pattern_text(a, &at->pattern);
	case ATOM_REGEX:
		return arena_printf(a, "=~ /%.*s/", STR_ARG(at->expression));
	case ATOM_CIDR:
		return range_text(a, &at->range);
	case ATOM_COMPARE:
		return compare_text(a, at);
	case ATOM_EXISTS:
		return STR("exists");
	case ATOM_NULL:
		return STR("= null");
	case ATOM_FIELDREF:
		return arena_printf(a, "= %s%.*s%s", at->front ? "*" : "",
				    STR_ARG(rule_set_field(x->rs, at->other)), at->back ? "*" : "");
	}
	return STR("");
}

static struct str name_here(const struct explaining *x, uint32_t field)
{
	for (size_t i = 0; i < x->n_renames; i++)
		if (x->rename[i].from == field)
			return rule_set_field(x->rs, x->rename[i].to);
	return rule_set_field(x->rs, field);
}

static void explain_atom(struct explaining *x, const struct node *v, struct explain_line *line)
{
	const struct atom *at = v->atom;
	struct arena a = x->a;

	line->kind = EXPLAIN_ATOM;
	line->text = atom_text(x, &a, at);
	if (at->field != FIELD_ANY) {
		line->field = name_here(x, at->field);
		line->n_values = sigma_values(x->s, at->field, x->rename, x->n_renames, line->value,
					      EXPLAIN_VALUES);
	}
	x->fn(x->ctx, line);
}

static bool explain_node(struct explaining *x, const struct node *v, unsigned depth)
{
	static const uint8_t kinds[] = {
		[NODE_AND] = EXPLAIN_AND, [NODE_OR] = EXPLAIN_OR, [NODE_NOT] = EXPLAIN_NOT
	};
	struct explain_line line = { .depth = depth };

	line.holds = sigma_holds(x->s, v, x->rename, x->n_renames, NULL);
	if (v->kind == NODE_ATOM) {
		explain_atom(x, v, &line);
		return line.holds;
	}
	line.kind = kinds[v->kind];
	x->fn(x->ctx, &line);
	for (uint32_t i = 0; i < v->n; i++)
		explain_node(x, v->kid[i], depth + 1);
	return line.holds;
}

static struct str key_text(struct arena *a, const struct logsource *key)
{
	return str_trim(arena_printf(a, "%s%.*s%s%.*s%s%.*s",
				     key->category.n > 0 ? "category=" : "", STR_ARG(key->category),
				     key->product.n > 0 ? " product=" : "", STR_ARG(key->product),
				     key->service.n > 0 ? " service=" : "", STR_ARG(key->service)));
}

/* An entry of the log sources: where it does not fit, what each of its shapes asks for. */
static void explain_entry(struct explaining *x, const struct source_entry *e)
{
	struct arena a = x->a;
	struct explain_line line = { .kind = EXPLAIN_SOURCE, .text = key_text(&a, &e->key) };

	for (size_t i = 0; i < e->n; i++)
		line.holds = line.holds || sigma_holds(x->s, e->shape[i].when, NULL, 0, NULL);
	x->fn(x->ctx, &line);
	for (size_t i = 0; !line.holds && i < e->n; i++) {
		x->fn(x->ctx, &(struct explain_line){ .kind = EXPLAIN_SHAPE, .depth = 1 });
		explain_node(x, e->shape[i].when, 2);
	}
}

bool rule_explain(const struct rule_set *rs, struct rule_scratch *s, size_t rule, struct arena a,
		  explain_fn *fn, void *ctx)
{
	struct explaining x = {
		.rs = rs, .s = rule_scratch_sigma(s), .a = a, .fn = fn, .ctx = ctx
	};
	const struct rule *r = rs->rule[rule];
	const struct source_need *need = &rs->source[r->source].need;
	struct explain_line whole = { .kind = EXPLAIN_RULE };

	if (r->sigma.condition == NULL)
		return false;
	for (size_t i = 0; i < need->n; i++)
		explain_entry(&x, &rs->map.entry[need->entry[i]]);
	bool of = rule_scratch_belongs(s, r->source, &x.rename, &x.n_renames);
	whole.holds = sigma_holds(x.s, r->sigma.condition, x.rename, x.n_renames, NULL);
	fn(ctx, &whole);
	explain_node(&x, r->sigma.condition, 1);
	return of && whole.holds;
}
