/* SPDX-License-Identifier: Apache-2.0 */
#include "state/ledger.h"

#include "base/file.h"
#include "base/num.h"
#include "base/test.h"
#include "state/ledger_int.h"
#include "state/state.h"
#include "state/verify.h"
#include "state/witness.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/canh-ledger-XXXXXX", keys[64];
static unsigned char mem[1 << 21];
static const struct verify_wish plain = { { NULL, 0 }, NULL, 0 };

static bool say(struct db *db, const char *kind, const char *subject, int64_t n)
{
	struct ledger_note note = { "canh", kind, str_of(subject), TIME_NONE };

	return ledger_append(db, &note, LEDGER_FIELDS(F_INT("n", n)), NULL, NULL);
}

static void commit(struct db *db, struct err *why)
{
	if (!CHECK("commit", db_leave(db, true, why)))
		printf("%s\n", why->text);
}

static void fill(struct db *db, int times)
{
	struct err why = { 0 };

	for (int i = 0; i < times; i++) {
		CHECK("begin", db_begin(db, NULL));
		for (int k = 0; k <= i % 3; k++)
			CHECK("append",
			      say(db, i % 2 == 0 ? "list.imported" : "rules.loaded", "một", i));
		commit(db, &why);
	}
}

/* Does the ledger hold; if not, which fault is named at which entry. */
static bool holds(struct db *db, const struct verify_wish *wish, struct err *why)
{
	struct verify_report r;

	*why = (struct err){ 0 };
	return verify_ledger(db, wish, &r, why);
}

static void entries(struct db *db)
{
	struct arena a = { mem, mem + sizeof mem };
	struct ledger_note note = { "user:u1", "session.opened", STR("s\xff"), 1000 };
	struct ledger_wish wish = { 0, STR("session."), TIME_NONE, TIME_NONE, 10 };
	struct ledger_entry *list = NULL;
	size_t n = 0;
	int64_t at = 0;
	struct err why = { 0 };

	CHECK("begin", db_begin(db, NULL));
	CHECK("append",
	      ledger_append(db, &note,
			    LEDGER_FIELDS(F_TEXT("name", STR("x\"y")), F_BOOL("first", true),
					  F_INT("age", -3), F_JSON("list", STR("[1]")),
					  F_PERSONAL("address", STR("192.0.2.1"))),
			    &at, NULL));
	commit(db, &why);
	CHECK("number", at == 1);
	CHECK("list", ledger_list(db, &a, &wish, &list, &n, NULL) && n == 1);
	CHECK("entry", list[0].n == 1 && list[0].observed == 1000 && list[0].recorded > 1000);
	CHECK("not UTF-8", str_eq(list[0].subject, STR("s\xef\xbf\xbd")));
	CHECK("keys in order",
	      str_starts(list[0].body, STR("{\"address\":{\"commitment\":\"")) &&
		      str_ends(
			      list[0].body,
			      STR("\"},\"age\":-3,\"first\":true,\"list\":[1],\"name\":\"x\\\"y\"}")));

	struct str value;

	CHECK("personal", ledger_personal(db, &a, 1, "address", &value, NULL) &&
				  str_eq(value, STR("192.0.2.1")));
	CHECK("whole", holds(db, &plain, &why));
	CHECK("forget",
	      db_begin(db, NULL) && ledger_forget(db, 1, "user:u1", STR("theo yêu cầu"), NULL));
	commit(db, &why);
	CHECK("forgotten",
	      !ledger_personal(db, &a, 1, "address", &value, &why) && why.kind == ERR_ABSENT);
	CHECK("nothing to forget", db_begin(db, NULL) &&
					   !ledger_forget(db, 1, "user:u1", STR(""), &why) &&
					   why.kind == ERR_ABSENT);
	db_rollback(db);
	CHECK("still whole", holds(db, &plain, &why));
}

static const struct {
	const char *name;
	struct ledger_wish wish;
	size_t n;
	int64_t first;
} lists[] = {
	{ "all", { 0, { NULL, 0 }, TIME_NONE, TIME_NONE, 100 }, 21, 21 },
	{ "cut", { 0, { NULL, 0 }, TIME_NONE, TIME_NONE, 5 }, 5, 21 },
	{ "below", { 5, { NULL, 0 }, TIME_NONE, TIME_NONE, 100 }, 4, 4 },
	{ "one kind", { 0, { "rules.loaded", 12 }, TIME_NONE, TIME_NONE, 100 }, 9, 21 },
	{ "beginning", { 0, { "session.", 8 }, TIME_NONE, TIME_NONE, 100 }, 1, 1 },
	{ "no such kind", { 0, { "rules", 5 }, TIME_NONE, TIME_NONE, 100 }, 0, 0 },
	{ "before all", { 0, { NULL, 0 }, TIME_NONE, 5, 100 }, 0, 0 },
	{ "after all", { 0, { NULL, 0 }, INT64_MAX - 1, TIME_NONE, 100 }, 0, 0 },
};

static void lists_and_proofs(struct db *db)
{
	struct head h;

	for (size_t i = 0; i < COUNT(lists); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct ledger_entry *list = NULL;
		size_t n = 0;

		CHECK(lists[i].name, ledger_list(db, &a, &lists[i].wish, &list, &n, NULL));
		if (!CHECK(lists[i].name, n == lists[i].n))
			printf("%zu\n", n);
		CHECK(lists[i].name, n == 0 || list[0].n == lists[i].first);
	}
	CHECK("head", ledger_head(db, &h, NULL) && h.size == 21 && head_valid(&h));

	struct arena a = { mem, mem + sizeof mem };
	struct ledger_entry *all = NULL;
	size_t n = 0;
	bool ok = ledger_list(db, &a, &lists[0].wish, &all, &n, NULL);

	for (size_t i = 0; ok && i < n; i++) {
		struct merkle_proof p;

		ok = ledger_prove_entry(db, all[i].n, h.size, &p, NULL) &&
		     merkle_check_leaf(&p, &all[i].hash, (uint64_t)all[i].n - 1, 21, &h.root);
	}
	CHECK("each entry proved", ok && n == 21);

	struct merkle_store store = ledger_store(db);
	struct merkle_hash old;
	struct merkle_proof p;

	CHECK("growth", merkle_root(&store, 9, &old, NULL) &&
				ledger_prove_growth(db, 9, 21, &p, NULL) &&
				merkle_check_growth(&p, 9, &old, 21, &h.root));
}

/* Every value of every ledger table, spoilt by one bit or one step, is a named fault. */
static const struct {
	const char *table, *column;
	enum db_kind kind;
} columns[] = {
	{ "ledger_entries", "n", DB_INT },        { "ledger_entries", "recorded", DB_INT },
	{ "ledger_entries", "observed", DB_INT }, { "ledger_entries", "actor", DB_TEXT },
	{ "ledger_entries", "kind", DB_TEXT },    { "ledger_entries", "subject", DB_TEXT },
	{ "ledger_entries", "body", DB_TEXT },    { "ledger_entries", "hash", DB_BLOB },
	{ "ledger_nodes", "level", DB_INT },      { "ledger_nodes", "place", DB_INT },
	{ "ledger_nodes", "hash", DB_BLOB },      { "ledger_personal", "n", DB_INT },
	{ "ledger_personal", "field", DB_TEXT },  { "ledger_personal", "salt", DB_BLOB },
	{ "ledger_personal", "value", DB_TEXT },  { "ledger_heads", "size", DB_INT },
	{ "ledger_heads", "root", DB_BLOB },      { "ledger_heads", "signed", DB_INT },
	{ "ledger_heads", "key", DB_BLOB },       { "ledger_heads", "signature", DB_BLOB },
};

static void spoil(struct db *db, size_t c, int64_t row, struct db_val value, unsigned *faults)
{
	char sql[160], copy[512];
	struct err why;
	size_t step = value.kind == DB_INT ? 1 : value.s.n / 3 + 1;

	snprintf(sql, sizeof sql, "UPDATE %s SET %s = $1 WHERE rowid = $2", columns[c].table,
		 columns[c].column);
	for (size_t at = 0; at == 0 || at < value.s.n; at += step) {
		struct db_val other = value;

		other.i += INT64_C(1) << 40;
		if (value.kind != DB_INT) {
			memcpy(copy, value.s.p, value.s.n);
			copy[at] = (char)(copy[at] ^ 1 << at % 8);
			other.s.p = copy;
		}
		bool put = db_begin(db, NULL) &&
			   db_run(db, sql, DB_VALS(other, V_INT(row)), NULL) && db_changes(db) == 1;

		CHECK("spoilt", put);
		if (!CHECK("named", !holds(db, &plain, &why) && why.text[0] != '\0'))
			printf("%s.%s row %lld byte %zu\n", columns[c].table, columns[c].column,
			       (long long)row, at);
		/* an entry names itself */
		if (strcmp(columns[c].table, "ledger_entries") == 0)
			CHECK("the entry is named", why.at == (size_t)row);
		db_rollback(db);
		++*faults;
	}
}

/* The value of a column in row number `row` of its table; false behind the last. */
static bool value_at(struct db *db, size_t c, int64_t row, struct db_val *v, int64_t *rowid)
{
	static char copy[512];
	char sql[128];

	snprintf(sql, sizeof sql, "SELECT rowid, %s FROM %s ORDER BY rowid LIMIT 1 OFFSET $1",
		 columns[c].column, columns[c].table);
	struct db_rows *r = db_query(db, sql, DB_VALS(V_INT(row)), NULL);
	bool more = db_next(r);

	*v = (struct db_val){ .kind = columns[c].kind };
	if (more && v->kind == DB_INT)
		v->i = db_int(r, 1);
	if (more && v->kind != DB_INT) {
		struct str s = db_blob(r, 1);

		memcpy(copy, s.p, s.n);
		v->s = (struct str){ copy, s.n };
	}
	*rowid = more ? db_int(r, 0) : 0;
	CHECK("read", db_end(r, NULL));
	return more;
}

static void every_value(struct db *db)
{
	unsigned faults = 0;
	char answer[32];
	struct err why;
	struct db_val v;
	int64_t rowid;

	CHECK("keys off", db_pragma(db, "foreign_keys=OFF", answer, sizeof answer, NULL));
	for (size_t c = 0; c < COUNT(columns); c++)
		for (int64_t row = 0; value_at(db, c, row, &v, &rowid); row++)
			spoil(db, c, rowid, v, &faults);
	CHECK("many", faults > 400);
	CHECK("whole again", holds(db, &plain, &why));
}

/* Rows taken out or put in. */
static const struct {
	const char *name, *sql, *says;
	size_t at;
} changes[] = {
	{ "first entry gone", "DELETE FROM ledger_entries WHERE n = 1", "entry 1 is missing", 1 },
	{ "entry gone", "DELETE FROM ledger_entries WHERE n = 7", "entry 7 is missing", 7 },
	{ "tail gone", "DELETE FROM ledger_entries WHERE n > 19", "missing behind 19", 19 },
	{ "all gone", "DELETE FROM ledger_entries", "missing behind 0", 0 },
	{ "entry added",
	  "INSERT INTO ledger_entries SELECT 22, recorded, observed, actor, kind, subject, body, "
	  "hash FROM ledger_entries WHERE n = 21",
	  "entry 22 was changed", 22 },
	{ "newest head gone", "DELETE FROM ledger_heads WHERE size = 21", "not signed", 0 },
	{ "subtree gone", "DELETE FROM ledger_nodes WHERE level = 2 AND place = 1",
	  "damaged at entry 5", 5 },
	{ "subtree added", "INSERT INTO ledger_nodes VALUES (9, 9, x'00')", "subtrees", 21 },
	{ "head grown", "UPDATE ledger_heads SET size = 25 WHERE size = 21", "signature", 25 },
	{ "tail gone, tidied",
	  "DELETE FROM ledger_entries WHERE n > 20; DELETE FROM ledger_heads WHERE size > 20; "
	  "DELETE FROM ledger_nodes WHERE (place + 1) << level > 20",
	  "not signed", 0 },
};

static void every_change(struct db *db)
{
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct err why;

		CHECK(changes[i].name, db_begin(db, NULL) && db_script(db, changes[i].sql, NULL));
		CHECK(changes[i].name, !holds(db, &plain, &why));
		if (!CHECK(changes[i].name, strstr(why.text, changes[i].says) != NULL))
			printf("%s\n", why.text);
		CHECK(changes[i].name, changes[i].at == 0 || why.at == changes[i].at);
		db_rollback(db);
	}
}

/* Flip bits of the file itself: a verdict of "whole" may only follow when every entry reads as before. */
static void file_bits(const char *path)
{
	struct arena a = { mem, mem + sizeof mem };
	struct str whole;
	struct stat st;
	char copy[96];
	unsigned named = 0;
	bool honest = true;

	CHECK("size", stat(path, &st) == 0);
	if (!CHECK("load", file_load(&a, AT_FDCWD, path, 1 << 20, &whole, NULL)))
		return;
	snprintf(copy, sizeof copy, "%s/flip.db", dir);
	for (size_t i = 0; i < 600; i++) {
		struct err why = { 0 };
		size_t at = (i * 7919 + 100) % whole.n;
		int64_t same = 0;

		((char *)(uintptr_t)whole.p)[at] ^= (char)(1 << i % 8);
		CHECK("save", file_save(AT_FDCWD, copy, whole, 0600, NULL));
		((char *)(uintptr_t)whole.p)[at] ^= (char)(1 << i % 8);
		struct db *db = db_open(copy, DB_FROZEN, 0, NULL);

		if (db == NULL || !holds(db, &plain, &why))
			named++;
		else
			honest = honest &&
				 db_number(db, "SELECT count(*) FROM ledger_entries", NULL, 0,
					   &same, NULL) &&
				 same == 21;
		db_close(db);
	}
	CHECK("never whole with another number of entries", honest);
	CHECK("some flips hit the ledger", named > 0);
}

static void other_key(struct db *db)
{
	char other[80], print[HEAD_PRINT_MAX];
	struct err why = { 0 };
	struct verify_report r;
	struct head h;

	CHECK("head", ledger_head(db, &h, NULL));
	snprintf(other, sizeof other, "%s/other", dir);
	struct ledger_key *key = ledger_key_load(other, &why);

	CHECK("another key is refused",
	      key != NULL && !ledger_attach(db, key, &why) && why.kind == ERR_STATE);
	struct verify_wish wish = { str_of(head_fingerprint(h.key, print)), NULL, 0 };

	CHECK("right fingerprint", verify_ledger(db, &wish, &r, &why));
	CHECK("told", strcmp(r.fingerprint, print) == 0 && r.entries == 21);
	wish.fingerprint.n = 16;
	CHECK("its beginning", verify_ledger(db, &wish, &r, &why));
	wish.fingerprint.n = 15;
	CHECK("too short", !verify_ledger(db, &wish, &r, &why));
	wish.fingerprint = str_of(head_fingerprint(ledger_key_public(key), print));
	CHECK("other fingerprint",
	      !verify_ledger(db, &wish, &r, &why) && strstr(why.text, "another key") != NULL);
	ledger_key_free(key);

	char path[96];
	struct stat st;

	snprintf(path, sizeof path, "%s/ledger.key", keys);
	CHECK("mode of the key", stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK("loose mode", chmod(path, 0640) == 0 && ledger_key_load(keys, &why) == NULL &&
				    why.kind == ERR_DENIED);
	CHECK("chmod", chmod(path, 0600) == 0);
	snprintf(path, sizeof path, "%s/ledger.key", other);
	CHECK("spoilt key", file_save(AT_FDCWD, path, STR("12\n"), 0600, NULL) &&
				    ledger_key_load(other, &why) == NULL && why.kind == ERR_INPUT);
}

/* A child appends and says what it has committed; it is killed in the middle of it. */
static void child(const char *path, int out)
{
	struct db *db = db_open(path, DB_WRITE, 0, NULL);
	struct ledger_key *key = ledger_key_load(keys, NULL);
	bool ok = db != NULL && key != NULL && ledger_attach(db, key, NULL);

	for (int i = 0; ok; i++) {
		ok = db_begin(db, NULL) && say(db, "list.imported", "a", i) &&
		     say(db, "list.imported", "b", i) && db_leave(db, true, NULL) &&
		     write(out, "x", 1) == 1;
	}
	_exit(1);
}

static void killed(const char *path)
{
	int64_t acknowledged = 21;

	for (int round = 0; round < 8; round++) {
		char drain[4096];
		int fd[2], status;
		struct err why = { 0 };

		if (!CHECK("pipe", pipe(fd) == 0))
			return;
		pid_t pid = fork();

		if (pid == 0)
			child(path, fd[1]);
		close(fd[1]);
		CHECK("it works", read(fd[0], drain, 1) == 1);
		acknowledged += 2;
		usleep((useconds_t)(1000 + round * 3700));
		CHECK("kill", kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid &&
				      WIFSIGNALED(status));
		for (ssize_t n; (n = read(fd[0], drain, sizeof drain)) > 0;)
			acknowledged += 2 * n;
		close(fd[0]);

		struct db *db = db_open(path, DB_READ, 0, &why);
		struct verify_report r = { 0 };

		if (!CHECK("whole after kill -9",
			   db != NULL && verify_ledger(db, &plain, &r, &why)))
			printf("%s\n", why.text);
		CHECK("nothing acknowledged is lost",
		      r.entries >= acknowledged && r.entries <= acknowledged + 2);
		acknowledged = r.entries;
		db_close(db);
	}
}

int main(void)
{
	char path[64];
	struct err why = { 0 };
	struct head h;

	if (!crypt_init(NULL) || mkdtemp(dir) == NULL)
		return 1;
	snprintf(keys, sizeof keys, "%s/keys", dir);
	snprintf(path, sizeof path, "%s/state.db", dir);
	struct ledger_key *key = ledger_key_load(keys, &why);
	struct db *db = state_open(dir, DB_CREATE, &why);

	if (!CHECK("open", key != NULL && db != NULL && ledger_attach(db, key, &why)))
		return 1;
	CHECK("no head yet", !ledger_head(db, &h, &why) && why.kind == ERR_ABSENT);
	CHECK("empty is whole", holds(db, &plain, &why));
	entries(db);
	fill(db, 10);
	CHECK("rolled back", db_begin(db, NULL) && say(db, "list.imported", "never", 0));
	db_rollback(db);
	CHECK("rolled back", holds(db, &plain, &why));
	lists_and_proofs(db);
	every_value(db);
	every_change(db);
	other_key(db);
	db_close(db);
	file_bits(path);
	killed(path);
	ledger_key_free(key);
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
