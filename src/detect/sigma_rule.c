/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_rule.c - metadata, log source, detections, condition; each part is one function.
 */
#include "detect/sigma_rule.h"

#include "base/num.h"
#include "base/time.h"
#include "detect/sigma_cond.h"

enum { TITLE_MAX = 256, TEXT_MAX = 65535, TAGS_MAX = 256, DETECTIONS_MAX = 512, ADVICE_MAX = 64 };

struct doc {
	const struct sigma_ctx *c;
	const struct yml *top;
	struct err *why;
};

static bool no_room(struct doc *d)
{
	return err_set(d->why, ERR_LIMIT, d->top->line, "no room for the rules");
}

/* The text of an attribute, copied; empty with p == NULL where it is missing or null. */
static bool take_text(struct doc *d, const struct yml *map, const char *key, size_t max,
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
	return out->p != NULL || no_room(d);
}

/* A list of texts, or one text. */
static bool take_texts(struct doc *d, const struct yml *map, const char *key, size_t max,
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
		return no_room(d);
	const struct yml *s = v->kind == YML_SEQ ? v->first : v;
	for (size_t i = 0; i < count; i++, s = s->next) {
		if (yml_str(s).p == NULL)
			return err_set(d->why, ERR_INPUT, s->line, "'%s' must be a list of text",
				       key);
		all[i] = arena_str(d->c->a, s->text);
		if (all[i].p == NULL)
			return no_room(d);
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
		return no_room(d);
	return take_text(d, v, "title", TITLE_MAX * 2, title) &&
	       take_text(d, v, "what", TEXT_MAX, &g->what) &&
	       take_text(d, v, "why", TEXT_MAX, &g->why) &&
	       take_text(d, v, "call", TEXT_MAX, &g->call) &&
	       take_texts(d, v, "check", ADVICE_MAX, &g->check, &g->n_check) &&
	       take_texts(d, v, "act", ADVICE_MAX, &g->act, &g->n_act);
}

static bool take_info(struct doc *d, struct rule_info *info)
{
	struct str taxonomy, title_en;

	info->line = d->top->line;
	if (!take_text(d, d->top, "title", TITLE_MAX * 4, &info->title) ||
	    !take_text(d, d->top, "id", TITLE_MAX, &info->id) ||
	    !take_text(d, d->top, "name", TITLE_MAX, &info->name) ||
	    !take_text(d, d->top, "status", TITLE_MAX, &info->status) ||
	    !take_text(d, d->top, "description", TEXT_MAX, &info->description) ||
	    !take_text(d, d->top, "author", TEXT_MAX, &info->author) ||
	    !take_text(d, d->top, "taxonomy", TITLE_MAX, &taxonomy) ||
	    !take_texts(d, d->top, "tags", TAGS_MAX, &info->tags, &info->n_tags) ||
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

static bool take_source(struct doc *d, struct sigma_rule *out)
{
	const struct yml *v = yml_get(d->top, "logsource");
	struct logsource *s = &out->source;

	if (v == NULL || v->kind != YML_MAP)
		return err_set(d->why, ERR_INPUT, v == NULL ? d->top->line : v->line,
			       "the rule has no logsource");
	if (!take_text(d, v, "category", TITLE_MAX, &s->category) ||
	    !take_text(d, v, "product", TITLE_MAX, &s->product) ||
	    !take_text(d, v, "service", TITLE_MAX, &s->service))
		return false;
	if (s->category.n == 0 && s->product.n == 0 && s->service.n == 0)
		return err_set(d->why, ERR_INPUT, v->line,
			       "the logsource has no category, product or service");
	out->info.logsource = arena_printf(
		d->c->a, "%s%.*s%s%.*s%s%.*s", s->category.n > 0 ? "category=" : "",
		STR_ARG(s->category), s->product.n > 0 ? " product=" : "", STR_ARG(s->product),
		s->service.n > 0 ? " service=" : "", STR_ARG(s->service));
	out->info.logsource = str_trim(out->info.logsource);
	return out->info.logsource.p != NULL || no_room(d);
}

/* What is no search identifier within `detection` or `filter`. */
static bool is_reserved(const struct doc *d, struct str key)
{
	return str_eq(key, STR("condition")) ||
	       (str_eq(key, STR("rules")) && yml_get(d->top, "filter") != NULL);
}

static bool take_detections(struct doc *d, const struct yml *section, struct detection **out,
			    size_t *n)
{
	struct detection *all = NEW(d->c->a, struct detection, section->n);

	*n = 0;
	*out = all;
	if (section->n > DETECTIONS_MAX)
		return err_set(d->why, ERR_LIMIT, section->line, "more than %d detections",
			       DETECTIONS_MAX);
	if (all == NULL)
		return no_room(d);
	for (const struct yml *v = section->first; v != NULL; v = v->next) {
		if (is_reserved(d, v->key))
			continue;
		if (str_eq(v->key, STR("timeframe")))
			return err_set(d->why, ERR_INPUT, v->key_line,
				       "'timeframe' is no longer part of Sigma; correlation rules "
				       "stand in its place");
		all[*n].node = sigma_detection(d->c, v, d->why);
		if (all[*n].node == NULL)
			return false;
		all[(*n)++].name = v->key;
	}
	return true;
}

static const struct node *one_condition(struct doc *d, const struct yml *v,
					const struct detection *all, size_t n)
{
	struct err fault = { 0 };

	if (yml_str(v).p == NULL) {
		err_set(d->why, ERR_INPUT, v->line, "the condition must be text");
		return NULL;
	}
	const struct node *out = sigma_cond_parse(d->c->a, v->text, all, n, &fault);
	if (out == NULL && d->why != NULL) {
		*d->why = fault;
		d->why->at = v->line;
	}
	return out;
}

/* Sigma 2.1, "Condition": of a list, each is a query, linked with OR. */
static const struct node *take_condition(struct doc *d, const struct yml *section)
{
	const struct yml *v = yml_get(section, "condition");
	struct detection *all;
	size_t n, k = 0;

	if (v == NULL || yml_is_null(v) || (v->kind != YML_SCALAR && v->n == 0) ||
	    v->kind == YML_MAP) {
		err_set(d->why, ERR_INPUT, section->line, "the rule has no condition");
		return NULL;
	}
	if (!take_detections(d, section, &all, &n))
		return NULL;
	if (v->kind == YML_SCALAR)
		return one_condition(d, v, all, n);
	const struct node **kid = NEW(d->c->a, const struct node *, v->n);
	for (const struct yml *s = v->first; kid != NULL && s != NULL; s = s->next)
		if ((kid[k++] = one_condition(d, s, all, n)) == NULL)
			return NULL;
	const struct node *out = kid == NULL ? NULL : node_join(d->c->a, NODE_OR, kid, k);
	if (out == NULL)
		no_room(d);
	return out;
}

static bool take_rule(struct doc *d, struct sigma_rule *out)
{
	const struct yml *section = yml_get(d->top, "detection");
	struct sigma_rule r = { 0 };

	if (section == NULL || section->kind != YML_MAP)
		return err_set(d->why, ERR_INPUT, section == NULL ? d->top->line : section->line,
			       "the rule has no detection");
	if (!take_info(d, &r.info) || !take_source(d, &r))
		return false;
	r.condition = take_condition(d, section);
	if (r.condition == NULL)
		return false;
	*out = r;
	return true;
}

/* Sigma 2.1, "Sigma Filters". */
static bool refuse_filter(struct doc *d)
{
	const struct yml *section = yml_get(d->top, "filter");
	struct sigma_rule r = { 0 };

	if (section->kind != YML_MAP || yml_get(section, "rules") == NULL)
		return err_set(d->why, ERR_INPUT, section->line, "the filter names no rules");
	if (!take_info(d, &r.info) || !take_source(d, &r) || take_condition(d, section) == NULL)
		return false;
	return err_set(d->why, ERR_STATE, section->line, "filters are not run yet");
}

/* Sigma 2.1, "Sigma Correlation Rules". */
static bool refuse_correlation(struct doc *d)
{
	static const char *const types[] = { "event_count",      "value_count", "temporal",
					     "temporal_ordered", "value_sum",   "value_avg",
					     "value_percentile", "value_median" };
	const struct yml *section = yml_get(d->top, "correlation");
	struct str type = yml_get_str(section, "type");
	struct str span = yml_get_str(section, "timespan");
	struct sigma_rule r = { 0 };
	int64_t us;
	size_t i = 0;

	if (!take_info(d, &r.info))
		return false;
	while (i < COUNT(types) && !str_eq(type, str_of(types[i])))
		i++;
	if (i == COUNT(types))
		return err_set(d->why, ERR_INPUT, section->line,
			       "correlation type '%.*s' is not known", STR_ARG(type));
	if (yml_get(section, "rules") == NULL)
		return err_set(d->why, ERR_INPUT, section->line, "the correlation names no rules");
	if (!time_parse_span(span, &us))
		return err_set(d->why, ERR_INPUT, section->line, "timespan '%.*s' is not known",
			       STR_ARG(span));
	return err_set(d->why, ERR_STATE, section->line, "correlation rules are not run yet");
}

bool sigma_rule_parse(const struct sigma_ctx *c, const struct yml *doc, struct sigma_rule *out,
		      struct err *why)
{
	struct doc d = { c, doc, why };

	if (doc->kind != YML_MAP)
		return err_set(why, ERR_INPUT, doc->line, "not a Sigma rule");
	if (yml_get(doc, "action") != NULL)
		return err_set(why, ERR_INPUT, yml_get(doc, "action")->line,
			       "rule collections by 'action' are no longer part of Sigma");
	if (yml_get(doc, "correlation") != NULL)
		return refuse_correlation(&d);
	if (yml_get(doc, "filter") != NULL)
		return refuse_filter(&d);
	return take_rule(&d, out);
}
