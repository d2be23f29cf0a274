/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_item.c - modifiers are one table; each row changes the item or its values, in the order written.
 *
 * What stands in `struct item` after the last modifier says which atom a value becomes.
 */
#include "detect/sigma_item.h"

#include "base/num.h"
#include "base/utf8.h"
#include "detect/regex.h"
#include "detect/regex_needs.h"
#include "detect/sigma_cond.h"

enum { MODIFIERS_MAX = 16 };

struct item {
	const struct sigma_ctx *c;
	const struct yml *at; /* the item, for errors */
	bool keyword;
	uint32_t field;
	struct sigma_value *value;
	size_t n;
	enum atom_kind kind;
	enum compare_op op;
	enum time_part part;
	unsigned re_flags;
	bool all, neq, cased, front, back;
	size_t applied; /* modifiers so far, `all`, `neq` and `expand` not counted */
	struct err *why;
};

static bool no_room(struct item *it)
{
	return err_set(it->why, ERR_LIMIT, it->at->line, "no room for the rules");
}

/* Modifiers, each as (item, argument of its row). */

static bool mod_all(struct item *it, int arg)
{
	(void)arg;
	if (it->at->kind != YML_SEQ || it->at->n < 2)
		return err_set(it->why, ERR_INPUT, it->at->line,
			       "'all' needs a list of more than one value");
	it->all = true;
	return true;
}

static bool mod_neq(struct item *it, int arg)
{
	(void)arg;
	it->neq = true;
	return true;
}

static bool mod_cased(struct item *it, int arg)
{
	(void)arg;
	if (it->kind != ATOM_PATTERN && it->kind != ATOM_FIELDREF)
		return err_set(it->why, ERR_INPUT, it->at->line, "'cased' is for text");
	it->cased = true;
	return true;
}

/* arg: 1 anything may stand before, 2 behind, 3 both. */
static bool mod_open(struct item *it, int arg)
{
	if (it->kind == ATOM_REGEX) {
		it->re_flags |= arg == 2 ? REGEX_START : arg == 1 ? REGEX_END : 0;
		return true;
	}
	if (it->kind == ATOM_FIELDREF) {
		it->front = it->front || arg & 1;
		it->back = it->back || arg & 2;
		return true;
	}
	if (it->kind != ATOM_PATTERN)
		return err_set(it->why, ERR_INPUT, it->at->line,
			       "'contains', 'startswith', 'endswith' are for text");
	for (size_t i = 0; i < it->n; i++)
		if (!sigma_value_open(it->c->a, &it->value[i], arg & 1, arg & 2, it->why))
			return false;
	return true;
}

static bool mod_windash(struct item *it, int arg)
{
	(void)arg;
	if (it->kind != ATOM_PATTERN)
		return err_set(it->why, ERR_INPUT, it->at->line, "'windash' is for text");
	for (size_t i = 0; i < it->n; i++)
		if (!sigma_value_windash(it->c->a, &it->value[i], it->why))
			return false;
	return true;
}

static bool mod_base64(struct item *it, int arg)
{
	if (it->kind != ATOM_PATTERN)
		return err_set(it->why, ERR_INPUT, it->at->line, "encodings are for text");
	for (size_t i = 0; i < it->n; i++)
		if (!sigma_value_base64(it->c->a, &it->value[i], arg != 0, it->why))
			return false;
	return true;
}

static bool mod_utf16(struct item *it, int arg)
{
	if (it->kind != ATOM_PATTERN)
		return err_set(it->why, ERR_INPUT, it->at->line, "encodings are for text");
	for (size_t i = 0; i < it->n; i++)
		if (!sigma_value_utf16(it->c->a, &it->value[i], (enum utf16_form)arg, it->why))
			return false;
	return true;
}

/* arg: the kind of atom. These come first: the value is taken as it stands. */
static bool mod_kind(struct item *it, int arg)
{
	if (it->applied > 0)
		return err_set(it->why, ERR_INPUT, it->at->line,
			       "'re', 'cidr', 'exists', 'fieldref' must be the first modifier");
	if (it->keyword && arg != ATOM_REGEX)
		return err_set(it->why, ERR_INPUT, it->at->line,
			       "'cidr', 'exists', 'fieldref' need a field");
	it->kind = (enum atom_kind)arg;
	return true;
}

static bool mod_re_flag(struct item *it, int arg)
{
	if (it->kind != ATOM_REGEX)
		return err_set(it->why, ERR_INPUT, it->at->line, "'i', 'm', 's' go behind 're'");
	it->re_flags |= (unsigned)arg;
	return true;
}

static bool mod_compare(struct item *it, int arg)
{
	if (it->keyword || (it->applied > 0 && it->part == PART_NONE) || it->op != CMP_EQ)
		return err_set(it->why, ERR_INPUT, it->at->line,
			       "'lt', 'lte', 'gt', 'gte' compare the number of a field");
	it->kind = ATOM_COMPARE;
	it->op = (enum compare_op)arg;
	return true;
}

static bool mod_part(struct item *it, int arg)
{
	if (it->keyword || it->applied > 0)
		return err_set(it->why, ERR_INPUT, it->at->line,
			       "a part of a time must be the first modifier of a field");
	it->kind = ATOM_COMPARE;
	it->part = (enum time_part)arg;
	return true;
}

/* Done when the values were taken; it may stand anywhere. */
static bool mod_expand(struct item *it, int arg)
{
	(void)it;
	(void)arg;
	return true;
}

// clang-format off
static const struct modifier {
	const char *name;
	bool (*apply)(struct item *it, int arg);
	int arg;
} modifiers[] = {
	/* generic */
	{ "all", mod_all, 0 },
	{ "startswith", mod_open, 2 },
	{ "endswith", mod_open, 1 },
	{ "contains", mod_open, 3 },
	{ "exists", mod_kind, ATOM_EXISTS },
	{ "cased", mod_cased, 0 },
	{ "neq", mod_neq, 0 },
	/* text */
	{ "windash", mod_windash, 0 },
	{ "re", mod_kind, ATOM_REGEX },
	{ "i", mod_re_flag, REGEX_NOCASE },
	{ "m", mod_re_flag, REGEX_MULTILINE },
	{ "s", mod_re_flag, REGEX_DOTALL },
	{ "ignorecase", mod_re_flag, REGEX_NOCASE },
	{ "multiline", mod_re_flag, REGEX_MULTILINE },
	{ "dotall", mod_re_flag, REGEX_DOTALL },
	{ "base64", mod_base64, 0 },
	{ "base64offset", mod_base64, 1 },
	{ "utf16le", mod_utf16, UTF16_LE },
	{ "wide", mod_utf16, UTF16_LE },
	{ "utf16be", mod_utf16, UTF16_BE },
	{ "utf16", mod_utf16, UTF16_BOM },
	/* numbers */
	{ "lt", mod_compare, CMP_LT },
	{ "lte", mod_compare, CMP_LTE },
	{ "gt", mod_compare, CMP_GT },
	{ "gte", mod_compare, CMP_GTE },
	/* times */
	{ "minute", mod_part, PART_MINUTE },
	{ "hour", mod_part, PART_HOUR },
	{ "day", mod_part, PART_DAY },
	{ "week", mod_part, PART_WEEK },
	{ "month", mod_part, PART_MONTH },
	{ "year", mod_part, PART_YEAR },
	/* addresses and the rest */
	{ "cidr", mod_kind, ATOM_CIDR },
	{ "expand", mod_expand, 0 },
	{ "fieldref", mod_kind, ATOM_FIELDREF },
};
// clang-format on

static const struct modifier *find_modifier(struct str name)
{
	for (size_t i = 0; i < COUNT(modifiers); i++)
		if (str_eq(str_of(modifiers[i].name), name))
			return &modifiers[i];
	return NULL;
}

/* The modifiers behind the field name, in their order. */
static bool list_modifiers(struct item *it, struct str rest, const struct modifier **out, size_t *n)
{
	struct str name;

	*n = 0;
	while (str_split(&rest, '|', &name)) {
		const struct modifier *m = find_modifier(name);

		if (m == NULL)
			return err_set(it->why, ERR_INPUT, it->at->line,
				       "modifier '%.*s' is not known", STR_ARG(name));
		if (*n == MODIFIERS_MAX)
			return err_set(it->why, ERR_LIMIT, it->at->line, "more than %d modifiers",
				       MODIFIERS_MAX);
		out[(*n)++] = m;
	}
	return true;
}

static bool take_value(struct item *it, const struct yml *v, bool expand)
{
	struct sigma_value *out = &it->value[it->n++];

	if (v->kind != YML_SCALAR)
		return err_set(it->why, ERR_INPUT, v->line,
			       "a value must be text, a number, true, false or null");
	if (it->at->kind == YML_SEQ && yml_is_null(v))
		return err_set(it->why, ERR_INPUT, v->line, "null cannot stand in a list");
	if (expand)
		return sigma_value_expand(it->c->a, v, it->c->lists, it->c->n_lists, out, it->why);
	return sigma_value_take(it->c->a, v, out, it->why);
}

static bool take_values(struct item *it, bool expand)
{
	const struct yml *v = it->at;
	size_t n = v->kind == YML_SEQ ? v->n : 1;

	if (v->kind == YML_MAP)
		return err_set(it->why, ERR_INPUT, v->line,
			       "a value must be text, a number, true, false or null");
	if (n == 0)
		return err_set(it->why, ERR_INPUT, v->line, "the list of values is empty");
	it->value = NEW(it->c->a, struct sigma_value, n);
	if (it->value == NULL)
		return no_room(it);
	if (v->kind == YML_SCALAR)
		return take_value(it, v, expand);
	for (const struct yml *s = v->first; s != NULL; s = s->next)
		if (!take_value(it, s, expand))
			return false;
	return true;
}

/* From a value as it now stands to an atom. */

static bool fill_number(struct item *it, const struct yml *v, struct atom *out)
{
	out->op = (uint8_t)it->op;
	out->part = (uint8_t)it->part;
	if (v->quoted || !num_parse_double(v->text, &out->number))
		return err_set(it->why, ERR_INPUT, v->line, "'%.*s' is not a number",
			       STR_ARG(v->text));
	return true;
}

static bool fill_range(struct item *it, const struct yml *v, struct atom *out)
{
	struct err fault = { 0 };

	if (str_find_char(v->text, '-') < v->text.n || !range_parse(v->text, &out->range, &fault))
		return err_set(it->why, ERR_INPUT, v->line, "'%.*s' is not a network",
			       STR_ARG(v->text));
	return true;
}

static bool fill_needs(struct item *it, const struct yml *v, struct atom *out)
{
	struct regex_needs needs;

	if (!regex_needs_find(it->c->a, v->text, &needs))
		return no_room(it);
	struct str *all = NEW(it->c->a, struct str, needs.n + 1);
	if (all == NULL)
		return no_room(it);
	memcpy(all, needs.text, needs.n * sizeof *all);
	out->need = all;
	out->n_needs = needs.n;
	return true;
}

static bool fill_regex(struct item *it, const struct yml *v, struct atom *out)
{
	struct err fault = { 0 };

	out->regex = regex_compile(it->c->a, v->text, it->re_flags, &fault);
	if (out->regex != NULL) {
		out->expression = arena_str(it->c->a, v->text);
		return out->expression.p != NULL ? fill_needs(it, v, out) : no_room(it);
	}
	if (it->why != NULL)
		*it->why = fault;
	if (it->why != NULL)
		it->why->at = v->line;
	return false;
}

static bool fill_pattern(struct item *it, const struct pattern *p, struct atom *out)
{
	out->pattern = *p;
	out->cased = it->cased;
	if (it->keyword && !pattern_open(it->c->a, p, true, true, &out->pattern))
		return no_room(it);
	if (!it->cased && !pattern_fold(it->c->a, &out->pattern, &out->pattern))
		return no_room(it);
	return true;
}

static bool fill_fieldref(struct item *it, const struct yml *v, struct atom *out)
{
	if (v->text.n == 0)
		return err_set(it->why, ERR_INPUT, v->line, "'fieldref' needs the name of a field");
	out->other = names_add(it->c->a, it->c->names, v->text);
	out->front = it->front;
	out->back = it->back;
	out->cased = it->cased;
	return out->other != NAME_NONE || no_room(it);
}

static bool fill_exists(struct item *it, const struct yml *v, bool *want)
{
	if (!yml_bool(v, want))
		return err_set(it->why, ERR_INPUT, v->line, "'exists' is true or false");
	return true;
}

static bool fill(struct item *it, const struct yml *v, const struct pattern *p, struct atom *out)
{
	switch (it->kind) {
	case ATOM_COMPARE:
		return fill_number(it, v, out);
	case ATOM_CIDR:
		return fill_range(it, v, out);
	case ATOM_REGEX:
		return fill_regex(it, v, out);
	case ATOM_FIELDREF:
		return fill_fieldref(it, v, out);
	case ATOM_PATTERN:
		return fill_pattern(it, p, out);
	default:
		return true;
	}
}

static const struct node *leaf(struct item *it, const struct yml *v, const struct pattern *p)
{
	struct node *node = NEW(it->c->a, struct node, 1);
	struct atom *atom = NEW(it->c->a, struct atom, 1);
	bool want = true;

	if (node == NULL || atom == NULL) {
		no_room(it);
		return NULL;
	}
	atom->kind = (uint8_t)it->kind;
	atom->field = it->field;
	if (it->kind == ATOM_EXISTS && !fill_exists(it, v, &want))
		return NULL;
	if (!fill(it, v, p, atom))
		return NULL;
	*node = (struct node){ .kind = NODE_ATOM, .atom = atom };
	const struct node *out = want ? node : node_not(it->c->a, node);
	if (out == NULL)
		no_room(it);
	return out;
}

static const struct node *value_node(struct item *it, const struct sigma_value *v)
{
	/* What is no text is not expanded; `expand` may have made several of it even so. */
	size_t n = it->kind == ATOM_PATTERN ? v->n : 1;
	const struct node **kid = NEW(it->c->a, const struct node *, n);

	if (kid == NULL) {
		no_room(it);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		if ((kid[i] = leaf(it, v->from, &v->alt[i])) == NULL)
			return NULL;
	const struct node *out = node_join(it->c->a, NODE_OR, kid, n);
	if (out == NULL)
		no_room(it);
	return out;
}

static const struct node *item_node(struct item *it)
{
	const struct node **kid = NEW(it->c->a, const struct node *, it->n);

	if (kid == NULL) {
		no_room(it);
		return NULL;
	}
	for (size_t i = 0; i < it->n; i++)
		if ((kid[i] = value_node(it, &it->value[i])) == NULL)
			return NULL;
	const struct node *out = node_join(it->c->a, it->all ? NODE_AND : NODE_OR, kid, it->n);
	if (out != NULL && it->neq)
		out = node_not(it->c->a, out);
	if (out == NULL)
		no_room(it);
	return out;
}

/* `field: null`: only bare, or negated. */
static bool take_null(struct item *it)
{
	if (it->keyword || it->applied > 0)
		return err_set(it->why, ERR_INPUT, it->at->line,
			       "null takes no modifier, and is no keyword");
	it->kind = ATOM_NULL;
	return true;
}

static bool apply_modifiers(struct item *it, const struct modifier *const *mod, size_t n,
			    bool expand)
{
	for (size_t i = 0; i < n; i++) {
		if (!mod[i]->apply(it, mod[i]->arg))
			return false;
		it->applied += mod[i]->apply != mod_all && mod[i]->apply != mod_neq &&
			       mod[i]->apply != mod_expand;
	}
	if (expand && it->kind != ATOM_PATTERN)
		return err_set(it->why, ERR_INPUT, it->at->line, "'expand' is for text");
	return true;
}

static const struct node *item(const struct sigma_ctx *c, struct str key, const struct yml *v,
			       struct err *why)
{
	struct str name = str_sub(key, 0, str_find_char(key, '|'));
	struct item it = { .c = c, .at = v, .keyword = name.n == 0, .why = why };
	const struct modifier *mod[MODIFIERS_MAX];
	size_t n = 0;
	bool expand = false;

	if (name.n < key.n && !list_modifiers(&it, str_skip(key, name.n + 1), mod, &n))
		return NULL;
	for (size_t i = 0; i < n; i++)
		expand = expand || mod[i]->apply == mod_expand;
	it.field = it.keyword ? FIELD_ANY : names_add(c->a, c->names, name);
	if (!it.keyword && it.field == NAME_NONE) {
		no_room(&it);
		return NULL;
	}
	it.kind = ATOM_PATTERN;
	if (!take_values(&it, expand) || !apply_modifiers(&it, mod, n, expand))
		return NULL;
	if (v->kind == YML_SCALAR && yml_is_null(v) && !take_null(&it))
		return NULL;
	return item_node(&it);
}

static const struct node *map_node(const struct sigma_ctx *c, const struct yml *map,
				   struct err *why)
{
	const struct node **kid = NEW(c->a, const struct node *, map->n);
	size_t n = 0;

	if (map->n == 0) {
		err_set(why, ERR_INPUT, map->line, "the detection is empty");
		return NULL;
	}
	for (const struct yml *v = map->first; kid != NULL && v != NULL; v = v->next)
		if ((kid[n++] = item(c, v->key, v, why)) == NULL)
			return NULL;
	const struct node *out = kid == NULL ? NULL : node_join(c->a, NODE_AND, kid, n);
	if (out == NULL)
		err_set(why, ERR_LIMIT, map->line, "no room for the rules");
	return out;
}

const struct node *sigma_detection(const struct sigma_ctx *c, const struct yml *v, struct err *why)
{
	if (v->kind == YML_MAP)
		return map_node(c, v, why);
	if (v->kind == YML_SCALAR)
		return item(c, STR(""), v, why);
	if (v->n == 0) {
		err_set(why, ERR_INPUT, v->line, "the detection is empty");
		return NULL;
	}
	const struct node **kid = NEW(c->a, const struct node *, v->n);
	size_t n = 0;
	for (const struct yml *s = v->first; kid != NULL && s != NULL; s = s->next) {
		if (s->kind == YML_SEQ) {
			err_set(why, ERR_INPUT, s->line, "a list within a list means nothing");
			return NULL;
		}
		kid[n] = s->kind == YML_MAP ? map_node(c, s, why) : item(c, STR(""), s, why);
		if (kid[n++] == NULL)
			return NULL;
	}
	const struct node *out = kid == NULL ? NULL : node_join(c->a, NODE_OR, kid, n);
	if (out == NULL)
		err_set(why, ERR_LIMIT, v->line, "no room for the rules");
	return out;
}
