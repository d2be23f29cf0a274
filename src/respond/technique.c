/* SPDX-License-Identifier: Apache-2.0 */
/* technique.c - techniques from YAML, and as JSON. */
#include "respond/technique.h"

#include "base/yaml.h"

enum { ITEMS_MAX = 4096 };

/* "T", four digits, and perhaps a dot and three. */
static bool id_valid(struct str s)
{
	if ((s.n != 5 && s.n != 9) || s.p[0] != 'T' || (s.n == 9 && s.p[5] != '.'))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (i != 5 && !ascii_digit(s.p[i]))
			return false;
	return true;
}

static bool take_both(const struct yml *v, struct str *vi, struct str *en)
{
	*vi = yml_get_str(v, "vi");
	*en = yml_get_str(v, "en");
	return v != NULL && v->kind == YML_MAP && v->n == 2 && vi->n > 0 && en->n > 0;
}

static bool take(const struct yml *v, struct technique *out, struct err *why)
{
	struct technique t = { .id = yml_get_str(v, "id") };

	if (v->kind != YML_MAP || v->n != 3 || !id_valid(t.id))
		return err_set(why, ERR_INPUT, v->line,
			       "expected 'id' (such as T1059.001), 'name' and 'text'");
	if (!take_both(yml_get(v, "name"), &t.name_vi, &t.name_en) ||
	    !take_both(yml_get(v, "text"), &t.text_vi, &t.text_en))
		return err_set(why, ERR_INPUT, v->line, "expected 'vi' and 'en' of %.*s",
			       STR_ARG(t.id));
	*out = t;
	return true;
}

bool techniques_parse(struct arena *a, struct str yaml, struct techniques *out, struct err *why)
{
	const struct yml *doc;

	if (!yml_parse(a, yaml, &doc, why))
		return false;
	if (doc == NULL || doc->kind != YML_SEQ || doc->n > ITEMS_MAX)
		return err_set(why, ERR_INPUT, 1, "expected a list of techniques");
	struct technique *all = NEW(a, struct technique, doc->n);
	size_t n = 0;
	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (const struct yml *v = yml_first(doc); v != NULL; v = v->next, n++) {
		if (!take(v, &all[n], why))
			return false;
		if (n > 0 && str_cmp(all[n - 1].id, all[n].id) >= 0)
			return err_set(why, ERR_INPUT, v->line, "%.*s does not stand in order",
				       STR_ARG(all[n].id));
	}
	*out = (struct techniques){ all, n };
	return true;
}

static void put_both(struct jsonw *w, const char *key, struct str vi, struct str en)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", vi);
	jsonw_kv_str(w, "en", en);
	jsonw_close(w, '}');
}

void techniques_put(const struct techniques *all, struct jsonw *w)
{
	jsonw_open(w, '{');
	jsonw_key(w, "items");
	jsonw_open(w, '[');
	for (size_t i = 0; all != NULL && i < all->n; i++) {
		const struct technique *t = &all->items[i];

		jsonw_open(w, '{');
		jsonw_kv_str(w, "id", t->id);
		put_both(w, "name", t->name_vi, t->name_en);
		put_both(w, "text", t->text_vi, t->text_en);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_key(w, "next");
	jsonw_null(w);
	jsonw_close(w, '}');
}
