/* SPDX-License-Identifier: Apache-2.0 */
/* told_rules.c - parsed once: which rows are loaded, of which log source, and what to search in. */
#include "proc/told_rules.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

enum { FRESH = 7 /* days: a rule can fire when its log source was seen in these */ };
#define ROOM ((size_t)256 << 20)

struct row {
	const struct json *json;
	struct str logsource, text; /* text: folded, to search in */
	size_t source;
	bool loaded;
};

struct told_rules {
	struct json *root;  /* owned */
	struct arena whole; /* owned; all that follows */
	struct row *row;
	size_t n;
	struct source {
		struct str name;
		int64_t loaded; /* rules */
	} * source;
	size_t n_sources;
	int64_t loaded;
};

static struct str search_text(struct arena *a, const struct json *rule)
{
	static const char *const members[] = { "title", "title_vi",  "id",
					       "file",  "logsource", "level" };
	struct str all = { NULL, 0 };
	struct buf b = BUF(1 << 20);

	for (size_t i = 0; i < COUNT(members); i++) {
		buf_add(&b, json_get_str(rule, members[i]));
		buf_char(&b, '\n');
	}
	if (!b.full)
		all = utf8_fold_search(a, buf_str(&b));
	/* folding may give back what it was given */
	if (all.p != NULL && all.p == b.p)
		all = arena_str(a, all);
	buf_free(&b);
	return all;
}

static int by_source(const void *a, const void *b)
{
	const struct row *const *x = a, *const *y = b;

	return str_cmp((*x)->logsource, (*y)->logsource);
}

/* Number the log sources. */
static bool name_sources(struct told_rules *t, struct arena *a)
{
	struct row **sorted = NEW(a, struct row *, t->n + 1);

	t->source = NEW(a, struct source, t->n + 1);
	if (sorted == NULL || t->source == NULL)
		return false;
	for (size_t i = 0; i < t->n; i++)
		sorted[i] = &t->row[i];
	if (t->n > 0)
		qsort(sorted, t->n, sizeof *sorted, by_source);
	for (size_t i = 0; i < t->n; i++) {
		struct row *r = sorted[i];

		if (i == 0 || !str_eq(r->logsource, sorted[i - 1]->logsource))
			t->source[t->n_sources++].name = r->logsource;
		r->source = t->n_sources - 1;
		t->source[r->source].loaded += r->loaded;
		t->loaded += r->loaded;
	}
	return true;
}

static bool fill(struct told_rules *t, struct arena *a)
{
	const struct json *items = json_get(t->root, "rules");

	t->n = json_count(items);
	t->row = NEW(a, struct row, t->n + 1);
	for (size_t i = 0; t->row != NULL && i < t->n; i++) {
		struct row *r = &t->row[i];

		r->json = json_at(items, i);
		r->logsource = json_get_str(r->json, "logsource");
		r->loaded = str_eq(json_get_str(r->json, "status"), STR("loaded"));
		r->text = search_text(a, r->json);
		if (r->text.p == NULL)
			return false;
	}
	return t->row != NULL && name_sources(t, a);
}

bool told_rules_parse(struct str answer, struct told_rules **out, struct err *why)
{
	struct told_rules *t = calloc(1, sizeof *t);

	if (t == NULL || !arena_reserve(&t->whole, ROOM)) {
		free(t);
		return err_set(why, ERR_LIMIT, 0, "no memory");
	}
	struct arena a = t->whole;
	bool ok = json_parse(answer, TOLD_RULES_MAX, &t->root, why) &&
		  (fill(t, &a) || err_set(why, ERR_LIMIT, 0, "no memory"));

	if (ok)
		*out = t;
	else
		told_rules_free(t);
	return ok;
}

void told_rules_free(struct told_rules *t)
{
	if (t == NULL)
		return;
	json_free(t->root);
	arena_release(t->whole);
	free(t);
}

size_t told_rules_sources(const struct told_rules *t)
{
	return t == NULL ? 0 : t->n_sources;
}

struct str told_rules_source(const struct told_rules *t, size_t i)
{
	return t->source[i].name;
}

static bool fires(const struct told_seen *seen, size_t source)
{
	int64_t at = seen->at[source];

	return at != TIME_NONE && seen->now - at <= FRESH * TIME_DAY;
}

void told_rules_count(const struct told_rules *t, const struct told_seen *seen,
		      struct told_counts *out)
{
	*out = (struct told_counts){ 0 };
	if (t == NULL)
		return;
	out->loaded = t->loaded;
	out->refused = (int64_t)t->n - t->loaded;
	for (size_t i = 0; i < t->n_sources; i++)
		out->can_fire += fires(seen, i) ? t->source[i].loaded : 0;
}

static const struct row *find(const struct told_rules *t, struct str id, bool loaded)
{
	for (size_t i = 0; t != NULL && i < t->n; i++)
		if ((t->row[i].loaded || !loaded) &&
		    str_eq_nocase(json_get_str(t->row[i].json, "id"), id))
			return &t->row[i];
	return NULL;
}

struct str told_rules_file(const struct told_rules *t, struct str id)
{
	const struct row *r = find(t, id, true);

	return r != NULL ? json_get_str(r->json, "file") : (struct str){ NULL, 0 };
}

bool told_rules_has(const struct told_rules *t, struct str id)
{
	return id.n > 0 && find(t, id, false) != NULL;
}

struct str told_rules_list(const struct told_rules *t, struct str id, enum lang lang, bool *kept)
{
	const struct json *lists = t == NULL ? NULL : json_get(t->root, "lists");

	for (size_t i = 0; i < json_count(lists); i++) {
		const struct json *list = json_at(lists, i);

		if (!str_eq(json_get_str(list, "id"), id))
			continue;
		*kept = json_bool(json_get(list, "kept"), false);
		return json_get_str(json_get(list, "error"), lang == LANG_EN ? "en" : "vi");
	}
	return (struct str){ NULL, 0 };
}

static void write_tags(struct jsonw *w, const struct json *tags)
{
	jsonw_key(w, "tags");
	jsonw_open(w, '[');
	for (size_t i = 0; i < json_count(tags); i++)
		jsonw_str(w, json_str(json_at(tags, i)));
	jsonw_close(w, ']');
}

static void write_row(struct jsonw *w, const struct row *r, const struct told_seen *seen)
{
	static const char *const texts[] = { "id",     "title", "title_vi",  "level", "status",
					     "reason", "file",  "logsource", "origin" };
	int64_t line = 0;

	jsonw_open(w, '{');
	for (size_t i = 0; i < COUNT(texts); i++)
		jsonw_kv_str(w, texts[i], json_get_str(r->json, texts[i]));
	if (!json_int(json_get(r->json, "line"), &line))
		line = 0;
	jsonw_kv_int(w, "line", line);
	jsonw_kv_bool(w, "can_fire", r->loaded && fires(seen, r->source));
	jsonw_kv_time(w, "last_seen_source", r->loaded ? seen->at[r->source] : TIME_NONE);
	write_tags(w, json_get(r->json, "tags"));
	jsonw_close(w, '}');
}

static bool fits(const struct row *r, const struct told_wish *wish, struct str q)
{
	if (wish->state.n > 0 && !str_eq(wish->state, r->loaded ? STR("loaded") : STR("refused")))
		return false;
	return q.n == 0 || str_find(r->text, q) < r->text.n;
}

static void write_page(const struct told_rules *t, const struct told_seen *seen,
		       const struct told_wish *wish, struct str q, struct jsonw *w)
{
	size_t i = wish->from, written = 0, n = t == NULL ? 0 : t->n;
	char next[24];

	jsonw_key(w, "items");
	jsonw_open(w, '[');
	for (; i < n && (written < wish->limit || !fits(&t->row[i], wish, q)); i++)
		if (fits(&t->row[i], wish, q)) {
			write_row(w, &t->row[i], seen);
			written++;
		}
	jsonw_close(w, ']');
	snprintf(next, sizeof next, "%zu", i);
	jsonw_kv_str(w, "next", i < n ? str_of(next) : (struct str){ NULL, 0 });
}

bool told_rules_write(const struct told_rules *t, const struct told_seen *seen,
		      const struct told_wish *wish, struct jsonw *w, struct err *why)
{
	struct told_counts counts;
	struct arena scratch;

	if (!arena_reserve(&scratch, 1 << 20))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = scratch;
	struct str q = utf8_fold_search(&a, wish->q);

	jsonw_open(w, '{');
	write_page(t, seen, wish, q.p == NULL ? wish->q : q, w);
	told_rules_count(t, seen, &counts);
	jsonw_key(w, "counts");
	jsonw_open(w, '{');
	jsonw_kv_int(w, "loaded", counts.loaded);
	jsonw_kv_int(w, "refused", counts.refused);
	jsonw_kv_int(w, "can_fire", counts.can_fire);
	jsonw_kv_int(w, "evicted_groups", seen->lost.groups);
	jsonw_kv_int(w, "evicted_matches", seen->lost.matches);
	jsonw_kv_int(w, "late_matches", seen->lost.late);
	jsonw_kv_int(w, "unlooked_windows", seen->lost.windows);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
	arena_release(scratch);
	return true;
}
