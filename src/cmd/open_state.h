/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open_state.h - the state of a data folder for one command, beside a server that runs or not.
 *
 * SQLite's own lock orders the writers; each change is one transaction with its ledger entry, so a
 * command and a running desk do not disturb each other.
 */
#ifndef CMD_OPEN_STATE_H
#define CMD_OPEN_STATE_H

#include "access/access.h"
#include "state/ledger.h"
#include "state/state.h"

struct opened_state {
	struct db *db;
	struct ledger_key *key;
	struct access *access;
};

/* False after the reason was printed. */
MUST_USE bool command_state_open(const char *data, struct opened_state *out);
void command_state_close(struct opened_state *s);
/* STATE/state.db to read, beside a writer or at rest, also on a medium that cannot be written. NULL and
 * *why on failure. */
struct db *command_state_read(const char *state, struct err *why);
/* "canh: ..." in the reader's language on stderr. */
void command_complain(const struct err *why);

#endif
