/* SPDX-License-Identifier: Apache-2.0 */
/* Lists, source settings, gaps and records set aside over a database of their own; each change is in the ledger. */
#include "base/crypt.h"
#include "base/test.h"
#include "state/aside_row.h"
#include "state/gap_row.h"
#include "state/hold_row.h"
#include "state/ledger.h"
#include "state/list_row.h"
#include "state/source_row.h"
#include "state/state.h"

static struct arena mem;

static int64_t entries(struct db *db, const char *kind)
{
	int64_t n = -1;
	struct err why;

	CHECK("count", db_number(db, "SELECT count(*) FROM ledger_entries WHERE kind = $1",
				 DB_VALS(V_Z(kind)), &n, &why));
	return n;
}

static struct list_row example(void)
{
	struct list_row row = {
		.name = STR("Botnet tháng 11"),
		.kind = STR("infected"),
		.letter = STR("123/CATTT"),
		.sha256 = STR("00ff"),
		.types_json = STR("{\"ipv4\":2}"),
		.valid_from = 5,
		.valid_until = TIME_NONE,
		.size_bytes = 40,
		.entries = 2,
		.bad_lines = 1,
	};

	uuid_new(row.id);
	return row;
}

/* Two holds stand: a day, and three days that begin with it. */
static void held_days(struct db *db)
{
	static const struct {
		const char *name, *at;
		int64_t days;
	} held[] = { { "overlapping days count once", "2026-12-01", 3 },
		     { "those to come do not yet", "2026-11-21", 2 },
		     { "before them all", "2026-11-19", 0 } };
	struct err why = { 0 };

	CHECK("for ever", db_run(db, "UPDATE holds SET until = 9000000000000000", NULL, 0, &why));
	for (size_t i = 0; i < COUNT(held); i++) {
		int64_t at = 0, days = -1, holds = -1;

		CHECK(held[i].name, time_parse_date(str_of(held[i].at), &at) &&
					    hold_days_held(db, at, &days, &holds, &why) &&
					    days == held[i].days && holds == 2);
	}
	CHECK("as it was",
	      db_run(db, "UPDATE holds SET until = CASE WHEN day = last THEN NULL ELSE 2000 END",
		     NULL, 0, &why));
}

static void test_holds(struct db *db)
{
	static const struct {
		const char *name, *day, *last, *reason, *about;
		int64_t until;
		bool ok;
	} cases[] = {
		{ "one day", "2026-11-20", "2026-11-20", "r", "c", TIME_NONE, true },
		{ "three, until", "2026-11-20", "2026-11-22", "r", "c", 2000, true },
		{ "no such day", "2026-02-30", "2026-02-30", "r", "c", TIME_NONE, false },
		{ "a word", "yesterday", "yesterday", "r", "c", TIME_NONE, false },
		{ "backwards", "2026-11-20", "2026-11-19", "r", "c", TIME_NONE, false },
		{ "too many", "2000-01-01", "2026-11-19", "r", "c", TIME_NONE, false },
		{ "no reason", "2026-11-20", "2026-11-20", " ", "c", TIME_NONE, false },
		{ "no case", "2026-11-20", "2026-11-20", "r", "", TIME_NONE, false },
		{ "past", "2026-11-20", "2026-11-20", "r", "c", 1000, false },
	};
	struct arena a = mem;
	struct hold_row *rows, one;
	struct hold_seen *seen;
	struct err why = { 0 };
	char ids[COUNT(cases)][40];
	size_t n = 9;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct hold_row r = { .day = str_of(cases[i].day),
					    .last = str_of(cases[i].last),
					    .reason = str_of(cases[i].reason),
					    .case_text = str_of(cases[i].about),
					    .until = cases[i].until,
					    .placed = 1000 };

		CHECK(cases[i].name, hold_row_put(db, &r, "user:1", ids[i], &why) == cases[i].ok &&
					     (cases[i].ok || why.kind == ERR_INPUT));
	}
	held_days(db);
	CHECK("both in force", hold_row_all(db, &a, 1500, &rows, &n, &why) && n == 2 &&
				       hold_in_force(&rows[0], 1500) &&
				       hold_in_force(&rows[1], 1500));
	CHECK("one ended by itself, and stands last",
	      hold_row_all(db, &a, 2500, &rows, &n, &why) && n == 2 &&
		      str_eq(rows[0].id, str_of(ids[0])) && !hold_in_force(&rows[1], 2500));
	CHECK("an ended one is not released",
	      !hold_row_release(db, str_of(ids[1]), STR(""), "user:2", 2500, &why) &&
		      why.kind == ERR_STATE);
	CHECK("released", hold_row_release(db, str_of(ids[0]), STR("done"), "user:2", 3000, &why) &&
				  hold_row_get(db, &a, str_of(ids[0]), &one, &why) &&
				  one.released == 3000 && str_eq(one.released_by, STR("user:2")));
	CHECK("no such", !hold_row_release(db, STR("x"), STR(""), "user:2", 1, &why) &&
				 why.kind == ERR_ABSENT);
	CHECK("entries", entries(db, "hold.placed") == 2 && entries(db, "hold.released") == 1);
	/* a row that was changed by hand hides nothing */
	CHECK("tampered", db_run(db, "DELETE FROM holds", NULL, 0, &why));
	CHECK("the ledger knows both", hold_seen_all(db, &a, &seen, &n, &why) && n == 2 &&
					       strcmp(seen[0].last, "2026-11-22") == 0 &&
					       seen[0].until == 2000 &&
					       strcmp(seen[1].day, "2026-11-20") == 0 &&
					       seen[1].until != INT64_MAX && seen[1].since > 0);
}

static void test_lists(struct db *db)
{
	struct list_fault fault = { 3, STR("không phải địa chỉ"), STR("no address") };
	struct list_row row = example(), second = example(), bad = example(), got;
	struct list_row *all;
	struct list_fault *faults;
	struct arena a = mem;
	struct err why = { 0 };
	size_t n = 9;

	CHECK("add", list_row_add(db, &row, &fault, 1, "user:1", &why));
	CHECK("the same file once more",
	      !list_row_add(db, &second, NULL, 0, "user:1", &why) && why.kind == ERR_INPUT);
	second.month = STR("2026-12");
	CHECK("add second", list_row_add(db, &second, NULL, 0, "user:1", &why));
	bad.kind = STR("botnet");
	CHECK("unknown kind",
	      !list_row_add(db, &bad, NULL, 0, "user:1", &why) && why.kind == ERR_STATE);
	CHECK("noted", entries(db, "list.imported") == 2);
	CHECK("get", list_row_get(db, &a, str_of(row.id), &got, &why) &&
			     str_eq(got.name, row.name) && got.valid_from == 5 &&
			     got.valid_until == TIME_NONE && got.issuer.p == NULL &&
			     got.entries == 2 && got.bad_lines == 1 && got.hits == 0 &&
			     str_eq(got.imported_by, STR("user:1")));
	CHECK("faults", list_row_faults(db, &a, str_of(row.id), &faults, &n, &why) && n == 1 &&
				faults[0].line == 3 &&
				str_eq(faults[0].reason_en, STR("no address")));
	CHECK("all", list_row_all(db, &a, 10, &all, &n, &why) && n == 2 &&
			     str_eq(str_of(all[0].id), str_of(second.id)));
	CHECK("remove", list_row_remove(db, str_of(row.id), "user:2", &why));
	CHECK("once",
	      !list_row_remove(db, str_of(row.id), "user:2", &why) && why.kind == ERR_ABSENT);
	CHECK("gone", !list_row_get(db, &a, str_of(row.id), &got, &why) && why.kind == ERR_ABSENT);
	CHECK("one left", list_row_all(db, &a, 10, &all, &n, &why) && n == 1);
	CHECK("noted too", entries(db, "list.removed") == 1);
}

static void test_sources(struct db *db)
{
	struct source_patch name = { .name = STR("tường lửa") }, class = { .class = STR("server") };
	struct source_patch bad = { .class = STR("toaster") };
	struct source_row *all;
	struct arena a = mem;
	struct err why = { 0 };
	size_t n = 9;

	CHECK("none yet", source_row_all(db, &a, &all, &n, &why) && n == 0);
	CHECK("name", source_row_put(db, STR("7"), &name, "user:1", &why));
	CHECK("class", source_row_put(db, STR("7"), &class, "user:1", &why));
	CHECK("unknown class",
	      !source_row_put(db, STR("7"), &bad, "user:1", &why) && why.kind == ERR_STATE);
	CHECK("both kept", source_row_all(db, &a, &all, &n, &why) && n == 1 &&
				   str_eq(all[0].name, name.name) &&
				   str_eq(all[0].class, class.class) && !all[0].required);
	CHECK("noted", entries(db, "source.changed") == 2);
}

static void test_gaps(struct db *db)
{
	const struct gap_row rows[] = {
		{ STR("192.0.2.1"), 100, 900, 0, 1 },
		{ STR("192.0.2.2"), 200, 900, 4096, 3 },
	};
	const struct gap_row later = { STR("192.0.2.2"), 1000, 1900, 70, 1 };
	struct gap_note note = { STR("001.json"), STR("tls"), STR("restart"), rows, COUNT(rows) };
	struct gap_sum sum;
	struct arena a = mem;
	struct err why = { 0 };

	CHECK("add", gap_row_add(db, &note, &why));
	CHECK("a second time changes nothing",
	      gap_row_add(db, &note, &why) && entries(db, "source.gap") == 1);
	note = (struct gap_note){ STR("002.json"), STR("tls"), STR("stop"), &later, 1 };
	CHECK("another", gap_row_add(db, &note, &why) && entries(db, "source.gap") == 2);
	CHECK("of one", gap_row_of(db, &a, STR("tls"), STR("192.0.2.2"), &sum, &why) &&
				sum.count == 2 && sum.bytes == 4166 && sum.n == 2);
	CHECK("newest first",
	      sum.rows[0].from == 1000 && sum.rows[0].to == 1900 && sum.rows[0].bytes == 70 &&
		      str_eq(sum.reasons[0], STR("stop")) && sum.rows[1].connections == 3);
	CHECK("none", gap_row_of(db, &a, STR("tls"), STR("192.0.2.9"), &sum, &why) &&
			      sum.count == 0 && sum.bytes == 0 && sum.n == 0);
	note.reason = STR("whim");
	note.id = STR("003.json");
	CHECK("unknown reason", !gap_row_add(db, &note, &why) && why.kind == ERR_STATE);
	note.n = 0;
	CHECK("nothing to note", gap_row_add(db, &note, &why) && entries(db, "source.gap") == 2);
}

static void test_aside(struct db *db)
{
	struct aside_row row = { .id = STR("2026-11-22T100000.1"),
				 .source = STR("192.0.2.1"),
				 .reason = STR("crash"),
				 .how = STR("signal 11"),
				 .at = 500,
				 .bytes = 70000,
				 .kept = 65536 },
			 got;
	struct arena a = mem;
	struct err why = { 0 };
	int64_t count = 0, recent = 0;
	struct aside_page p = { .n = 10 };

	CHECK("add", aside_row_add(db, &row, &why) && aside_row_add(db, &row, &why));
	CHECK("once", entries(db, "record.set_aside") == 1);
	row.id = STR("2026-11-22T110000.1");
	row.reason = STR("stall");
	row.at = 900;
	CHECK("another", aside_row_add(db, &row, &why));
	CHECK("newest first", aside_row_list(db, &a, STR(""), &p, &why) && p.n == 2 &&
				      str_eq(p.rows[0].id, row.id) && p.rows[1].bytes == 70000);
	struct str newest = p.rows[0].id;

	p.n = 10;
	CHECK("page by page", aside_row_list(db, &a, newest, &p, &why) && p.n == 1 &&
				      str_eq(p.rows[0].id, STR("2026-11-22T100000.1")));
	CHECK("one", aside_row_find(db, &a, row.id, &got, &why) &&
			     str_eq(got.reason, STR("stall")) && got.kept == 65536);
	CHECK("none", !aside_row_find(db, &a, STR("x"), &got, &why) && why.kind == ERR_ABSENT);
	CHECK("counted",
	      aside_row_count(db, 900, &count, &recent, &why) && count == 2 && recent == 1);
}

int main(void)
{
	char dir[] = P_tmpdir "/canh-rows-XXXXXX";
	struct err why = { 0 };

	if (!crypt_init(&why) || mkdtemp(dir) == NULL || !arena_reserve(&mem, 4 << 20))
		return 1;
	struct db *db = state_open(dir, DB_CREATE, &why);
	struct ledger_key *key = ledger_key_load(dir, &why);
	if (CHECK("open", db != NULL && key != NULL && ledger_attach(db, key, &why))) {
		test_holds(db);
		test_lists(db);
		test_sources(db);
		test_gaps(db);
		test_aside(db);
	}
	db_close(db);
	ledger_key_free(key);
	arena_release(mem);
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
