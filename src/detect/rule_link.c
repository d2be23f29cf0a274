/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rule_link.c - what documents say of each other: filters go into the rules they name, correlations
 * get the numbers of theirs.
 *
 * Invariant: a correlation is kept only after all that it names, so there is no circle among those that
 * are kept.
 */
#include "base/hash.h"
#include "detect/rule_set_int.h"
#include "detect/sigma_cond.h"

/* Filters. */

/* Does it hold for an event that has nothing of what it names? */
static bool holds_of_nothing(const struct node *v)
{
	bool ok = v->kind == NODE_AND;

	if (v->kind == NODE_ATOM)
		return false;
	if (v->kind == NODE_NOT)
		return !holds_of_nothing(v->kid[0]);
	for (uint32_t i = 0; i < v->n && ok == (v->kind == NODE_AND); i++)
		ok = holds_of_nothing(v->kid[i]);
	return ok;
}

static bool within(struct str part, struct str of)
{
	return part.n == 0 || (part.n == of.n && str_eq_nocase(part, of));
}

/* Is all that the filter names of a log source that of the rule, too? */
static bool source_fits(const struct logsource *filter, const struct logsource *rule)
{
	return within(filter->category, rule->category) && within(filter->product, rule->product) &&
	       within(filter->service, rule->service);
}

/*
 * Sigma 2.1 has a filter name what is not to be told ("to suppress matches", `condition: selection`);
 * pySigma joins it by AND, so that its users write `not selection`. Both mean to leave alone what has
 * nothing of what the filter names, which tells one from the other.
 */
static bool apply(struct rule_set *rs, const struct sigma_filter *f, struct rule *r)
{
	bool keeps = holds_of_nothing(f->condition);
	const struct node *kid[2] = { r->sigma.condition, NULL };

	kid[1] = keeps ? f->condition : node_not(&rs->a, f->condition);
	const struct node *both = kid[1] == NULL ? NULL : node_join(&rs->a, NODE_AND, kid, 2);
	if (both != NULL)
		r->sigma.condition = both;
	return both != NULL;
}

/* The rule of that id, else of that name; of several the one in the same file. */
static bool find_rule(const struct rule_set *rs, struct str ref, struct str file, uint32_t *out,
		      bool *several)
{
	size_t by_id = rule_set_find(rs, ref);
	size_t found = 0, here = 0, first = rs->n, first_here = rs->n;

	*several = false;
	if (by_id < rs->n) {
		*out = (uint32_t)by_id;
		return true;
	}
	for (size_t i = rs->n; i-- > 0;) {
		const struct rule_info *info = &rs->rule[i]->sigma.info;

		if (info->name.n == 0 || !str_eq(info->name, ref))
			continue;
		found++;
		first = i;
		if (str_eq(info->file, file)) {
			here++;
			first_here = i;
		}
	}
	*several = here == 0 ? found > 1 : here > 1;
	*out = (uint32_t)(here > 0 ? first_here : first);
	return found > 0 && !*several;
}

static bool no_such(struct str ref, size_t line, bool several, struct err *why)
{
	if (several)
		return err_set(why, ERR_INPUT, line, "it names '%.*s', as several rules are called",
			       STR_ARG(ref));
	return err_set(why, ERR_ABSENT, line, "it names '%.*s', which is no rule that is loaded",
		       STR_ARG(ref));
}

static bool filter_one(struct rule_set *rs, const struct sigma_filter *f, struct str ref,
		       struct err *why)
{
	uint32_t at;
	bool several;

	if (!find_rule(rs, ref, f->info.file, &at, &several))
		return no_such(ref, f->info.line, several, why);
	struct rule *r = rs->rule[at];
	if (r->sigma.condition == NULL)
		return err_set(why, ERR_INPUT, f->info.line,
			       "filters are for rules, and '%.*s' is a correlation", STR_ARG(ref));
	if (!source_fits(&f->source, &r->sigma.source))
		return err_set(why, ERR_INPUT, f->info.line,
			       "the log source of the filter is not that of '%.*s'", STR_ARG(ref));
	return apply(rs, f, r) || err_set(why, ERR_LIMIT, f->info.line, "no room for the rules");
}

static bool filter_any(struct rule_set *rs, const struct sigma_filter *f, struct err *why)
{
	size_t n = 0;

	for (size_t i = 0; i < rs->n; i++) {
		struct rule *r = rs->rule[i];

		if (r->sigma.condition == NULL || !source_fits(&f->source, &r->sigma.source))
			continue;
		if (!apply(rs, f, r))
			return err_set(why, ERR_LIMIT, f->info.line, "no room for the rules");
		n++;
	}
	return n > 0 || err_set(why, ERR_ABSENT, f->info.line,
				"no rule here has the log source of the filter");
}

static void link_filters(struct rule_set *rs)
{
	for (size_t i = 0; i < rs->n_filters; i++) {
		const struct sigma_filter *f = rs->filter[i];
		struct err why = { 0 };

		if (f->n_rules == 0 && !filter_any(rs, f, &why))
			rule_set_fail(rs, &f->info, &why);
		for (size_t k = 0; k < f->n_rules; k++)
			if (!filter_one(rs, f, f->rules[k], &why))
				rule_set_fail(rs, &f->info, &why);
	}
	rs->n_filters = 0;
}

/* Correlations. */

/* What events of that rule call the field that the correlation calls `name`. */
static struct str field_of(const struct sigma_correlation *x, struct str ref, struct str name)
{
	for (size_t i = 0; i < x->n_aliases; i++)
		if (str_eq_nocase(x->alias[i].alias, name) && str_eq(x->alias[i].rule, ref))
			return x->alias[i].field;
	return name;
}

static const uint32_t *numbers(struct rule_set *rs, const struct sigma_correlation *x,
			       struct str ref, const struct str *name, size_t n)
{
	uint32_t *out = NEW(&rs->a, uint32_t, n);

	for (size_t i = 0; out != NULL && i < n; i++) {
		struct str field = ref.p == NULL ? name[i] : field_of(x, ref, name[i]);

		out[i] = names_add(&rs->a, &rs->names, field);
		if (out[i] == NAME_NONE)
			return NULL;
	}
	return out;
}

static void print_str(struct hash *h, struct str s)
{
	uint64_t n = s.n;

	hash_add(h, (struct str){ (const char *)&n, sizeof n });
	hash_add(h, s);
}

static void print_all(struct hash *h, const struct str *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		print_str(h, s[i]);
	print_str(h, STR("."));
}

/* Two correlations with the same print may go on with each other's state. */
static uint64_t print_of(const struct rule_set *rs, const struct correlation *c)
{
	const struct sigma_correlation *x = c->x;
	unsigned char sum[HASH_SHA256_LEN];
	struct hash h;
	uint64_t out;

	hash_begin(&h, HASH_SHA256);
	print_str(&h, x->info.id);
	hash_add(&h, (struct str){ (const char *)&x->type, sizeof x->type });
	hash_add(&h, (struct str){ (const char *)&x->span, sizeof x->span });
	hash_add(&h, (struct str){ (const char *)&x->at_end, sizeof x->at_end });
	for (size_t i = 0; i < x->n_rules; i++)
		print_str(&h, rs->rule[c->member[i].rule]->sigma.info.id);
	print_all(&h, x->group, x->n_group);
	print_all(&h, x->field, x->n_fields);
	for (size_t i = 0; i < x->n_aliases; i++) {
		print_str(&h, x->alias[i].alias);
		print_str(&h, x->alias[i].rule);
		print_str(&h, x->alias[i].field);
	}
	hash_end(&h, sum);
	memcpy(&out, sum, sizeof out);
	return out;
}

/* 1 found all, 0 one of them still waits itself, -1 and *why. */
static int find_members(struct rule_set *rs, const struct sigma_correlation *x,
			struct correl_member *out, struct err *why)
{
	for (size_t i = 0; i < x->n_rules; i++) {
		struct str ref = x->rules[i];
		bool several;

		if (find_rule(rs, ref, x->info.file, &out[i].rule, &several))
			continue;
		bool waits = false;
		for (size_t k = 0; k < rs->n_waiting; k++)
			waits = waits || str_eq_nocase(rs->waiting[k]->info.id, ref) ||
				str_eq(rs->waiting[k]->info.name, ref);
		if (waits && !several)
			return 0;
		no_such(ref, x->info.line, several, why);
		return -1;
	}
	return 1;
}

static unsigned depth_of(const struct rule_set *rs, const struct correl_member *m, size_t n)
{
	unsigned most = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t c = rs->rule[m[i].rule]->correlation;

		if (c != NO_RULE && rs->correlation[c]->depth > most)
			most = rs->correlation[c]->depth;
	}
	return most + 1;
}

static bool add_use(struct rule_set *rs, struct rule *r, struct correl_use use)
{
	struct correl_use *more = NEW(&rs->a, struct correl_use, r->n_uses + 1);

	if (more == NULL)
		return false;
	if (r->n_uses > 0)
		memcpy(more, r->use, r->n_uses * sizeof *more);
	more[r->n_uses] = use;
	r->use = more;
	r->n_uses++;
	return true;
}

/* Of the events of a rule, or of those below a correlation, these fields are wanted. */
static bool add_needs(struct rule_set *rs, uint32_t rule, const uint32_t *name, size_t n)
{
	struct rule *r = rs->rule[rule];

	if (r->correlation != NO_RULE) {
		const struct correlation *c = rs->correlation[r->correlation];

		for (size_t i = 0; i < c->x->n_rules; i++)
			if (!add_needs(rs, c->member[i].rule, name, n))
				return false;
		return true;
	}
	uint32_t *all = NEW(&rs->a, uint32_t, r->n_needs + n);
	size_t have = r->n_needs;
	if (all == NULL)
		return false;
	if (have > 0)
		memcpy(all, r->need, have * sizeof *all);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < have && all[k] != name[i])
			k++;
		if (k == have)
			all[have++] = name[i];
	}
	r->need = all;
	r->n_needs = have;
	return true;
}

static bool link_members(struct rule_set *rs, const struct correlation *c, uint32_t at)
{
	for (uint32_t i = 0; i < c->x->n_rules; i++) {
		const struct correl_member *m = &c->member[i];
		struct rule *r = rs->rule[m->rule];
		struct rule_info *info = &r->sigma.info;

		if (!add_use(rs, r, (struct correl_use){ at, i }) ||
		    !add_needs(rs, m->rule, m->group, c->x->n_group) ||
		    !add_needs(rs, m->rule, m->field, c->x->n_fields))
			return false;
		info->part = !c->x->generate && (!info->correlated || info->part);
		info->correlated = true;
	}
	return true;
}

static bool keep_correlation(struct rule_set *rs, const struct sigma_correlation *x,
			     struct correl_member *member, struct err *why)
{
	struct correlation *c = NEW(&rs->a, struct correlation, 1);
	const struct rule *first = rs->rule[member[0].rule];
	struct sigma_rule shown = { .info = x->info, .source = first->sigma.source };
	uint32_t at = (uint32_t)rs->n_correlations;
	bool ok = c != NULL && at < CORRELATIONS_MAX;

	shown.info.logsource = first->sigma.info.logsource;
	for (size_t i = 0; ok && i < x->n_rules; i++) {
		member[i].group = numbers(rs, x, x->rules[i], x->group, x->n_group);
		member[i].field = numbers(rs, x, x->rules[i], x->field, x->n_fields);
		ok = member[i].group != NULL && member[i].field != NULL;
	}
	if (!ok)
		return err_set(why, ERR_LIMIT, x->info.line, "no room for the rules");
	*c = (struct correlation){ .x = x, .rule = (uint32_t)rs->n, .member = member };
	c->depth = depth_of(rs, member, x->n_rules);
	if (c->depth > CORREL_MAX_DEPTH)
		return err_set(why, ERR_LIMIT, x->info.line,
			       "more than %d correlations one over the other", CORREL_MAX_DEPTH);
	c->print = print_of(rs, c);
	c->group = numbers(rs, x, (struct str){ NULL, 0 }, x->group, x->n_group);
	if (!rule_set_keep(rs, &shown, first->source, why))
		return false;
	rs->rule[c->rule]->correlation = at;
	rs->correlation[rs->n_correlations++] = c;
	return (c->group != NULL && link_members(rs, c, at)) ||
	       err_set(why, ERR_LIMIT, x->info.line, "no room for the rules");
}

/* Settle one that waits; false when it must wait for another. */
static bool settle(struct rule_set *rs, const struct sigma_correlation *x)
{
	struct correl_member *member = NEW(&rs->a, struct correl_member, x->n_rules);
	struct err why = { 0 };
	int found = -1;

	if (member == NULL)
		err_set(&why, ERR_LIMIT, x->info.line, "no room for the rules");
	else
		found = find_members(rs, x, member, &why);
	if (found == 0)
		return false;
	if (found < 0 || !keep_correlation(rs, x, member, &why))
		rule_set_fail(rs, &x->info, &why);
	return true;
}

static void link_correlations(struct rule_set *rs)
{
	bool moved = true;

	while (moved && rs->n_waiting > 0) {
		moved = false;
		for (size_t i = 0; i < rs->n_waiting; i++) {
			if (!settle(rs, rs->waiting[i]))
				continue;
			memmove(&rs->waiting[i], &rs->waiting[i + 1],
				(rs->n_waiting - i - 1) * sizeof *rs->waiting);
			rs->n_waiting--;
			i--;
			moved = true;
		}
	}
	for (size_t i = 0; i < rs->n_waiting; i++) {
		struct err why = { 0 };

		err_set(&why, ERR_INPUT, rs->waiting[i]->info.line,
			"correlations refer to each other in a circle");
		rule_set_fail(rs, &rs->waiting[i]->info, &why);
	}
	rs->n_waiting = 0;
}

void rule_set_link(struct rule_set *rs)
{
	rule_values_link(rs);
	link_filters(rs);
	link_correlations(rs);
}

size_t rule_set_waiting(const struct rule_set *rs)
{
	return rs->n_filters + rs->n_waiting;
}

const struct rule_info *rule_set_waiting_at(const struct rule_set *rs, size_t i)
{
	return i < rs->n_filters ? &rs->filter[i]->info : &rs->waiting[i - rs->n_filters]->info;
}

size_t rule_set_correlations(const struct rule_set *rs)
{
	return rs->n_correlations;
}

const struct correlation *rule_set_correlation(const struct rule_set *rs, size_t i)
{
	return rs->correlation[i];
}

const struct correl_use *rule_set_uses(const struct rule_set *rs, size_t i, size_t *n)
{
	*n = rs->rule[i]->n_uses;
	return rs->rule[i]->use;
}

const uint32_t *rule_set_needs(const struct rule_set *rs, size_t i, size_t *n)
{
	*n = rs->rule[i]->n_needs;
	return rs->rule[i]->need;
}

struct str rule_set_field(const struct rule_set *rs, uint32_t name)
{
	return rs->names.name[name];
}

uint32_t rule_set_name_find(const struct rule_set *rs, struct str field)
{
	return names_find(&rs->names, field);
}
