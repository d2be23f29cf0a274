/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/guides.h"

#include "base/yaml.h"

static const struct str *texts(struct arena *a, const struct yml *seq, size_t *n)
{
	size_t count = 0;

	for (const struct yml *v = yml_first(seq); v != NULL; v = v->next)
		count++;
	struct str *out = NEW(a, struct str, count + 1);
	*n = 0;
	for (const struct yml *v = yml_first(seq); out != NULL && v != NULL; v = v->next)
		out[(*n)++] = yml_str(v);
	return out;
}

static const struct rule_guide *guide(struct arena *a, const struct yml *v)
{
	struct rule_guide *g = v == NULL ? NULL : NEW(a, struct rule_guide, 1);

	if (g == NULL)
		return NULL;
	g->what = yml_get_str(v, "what");
	g->why = yml_get_str(v, "why");
	g->call = yml_get_str(v, "call");
	g->check = texts(a, yml_get(v, "check"), &g->n_check);
	g->act = texts(a, yml_get(v, "act"), &g->n_act);
	return g;
}

bool guides_parse(struct arena *a, struct str yaml, struct list_guides *out, struct err *why)
{
	struct list_guides all = { 0 };
	const struct yml *doc = NULL;

	if (!yml_parse(a, yaml, &doc, why))
		return false;
	for (const struct yml *v = yml_first(doc); v != NULL; v = v->next) {
		enum list_kind kind;

		if (!list_kind_find(v->key, &kind))
			return err_set(why, ERR_INPUT, v->key_line, "no kind of list '%.*s'",
				       STR_ARG(v->key));
		all.vi[kind] = guide(a, yml_get(v, "vi"));
		all.en[kind] = guide(a, yml_get(v, "en"));
	}
	*out = all;
	return true;
}
