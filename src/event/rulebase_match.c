/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebase_match.c - a line down the tree, and back where a way does not reach its end.
 *
 * Invariant: the tree has no two ways to a node and each field fits in one way only, so no node is
 * entered twice; frames are at most as many as the tree is deep, which loading has capped.
 */
#include "base/num.h"
#include "event/rulebase_int.h"

#include <assert.h>

#define NO_FIT SIZE_MAX

struct capture {
	uint16_t name;
	struct str val;
};

/* Where to go on when the way below ends in nothing. */
struct frame {
	const struct rule_node *node;
	const struct rule_field *field;
	size_t at;
	uint32_t captures;
};

struct walk {
	struct str line;
	size_t steps;
	struct frame frame[RULE_MAX_DEPTH];
	struct capture capture[RULEBASE_MAX_FIELDS];
	uint32_t depth, captures;
};

static size_t up_to(struct str s, struct str stops)
{
	if (stops.n == 1)
		return str_find_char(s, stops.p[0]);
	for (size_t i = 0; i < s.n; i++)
		if (memchr(stops.p, s.p[i], stops.n) != NULL)
			return i;
	return s.n;
}

static size_t digits(struct str s)
{
	size_t n = 0;

	while (n < s.n && ascii_digit(s.p[n]))
		n++;
	return n;
}

static size_t some(size_t n)
{
	return n > 0 ? n : NO_FIT;
}

static size_t char_to(struct str s, struct str stops)
{
	size_t n = up_to(s, stops);

	return n == s.n ? NO_FIT : some(n);
}

/* At least one byte, then up to where `stop` begins. */
static size_t string_to(struct str s, struct str stop)
{
	size_t n = s.n == 0 ? 0 : 1 + str_find(str_skip(s, 1), stop);

	return n >= s.n ? NO_FIT : n;
}

static size_t whitespace(struct str s)
{
	size_t n = 0;

	while (n < s.n && (ascii_space(s.p[n]) || s.p[n] == '\v' || s.p[n] == '\f'))
		n++;
	return some(n);
}

/* "-1.5", ".5", "1." */
static size_t float_number(struct str s)
{
	size_t sign = s.n > 0 && s.p[0] == '-', whole = digits(str_skip(s, sign)), n = sign + whole;
	size_t part = 0;

	if (n < s.n && s.p[n] == '.') {
		part = digits(str_skip(s, n + 1));
		n += 1 + part;
	}
	return whole + part > 0 ? n : NO_FIT;
}

static size_t ipv4(struct str s)
{
	uint64_t byte;
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		size_t n;

		if (i > 0 && (at >= s.n || s.p[at++] != '.'))
			return NO_FIT;
		n = digits(str_sub(s, at, at + 3));
		if (!num_parse(str_sub(s, at, at + n), 0, 255, &byte))
			return NO_FIT;
		at += n;
	}
	return at;
}

/* With its quotes. */
static size_t quoted(struct str s)
{
	size_t end;

	if (s.n < 2 || s.p[0] != '"')
		return NO_FIT;
	end = 1 + str_find_char(str_skip(s, 1), '"');
	return end < s.n ? end + 1 : NO_FIT;
}

/* How much of `s` the field takes, or NO_FIT. */
static size_t take(const struct rule_field *f, struct str s)
{
	switch ((enum rule_type)f->type) {
	case RULE_CHAR_TO:
		return char_to(s, f->extra);
	case RULE_CHAR_SEP:
		return up_to(s, f->extra);
	case RULE_FLOAT:
		return float_number(s);
	case RULE_IPV4:
		return ipv4(s);
	case RULE_NUMBER:
		return some(digits(s));
	case RULE_QUOTED:
		return quoted(s);
	case RULE_REST:
		return s.n;
	case RULE_STRING_TO:
		return string_to(s, f->extra);
	case RULE_WHITESPACE:
		return whitespace(s);
	case RULE_WORD:
		return some(str_find_char(s, ' '));
	case RULE_TYPES:
	default:
		return NO_FIT;
	}
}

static const struct rule_literal *literal_at(const struct rule_node *node, struct str s)
{
	const struct rule_literal *l = node->literals;

	if (s.n == 0)
		return NULL;
	if (node->by_byte != NULL)
		l = node->by_byte[(unsigned char)s.p[0]];
	else
		while (l != NULL && l->first != s.p[0])
			l = l->next;
	return l != NULL && (l->text.n == 1 || str_starts(s, l->text)) ? l : NULL;
}

static void push(struct walk *w, const struct rule_node *node, const struct rule_field *field,
		 size_t at)
{
	/* a node that has nothing more to offer needs no coming back to */
	if (field == NULL && !(node->ends && at == w->line.n))
		return;
	assert(w->depth < COUNT(w->frame));
	w->frame[w->depth++] = (struct frame){ node, field, at, w->captures };
}

/* The first field from `field` on that takes something at `at`; *len is how much. */
static const struct rule_field *first_fit(struct walk *w, const struct rule_field *field, size_t at,
					  size_t *len)
{
	for (; field != NULL; field = field->next) {
		*len = take(field, str_skip(w->line, at));
		/* what was looked at: sixteen bytes are a step */
		w->steps += 1 + (*len != NO_FIT ? *len : w->line.n - at) / 16;
		if (*len != NO_FIT)
			return field;
	}
	return NULL;
}

/* The node of the rule that fits, or NULL. */
static const struct rule_node *find(struct walk *w, const struct rule_node *node)
{
	const struct rule_field *field = node->fields;
	const struct rule_literal *lit;
	bool fresh = true;
	size_t at = 0;
	size_t len;

	while (++w->steps < RULEBASE_MAX_STEPS) {
		lit = fresh ? literal_at(node, str_skip(w->line, at)) : NULL;
		if (lit != NULL) {
			push(w, node, field, at);
			at += lit->text.n;
			node = lit->to;
			field = node->fields;
			continue;
		}
		field = first_fit(w, field, at, &len);
		if (field != NULL) {
			push(w, node, field->next, at);
			w->capture[w->captures++] =
				(struct capture){ field->name, str_sub(w->line, at, at + len) };
			at += len;
			node = field->to;
			field = node->fields;
			fresh = true;
			continue;
		}
		if (node->ends && at == w->line.n)
			return node;
		if (w->depth == 0)
			return NULL;
		const struct frame *back = &w->frame[--w->depth];

		node = back->node;
		field = back->field;
		at = back->at;
		w->captures = back->captures;
		fresh = false;
	}
	return NULL;
}

bool rulebase_match(const struct rulebase *r, struct str line, rulebase_give *give, void *ctx)
{
	struct walk w;
	const struct rule_node *end;

	w.line = line;
	w.steps = 0;
	w.depth = w.captures = 0;
	end = find(&w, &r->root);
	if (end == NULL)
		return false;
	for (uint32_t i = 0; i < w.captures; i++)
		if (w.capture[i].name != RULE_NAMES_MAX)
			give(ctx, &r->names[w.capture[i].name], w.capture[i].val);
	for (size_t i = 0; i < end->n_tags; i++)
		give(ctx, NULL, end->tags[i]);
	return true;
}
