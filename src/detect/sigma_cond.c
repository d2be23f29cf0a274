/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_cond.c - a tokeniser and one function for each level of precedence.
 *
 * Invariant: `pos` only grows; each level hands the depth on and the deepest refuses, so neither input
 * nor stack is overrun.
 */
#include "detect/sigma_cond.h"

#include <assert.h>

struct cond {
	struct arena *a;
	struct str text;
	size_t pos, tok_at;
	struct str tok; /* the token at hand; empty at the end */
	const struct detection *all;
	size_t n;
	struct err *why;
};

struct kids {
	const struct node **v;
	size_t n, cap;
};

static bool is_name(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_' || c == '-' || c == '*';
}

static bool next(struct cond *c)
{
	while (c->pos < c->text.n && ascii_space(c->text.p[c->pos]))
		c->pos++;
	c->tok_at = c->pos;
	if (c->pos < c->text.n && (c->text.p[c->pos] == '(' || c->text.p[c->pos] == ')'))
		c->pos++;
	else
		while (c->pos < c->text.n && is_name(c->text.p[c->pos]))
			c->pos++;
	c->tok = str_sub(c->text, c->tok_at, c->pos);
	if (c->pos > c->tok_at || c->pos == c->text.n)
		return true;
	if (c->text.p[c->pos] == '|')
		return err_set(c->why, ERR_INPUT, c->pos,
			       "aggregation by '|' is no longer part of Sigma; correlation rules "
			       "stand in its place");
	return err_set(c->why, ERR_INPUT, c->pos, "'%c' has no place in a condition",
		       c->text.p[c->pos]);
}

static bool no_room(struct cond *c)
{
	return err_set(c->why, ERR_LIMIT, c->tok_at, "no room for the rules");
}

static bool add(struct cond *c, struct kids *k, const struct node *kid)
{
	if (k->n == k->cap) {
		size_t cap = k->cap == 0 ? 8 : k->cap * 2;
		const struct node **v = NEW(c->a, const struct node *, cap);

		if (v == NULL)
			return no_room(c);
		if (k->n > 0)
			memcpy(v, k->v, k->n * sizeof *v);
		k->v = v;
		k->cap = cap;
	}
	k->v[k->n++] = kid;
	return true;
}

const struct node *node_join(struct arena *a, enum node_kind kind, const struct node *const *kid,
			     size_t n)
{
	assert(n > 0);
	if (n == 1)
		return kid[0];
	const struct node **v = NEW(a, const struct node *, n);
	struct node *out = NEW(a, struct node, 1);

	if (v == NULL || out == NULL || n > UINT32_MAX)
		return NULL;
	memcpy(v, kid, n * sizeof *v);
	*out = (struct node){ .kind = kind, .n = (uint32_t)n, .kid = v };
	return out;
}

const struct node *node_not(struct arena *a, const struct node *kid)
{
	const struct node **v = NEW(a, const struct node *, 1);
	struct node *out = NEW(a, struct node, 1);

	if (v == NULL || out == NULL)
		return NULL;
	v[0] = kid;
	*out = (struct node){ .kind = NODE_NOT, .n = 1, .kid = v };
	return out;
}

/* Does the name fit the pattern ('*' anywhere) of an "of"? "them" is '*'. Names that begin with '_'
 * fit only patterns that do, too. */
static bool fits(struct str pattern, struct str name)
{
	size_t star = SIZE_MAX, retry = 0, i = 0, at = 0;

	if (str_starts(name, STR("_")) && !str_starts(pattern, STR("_")))
		return false;
	if (str_eq(pattern, STR("them")))
		return true;
	while (at < name.n || i < pattern.n) {
		if (i < pattern.n && pattern.p[i] == '*') {
			star = ++i;
			retry = at;
		} else if (i < pattern.n && at < name.n && pattern.p[i] == name.p[at]) {
			i++;
			at++;
		} else if (star != SIZE_MAX && retry < name.n) {
			i = star;
			at = ++retry;
		} else {
			return false;
		}
	}
	return true;
}

static const struct node *take_of(struct cond *c, enum node_kind kind)
{
	struct kids k = { 0 };
	struct str pattern = c->tok;
	size_t at = c->tok_at;

	if (pattern.n == 0 || !is_name(pattern.p[0])) {
		err_set(c->why, ERR_INPUT, at, "'of' without a name behind it");
		return NULL;
	}
	for (size_t i = 0; i < c->n; i++)
		if (fits(pattern, c->all[i].name) && !add(c, &k, c->all[i].node))
			return NULL;
	if (k.n == 0) {
		err_set(c->why, ERR_INPUT, at, "no detection fits '%.*s'", STR_ARG(pattern));
		return NULL;
	}
	const struct node *out = node_join(c->a, kind, k.v, k.n);
	if (out == NULL)
		no_room(c);
	return out != NULL && next(c) ? out : NULL;
}

static const struct node *take_or(struct cond *c, unsigned depth);

static const struct node *take_name(struct cond *c)
{
	struct str name = c->tok;
	size_t at = c->tok_at;

	if (!next(c))
		return NULL;
	if (str_eq(c->tok, STR("of"))) {
		bool all = str_eq(name, STR("all"));

		if (!all && !str_eq(name, STR("1")) && !str_eq(name, STR("any"))) {
			err_set(c->why, ERR_INPUT, at, "'%.*s of' is not known; 1, any, all are",
				STR_ARG(name));
			return NULL;
		}
		return next(c) ? take_of(c, all ? NODE_AND : NODE_OR) : NULL;
	}
	for (size_t i = 0; i < c->n; i++)
		if (str_eq(c->all[i].name, name))
			return c->all[i].node;
	err_set(c->why, ERR_INPUT, at, "the condition names '%.*s', which is no detection",
		STR_ARG(name));
	return NULL;
}

static const struct node *take_one(struct cond *c, unsigned depth)
{
	const struct node *out;

	if (depth == COND_MAX_DEPTH) {
		err_set(c->why, ERR_LIMIT, c->tok_at, "nested deeper than %d", COND_MAX_DEPTH);
		return NULL;
	}
	if (str_eq(c->tok, STR("not"))) {
		if (!next(c) || (out = take_one(c, depth + 1)) == NULL)
			return NULL;
		out = node_not(c->a, out);
		if (out == NULL)
			no_room(c);
		return out;
	}
	if (str_eq(c->tok, STR("("))) {
		if (!next(c) || (out = take_or(c, depth + 1)) == NULL)
			return NULL;
		if (str_eq(c->tok, STR(")")))
			return next(c) ? out : NULL;
		err_set(c->why, ERR_INPUT, c->tok_at, "'(' is not closed");
		return NULL;
	}
	if (c->tok.n > 0 && is_name(c->tok.p[0]) && !str_eq(c->tok, STR("and")) &&
	    !str_eq(c->tok, STR("or")))
		return take_name(c);
	err_set(c->why, ERR_INPUT, c->tok_at, "a name of a detection is missing");
	return NULL;
}

static const struct node *take_chain(struct cond *c, unsigned depth, enum node_kind kind)
{
	struct str word = kind == NODE_AND ? STR("and") : STR("or");
	struct kids k = { 0 };

	for (;;) {
		const struct node *kid = kind == NODE_AND ? take_one(c, depth)
							  : take_chain(c, depth, NODE_AND);

		if (kid == NULL || !add(c, &k, kid))
			return NULL;
		if (!str_eq(c->tok, word))
			break;
		if (!next(c))
			return NULL;
	}
	const struct node *out = node_join(c->a, kind, k.v, k.n);
	if (out == NULL)
		no_room(c);
	return out;
}

static const struct node *take_or(struct cond *c, unsigned depth)
{
	return take_chain(c, depth, NODE_OR);
}

const struct node *sigma_cond_parse(struct arena *a, struct str text, const struct detection *all,
				    size_t n, struct err *why)
{
	struct cond c = { .a = a, .text = text, .all = all, .n = n, .why = why };
	const struct node *out;

	if (text.n > COND_MAX_BYTES) {
		err_set(why, ERR_LIMIT, 0, "condition longer than %d bytes", COND_MAX_BYTES);
		return NULL;
	}
	if (!next(&c) || (out = take_or(&c, 0)) == NULL)
		return NULL;
	if (c.tok.n == 0)
		return out;
	err_set(why, ERR_INPUT, c.tok_at, "expected 'and' or 'or' before '%.*s'", STR_ARG(c.tok));
	return NULL;
}
