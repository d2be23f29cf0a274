/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - `canh token new`: a secret for a program that sends or reads; prints the token alone. */
#include "access/token.h"
#include "cmd/cmd.h"
#include "cmd/open_state.h"
#include "cmd/opts.h"

#include <stdio.h>

static int make(const char *data, const char *role_text, const char *name)
{
	struct opened_state s;
	struct token_made made;
	enum role role;
	struct err why = { 0 };
	int status = EXIT_DONE;

	if (!role_parse(str_of(role_text), &role)) {
		fprintf(stderr, msg(MSG_ID("canh: there is no role '%s'\n")), role_text);
		return EXIT_USAGE;
	}
	if (!command_state_open(data, &s))
		return EXIT_INPUT;
	if (token_new(s.access, NULL, str_of(name), role, &made, &why)) {
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
	const char *data = NULL, *role = "source", *name = NULL;
	const struct opt table[] = {
		{ "data", OPT_TEXT, &data, "DIR", MSG_ID("the data folder") },
		{ "role", OPT_CHOICE, &role, "source|viewer|analyst|lead|auditor|admin",
		  MSG_ID("what the token may do; source may only push") },
		{ "name", OPT_TEXT, &name, "NAME", MSG_ID("what the token is called on the page") },
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

	switch (opts_parse(&o, argc, argv, &n)) {
	case OPTS_HELPED:
		return EXIT_DONE;
	case OPTS_WRONG:
		return EXIT_USAGE;
	case OPTS_GO:
		break;
	}
	if (strcmp(argv[0], "new") != 0 || data == NULL || name == NULL) {
		fprintf(stderr, "%s",
			msg(MSG_ID("canh: token new wants --data DIR and --name NAME\n")));
		return EXIT_USAGE;
	}
	return make(data, role, name);
}
