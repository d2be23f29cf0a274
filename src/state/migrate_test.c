/* SPDX-License-Identifier: Apache-2.0 */
#include "state/migrate.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/test.h"
#include "state/state.h"

#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/canh-migrate-XXXXXX";

static const struct migration steps[] = {
	{ 1, "one", "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);" },
	{ 2, "two", "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'two';" },
	{ 3, "bad", "INSERT INTO a VALUES (2, 'x'); INSERT INTO nowhere VALUES (1);" },
};
static const struct migration other[] = {
	{ 1, "one", "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (2);" },
	{ 2, "two", "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = 'two';" },
};

/* A database at `before` of `list` is brought to `after`. */
static const struct {
	const char *name;
	const struct migration *list;
	size_t before, after;
	bool ok;
	int64_t at, rows; /* where it ends */
	const char *says;
} cases[] = {
	{ "new", steps, 0, 2, true, 2, 1, "" },
	{ "again", steps, 2, 2, true, 2, 1, "" },
	{ "one behind", steps, 1, 2, true, 2, 1, "" },
	{ "newer", steps, 2, 1, false, 2, 1, "newer canh" },
	{ "a step fails whole", steps, 2, 3, false, 2, 1, "nowhere" },
	{ "another text", other, 1, 2, false, 1, 1, "another build" },
};

static struct db *scratch(const char *name)
{
	char path[96];

	snprintf(path, sizeof path, "%s/%s.db", dir, name);
	return db_open(path, DB_CREATE, 0, NULL);
}

static void table(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err why = { 0 };
		struct db *db = scratch(cases[i].name);
		int64_t at = -1, rows = -1;

		CHECK(cases[i].name, db != NULL && migrate(db, steps, cases[i].before, NULL));
		bool ok = migrate(db, cases[i].list, cases[i].after, &why);

		CHECK(cases[i].name, ok == cases[i].ok);
		CHECK(cases[i].name, strstr(why.text, cases[i].says) != NULL);
		CHECK(cases[i].name,
		      db_number(db, "SELECT max(number) FROM migrations", NULL, 0, &at, NULL) &&
			      at == cases[i].at);
		CHECK(cases[i].name,
		      db_number(db, "SELECT count(*) FROM a", NULL, 0, &rows, NULL) &&
			      rows == cases[i].rows);
		CHECK(cases[i].name,
		      migrate_check(db, cases[i].list, cases[i].after, NULL) == cases[i].ok);
		db_close(db);
	}
}

static void gap(void)
{
	struct err why = { 0 };
	struct db *db = scratch("gap");

	CHECK("gap", migrate(db, steps, 2, NULL));
	CHECK("gap", db_run(db, "DELETE FROM migrations WHERE number = 1", NULL, 0, NULL));
	CHECK("gap", !migrate(db, steps, 2, &why) && why.kind == ERR_INPUT);
	db_close(db);
	db = scratch("behind");
	CHECK("behind", migrate(db, steps, 1, NULL));
	CHECK("behind", !migrate_check(db, steps, 2, &why) && why.kind == ERR_STATE);
	db_close(db);
}

/* What the program has had on anybody's disk never changes: add a step instead. */
static const char *const released[] = {
	"177100daa26db96442bb00ae28025be83597c491b59d19232dd38093b0415c98",
	"891f7f9a758e40572eddc70833a413b03344bbf66ba090b38714b246cb846359",
	"d8abd7565ce70af1bcc413586ed251cf1799a35cffa54c6b4887e1e837ffdc93",
	"ca5d9c75dea434f0f935795ffa2444477d702ac77793781a0a391e71c40ce2bc",
	"cea7a357f191542092971c57a8f595b7e6c365fdffbd072c1a6c95f155fb6d16",
	"e9bf4d88b2a24e812779d7538214419fa73876c994e34c6730cab5570c425d21",
	"1e37f86ed68f6341d34ad5b312e8ad41e718d1fea508204035f73077897df655",
	"86fdcdc15dc9439ae0e270cee198ab1d73cbebb16030c7edfef7cbcfa0ae2f1d",
	"e09d5578d092d44bd8e863d227f277549f35add9730d16a58cdb9a8df524c86f",
	"54368c564c7e06a783b0ffd50f24add1dddbc807284497a57a40bebfa368e45e",
};

static void unchanged(void)
{
	CHECK("each step is listed here", nmigrations == COUNT(released));
	for (size_t i = 0; i < COUNT(released) && i < nmigrations; i++) {
		unsigned char sum[HASH_SHA256_LEN];
		char hex[HASH_HEX_MAX];

		hash_sha256(str_of(migrations[i].sql), sum);
		CHECK(migrations[i].name, strcmp(hash_hex(sum, sizeof sum, hex), released[i]) == 0);
	}
}

/* Several processes open a new folder at once: one makes it, all find it whole. */
static void at_once(void)
{
	enum { MANY = 4 };
	char folder[64];
	pid_t pid[MANY];

	snprintf(folder, sizeof folder, "%s/at-once", dir);
	CHECK("folder", dir_make(folder, 0700, NULL));
	for (int i = 0; i < MANY; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			struct err why = { 0 };
			struct db *db = state_open(folder, DB_CREATE, &why);

			if (db == NULL)
				fprintf(stderr, "%s\n", why.text);
			db_close(db);
			_exit(db == NULL);
		}
	}
	for (int i = 0; i < MANY; i++) {
		int status = -1;

		CHECK("opened", waitpid(pid[i], &status, 0) == pid[i] && status == 0);
	}
	struct db *db = state_open(folder, DB_READ, NULL);
	int64_t units = 0;

	CHECK("one unit",
	      db != NULL && db_number(db, "SELECT count(*) FROM units", NULL, 0, &units, NULL) &&
		      units == 1);
	db_close(db);
}

/* From this form on the code that opens an alert counts it by home. */
enum { COUNTED_BY_HOME = 5 };
static const char old_alert[] =
	"INSERT INTO alerts (id, number, unit, state, severity, group_key, title_vi, title_en, rule,"
	" rule_title, rule_level, rule_kind, tags_json, matched, count, first_seen, last_seen,"
	" exercise, channel, opened, changed) VALUES ('a', 1, 'unit', 'new', 'high', 'k', 't', 't',"
	" 'r', 't', 'high', 'sigma', '[]', '', 1, 1, 1, 0, 'rule', 1, 1)";

/* A folder of every form there ever was opens, keeps its data and ends at the newest. */
static void every_form(void)
{
	for (size_t k = 1; k <= nmigrations; k++) {
		char folder[64], path[96], unit[UUID_MAX] = "";
		struct err why = { 0 };
		int64_t n = 0;

		snprintf(folder, sizeof folder, "%s/form-%zu", dir, k);
		snprintf(path, sizeof path, "%s/state.db", folder);
		CHECK("folder", dir_make(folder, 0700, NULL));
		struct db *db = db_open(path, DB_CREATE, 0, &why);

		CHECK("old form", db != NULL && migrate(db, migrations, k, &why));
		CHECK("old data", db_run(db,
					 "INSERT INTO units (id, name, created) "
					 "VALUES ('unit', 'Sở mẫu', 1)",
					 NULL, 0, &why) &&
					  db_run(db, old_alert, NULL, 0, &why));
		db_close(db);
		db = state_open(folder, DB_CREATE, &why);
		if (!CHECK("opens", db != NULL)) {
			printf("form %zu: %s\n", k, why.text);
			continue;
		}
		CHECK("data kept", state_unit(db, unit, &why) && strcmp(unit, "unit") == 0);
		CHECK("newest", migrate_check(db, migrations, nmigrations, &why));
		CHECK("alerts are counted where they belong",
		      k >= COUNTED_BY_HOME ||
			      (db_number(db,
					 "SELECT sum(n) FROM alert_counts WHERE unit = 'unit'"
					 " AND site = '' AND state = 'new' AND severity = 'high'",
					 NULL, 0, &n, &why) &&
			       n == 1));
		db_close(db);
	}
}

static void settings(void)
{
	unsigned char mem[1024];
	struct arena a = { mem, mem + sizeof mem };
	char unit[UUID_MAX];
	struct str s = STR("x");
	struct db *db = state_open(dir, DB_CREATE, NULL);

	CHECK("new state", db != NULL && state_unit(db, unit, NULL) && uuid_valid(str_of(unit)));
	CHECK("never set", state_setting(db, &a, "unit_name", &s, NULL) && s.n == 0);
	CHECK("set", state_setting_put(db, "unit_name", STR("\"A\""), "canh", NULL));
	CHECK("set again", state_setting_put(db, "unit_name", STR("\"B\""), "canh", NULL));
	CHECK("get", state_setting(db, &a, "unit_name", &s, NULL) && str_eq(s, STR("\"B\"")));
	db_close(db);
	db = state_open(dir, DB_READ, NULL);
	CHECK("read", db != NULL && state_setting(db, &a, "unit_name", &s, NULL) && s.n == 3);
	db_close(db);
}

int main(void)
{
	if (!crypt_init(NULL) || mkdtemp(dir) == NULL)
		return 1;
	table();
	gap();
	unchanged();
	at_once();
	every_form();
	settings();
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
