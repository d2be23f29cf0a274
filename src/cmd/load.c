/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c - walks folders and hands bytes to the rule set and to the list reader.
 */
#include "cmd/load.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/time.h"
#include "cmd/folders.h"
#include "cmd/rule_files.h"
#include "cmd/tell.h"
#include "detect/list_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { PATH_CAP = 4096, FAULTS_SHOWN = 20 };
#define LIST_ROOM ((size_t)3 << 30)
#define RULE_ROOM ((size_t)16 << 20)

struct loading {
	struct rule_set *rules;
	bool (*take)(struct rule_set *rs, struct str text, struct err *why);
	struct arena scratch;
	bool ok;
};

static bool one_source(void *ctx, const char *path, const char *name)
{
	struct loading *l = ctx;
	struct arena a = l->scratch;
	struct str text;
	struct err why = { 0 };

	if (!rule_file_name(str_of(name)) ||
	    (file_load(&a, AT_FDCWD, path, RULE_FILE_MAX, &text, &why) &&
	     l->take(l->rules, text, &why)))
		return true;
	tell_fault(path, &why);
	l->ok = false;
	return true;
}

static void bad_source(void *ctx, const char *path, const struct err *why)
{
	struct loading *l = ctx;

	tell_fault(path, why);
	l->ok = false;
}

static bool fill(struct loading *l, const char *folder)
{
	struct arena a = l->scratch, before = a;
	struct str content = folder_content(&a);
	struct str path = arena_printf(&a, "%.*s/sigma/%s", STR_ARG(content), folder);

	if (content.n == 0 || path.p == NULL) {
		fprintf(stderr, "%s", msg(MSG_ID("the folder content/ of canh is not found\n")));
		return false;
	}
	l->scratch = a;
	l->ok = true;
	file_walk(path.p, &(struct walk){ one_source, bad_source, l });
	l->scratch = before;
	return l->ok;
}

/* The log sources, and the lists that mean the same everywhere. */
static bool fill_all(struct loading *l)
{
	l->take = rule_set_sources;
	if (!fill(l, "logsources"))
		return false;
	l->take = rule_set_lists_shipped;
	return fill(l, "values");
}

struct rule_set *load_rule_set(void)
{
	struct loading l = { .rules = rule_set_new() };
	struct arena whole;

	if (l.rules == NULL || !arena_reserve(&whole, RULE_ROOM)) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		rule_set_free(l.rules);
		return NULL;
	}
	l.scratch = whole;
	bool ok = fill_all(&l);
	arena_release(whole);
	if (ok)
		return l.rules;
	rule_set_free(l.rules);
	return NULL;
}

bool load_decoders(struct decoders **out)
{
	char mem[PATH_CAP];
	struct arena a = { (unsigned char *)mem, (unsigned char *)mem + sizeof mem };
	struct str content = folder_content(&a);
	struct str path = arena_printf(&a, "%.*s/decoders", STR_ARG(content));
	struct err why = { 0 };

	if (content.n == 0 || path.p == NULL) {
		fprintf(stderr, "%s", msg(MSG_ID("the folder content/ of canh is not found\n")));
		return false;
	}
	*out = decoders_load(path.p, &why);
	if (*out == NULL)
		tell_fault("decoders", &why);
	return *out != NULL;
}

static bool add_rules(void *ctx, const struct rule_file *f)
{
	if (f->why == NULL)
		rule_set_add(ctx, f->path, f->text);
	else
		rule_set_refuse(ctx, f->path, f->why);
	return true;
}

void load_rules(struct rule_set *rs, const char *path)
{
	rule_files(path, add_rules, rs);
}

void print_faults(const struct rule_set *rs)
{
	for (size_t i = 0; i < rule_set_faults(rs); i++) {
		const struct rule_fault *f = rule_set_fault(rs, i);
		char text[ERR_TEXT_MAX];

		err_text(&f->why, msg_lang(), text, sizeof text);
		if (f->why.at > 0)
			fprintf(stderr, "%.*s:%zu: %s\n", STR_ARG(f->file), f->why.at, text);
		else
			fprintf(stderr, "%.*s: %s\n", STR_ARG(f->file), text);
	}
}

/* Lists. */

struct list_load {
	struct list_builder *b;
	const char *path;
	struct load_lists *out;
	struct err why;
	size_t shown;
};

static bool add_entry(void *ctx, const struct indicator *x, struct str note, uint64_t line)
{
	struct list_load *l = ctx;

	return list_builder_add(l->b, x, note, line, &l->why);
}

static void bad_line(void *ctx, uint64_t line, const struct err *why)
{
	struct list_load *l = ctx;
	char text[ERR_TEXT_MAX];

	list_builder_bad(l->b);
	l->out->bad++;
	if (l->shown++ < FAULTS_SHOWN)
		fprintf(stderr, "%s:%llu: %s\n", l->path, (unsigned long long)line,
			err_text(why, msg_lang(), text, sizeof text));
}

static void passed(void *ctx, struct str part)
{
	(void)ctx;
	arena_drop(part);
}

/* "c2:FILE" names the kind, unless there is a file of that very name. */
static const char *split_kind(const char *arg, enum list_kind *kind)
{
	struct str s = str_of(arg);
	size_t at = str_find_char(s, ':');

	*kind = LIST_UNKNOWN;
	if (at < s.n && access(arg, F_OK) != 0 && list_kind_find(str_sub(s, 0, at), kind))
		return arg + at + 1;
	return arg;
}

static bool one_list(struct list_load *l, const char *arg, struct arena a)
{
	enum list_kind kind;
	struct str text;
	struct list_file file;
	struct list_counts counts;
	unsigned char digest[HASH_SHA256_LEN];
	struct list_info info = { .valid_from = TIME_NONE, .valid_until = TIME_NONE };

	l->path = split_kind(arg, &kind);
	l->shown = 0;
	if (!file_load_given(&a, l->path, LIST_MAX_BYTES, &text, &l->why) ||
	    !list_file_open(&a, text, NULL, kind, &file, &l->why))
		return false;
	info.id = info.name = str_of(l->path);
	info.kind = (uint8_t)kind;
	hash_sha256(text, digest);
	hash_hex(digest, sizeof digest, info.sha256);
	if (!list_builder_begin(l->b, &info, &l->why))
		return false;
	bool ok = list_file_read(&file, a, &(struct list_sink){ add_entry, bad_line, l, passed },
				 &counts);
	if (l->shown > FAULTS_SHOWN)
		fprintf(stderr, msg(MSG_ID("%s: %zu more lines that cannot be used\n")), l->path,
			l->shown - FAULTS_SHOWN);
	return ok;
}

bool load_lists(const struct opt_list *files, struct load_lists *out)
{
	struct list_load l = { .out = out };
	struct arena whole;
	uint64_t seed;

	*out = (struct load_lists){ 0 };
	if (files->n == 0)
		return true;
	crypt_random(&seed, sizeof seed);
	l.b = list_builder_new(seed);
	if (l.b == NULL || !arena_reserve(&whole, LIST_ROOM)) {
		list_builder_free(l.b);
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return false;
	}
	for (size_t i = 0; i < files->n; i++) {
		if (one_list(&l, files->v[i], whole))
			continue;
		tell_fault(l.path, &l.why);
		out->failed++;
	}
	arena_release(whole);
	out->set = list_builder_done(l.b, &l.why);
	if (out->set == NULL)
		tell_fault(files->v[0], &l.why);
	return out->set != NULL;
}
