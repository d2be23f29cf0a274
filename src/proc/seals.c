/* SPDX-License-Identifier: Apache-2.0 */
/* seals.c - invariant: an entry is written only when it says something that none before it said. */
#include "proc/seals.h"

#include "base/hash.h"
#include "base/json.h"
#include "proc/jobs_int.h"
#include "state/hold_row.h"
#include "state/ledger.h"
#include "store/day.h"

#include <stdio.h>
#include <stdlib.h>

/* What is told of one day; `closed` and `reason` may be NULL. */
struct told {
	const char *kind;
	const struct store_root *root;
	const struct store_day *closed;
	const char *reason; /* why it is gone */
};

static bool note(struct desk *d, const struct told *t, struct err *why)
{
	char day[TIME_TEXT_MAX], hex[2 * MERKLE_LEN + 1], hash[2 * MERKLE_LEN + 1] = "";
	int64_t at = t->reason != NULL ? t->closed->gone : TIME_NONE;
	struct ledger_note n = { "canh", t->kind, str_of(day_text(t->root->day, day)), at };

	hash_hex(&t->root->root, MERKLE_LEN, hex);
	if (t->closed != NULL)
		hash_hex(t->closed->hash, MERKLE_LEN, hash);
	const struct ledger_field fields[] = {
		F_Z("day", day),
		F_INT("blocks", t->root->blocks),
		F_INT("records", t->root->records),
		F_Z("root", hex),
		F_Z("hash", hash),
		F_INT("bytes", t->closed == NULL ? 0 : t->closed->size),
		F_Z("why", t->reason != NULL ? t->reason : ""),
	};
	pthread_mutex_lock(&d->lock);
	bool ok = db_begin(d->db, why);
	if (ok) {
		/* the last one is of days that are gone only */
		ok = ledger_append(d->db, &n, fields, COUNT(fields) - (t->reason == NULL), NULL,
				   why);
		ok = db_leave(d->db, ok, why);
	}
	pthread_mutex_unlock(&d->lock);
	return ok;
}

/* --- what the ledger says --- */

enum { WEEK = 7 };

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
	*out = (struct store_seen){ .closed = str_eq(e->kind, STR("store.closed")),
				    .gone = str_eq(e->kind, STR("store.gone")) };
	ok = day_parse(json_get_str(j, "day"), &out->root.day) &&
	     json_int(json_get(j, "blocks"), &blocks) &&
	     json_int(json_get(j, "records"), &records) && read_hex(j, "root", &out->root.root) &&
	     (!(out->closed || out->gone) || read_hex(j, "hash", out->hash));
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
	/* apart: a day's end must not be pushed out by the many roots of open days */
	static const char *const kinds[] = { "store.gone", "store.closed", "store.root" };
	struct seal_list of[COUNT(kinds)] = { 0 };
	size_t count = 0, at = 0;

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (!read_kind(db, a, kinds[i], SEALS_MAX, &of[i], why))
			return false;
		count += of[i].n;
	}
	struct store_seen *all = NEW(a, struct store_seen, count + 1);
	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < COUNT(kinds); at += of[i++].n)
		memcpy(all + at, of[i].all, of[i].n * sizeof *all);
	*out = all;
	*n = count;
	return true;
}

bool holds_read(struct db *db, struct arena *a, struct store_hold **out, size_t *n, struct err *why)
{
	struct hold_seen *seen = NULL;
	size_t count = 0, kept = 0;

	if (!hold_seen_all(db, a, &seen, &count, why))
		return false;
	struct store_hold *all = NEW(a, struct store_hold, count + 1);
	if (all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < count; i++) {
		struct store_hold h = { .since = seen[i].since, .until = seen[i].until };

		if (day_parse(str_of(seen[i].day), &h.from) &&
		    day_parse(str_of(seen[i].last), &h.to))
			all[kept++] = h;
	}
	*out = all;
	*n = kept;
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

static bool is_gone(const struct sealed *s, int32_t day)
{
	for (size_t i = s->gone.n; i-- > 0;)
		if (s->gone.day[i] == day)
			return true;
	return false;
}

static bool learn_gone(struct sealed *s, int32_t day, struct err *why)
{
	if (s->gone.n == s->gone.cap) {
		size_t cap = s->gone.cap == 0 ? 64 : 2 * s->gone.cap;
		int32_t *more = realloc(s->gone.day, cap * sizeof *more);

		if (more == NULL)
			return err_set(why, ERR_LIMIT, 0, "no memory");
		s->gone.day = more;
		s->gone.cap = cap;
	}
	s->gone.day[s->gone.n++] = day;
	return true;
}

static bool read_once(struct desk *d, struct sealed *s, struct arena a, struct err *why)
{
	struct seal_list roots = { 0 }, closed = { 0 }, gone = { 0 };

	if (s->read)
		return true;
	pthread_mutex_lock(&d->lock);
	bool ok = read_kind(d->db, &a, "store.root", 1, &roots, why) &&
		  read_kind(d->db, &a, "store.closed", SEALS_MAX, &closed, why) &&
		  read_kind(d->db, &a, "store.gone", SEALS_MAX, &gone, why);
	pthread_mutex_unlock(&d->lock);
	s->n_closed = s->gone.n = 0;
	for (size_t i = 0; ok && i < gone.n; i++)
		ok = learn_gone(s, gone.all[i].root.day, why);
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
	free(s->gone.day);
	*s = (struct sealed){ 0 };
}

/* --- what it is told now --- */

void seals_gone(struct desk *d, struct str told)
{
	struct json *j = NULL;
	struct gone_day day = { 0 };

	if (!json_parse(told, 4096, &j, NULL))
		return;
	if (day_parse(json_get_str(j, "day"), &day.day)) {
		snprintf(day.why, sizeof day.why, "%.*s", STR_ARG(json_get_str(j, "why")));
		pthread_mutex_lock(&d->told);
		d->gone.of[d->gone.n++ % GONE_DAYS] = day;
		d->seal_wait = true;
		pthread_cond_broadcast(&d->told_changed);
		pthread_mutex_unlock(&d->told);
	}
	json_free(j);
}

/* Why a day went, as watch told; where it told nobody, what the settings leave no doubt of. */
static void gone_reason(struct desk *d, const struct store_day *day, char out[16])
{
	int64_t keep = (int64_t)d->config->retention_days;
	bool old = keep > 0 && day->root.day < day_of(day->gone) - keep;

	snprintf(out, 16, "%s", old ? "age" : "unknown");
	pthread_mutex_lock(&d->told);
	for (size_t i = 0; i < GONE_DAYS && i < d->gone.n; i++)
		if (d->gone.of[i].day == day->root.day)
			snprintf(out, 16, "%s", d->gone.of[i].why);
	pthread_mutex_unlock(&d->told);
}

static bool seal_gone(struct desk *d, struct sealed *s, const struct store_day *day,
		      struct err *why)
{
	char reason[16];
	const struct told told = { "store.gone", &day->root, day, reason };

	if (is_gone(s, day->root.day))
		return true;
	gone_reason(d, day, reason);
	if (!note(d, &told, why) || !learn_gone(s, day->root.day, why))
		return false;
	if (d->web != NULL)
		web_publish(d->web, "board", STR("{}"));
	return true;
}

/* What the last days took, of those that are there. */
static void measure_days(struct desk *d, const struct store_day *days, size_t n)
{
	int64_t sum = 0, count = 0;

	for (size_t i = n; i-- > 0 && count < WEEK;) {
		if (days[i].gone != TIME_NONE)
			continue;
		sum += days[i].size;
		count++;
	}
	__atomic_store_n(&d->gone.day_bytes, count == 0 ? 0 : sum / count, __ATOMIC_RELAXED);
}

static bool seal_closed(struct desk *d, struct sealed *s, struct store_reader *store,
			struct arena *a, struct err *why)
{
	const struct store_day *days = NULL;
	size_t n = 0;

	if (!store_days(store, a, &days, &n, why))
		return why->kind == ERR_ABSENT;
	measure_days(d, days, n);
	for (size_t i = 0; i < n; i++) {
		const struct told told = { "store.closed", &days[i].root, &days[i], NULL };

		if (days[i].gone != TIME_NONE ? !seal_gone(d, s, &days[i], why)
		    : is_known(s, &days[i].root)
			    ? false
			    : !note(d, &told, why) || !learn(s, &days[i].root, why))
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
	const struct told told = { "store.root", &s->root, NULL, NULL };
	if (!note(d, &told, why))
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
