/* SPDX-License-Identifier: Apache-2.0 */
/* snippets.c - what is pasted on a sender, from YAML to the JSON of the page. */
#include "web/snippets.h"

#include "base/buf.h"
#include "base/jsonw.h"
#include "base/yaml.h"

enum { JSON_ROOM = 1 << 20, ITEMS_MAX = 64, WAYS_MAX = 8 };

static const char *const doors[] = { "udp", "tcp", "tls", "push", "bulk" };
static const char *const blanks[] = { "host", "port", "url", "name", "token" };

static bool one_of(struct str s, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(s, str_of(names[i])))
			return true;
	return false;
}

/* Every {{name}} is one that the page fills in. */
static bool blanks_known(struct str text)
{
	for (;;) {
		size_t from = str_find(text, STR("{{"));

		if (from == text.n)
			return true;
		text = str_skip(text, from + 2);
		size_t to = str_find(text, STR("}}"));
		if (to == text.n || !one_of(str_sub(text, 0, to), blanks, COUNT(blanks)))
			return false;
		text = str_skip(text, to + 2);
	}
}

/* {"vi","en"} under `key`; absent where it need not be: null. */
static bool put_both(struct jsonw *w, const struct yml *v, const char *key, bool need,
		     struct err *why)
{
	const struct yml *both = yml_get(v, key);
	struct str vi = yml_get_str(both, "vi"), en = yml_get_str(both, "en");

	jsonw_key(w, key);
	if (both == NULL && !need) {
		jsonw_null(w);
		return true;
	}
	if (both == NULL || both->n != 2 || vi.n == 0 || en.n == 0)
		return err_set(why, ERR_INPUT, v->line, "expected 'vi' and 'en' of every text");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", vi);
	jsonw_kv_str(w, "en", en);
	jsonw_close(w, '}');
	return true;
}

static bool put_way(struct jsonw *w, const struct yml *v, struct err *why)
{
	struct str door = yml_get_str(v, "door"), text = yml_get_str(v, "text");

	if (!one_of(door, doors, COUNT(doors)))
		return err_set(why, ERR_INPUT, v->line,
			       "'door' must be udp, tcp, tls, push or bulk");
	if (text.n == 0 || !blanks_known(text))
		return err_set(why, ERR_INPUT, v->line,
			       "a text is missing, or holds a blank that nobody fills in");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "door", door);
	jsonw_kv_str(w, "file", yml_get_str(v, "file"));
	jsonw_kv_str(w, "text", text);
	bool ok = put_both(w, v, "title", true, why) && put_both(w, v, "then", false, why);
	jsonw_close(w, '}');
	return ok;
}

static bool put_ways(struct jsonw *w, const struct yml *v, struct err *why)
{
	const struct yml *ways = yml_get(v, "ways");
	bool ok = ways != NULL && ways->kind == YML_SEQ && ways->n > 0 && ways->n <= WAYS_MAX;

	if (!ok)
		return err_set(why, ERR_INPUT, v->line, "expected the ways of a snippet");
	jsonw_key(w, "ways");
	jsonw_open(w, '[');
	for (const struct yml *way = yml_first(ways); ok && way != NULL; way = way->next)
		ok = put_way(w, way, why);
	jsonw_close(w, ']');
	return ok;
}

static void put_formats(struct jsonw *w, const struct yml *formats)
{
	jsonw_key(w, "formats");
	jsonw_open(w, '[');
	for (const struct yml *f = yml_first(formats); f != NULL; f = f->next)
		jsonw_str(w, yml_str(f));
	jsonw_close(w, ']');
}

static bool put_snippet(struct jsonw *w, const struct yml *v, struct err *why)
{
	struct str id = yml_get_str(v, "id");

	if (id.n == 0 || yml_first(yml_get(v, "formats")) == NULL)
		return err_set(why, ERR_INPUT, v->line, "expected 'id' and 'formats' of a snippet");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", id);
	put_formats(w, yml_get(v, "formats"));
	bool ok = put_both(w, v, "title", true, why) && put_both(w, v, "about", true, why) &&
		  put_both(w, v, "undo", true, why) && put_ways(w, v, why);
	jsonw_close(w, '}');
	return ok;
}

static bool put_all(struct jsonw *w, const struct yml *doc, struct err *why)
{
	bool ok = true;

	jsonw_open(w, '{');
	jsonw_key(w, "items");
	jsonw_open(w, '[');
	for (const struct yml *v = yml_first(doc); ok && v != NULL; v = v->next)
		ok = put_snippet(w, v, why);
	jsonw_close(w, ']');
	jsonw_key(w, "next");
	jsonw_null(w);
	jsonw_close(w, '}');
	return ok;
}

bool snippets_parse(struct arena *a, struct str yaml, struct str *out, struct err *why)
{
	struct buf json = BUF(JSON_ROOM);
	struct jsonw w = { .out = &json };
	const struct yml *doc;

	if (!yml_parse(a, yaml, &doc, why))
		return false;
	if (doc == NULL || doc->kind != YML_SEQ || doc->n == 0 || doc->n > ITEMS_MAX)
		return err_set(why, ERR_INPUT, 1, "expected a list of snippets");
	bool ok = put_all(&w, doc, why);
	struct str kept = ok ? arena_str(a, buf_str(&json)) : (struct str){ NULL, 0 };
	if (ok && (json.full || kept.p == NULL))
		ok = err_set(why, ERR_LIMIT, 0, "no memory");
	buf_free(&json);
	if (ok)
		*out = kept;
	return ok;
}
