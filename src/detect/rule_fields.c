/* SPDX-License-Identifier: Apache-2.0 */
/* rule_fields.c - lists are few and short: plain scans. */
#include "detect/rule_fields.h"

enum { NAME_MAX_SHOWN = 64, NEAR = 3 };

static bool take_names(struct arena *a, const struct yml *v, struct field_list *out,
		       struct err *why)
{
	if (v == NULL || v->kind != YML_SEQ)
		return err_set(why, ERR_INPUT, v == NULL ? 0 : v->line, "'%s' is missing",
			       "fields");
	struct str *name = NEW(a, struct str, v->n);
	for (const struct yml *s = v->first; name != NULL && s != NULL; s = s->next) {
		name[out->n] = arena_str(a, yml_str(s));
		if (name[out->n++].p == NULL)
			name = NULL;
	}
	out->name = name;
	return name != NULL || err_set(why, ERR_LIMIT, v->line, "no room for the rules");
}

static struct str copy(struct arena *a, const struct yml *v, const char *key)
{
	struct str s = yml_get_str(v, key);

	return s.n == 0 ? (struct str){ NULL, 0 } : arena_str(a, s);
}

bool rule_fields_add(struct arena *a, struct arena scratch, struct rule_fields *f, struct str text,
		     struct err *why)
{
	const struct yml *doc = NULL;
	size_t n = f->n;

	if (!yml_parse(&scratch, text, &doc, why))
		return false;
	if (doc == NULL || doc->kind != YML_SEQ)
		return err_set(why, ERR_INPUT, doc == NULL ? 0 : doc->line,
			       "a list of log sources is expected");
	for (const struct yml *v = doc->first; v != NULL; v = v->next) {
		if (n == FIELD_LISTS_MAX)
			return err_set(why, ERR_LIMIT, v->line, "more than %d log sources",
				       FIELD_LISTS_MAX);
		f->list[n] = (struct field_list){
			.key = { copy(a, v, "category"), copy(a, v, "product"),
				 copy(a, v, "service") },
		};
		if (!take_names(a, yml_get(v, "fields"), &f->list[n++], why))
			return false;
	}
	f->n = n;
	return true;
}

static bool same(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || str_eq_nocase(a, b));
}

static bool fits(const struct logsource *list, const struct logsource *rule)
{
	return (list->category.n == 0 || same(list->category, rule->category)) &&
	       (list->product.n == 0 || same(list->product, rule->product)) &&
	       (list->service.n == 0 || same(list->service, rule->service));
}

/* How many letters must change, be put in or taken out; NEAR + 1 for more. */
static unsigned distance(struct str a, struct str b)
{
	unsigned row[NAME_MAX_SHOWN + 1];

	if (a.n > NAME_MAX_SHOWN || b.n > NAME_MAX_SHOWN)
		return NEAR + 1;
	for (unsigned k = 0; k <= b.n; k++)
		row[k] = k;
	for (size_t i = 0; i < a.n; i++) {
		unsigned corner = row[0]++;

		for (size_t k = 0; k < b.n; k++) {
			unsigned change = corner + (ascii_lower(a.p[i]) != ascii_lower(b.p[k]));

			corner = row[k + 1];
			row[k + 1] = (row[k] < corner ? row[k] : corner) + 1;
			if (change < row[k + 1])
				row[k + 1] = change;
		}
	}
	return row[b.n] > NEAR ? NEAR + 1 : row[b.n];
}

bool rule_fields_unknown(const struct rule_fields *f, const struct logsource *source,
			 struct str field, struct str *near)
{
	unsigned best = NEAR;
	bool own = false;

	*near = STR("");
	for (size_t i = 0; i < f->n; i++) {
		const struct field_list *l = &f->list[i];

		if (!fits(&l->key, source))
			continue;
		own = own || l->key.category.n > 0 || l->key.service.n > 0;
		for (size_t k = 0; k < l->n; k++) {
			unsigned far = distance(l->name[k], field);

			if (far == 0)
				return false;
			if (far < best) {
				best = far;
				*near = l->name[k];
			}
		}
	}
	return own;
}
