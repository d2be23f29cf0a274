/* SPDX-License-Identifier: Apache-2.0 */
#include "state/migrate.h"

#include "base/hash.h"

static void hash_of(const struct migration *m, char hex[HASH_HEX_MAX])
{
	unsigned char sum[HASH_SHA256_LEN];

	hash_sha256(str_of(m->sql), sum);
	hash_hex(sum, sizeof sum, hex);
}

static bool known(struct db_rows *r, const struct migration *list, size_t n, struct err *why)
{
	int64_t number = db_int(r, 0);
	char hex[HASH_HEX_MAX];

	if (number < 1 || number > (int64_t)n)
		return err_set(why, ERR_STATE, 0,
			       "this data was written by a newer canh: it is at form %lld, "
			       "this program knows up to %zu",
			       (long long)number, n);
	hash_of(&list[number - 1], hex);
	if (!str_eq(db_text(r, 1), str_of(hex)))
		return err_set(why, ERR_STATE, 0,
			       "this data was written by another build of canh: "
			       "step %lld of its form is not the one this program knows",
			       (long long)number);
	return true;
}

/* How many steps have been applied; all of them must be known, without a gap. */
static bool applied(struct db *db, const struct migration *list, size_t n, size_t *out,
		    struct err *why)
{
	int64_t tables = 0;
	size_t have = 0;
	bool ok = true;

	if (!db_number(db, "SELECT count(*) FROM sqlite_master WHERE name = 'migrations'", NULL, 0,
		       &tables, why))
		return false;
	*out = 0;
	if (tables == 0)
		return true;
	struct db_rows *r = db_query(
		db, "SELECT number, sha256 FROM migrations ORDER BY number DESC", NULL, 0, why);

	while (ok && db_next(r)) {
		ok = known(r, list, n, why);
		have++;
	}
	int64_t top = ok && have > 0 ? 1 : 0;

	if (!ok) {
		db_end(r, NULL);
		return false;
	}
	if (!db_end(r, why))
		return false;
	if (top > 0 && !db_number(db, "SELECT max(number) FROM migrations", NULL, 0, &top, why))
		return false;
	if (top != (int64_t)have)
		return err_set(why, ERR_INPUT, 0, "a step of the form of this data is missing");
	*out = have;
	return true;
}

static bool apply(struct db *db, const struct migration *m, struct err *why)
{
	char hex[HASH_HEX_MAX];

	hash_of(m, hex);
	return db_script(db, m->sql, why) &&
	       db_run(db,
		      "INSERT INTO migrations (number, name, sha256, applied) "
		      "VALUES ($1, $2, $3, $4)",
		      DB_VALS(V_INT(m->number), V_Z(m->name), V_Z(hex), V_TIME(time_now())), why);
}

/* The next step that is missing; looked up anew under the write lock, another may have made it. */
static bool next_step(struct db *db, const struct migration *list, size_t n, size_t *have,
		      struct err *why)
{
	if (!db_script(db,
		       "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, "
		       "name TEXT NOT NULL, sha256 TEXT NOT NULL, applied INTEGER NOT NULL) STRICT",
		       why) ||
	    !applied(db, list, n, have, why))
		return false;
	if (*have == n)
		return true;
	return apply(db, &list[(*have)++], why);
}

bool migrate(struct db *db, const struct migration *list, size_t n, struct err *why)
{
	size_t have = 0;

	if (!applied(db, list, n, &have, why))
		return false;
	while (have < n)
		if (!db_begin(db, why) || !db_leave(db, next_step(db, list, n, &have, why), why))
			return false;
	return true;
}

bool migrate_check(struct db *db, const struct migration *list, size_t n, struct err *why)
{
	size_t have = 0;

	if (!applied(db, list, n, &have, why))
		return false;
	if (have < n)
		return err_set(why, ERR_STATE, 0,
			       "this data was written by an older canh: start 'canh serve' on it "
			       "once, it brings it up to date");
	return true;
}
