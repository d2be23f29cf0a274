/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/own_token.h"

#include "base/file.h"
#include "cmd/open_state.h"

#include <fcntl.h>
#include <stdio.h>

static void token_path(const struct own_token *t, char path[4096])
{
	snprintf(path, 4096, "%s/keys/%s.token", t->data, t->name);
}

void own_token_kept(const struct own_token *t, char out[ACCESS_SECRET_MAX])
{
	unsigned char mem[1024];
	struct arena a = { mem, mem + sizeof mem };
	struct str text = STR("");
	char path[4096];

	token_path(t, path);
	if (!file_load(&a, AT_FDCWD, path, ACCESS_SECRET_MAX - 1, &text, NULL))
		text = STR("");
	snprintf(out, ACCESS_SECRET_MAX, "%.*s", STR_ARG(str_trim(text)));
}

bool own_token_make(const struct own_token *t, char out[ACCESS_SECRET_MAX], struct err *why)
{
	struct opened_state state;
	struct token_made made;
	char path[4096], name[64];

	if (!command_state_open(t->data, &state))
		return err_set(why, ERR_IO, 0, "no token can be made");
	snprintf(name, sizeof name, "canh %s", t->name);
	const struct token_draft in = { .name = str_of(name), .role = t->role };
	bool ok = token_new(state.access, NULL, &in, &made, why);
	command_state_close(&state);
	if (!ok)
		return false;
	snprintf(out, ACCESS_SECRET_MAX, "%s", made.secret);
	token_path(t, path);
	return file_save(AT_FDCWD, path, str_of(made.secret), 0600, why);
}
