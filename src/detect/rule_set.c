/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_set.c - rules as they are loaded: each at the end of the chain of its log source.
 *
 * Invariant: rule i has the id that stands as number i in `ids`, so that ids are unique.
 */
#include "detect/rule_set.h"

#include "detect/rule_set_int.h"

#include <stdlib.h>

#define RULES_CAP ((size_t)1 << 30)
#define YAML_CAP ((size_t)256 << 20)
#define YAML_KEPT ((size_t)4 << 20)

struct rule_set *rule_set_new(void)
{
	struct rule_set *rs = calloc(1, sizeof *rs);

	if (rs == NULL)
		return NULL;
	if (!arena_reserve(&rs->whole, RULES_CAP) || !arena_reserve(&rs->yaml, YAML_CAP)) {
		rule_set_free(rs);
		return NULL;
	}
	rs->a = rs->whole;
	return rs;
}

void rule_set_free(struct rule_set *rs)
{
	if (rs == NULL)
		return;
	if (rs->whole.beg != NULL)
		arena_release(rs->whole);
	if (rs->yaml.beg != NULL)
		arena_release(rs->yaml);
	free(rs);
}

static struct sigma_ctx context(struct rule_set *rs)
{
	return (struct sigma_ctx){ &rs->a, &rs->names, rs->list, rs->n_lists };
}

bool rule_set_sources(struct rule_set *rs, struct str text, struct err *why)
{
	struct arena scratch = rs->yaml;
	struct sigma_ctx c = context(rs);
	const struct yml *doc = NULL;

	if (!yml_parse(&scratch, text, &doc, why))
		return false;
	for (; doc != NULL; doc = doc->next)
		if (!source_map_add(&c, &rs->map, doc, why))
			return false;
	return true;
}

/* Keep why a document is not used. What is beyond the cap is no longer told one by one. */
static struct rule_fault *add_fault(struct rule_set *rs, struct str file, const struct yml *doc,
				    const struct err *why)
{
	struct rule_fault *f = NULL;

	if (rs->n_faults < RULE_FAULTS_MAX)
		f = NEW(&rs->a, struct rule_fault, 1);
	if (f == NULL)
		return NULL;
	f->file = arena_str(&rs->a, file);
	f->id = arena_str(&rs->a, yml_get_str(doc, "id"));
	f->title = arena_str(&rs->a, yml_get_str(doc, "title"));
	f->why = *why;
	rs->fault[rs->n_faults++] = f;
	return f;
}

void rule_set_fail(struct rule_set *rs, const struct rule_info *info, const struct err *why)
{
	struct rule_fault *f = add_fault(rs, info->file, NULL, why);

	if (f == NULL)
		return;
	f->id = info->id;
	f->title = info->title;
}

void rule_set_refuse(struct rule_set *rs, struct str file, const struct err *why)
{
	add_fault(rs, file, NULL, why);
}

/* The chain for a log source, made if need be; false when nothing here is such a source. */
static bool find_source(struct rule_set *rs, const struct logsource *key, uint32_t *out,
			struct err *why)
{
	struct source_need need;
	size_t i = 0;

	while (i < rs->n_sources && !logsource_same(&rs->source[i].key, key))
		i++;
	if (i == rs->n_sources) {
		if (!source_map_find(&rs->map, key, &need))
			return err_set(why, ERR_ABSENT, 0,
				       "it cannot fire: nothing here is known "
				       "to be such a log source");
		if (i == SOURCES_MAX)
			return err_set(why, ERR_LIMIT, 0, "more than %d log sources", SOURCES_MAX);
		rs->source[rs->n_sources++] = (struct source){ *key,    need,    NO_RULE,
							       NO_RULE, NO_RULE, 0 };
	}
	*out = (uint32_t)i;
	return true;
}

bool rule_set_keep(struct rule_set *rs, const struct sigma_rule *sigma, uint32_t source,
		   struct err *why)
{
	struct rule *r = NEW(&rs->a, struct rule, 1);
	size_t old = rule_set_find(rs, sigma->info.id);
	uint32_t at = (uint32_t)rs->n;

	if (old < rs->n)
		return err_set(why, ERR_INPUT, sigma->info.line, "its id is that of '%.*s' already",
			       STR_ARG(rs->rule[old]->sigma.info.file));
	if (r == NULL || rs->n == RULES_MAX || names_add(&rs->a, &rs->ids, sigma->info.id) != at)
		return err_set(why, ERR_LIMIT, sigma->info.line, "no room for the rules");
	*r = (struct rule){
		.sigma = *sigma, .source = source, .next = NO_RULE, .correlation = NO_RULE
	};
	r->sigma.info.number = at;
	rs->source[source].rules++;
	rs->source[source].any = at;
	rs->rule[rs->n++] = r;
	return true;
}

static bool keep_rule(struct rule_set *rs, const struct sigma_rule *sigma, struct err *why)
{
	uint32_t at = (uint32_t)rs->n, source = 0;

	if (!find_source(rs, &sigma->source, &source, why) ||
	    !rule_set_keep(rs, sigma, source, why))
		return false;
	struct source *s = &rs->source[source];
	if (s->first == NO_RULE)
		s->first = at;
	else
		rs->rule[s->last]->next = at;
	s->last = at;
	return true;
}

/* Where it is from, and an id where it gives none. */
static bool finish_info(struct rule_set *rs, struct str file, size_t number, struct rule_info *info,
			struct err *why)
{
	info->file = arena_str(&rs->a, file);
	if (info->id.n == 0)
		info->id = arena_printf(&rs->a, "%.*s#%zu", STR_ARG(file), number);
	return (info->file.p != NULL && info->id.p != NULL) ||
	       err_set(why, ERR_LIMIT, info->line, "no room for the rules");
}

static bool add_rule(struct rule_set *rs, struct str file, const struct yml *doc, size_t number,
		     struct err *why)
{
	struct sigma_ctx c = context(rs);
	struct sigma_rule r;

	return sigma_rule_parse(&c, doc, &r, why) && finish_info(rs, file, number, &r.info, why) &&
	       keep_rule(rs, &r, why);
}

static bool add_filter(struct rule_set *rs, struct str file, const struct yml *doc, size_t number,
		       struct err *why)
{
	struct sigma_ctx c = context(rs);
	struct sigma_filter *f = NEW(&rs->a, struct sigma_filter, 1);

	if (f == NULL || rs->n_filters == FILTERS_MAX)
		return err_set(why, ERR_LIMIT, doc->line, "no room for the rules");
	if (!sigma_filter_parse(&c, doc, f, why) || !finish_info(rs, file, number, &f->info, why))
		return false;
	rs->filter[rs->n_filters++] = f;
	return true;
}

static bool add_correlation(struct rule_set *rs, struct str file, const struct yml *doc,
			    size_t number, struct err *why)
{
	struct sigma_ctx c = context(rs);
	struct sigma_correlation *x = NEW(&rs->a, struct sigma_correlation, 1);

	if (x == NULL || rs->n_waiting == CORRELATIONS_MAX)
		return err_set(why, ERR_LIMIT, doc->line, "no room for the rules");
	if (!sigma_correlation_parse(&c, doc, x, why) ||
	    !finish_info(rs, file, number, &x->info, why))
		return false;
	rs->waiting[rs->n_waiting++] = x;
	return true;
}

static bool add_document(struct rule_set *rs, struct str file, const struct yml *doc, size_t number,
			 struct err *why)
{
	enum sigma_kind kind;

	if (rule_values_are(doc))
		return rule_values_add(rs, doc, why);
	if (!sigma_kind_find(doc, &kind, why))
		return false;
	if (kind == SIGMA_FILTER)
		return add_filter(rs, file, doc, number, why);
	if (kind == SIGMA_CORRELATION)
		return add_correlation(rs, file, doc, number, why);
	return add_rule(rs, file, doc, number, why);
}

/* Sigma 1 collected rules by `action`; what follows in the file are parts of them. */
static bool is_part(const struct yml *first, const struct yml *doc)
{
	return yml_get(first, "action") != NULL && yml_get(doc, "title") == NULL;
}

/* Why a document is not used. */
static void fault_document(struct rule_set *rs, struct str file, const struct yml *doc,
			   const struct err *why)
{
	struct rule_fault *f = add_fault(rs, file, doc, why);

	if (f != NULL && why->kind == ERR_ABSENT && why->at == 0) {
		f->unmapped = true;
		f->why.at = yml_get(doc, "logsource")->line;
	}
}

bool rule_set_again(struct rule_set *rs, const struct rule_again *x)
{
	struct arena scratch = rs->yaml;
	const struct yml *doc = NULL;
	struct err why = { 0 };
	size_t number = 0;

	if (!yml_parse(&scratch, x->text, &doc, &why))
		return false;
	for (; doc != NULL; doc = doc->next)
		if (!yml_is_null(doc) && ++number == x->number)
			break;
	if (doc == NULL || add_document(rs, x->file, doc, number, &why))
		return doc != NULL;
	fault_document(rs, x->file, doc, &why);
	return false;
}

/* A rule that lacks a list may get it yet. */
static bool waits(struct rule_set *rs, struct str file, struct str text, size_t number,
		  const struct err *why)
{
	return why->kind == ERR_ABSENT && why->at > 0 && rule_values_wait(rs, file, text, number);
}

size_t rule_set_add(struct rule_set *rs, struct str file, struct str text)
{
	struct arena scratch = rs->yaml;
	const struct yml *doc = NULL;
	struct err why = { 0 };
	size_t number = 0, taken = 0;

	bool ok = yml_parse(&scratch, text, &doc, &why);
	size_t used = (size_t)(scratch.beg - rs->yaml.beg);
	if (!ok) {
		add_fault(rs, file, NULL, &why);
		doc = NULL;
	}
	for (const struct yml *first = doc; doc != NULL; doc = doc->next) {
		if (yml_is_null(doc))
			continue;
		number++;
		why = (struct err){ 0 };
		if (doc != first && is_part(first, doc))
			err_set(&why, ERR_INPUT, doc->line,
				"rule collections by 'action' are no longer part of Sigma");
		else if (add_document(rs, file, doc, number, &why))
			taken++;
		if (why.kind != ERR_NONE && !waits(rs, file, text, number, &why))
			fault_document(rs, file, doc, &why);
	}
	if (ok && number == 0) {
		err_set(&why, ERR_INPUT, 0, "the file is empty");
		add_fault(rs, file, NULL, &why);
	}
	if (used > YAML_KEPT)
		arena_trim(rs->yaml, YAML_KEPT);
	return taken;
}

size_t rule_set_faults(const struct rule_set *rs)
{
	return rs->n_faults;
}

const struct rule_fault *rule_set_fault(const struct rule_set *rs, size_t i)
{
	return rs->fault[i];
}

size_t rule_set_count(const struct rule_set *rs)
{
	return rs->n;
}

const struct rule_info *rule_set_at(const struct rule_set *rs, size_t i)
{
	return &rs->rule[i]->sigma.info;
}

size_t rule_set_find(const struct rule_set *rs, struct str id)
{
	uint32_t i = names_find(&rs->ids, id);

	return i == NAME_NONE ? rs->n : i;
}

const struct node *rule_set_condition(const struct rule_set *rs, size_t i)
{
	return rs->rule[i]->sigma.condition;
}

uint32_t rule_set_name(struct rule_set *rs, struct str field)
{
	return names_add(&rs->a, &rs->names, field);
}

size_t rule_set_n_sources(const struct rule_set *rs)
{
	return rs->n_sources;
}

struct rule_source rule_set_source(const struct rule_set *rs, size_t i)
{
	const struct source *s = &rs->source[i];

	return (struct rule_source){ rs->rule[s->any]->sigma.info.logsource, s->rules };
}

size_t rule_set_source_of(const struct rule_set *rs, size_t i)
{
	return rs->rule[i]->source;
}
