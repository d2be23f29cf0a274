/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebase.c - a file of rules, checked and made into a tree.
 *
 * Invariant: the tree lies whole in the arena that the rule base owns and is not changed after loading.
 */
#include "event/rulebase.h"

#include "event/rulebase_int.h"

#include <stdlib.h>

enum { TREE_BYTES = 16 << 20 };

/* A rule whose '%' are not in pairs has a field without an end. */
static bool paired(struct str line)
{
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++)
		n += line.p[i] == '%';
	return n % 2 == 0;
}

static bool check_text(struct str text, const char *name, struct err *why)
{
	struct str rest = text, line;
	size_t at = 0;

	if (text.n > RULEBASE_MAX_BYTES)
		return err_set(why, ERR_LIMIT, 0, "longer than %d bytes", RULEBASE_MAX_BYTES);
	while (str_line(&rest, &line)) {
		at++;
		if (at == 1 && !str_eq(line, STR("version=2")))
			return err_set(why, ERR_INPUT, at, "'%s': the first line must be version=2",
				       name);
		if (memchr(line.p, '\0', line.n) != NULL || memchr(line.p, '\r', line.n) != NULL)
			return err_set(why, ERR_INPUT, at, "'%s', line %zu: control character",
				       name, at);
		if (line.n > 0 && line.p[0] != '#' && !paired(line))
			return err_set(why, ERR_INPUT, at,
				       "'%s', line %zu: a %% without its other half", name, at);
		if (str_starts(line, STR("include=")))
			return err_set(why, ERR_INPUT, at, "'%s', line %zu: no includes here", name,
				       at);
	}
	return true;
}

/* How deep the tree is, up to RULE_MAX_DEPTH. */
static size_t depth_of(const struct rule_node *node, size_t above)
{
	size_t most = above;

	if (above >= RULE_MAX_DEPTH)
		return above;
	for (const struct rule_literal *l = node->literals; l != NULL; l = l->next) {
		size_t n = depth_of(l->to, above + 1);

		most = n > most ? n : most;
	}
	for (const struct rule_field *f = node->fields; f != NULL; f = f->next) {
		size_t n = depth_of(f->to, above + 1);

		most = n > most ? n : most;
	}
	return most;
}

static bool add_all(struct rulebase *r, const struct rules *rules, const char *name,
		    struct err *why)
{
	struct arena a = r->whole;
	struct str rest = { rules->text, rules->len }, line;
	struct err fault = { 0 };

	for (size_t i = 0; str_line(&rest, &line) && i < rules->n; i++) {
		size_t at = rules->line[i];

		if (rulebase_add(r, &a, line, &fault))
			continue;
		return err_set(why, fault.kind, at, "'%s', line %zu: %s", name, at, fault.text);
	}
	if (depth_of(&r->root, 0) >= RULE_MAX_DEPTH)
		return err_set(why, ERR_LIMIT, 0, "'%s': more than %d steps to the end of a rule",
			       name, RULE_MAX_DEPTH);
	return rulebase_index(&r->root, &a) ||
	       err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", name);
}

static bool open_text(struct rulebase *r, struct str text, const char *name, struct arena a,
		      struct err *why)
{
	struct rules *rules = NEW(&a, struct rules, 1);

	if (rules == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", name);
	if (!rules_expand(&a, text, name, rules, why))
		return false;
	if (rules->n == 0)
		return err_set(why, ERR_INPUT, 0, "no rules in '%s'", name);
	return add_all(r, rules, name, why);
}

struct rulebase *rulebase_new(struct str text, const char *name, struct err *why)
{
	struct rulebase *r;
	struct arena scratch;
	bool ok;

	if (!check_text(text, name, why))
		return NULL;
	r = calloc(1, sizeof *r);
	if (r == NULL || !arena_reserve(&r->whole, TREE_BYTES)) {
		free(r);
		(void)err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", name);
		return NULL;
	}
	ok = arena_reserve(&scratch, 16 << 20) ||
	     err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", name);
	if (ok) {
		ok = open_text(r, text, name, scratch, why);
		arena_release(scratch);
	}
	if (ok)
		return r;
	rulebase_free(r);
	return NULL;
}

void rulebase_free(struct rulebase *r)
{
	if (r == NULL)
		return;
	arena_release(r->whole);
	free(r);
}

struct rule_name *rulebase_names(struct rulebase *r, size_t *n)
{
	*n = r->n_names;
	return r->names;
}
