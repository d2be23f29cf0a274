/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logsource.c - entries are few and looked up once a rule, so everything is a plain scan.
 */
#include "detect/logsource.h"

static bool same(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || str_eq_nocase(a, b));
}

bool logsource_same(const struct logsource *a, const struct logsource *b)
{
	return same(a->category, b->category) && same(a->product, b->product) &&
	       same(a->service, b->service);
}

static bool take_renames(const struct sigma_ctx *c, const struct yml *v, struct source_shape *out,
			 struct err *why)
{
	struct rename *all;
	size_t n = 0;

	if (v == NULL)
		return true;
	if (v->kind != YML_MAP)
		return err_set(why, ERR_INPUT, v->line, "'%s' must be a map", "rename");
	all = NEW(c->a, struct rename, v->n);
	if (all == NULL)
		return err_set(why, ERR_LIMIT, v->line, "no room for the rules");
	for (const struct yml *f = v->first; f != NULL; f = f->next) {
		if (yml_str(f).n == 0)
			return err_set(why, ERR_INPUT, f->line, "'%s' must be text", "rename");
		all[n].from = names_add(c->a, c->names, f->key);
		all[n].to = names_add(c->a, c->names, f->text);
		if (all[n].from == NAME_NONE || all[n].to == NAME_NONE)
			return err_set(why, ERR_LIMIT, f->line, "no room for the rules");
		n++;
	}
	out->rename = all;
	out->n_renames = n;
	return true;
}

static bool known_key(struct str key, const char *const *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(key, str_of(known[i])))
			return true;
	return false;
}

static bool check_keys(const struct yml *v, const char *const *known, size_t n, struct err *why)
{
	if (v->kind != YML_MAP)
		return err_set(why, ERR_INPUT, v->line, "an entry must be a map");
	for (const struct yml *f = v->first; f != NULL; f = f->next)
		if (!known_key(f->key, known, n))
			return err_set(why, ERR_INPUT, f->key_line, "'%.*s' is not known here",
				       STR_ARG(f->key));
	return true;
}

static bool take_shape(const struct sigma_ctx *c, const struct yml *v, struct source_shape *out,
		       struct err *why)
{
	static const char *const known[] = { "when", "rename" };
	const struct yml *when = yml_get(v, "when");

	if (!check_keys(v, known, COUNT(known), why))
		return false;
	if (when == NULL)
		return err_set(why, ERR_INPUT, v->line, "'%s' is missing", "when");
	out->when = sigma_detection(c, when, why);
	return out->when != NULL && take_renames(c, yml_get(v, "rename"), out, why);
}

static struct str copy(const struct sigma_ctx *c, const struct yml *v, const char *key)
{
	struct str s = yml_get_str(v, key);

	return s.n == 0 ? (struct str){ NULL, 0 } : arena_str(c->a, s);
}

static bool take_entry(const struct sigma_ctx *c, const struct yml *v, struct source_entry *out,
		       struct err *why)
{
	static const char *const known[] = { "category", "product", "service", "events" };
	const struct yml *events = yml_get(v, "events");
	struct source_entry e = { 0 };

	if (!check_keys(v, known, COUNT(known), why))
		return false;
	e.key = (struct logsource){ copy(c, v, "category"), copy(c, v, "product"),
				    copy(c, v, "service") };
	if (e.key.category.n == 0 && e.key.product.n == 0 && e.key.service.n == 0)
		return err_set(why, ERR_INPUT, v->line,
			       "the logsource has no category, product or service");
	if (events == NULL || events->kind != YML_SEQ || events->n == 0)
		return err_set(why, ERR_INPUT, v->line, "'%s' is missing", "events");
	struct source_shape *shape = NEW(c->a, struct source_shape, events->n);
	if (shape == NULL)
		return err_set(why, ERR_LIMIT, v->line, "no room for the rules");
	for (const struct yml *s = events->first; s != NULL; s = s->next)
		if (!take_shape(c, s, &shape[e.n++], why))
			return false;
	e.shape = shape;
	*out = e;
	return true;
}

bool source_map_add(const struct sigma_ctx *c, struct source_map *map, const struct yml *doc,
		    struct err *why)
{
	size_t n = map->n;

	if (doc->kind != YML_SEQ)
		return err_set(why, ERR_INPUT, doc->line, "a list of log sources is expected");
	for (const struct yml *v = doc->first; v != NULL; v = v->next) {
		if (n == SOURCES_MAX)
			return err_set(why, ERR_LIMIT, v->line, "more than %d log sources",
				       SOURCES_MAX);
		if (!take_entry(c, v, &map->entry[n], why))
			return false;
		for (size_t i = 0; i < n; i++)
			if (logsource_same(&map->entry[i].key, &map->entry[n].key))
				return err_set(why, ERR_INPUT, v->line,
					       "this log source stands twice");
		n++;
	}
	map->n = n;
	return true;
}

/* Does what the entry names agree with the rule? */
static bool agrees(const struct logsource *entry, const struct logsource *want)
{
	return (entry->category.n == 0 || same(entry->category, want->category)) &&
	       (entry->product.n == 0 || same(entry->product, want->product)) &&
	       (entry->service.n == 0 || same(entry->service, want->service));
}

static bool find_category(const struct source_map *map, struct str category,
			  struct source_need *out)
{
	struct source_need need = { .any = true };

	for (size_t i = 0; i < map->n; i++)
		if (same(map->entry[i].key.category, category) && need.n < SOURCE_NEEDS_MAX)
			need.entry[need.n++] = (uint16_t)i;
	if (need.n > 0)
		*out = need;
	return need.n > 0;
}

bool source_map_find(const struct source_map *map, const struct logsource *want,
		     struct source_need *out)
{
	struct source_need need = { 0 };
	bool category = want->category.n == 0, product = want->product.n == 0;
	bool service = want->service.n == 0;

	for (size_t i = 0; i < map->n; i++) {
		const struct logsource *key = &map->entry[i].key;

		if (!agrees(key, want) || need.n == SOURCE_NEEDS_MAX)
			continue;
		need.entry[need.n++] = (uint16_t)i;
		category = category || key->category.n > 0;
		product = product || key->product.n > 0;
		service = service || key->service.n > 0;
	}
	if (need.n > 0 && category && product && service) {
		*out = need;
		return true;
	}
	return want->category.n > 0 && want->product.n == 0 && want->service.n == 0 &&
	       find_category(map, want->category, out);
}
