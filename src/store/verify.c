/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c - all days: which there must be, their files as a whole, then each from the inside. */
#include "store/verify.h"

#include "store/reader.h"
#include "store/verify_int.h"

#include <stdio.h>
#include <stdlib.h>

enum { NO_DAY = INT32_MIN, SCRATCH = 256 << 20 };

bool verify_fault(struct verify *v, int64_t block, const struct err *why)
{
	const struct store_fault f = { .day = v->day,
				       .block = block,
				       .file = v->file[0] == '\0' ? NULL : v->file,
				       .why = *why };

	v->out->faults++;
	if (v->what->fault != NULL)
		v->what->fault(v->what->ctx, &f);
	return false;
}

static void look_at(struct verify *v, int32_t day)
{
	char text[TIME_TEXT_MAX];

	v->day = day;
	v->file[0] = '\0';
	if (day != NO_DAY)
		snprintf(v->file, sizeof v->file, "%s.db", day_text(day, text));
}

/* --- a file as a whole --- */

/* How the ledger says the day was closed, or NULL. */
static const struct store_seen *seen_closed(const struct verify *v, int32_t day)
{
	for (size_t i = 0; i < v->n_seen; i++)
		if (v->seen[i].root.day == day && v->seen[i].closed)
			return &v->seen[i];
	return NULL;
}

static void compare_hash(struct verify *v, const unsigned char is[MERKLE_LEN],
			 const unsigned char want[MERKLE_LEN], const char *message)
{
	char a[HASH_HEX_MAX], b[HASH_HEX_MAX];
	struct err why;

	if (memcmp(is, want, MERKLE_LEN) == 0)
		return;
	(void)err_set(&why, ERR_INPUT, 0, message, hash_hex(is, MERKLE_LEN, a),
		      hash_hex(want, MERKLE_LEN, b));
	(void)verify_fault(v, 0, &why);
}

static void check_file(struct verify *v, const struct store_day *closed)
{
	const struct store_seen *seen = seen_closed(v, v->day);
	unsigned char hash[MERKLE_LEN];
	char path[DAY_PATH_MAX];
	int64_t size;
	struct err why;

	if (closed == NULL && seen == NULL)
		return;
	if (!day_path(v->what->folder, v->day, path, &why) || !seal_file(path, hash, &size, &why)) {
		(void)verify_fault(v, 0, &why);
		return;
	}
	if (closed != NULL)
		compare_hash(v, hash, closed->hash,
			     "the file has the hash %s, when it was closed it had %s");
	if (seen != NULL)
		compare_hash(v, hash, seen->hash, "the file has the hash %s, the ledger knows %s");
}

static void check_inside(struct verify *v, const struct store_day *closed)
{
	struct store_root root;
	struct err why;
	struct db *db = day_open(v->what->folder, v->day, &why);

	if (db == NULL) {
		(void)verify_fault(v, 0, &why);
		return;
	}
	v->out->days++;
	/* One view of a file that is being written. */
	if (!db_run(db, "BEGIN", NULL, 0, &why))
		(void)verify_fault(v, 0, &why);
	check_day(v, db, &root);
	db_rollback(db);
	db_close(db);
	if (closed == NULL) {
		v->out->newest = root;
		return;
	}
	if (root.blocks == closed->root.blocks && root.records == closed->root.records &&
	    merkle_same(&root.root, &closed->root.root))
		return;
	(void)err_set(&why, ERR_INPUT, 0, "it held %jd blocks and %jd records when it was closed",
		      (intmax_t)closed->root.blocks, (intmax_t)closed->root.records);
	(void)verify_fault(v, 0, &why);
}

/* --- which days there must be --- */

struct day_set {
	const int32_t *files;
	size_t n_files;
	const struct store_day *closed;
	size_t n_closed;
};

static const struct store_day *closed_day(const struct day_set *s, int32_t day)
{
	for (size_t i = 0; i < s->n_closed; i++)
		if (s->closed[i].root.day == day)
			return &s->closed[i];
	return NULL;
}

static bool has_file(const struct day_set *s, int32_t day)
{
	for (size_t i = 0; i < s->n_files; i++)
		if (s->files[i] == day)
			return true;
	return false;
}

static void lost_day(struct verify *v, int32_t day)
{
	struct err why;

	look_at(v, day);
	(void)err_set(&why, ERR_INPUT, 0, "the file is missing");
	(void)verify_fault(v, 0, &why);
}

/* How the ledger says that retention took the day away, or NULL. */
static const struct store_seen *seen_gone(const struct verify *v, int32_t day)
{
	for (size_t i = 0; i < v->n_seen; i++)
		if (v->seen[i].root.day == day && v->seen[i].gone)
			return &v->seen[i];
	return NULL;
}

/* Was the day held at that moment? */
static bool is_held(const struct verify *v, int32_t day, int64_t at)
{
	for (size_t i = 0; i < v->what->n_holds; i++) {
		const struct store_hold *h = &v->what->holds[i];

		if (day >= h->from && day <= h->to && at > h->since && at < h->until)
			return true;
	}
	return false;
}

/* A held day must not have been taken out. */
static void check_held(struct verify *v, const struct store_day *day)
{
	struct err why;

	if (!is_held(v, day->root.day, day->gone))
		return;
	look_at(v, day->root.day);
	(void)err_set(&why, ERR_STATE, 0, "it was taken out of the store while it was held");
	(void)verify_fault(v, 0, &why);
}

static void count_held(struct verify *v, const struct day_set *s)
{
	for (size_t i = 0; i < s->n_files; i++)
		v->out->held += is_held(v, s->files[i], v->what->now);
}

/* The store says that the day is gone: so must the ledger, and of the same day. */
static void check_gone(struct verify *v, const struct store_day *day)
{
	const struct store_seen *seen = seen_gone(v, day->root.day);
	struct err why;

	look_at(v, day->root.day);
	if (seen == NULL && v->what->told)
		(void)err_set(&why, ERR_INPUT, 0,
			      "it was taken out of the store, and the ledger does not say so");
	else if (seen != NULL && (!merkle_same(&seen->root.root, &day->root.root) ||
				  memcmp(seen->hash, day->hash, MERKLE_LEN) != 0))
		(void)err_set(&why, ERR_INPUT, 0,
			      "the ledger names another day that was taken out of the store");
	else
		return;
	(void)verify_fault(v, 0, &why);
}

/* Closed or known to the ledger: there must be a file, unless retention took it. */
static void check_lost(struct verify *v, const struct day_set *s)
{
	int32_t told = NO_DAY;

	for (size_t i = 0; i < s->n_closed; i++) {
		int32_t day = s->closed[i].root.day;

		if (s->closed[i].gone != TIME_NONE) {
			check_gone(v, &s->closed[i]);
			check_held(v, &s->closed[i]);
		} else if (!has_file(s, day) && seen_gone(v, day) == NULL) {
			lost_day(v, day);
		}
	}
	for (size_t i = 0; i < v->n_seen; i++) {
		int32_t day = v->seen[i].root.day;

		if (day != told && !has_file(s, day) && closed_day(s, day) == NULL &&
		    seen_gone(v, day) == NULL)
			lost_day(v, day);
		told = day;
	}
}

static bool load(struct verify *v, struct arena *a, struct day_set *s, struct err *why)
{
	struct store_reader *r = store_reader_new(v->what->folder, NULL);
	int32_t *files;
	struct err bad;

	if (r == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	bool ok = day_list(a, v->what->folder, &files, &s->n_files, why);

	s->files = files;
	if (ok && s->n_files > 0 && !store_days(r, a, &s->closed, &s->n_closed, &bad)) {
		s->n_closed = 0;
		(void)verify_fault(v, 0, &bad);
	}
	store_reader_free(r);
	return ok;
}

static void check_all(struct verify *v, const struct day_set *s)
{
	check_lost(v, s);
	count_held(v, s);
	for (size_t i = 0; i < s->n_files; i++) {
		const struct store_day *closed = closed_day(s, s->files[i]);

		look_at(v, s->files[i]);
		check_file(v, closed);
		check_inside(v, closed);
	}
}

static int by_seen(const void *a, const void *b)
{
	const struct store_seen *x = a, *y = b;

	if (x->root.day != y->root.day)
		return x->root.day < y->root.day ? -1 : 1;
	return (x->root.blocks > y->root.blocks) - (x->root.blocks < y->root.blocks);
}

static bool begin(struct verify *v, struct err *why)
{
	v->zstd = zstd_new();
	v->bytes = BUF(BLOCK_MAX_BYTES);
	v->seen = calloc(v->what->n_seen + 1, sizeof *v->seen);
	if (v->zstd == NULL || v->seen == NULL || !arena_reserve(&v->whole, SCRATCH))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	v->n_seen = v->what->n_seen;
	if (v->n_seen > 0)
		memcpy(v->seen, v->what->seen, v->n_seen * sizeof *v->seen);
	qsort(v->seen, v->n_seen, sizeof *v->seen, by_seen);
	return true;
}

static bool run(struct verify *v, struct err *why)
{
	struct day_set days = { 0 };
	struct arena keep;

	if (!begin(v, why))
		return false;
	if (!arena_reserve(&keep, SCRATCH))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = keep;
	bool ok = load(v, &a, &days, why);

	if (ok)
		check_all(v, &days);
	arena_release(keep);
	return ok;
}

bool store_verify(const struct store_verify *what, struct store_verdict *out, struct err *why)
{
	struct verify v = { .what = what, .out = out, .day = NO_DAY };

	*out = (struct store_verdict){ .newest = { .day = NO_DAY } };
	bool ok = run(&v, why);

	zstd_free(v.zstd);
	buf_free(&v.bytes);
	free(v.seen);
	if (v.whole.beg != NULL)
		arena_release(v.whole);
	return ok;
}
