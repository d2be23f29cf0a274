/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duty.c - `canh duty ls|import FILE`: the roster of a data folder, whether a server runs or not.
 */
#include "govern/duty.h"
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "cmd/tell.h"
#include "govern/duty_import.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { SHOWN_DAYS = 14 };
#define ROOM ((size_t)64 << 20)
#define VIETNAM (7 * TIME_HOUR)

struct duty_cmd {
	const char *data, *format;
	bool preview;
	struct arena a;
	struct duty_row *rows;
	size_t n, bad;
};

/* --- import --- */

static void keep_row(void *ctx, const struct duty_row *row)
{
	struct duty_cmd *c = ctx;

	if (c->n < DUTY_CSV_ROWS)
		c->rows[c->n++] = *row;
}

static void say_bad(void *ctx, uint64_t line, const struct err *why)
{
	struct duty_cmd *c = ctx;
	char where[32];

	snprintf(where, sizeof where, "%ju", (uintmax_t)line);
	tell_fault(where, why);
	c->bad++;
}

static bool load(struct duty_cmd *c, const char *file, struct err *why)
{
	const struct duty_sink sink = { keep_row, say_bad, c };
	const char *path = strcmp(file, "-") == 0 ? "/dev/stdin" : file;
	struct str text;

	c->rows = NEW(&c->a, struct duty_row, DUTY_CSV_ROWS);
	if (c->rows == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	return file_load_given(&c->a, path, DUTY_CSV_MAX, &text, why) &&
	       duty_csv_read(&c->a, text, &sink, why);
}

static int import(struct duty_cmd *c, const char *file)
{
	struct duty_imported got = { .kept = 0 };
	struct opened_state s;
	struct err why = { 0 };

	if (!load(c, file, &why)) {
		command_complain(&why);
		return EXIT_INPUT;
	}
	if (!command_state_open(c->data, &s))
		return EXIT_INPUT;
	const struct duty_import in = { c->rows, c->n, "canh", c->preview };
	bool ok = duty_import(s.db, &c->a, &in, &got, &why);
	command_state_close(&s);
	if (!ok) {
		command_complain(&why);
		return EXIT_INPUT;
	}
	for (size_t i = 0; i < got.n_bad; i++)
		say_bad(c, got.bad[i].line, &got.bad[i].why);
	fprintf(stderr,
		msg(MSG_ID("%zu new shifts, %zu there already, %zu new people, %zu lines could not "
			   "be used\n")),
		got.kept, got.twice, got.n_people, c->bad);
	return c->bad > 0 ? EXIT_PART : EXIT_DONE;
}

/* --- ls --- */

static const char *clock_text(int64_t t, char out[TIME_TEXT_MAX])
{
	struct civil c = civil_from_time(t + VIETNAM);

	snprintf(out, TIME_TEXT_MAX, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour,
		 c.minute);
	return out;
}

static void show_text(const struct shift *s)
{
	char from[TIME_TEXT_MAX], to[TIME_TEXT_MAX];

	printf("%s  %s  %-6s  %.*s  %.*s\n", clock_text(s->from, from), clock_text(s->to, to),
	       post_name(s->post), STR_ARG(s->name),
	       STR_ARG(s->phone.p == NULL ? STR("") : s->phone));
}

static void show_json(const struct shift *s)
{
	struct buf b = BUF(1 << 16);
	struct jsonw w = { .out = &b };

	duty_shift_put(&w, s);
	printf("%.*s\n", STR_ARG(buf_str(&b)));
	buf_free(&b);
}

static int show(struct duty_cmd *c)
{
	int64_t now = time_now();
	struct opened_state s;
	struct shifts all = { .n = 0 };
	struct err why = { 0 };

	if (!command_state_open(c->data, &s))
		return EXIT_INPUT;
	bool ok = shift_list(s.db, &c->a, now, now + SHOWN_DAYS * TIME_DAY, &all, &why);
	for (size_t i = 0; ok && i < all.n; i++)
		(strcmp(c->format, "jsonl") == 0 ? show_json : show_text)(&all.at[i]);
	if (!ok)
		command_complain(&why);
	command_state_close(&s);
	return ok ? EXIT_DONE : EXIT_INPUT;
}

static int usage(void)
{
	fprintf(stderr, "%s", msg(MSG_ID("canh: duty wants ls or import FILE, and --data DIR\n")));
	return EXIT_USAGE;
}

int cmd_duty(int argc, char **argv)
{
	static struct duty_cmd c = { .format = "text" };
	const struct opt table[] = {
		{ "data", OPT_TEXT, &c.data, "DIR", MSG_ID("the data folder") },
		{ "preview", OPT_FLAG, &c.preview, NULL,
		  MSG_ID("import: only say what would be kept") },
		{ "format", OPT_CHOICE, &c.format, "text|jsonl", MSG_ID("how ls prints") },
	};
	const struct opts o = {
		"duty",
		"ls|import FILE|-",
		MSG_ID("Show the duty roster of the next 14 days, or read one out of a CSV file."),
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
	if (!arena_reserve(&c.a, ROOM))
		return EXIT_FAULT;
	if (strcmp(argv[0], "ls") == 0 && n == 1)
		return show(&c);
	if (strcmp(argv[0], "import") == 0 && n == 2)
		return import(&c, argv[1]);
	return usage();
}
