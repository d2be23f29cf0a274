/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset.c - `canh asset import|ls|show`: the registry of machines of a data folder, whether a server runs
 * or not.
 */
#include "base/file.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "cmd/cmd.h"
#include "cmd/csv.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "cmd/plain.h"
#include "fleet/asset_import.h"
#include "fleet/asset_list.h"

#include <stdio.h>

enum { SHOWN_MAX = 200000, OUT_MAX = 64 << 20 };
#define ROOM ((size_t)4 << 30)
#define VIETNAM (7 * TIME_HOUR)

struct asset_cmd {
	const char *data, *name, *kind, *map, *format;
	bool preview, duplicates, sources;
	struct arena a;
	struct asset_read how;
	struct opened_state s;
};

/* --- import --- */

static bool load(struct asset_cmd *c, const char *file, struct asset_import *in, char sha256[65],
		 struct asset_rows *rows, struct err *why)
{
	const char *path = strcmp(file, "-") == 0 ? "/dev/stdin" : file;
	unsigned char sum[HASH_SHA256_LEN];
	struct str text;

	if (!file_load_given(&c->a, path, ASSET_FILE_MAX, &text, why))
		return false;
	hash_sha256(text, sum);
	hash_hex(sum, sizeof sum, sha256);
	in->sha256 = str_of(sha256);
	in->size_bytes = (int64_t)text.n;
	if (!asset_file_read(&c->a, text, &c->how, rows, why))
		return false;
	return rows->n > 0 || err_set(why, ERR_INPUT, 0, "no machine is named in it");
}

/* The words of others as they may stand on a terminal, in *b. */
static struct str plain(struct buf *b, struct str s)
{
	buf_clear(b);
	plain_put(b, s, TOLD_TEXT_MAX);
	return buf_str(b);
}

static void tell_file(const char *file, const struct asset_rows *rows)
{
	struct buf b = BUF(1 << 16);
	char text[ERR_TEXT_MAX];

	fprintf(stderr, msg(MSG_ID("%s: read as '%s', kind '%s'\n")), file,
		asset_form_name(rows->file.form), asset_origin_name(rows->file.origin));
	for (size_t i = 0; i < rows->file.n_unused; i++)
		fprintf(stderr, msg(MSG_ID("%s: column '%.*s' is not used\n")), file,
			STR_ARG(plain(&b, rows->file.unused[i])));
	for (size_t i = 0; i < rows->n_faults; i++) {
		err_text(&rows->fault[i].why, msg_lang(), text, sizeof text);
		fprintf(stderr, "%s:%ju: %.*s\n", file, (uintmax_t)rows->fault[i].line,
			STR_ARG(plain(&b, str_of(text))));
	}
	if (rows->file.others > 0)
		fprintf(stderr, msg(MSG_ID("%s: %ju entries are no machines\n")), file,
			(uintmax_t)rows->file.others);
	buf_free(&b);
}

static void tell_import(const struct asset_cmd *c, const struct asset_rows *rows,
			const struct asset_imported *got)
{
	if (got->again)
		fprintf(stderr, "%s",
			msg(MSG_ID("this file was imported before: nothing is changed\n")));
	if (got->unknown_units > 0)
		fprintf(stderr,
			msg(MSG_ID("%zu rows name a unit or site that is not registered: kept as "
				   "their department\n")),
			got->unknown_units);
	fprintf(stderr,
		msg(MSG_ID(
			"%zu new machines, %zu changed, %zu as before; %ju rows with something that "
			"could not be used\n")),
		got->added, got->changed, got->same, (uintmax_t)rows->bad);
	if (!c->preview && got->source[0] != '\0')
		printf("%s\n", got->source);
}

static int import(struct asset_cmd *c, const char *file)
{
	const char *base = strrchr(file, '/');
	struct asset_import in = { .actor = "canh",
				   .name = str_of(c->name != NULL ? c->name
						  : base != NULL  ? base + 1
								  : file),
				   .map = str_of(c->map),
				   .preview = c->preview };
	struct asset_imported got = { .again = false };
	struct asset_rows rows = { .n = 0 };
	struct err why = { 0 };
	char sha256[65];

	if (c->map != NULL && !asset_map_parse(in.map, &c->how.map, &why)) {
		command_complain(&why);
		return EXIT_USAGE;
	}
	if (!load(c, file, &in, sha256, &rows, &why)) {
		if (rows.row != NULL) /* it could be read */
			tell_file(file, &rows);
		command_complain(&why);
		return EXIT_INPUT;
	}
	tell_file(file, &rows);
	if (!command_state_open(c->data, &c->s))
		return EXIT_INPUT;
	bool ok = state_unit(c->s.db, in.home.unit, &why) &&
		  asset_import(c->s.db, &c->a, &in, &rows, &got, &why);
	command_state_close(&c->s);
	if (!ok) {
		command_complain(&why);
		return EXIT_INPUT;
	}
	tell_import(c, &rows, &got);
	return rows.bad > 0 ? EXIT_PART : EXIT_DONE;
}

/* --- ls, show --- */

static const char *day_of(int64_t t, char out[TIME_TEXT_MAX])
{
	if (t == TIME_NONE)
		return "-";
	return time_date(t + VIETNAM, out);
}

static struct str or_dash(struct str s)
{
	return s.n > 0 ? s : STR("-");
}

static void put_json(struct buf *b, const struct asset *x)
{
	struct jsonw w = { .out = b };

	jsonw_open(&w, '{');
	asset_put(&w, x);
	jsonw_close(&w, '}');
	buf_char(b, '\n');
}

static void put_text(struct buf *b, struct arena scratch, const struct asset *x)
{
	char seen[TIME_TEXT_MAX], told[TIME_TEXT_MAX];
	struct str at = or_dash(asset_values(&scratch, x, FACT_ADDRESS));
	struct str os = or_dash(asset_values(&scratch, x, FACT_OS));

	buf_printf(b, "%s  %-11.*s %-6.*s %-10s %-10s  %.*s  %.*s  %.*s\n", x->id, STR_ARG(x->kind),
		   STR_ARG(x->state), day_of(x->seen, seen), day_of(x->told, told),
		   STR_ARG(x->name), STR_ARG(at), STR_ARG(os));
}

static const enum asset_fact csv_facts[] = {
	FACT_ADDRESS, FACT_MAC,        FACT_OS,          FACT_SYSTEM,  FACT_LEVEL,
	FACT_OWNER,   FACT_DEPARTMENT, FACT_PLACE,       FACT_PURPOSE, FACT_VENDOR,
	FACT_MODEL,   FACT_SERIAL,     FACT_SUPPORT_END, FACT_ACCOUNT,
};

static void put_csv_head(struct buf *b)
{
	static const char *const before[] = { "id",           "name", "kind", "state",
					      "confirmed_by", "unit", "site" };

	for (size_t i = 0; i < COUNT(before); i++)
		buf_printf(b, "%s,", before[i]);
	for (size_t i = 0; i < COUNT(csv_facts); i++)
		buf_printf(b, "%s,", asset_fact_name(csv_facts[i]));
	buf_add(b, STR("seen,told\n"));
}

static void put_csv(struct buf *b, struct arena scratch, const struct asset *x)
{
	char day[TIME_TEXT_MAX];
	const struct str before[] = { str_of(x->id),   x->name,      x->kind,     x->state,
				      x->confirmed_by, x->unit_name, x->site_name };

	for (size_t i = 0; i < COUNT(before); i++)
		csv_cell(b, before[i], ',');
	for (size_t i = 0; i < COUNT(csv_facts); i++)
		csv_cell(b, asset_values(&scratch, x, csv_facts[i]), ',');
	csv_cell(b, x->seen == TIME_NONE ? STR("") : str_of(day_of(x->seen, day)), ',');
	csv_cell(b, str_of(day_of(x->told, day)), '\n');
}

/* Rows may be more than one piece of memory should hold. */
static void pass_on(struct buf *b)
{
	if (b->n < OUT_MAX / 2)
		return;
	fwrite(b->p, 1, b->n, stdout);
	buf_clear(b);
}

static bool list_assets(struct asset_cmd *c, struct buf *b, struct err *why)
{
	const struct asset_wish wish = { .kind = ASSET_KINDS,
					 .state = ASSET_STATES,
					 .most = SHOWN_MAX + 1 };
	struct asset *all;
	size_t n;

	if (!asset_list(c->s.db, &c->a, &wish, &all, &n, why))
		return false;
	if (n > SHOWN_MAX)
		return err_set(why, ERR_LIMIT, 0, "too long to be shown");
	if (strcmp(c->format, "csv") == 0)
		put_csv_head(b);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(c->format, "jsonl") == 0)
			put_json(b, &all[i]);
		else
			(strcmp(c->format, "csv") == 0 ? put_csv : put_text)(b, c->a, &all[i]);
		pass_on(b);
	}
	fprintf(stderr, msg(MSG_ID("%zu machines\n")), n);
	return true;
}

static void put_twin(struct asset_cmd *c, struct buf *b, const struct asset_twin *t)
{
	const struct str cells[] = { t->by, t->value, str_of(t->id), t->name };
	struct jsonw w = { .out = b };

	if (strcmp(c->format, "text") == 0) {
		buf_printf(b, "%-8.*s %-20.*s %s  %.*s\n", STR_ARG(t->by), STR_ARG(t->value), t->id,
			   STR_ARG(t->name));
		return;
	}
	if (strcmp(c->format, "csv") == 0) {
		for (size_t i = 0; i < COUNT(cells); i++)
			csv_cell(b, cells[i], i + 1 < COUNT(cells) ? ',' : '\n');
		return;
	}
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "by", t->by);
	jsonw_kv_str(&w, "value", t->value);
	jsonw_kv_str(&w, "asset", str_of(t->id));
	jsonw_kv_str(&w, "name", t->name);
	jsonw_close(&w, '}');
	buf_char(b, '\n');
}

static bool list_duplicates(struct asset_cmd *c, struct buf *b, struct err *why)
{
	const struct scope all = { .unit = "" };
	struct asset_twins twins;

	if (!asset_duplicates(c->s.db, &c->a, &all, SHOWN_MAX, &twins, why))
		return false;
	if (strcmp(c->format, "csv") == 0)
		buf_add(b, STR("by,value,asset,name\n"));
	for (size_t i = 0; i < twins.n; i++)
		put_twin(c, b, &twins.at[i]);
	return true;
}

static void put_source(struct asset_cmd *c, struct buf *b, const struct asset_source *s)
{
	char day[TIME_TEXT_MAX];
	struct jsonw w = { .out = b };

	if (strcmp(c->format, "jsonl") == 0) {
		jsonw_open(&w, '{');
		asset_source_put(&w, s);
		jsonw_close(&w, '}');
		buf_char(b, '\n');
		return;
	}
	buf_printf(b, "%s  %-4.*s %s %7lld %6lld  %.*s\n", s->id, STR_ARG(s->kind),
		   day_of(s->imported, day), (long long)s->rows, (long long)s->bad_rows,
		   STR_ARG(s->name));
}

static bool list_sources(struct asset_cmd *c, struct buf *b, struct err *why)
{
	const struct scope all = { .unit = "" };
	struct asset_sources sources;

	if (!asset_sources(c->s.db, &c->a, &all, SHOWN_MAX, &sources, why))
		return false;
	for (size_t i = 0; i < sources.n; i++)
		put_source(c, b, &sources.at[i]);
	return true;
}

static void put_one(struct buf *b, const struct asset *x)
{
	char day[TIME_TEXT_MAX];

	buf_printf(b, "%.*s  %s\n", STR_ARG(x->name), x->id);
	buf_printf(b, "  kind          %.*s\n  state         %.*s\n", STR_ARG(x->kind),
		   STR_ARG(x->state));
	if (x->confirmed != TIME_NONE)
		buf_printf(b, "  confirmed     %s  %.*s\n", day_of(x->confirmed, day),
			   STR_ARG(x->confirmed_by));
	buf_printf(b, "  unit          %.*s\n", STR_ARG(or_dash(x->unit_name)));
	if (x->site_name.p != NULL)
		buf_printf(b, "  site          %.*s\n", STR_ARG(x->site_name));
	buf_printf(b, "  seen          %s\n", day_of(x->seen, day));
	for (size_t i = 0; i < x->n_says; i++) {
		const struct asset_says *s = &x->says[i];

		buf_printf(b, "%c %-13s %.*s  (%.*s %s, %.*s)\n", s->current ? ' ' : '-',
			   asset_fact_name(s->fact), STR_ARG(s->value), STR_ARG(s->source_kind),
			   day_of(s->told, day), STR_ARG(s->source_name));
	}
}

static bool show_one(struct asset_cmd *c, const char *what, struct buf *b, struct err *why)
{
	const struct scope all = { .unit = "" };
	struct asset x;

	if (!asset_find(c->s.db, &c->a, &all, str_of(what), &x, why))
		return false;
	if (strcmp(c->format, "csv") == 0)
		put_csv_head(b);
	if (strcmp(c->format, "text") == 0)
		put_one(b, &x);
	else if (strcmp(c->format, "csv") == 0)
		put_csv(b, c->a, &x);
	else
		put_json(b, &x);
	return true;
}

static int show(struct asset_cmd *c, const char *what)
{
	struct buf b = BUF(OUT_MAX);
	struct err why = { 0 };

	if (!command_state_open(c->data, &c->s))
		return EXIT_INPUT;
	bool ok = what != NULL    ? show_one(c, what, &b, &why)
		  : c->duplicates ? list_duplicates(c, &b, &why)
		  : c->sources    ? list_sources(c, &b, &why)
				  : list_assets(c, &b, &why);
	if (ok && b.full)
		ok = err_set(&why, ERR_LIMIT, 0, "too long to be shown");
	if (ok && b.n > 0)
		fwrite(b.p, 1, b.n, stdout);
	if (!ok)
		command_complain(&why);
	buf_free(&b);
	command_state_close(&c->s);
	return ok ? EXIT_DONE : why.kind == ERR_ABSENT ? EXIT_NOT : EXIT_INPUT;
}

static int usage(void)
{
	fprintf(stderr, "%s",
		msg(MSG_ID("canh: asset wants import FILE, ls or show NAME, and --data DIR\n")));
	return EXIT_USAGE;
}

int cmd_asset(int argc, char **argv)
{
	static struct asset_cmd c = { .format = "text", .how = { .origin = ORIGINS } };
	const struct opt table[] = {
		{ "data", OPT_TEXT, &c.data, "DIR", MSG_ID("the data folder") },
		{ "name", OPT_TEXT, &c.name, "NAME",
		  MSG_ID("import: what the source is called, else as the file") },
		{ "kind", OPT_CHOICE, &c.kind, "book|ad|dhcp|av",
		  MSG_ID("import: an asset book, a directory, DHCP leases, an anti-virus console; "
			 "else as the file looks") },
		{ "map", OPT_TEXT, &c.map, "COLUMN=FIELD,...",
		  MSG_ID("import: what the columns hold, by header or number, where it is not seen") },
		{ "preview", OPT_FLAG, &c.preview, NULL,
		  MSG_ID("import: only say what would be kept") },
		{ "duplicates", OPT_FLAG, &c.duplicates, NULL,
		  MSG_ID("ls: what may be one machine twice") },
		{ "sources", OPT_FLAG, &c.sources, NULL,
		  MSG_ID("ls: the files that were imported") },
		{ "format", OPT_CHOICE, &c.format, "text|jsonl|csv", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"asset",
		"import FILE|ls|show NAME",
		MSG_ID("Machines and appliances: import them out of files, show them."),
		table,
		COUNT(table),
		1,
		2
	};
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (c.data == NULL)
		return usage();
	if (c.kind != NULL && !asset_origin_find(str_of(c.kind), &c.how.origin))
		return usage();
	if (!arena_reserve(&c.a, ROOM))
		return EXIT_FAULT;
	if (strcmp(argv[0], "import") == 0 && n == 2)
		return import(&c, argv[1]);
	if (strcmp(argv[0], "ls") == 0 && n == 1)
		return show(&c, NULL);
	if (strcmp(argv[0], "show") == 0 && n == 2)
		return show(&c, argv[1]);
	return usage();
}
