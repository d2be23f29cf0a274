/* SPDX-License-Identifier: Apache-2.0 */
/* ledger_int.h - what writing and verifying the ledger share. */
#ifndef STATE_LEDGER_INT_H
#define STATE_LEDGER_INT_H

#include "base/buf.h"
#include "state/ledger.h"

enum { LEDGER_SALT_LEN = 32 };

/* The leaf hash of an entry: every member but `hash` counts. False when it is too long. */
bool ledger_leaf(const struct ledger_entry *e, struct merkle_hash *out);
/* Hexadecimal HMAC-SHA256 of the value under its salt. */
const char *ledger_commitment(struct str salt, struct str value, char out[HASH_HEX_MAX]);
/* Full subtrees as the database keeps them; `db` is the context. */
struct merkle_store ledger_store(struct db *db);
/* The current row of SELECT size, root, signed, key, signature; false when a length is wrong. */
bool ledger_head_row(struct db_rows *r, struct head *out);

#endif
