/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verify.c - one pass over the entries: each is hashed anew, the tree is grown from those hashes, and
 * whatever else is stored (subtrees, heads, personal values) or was kept elsewhere (witness heads) is
 * held against that tree at the entry where it belongs.
 */
#include "state/verify.h"

#include "state/ledger_int.h"

#include <stdio.h>
#include <stdlib.h>

struct scan {
	struct db *db;                  /* borrowed */
	const struct verify_wish *wish; /* borrowed */
	struct verify_report report;
	struct merkle_range range;
	int64_t nodes;
	unsigned char key[CRYPT_PUBLIC_LEN];
	bool has_key;
	struct db_rows *heads; /* by size */
	struct head head;      /* the current one of `heads` */
	bool has_head;
	struct head *witness; /* owned, by size */
	size_t iwitness;
};

static bool check_signer(struct scan *s, const struct head *h, struct err *why)
{
	char print[HEAD_PRINT_MAX];

	if (!head_valid(h))
		return err_set(why, ERR_INPUT, (size_t)h->size,
			       "the signature of the head at entry %lld is wrong",
			       (long long)h->size);
	if ((s->has_key && memcmp(s->key, h->key, sizeof s->key) != 0) ||
	    (s->wish->fingerprint.n > 0 && !head_fingerprint_fits(s->wish->fingerprint, h->key)))
		return err_set(why, ERR_INPUT, (size_t)h->size,
			       "the head at entry %lld is signed with another key (fingerprint %s)",
			       (long long)h->size, head_fingerprint(h->key, print));
	memcpy(s->key, h->key, sizeof s->key);
	s->has_key = true;
	return true;
}

static bool next_head(struct scan *s, struct err *why)
{
	int64_t was = s->head.size;

	s->has_head = db_next(s->heads);
	if (!s->has_head)
		return true;
	if (!ledger_head_row(s->heads, &s->head) || s->head.size <= was)
		return err_set(why, ERR_INPUT, (size_t)s->head.size,
			       "the head of the ledger at entry %lld is damaged",
			       (long long)s->head.size);
	s->report.heads++;
	return check_signer(s, &s->head, why);
}

/* Every head and witness of the size that the tree has now. */
static bool check_heads(struct scan *s, struct err *why)
{
	int64_t size = (int64_t)s->range.size;
	struct merkle_hash root;

	while (s->has_head && s->head.size == size) {
		merkle_range_root(&s->range, &root);
		if (!merkle_same(&root, &s->head.root))
			return err_set(why, ERR_INPUT, (size_t)size,
				       "the signed head at entry %lld does not fit the entries",
				       (long long)size);
		if (!next_head(s, why))
			return false;
	}
	for (; s->iwitness < s->wish->nwitness && s->witness[s->iwitness].size == size;
	     s->iwitness++) {
		const struct head *w = &s->witness[s->iwitness];
		char time[TIME_TEXT_MAX];

		merkle_range_root(&s->range, &root);
		if (!merkle_same(&root, &w->root))
			return err_set(why, ERR_INPUT, (size_t)size,
				       "the entries up to %lld are not those that the witness saw "
				       "at %s",
				       (long long)size, time_rfc3339(w->signed_at, time));
		s->report.witnessed = size;
		s->report.witnessed_at = w->signed_at;
	}
	return true;
}

static bool check_node(void *ctx, int level, uint64_t place, const struct merkle_hash *hash,
		       struct err *why)
{
	struct scan *s = ctx;
	struct merkle_store store = ledger_store(s->db);
	struct merkle_hash kept;

	s->nodes++;
	if (!store.node(store.ctx, level, place, &kept, why))
		return false;
	uint64_t first = (place << level) + 1, last = (place + 1) << level;

	return merkle_same(hash, &kept) ||
	       err_set(why, ERR_INPUT, (size_t)first,
		       "the stored subtree over entries %llu to %llu does not fit them",
		       (unsigned long long)first, (unsigned long long)last);
}

static bool check_entry(struct scan *s, struct db_rows *r, struct err *why)
{
	struct str hash = db_blob(r, 7);
	struct merkle_hash leaf;
	struct ledger_entry e = { .n = db_int(r, 0),
				  .recorded = db_int(r, 1),
				  .observed = db_int(r, 2),
				  .actor = db_text(r, 3),
				  .kind = db_text(r, 4),
				  .subject = db_text(r, 5),
				  .body = db_text(r, 6) };
	int64_t want = (int64_t)s->range.size + 1;

	if (e.n != want)
		return err_set(why, ERR_INPUT, (size_t)want, "entry %lld is missing",
			       (long long)want);
	if (!ledger_leaf(&e, &leaf) || hash.n != MERKLE_LEN ||
	    memcmp(hash.p, leaf.b, MERKLE_LEN) != 0)
		return err_set(why, ERR_INPUT, (size_t)e.n,
			       "entry %lld was changed: it does not fit its hash", (long long)e.n);
	if (!merkle_range_add(&s->range, &leaf, check_node, s, why))
		return false;
	s->report.entries = e.n;
	s->report.last_recorded = e.recorded;
	return check_heads(s, why);
}

static bool check_entries(struct scan *s, struct err *why)
{
	struct db_rows *r = db_query(s->db,
				     "SELECT n, recorded, observed, actor, kind, subject, body, "
				     "hash FROM ledger_entries ORDER BY n",
				     NULL, 0, why);
	struct err inner = { 0 };
	bool ok = r != NULL && next_head(s, why) && check_heads(s, why);

	while (ok && db_next(r))
		ok = check_entry(s, r, why);
	if (!ok) {
		db_end(r, NULL);
		return false;
	}
	if (!db_end(r, &inner))
		return err_set(why, ERR_INPUT, (size_t)s->range.size + 1,
			       "entry %lld cannot be read: %s", (long long)s->range.size + 1,
			       inner.text);
	return true;
}

/* What claims more than there is, or less. */
static bool check_end(struct scan *s, struct err *why)
{
	int64_t size = (int64_t)s->range.size, nodes = 0, newest = 0;
	char time[TIME_TEXT_MAX];

	if (s->has_head)
		return err_set(why, ERR_INPUT, (size_t)size,
			       "entries are missing behind %lld: the head signed at %s covers %lld",
			       (long long)size, time_rfc3339(s->head.signed_at, time),
			       (long long)s->head.size);
	if (s->iwitness < s->wish->nwitness) {
		const struct head *w = &s->witness[s->wish->nwitness - 1];

		return err_set(why, ERR_INPUT, (size_t)size,
			       "entries are missing behind %lld: the witness saw %lld at %s",
			       (long long)size, (long long)w->size,
			       time_rfc3339(w->signed_at, time));
	}
	if (!db_number(s->db, "SELECT count(*) FROM ledger_nodes", NULL, 0, &nodes, why) ||
	    !db_number(s->db, "SELECT coalesce(max(size), 0) FROM ledger_heads", NULL, 0, &newest,
		       why))
		return false;
	if (nodes != s->nodes)
		return err_set(why, ERR_INPUT, (size_t)size,
			       "the ledger keeps %lld subtrees, its entries make %lld",
			       (long long)nodes, (long long)s->nodes);
	if (newest < size)
		return err_set(why, ERR_INPUT, (size_t)newest + 1,
			       "entries %lld to %lld are not signed", (long long)newest + 1,
			       (long long)size);
	return true;
}

static bool check_value(struct db_rows *r, struct err *why)
{
	char hex[HASH_HEX_MAX], want[160];
	struct str field = db_text(r, 1), body = db_text(r, 4);

	ledger_commitment(db_blob(r, 2), db_text(r, 3), hex);
	int n = snprintf(want, sizeof want, "\"%.*s\":{\"commitment\":\"%s\"}",
			 field.n < 64 ? (int)field.n : 64, field.p, hex);
	struct str w = { want, (size_t)n };

	return str_find(body, w) < body.n ||
	       err_set(why, ERR_INPUT, (size_t)db_int(r, 0),
		       "personal value '%.*s' of entry %lld was changed", STR_ARG(field),
		       (long long)db_int(r, 0));
}

static bool check_personal(struct scan *s, struct err *why)
{
	struct db_rows *r =
		db_query(s->db,
			 "SELECT p.n, p.field, p.salt, p.value, coalesce(e.body, '') FROM "
			 "ledger_personal p LEFT JOIN ledger_entries e ON e.n = p.n ORDER BY p.n",
			 NULL, 0, why);
	bool ok = r != NULL;

	while (ok && db_next(r)) {
		ok = check_value(r, why);
		s->report.personal++;
	}
	return ok ? db_end(r, why) : db_end(r, NULL) && false;
}

/* What a damaged page or index holds that no query above touched. */
static bool check_file(struct scan *s, struct err *why)
{
	char answer[256];

	if (!db_pragma(s->db, "integrity_check(1)", answer, sizeof answer, why))
		return false;
	return strcmp(answer, "ok") == 0 ||
	       err_set(why, ERR_INPUT, 0, "the database file is damaged: %s", answer);
}

static int by_size(const void *a, const void *b)
{
	const struct head *x = a, *y = b;

	return (x->size > y->size) - (x->size < y->size);
}

static bool take_witness(struct scan *s, struct err *why)
{
	size_t n = s->wish->nwitness;

	if (n == 0)
		return true;
	s->witness = calloc(n, sizeof *s->witness);
	if (s->witness == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	memcpy(s->witness, s->wish->witness, n * sizeof *s->witness);
	qsort(s->witness, n, sizeof *s->witness, by_size);
	for (size_t i = 0; i < n; i++)
		if (!check_signer(s, &s->witness[i], why))
			return false;
	return true;
}

static bool check_all(struct scan *s, struct err *why)
{
	s->heads = db_query(s->db,
			    "SELECT size, root, signed, key, signature FROM ledger_heads "
			    "ORDER BY size",
			    NULL, 0, why);
	if (s->heads == NULL || !take_witness(s, why) || !check_entries(s, why) ||
	    !check_end(s, why))
		return false;
	struct db_rows *heads = s->heads;

	s->heads = NULL;
	return db_end(heads, why) && check_personal(s, why) && check_file(s, why);
}

bool verify_ledger(struct db *db, const struct verify_wish *wish, struct verify_report *out,
		   struct err *why)
{
	struct scan s = { .db = db,
			  .wish = wish,
			  .report = { .last_recorded = TIME_NONE, .witnessed_at = TIME_NONE } };
	bool ok = check_all(&s, why);

	if (s.heads != NULL)
		db_end(s.heads, NULL);
	free(s.witness);
	if (!ok)
		return false;
	if (s.has_key)
		head_fingerprint(s.key, s.report.fingerprint);
	*out = s.report;
	return true;
}

const char *verify_text(const struct verify_report *r, enum lang lang, char *out, size_t cap)
{
	char last[TIME_TEXT_MAX], seen[TIME_TEXT_MAX];

	if (r->entries == 0) {
		snprintf(out, cap, "%s", msg_in(lang, "the ledger is empty"));
		return out;
	}
	time_rfc3339(r->last_recorded, last);
	if (r->witnessed == 0)
		snprintf(
			out, cap,
			msg_in(lang, "whole up to entry %lld at %s; later loss cannot be excluded"),
			(long long)r->entries, last);
	else
		snprintf(out, cap,
			 msg_in(lang,
				"whole up to entry %lld at %s; a witness of %s confirms it up "
				"to entry %lld, later loss cannot be excluded"),
			 (long long)r->entries, last, time_rfc3339(r->witnessed_at, seen),
			 (long long)r->witnessed);
	return out;
}
