/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_kept.c - `canh rules ls|rm`: the imports of rules that a data folder keeps, whether a server runs or
 * not.
 */
#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"
#include "cmd/plain.h"
#include "proc/kept_imports.h"

#include <pthread.h>
#include <stdio.h>

#define ROOM ((size_t)16 << 20)
enum { LINE_BYTES = 4096, NAME_SHOWN = 1000 };

struct kept_cmd {
	const char *data, *format;
	struct arena a;
};

static void show_json(const struct kept_import *i)
{
	struct buf b = BUF(LINE_BYTES);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "id", str_of(i->id));
	jsonw_kv_str(&w, "name", i->name);
	jsonw_kv_time(&w, "imported", i->imported);
	jsonw_kv_int(&w, "bytes", i->bytes);
	jsonw_close(&w, '}');
	printf("%.*s\n", STR_ARG(buf_str(&b)));
	buf_free(&b);
}

static void show_text(const struct kept_import *i)
{
	char at[TIME_TEXT_MAX];
	struct buf b = BUF(LINE_BYTES);

	plain_put(&b, i->name, NAME_SHOWN);
	printf("%s  %s  %lld  %.*s\n", i->id, time_rfc3339(i->imported, at), (long long)i->bytes,
	       STR_ARG(buf_str(&b)));
	buf_free(&b);
}

/* By its id, or by its name, which is that of one import at most. */
static const struct kept_import *find(const struct kept_import *all, size_t n, struct str what)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(str_of(all[i].id), what) || str_eq(all[i].name, what))
			return &all[i];
	return NULL;
}

static int show(const struct kept_cmd *c, const struct kept_import *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		(strcmp(c->format, "jsonl") == 0 ? show_json : show_text)(&all[i]);
	if (n == 0)
		fprintf(stderr, "%s", msg(MSG_ID("no rules were imported\n")));
	return EXIT_DONE;
}

static int forget(const struct kept_cmd *c, struct db *db, const struct kept_import *is,
		  struct err *why)
{
	pthread_mutex_t alone = PTHREAD_MUTEX_INITIALIZER;

	if (!kept_imports_remove(db, &alone, c->data, str_of(is->id), "canh", why)) {
		command_complain(why);
		return EXIT_NOT;
	}
	fprintf(stderr,
		msg(MSG_ID("the rules of '%.*s' are taken away; a running canh stops using them "
			   "within seconds\n")),
		STR_ARG(is->name));
	return EXIT_DONE;
}

static int run(struct kept_cmd *c, const char *wanted)
{
	const struct kept_import *is;
	struct kept_import *all;
	struct opened_state s;
	struct err why = { 0 };
	size_t n;

	if (!command_state_open(c->data, &s))
		return EXIT_INPUT;
	int status = EXIT_NOT;
	if (!kept_imports_all(&c->a, c->data, &all, &n, &why)) {
		command_complain(&why);
		status = EXIT_INPUT;
	} else if (wanted == NULL) {
		status = show(c, all, n);
	} else if ((is = find(all, n, str_of(wanted))) != NULL) {
		status = forget(c, s.db, is, &why);
	} else {
		(void)err_set(&why, ERR_ABSENT, 0, "there is no import of rules called '%s'",
			      wanted);
		command_complain(&why);
	}
	command_state_close(&s);
	return status;
}

int cmd_rules_kept(int argc, char **argv)
{
	static struct kept_cmd c = { .format = "text" };
	bool removing = strcmp(argv[0], "rm") == 0;
	const struct opt table[] = {
		{ "data", OPT_TEXT, &c.data, "DIR", MSG_ID("the data folder") },
		{ "format", OPT_CHOICE, &c.format, "text|jsonl", MSG_ID("how ls prints") },
	};
	const struct opts o = {
		removing ? "rules rm" : "rules ls",
		removing ? "NAME|ID" : "",
		removing ? MSG_ID("Take imported rules away, by the name or the id that `canh "
				  "rules ls` shows. The ledger keeps that they were there.")
			 : MSG_ID("Show which imports of rules the data folder keeps."),
		table,
		COUNT(table),
		removing,
		removing
	};
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (c.data == NULL) {
		fprintf(stderr, "%s",
			msg(MSG_ID("canh: rules ls and rules rm NAME want --data DIR\n")));
		return EXIT_USAGE;
	}
	if (!arena_reserve(&c.a, ROOM))
		return EXIT_FAULT;
	int status = run(&c, removing ? argv[0] : NULL);
	arena_release(c.a);
	return status;
}
