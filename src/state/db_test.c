/* SPDX-License-Identifier: Apache-2.0 */
#include "state/db.h"

#include "base/file.h"
#include "base/test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/canh-db-XXXXXX", path[64];

/* What is refused, and with which kind. */
static const struct {
	const char *name, *sql;
	enum err_kind kind;
} refused[] = {
	{ "no such table", "SELECT x FROM nowhere", ERR_IO },
	{ "not SQL", "HELLO", ERR_IO },
	{ "same key", "INSERT INTO t (id, n) VALUES ('a', 1)", ERR_STATE },
	{ "wrong type", "INSERT INTO t (id, n) VALUES ('z', 'text')", ERR_STATE },
	{ "missing parent", "INSERT INTO child (id, t) VALUES ('c', 'nobody')", ERR_STATE },
	{ "text in double quotes", "SELECT \"a\"", ERR_IO },
	{ "empty", "", ERR_IO },
};

static struct db *make(void)
{
	struct err why = { 0 };
	struct db *db = db_open(path, DB_CREATE, 0, &why);

	if (!CHECK("create", db != NULL)) {
		printf("%s\n", why.text);
		exit(1);
	}
	CHECK("tables", db_script(db,
				  "CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER, x REAL, b BLOB)"
				  " STRICT;\n"
				  "CREATE TABLE child (id TEXT, t TEXT REFERENCES t (id)) STRICT;",
				  NULL));
	return db;
}

static void values(struct db *db)
{
	unsigned char mem[256];
	struct arena a = { mem, mem + sizeof mem };
	char cut[4];
	const char *insert = "INSERT INTO t (id, n, x, b) VALUES ($1, $2, $3, $4)";

	CHECK("insert",
	      db_run(db, insert, DB_VALS(V_Z("a"), V_INT(-5), V_REAL(1.5), V_BLOB(STR("\0\1"))),
		     NULL));
	CHECK("insert empty",
	      db_run(db, insert,
		     DB_VALS(V_TEXT(STR("")), V_TIME(TIME_NONE), V_NULL, V_BLOB(STR(""))), NULL));
	CHECK("changes", db_changes(db) == 1);
	struct db_rows *r = db_query(db, "SELECT id, n, x, b FROM t ORDER BY id DESC", NULL, 0,
				     NULL);

	CHECK("row", db_next(r) && str_eq(db_text(r, 0), STR("a")) && db_int(r, 1) == -5);
	CHECK("row", db_real(r, 2) > 1.4 && str_eq(db_blob(r, 3), STR("\0\1")));
	CHECK("keep", str_eq(db_keep(r, 0, &a), STR("a")));
	CHECK("empty", db_next(r) && db_text(r, 0).p != NULL && db_text(r, 0).n == 0);
	CHECK("null", db_is_null(r, 1) && db_time(r, 1) == TIME_NONE && db_is_null(r, 2));
	CHECK("empty blob is not null", !db_is_null(r, 3) && db_blob(r, 3).n == 0);
	CHECK("end", !db_next(r) && !db_next(r) && db_end(r, NULL));

	r = db_query(db, "SELECT 'abcdef', $1, $2, $1", DB_VALS(V_INT(1), V_INT(2)), NULL);
	CHECK("put cuts", db_next(r) && strcmp(db_put(r, 0, cut, sizeof cut), "abc") == 0);
	CHECK("by number", db_int(r, 1) == 1 && db_int(r, 2) == 2 && db_int(r, 3) == 1);
	CHECK("stop early", db_end(r, NULL));

	int64_t n = 7;
	struct err why = { 0 };

	CHECK("number", db_number(db, "SELECT count(*) FROM t", NULL, 0, &n, NULL) && n == 2);
	CHECK("no number",
	      !db_number(db, "SELECT n FROM t WHERE id = 'q'", NULL, 0, &n, &why) && n == 2);
	CHECK("no number", why.kind == ERR_ABSENT);
}

/* The same text inside itself, more than once: each has its own rows. */
static void nested(struct db *db)
{
	const char *sql = "SELECT id FROM t ORDER BY id";
	struct db_rows *a = db_query(db, sql, NULL, 0, NULL);
	int pairs = 0;

	while (db_next(a)) {
		struct db_rows *b = db_query(db, sql, NULL, 0, NULL);

		while (db_next(b))
			pairs++;
		CHECK("inner", db_end(b, NULL));
	}
	CHECK("outer", db_end(a, NULL) && pairs == 4);
}

static void refusals(struct db *db)
{
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct err why = { 0 };

		CHECK(refused[i].name, !db_run(db, refused[i].sql, NULL, 0, &why));
		if (!CHECK(refused[i].name, why.kind == refused[i].kind))
			printf("%d %s\n", (int)why.kind, why.text);
		CHECK(refused[i].name, refused[i].sql[0] == '\0' ||
					       str_find(str_of(why.text), str_of(refused[i].sql)) <
						       strlen(why.text));
	}
	struct err why = { 0 };

	CHECK("script", !db_script(db, "SELECT 1; INSERT INTO t (id) VALUES ('a')", &why));
	CHECK("script names the statement",
	      strstr(why.text, "INSERT INTO t") != NULL && strstr(why.text, "SELECT 1") == NULL);
	CHECK("rows of nothing", !db_next(NULL) && !db_end(NULL, NULL));
}

static bool refuse_commit(void *ctx, struct db *db, struct err *why)
{
	(void)db;
	++*(int *)ctx;
	return err_set(why, ERR_IO, 0, "no");
}

static void transactions(struct db *db)
{
	int64_t n = 0;
	int calls = 0;
	const char *insert = "INSERT INTO t (id) VALUES ('tx')";
	const char *count = "SELECT count(*) FROM t WHERE id = 'tx'";

	CHECK("begin", db_begin(db, NULL) && db_open_transaction(db));
	CHECK("insert", db_run(db, insert, NULL, 0, NULL));
	db_rollback(db);
	CHECK("rolled back", db_number(db, count, NULL, 0, &n, NULL) && n == 0);
	CHECK("leave without", db_begin(db, NULL) && db_run(db, insert, NULL, 0, NULL));
	CHECK("leave without", !db_leave(db, false, NULL) && !db_open_transaction(db));

	db_before_commit(db, refuse_commit, &calls);
	CHECK("hook", db_begin(db, NULL) && db_run(db, insert, NULL, 0, NULL));
	CHECK("hook refuses", !db_leave(db, true, NULL) && calls == 1);
	CHECK("hook refused", db_number(db, count, NULL, 0, &n, NULL) && n == 0);
	db_before_commit(db, NULL, NULL);

	CHECK("commit", db_begin(db, NULL) && db_run(db, insert, NULL, 0, NULL));
	CHECK("commit", db_commit(db, NULL) && !db_open_transaction(db));

	struct db *reader = db_open(path, DB_READ, 0, NULL);

	CHECK("reader", reader != NULL);
	CHECK("reader sees it", db_number(reader, count, NULL, 0, &n, NULL) && n == 1);
	struct err why = { 0 };

	CHECK("reader cannot write", !db_run(reader, "DELETE FROM t", NULL, 0, &why));
	CHECK("reader cannot write", why.kind == ERR_DENIED);
	db_close(reader);
}

static void files(void)
{
	struct err why = { 0 };
	char answer[32], other[64];
	struct stat st;

	CHECK("mode", stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK("absent", db_open("/nowhere/x.db", DB_WRITE, 0, &why) == NULL);
	CHECK("absent", why.kind == ERR_ABSENT);

	struct db *db = db_open(path, DB_FROZEN, 0, NULL);

	CHECK("frozen", db != NULL);
	db_close(db);
	snprintf(other, sizeof other, "%s/a %% ?#ự.db", dir);
	db = db_open(other, DB_CREATE, 65536, &why);
	CHECK("odd name", db != NULL && access(other, F_OK) == 0);
	CHECK("page size", db_script(db, "CREATE TABLE x (y INTEGER) STRICT", NULL) &&
				   db_pragma(db, "page_size", answer, sizeof answer, NULL) &&
				   strcmp(answer, "65536") == 0);
	CHECK("synchronous", db_pragma(db, "synchronous", answer, sizeof answer, NULL) &&
				     strcmp(answer, "2") == 0);
	CHECK("leave WAL", db_pragma(db, "journal_mode=DELETE", answer, sizeof answer, NULL) &&
				   strcmp(answer, "delete") == 0);
	db_close(db);

	int fd = open(other, O_WRONLY | O_TRUNC | O_CLOEXEC);
	ssize_t put = write(fd, "this is not a database, whatever it claims to be", 48);

	close(fd);
	CHECK("noise", put == 48 && db_open(other, DB_READ, 0, &why) == NULL);
	CHECK("noise", why.kind == ERR_INPUT && strstr(why.text, other) != NULL);
	db_close(NULL);
}

/* How many rows somebody sees who can write nothing there; -1: he cannot open it. */
static int rows_for_reader(const char *medium)
{
	char file[160];
	int status = -1;
	pid_t pid;

	snprintf(file, sizeof file, "%s/r.db", medium);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct err why = { 0 };
		int64_t n = 0;

		if (geteuid() == 0 && (setgid(65534) == -1 || setuid(65534) == -1))
			_exit(100);
		struct db *db = db_open(file, DB_READ, 0, &why);
		bool ok = db != NULL && db_number(db, "SELECT count(*) FROM t", NULL, 0, &n, &why);

		if (!ok)
			fprintf(stderr, "%s\n", why.text);
		db_close(db);
		_exit(ok ? (int)n : 100);
	}
	CHECK("child", waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status) == 100 ? -1 : WEXITSTATUS(status);
}

static bool carry(const char *from, const char *to, const char *tail)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, mem + sizeof mem };
	char one[160], two[160];
	struct str bytes;

	snprintf(one, sizeof one, "%s/r.db%s", from, tail);
	snprintf(two, sizeof two, "%s/r.db%s", to, tail);
	return file_load(&a, AT_FDCWD, one, sizeof mem, &bytes, NULL) &&
	       file_save(AT_FDCWD, two, bytes, 0444, NULL);
}

/* What went along to a medium that cannot be written. */
static const struct {
	const char *name;
	bool wal, shm;
	int rows;
} carried[] = {
	{ "without its -wal: as of the last checkpoint", false, false, 1 },
	{ "with its -wal: what is pending counts", true, false, 3 },
	{ "with both", true, true, 3 },
};

static void read_only(void)
{
	char live[96], medium[96], file[160];

	CHECK("reach", chmod(dir, 0755) == 0);
	snprintf(live, sizeof live, "%s/live", dir);
	snprintf(file, sizeof file, "%s/r.db", live);
	CHECK("folder", dir_make(live, 0700, NULL));
	struct db *db = db_open(file, DB_CREATE, 0, NULL);
	char answer[32];
	CHECK("pending",
	      db != NULL &&
		      db_script(db, "CREATE TABLE t (x INTEGER) STRICT; INSERT INTO t VALUES (1);",
				NULL) &&
		      db_pragma(db, "wal_checkpoint=TRUNCATE", answer, sizeof answer, NULL) &&
		      db_script(db, "INSERT INTO t VALUES (2); INSERT INTO t VALUES (3);", NULL));
	for (size_t i = 0; i < COUNT(carried); i++) {
		snprintf(medium, sizeof medium, "%s/medium%zu", dir, i);
		CHECK("folder", dir_make(medium, 0755, NULL) && carry(live, medium, ""));
		CHECK("-wal", !carried[i].wal || carry(live, medium, "-wal"));
		CHECK("-shm", !carried[i].shm || carry(live, medium, "-shm"));
		CHECK("shut", chmod(medium, 0555) == 0);
		int rows = rows_for_reader(medium);
		if (!CHECK(carried[i].name, rows == carried[i].rows))
			printf("  %d rows\n", rows);
		CHECK("open again", chmod(medium, 0755) == 0);
	}
	db_close(db);
}

int main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof path, "%s/t.db", dir);
	struct db *db = make();

	values(db);
	nested(db);
	refusals(db);
	transactions(db);
	db_close(db);
	files();
	read_only();
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
