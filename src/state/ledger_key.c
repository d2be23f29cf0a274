/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_key.c - the signing key, and the head that is signed with each commit.
 *
 * Of the heads signed within one minute only the newest is kept, unless a witness has it.
 */
#include "base/key_file.h"
#include "state/ledger_int.h"

#include <stdlib.h>

struct ledger_key {
	struct crypt_pair pair;
};

struct ledger_key *ledger_key_load(const char *keys_dir, struct err *why)
{
	unsigned char seed[KEY_FILE_LEN];

	if (!key_file_load(keys_dir, "ledger.key", seed, why))
		return NULL;
	struct ledger_key *key = calloc(1, sizeof *key);

	if (key == NULL)
		(void)err_set(why, ERR_LIMIT, 0, "no memory");
	else
		crypt_pair_from_seed(seed, &key->pair);
	crypt_wipe(seed, sizeof seed);
	return key;
}

void ledger_key_free(struct ledger_key *key)
{
	if (key == NULL)
		return;
	crypt_wipe(key, sizeof *key);
	free(key);
}

const unsigned char *ledger_key_public(const struct ledger_key *key)
{
	return key->pair.pub;
}

bool ledger_head_row(struct db_rows *r, struct head *out)
{
	struct str root = db_blob(r, 1), key = db_blob(r, 3), signature = db_blob(r, 4);

	*out = (struct head){ .size = db_int(r, 0), .signed_at = db_int(r, 2) };
	if (root.n != MERKLE_LEN || key.n != sizeof out->key ||
	    signature.n != sizeof out->signature)
		return false;
	memcpy(out->root.b, root.p, root.n);
	memcpy(out->key, key.p, key.n);
	memcpy(out->signature, signature.p, signature.n);
	return true;
}

bool ledger_head(struct db *db, struct head *out, struct err *why)
{
	struct db_rows *r = db_query(db,
				     "SELECT size, root, signed, key, signature FROM ledger_heads "
				     "ORDER BY size DESC LIMIT 1",
				     NULL, 0, why);
	bool found = db_next(r);
	struct head h = { 0 };
	bool fits = found && ledger_head_row(r, &h);

	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "nothing in the ledger is signed yet");
	if (!fits)
		return err_set(why, ERR_INPUT, (size_t)h.size,
			       "the head of the ledger at entry %lld is damaged",
			       (long long)h.size);
	*out = h;
	return true;
}

/* The head before, when it is of the same minute and no witness has it. */
static bool drop_last(struct db *db, int64_t size, int64_t now, struct err *why)
{
	return db_run(db,
		      "DELETE FROM ledger_heads WHERE size = $1 AND signed >= $2 AND NOT EXISTS "
		      "(SELECT 1 FROM witness_heads w WHERE w.size = ledger_heads.size)",
		      DB_VALS(V_INT(size), V_INT(now - now % TIME_MINUTE)), why);
}

/* The hook of db_commit(). */
static bool sign(void *ctx, struct db *db, struct err *why)
{
	const struct ledger_key *key = ctx;
	struct merkle_store store = ledger_store(db);
	struct head h = { .signed_at = time_now() };
	int64_t last = 0;

	if (!db_number(db, "SELECT coalesce(max(n), 0) FROM ledger_entries", NULL, 0, &h.size,
		       why) ||
	    !db_number(db, "SELECT coalesce(max(size), 0) FROM ledger_heads", NULL, 0, &last, why))
		return false;
	if (h.size == last)
		return true;
	if (!merkle_root(&store, (uint64_t)h.size, &h.root, why) ||
	    !drop_last(db, last, h.signed_at, why))
		return false;
	head_sign(&h, &key->pair);
	return db_run(db,
		      "INSERT INTO ledger_heads (size, root, signed, key, signature) "
		      "VALUES ($1, $2, $3, $4, $5)",
		      DB_VALS(V_INT(h.size), V_BYTES(h.root.b, MERKLE_LEN), V_INT(h.signed_at),
			      V_BYTES(h.key, sizeof h.key),
			      V_BYTES(h.signature, sizeof h.signature)),
		      why);
}

bool ledger_attach(struct db *db, const struct ledger_key *key, struct err *why)
{
	struct head h;
	struct err inner = { 0 };

	if (!ledger_head(db, &h, &inner) && inner.kind != ERR_ABSENT) {
		if (why != NULL)
			*why = inner;
		return false;
	}
	if (inner.kind != ERR_ABSENT && memcmp(h.key, key->pair.pub, sizeof h.key) != 0) {
		char print[HEAD_PRINT_MAX];

		return err_set(why, ERR_STATE, 0,
			       "this ledger was signed with another key (fingerprint %s); put that "
			       "key back as ledger.key",
			       head_fingerprint(h.key, print));
	}
	db_before_commit(db, sign, (void *)(uintptr_t)key);
	return true;
}
