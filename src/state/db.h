/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db.h - one SQL database file: open, run, read rows, commit. For state.db and the store's day files.
 *
 * Write statements that PostgreSQL would take too: $1, $2 ... for the values, RETURNING instead of row ids, quotes only around text. Prepared statements are kept by
 * the connection. An error names the statement; its kind is ERR_STATE for a broken constraint or a
 * busy database, ERR_INPUT for damaged bytes, ERR_LIMIT for a full disk, ERR_IO else.
 * A connection belongs to one thread.
 */
#ifndef STATE_DB_H
#define STATE_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"

enum db_access {
	DB_CREATE, /* read and write; made (mode 0600) when missing */
	DB_WRITE,  /* read and write; must exist */
	DB_READ,   /* beside a writer, or of a folder at rest */
	DB_FROZEN, /* nobody writes any more: no locks, no -wal beside it */
};

struct db;

/* WAL, synchronous=FULL, foreign keys, 10 s of patience. `page_size` counts for a new file only, 0
 * for the usual. NULL and *why on failure. */
struct db *db_open(const char *path, enum db_access access, int page_size, struct err *why);
void db_close(struct db *db); /* rolls back what is open; NULL is fine */

/* One value to bind. Views must live until the call they are given to returns. */
enum db_kind { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BLOB };
struct db_val {
	enum db_kind kind;
	int64_t i;
	double real;
	struct str s;
};
#define V_NULL ((struct db_val){ .kind = DB_NULL })
#define V_INT(v) ((struct db_val){ .kind = DB_INT, .i = (int64_t)(v) })
#define V_REAL(v) ((struct db_val){ .kind = DB_REAL, .real = (v) })
/* NULL where p is NULL. */
#define V_TEXT(v) db_val_text(v)
#define V_Z(v) db_val_text(str_of(v))
#define V_BLOB(v) db_val_blob(v)
#define V_BYTES(ptr, len) db_val_blob((struct str){ (const char *)(ptr), (len) })
/* NULL for TIME_NONE. */
#define V_TIME(v) db_val_time(v)
/* The two arguments `vals, nvals` of the calls below; without values write NULL, 0. */
#define DB_VALS(...)                            \
	(const struct db_val[]){ __VA_ARGS__ }, \
		(sizeof((const struct db_val[]){ __VA_ARGS__ }) / sizeof(struct db_val))

static inline struct db_val db_val_text(struct str s)
{
	return (struct db_val){ .kind = s.p != NULL || s.n > 0 ? DB_TEXT : DB_NULL, .s = s };
}
static inline struct db_val db_val_blob(struct str s)
{
	return (struct db_val){ .kind = s.p != NULL || s.n > 0 ? DB_BLOB : DB_NULL, .s = s };
}
static inline struct db_val db_val_time(int64_t t)
{
	return (struct db_val){ .kind = t == TIME_NONE ? DB_NULL : DB_INT, .i = t };
}

/* Run one statement whose rows do not matter. */
MUST_USE bool db_run(struct db *db, const char *sql, const struct db_val *vals, size_t nvals,
		     struct err *why);
/* How many rows the last db_run() inserted, changed or deleted. */
int64_t db_changes(const struct db *db);
/* Run a script: any number of statements without values. */
MUST_USE bool db_script(struct db *db, const char *sql, struct err *why);
/* "PRAGMA text": its first answer as text into out[cap], "" when it has none. */
MUST_USE bool db_pragma(struct db *db, const char *text, char *out, size_t cap, struct err *why);
/* The one integer that a statement answers; ERR_ABSENT without a row, 0 for NULL. */
MUST_USE bool db_number(struct db *db, const char *sql, const struct db_val *vals, size_t nvals,
			int64_t *out, struct err *why);

/*
 * Rows: for (r = db_query(...); db_next(r);) { ... } return db_end(r, why);
 * db_query() gives NULL after setting *why; db_next() and db_end() take NULL, and db_end() then is
 * false and leaves *why. db_end() also tells what db_next() met. Always call it.
 */
struct db_rows;
struct db_rows *db_query(struct db *db, const char *sql, const struct db_val *vals, size_t nvals,
			 struct err *why);
MUST_USE bool db_next(struct db_rows *r);
bool db_end(struct db_rows *r, struct err *why);

/* Columns of the current row, from 0; views live until the next db_next() or db_end(). */
bool db_is_null(struct db_rows *r, int col);
int64_t db_int(struct db_rows *r, int col);
double db_real(struct db_rows *r, int col);
struct str db_text(struct db_rows *r, int col);
struct str db_blob(struct db_rows *r, int col);
int64_t db_time(struct db_rows *r, int col); /* TIME_NONE for NULL */
/* The text in `a`, NUL behind; p is NULL for NULL and when `a` is full. */
struct str db_keep(struct db_rows *r, int col, struct arena *a);
/* The text into out[cap], cut to fit, NUL behind; returns out. */
const char *db_put(struct db_rows *r, int col, char *out, size_t cap);

/*
 * Transactions do not nest (assert). BEGIN takes the write lock at once. After a failed statement,
 * and after a failed db_commit(), the caller rolls back; db_rollback() outside one is fine.
 */
MUST_USE bool db_begin(struct db *db, struct err *why);
MUST_USE bool db_commit(struct db *db, struct err *why);
void db_rollback(struct db *db);
bool db_open_transaction(const struct db *db);
/* Leave a transaction: commit when `ok`, else roll back; false unless committed. */
MUST_USE bool db_leave(struct db *db, bool ok, struct err *why);

/* Called by db_commit() inside the transaction; when it fails, so does db_commit(). One per
 * connection: the ledger signs its head there. */
void db_before_commit(struct db *db, bool (*fn)(void *ctx, struct db *db, struct err *why),
		      void *ctx);

#endif
