/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yara_rules.c - texts to one YR_RULES.
 *
 * libyara gives a compiler up after the first mistake. So all files are tried together; when one is
 * wrong each is tried alone, those that fail are set aside, and the rest is compiled together again.
 */
#include "sweep/yara_rules.h"

#include "sweep/yara_int.h"

#include <stdlib.h>

#define ROOM ((size_t)256 << 20) /* of texts, mostly */
/* Of files, and of those that could not be read. */
enum { FAULTS_MAX = 2 * YARA_FILES_MAX };

static const char *const variables[] = { "filename", "filepath", "extension", "filetype", "owner" };

struct source {
	struct str path, text; /* a NUL stands behind each */
	bool bad;
};

struct yara_build {
	struct arena whole, arena;
	struct source *source;
	size_t n;
	struct yara_fault **fault;
	size_t n_faults;
};

const char *yara_version(void)
{
	return YR_VERSION;
}

static void build_free(struct yara_build *b)
{
	arena_release(b->whole);
	free(b);
}

struct yara_build *yara_build_new(void)
{
	struct yara_build *b = calloc(1, sizeof *b);

	if (b == NULL || !arena_reserve(&b->whole, ROOM)) {
		free(b);
		return NULL;
	}
	b->arena = b->whole;
	b->source = NEW(&b->arena, struct source, YARA_FILES_MAX);
	b->fault = NEW(&b->arena, struct yara_fault *, FAULTS_MAX);
	if (b->source != NULL && b->fault != NULL)
		return b;
	build_free(b);
	return NULL;
}

static void add_fault(struct yara_build *b, struct str path, uint64_t line, const struct err *why)
{
	struct yara_fault *f = b->n_faults < FAULTS_MAX ? NEW(&b->arena, struct yara_fault, 1)
							: NULL;

	if (f == NULL)
		return;
	*f = (struct yara_fault){ path, line, *why };
	b->fault[b->n_faults++] = f;
}

bool yara_build_add(struct yara_build *b, struct str path, struct str text, struct err *why)
{
	struct source s = { .path = arena_str(&b->arena, path),
			    .text = arena_str(&b->arena, text) };

	if (b->n == YARA_FILES_MAX || s.path.p == NULL || s.text.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", text.n);
	if (memchr(text.p, '\0', text.n) != NULL) {
		struct err zero;

		err_set(&zero, ERR_INPUT, 0, "not text: it holds a NUL");
		add_fault(b, s.path, 0, &zero);
		s.bad = true;
	}
	b->source[b->n++] = s;
	return true;
}

void yara_build_refuse(struct yara_build *b, struct str path, const struct err *why)
{
	struct str kept = arena_str(&b->arena, path);

	add_fault(b, kept.p == NULL ? STR("") : kept, 0, why);
}

/* --- compiling --- */

struct complaint {
	uint64_t line;
	struct err why; /* the first */
};

static void complain(int level, const char *file, int line, const YR_RULE *rule,
		     const char *message, void *ctx)
{
	struct complaint *c = ctx;

	(void)file;
	(void)rule;
	if (level != YARA_ERROR_LEVEL_ERROR || c->why.kind != ERR_NONE)
		return;
	c->line = line > 0 ? (uint64_t)line : 0;
	err_set(&c->why, ERR_INPUT, (size_t)c->line, "%s", message);
}

static YR_COMPILER *compiler_new(struct complaint *c)
{
	YR_COMPILER *y;

	if (yr_compiler_create(&y) != ERROR_SUCCESS)
		return NULL;
	yr_compiler_set_callback(y, complain, c);
	yr_compiler_set_include_callback(y, NULL, NULL, NULL);
	for (size_t i = 0; i < COUNT(variables); i++) {
		if (yr_compiler_define_string_variable(y, variables[i], "") == ERROR_SUCCESS)
			continue;
		yr_compiler_destroy(y);
		return NULL;
	}
	return y;
}

static bool no_memory(struct err *why)
{
	return err_set(why, ERR_LIMIT, 0, "no memory");
}

/* Compile [from, to) of what is not bad. False with *at the file that is wrong and *c why, or, where
 * *c says nothing, because YARA failed. `out` may be NULL. */
static bool compile(const struct yara_build *b, size_t from, size_t to, struct complaint *c,
		    size_t *at, YR_RULES **out)
{
	YR_COMPILER *y = compiler_new(c);
	bool ok = y != NULL;

	for (size_t i = from; ok && i < to; i++) {
		const struct source *s = &b->source[i];

		*at = i;
		ok = s->bad || yr_compiler_add_string(y, s->text.p, s->path.p) == 0;
		if (!ok && c->why.kind == ERR_NONE)
			err_set(&c->why, ERR_INPUT, 0, "YARA cannot compile it");
	}
	if (ok && out != NULL)
		ok = yr_compiler_get_rules(y, out) == ERROR_SUCCESS;
	if (y != NULL)
		yr_compiler_destroy(y);
	return ok;
}

static void set_aside(struct yara_build *b, size_t at, const struct complaint *c)
{
	b->source[at].bad = true;
	add_fault(b, b->source[at].path, c->line, &c->why);
}

static void try_each(struct yara_build *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct complaint c = { 0 };
		size_t at = i;

		if (!b->source[i].bad && !compile(b, i, i + 1, &c, &at, NULL))
			set_aside(b, i, &c);
	}
}

static bool compile_all(struct yara_build *b, YR_RULES **out, struct err *why)
{
	bool tried = false;

	for (;;) {
		struct complaint c = { 0 };
		size_t at = 0;

		if (compile(b, 0, b->n, &c, &at, out))
			return true;
		if (c.why.kind == ERR_NONE)
			return no_memory(why);
		if (tried)
			set_aside(b, at, &c); /* alone it compiles, among the others it does not */
		else
			try_each(b);
		tried = true;
	}
}

static void hash_sources(const struct yara_build *b, char out[HASH_HEX_MAX])
{
	unsigned char sum[HASH_SHA256_LEN];
	struct hash h;

	hash_begin(&h, HASH_SHA256);
	for (size_t i = 0; i < b->n; i++) {
		const struct source *s = &b->source[i];

		if (s->bad)
			continue;
		hash_add(&h, (struct str){ s->path.p, s->path.n + 1 });
		hash_add(&h, (struct str){ s->text.p, s->text.n + 1 });
	}
	hash_end(&h, sum);
	hash_hex(sum, sizeof sum, out);
}

static void fill_set(struct yara_set *set, const struct yara_build *b)
{
	const YR_RULE *rule;

	set->whole = b->whole;
	set->fault = b->fault;
	set->n_faults = b->n_faults;
	for (size_t i = 0; i < b->n; i++)
		set->n_files += !b->source[i].bad;
	hash_sources(b, set->sha256);
	yr_rules_foreach(set->rules, rule) set->n_rules++;
}

struct yara_set *yara_build_done(struct yara_build *b, struct err *why)
{
	struct yara_set *set = calloc(1, sizeof *set);
	bool ok = set != NULL && yr_initialize() == ERROR_SUCCESS;

	if (!ok)
		no_memory(why);
	ok = ok && compile_all(b, &set->rules, why);
	if (ok) {
		fill_set(set, b);
		free(b);
		return set;
	}
	build_free(b);
	free(set);
	return NULL;
}

void yara_set_free(struct yara_set *set)
{
	if (set == NULL)
		return;
	yr_rules_destroy(set->rules);
	yr_finalize();
	arena_release(set->whole);
	free(set);
}

size_t yara_set_rules(const struct yara_set *set)
{
	return set->n_rules;
}

size_t yara_set_files(const struct yara_set *set)
{
	return set->n_files;
}

size_t yara_set_faults(const struct yara_set *set)
{
	return set->n_faults;
}

const struct yara_fault *yara_set_fault(const struct yara_set *set, size_t i)
{
	return set->fault[i];
}

const char *yara_set_sha256(const struct yara_set *set)
{
	return set->sha256;
}
