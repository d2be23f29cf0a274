/* SPDX-License-Identifier: Apache-2.0 */
/* seals.c - invariant: an entry is written only when it says something that none before it said. */
#include "proc/seals.h"

#include "base/hash.h"
#include "base/json.h"
#include "proc/jobs_int.h"
#include "state/ledger.h"
#include "store/day.h"

#include <stdio.h>

static bool note(struct desk *d, const char *kind, const struct store_root *root,
		 const struct store_day *closed, struct err *why)
{
	char day[TIME_TEXT_MAX], hex[2 * MERKLE_LEN + 1], hash[2 * MERKLE_LEN + 1] = "";
	struct ledger_note n = { "canh", kind, str_of(day_text(root->day, day)), TIME_NONE };

	hash_hex(&root->root, MERKLE_LEN, hex);
	if (closed != NULL)
		hash_hex(closed->hash, MERKLE_LEN, hash);
	pthread_mutex_lock(&d->lock);
	bool ok = db_begin(d->db, why);
	if (ok) {
		ok = ledger_append(d->db, &n,
				   LEDGER_FIELDS(F_Z("day", day), F_INT("blocks", root->blocks),
						 F_INT("records", root->records), F_Z("root", hex),
						 F_Z("hash", hash),
						 F_INT("bytes", closed == NULL ? 0 : closed->size)),
				   NULL, why);
		ok = db_leave(d->db, ok, why);
	}
	pthread_mutex_unlock(&d->lock);
	return ok;
}

static bool known(const struct store_seen *seen, size_t n, const struct store_root *root,
		  bool closed)
{
	for (size_t i = 0; i < n; i++)
		if (seen[i].root.day == root->day && seen[i].closed == closed &&
		    seen[i].root.blocks == root->blocks)
			return true;
	return false;
}

static bool seal_closed(struct desk *d, struct store_reader *store, struct arena *a,
			const struct store_seen *seen, size_t n_seen, struct err *why)
{
	const struct store_day *days = NULL;
	size_t n = 0;

	if (!store_days(store, a, &days, &n, why))
		return why->kind == ERR_ABSENT;
	for (size_t i = 0; i < n; i++)
		if (days[i].gone == TIME_NONE && !known(seen, n_seen, &days[i].root, true) &&
		    !note(d, "store.closed", &days[i].root, &days[i], why))
			return false;
	return true;
}

bool seal_store(struct desk *d, struct store_reader *store, struct arena a, struct err *why)
{
	struct store_seen *seen = NULL;
	struct store_root root;
	size_t n = 0;
	int32_t day;
	bool ok;

	if (!store_newest(store, &day, why))
		return why->kind == ERR_ABSENT; /* nothing was stored yet */
	pthread_mutex_lock(&d->lock);
	ok = seals_read(d->db, &a, &seen, &n, why);
	pthread_mutex_unlock(&d->lock);
	if (!ok || !seal_closed(d, store, &a, seen, n, why) ||
	    !store_day_root(store, day, &root, why))
		return false;
	return root.blocks == 0 || known(seen, n, &root, false) ||
	       note(d, "store.root", &root, NULL, why);
}

static bool read_hex(const struct json *j, const char *key, void *out)
{
	struct str hex = json_get_str(j, key);

	return hex.n == 2 * MERKLE_LEN && hash_hex_parse(hex, out, MERKLE_LEN);
}

static bool read_seal(const struct ledger_entry *e, struct store_seen *out)
{
	struct json *j = NULL;
	int64_t blocks = 0, records = 0;
	bool ok;

	if (!json_parse(e->body, LEDGER_BODY_MAX, &j, NULL))
		return false;
	*out = (struct store_seen){ .closed = str_eq(e->kind, STR("store.closed")) };
	ok = day_parse(json_get_str(j, "day"), &out->root.day) &&
	     json_int(json_get(j, "blocks"), &blocks) &&
	     json_int(json_get(j, "records"), &records) && read_hex(j, "root", &out->root.root) &&
	     (!out->closed || read_hex(j, "hash", out->hash));
	out->root.blocks = blocks;
	out->root.records = records;
	json_free(j);
	return ok;
}

bool seals_read(struct db *db, struct arena *a, struct store_seen **out, size_t *n, struct err *why)
{
	struct ledger_wish wish = {
		.kind = STR("store."), .from = TIME_NONE, .to = TIME_NONE, .most = SEALS_MAX
	};
	struct ledger_entry *entries = NULL;
	size_t count = 0, kept = 0;

	if (!ledger_list(db, a, &wish, &entries, &count, why))
		return false;
	struct store_seen *seen = NEW(a, struct store_seen, count + 1);
	if (seen == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < count; i++)
		kept += read_seal(&entries[i], &seen[kept]);
	*out = seen;
	*n = kept;
	return true;
}
