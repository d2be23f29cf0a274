/* SPDX-License-Identifier: Apache-2.0 */
/* seals.c - invariant: an entry is written only when it says something that none before it said. */
#include "proc/seals.h"

#include "base/hash.h"
#include "base/json.h"
#include "proc/jobs_int.h"
#include "state/ledger.h"
#include "store/day.h"

#include <stdio.h>
#include <stdlib.h>

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

/* --- what the ledger says --- */

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

struct seal_list {
	struct store_seen *all;
	size_t n;
};

/* The newest entries of a kind. */
static bool read_kind(struct db *db, struct arena *a, const char *kind, size_t most,
		      struct seal_list *out, struct err *why)
{
	struct ledger_wish wish = {
		.kind = str_of(kind), .from = TIME_NONE, .to = TIME_NONE, .most = most
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
	*out = (struct seal_list){ seen, kept };
	return true;
}

bool seals_read(struct db *db, struct arena *a, struct store_seen **out, size_t *n, struct err *why)
{
	struct seal_list roots = { 0 }, closed = { 0 };

	/* apart: a day's end must not be pushed out by the many roots of open days */
	if (!read_kind(db, a, "store.closed", SEALS_MAX, &closed, why) ||
	    !read_kind(db, a, "store.root", SEALS_MAX, &roots, why))
		return false;
	struct store_seen *all = NEW(a, struct store_seen, roots.n + closed.n + 1);
	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	memcpy(all, closed.all, closed.n * sizeof *all);
	memcpy(all + closed.n, roots.all, roots.n * sizeof *all);
	*out = all;
	*n = closed.n + roots.n;
	return true;
}

/* --- what the ledger was told --- */

static bool is_known(const struct sealed *s, const struct store_root *root)
{
	for (size_t i = s->n_closed; i-- > 0;)
		if (s->closed[i].day == root->day && s->closed[i].blocks == root->blocks)
			return true;
	return false;
}

static bool learn(struct sealed *s, const struct store_root *root, struct err *why)
{
	if (s->n_closed == s->cap_closed) {
		size_t cap = s->cap_closed == 0 ? 64 : 2 * s->cap_closed;
		struct sealed_day *more = realloc(s->closed, cap * sizeof *more);

		if (more == NULL)
			return err_set(why, ERR_LIMIT, 0, "no memory");
		s->closed = more;
		s->cap_closed = cap;
	}
	s->closed[s->n_closed++] = (struct sealed_day){ root->day, root->blocks };
	return true;
}

static bool read_once(struct desk *d, struct sealed *s, struct arena a, struct err *why)
{
	struct seal_list roots = { 0 }, closed = { 0 };

	if (s->read)
		return true;
	pthread_mutex_lock(&d->lock);
	bool ok = read_kind(d->db, &a, "store.root", 1, &roots, why) &&
		  read_kind(d->db, &a, "store.closed", SEALS_MAX, &closed, why);
	pthread_mutex_unlock(&d->lock);
	s->n_closed = 0;
	for (size_t i = 0; ok && i < closed.n; i++)
		ok = learn(s, &closed.all[i].root, why);
	if (ok && roots.n > 0) {
		s->told_day = roots.all[0].root.day;
		s->told_blocks = roots.all[0].root.blocks;
	}
	s->read = ok;
	return ok;
}

void seals_forget(struct sealed *s)
{
	free(s->closed);
	*s = (struct sealed){ 0 };
}

/* --- what it is told now --- */

static bool seal_closed(struct desk *d, struct sealed *s, struct store_reader *store,
			struct arena *a, struct err *why)
{
	const struct store_day *days = NULL;
	size_t n = 0;

	if (!store_days(store, a, &days, &n, why))
		return why->kind == ERR_ABSENT;
	for (size_t i = 0; i < n; i++) {
		if (days[i].gone != TIME_NONE || is_known(s, &days[i].root))
			continue;
		if (!note(d, "store.closed", &days[i].root, &days[i], why) ||
		    !learn(s, &days[i].root, why))
			return false;
	}
	return true;
}

static bool seal_open(struct desk *d, struct sealed *s, struct store_reader *store, int32_t day,
		      struct err *why)
{
	if (s->root.day != day || s->root.blocks == 0) {
		s->root = (struct store_root){ .day = day };
		s->tree = (struct merkle_range){ 0 };
	}
	if (!store_day_more(store, &s->tree, &s->root, why))
		return false;
	if (s->root.blocks == 0 || (s->told_day == day && s->told_blocks == s->root.blocks))
		return true;
	if (!note(d, "store.root", &s->root, NULL, why))
		return false;
	s->told_day = day;
	s->told_blocks = s->root.blocks;
	return true;
}

bool seal_store(struct desk *d, struct sealed *s, struct store_reader *store, struct arena a,
		struct err *why)
{
	int32_t day;

	if (!store_newest(store, &day, why))
		return why->kind == ERR_ABSENT; /* nothing was stored yet */
	return read_once(d, s, a, why) && seal_closed(d, s, store, &a, why) &&
	       seal_open(d, s, store, day, why);
}
