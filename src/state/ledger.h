/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger.h - the one record of every act and observation that a report may cite.
 *
 * Entries are numbered from 1; entry n is leaf n - 1 of a Merkle tree (state/merkle.h) whose full
 * subtrees are stored, so that appending costs O(log n). A leaf is the hash of the entry's bytes:
 *     canh-entry-1 LF n LF recorded LF observed LF, then actor, kind, subject and body, each as
 *     LENGTH ":" BYTES LF
 * Each commit that appended also signs a head. Entries are never changed or taken away; personal data
 * stands beside them, bound by a salted commitment, and can be deleted.
 */
#ifndef STATE_LEDGER_H
#define STATE_LEDGER_H

#include "state/db.h"
#include "state/head.h"
#include "state/scope.h"

/* The signing key of this installation: KEYS/ledger.key, 0600, made when missing. */
struct ledger_key;
struct ledger_key *ledger_key_load(const char *keys_dir, struct err *why);
void ledger_key_free(struct ledger_key *key);
const unsigned char *ledger_key_public(const struct ledger_key *key);
/* From now on every db_commit() that appended signs a head with `key` (borrowed, outlives the
 * connection). Fails with ERR_STATE when the ledger was signed by another key. */
MUST_USE bool ledger_attach(struct db *db, const struct ledger_key *key, struct err *why);

enum { LEDGER_FIELDS_MAX = 32, LEDGER_BODY_MAX = 1 << 20 };
struct ledger_field {
	const char *key; /* ASCII, each once */
	enum ledger_type {
		LEDGER_TEXT,
		LEDGER_INT,
		LEDGER_BOOL,
		LEDGER_JSON,     /* `text` is canonical JSON already */
		LEDGER_PERSONAL, /* the body holds a commitment, `text` stands beside it */
	} type;
	struct str text;
	int64_t n;
};
#define F_TEXT(k, v) ((struct ledger_field){ (k), LEDGER_TEXT, (v), 0 })
#define F_Z(k, v) ((struct ledger_field){ (k), LEDGER_TEXT, str_of(v), 0 })
#define F_INT(k, v) ((struct ledger_field){ (k), LEDGER_INT, { NULL, 0 }, (int64_t)(v) })
#define F_BOOL(k, v) ((struct ledger_field){ (k), LEDGER_BOOL, { NULL, 0 }, (v) })
#define F_JSON(k, v) ((struct ledger_field){ (k), LEDGER_JSON, (v), 0 })
#define F_PERSONAL(k, v) ((struct ledger_field){ (k), LEDGER_PERSONAL, (v), 0 })
/* The two arguments `fields, nfields`; without fields write NULL, 0. */
#define LEDGER_FIELDS(...)                                              \
	(const struct ledger_field[]){ __VA_ARGS__ },                   \
		(sizeof((const struct ledger_field[]){ __VA_ARGS__ }) / \
		 sizeof(struct ledger_field))

struct ledger_note {
	const char *actor;  /* "user:ID", "token:ID" or "canh" */
	const char *kind;   /* what was done or seen, "session.opened": small letters, dots, '_' */
	struct str subject; /* what it is about: an id, a name */
	int64_t observed;   /* TIME_NONE: now */
};
/* Append inside the caller's transaction (assert). *n (may be NULL) is the entry's number. Text that
 * is not UTF-8 gets U+FFFD. */
MUST_USE bool ledger_append(struct db *db, const struct ledger_note *note,
			    const struct ledger_field *fields, size_t nfields, int64_t *n,
			    struct err *why);
/* Delete the personal data of entry n, and say so in the ledger; in a transaction of the caller. */
MUST_USE bool ledger_forget(struct db *db, int64_t n, const char *actor, struct str reason,
			    struct err *why);

struct ledger_entry {
	int64_t n, recorded, observed;
	struct str actor, kind, subject, body;
	struct merkle_hash hash;
};
struct ledger_wish {
	int64_t below;    /* n < below; 0: from the newest */
	struct str kind;  /* that kind, or beginning with it where it ends in '.'; empty: all */
	int64_t from, to; /* recorded, TIME_NONE: open */
	size_t most;
	struct scope
		scope; /* of a part: entries about what it reaches, and its people's sessions */
};
/* Newest first, in `a`. */
MUST_USE bool ledger_list(struct db *db, struct arena *a, const struct ledger_wish *wish,
			  struct ledger_entry **out, size_t *nout, struct err *why);
/* A personal value of entry n, in `a`; ERR_ABSENT when there is none (any more). */
MUST_USE bool ledger_personal(struct db *db, struct arena *a, int64_t n, const char *field,
			      struct str *out, struct err *why);
/* The newest signed head; ERR_ABSENT when nothing was signed yet. */
MUST_USE bool ledger_head(struct db *db, struct head *out, struct err *why);

/* Proofs against the signed heads (n and sizes as entry numbers). */
MUST_USE bool ledger_prove_entry(struct db *db, int64_t n, int64_t size, struct merkle_proof *out,
				 struct err *why);
MUST_USE bool ledger_prove_growth(struct db *db, int64_t from, int64_t size,
				  struct merkle_proof *out, struct err *why);

#endif
