/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_values.c - the lists that `expand` puts for %names%: those that canh ships, those that users give
 * with their rules (documents with a map `values`). A rule may stand before its list: it waits until the
 * rules are linked. What a user gives takes the place of what is shipped.
 */
#include "detect/rule_set_int.h"

static bool add_list(struct rule_set *rs, const struct yml *v, struct placeholder *out,
		     struct err *why)
{
	struct str *value = NEW(&rs->a, struct str, v->n);
	struct str name = arena_str(&rs->a, v->key);
	size_t n = 0;

	if (v->kind != YML_SEQ || v->n == 0)
		return err_set(why, ERR_INPUT, v->line, "'%.*s' must be a list of text",
			       STR_ARG(v->key));
	if (value == NULL || name.p == NULL)
		return err_set(why, ERR_LIMIT, v->line, "no room for the rules");
	for (const struct yml *s = v->first; s != NULL; s = s->next) {
		if (yml_str(s).p == NULL)
			return err_set(why, ERR_INPUT, s->line, "'%.*s' must be a list of text",
				       STR_ARG(v->key));
		value[n] = arena_str(&rs->a, s->text);
		if (value[n++].p == NULL)
			return err_set(why, ERR_LIMIT, s->line, "no room for the rules");
	}
	*out = (struct placeholder){ name, value, n };
	return true;
}

static bool is_there(const struct placeholder *list, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(list[i].name, name))
			return true;
	return false;
}

static bool add_lists(struct rule_set *rs, const struct yml *map, struct placeholder *list,
		      size_t *n, struct err *why)
{
	if (map == NULL || map->kind != YML_MAP)
		return err_set(why, ERR_INPUT, map == NULL ? 0 : map->line,
			       "a map of lists is expected");
	for (const struct yml *v = map->first; v != NULL; v = v->next) {
		if (is_there(list, *n, v->key))
			return err_set(why, ERR_INPUT, v->key_line, "list '%.*s' stands twice",
				       STR_ARG(v->key));
		if (*n == LISTS_MAX)
			return err_set(why, ERR_LIMIT, v->line, "no room for the rules");
		if (!add_list(rs, v, &list[*n], why))
			return false;
		++*n;
	}
	return true;
}

bool rule_values_are(const struct yml *doc)
{
	return doc->kind == YML_MAP && yml_get(doc, "values") != NULL &&
	       yml_get(doc, "detection") == NULL && yml_get(doc, "correlation") == NULL &&
	       yml_get(doc, "filter") == NULL;
}

bool rule_values_add(struct rule_set *rs, const struct yml *doc, struct err *why)
{
	return add_lists(rs, yml_get(doc, "values"), rs->list, &rs->n_lists, why);
}

static bool lists_of(struct rule_set *rs, struct str text, struct placeholder *list, size_t *n,
		     struct err *why)
{
	struct arena scratch = rs->yaml;
	const struct yml *doc = NULL;

	return yml_parse(&scratch, text, &doc, why) && add_lists(rs, doc, list, n, why);
}

bool rule_set_lists(struct rule_set *rs, struct str text, struct err *why)
{
	return lists_of(rs, text, rs->list, &rs->n_lists, why);
}

bool rule_set_lists_shipped(struct rule_set *rs, struct str text, struct err *why)
{
	return lists_of(rs, text, rs->shipped, &rs->n_shipped, why);
}

size_t rule_set_pending(const struct rule_set *rs)
{
	return rs->n_lists + rs->n_again;
}

bool rule_values_wait(struct rule_set *rs, struct str file, struct str text, size_t number)
{
	struct rule_again *x = NEW(&rs->a, struct rule_again, 1);

	if (x == NULL || rs->linking || rs->n_again == AGAIN_MAX)
		return false;
	*x = (struct rule_again){ arena_str(&rs->a, file), arena_str(&rs->a, text), number };
	if (x->file.p == NULL || x->text.p == NULL)
		return false;
	rs->again[rs->n_again++] = x;
	return true;
}

void rule_values_link(struct rule_set *rs)
{
	for (size_t i = 0; i < rs->n_shipped && rs->n_lists < LISTS_MAX; i++)
		if (!is_there(rs->list, rs->n_lists, rs->shipped[i].name))
			rs->list[rs->n_lists++] = rs->shipped[i];
	rs->n_shipped = 0;
	rs->linking = true;
	for (size_t i = 0; i < rs->n_again; i++)
		rule_set_again(rs, rs->again[i]);
	rs->n_again = 0;
	rs->linking = false;
}
