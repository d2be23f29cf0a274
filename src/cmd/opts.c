/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opts.c - one loop over the arguments, one lookup in the table.
 */
#include "cmd/opts.h"

#include "base/buf.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "base/num.h"
#include "cmd/cmd.h"

#include <stdio.h>
#include <stdlib.h>

enum { DESCRIPTION_MAX = 1 << 20 };

static const char *const langs = "vi|en";

static void print_option(const char *name, const char *arg, const char *help)
{
	int n = printf("  --%s%s%s", name, arg != NULL ? " " : "", arg != NULL ? arg : "");

	printf("%*s%s\n", n < 26 ? 26 - n : 2, "", help);
}

static void print_help(const struct opts *o)
{
	printf("canh %s %s%s\n\n%s\n", o->command, o->n > 0 ? msg(MSG_ID("[options] ")) : "",
	       o->operands, msg(o->about));
	printf("\n");
	for (size_t i = 0; i < o->n; i++)
		print_option(o->opt[i].name, o->opt[i].arg, msg(o->opt[i].help));
	print_option("lang", langs, msg(MSG_ID("language of messages")));
	print_option("help", NULL, msg(MSG_ID("this text")));
}

static void describe_option(struct jsonw *w, const struct opt *opt)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "name", str_of(opt->name));
	if (opt->kind != OPT_FLAG)
		jsonw_kv_str(w, "arg", str_of(opt->arg));
	jsonw_kv_bool(w, "choice", opt->kind == OPT_CHOICE);
	jsonw_kv_bool(w, "many", opt->kind == OPT_MANY);
	jsonw_kv_str(w, "help", str_of(msg(opt->help)));
	jsonw_close(w, '}');
}

/* The same table once more, for tools/make-manual, which makes man pages and shell completion of it. */
static void print_description(const struct opts *o)
{
	const struct opt all[] = {
		{ "lang", OPT_CHOICE, NULL, langs, MSG_ID("language of messages") },
		{ "help", OPT_FLAG, NULL, NULL, MSG_ID("this text") },
	};
	struct buf b = BUF(DESCRIPTION_MAX);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "command", str_of(o->command));
	jsonw_kv_str(&w, "operands", str_of(o->operands));
	jsonw_kv_str(&w, "about", str_of(msg(o->about)));
	jsonw_key(&w, "options");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < o->n; i++)
		describe_option(&w, &o->opt[i]);
	for (size_t i = 0; i < COUNT(all); i++)
		describe_option(&w, &all[i]);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	fwrite(b.p, 1, b.n, stdout);
	putchar('\n');
	buf_free(&b);
}

static enum opts_result see_help(const struct opts *o)
{
	fprintf(stderr, msg(MSG_ID("canh %s --help tells how it is used\n")), o->command);
	return OPTS_WRONG;
}

static bool in_choices(const char *choices, struct str value)
{
	struct str rest = str_of(choices), one;

	while (str_split(&rest, '|', &one))
		if (str_eq(one, value))
			return true;
	return false;
}

static bool store(const struct opt *opt, const char *value)
{
	struct opt_list *many = opt->out;

	switch (opt->kind) {
	case OPT_FLAG:
		*(bool *)opt->out = true;
		return true;
	case OPT_MANY:
		if (many->n == OPT_MANY_MAX)
			return false;
		many->v[many->n++] = value;
		return true;
	case OPT_NUMBER:
		return num_parse(str_of(value), 0, UINT64_MAX, opt->out);
	case OPT_CHOICE:
		if (!in_choices(opt->arg, str_of(value)))
			return false;
		break;
	default:
		break;
	}
	*(const char **)opt->out = value;
	return true;
}

/* "lang" and "help" go with every command. */
static const struct opt *find(const struct opts *o, struct str name)
{
	static const char *ignored;
	static const struct opt lang = { "lang", OPT_CHOICE, &ignored, "vi|en", NULL };

	for (size_t i = 0; i < o->n; i++)
		if (str_eq(str_of(o->opt[i].name), name))
			return &o->opt[i];
	return str_eq(name, STR("lang")) ? &lang : NULL;
}

/* The option at argv[*i], its value taken from there or from the next. */
static bool take_option(const struct opts *o, int argc, char **argv, int *i)
{
	const char *arg = argv[*i];
	struct str text = str_skip(str_of(arg), arg[1] == '-' ? 2 : 1);
	struct str name = str_sub(text, 0, str_find_char(text, '='));
	const struct opt *opt = find(o, name);
	const char *value = NULL;

	if (opt == NULL || (arg[1] != '-' && name.n != 1)) {
		fprintf(stderr, msg(MSG_ID("there is no option '%s'\n")), arg);
		return false;
	}
	if (name.n < text.n)
		value = text.p + name.n + 1;
	if (opt->kind == OPT_FLAG && value != NULL) {
		fprintf(stderr, msg(MSG_ID("--%s takes no value\n")), opt->name);
		return false;
	}
	if (opt->kind != OPT_FLAG && value == NULL) {
		if (*i + 1 == argc) {
			fprintf(stderr, msg(MSG_ID("--%s needs a value: %s\n")), opt->name,
				opt->arg);
			return false;
		}
		value = argv[++*i];
	}
	if (store(opt, value))
		return true;
	fprintf(stderr, msg(MSG_ID("--%s cannot be '%s'; it takes %s\n")), opt->name, value,
		opt->arg);
	return false;
}

enum opts_result opts_parse(const struct opts *o, int argc, char **argv, size_t *n)
{
	bool options = true;
	size_t kept = 0;

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			print_help(o);
			return OPTS_HELPED;
		} else if (strcmp(argv[i], "--describe") == 0) {
			print_description(o);
			return OPTS_HELPED;
		} else if (strcmp(argv[i], "--") == 0) {
			break;
		}
	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!take_option(o, argc, argv, &i))
				return see_help(o);
		} else {
			argv[kept++] = argv[i];
		}
	}
	if (kept < o->min || kept > o->max) {
		fprintf(stderr,
			kept < o->min ? msg(MSG_ID("canh %s: something is missing: %s\n"))
				      : msg(MSG_ID("canh %s: too much is given; it takes %s\n")),
			o->command, o->operands[0] != '\0' ? o->operands : "-");
		return see_help(o);
	}
	*n = kept;
	return OPTS_GO;
}

int opts_exit(enum opts_result r)
{
	return r == OPTS_WRONG ? EXIT_USAGE : EXIT_DONE;
}

void opts_language(int argc, char **argv)
{
	static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *want = NULL;

	for (size_t i = 0; i < COUNT(variables) && (want == NULL || want[0] == '\0'); i++)
		want = getenv(variables[i]);
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			want = argv[i] + 7;
		else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			want = argv[i + 1];
	}
	msg_lang_set(lang_parse(want));
}
