/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_doc.c - what all kinds of Sigma documents have: text, lists, metadata, guides, log source.
 */
#include "detect/sigma_doc_int.h"

enum { TEXT_MAX = 65535, TAGS_MAX = 256, ADVICE_MAX = 64 };

bool doc_no_room(const struct doc *d)
{
	return err_set(d->why, ERR_LIMIT, d->top->line, "no room for the rules");
}

/* The text of an attribute, copied; empty with p == NULL where it is missing or null. */
static bool text_of(struct doc *d, const struct yml *map, const char *key, size_t max,
		    struct str *out)
{
	const struct yml *v = yml_get(map, key);

	*out = (struct str){ NULL, 0 };
	if (v == NULL || yml_is_null(v))
		return true;
	if (v->kind != YML_SCALAR)
		return err_set(d->why, ERR_INPUT, v->line, "'%s' must be text", key);
	if (v->text.n > max)
		return err_set(d->why, ERR_LIMIT, v->line, "'%s' is longer than %zu bytes", key,
			       max);
	*out = arena_str(d->c->a, v->text);
	return out->p != NULL || doc_no_room(d);
}

bool doc_texts(struct doc *d, const struct yml *map, const char *key, size_t max,
	       const struct str **out, size_t *n)
{
	const struct yml *v = yml_get(map, key);

	*out = NULL;
	*n = 0;
	if (v == NULL || yml_is_null(v))
		return true;
	size_t count = v->kind == YML_SEQ ? v->n : 1;
	if (count > max)
		return err_set(d->why, ERR_LIMIT, v->line, "more than %zu values in '%s'", max,
			       key);
	struct str *all = NEW(d->c->a, struct str, count);
	if (all == NULL)
		return doc_no_room(d);
	const struct yml *s = v->kind == YML_SEQ ? v->first : v;
	for (size_t i = 0; i < count; i++, s = s->next) {
		if (yml_str(s).p == NULL)
			return err_set(d->why, ERR_INPUT, s->line, "'%s' must be a list of text",
				       key);
		all[i] = arena_str(d->c->a, s->text);
		if (all[i].p == NULL)
			return doc_no_room(d);
	}
	*out = all;
	*n = count;
	return true;
}

static bool take_level(struct doc *d, struct rule_info *info)
{
	const struct yml *v = yml_get(d->top, "level");
	enum severity s = SEV_MEDIUM; /* where the rule gives none, somebody should still see it */

	if (v != NULL && !yml_is_null(v) && !severity_find(yml_str(v), &s))
		return err_set(d->why, ERR_INPUT, v->line, "level '%.*s' is not known",
			       STR_ARG(v->text));
	info->severity = (uint8_t)s;
	return true;
}

static bool check_status(struct doc *d, struct str status)
{
	static const char *const known[] = { "stable", "test", "experimental", "deprecated" };

	if (status.p == NULL)
		return true;
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(status, str_of(known[i])))
			return true;
	size_t line = yml_get(d->top, "status")->line;
	if (str_eq(status, STR("unsupported")))
		return err_set(d->why, ERR_INPUT, line,
			       "the rule says of itself that it is unsupported");
	return err_set(d->why, ERR_INPUT, line, "status '%.*s' is not known", STR_ARG(status));
}

static bool take_guide(struct doc *d, const char *lang, const struct rule_guide **out,
		       struct str *title)
{
	const struct yml *v = yml_get(yml_get(d->top, "canh"), lang);
	struct rule_guide *g = v == NULL ? NULL : NEW(d->c->a, struct rule_guide, 1);

	*out = g;
	*title = (struct str){ NULL, 0 };
	if (v == NULL)
		return true;
	if (g == NULL)
		return doc_no_room(d);
	return text_of(d, v, "title", DOC_TITLE_MAX * 2, title) &&
	       text_of(d, v, "what", TEXT_MAX, &g->what) &&
	       text_of(d, v, "why", TEXT_MAX, &g->why) &&
	       text_of(d, v, "call", TEXT_MAX, &g->call) &&
	       doc_texts(d, v, "check", ADVICE_MAX, &g->check, &g->n_check) &&
	       doc_texts(d, v, "act", ADVICE_MAX, &g->act, &g->n_act);
}

bool doc_info(struct doc *d, struct rule_info *info)
{
	struct str taxonomy, title_en;

	info->line = d->top->line;
	if (!text_of(d, d->top, "title", DOC_TITLE_MAX * 4, &info->title) ||
	    !text_of(d, d->top, "id", DOC_TITLE_MAX, &info->id) ||
	    !text_of(d, d->top, "name", DOC_TITLE_MAX, &info->name) ||
	    !text_of(d, d->top, "status", DOC_TITLE_MAX, &info->status) ||
	    !text_of(d, d->top, "description", TEXT_MAX, &info->description) ||
	    !text_of(d, d->top, "author", TEXT_MAX, &info->author) ||
	    !text_of(d, d->top, "taxonomy", DOC_TITLE_MAX, &taxonomy) ||
	    !doc_texts(d, d->top, "tags", TAGS_MAX, &info->tags, &info->n_tags) ||
	    !take_guide(d, "vi", &info->guide_vi, &info->title_vi) ||
	    !take_guide(d, "en", &info->guide_en, &title_en))
		return false;
	if (info->title.n == 0)
		return err_set(d->why, ERR_INPUT, d->top->line, "the rule has no title");
	if (taxonomy.n > 0 && !str_eq(taxonomy, STR("sigma")) && !str_eq(taxonomy, STR("ecs")))
		return err_set(d->why, ERR_INPUT, yml_get(d->top, "taxonomy")->line,
			       "taxonomy '%.*s' is not known", STR_ARG(taxonomy));
	return check_status(d, info->status) && take_level(d, info);
}

bool doc_source(struct doc *d, struct logsource *s, struct str *key)
{
	const struct yml *v = yml_get(d->top, "logsource");

	if (v == NULL || v->kind != YML_MAP)
		return err_set(d->why, ERR_INPUT, v == NULL ? d->top->line : v->line,
			       "the rule has no logsource");
	if (!text_of(d, v, "category", DOC_TITLE_MAX, &s->category) ||
	    !text_of(d, v, "product", DOC_TITLE_MAX, &s->product) ||
	    !text_of(d, v, "service", DOC_TITLE_MAX, &s->service))
		return false;
	if (s->category.n == 0 && s->product.n == 0 && s->service.n == 0)
		return err_set(d->why, ERR_INPUT, v->line,
			       "the logsource has no category, product or service");
	*key = arena_printf(d->c->a, "%s%.*s%s%.*s%s%.*s", s->category.n > 0 ? "category=" : "",
			    STR_ARG(s->category), s->product.n > 0 ? " product=" : "",
			    STR_ARG(s->product), s->service.n > 0 ? " service=" : "",
			    STR_ARG(s->service));
	*key = str_trim(*key);
	return key->p != NULL || doc_no_room(d);
}
