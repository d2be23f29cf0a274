/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebase_oracle_test.c - every rule base of content/decoders finds in every line of the corpus what
 * liblognorm finds with the same rules: the same fields, the same tags, or nothing.
 *
 * The only file that sees liblognorm. Lines are tried whole and behind each of their first few blanks and
 * colons, as the readers of frames cut them.
 */
#include "event/corpus_int.h"
#include "event/rulebase_int.h"

#include <liblognorm.h>

enum { MAX_GIVEN = 80, CUTS = 6, LINES = 40 };

struct given {
	struct str name, val; /* name empty: a tag */
};

struct found {
	struct given given[MAX_GIVEN];
	size_t n;
	bool any;
};

struct pair {
	struct rulebase *ours;
	ln_ctx peer;
	char file[64];
};

static struct pair pairs[64];
static size_t n_pairs, tried, matched, differ;

static void take(void *ctx, const struct rule_name *name, struct str val)
{
	struct found *f = ctx;

	if (f->n < MAX_GIVEN)
		f->given[f->n++] = (struct given){ name == NULL ? STR("") : name->text, val };
}

static void take_json(struct found *f, struct str name, struct json_object *v)
{
	if (json_object_get_type(v) == json_type_array)
		for (int i = 0; i < json_object_array_length(v); i++)
			take_json(f, STR(""), json_object_array_get_idx(v, i));
	else if (f->n < MAX_GIVEN)
		f->given[f->n++] = (struct given){ name, str_of(json_object_get_string(v)) };
}

static bool ask_peer(ln_ctx peer, struct str line, struct json_object **tree, struct found *f)
{
	struct json_object_iterator it, end;

	*tree = NULL;
	f->any = ln_normalize(peer, line.p, line.n, tree) == 0;
	if (!f->any)
		return false;
	it = json_object_iter_begin(*tree);
	end = json_object_iter_end(*tree);
	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it))
		take_json(f, str_of(json_object_iter_peek_name(&it)),
			  json_object_iter_peek_value(&it));
	return true;
}

static bool has(const struct found *f, struct given want)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_eq(f->given[i].name, want.name) && str_eq(f->given[i].val, want.val))
			return true;
	return false;
}

static bool same(const struct found *a, const struct found *b)
{
	if (a->any != b->any || a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!has(b, a->given[i]) || !has(a, b->given[i]))
			return false;
	return true;
}

static void print(const char *who, const struct found *f)
{
	printf("  %s: %s\n", who, f->any ? "fits" : "does not fit");
	for (size_t i = 0; i < f->n; i++)
		printf("    %.*s = %.*s\n", STR_ARG(f->given[i].name), STR_ARG(f->given[i].val));
}

/* `line` has a NUL behind it, which the peer wants. */
static void compare(const struct pair *p, struct str line)
{
	struct found ours = { .n = 0 }, theirs = { .n = 0 };
	struct json_object *tree;

	ours.any = rulebase_match(p->ours, line, take, &ours);
	ask_peer(p->peer, line, &tree, &theirs);
	tried++;
	matched += ours.any;
	if (!same(&ours, &theirs) && differ++ < 10) {
		printf("%s: %.*s\n", p->file, STR_ARG(line));
		print("ours", &ours);
		print("liblognorm", &theirs);
	}
	if (tree != NULL)
		json_object_put(tree);
}

static void try_line(struct arena a, struct str line)
{
	struct str text = arena_str(&a, line);
	size_t at = 0;

	for (size_t cut = 0; cut < CUTS && at < text.n; cut++) {
		for (size_t i = 0; i < n_pairs; i++)
			compare(&pairs[i], str_skip(text, at));
		while (at < text.n && text.p[at] != ' ')
			at++;
		while (at < text.n && text.p[at] == ' ')
			at++;
	}
}

static bool try_file(void *ctx, const char *path, const char *name)
{
	struct arena a = corpus_whole;
	struct str rest, line;

	(void)ctx, (void)name;
	if (!file_load(&a, AT_FDCWD, path, (size_t)1 << 20, &rest, NULL))
		return true;
	for (size_t n = 0; n < LINES && str_line(&rest, &line); n++)
		if (line.n > 20 && line.n < 4096 && line.p[0] != '#' &&
		    memchr(line.p, '\0', line.n) == NULL)
			try_line(a, line);
	return true;
}

static bool open_pair(void *ctx, const char *path, const char *name)
{
	struct arena a = corpus_whole;
	struct rules *rules = NEW(&a, struct rules, 1);
	struct pair *p = &pairs[n_pairs];
	struct str text;
	struct err why = { 0 };

	(void)ctx;
	if (!str_ends(str_of(name), STR(".rulebase")))
		return true;
	snprintf(p->file, sizeof p->file, "%s", name);
	if (!CHECK(name, n_pairs < COUNT(pairs) && rules != NULL &&
				 file_load(&a, AT_FDCWD, path, RULEBASE_MAX_BYTES, &text, &why)) ||
	    !CHECK(name, rules_expand(&a, text, name, rules, &why)))
		return true;
	p->ours = rulebase_new(text, name, &why);
	p->peer = ln_initCtx();
	if (CHECK(name, p->ours != NULL && p->peer != NULL) &&
	    CHECK(name, ln_loadSamplesFromString(p->peer, rules->text) == 0))
		n_pairs++;
	return true;
}

int main(void)
{
	static const char *const folders[] = { "logs-fail2ban/logs", "logs-crowdsec", "logs-ossec",
					       "logs-appliances",
					       "timeline-plaso/test_data/syslog" };
	const char *source = getenv("CANH_SOURCE");
	char path[4096];

	if (corpus_open("rule bases against liblognorm")) {
		snprintf(path, sizeof path, "%s/content/decoders", source == NULL ? "." : source);
		CHECK("decoders", file_walk(path, &(struct walk){ .fn = open_pair }));
		for (size_t i = 0; i < COUNT(folders); i++) {
			snprintf(path, sizeof path, "%s/%s", test_corpus(), folders[i]);
			CHECK(folders[i], file_walk(path, &(struct walk){ .fn = try_file }));
		}
		printf("%zu rule bases, %zu comparisons, %zu fit, %zu differ\n", n_pairs, tried,
		       matched, differ);
		CHECK("all the same", n_pairs > 20 && matched > 1000 && differ == 0);
		corpus_close();
	}
	for (size_t i = 0; i < n_pairs; i++) {
		rulebase_free(pairs[i].ours);
		ln_exitCtx(pairs[i].peer);
	}
	return TEST_REPORT();
}
