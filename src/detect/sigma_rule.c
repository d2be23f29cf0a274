/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_rule.c - detections and condition of a rule or a filter; which kind a document is.
 */
#include "detect/sigma_rule.h"

#include "detect/sigma_cond.h"
#include "detect/sigma_doc_int.h"

enum { DETECTIONS_MAX = 512, FILTER_RULES_MAX = 4096 };

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
		return doc_no_room(d);
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
static const struct node *condition_of(struct doc *d, const struct yml *section)
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
		doc_no_room(d);
	return out;
}

bool sigma_kind_find(const struct yml *doc, enum sigma_kind *out, struct err *why)
{
	if (doc->kind != YML_MAP)
		return err_set(why, ERR_INPUT, doc->line, "not a Sigma rule");
	if (yml_get(doc, "action") != NULL)
		return err_set(why, ERR_INPUT, yml_get(doc, "action")->line,
			       "rule collections by 'action' are no longer part of Sigma");
	*out = yml_get(doc, "correlation") != NULL ? SIGMA_CORRELATION
	       : yml_get(doc, "filter") != NULL    ? SIGMA_FILTER
						   : SIGMA_RULE;
	return true;
}

bool sigma_rule_parse(const struct sigma_ctx *c, const struct yml *doc, struct sigma_rule *out,
		      struct err *why)
{
	const struct yml *section = yml_get(doc, "detection");
	struct doc d = { c, doc, why };
	struct sigma_rule r = { 0 };

	if (section == NULL || section->kind != YML_MAP)
		return err_set(why, ERR_INPUT, section == NULL ? doc->line : section->line,
			       "the rule has no detection");
	if (!doc_info(&d, &r.info) || !doc_source(&d, &r.source, &r.info.logsource))
		return false;
	r.condition = condition_of(&d, section);
	if (r.condition == NULL)
		return false;
	*out = r;
	return true;
}

/* "any", a rule, or a list of rules; an empty list is any, as in pySigma. */
static bool filter_rules(struct doc *d, const struct yml *section, struct sigma_filter *out)
{
	const struct yml *rules = yml_get(section, "rules");

	if (rules == NULL || rules->kind == YML_MAP || yml_is_null(rules))
		return err_set(d->why, ERR_INPUT, section->line, "the filter names no rules");
	if (!doc_texts(d, section, "rules", FILTER_RULES_MAX, &out->rules, &out->n_rules))
		return false;
	if (out->n_rules == 1 && str_eq_nocase(out->rules[0], STR("any")))
		out->n_rules = 0;
	return true;
}

bool sigma_filter_parse(const struct sigma_ctx *c, const struct yml *doc, struct sigma_filter *out,
			struct err *why)
{
	const struct yml *section = yml_get(doc, "filter");
	struct doc d = { c, doc, why };
	struct sigma_filter f = { 0 };

	if (section->kind != YML_MAP)
		return err_set(why, ERR_INPUT, section->line, "the filter names no rules");
	if (!filter_rules(&d, section, &f) || !doc_info(&d, &f.info) ||
	    !doc_source(&d, &f.source, &f.info.logsource))
		return false;
	f.condition = condition_of(&d, section);
	if (f.condition == NULL)
		return false;
	*out = f;
	return true;
}
