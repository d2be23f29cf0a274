/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loader.c - one struct loading from the inventory to the answer; everything in its arena goes with
 * the wits it makes.
 */
#include "proc/loader.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "detect/detector.h"
#include "proc/guides.h"
#include "proc/kept_list.h"
#include "proc/kept_rules.h"
#include "proc/ranges.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { RULE_FILE_MAX = 8 << 20, LIST_FILE_MAX = 1 << 30, READ_STEP = 8 << 20 };
#define WITS_ROOM ((size_t)64 << 20)
#define FILE_ROOM ((size_t)1200 << 20)

struct loading {
	const struct loader *loader;
	const struct json *inventory;
	struct wits *wits;
	struct rule_set *rules;
	struct list_set *lists;
	struct list_guides guides;
	struct arena file; /* scratch for one file at a time */
	struct arena mem;  /* of the wits */
	struct jsonw w;
	/* of the folder that is read: what stands for its path in the names that are shown */
	const char *root, *prefix;
	struct str bundle; /* the name of the import that is read */
};

void loader_start(struct loader *l, const struct config *c, struct pipeline *p)
{
	l->config = c;
	l->pipeline = p;
	pthread_mutex_init(&l->lock, NULL);
}

void loader_config(struct loader *l, const struct config *c)
{
	l->config = c;
}

void loader_stop(struct loader *l)
{
	pthread_mutex_lock(&l->lock);
	l->pipeline = NULL;
	pthread_mutex_unlock(&l->lock);
}

static bool hand_over(struct loader *l, struct wits *w, struct err *why)
{
	pthread_mutex_lock(&l->lock);
	bool alive = l->pipeline != NULL;
	if (alive) {
		l->lists = detector_lists(w->detector);
		pipeline_wits(l->pipeline, w);
	}
	pthread_mutex_unlock(&l->lock);
	return alive || err_set(why, ERR_STATE, 0, "canh is stopping");
}

/* --- rules --- */

enum { SHOWN_MAX = 1024 };

/* "linux/sshd.yml", "import/0192...yml": how a file is named to people; returns out. */
static struct str shown(const struct loading *g, const char *path, char out[SHOWN_MAX])
{
	size_t n = strlen(g->root);
	bool below = strncmp(path, g->root, n) == 0 && path[n] == '/';

	snprintf(out, SHOWN_MAX, "%s%s", g->prefix, below ? path + n + 1 : path);
	return str_of(out);
}

static bool is_yaml(const char *name)
{
	return str_ends(str_of(name), STR(".yml")) || str_ends(str_of(name), STR(".yaml"));
}

static bool load_sources(void *ctx, const char *path, const char *name)
{
	struct loading *g = ctx;
	struct arena a = g->file;
	struct str text;
	struct err why = { 0 };

	if (!is_yaml(name))
		return true;
	if (!file_load(&a, AT_FDCWD, path, RULE_FILE_MAX, &text, &why) ||
	    !rule_set_sources(g->rules, text, &why))
		log_error("log sources '%s', line %zu: %s", name, why.at, why.text);
	return true;
}

static bool load_values(void *ctx, const char *path, const char *name)
{
	struct loading *g = ctx;
	struct arena a = g->file;
	struct str text;
	struct err why = { 0 };

	if (is_yaml(name) && (!file_load(&a, AT_FDCWD, path, RULE_FILE_MAX, &text, &why) ||
			      !rule_set_lists_shipped(g->rules, text, &why)))
		log_error("lists of values '%s', line %zu: %s", name, why.at, why.text);
	return true;
}

static bool load_rules(void *ctx, const char *path, const char *name)
{
	struct loading *g = ctx;
	struct arena a = g->file;
	char label[SHOWN_MAX];
	struct str text;
	struct err why = { 0 };

	if (!is_yaml(name))
		return true;
	if (file_load(&a, AT_FDCWD, path, RULE_FILE_MAX, &text, &why))
		rule_set_add(g->rules, shown(g, path, label), text);
	else
		rule_set_refuse(g->rules, shown(g, path, label), &why);
	return true;
}

static void load_kept(void *ctx, struct str path, struct str text)
{
	struct loading *g = ctx;
	char label[SHOWN_MAX];
	int n = snprintf(label, sizeof label, "%s%.*s%s%.*s", g->prefix, STR_ARG(g->bundle),
			 g->bundle.n > 0 && !str_eq(g->bundle, path) ? "/" : "",
			 STR_ARG(str_eq(g->bundle, path) ? STR("") : path));

	if (n > 0)
		rule_set_add(g->rules, str_of(label), text);
}

/* What was imported: rules/ID.rules; loose files that an earlier version kept, too. */
static bool load_imported(void *ctx, const char *path, const char *name)
{
	struct loading *g = ctx;
	struct arena a = g->file;
	char label[SHOWN_MAX];
	struct str text;
	struct err why = { 0 };

	if (!str_ends(str_of(name), STR(".rules")))
		return load_rules(ctx, path, name);
	g->bundle = STR("");
	if (!file_load(&a, AT_FDCWD, path, 2 * (size_t)KEPT_RULES_MAX, &text, &why) ||
	    !kept_rules_read(text, &g->bundle, load_kept, g, &why))
		rule_set_refuse(g->rules, shown(g, path, label), &why);
	return true;
}

static void unreadable(void *ctx, const char *path, const struct err *why)
{
	struct loading *g = ctx;
	char label[SHOWN_MAX];

	rule_set_refuse(g->rules, shown(g, path, label), why);
}

static void walk(struct loading *g, struct str folder, const char *sub, const char *prefix,
		 bool (*fn)(void *ctx, const char *path, const char *name))
{
	char path[4096];
	struct walk w = { fn, unreadable, g };

	snprintf(path, sizeof path, "%.*s/%s", STR_ARG(folder), sub);
	g->root = path;
	g->prefix = prefix;
	file_walk(path, &w);
	g->root = g->prefix = "";
}

/* --- lists --- */

static int64_t time_or_none(const struct json *j, const char *key)
{
	int64_t t;

	return json_int(json_get(j, key), &t) ? t : TIME_NONE;
}

static void list_info_of(const struct loading *g, const struct json *j, struct list_info *out)
{
	enum list_kind kind = LIST_UNKNOWN;

	if (!list_kind_find(json_get_str(j, "kind"), &kind))
		kind = LIST_UNKNOWN;
	*out = (struct list_info){
		.id = json_get_str(j, "id"),
		.name = json_get_str(j, "name"),
		.letter = json_get_str(j, "letter"),
		.issuer = json_get_str(j, "issuer"),
		.month = json_get_str(j, "month"),
		.tlp = json_get_str(j, "tlp"),
		.kind = (uint8_t)kind,
		.valid_from = time_or_none(j, "valid_from"),
		.valid_until = time_or_none(j, "valid_until"),
	};
	out->guide_vi = g->guides.vi[kind];
	out->guide_en = g->guides.en[kind];
	snprintf(out->sha256, sizeof out->sha256, "%.*s", STR_ARG(json_get_str(j, "sha256")));
}

static bool has_list(const struct list_set *set, struct str id)
{
	for (size_t i = 0; i < list_set_lists(set); i++)
		if (str_eq(list_set_list(set, i)->id, id))
			return true;
	return false;
}

/* The lines of a kept list; what was taken of them is given back on the way, since a list of millions and
 * the set made of it would else stand in memory together. */
static bool take_lines(struct arena a, struct str text, struct list_builder *b, struct err *why)
{
	struct str line, read = { text.p, 0 };

	while (str_line(&text, &line)) {
		if (!kept_list_take(a, line, b, why)) {
			list_builder_bad(b);
			if (why->kind == ERR_LIMIT)
				return false;
		}
		read.n = (size_t)(text.p - read.p);
		if (read.n < READ_STEP)
			continue;
		arena_drop(read);
		read = (struct str){ text.p, 0 };
	}
	return true;
}

/* False: it could not be read; *kept says whether what was read of it the last time stays in use. */
static bool read_list(struct loading *g, struct list_builder *b, const struct json *j, bool *kept,
		      struct err *why)
{
	struct arena a = g->file;
	struct str text;
	struct list_info info;
	char path[4096];

	list_info_of(g, j, &info);
	snprintf(path, sizeof path, "%.*s/lists/%.*s.list", STR_ARG(g->loader->config->data),
		 STR_ARG(info.id));
	bool there = file_load(&a, AT_FDCWD, path, LIST_FILE_MAX, &text, why);
	if (!there && (g->loader->lists == NULL || !has_list(g->loader->lists, info.id)))
		return false;
	if (!list_builder_begin(b, &info, there ? why : NULL))
		return false;
	if (!there) {
		*kept = list_builder_keep(b, g->loader->lists, info.id, kept, NULL) && *kept;
		return false;
	}
	return take_lines(a, text, b, why);
}

/* Without guides an alert says less; it is an alert all the same. */
static void load_guides(struct loading *g)
{
	struct arena a = g->file;
	char path[4096];
	struct str text;
	struct err why = { 0 };

	snprintf(path, sizeof path, "%.*s/guides.yaml", STR_ARG(g->loader->config->content));
	if (!file_load(&a, AT_FDCWD, path, RULE_FILE_MAX, &text, &why) ||
	    !guides_parse(&g->mem, text, &g->guides, &why))
		log_error("guides, line %zu: %s", why.at, why.text);
}

/* The lists; one that cannot be read is named in the answer, and what it was before stays in use. */
static bool build_lists(struct loading *g, struct err *why)
{
	const struct json *lists = json_get(g->inventory, "lists");
	struct list_builder *b;
	uint64_t seed;

	crypt_random(&seed, sizeof seed);
	b = list_builder_new(seed);
	if (b == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	jsonw_key(&g->w, "lists");
	jsonw_open(&g->w, '[');
	for (size_t i = 0; i < json_count(lists); i++) {
		struct err bad = { 0 };
		bool kept = false, ok = read_list(g, b, json_at(lists, i), &kept, &bad);

		jsonw_open(&g->w, '{');
		jsonw_kv_str(&g->w, "id", json_get_str(json_at(lists, i), "id"));
		jsonw_kv_str(&g->w, "kind", json_get_str(json_at(lists, i), "kind"));
		if (!ok) {
			char vi[ERR_TEXT_MAX];

			jsonw_key(&g->w, "error");
			jsonw_open(&g->w, '{');
			jsonw_kv_str(&g->w, "vi", str_of(err_text(&bad, LANG_VI, vi, sizeof vi)));
			jsonw_kv_str(&g->w, "en", str_of(bad.text));
			jsonw_close(&g->w, '}');
			jsonw_kv_bool(&g->w, "kept", kept);
			log_error("list '%.*s': %s; %s",
				  STR_ARG(json_get_str(json_at(lists, i), "name")), bad.text,
				  kept ? "what was read of it before stays in use"
				       : "it is not in use");
		}
		jsonw_close(&g->w, '}');
	}
	jsonw_close(&g->w, ']');
	g->lists = list_builder_done(b, why);
	return g->lists != NULL;
}

/* --- exceptions --- */

static size_t exception_fields(struct loading *g, const struct json *fields, struct exception *out)
{
	struct exception_field *f = NEW(&g->mem, struct exception_field, EXCEPTION_MAX_FIELDS);
	const struct json *v;
	const void *it = NULL;
	struct str key;
	size_t n = 0;

	if (f == NULL)
		return 0;
	while ((it = json_next(fields, it, &key, &v)) != NULL && n < EXCEPTION_MAX_FIELDS) {
		f[n].name = arena_str(&g->mem, key);
		f[n++].value = arena_str(&g->mem, json_str(v));
	}
	out->field = f;
	return n;
}

static const struct exception *exceptions(struct loading *g, size_t *n)
{
	const struct json *list = json_get(g->inventory, "exceptions");
	size_t count = json_count(list) < EXCEPTIONS_MAX ? json_count(list) : EXCEPTIONS_MAX;
	struct exception *e = NEW(&g->mem, struct exception, count + 1);

	*n = 0;
	for (size_t i = 0; e != NULL && i < count; i++) {
		const struct json *j = json_at(list, i);
		struct exception *x = &e[(*n)++];

		x->id = arena_str(&g->mem, json_get_str(j, "id"));
		x->rule = arena_str(&g->mem, json_get_str(j, "rule"));
		x->expires = time_or_none(j, "expires");
		x->n = exception_fields(g, json_get(j, "fields"), x);
	}
	return e;
}

/* --- answer --- */

static void write_tags(struct jsonw *w, const struct rule_info *r)
{
	jsonw_key(w, "tags");
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->n_tags; i++)
		jsonw_str(w, r->tags[i]);
	jsonw_close(w, ']');
}

static void write_rule(struct jsonw *w, const struct rule_info *r)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", r->id);
	jsonw_kv_str(w, "title", r->title);
	jsonw_kv_str(w, "title_vi", r->title_vi.n > 0 ? r->title_vi : (struct str){ NULL, 0 });
	jsonw_kv_str(w, "level", str_of(severity_name((enum severity)r->severity)));
	jsonw_kv_str(w, "status", STR("loaded"));
	jsonw_kv_str(w, "reason", (struct str){ NULL, 0 });
	jsonw_kv_str(w, "file", r->file);
	jsonw_kv_int(w, "line", r->line);
	jsonw_kv_str(w, "logsource", r->logsource);
	jsonw_kv_str(w, "origin",
		     str_starts(r->file, STR("import/")) ? STR("imported") : STR("shipped"));
	write_tags(w, r);
	jsonw_close(w, '}');
}

static void write_fault(struct jsonw *w, const struct rule_fault *f)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", f->id);
	jsonw_kv_str(w, "title", f->title);
	jsonw_kv_str(w, "title_vi", (struct str){ NULL, 0 });
	jsonw_kv_str(w, "level", (struct str){ NULL, 0 });
	jsonw_kv_str(w, "status", STR("refused"));
	jsonw_kv_str(w, "reason", str_of(f->why.text));
	jsonw_kv_str(w, "file", f->file);
	jsonw_kv_int(w, "line", (int64_t)f->why.at);
	jsonw_kv_str(w, "logsource", STR(""));
	jsonw_kv_str(w, "origin",
		     str_starts(f->file, STR("import/")) ? STR("imported") : STR("shipped"));
	jsonw_key(w, "tags");
	jsonw_open(w, '[');
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static void write_rules(struct loading *g)
{
	jsonw_key(&g->w, "rules");
	jsonw_open(&g->w, '[');
	for (size_t i = 0; i < rule_set_count(g->rules); i++)
		write_rule(&g->w, rule_set_at(g->rules, i));
	for (size_t i = 0; i < rule_set_faults(g->rules); i++)
		write_fault(&g->w, rule_set_fault(g->rules, i));
	jsonw_close(&g->w, ']');
	jsonw_key(&g->w, "counts");
	jsonw_open(&g->w, '{');
	jsonw_kv_int(&g->w, "loaded", (int64_t)rule_set_count(g->rules));
	jsonw_kv_int(&g->w, "refused", (int64_t)rule_set_faults(g->rules));
	jsonw_close(&g->w, '}');
}

static bool write_own(void *ctx, const struct list_finding *f)
{
	struct loading *g = ctx;
	char lo[ADDR_TEXT_MAX], hi[ADDR_TEXT_MAX], text[2 * ADDR_TEXT_MAX + 2];

	addr_text(&f->range.lo, lo);
	addr_text(&f->range.hi, hi);
	snprintf(text, sizeof text, strcmp(lo, hi) == 0 ? "%s" : "%s-%s", lo, hi);
	jsonw_open(&g->w, '{');
	jsonw_kv_str(&g->w, "list", f->list->id);
	jsonw_kv_int(&g->w, "line", (int64_t)f->line);
	jsonw_kv_str(&g->w, "address", str_of(text));
	jsonw_close(&g->w, '}');
	return true;
}

static void write_findings(struct loading *g)
{
	jsonw_key(&g->w, "own");
	jsonw_open(&g->w, '[');
	list_set_own_findings(g->lists, &g->wits->own, time_now(), write_own, g);
	jsonw_close(&g->w, ']');
}

/* --- all of it --- */

static bool fill(struct loading *g, struct err *why)
{
	const struct config *c = g->loader->config;
	struct detector_parts parts = { .own = &g->wits->own };
	char decoders[4096];
	struct err none = { 0 };

	if (!ranges_read(&g->mem, json_get(g->inventory, "ranges"), &g->wits->own, why))
		return false;
	g->wits->zone = zone_load(c->zone, why);
	g->rules = rule_set_new();
	if (g->wits->zone == NULL || !ways_make(&g->mem, c, &g->wits->ways, why))
		return false;
	if (g->rules == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	snprintf(decoders, sizeof decoders, "%.*s/decoders", STR_ARG(c->content));
	g->wits->decoders = decoders_load(decoders, &none);
	if (g->wits->decoders == NULL)
		log_error("no text decoders: %s", none.text);
	walk(g, c->content, "sigma/logsources", "", load_sources);
	walk(g, c->content, "sigma/values", "", load_values);
	walk(g, c->content, "rules", "", load_rules);
	walk(g, c->data, "rules", "import/", load_imported);
	rule_set_link(g->rules);
	load_guides(g);
	if (!build_lists(g, why))
		return false;
	write_rules(g);
	write_findings(g);
	parts.rules = g->rules;
	parts.lists = g->lists;
	parts.exception = exceptions(g, &parts.n_exceptions);
	g->rules = NULL;
	g->lists = NULL;
	g->wits->detector = detector_new(&parts, why);
	return g->wits->detector != NULL;
}

static bool load(struct loading *g, struct err *why)
{
	jsonw_open(&g->w, '{');
	bool ok = fill(g, why);

	jsonw_kv_int(&g->w, "public_ranges", (int64_t)g->wits->own.n_public);
	jsonw_kv_bool(&g->w, "decoders", g->wits->decoders != NULL);
	jsonw_close(&g->w, '}');
	rule_set_free(g->rules);
	list_set_free(g->lists);
	return ok && (!g->w.out->full || err_set(why, ERR_LIMIT, 0, "the answer is too long"));
}

/* Also on failure the wits are freed here. */
static bool make(const struct loader *l, struct str inventory, struct buf *answer,
		 struct wits **out, struct err *why)
{
	struct loading g = { .loader = l, .w = { .out = answer }, .root = "", .prefix = "" };
	struct json *j = NULL;
	bool ok = false;

	if (!json_parse(inventory, 16 << 20, &j, why))
		return false;
	g.inventory = j;
	g.wits = calloc(1, sizeof *g.wits);
	if (g.wits != NULL && arena_reserve(&g.wits->whole, WITS_ROOM) &&
	    arena_reserve(&g.file, FILE_ROOM)) {
		struct arena file = g.file;

		g.mem = g.wits->whole;
		ok = load(&g, why);
		arena_release(file);
	} else {
		err_set(why, ERR_LIMIT, 0, "no memory");
	}
	json_free(j);
	if (ok)
		*out = g.wits;
	else
		wits_free(g.wits);
	return ok;
}

bool loader_load(struct loader *l, struct str inventory, struct buf *answer, struct err *why)
{
	struct wits *w = NULL;

	if (!make(l, inventory, answer, &w, why))
		return false;
	size_t rules = rule_set_count(detector_rules(w->detector)),
	       lists = list_set_lists(detector_lists(w->detector));
	if (hand_over(l, w, why)) {
		log_info("%zu rules, %zu lists are in use", rules, lists);
		return true;
	}
	wits_free(w);
	return false;
}

bool loader_make(const struct config *c, struct str inventory, struct buf *answer,
		 struct wits **out, struct err *why)
{
	const struct loader alone = { .config = c };

	return make(&alone, inventory, answer, out, why);
}
