/* SPDX-License-Identifier: Apache-2.0 */
/* list_check.c - `canh list check`: how a list would be read; nothing is kept. */
#include "base/file.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/opts.h"
#include "detect/list_file.h"

#include <stdio.h>

#define ROOM ((size_t)8 << 30) /* reserved, not used: a list and what is made of it */

static bool count_entry(void *ctx, const struct indicator *x, struct str note, uint64_t line)
{
	(void)ctx;
	(void)x;
	(void)note;
	(void)line;
	return true;
}

static void say_bad(void *ctx, uint64_t line, const struct err *why)
{
	const char *const *path = ctx;
	char text[ERR_TEXT_MAX];

	fprintf(stderr, "%s:%llu: %s\n", *path, (unsigned long long)line,
		err_text(why, msg_lang(), text, sizeof text));
}

static void print_shape(const struct list_file *f)
{
	static const char *const forms[] = {
		[LIST_LINES] = MSG_ID("one indicator a line"),
		[LIST_DELIMITED] = MSG_ID("lines with columns"),
		[LIST_JSON_LINES] = MSG_ID("JSON lines"),
		[LIST_JSON] = MSG_ID("a JSON document"),
	};

	printf("%s", msg(forms[f->form]));
	if (f->form == LIST_DELIMITED)
		printf(" (%s)", f->delimiter == '\t' ? "tab" : (char[]){ f->delimiter, '\0' });
	printf("%s\n", f->header ? msg(MSG_ID(", with a header")) : "");
	for (size_t i = 0; i < f->n_columns; i++) {
		printf("  %zu %-9s %.*s", i + 1, list_column_name(f->column[i].holds),
		       STR_ARG(f->column[i].header));
		for (size_t k = 0; k < f->column[i].n_samples; k++)
			printf("%s%.*s", k == 0 ? "  : " : " | ",
			       STR_ARG(str_sub(f->column[i].sample[k], 0, 60)));
		printf("\n");
	}
}

static void print_counts(const struct list_counts *c)
{
	printf(msg(MSG_ID("%llu rows, %llu indicators, %llu lines that cannot be used\n")),
	       (unsigned long long)c->rows, (unsigned long long)c->entries,
	       (unsigned long long)c->bad);
	for (int t = 0; t < IND_TYPE_N; t++)
		if (c->type[t] > 0)
			printf("  %-7s %llu\n", indicator_type_name((enum indicator_type)t),
			       (unsigned long long)c->type[t]);
	if (c->private > 0)
		printf(msg(MSG_ID("%llu addresses are private ones: every network has them\n")),
		       (unsigned long long)c->private);
}

static int check_file(const char *path, const struct list_map *map, enum list_kind kind,
		      struct arena a)
{
	struct list_sink sink = { count_entry, say_bad, &path };
	struct list_counts counts;
	struct list_file f;
	struct str bytes;
	struct err why = { 0 };
	char text[ERR_TEXT_MAX];

	if (!file_load_given(&a, path, LIST_MAX_BYTES, &bytes, &why) ||
	    !list_file_open(&a, bytes, map, kind, &f, &why)) {
		fprintf(stderr, "%s: %s\n", path, err_text(&why, msg_lang(), text, sizeof text));
		return EXIT_INPUT;
	}
	printf("%s: ", path);
	print_shape(&f);
	bool whole = list_file_read(&f, a, &sink, &counts);

	print_counts(&counts);
	if (counts.entries == 0)
		return EXIT_INPUT;
	return counts.bad > 0 || !whole ? EXIT_PART : EXIT_DONE;
}

static int check_all(char **path, size_t n, const struct list_map *map, enum list_kind kind)
{
	struct arena whole;
	size_t unusable = 0;
	bool part = false;

	if (!arena_reserve(&whole, ROOM)) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return EXIT_FAULT;
	}
	for (size_t i = 0; i < n; i++) {
		int status = check_file(path[i], map, kind, whole);

		unusable += status == EXIT_INPUT;
		part |= status != EXIT_DONE;
	}
	arena_release(whole);
	return unusable == n ? EXIT_INPUT : part ? EXIT_PART : EXIT_DONE;
}

int cmd_list_check(int argc, char **argv)
{
	const char *mapping = NULL, *kind_name = "unknown";
	const struct opt table[] = {
		{ "map", OPT_TEXT, &mapping, "ip=3,note=4",
		  MSG_ID("which column holds what: number or header") },
		{ "kind", OPT_CHOICE, &kind_name,
		  "unknown|infected|c2|attacker|phishing|known-good",
		  MSG_ID("what the list says of what it names") },
	};
	const struct opts opts = {
		.command = "list check",
		.operands = "FILE...",
		.about = MSG_ID("Say how a list is read: its columns, how many indicators of which "
				"type, and which lines cannot be used and why."),
		.opt = table,
		.n = COUNT(table),
		.min = 1,
		.max = SIZE_MAX,
	};
	struct list_map map;
	struct err why = { 0 };
	enum list_kind kind = LIST_UNKNOWN;
	char text[ERR_TEXT_MAX];
	size_t n;
	enum opts_result parsed = opts_parse(&opts, argc, argv, &n);

	if (parsed != OPTS_GO)
		return opts_exit(parsed);
	if (!list_kind_find(str_of(kind_name), &kind) ||
	    (mapping != NULL && !list_map_parse(str_of(mapping), &map, &why))) {
		fprintf(stderr, "--map: %s\n", err_text(&why, msg_lang(), text, sizeof text));
		return EXIT_USAGE;
	}
	return check_all(argv, n, mapping != NULL ? &map : NULL, kind);
}
