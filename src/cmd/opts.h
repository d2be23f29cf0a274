/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opts.h - the command line of a subcommand as a table of options.
 *
 * "--name VALUE" and "--name=VALUE", in any place; "--" ends them; "-" is an operand. Every command
 * has --help and --lang besides its own, and --describe, which prints the table as JSON for
 * tools/make-manual. Faults and help are printed here: this is cmd/.
 */
#ifndef CMD_OPTS_H
#define CMD_OPTS_H

#include "base/str.h"

enum opt_kind {
	OPT_FLAG,   /* bool *: no value */
	OPT_TEXT,   /* const char **: the last one counts */
	OPT_MANY,   /* struct opt_list *: each one counts */
	OPT_CHOICE, /* const char **: one of `arg`, "a|b|c" */
	OPT_NUMBER, /* uint64_t * */
};

enum { OPT_MANY_MAX = 1024 };

struct opt_list {
	const char *v[OPT_MANY_MAX];
	size_t n;
};

struct opt {
	const char *name; /* without dashes; "f" is also taken as -f */
	enum opt_kind kind;
	void *out;
	const char *arg;  /* what the value is called in the help: "FILE" */
	const char *help; /* a message id (MSG_ID) */
};

struct opts {
	const char *command, *operands; /* "hunt", "PATH...|-" */
	const char *about; /* a message id: what the command does, a sentence or more */
	const struct opt *opt;
	size_t n;
	size_t min, max; /* operands; max 0: none, SIZE_MAX: any number */
};

enum opts_result {
	OPTS_GO,
	OPTS_HELPED, /* help was printed: the command ends with 0 */
	OPTS_WRONG,  /* the fault was printed: it ends with 64 */
};

/* On OPTS_GO the operands stand first in argv (argv[0] is the first) and *n counts them. */
MUST_USE enum opts_result opts_parse(const struct opts *o, int argc, char **argv, size_t *n);

/* With what a command ends that shall not go on. */
int opts_exit(enum opts_result r);

/* The language that --lang, then LC_ALL, LC_MESSAGES, LANG ask for. */
void opts_language(int argc, char **argv);

#endif
