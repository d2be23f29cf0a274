/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list.c - `canh list import|ls|rm`: indicator lists of a data folder, whether a server runs or not.
 *
 * A running server notices the change within seconds and loads the lists anew.
 */
#include "base/file.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "cmd/cmd.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "detect/list_file.h"
#include "proc/kept_list.h"
#include "state/list_about.h"
#include "state/list_row.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { KEEP_MAX = 1 << 30, LISTS_SHOWN = 4096, FAULTS_KEPT = 100 };
#define ROOM ((size_t)3 << 30)

struct list_cmd {
	const char *data, *name, *kind, *letter, *issuer, *month, *from, *until, *tlp, *map,
		*format;
	struct arena a;
	struct buf keep;
	struct list_fault faults[FAULTS_KEPT];
	size_t n_faults;
	const char *file;
};

static bool keep_entry(void *ctx, const struct indicator *x, struct str note, uint64_t line)
{
	struct list_cmd *c = ctx;

	kept_list_put(&c->keep, x, note, line);
	return !c->keep.full;
}

/* A bad line is named here and kept with the list. */
static void keep_bad(void *ctx, uint64_t line, const struct err *why)
{
	struct list_cmd *c = ctx;
	char vi[ERR_TEXT_MAX], own[ERR_TEXT_MAX];

	fprintf(stderr, "%s:%llu: %s\n", c->file, (unsigned long long)line,
		err_text(why, msg_lang(), own, sizeof own));
	if (c->n_faults == FAULTS_KEPT)
		return;
	err_text(why, LANG_VI, vi, sizeof vi);
	c->faults[c->n_faults++] = (struct list_fault){ (int64_t)line, arena_str(&c->a, str_of(vi)),
							arena_str(&c->a, str_of(why->text)) };
}

static bool read_day(const char *text, bool end, int64_t *out, struct err *why)
{
	*out = TIME_NONE;
	return text == NULL || list_day_parse(str_of(text), end, out) ||
	       err_set(why, ERR_INPUT, 0, "'%s' is no date: expected like 2023-12-31", text);
}

static struct str or_none(const char *text)
{
	return text == NULL ? (struct str){ NULL, 0 } : str_of(text);
}

static bool read_file(struct list_cmd *c, enum list_kind kind, struct list_counts *counts,
		      char sha256[65], int64_t *size, struct err *why)
{
	struct list_sink sink = { keep_entry, keep_bad, c };
	unsigned char sum[HASH_SHA256_LEN];
	struct list_map map = { 0 };
	bool std = strcmp(c->file, "-") == 0;
	struct list_file f;
	struct str text;

	if (c->map != NULL && !list_map_parse(str_of(c->map), &map, why))
		return false;
	if (!file_load_given(&c->a, std ? "/dev/stdin" : c->file, LIST_MAX_BYTES, &text, why))
		return false;
	hash_sha256(text, sum);
	hash_hex(sum, sizeof sum, sha256);
	*size = (int64_t)text.n;
	if (!list_file_open(&c->a, text, c->map != NULL ? &map : NULL, kind, &f, why))
		return false;
	if (!list_file_read(&f, c->a, &sink, counts))
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	return counts->entries > 0 ||
	       err_set(why, ERR_INPUT, 0, "no line of the list could be used");
}

static struct str types_of(struct list_cmd *c, const struct list_counts *n)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };

	list_counts_put(&w, n);
	struct str kept = arena_str(&c->a, buf_str(&b));
	buf_free(&b);
	return kept;
}

/* What the options say of the list. */
static bool take_about(const struct list_cmd *c, struct list_row *row, struct err *why)
{
	*row = (struct list_row){ .name = or_none(c->name != NULL ? c->name : c->file),
				  .kind = str_of(c->kind),
				  .letter = or_none(c->letter),
				  .issuer = or_none(c->issuer),
				  .month = or_none(c->month),
				  .tlp = or_none(c->tlp),
				  .map_json = { NULL, 0 },
				  .imported_by = STR("canh"),
				  .imported = time_now() };
	return list_about_check(row->month, &row->tlp, why) &&
	       read_day(c->from, false, &row->valid_from, why) &&
	       read_day(c->until, true, &row->valid_until, why);
}

static bool import_one(struct list_cmd *c, struct db *db, struct list_row *row,
		       struct list_counts *counts, struct err *why)
{
	enum list_kind kind;
	char sha256[65], path[4096];

	if (!list_kind_find(str_of(c->kind), &kind))
		return err_set(why, ERR_INPUT, 0, "no kind of list '%s'", c->kind);
	if (!read_file(c, kind, counts, sha256, &row->size_bytes, why))
		return false;
	row->sha256 = str_of(sha256);
	row->types_json = types_of(c, counts);
	row->entries = (int64_t)counts->entries;
	row->bad_lines = (int64_t)counts->bad;
	uuid_new(row->id);
	snprintf(path, sizeof path, "%s/lists", c->data);
	if (!dir_make(path, 0700, why))
		return false;
	snprintf(path, sizeof path, "%s/lists/%s.list", c->data, row->id);
	if (!file_save(AT_FDCWD, path, buf_str(&c->keep), 0600, why))
		return false;
	if (!list_row_add(db, row, c->faults, c->n_faults, "canh", why)) {
		unlink(path);
		return false;
	}
	printf("%s\n", row->id);
	return true;
}

static int import(struct list_cmd *c, const char *file)
{
	struct opened_state s;
	struct list_row row;
	struct list_counts counts = { 0 };
	struct err why = { 0 };

	c->file = file;
	if (!take_about(c, &row, &why)) {
		command_complain(&why);
		return EXIT_USAGE;
	}
	if (!command_state_open(c->data, &s))
		return EXIT_INPUT;
	c->keep = BUF(KEEP_MAX);
	bool ok = import_one(c, s.db, &row, &counts, &why);
	if (!ok)
		command_complain(&why);
	else
		fprintf(stderr, msg(MSG_ID("%llu entries, %llu lines could not be used\n")),
			(unsigned long long)counts.entries, (unsigned long long)counts.bad);
	buf_free(&c->keep);
	command_state_close(&s);
	if (!ok)
		return EXIT_INPUT;
	return counts.bad > 0 ? EXIT_PART : EXIT_DONE;
}

static void show_text(const struct list_row *r)
{
	char date[TIME_TEXT_MAX];

	printf("%s  %-10.*s %9lld  %s  %.*s\n", r->id, STR_ARG(r->kind), (long long)r->entries,
	       time_date(r->imported + 7 * TIME_HOUR, date), STR_ARG(r->name));
}

static void show_json(const struct list_row *r)
{
	struct buf b = BUF(1 << 16);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	list_row_put(&w, r, r->imported_by);
	jsonw_close(&w, '}');
	printf("%.*s\n", STR_ARG(buf_str(&b)));
	buf_free(&b);
}

static int show(struct list_cmd *c)
{
	struct opened_state s;
	struct list_row *rows;
	struct err why = { 0 };
	size_t n = 0;

	if (!command_state_open(c->data, &s))
		return EXIT_INPUT;
	bool ok = list_row_all(s.db, &c->a, LISTS_SHOWN, &rows, &n, &why);
	for (size_t i = 0; ok && i < n; i++)
		(strcmp(c->format, "jsonl") == 0 ? show_json : show_text)(&rows[i]);
	if (!ok)
		command_complain(&why);
	command_state_close(&s);
	return ok ? EXIT_DONE : EXIT_INPUT;
}

static int forget(struct list_cmd *c, const char *id)
{
	struct opened_state s;
	struct err why = { 0 };
	char path[4096];

	if (!command_state_open(c->data, &s))
		return EXIT_INPUT;
	bool ok = list_row_remove(s.db, str_of(id), "canh", &why);
	if (ok) {
		snprintf(path, sizeof path, "%s/lists/%s.list", c->data, id);
		unlink(path); /* gone or not: the row says that it is not used */
	} else {
		command_complain(&why);
	}
	command_state_close(&s);
	return ok ? EXIT_DONE : EXIT_NOT;
}

static int usage(void)
{
	fprintf(stderr, "%s",
		msg(MSG_ID("canh: list wants import FILE, ls or rm ID, and --data DIR\n")));
	return EXIT_USAGE;
}

int cmd_list(int argc, char **argv)
{
	static struct list_cmd c = { .kind = "unknown", .format = "text" };
	const struct opt table[] = {
		{ "data", OPT_TEXT, &c.data, "DIR", MSG_ID("the data folder") },
		{ "name", OPT_TEXT, &c.name, "NAME", MSG_ID("what the list is called") },
		{ "kind", OPT_CHOICE, &c.kind, "infected|c2|attacker|phishing|known-good|unknown",
		  MSG_ID("what the list says of those on it") },
		{ "letter", OPT_TEXT, &c.letter, "NUMBER",
		  MSG_ID("number of the letter it came with") },
		{ "issuer", OPT_TEXT, &c.issuer, "NAME", MSG_ID("who issued it") },
		{ "month", OPT_TEXT, &c.month, "YYYY-MM", MSG_ID("the month it is of") },
		{ "from", OPT_TEXT, &c.from, "DATE", MSG_ID("valid from") },
		{ "until", OPT_TEXT, &c.until, "DATE", MSG_ID("valid until") },
		{ "tlp", OPT_TEXT, &c.tlp, "TLP", MSG_ID("whom it may be passed on to") },
		{ "map", OPT_TEXT, &c.map, "ip=3,note=4",
		  MSG_ID("what the columns hold, where it is not seen") },
		{ "format", OPT_CHOICE, &c.format, "text|jsonl", MSG_ID("how ls prints") },
	};
	struct opts o = { "list",
			  "import FILE|ls|rm ID|check FILE...",
			  MSG_ID("Import, show and remove indicator lists."),
			  table,
			  COUNT(table),
			  1,
			  2 };
	size_t n;

	if (argc > 1 && strcmp(argv[1], "check") == 0)
		return cmd_list_check(argc - 1, argv + 1);
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (c.data == NULL)
		return usage();
	if (!arena_reserve(&c.a, ROOM))
		return EXIT_FAULT;
	if (strcmp(argv[0], "import") == 0 && n == 2)
		return import(&c, argv[1]);
	if (strcmp(argv[0], "ls") == 0 && n == 1)
		return show(&c);
	if (strcmp(argv[0], "rm") == 0 && n == 2)
		return forget(&c, argv[1]);
	return usage();
}
