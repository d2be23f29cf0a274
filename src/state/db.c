/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db.c - the wrap of SQLite.
 *
 * Statements are cached in a small direct-mapped table by the hash of their text. A cached statement
 * that is in use (a query inside a query of the same text) is not handed out twice: the second gets
 * a statement of its own that ends with it.
 */
#include "state/db.h"

#include "base/hash.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { CACHE = 128, PATIENCE_MS = 10000, SHOWN = 120 };

struct db_rows {
	struct db *db; /* borrowed */
	sqlite3_stmt *stmt;
	int rc; /* of the last step */
	bool used, cached;
};

struct db {
	sqlite3 *sql;
	struct db_rows *cache[CACHE]; /* owned */
	bool (*before_commit)(void *ctx, struct db *db, struct err *why);
	void *ctx;
};

static enum err_kind kind_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_STATE;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_INPUT;
	case SQLITE_FULL:
	case SQLITE_TOOBIG:
	case SQLITE_NOMEM:
		return ERR_LIMIT;
	case SQLITE_READONLY:
		return ERR_DENIED;
	default:
		return ERR_IO;
	}
}

/* The statement on one line, cut, for people. */
static bool fail(struct db *db, int rc, const char *sql, struct err *why)
{
	char shown[SHOWN + 1];
	size_t n = 0;

	for (const char *s = sql; *s != '\0' && n < SHOWN; s++) {
		bool blank = ascii_space(*s);

		if (!blank || (n > 0 && shown[n - 1] != ' '))
			shown[n++] = blank ? ' ' : *s;
	}
	shown[n] = '\0';
	return err_set(why, kind_of(rc), 0, "the database refused '%s': %s", shown,
		       db != NULL && db->sql != NULL ? sqlite3_errmsg(db->sql)
						     : sqlite3_errstr(rc));
}

/* A URI with everything but plain letters escaped. */
static bool make_uri(const char *path, bool frozen, char *out, size_t cap)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t n = (size_t)snprintf(out, cap, "file:");

	for (const char *s = path; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (n + 16 > cap)
			return false;
		if (ascii_digit(*s) || ascii_alpha(*s) || strchr("/._-", *s) != NULL) {
			out[n++] = *s;
			continue;
		}
		out[n++] = '%';
		out[n++] = digits[c >> 4];
		out[n++] = digits[c & 15];
	}
	snprintf(out + n, cap - n, "%s", frozen ? "?immutable=1" : "");
	return true;
}

static int open_once(const char *path, enum db_access access, sqlite3 **out)
{
	char uri[3 * PATH_MAX + 32];
	int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;

	if (!make_uri(path, access == DB_FROZEN, uri, sizeof uri))
		return SQLITE_CANTOPEN;
	flags |= access == DB_READ || access == DB_FROZEN ? SQLITE_OPEN_READONLY
							  : SQLITE_OPEN_READWRITE;
	int rc = sqlite3_open_v2(uri, out, flags, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(*out, PATIENCE_MS);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(*out, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
	return rc;
}

/*
 * What is pending in the -wal is read where no -shm can be made beside it: the index of the -wal then
 * stands in memory. Without locks, so only where nobody has the file open.
 */
static int open_pending(const char *path, sqlite3 **out)
{
	int rc = sqlite3_open_v2(
		path, out, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
		"unix-none");

	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(*out, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(
			*out, "PRAGMA locking_mode=EXCLUSIVE; SELECT count(*) FROM sqlite_master",
			NULL, NULL, NULL);
	return rc;
}

/* Is the file beside the database absent (or empty)? */
static bool lacks(const char *path, const char *tail, bool or_empty)
{
	char beside[PATH_MAX];
	struct stat st;

	if (snprintf(beside, sizeof beside, "%s%s", path, tail) >= (int)sizeof beside)
		return false;
	return stat(beside, &st) == -1 ? errno == ENOENT : or_empty && st.st_size == 0;
}

/* On a medium that cannot be written. Without a -wal nothing is pending. With one and no -shm nobody
 * has it open, whoever does keeps a -shm. */
static int open_at_rest(const char *path, int rc, sqlite3 **out)
{
	bool rests = lacks(path, "-wal", true);

	if (!rests && !lacks(path, "-shm", false))
		return rc;
	sqlite3_close(*out);
	*out = NULL;
	return rests ? open_once(path, DB_FROZEN, out) : open_pending(path, out);
}

static bool make_file(const char *path, struct err *why)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd == -1)
		return err_set(why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
	close(fd);
	return true;
}

/* A new file changes its mode under a lock for which SQLite does not wait by itself. */
static bool use_wal(struct db *db, struct err *why)
{
	char answer[32];
	struct err inner = { 0 };
	const struct timespec pause = { 0, 20 * 1000 * 1000 };

	for (int ms = 0; ms < PATIENCE_MS; ms += 20) {
		inner = (struct err){ 0 };
		if (db_pragma(db, "journal_mode=WAL", answer, sizeof answer, &inner))
			break;
		if (inner.kind != ERR_STATE)
			break;
		nanosleep(&pause, NULL);
	}
	if (inner.kind == ERR_NONE && strcmp(answer, "wal") == 0)
		return true;
	if (inner.kind == ERR_NONE)
		return err_set(why, ERR_IO, 0,
			       "the file system cannot hold a database in WAL mode");
	if (why != NULL)
		*why = inner;
	return false;
}

static bool set_up(struct db *db, enum db_access access, int page_size, struct err *why)
{
	char answer[32], text[64];
	bool writes = access == DB_CREATE || access == DB_WRITE;

	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	if (!db_pragma(db, "foreign_keys=ON", answer, sizeof answer, why) ||
	    !db_pragma(db, "cell_size_check=ON", answer, sizeof answer, why))
		return false;
	if (!writes)
		return true;
	snprintf(text, sizeof text, "page_size=%d", page_size);
	if (page_size != 0 && !db_pragma(db, text, answer, sizeof answer, why))
		return false;
	if (!use_wal(db, why))
		return false;
	return db_pragma(db, "synchronous=FULL", answer, sizeof answer, why) &&
	       /* a sandbox leaves no folder for temporary files */
	       db_pragma(db, "temp_store=MEMORY", answer, sizeof answer, why);
}

struct db *db_open(const char *path, enum db_access access, int page_size, struct err *why)
{
	struct stat st;

	if (access == DB_CREATE && !make_file(path, why))
		return NULL;
	if (stat(path, &st) == -1) {
		(void)err_set(why, errno == ENOENT ? ERR_ABSENT : ERR_IO, 0, "cannot open '%s': %s",
			      path, strerror(errno));
		return NULL;
	}
	struct db *db = calloc(1, sizeof *db);

	if (db == NULL) {
		(void)err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	int rc = open_once(path, access, &db->sql);

	if (rc != SQLITE_OK && access == DB_READ)
		rc = open_at_rest(path, rc, &db->sql);
	if (rc != SQLITE_OK)
		(void)err_set(why, kind_of(rc), 0, "cannot open '%s': %s", path,
			      db->sql != NULL ? sqlite3_errmsg(db->sql) : sqlite3_errstr(rc));
	if (rc == SQLITE_OK && set_up(db, access, page_size, why))
		return db;
	db_close(db);
	return NULL;
}

static void drop(struct db_rows *r)
{
	if (r == NULL)
		return;
	sqlite3_finalize(r->stmt);
	free(r);
}

void db_close(struct db *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < CACHE; i++) {
		assert(db->cache[i] == NULL || !db->cache[i]->used);
		drop(db->cache[i]);
	}
	db_rollback(db);
	int rc = sqlite3_close(db->sql);

	assert(rc == SQLITE_OK);
	free(db);
}

static struct db_rows *prepare(struct db *db, const char *sql, struct err *why)
{
	struct db_rows **slot = &db->cache[hash_quick(str_of(sql), 0) % CACHE];
	struct db_rows *r = *slot;

	if (r != NULL && !r->used && strcmp(sqlite3_sql(r->stmt), sql) == 0) {
		r->used = true;
		return r;
	}
	r = calloc(1, sizeof *r);
	if (r == NULL) {
		(void)err_set(why, ERR_LIMIT, 0, "no memory");
		return NULL;
	}
	int rc = sqlite3_prepare_v3(db->sql, sql, -1, SQLITE_PREPARE_PERSISTENT, &r->stmt, NULL);

	if (rc != SQLITE_OK || r->stmt == NULL) {
		(void)fail(db, rc, sql, why);
		free(r);
		return NULL;
	}
	r->db = db;
	r->used = true;
	r->cached = *slot == NULL || !(*slot)->used;
	if (r->cached) {
		drop(*slot);
		*slot = r;
	}
	return r;
}

static int bind(sqlite3_stmt *stmt, int at, const struct db_val *v, void (*keep)(void *))
{
	switch (v->kind) {
	case DB_INT:
		return sqlite3_bind_int64(stmt, at, v->i);
	case DB_REAL:
		return sqlite3_bind_double(stmt, at, v->real);
	case DB_TEXT:
		return sqlite3_bind_text64(stmt, at, v->s.n > 0 ? v->s.p : "", v->s.n, keep,
					   SQLITE_UTF8);
	case DB_BLOB:
		return sqlite3_bind_blob64(stmt, at, v->s.n > 0 ? v->s.p : "", v->s.n, keep);
	case DB_NULL:
		break;
	}
	return sqlite3_bind_null(stmt, at);
}

/* Ready to step. `keep` says whether bound views outlive the stepping. */
static struct db_rows *start(struct db *db, const char *sql, const struct db_val *vals,
			     size_t nvals, void (*keep)(void *), struct err *why)
{
	struct db_rows *r = prepare(db, sql, why);

	if (r == NULL)
		return NULL;
	assert((size_t)sqlite3_bind_parameter_count(r->stmt) == nvals);
	int rc = SQLITE_OK;

	for (size_t i = 0; i < nvals && rc == SQLITE_OK; i++) {
		char name[24];

		snprintf(name, sizeof name, "$%zu", i + 1);
		int at = sqlite3_bind_parameter_index(r->stmt, name);

		assert(at > 0);
		rc = bind(r->stmt, at, &vals[i], keep);
	}
	r->rc = rc == SQLITE_OK ? SQLITE_ROW : rc;
	if (rc == SQLITE_OK)
		return r;
	(void)db_end(r, why);
	return NULL;
}

bool db_run(struct db *db, const char *sql, const struct db_val *vals, size_t nvals,
	    struct err *why)
{
	struct db_rows *r = start(db, sql, vals, nvals, SQLITE_STATIC, why);

	while (db_next(r))
		;
	return db_end(r, why);
}

int64_t db_changes(const struct db *db)
{
	return sqlite3_changes64(db->sql);
}

bool db_script(struct db *db, const char *sql, struct err *why)
{
	const char *rest = sql;

	while (*rest != '\0') {
		sqlite3_stmt *stmt = NULL;
		const char *begin = rest;
		int rc = sqlite3_prepare_v2(db->sql, begin, -1, &stmt, &rest);

		while (rc == SQLITE_OK && stmt != NULL && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
			rc = SQLITE_OK;
		if (rc != SQLITE_OK && rc != SQLITE_DONE) {
			bool ok = fail(db, rc, begin, why);

			sqlite3_finalize(stmt);
			return ok;
		}
		sqlite3_finalize(stmt);
	}
	return true;
}

bool db_pragma(struct db *db, const char *text, char *out, size_t cap, struct err *why)
{
	char sql[256];
	int len = snprintf(sql, sizeof sql, "PRAGMA %s", text);

	assert(len < (int)sizeof sql);
	struct db_rows *r = db_query(db, sql, NULL, 0, why);

	out[0] = '\0';
	if (db_next(r))
		db_put(r, 0, out, cap);
	return db_end(r, why);
}

bool db_number(struct db *db, const char *sql, const struct db_val *vals, size_t nvals,
	       int64_t *out, struct err *why)
{
	struct db_rows *r = db_query(db, sql, vals, nvals, why);
	bool found = db_next(r);
	int64_t n = found ? db_int(r, 0) : 0;

	if (!db_end(r, why))
		return false;
	if (!found)
		return err_set(why, ERR_ABSENT, 0, "no such row");
	*out = n;
	return true;
}

struct db_rows *db_query(struct db *db, const char *sql, const struct db_val *vals, size_t nvals,
			 struct err *why)
{
	return start(db, sql, vals, nvals, SQLITE_TRANSIENT, why);
}

bool db_next(struct db_rows *r)
{
	if (r == NULL || r->rc != SQLITE_ROW)
		return false;
	r->rc = sqlite3_step(r->stmt);
	return r->rc == SQLITE_ROW;
}

bool db_end(struct db_rows *r, struct err *why)
{
	if (r == NULL)
		return false;
	bool ok = r->rc == SQLITE_ROW || r->rc == SQLITE_DONE;

	if (!ok)
		(void)fail(r->db, r->rc, sqlite3_sql(r->stmt), why);
	sqlite3_reset(r->stmt);
	sqlite3_clear_bindings(r->stmt);
	r->used = false;
	if (!r->cached)
		drop(r);
	return ok;
}

bool db_is_null(struct db_rows *r, int col)
{
	return sqlite3_column_type(r->stmt, col) == SQLITE_NULL;
}

int64_t db_int(struct db_rows *r, int col)
{
	return sqlite3_column_int64(r->stmt, col);
}

double db_real(struct db_rows *r, int col)
{
	return sqlite3_column_double(r->stmt, col);
}

struct str db_text(struct db_rows *r, int col)
{
	const char *p = (const char *)sqlite3_column_text(r->stmt, col);

	return (struct str){ p, p == NULL ? 0 : (size_t)sqlite3_column_bytes(r->stmt, col) };
}

struct str db_blob(struct db_rows *r, int col)
{
	const char *p = sqlite3_column_blob(r->stmt, col);

	return (struct str){ p, p == NULL ? 0 : (size_t)sqlite3_column_bytes(r->stmt, col) };
}

int64_t db_time(struct db_rows *r, int col)
{
	return db_is_null(r, col) ? TIME_NONE : db_int(r, col);
}

struct str db_keep(struct db_rows *r, int col, struct arena *a)
{
	struct str s = db_text(r, col);

	return s.p == NULL ? s : arena_str(a, s);
}

const char *db_put(struct db_rows *r, int col, char *out, size_t cap)
{
	struct str s = db_text(r, col);
	size_t n = s.n < cap ? s.n : cap - 1;

	if (n > 0)
		memcpy(out, s.p, n);
	out[n] = '\0';
	return out;
}

bool db_begin(struct db *db, struct err *why)
{
	assert(!db_open_transaction(db));
	return db_run(db, "BEGIN IMMEDIATE", NULL, 0, why);
}

bool db_commit(struct db *db, struct err *why)
{
	assert(db_open_transaction(db));
	if (db->before_commit != NULL && !db->before_commit(db->ctx, db, why))
		return false;
	return db_run(db, "COMMIT", NULL, 0, why);
}

void db_rollback(struct db *db)
{
	if (db->sql != NULL && db_open_transaction(db))
		sqlite3_exec(db->sql, "ROLLBACK", NULL, NULL, NULL);
}

bool db_open_transaction(const struct db *db)
{
	return sqlite3_get_autocommit(db->sql) == 0;
}

bool db_leave(struct db *db, bool ok, struct err *why)
{
	if (ok && db_commit(db, why))
		return true;
	db_rollback(db);
	return false;
}

void db_before_commit(struct db *db, bool (*fn)(void *ctx, struct db *db, struct err *why),
		      void *ctx)
{
	db->before_commit = fn;
	db->ctx = ctx;
}
