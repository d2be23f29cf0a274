/* SPDX-License-Identifier: Apache-2.0 */
/*
 * directive.c - YAML to directives.
 *
 * Every key is known to a table or it is a mistake with its line; so is a metric that neither exists
 * nor says what it lacks, because a check that nobody evaluates must not look like one.
 */
#include "govern/directive.h"

#include "base/hash.h"
#include "base/num.h"
#include "base/yaml.h"
#include "govern/metrics.h"

#include <stdio.h>

enum { ITEMS_MAX = 256, TEXT_MAX = 4096, ID_MAX = 64 };

struct load {
	struct arena *a;
	struct directive *d;
	const struct yml *lacking; /* the map of that name */
	struct err *why;
};

/* --- parts --- */

/* `want` has no conversions; the 0 is for none. */
static bool fault(const struct load *l, const struct yml *v, const char *want)
{
	return err_set(l->why, ERR_INPUT, v->line, want, 0);
}

static bool take_text(const struct load *l, const struct yml *v, struct str *out)
{
	if (v->kind != YML_SCALAR || v->text.n > TEXT_MAX)
		return fault(l, v, "expected text");
	*out = v->text;
	return true;
}

static bool take_both(const struct load *l, const struct yml *v, struct both *out)
{
	const struct yml *vi = yml_get(v, "vi"), *en = yml_get(v, "en");

	if (v->kind != YML_MAP || v->n != 2 || yml_str(vi).n == 0 || yml_str(en).n == 0)
		return fault(l, v, "expected 'vi' and 'en'");
	return take_text(l, vi, &out->vi) && take_text(l, en, &out->en);
}

static bool take_date(const struct load *l, const struct yml *v, int64_t *out)
{
	if (!time_parse_date(yml_str(v), out))
		return fault(l, v, "expected a day such as 2023-12-29");
	return true;
}

static bool take_span(const struct load *l, const struct yml *v, int64_t *out)
{
	int64_t t;

	if (!time_parse_span(yml_str(v), &t) || t <= 0)
		return fault(l, v, "expected a span of time such as P7D");
	*out = t;
	return true;
}

static bool take_flag(const struct load *l, const struct yml *v, bool *out)
{
	return yml_bool(v, out) || fault(l, v, "expected true or false");
}

static bool take_texts(const struct load *l, const struct yml *v, const struct str **out, size_t *n)
{
	struct str *all = v->kind == YML_SEQ && v->n <= ITEMS_MAX ? NEW(l->a, struct str, v->n)
								  : NULL;
	size_t i = 0;

	if (all == NULL)
		return fault(l, v, "expected a list");
	for (const struct yml *c = yml_first(v); c != NULL; c = c->next)
		if (!take_text(l, c, &all[i++]))
			return false;
	*out = all;
	*n = i;
	return true;
}

/* --- maps by a table of their keys --- */

enum part_kind { P_TEXT, P_BOTH, P_DATE, P_SPAN, P_FLAG, P_OTHER };
struct part {
	const char *key;
	enum part_kind kind;
	void *to; /* by kind; P_OTHER: NULL, the caller takes it */
};

static bool take_part(const struct load *l, const struct part *p, const struct yml *v)
{
	switch (p->kind) {
	case P_TEXT:
		return take_text(l, v, p->to);
	case P_BOTH:
		return take_both(l, v, p->to);
	case P_DATE:
		return take_date(l, v, p->to);
	case P_SPAN:
		return take_span(l, v, p->to);
	case P_FLAG:
		return take_flag(l, v, p->to);
	case P_OTHER:
		return true;
	}
	return false;
}

static bool take_map(const struct load *l, const struct yml *map, const struct part *parts,
		     size_t n)
{
	if (map == NULL || map->kind != YML_MAP)
		return err_set(l->why, ERR_INPUT, map != NULL ? map->line : 1, "expected a map");
	for (const struct yml *v = yml_first(map); v != NULL; v = v->next) {
		size_t i = 0;

		while (i < n && !str_eq(v->key, str_of(parts[i].key)))
			i++;
		if (i == n)
			return err_set(l->why, ERR_INPUT, v->key_line, "unknown key '%.*s'",
				       STR_ARG(v->key));
		if (!take_part(l, &parts[i], v))
			return false;
	}
	return true;
}

static bool need(const struct load *l, const struct yml *map, const char *const *keys, size_t n)
{
	size_t line = map != NULL ? map->line : 1;

	for (size_t i = 0; i < n; i++) {
		const struct yml *v = yml_get(map, keys[i]);

		if (v == NULL || (v->kind == YML_SCALAR && v->text.n == 0))
			return err_set(l->why, ERR_INPUT, line, "'%s' is missing", keys[i]);
	}
	return true;
}

/* --- checks --- */

/* ">= 1.0", "<= 15", "== 0", "shown" */
static bool take_is(const struct load *l, const struct yml *v, struct check *out)
{
	static const struct {
		struct str sign;
		enum compare compare;
	} signs[] = { { STR(">="), IS_GE }, { STR("<="), IS_LE }, { STR("=="), IS_EQ } };
	struct str s = yml_str(v);

	out->is = s;
	out->compare = IS_SHOWN;
	if (str_eq(s, STR("shown")))
		return true;
	for (size_t i = 0; i < COUNT(signs); i++)
		if (str_starts(s, signs[i].sign)) {
			out->compare = signs[i].compare;
			return num_parse_double(str_trim(str_skip(s, 2)), &out->bound) ||
			       fault(l, v, "expected a number behind the sign");
		}
	return fault(l, v, "expected '>= N', '<= N', '== N' or 'shown'");
}

static bool take_lacks(const struct load *l, const struct yml *v, struct check *out)
{
	char name[ID_MAX];

	snprintf(name, sizeof name, "%.*s", STR_ARG(yml_str(v)));
	const struct yml *found = yml_get(l->lacking, name);

	if (found == NULL)
		return err_set(l->why, ERR_INPUT, v->line, "'%s' does not stand under 'lacking'",
			       name);
	return take_both(l, found, &out->lacks);
}

static bool take_of(const struct load *l, const struct yml *v, struct check *out)
{
	struct str assets;
	const struct part parts[] = {
		{ "severity", P_TEXT, &out->severity },
		{ "list", P_TEXT, &out->list },
		{ "assets", P_TEXT, &assets },
	};

	return take_map(l, v, parts, COUNT(parts));
}

static bool take_check(const struct load *l, const struct yml *v, struct check *out)
{
	static const char *const needed[] = { "metric", "is" };
	struct check c = {
		.within = TIME_NONE,
		.fresh = TIME_NONE,
		.list_age = TIME_NONE,
		.limit = TIME_NONE,
		.line = v->line,
	};
	const struct part parts[] = {
		{ "metric", P_TEXT, &c.name }, { "is", P_OTHER, NULL },
		{ "of", P_OTHER, NULL },       { "within", P_SPAN, &c.within },
		{ "fresh", P_SPAN, &c.fresh }, { "list_age", P_SPAN, &c.list_age },
		{ "title", P_BOTH, &c.title }, { "lacks", P_OTHER, NULL },
		{ "limit", P_SPAN, &c.limit },
	};
	const struct yml *of = yml_get(v, "of"), *lacks = yml_get(v, "lacks");

	if (!take_map(l, v, parts, COUNT(parts)) || !need(l, v, needed, COUNT(needed)) ||
	    !take_is(l, yml_get(v, "is"), &c) || (of != NULL && !take_of(l, of, &c)) ||
	    (lacks != NULL && !take_lacks(l, lacks, &c)))
		return false;
	c.metric = metric_find(c.name);
	if (c.metric == NULL && (c.lacks.vi.n == 0 || c.title.vi.n == 0))
		return err_set(l->why, ERR_INPUT, v->line,
			       "there is no metric '%.*s': say its 'title' and what it 'lacks'",
			       STR_ARG(c.name));
	if (c.metric != NULL && !metric_fits(c.metric, &c, l->why))
		return false;
	*out = c;
	return true;
}

/* --- measures --- */

static bool take_binds(const struct load *l, const struct yml *v, unsigned *out)
{
	*out = 0;
	for (const struct yml *c = yml_first(v); c != NULL; c = c->next) {
		if (str_eq(yml_str(c), STR("agency")))
			*out |= BIND_AGENCY;
		else if (str_eq(yml_str(c), STR("provider")))
			*out |= BIND_PROVIDER;
		else
			return fault(l, c, "expected 'agency' or 'provider'");
	}
	return *out != 0 || fault(l, v, "expected 'agency' or 'provider'");
}

static bool take_checks(const struct load *l, const struct yml *v, struct measure *out)
{
	struct check *all = v->kind == YML_SEQ && v->n <= MEASURE_CHECKS_MAX
				    ? NEW(l->a, struct check, v->n)
				    : NULL;
	size_t i = 0;

	if (all == NULL)
		return fault(l, v, "expected a list of checks");
	for (const struct yml *c = yml_first(v); c != NULL; c = c->next)
		if (!take_check(l, c, &all[i++]))
			return false;
	out->checks = all;
	out->n_checks = i;
	return true;
}

static bool take_measure(const struct load *l, const struct yml *v, struct measure *out)
{
	static const char *const needed[] = { "id", "text", "binds" };
	struct measure m = { .n_checks = 0 };
	const struct part parts[] = { { "id", P_TEXT, &m.id },
				      { "text", P_BOTH, &m.text },
				      { "brief", P_BOTH, &m.brief },
				      { "binds", P_OTHER, NULL },
				      { "checks", P_OTHER, NULL } };
	const struct yml *checks = yml_get(v, "checks");

	if (!take_map(l, v, parts, COUNT(parts)) || !need(l, v, needed, COUNT(needed)) ||
	    !take_binds(l, yml_get(v, "binds"), &m.binds) ||
	    (checks != NULL && !take_checks(l, checks, &m)))
		return false;
	if (m.id.n > ID_MAX)
		return fault(l, v, "expected a short id");
	if (m.brief.vi.n == 0)
		m.brief = m.text;
	*out = m;
	return true;
}

static bool known_measure(const struct measure *all, size_t n, struct str id)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].id, id))
			return true;
	return false;
}

static bool take_measures(const struct load *l, const struct yml *v)
{
	struct measure *all = v->kind == YML_SEQ && v->n > 0 && v->n <= ITEMS_MAX
				      ? NEW(l->a, struct measure, v->n)
				      : NULL;
	size_t n = 0;

	if (all == NULL)
		return fault(l, v, "expected a list of measures");
	for (const struct yml *c = yml_first(v); c != NULL; c = c->next, n++) {
		if (!take_measure(l, c, &all[n]))
			return false;
		if (known_measure(all, n, all[n].id))
			return err_set(l->why, ERR_INPUT, c->line, "measure '%.*s' stands twice",
				       STR_ARG(all[n].id));
	}
	l->d->measures = all;
	l->d->n_measures = n;
	return true;
}

/* --- slip, letters, contacts --- */

static bool take_slip(const struct load *l, const struct yml *v)
{
	struct slip_field *all = v->kind == YML_MAP && v->n <= ITEMS_MAX
					 ? NEW(l->a, struct slip_field, v->n)
					 : NULL;
	size_t n = 0;

	if (all == NULL)
		return fault(l, v, "expected a map");
	for (const struct yml *c = yml_first(v); c != NULL; c = c->next, n++) {
		all[n].name = c->key;
		if (!take_text(l, c, &all[n].value))
			return false;
	}
	l->d->slip = all;
	l->d->n_slip = n;
	return true;
}

static bool take_letter(const struct load *l, const struct yml *v, struct letter *out)
{
	struct letter x = { .issued = TIME_NONE };
	const struct part parts[] = {
		{ "number", P_TEXT, &x.number }, { "issuer", P_TEXT, &x.issuer },
		{ "issued", P_DATE, &x.issued }, { "subject", P_BOTH, &x.subject },
		{ "note", P_BOTH, &x.note },
	};

	if (!take_map(l, v, parts, COUNT(parts)))
		return false;
	*out = x;
	return true;
}

static bool take_letters(const struct load *l, const struct yml *v)
{
	struct letter *all = v->kind == YML_SEQ && v->n <= ITEMS_MAX
				     ? NEW(l->a, struct letter, v->n)
				     : NULL;
	size_t n = 0;

	if (all == NULL)
		return fault(l, v, "expected a list");
	for (const struct yml *c = yml_first(v); c != NULL; c = c->next)
		if (!take_letter(l, c, &all[n++]))
			return false;
	l->d->letters = all;
	l->d->n_letters = n;
	return true;
}

static bool take_contact(const struct load *l, const struct yml *v, struct contact *out)
{
	static const char *const needed[] = { "name" };
	struct contact c = { .verified_on = TIME_NONE };
	const struct part parts[] = {
		{ "name", P_BOTH, &c.name },         { "phone", P_TEXT, &c.phone },
		{ "hotline", P_TEXT, &c.hotline },   { "email", P_TEXT, &c.email },
		{ "note", P_BOTH, &c.note },         { "verified_on", P_DATE, &c.verified_on },
		{ "dialable", P_FLAG, &c.dialable },
	};

	if (!take_map(l, v, parts, COUNT(parts)) || !need(l, v, needed, COUNT(needed)))
		return false;
	*out = c;
	return true;
}

static bool take_contacts(const struct load *l, const struct yml *v)
{
	struct contact *all = v->kind == YML_SEQ && v->n <= ITEMS_MAX
				      ? NEW(l->a, struct contact, v->n)
				      : NULL;
	size_t n = 0;

	if (all == NULL)
		return fault(l, v, "expected a list");
	for (const struct yml *c = yml_first(v); c != NULL; c = c->next)
		if (!take_contact(l, c, &all[n++]))
			return false;
	l->d->contacts = all;
	l->d->n_contacts = n;
	return true;
}

static bool take_addressees(const struct load *l, const struct yml *v)
{
	return take_texts(l, v, &l->d->addressees, &l->d->n_addressees);
}

static bool take_copies(const struct load *l, const struct yml *v)
{
	return take_texts(l, v, &l->d->copies, &l->d->n_copies);
}

/* --- the document --- */

static const struct {
	const char *key;
	bool (*take)(const struct load *l, const struct yml *v);
} lists[] = {
	{ "addressees", take_addressees },
	{ "copies", take_copies },
	{ "slip", take_slip },
	{ "letters", take_letters },
	{ "contacts", take_contacts },
	{ "measures", take_measures },
};

static bool take_document(const struct load *l, const struct yml *doc)
{
	static const char *const needed[] = { "id",     "number",  "symbol",  "issuer",
					      "issued", "subject", "control", "measures" };
	struct directive *d = l->d;
	const struct part parts[] = {
		{ "id", P_TEXT, &d->id },
		{ "number", P_TEXT, &d->number },
		{ "symbol", P_TEXT, &d->symbol },
		{ "number_read", P_TEXT, &d->number_read },
		{ "number_note", P_BOTH, &d->number_note },
		{ "type", P_TEXT, &d->type },
		{ "issuer", P_TEXT, &d->issuer },
		{ "issued", P_DATE, &d->issued },
		{ "arrived", P_DATE, &d->arrived },
		{ "place", P_TEXT, &d->place },
		{ "subject", P_BOTH, &d->subject },
		{ "signer", P_TEXT, &d->signer },
		{ "signer_post", P_TEXT, &d->signer_post },
		{ "control", P_SPAN, &d->control },
		{ "lacking", P_OTHER, NULL },
		{ "addressees", P_OTHER, NULL },
		{ "copies", P_OTHER, NULL },
		{ "slip", P_OTHER, NULL },
		{ "letters", P_OTHER, NULL },
		{ "contacts", P_OTHER, NULL },
		{ "measures", P_OTHER, NULL },
	};

	if (!take_map(l, doc, parts, COUNT(parts)) || !need(l, doc, needed, COUNT(needed)))
		return false;
	if (d->id.n > ID_MAX)
		return fault(l, yml_get(doc, "id"), "expected a short id");
	for (size_t i = 0; i < COUNT(lists); i++) {
		const struct yml *v = yml_get(doc, lists[i].key);

		if (v != NULL && !lists[i].take(l, v))
			return false;
	}
	return true;
}

bool directive_parse(struct arena *a, struct str yaml, struct directive *out, struct err *why)
{
	struct directive d = { .issued = TIME_NONE, .arrived = TIME_NONE };
	unsigned char digest[HASH_SHA256_LEN];
	const struct yml *doc;

	if (!yml_parse(a, yaml, &doc, why))
		return false;
	struct load l = { a, &d, yml_get(doc, "lacking"), why };

	if (doc != NULL && doc->next != NULL)
		return fault(&l, doc->next, "expected one document");
	if (!take_document(&l, doc))
		return false;
	hash_sha256(yaml, digest);
	hash_hex(digest, sizeof digest, d.sha256);
	*out = d;
	return true;
}
