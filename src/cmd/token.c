/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - `canh token new`: a secret for a program that sends or reads; prints the token alone. */
#include "access/token.h"
#include "cmd/cmd.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"

#include <stdio.h>

struct wanted {
	const char *data, *role, *name, *unit, *site;
};

static int make(const struct wanted *w)
{
	struct token_draft in = { .name = str_of(w->name),
				  .unit = str_of(w->unit),
				  .site = str_of(w->site) };
	struct opened_state s;
	struct token_made made;
	struct err why = { 0 };
	int status = EXIT_DONE;

	if (!role_parse(str_of(w->role), &in.role)) {
		fprintf(stderr, msg(MSG_ID("canh: there is no role '%s'\n")), w->role);
		return EXIT_USAGE;
	}
	if (!command_state_open(w->data, &s))
		return EXIT_INPUT;
	if (token_new(s.access, NULL, &in, &made, &why)) {
		printf("%s\n", made.secret);
	} else {
		command_complain(&why);
		status = EXIT_INPUT;
	}
	command_state_close(&s);
	return status;
}

int cmd_token(int argc, char **argv)
{
	struct wanted w = { .role = "source" };
	const struct opt table[] = {
		{ "data", OPT_TEXT, &w.data, "DIR", MSG_ID("the data folder") },
		{ "role", OPT_CHOICE, &w.role, "source|viewer|analyst|lead|auditor|admin",
		  MSG_ID("what the token may do; source may only push") },
		{ "name", OPT_TEXT, &w.name, "NAME",
		  MSG_ID("what the token is called on the page") },
		{ "unit", OPT_TEXT, &w.unit, "ID",
		  MSG_ID("what it is for: a unit, as GET /api/v1/units names it; else all") },
		{ "site", OPT_TEXT, &w.site, "ID", MSG_ID("what it is for: a site of a unit") },
	};
	struct opts o = {
		"token",
		"new",
		MSG_ID("Make a token for a program. It is printed once and kept as a hash only."),
		table,
		COUNT(table),
		1,
		1
	};
	size_t n;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	if (strcmp(argv[0], "new") != 0 || w.data == NULL || w.name == NULL) {
		fprintf(stderr, "%s",
			msg(MSG_ID("canh: token new wants --data DIR and --name NAME\n")));
		return EXIT_USAGE;
	}
	return make(&w);
}
