/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/open_state.h"

#include "base/file.h"

#include <stdio.h>
#include <unistd.h>

void command_complain(const struct err *why)
{
	char text[ERR_TEXT_MAX];

	fprintf(stderr, "canh: %s\n", err_text(why, msg_lang(), text, sizeof text));
}

static bool open_all(const char *data, struct opened_state *s, struct err *why)
{
	char state[4096], keys[4096];

	snprintf(state, sizeof state, "%s/state", data);
	snprintf(keys, sizeof keys, "%s/keys", data);
	if (!dir_make(state, 0700, why) || !dir_make(keys, 0700, why))
		return false;
	s->db = state_open(state, DB_CREATE, why);
	if (s->db == NULL || (s->key = ledger_key_load(keys, why)) == NULL ||
	    !ledger_attach(s->db, s->key, why))
		return false;
	s->access = access_new(s->db, keys, why);
	return s->access != NULL;
}

bool command_state_open(const char *data, struct opened_state *out)
{
	struct opened_state s = { 0 };
	struct err why = { 0 };
	char path[4096];

	snprintf(path, sizeof path, "%s/state/state.db", data);
	bool made = access(path, F_OK) == -1;
	if (open_all(data, &s, &why)) {
		if (made) /* a name mistyped would else go unseen */
			fprintf(stderr, msg(MSG_ID("canh: '%s' is a new data folder\n")), data);
		*out = s;
		return true;
	}
	command_state_close(&s);
	command_complain(&why);
	return false;
}

struct db *command_state_read(const char *state, struct err *why)
{
	return state_open(state, DB_READ, why);
}

void command_state_close(struct opened_state *s)
{
	access_free(s->access);
	db_close(s->db);
	ledger_key_free(s->key);
	*s = (struct opened_state){ 0 };
}
