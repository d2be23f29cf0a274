/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decoders.c - content/decoders/decoders.yaml and the rule bases it names.
 *
 * All or nothing: a file that cannot be used is named and nothing is loaded, so that the set in use
 * stays. Invariant: program[] is sorted and each name stands once.
 */
#include "base/file.h"
#include "base/yaml.h"
#include "event/formats.h"
#include "event/map.h"
#include "event/text.h"
#include "event/text_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARENA_CAP = 64 << 20 };

static bool load_texts(struct arena *a, const struct yml *entry, const char *key, struct texts *out,
		       struct err *why)
{
	const struct yml *list = yml_get(entry, key);
	struct str *p;
	size_t n = 0;

	*out = (struct texts){ NULL, 0 };
	if (list == NULL)
		return true;
	p = NEW(a, struct str, list->n);
	if (list->kind != YML_SEQ || (p == NULL && list->n > 0))
		return err_set(why, ERR_INPUT, list->line, "line %u: '%s' must be a list",
			       list->line, key);
	for (const struct yml *c = yml_first(list); c != NULL; c = c->next) {
		if (yml_str(c).n == 0)
			return err_set(why, ERR_INPUT, c->line, "line %u: an empty text in '%s'",
				       c->line, key);
		p[n++] = arena_str(a, yml_str(c));
	}
	*out = (struct texts){ p, n };
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct program *x = a, *y = b;

	return str_cmp(x->name, y->name);
}

static bool add_program(struct decoders *d, struct str name, size_t of)
{
	if (name.p[name.n - 1] == '*') {
		if (d->n_families == COUNT(d->family))
			return false;
		name.n--;
		d->family[d->n_families++] = (struct program){ name, UINT64_C(1) << of };
		return true;
	}
	for (size_t i = 0; i < d->n_programs; i++)
		if (str_eq(d->program[i].name, name)) {
			d->program[i].decoders |= UINT64_C(1) << of;
			return true;
		}
	if (d->n_programs == COUNT(d->program))
		return false;
	d->program[d->n_programs++] = (struct program){ name, UINT64_C(1) << of };
	return true;
}

static void add_first(uint64_t by[256], struct texts list, size_t of)
{
	for (size_t i = 0; i < list.n; i++) {
		if (str_eq(list.p[i], STR("digit")))
			for (int c = '0'; c <= '9'; c++)
				by[c] |= UINT64_C(1) << of;
		else if (!str_eq(list.p[i], STR("time")))
			by[(unsigned char)list.p[i].p[0]] |= UINT64_C(1) << of;
	}
}

static bool known_keys(const struct yml *entry, struct err *why)
{
	static const struct str keys[] = { STR("file"), STR("title"), STR("program"), STR("begins"),
					   STR("line"), STR("skip"),  STR("end") };

	for (const struct yml *c = yml_first(entry); c != NULL; c = c->next) {
		bool known = false;

		for (size_t i = 0; i < COUNT(keys); i++)
			known = known || str_eq(c->key, keys[i]);
		if (!known)
			return err_set(why, ERR_INPUT, c->line, "line %u: no such key '%.*s'",
				       c->key_line, STR_ARG(c->key));
	}
	return true;
}

static bool load_rules(struct decoder *to, int dir, const char *file, struct err *why)
{
	struct arena whole;
	struct str text;
	bool ok;

	if (strchr(file, '/') != NULL)
		return err_set(why, ERR_INPUT, 0, "'%s' is not a name in the same folder", file);
	if (!arena_reserve(&whole, 4 << 20))
		return err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", file);
	struct arena a = whole;
	ok = file_load(&a, dir, file, RULEBASE_MAX_BYTES, &text, why);
	if (ok)
		to->rules = rulebase_new(text, file, why);
	arena_release(whole);
	if (!ok || to->rules == NULL)
		return false;
	text_names(to->rules);
	return true;
}

static bool load_entry(struct decoders *d, struct arena *a, int dir, const struct yml *entry,
		       struct err *why)
{
	struct str file = yml_get_str(entry, "file"), title = yml_get_str(entry, "title");
	struct decoder *to = &d->decoder[d->n];

	if (d->n == DECODERS_MAX)
		return err_set(why, ERR_LIMIT, entry->line, "more than %d decoders", DECODERS_MAX);
	if (file.n == 0 || title.n == 0)
		return err_set(why, ERR_INPUT, entry->line,
			       "line %u: 'file' and 'title' must stand", entry->line);
	if (!known_keys(entry, why) || !load_texts(a, entry, "program", &to->program, why) ||
	    !load_texts(a, entry, "begins", &to->begins, why) ||
	    !load_texts(a, entry, "line", &to->line, why) ||
	    !load_texts(a, entry, "skip", &to->skip, why) ||
	    !load_texts(a, entry, "end", &to->end, why))
		return false;
	to->name = arena_str(a, file).p;
	to->title = arena_str(a, title).p;
	if (to->name == NULL || to->title == NULL)
		return err_set(why, ERR_LIMIT, entry->line, "no memory for the decoders");
	d->n++;
	if (!load_rules(to, dir, to->name, why))
		return false;
	for (size_t i = 0; i < to->program.n; i++)
		if (!add_program(d, to->program.p[i], d->n - 1))
			return err_set(why, ERR_LIMIT, entry->line, "more than %d programs",
				       DECODER_MAX_PROGRAMS);
	add_first(d->begins, to->begins, d->n - 1);
	add_first(d->line, to->line, d->n - 1);
	for (size_t i = 0; i < to->line.n; i++)
		if (str_eq(to->line.p[i], STR("time")))
			d->timed |= UINT64_C(1) << (d->n - 1);
	return true;
}

/* Sorted by bytes: names with the same first byte stand together. */
static void index_programs(struct decoders *d)
{
	size_t at = 0;

	for (size_t byte = 0; byte < 256; byte++) {
		d->program_from[byte] = (uint16_t)at;
		while (at < d->n_programs && (unsigned char)d->program[at].name.p[0] == byte)
			at++;
	}
	d->program_from[256] = (uint16_t)at;
}

static bool load_all(struct decoders *d, int dir, struct err *why)
{
	struct arena *a = &(struct arena){ d->whole.beg, d->whole.end };
	const struct yml *doc = NULL;
	struct str text;

	if (!file_load(a, dir, "decoders.yaml", YML_MAX_BYTES, &text, why) ||
	    !yml_parse(a, text, &doc, why))
		return false;
	if (doc == NULL || doc->kind != YML_SEQ)
		return err_set(why, ERR_INPUT, 1, "decoders.yaml must be a list");
	for (const struct yml *c = yml_first(doc); c != NULL; c = c->next)
		if (!load_entry(d, a, dir, c, why))
			return false;
	qsort(d->program, d->n_programs, sizeof *d->program, by_name);
	index_programs(d);
	d->format = format_find(STR("text"));
	return true;
}

static struct decoders *load_from(int dir, struct err *why)
{
	struct decoders *d = calloc(1, sizeof *d);

	map_init();
	if (d == NULL || !arena_reserve(&d->whole, ARENA_CAP)) {
		free(d);
		(void)err_set(why, ERR_LIMIT, 0, "no memory for the decoders");
		return NULL;
	}
	if (load_all(d, dir, why))
		return d;
	decoders_free(d);
	return NULL;
}

struct decoders *decoders_load(const char *folder, struct err *why)
{
	int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct decoders *d;

	if (dir == -1) {
		(void)err_set(why, ERR_IO, 0, "cannot open '%s': %s", folder, strerror(errno));
		return NULL;
	}
	d = load_from(dir, why);
	close(dir);
	return d;
}

void decoders_free(struct decoders *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n; i++)
		rulebase_free(d->decoder[i].rules);
	arena_release(d->whole);
	free(d);
}

uint64_t decoders_of_program(const struct decoders *d, struct str program)
{
	unsigned char first = program.n > 0 ? (unsigned char)program.p[0] : 0;

	for (size_t i = d->program_from[first]; i < d->program_from[first + 1]; i++)
		if (d->program[i].name.n == program.n && str_eq(d->program[i].name, program))
			return d->program[i].decoders;
	for (size_t i = 0; i < d->n_families; i++)
		if (str_starts(program, d->family[i].name))
			return d->family[i].decoders;
	return 0;
}
