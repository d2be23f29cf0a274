/* SPDX-License-Identifier: Apache-2.0 */
/* From hits that are only counted to the sums beside list and exception. */
#include "proc/tally.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/test.h"
#include "state/ledger.h"
#include "state/list_row.h"
#include "state/state.h"

#include <stdlib.h>

static struct buf text;

/* What would be told now; "" for nothing. */
static const char *told(struct tally *t)
{
	static char out[4096];
	struct jsonw w = { .out = &text };

	buf_clear(&text);
	jsonw_open(&w, '{');
	bool any = tally_put(t, &w);
	jsonw_close(&w, '}');
	snprintf(out, sizeof out, "%.*s", any ? (int)buf_str(&text).n : 0, text.p);
	return out;
}

static void test_table(void)
{
	struct tally *t = tally_new();
	struct list_info a = { .id = STR("list-a") }, b = { .id = STR("list-b") };
	struct hit on_a = { .kind = HIT_INDICATOR, .list = &a };
	struct hit on_b = {
		.kind = HIT_INDICATOR, .list = &b, .excepted = true, .exception = STR("except-1")
	};
	struct hit rule = { .kind = HIT_RULE, .excepted = true, .exception = STR("except-1") };
	struct hit quiet = { .kind = HIT_RULE };

	tally_hit(t, &on_a);
	tally_hit(t, &quiet);
	CHECK("staged is not told", strcmp(told(t), "") == 0);
	tally_commit(t);
	tally_hit(t, &on_a);
	tally_hit(t, &on_b);
	tally_hit(t, &rule);
	CHECK("committed", strcmp(told(t), "{\"lists\":{\"list-a\":1},\"exceptions\":{}}") == 0);
	tally_commit(t);
	CHECK("until it arrived",
	      strcmp(told(t),
		     "{\"lists\":{\"list-a\":2,\"list-b\":1},\"exceptions\":{\"except-1\":2}}") ==
		      0);
	tally_told(t);
	CHECK("once", strcmp(told(t), "") == 0);
	tally_hit(t, &on_b);
	tally_told(t);
	tally_commit(t);
	CHECK("what is staged stays",
	      strcmp(told(t), "{\"lists\":{\"list-b\":1},\"exceptions\":{\"except-1\":1}}") == 0);
	tally_free(t);
}

static void test_many(void)
{
	struct tally *t = tally_new();
	char id[40];
	struct list_info info = { .id = STR("") };
	struct hit h = { .kind = HIT_INDICATOR, .list = &info };

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 3000; i++) {
			snprintf(id, sizeof id, "list-%d-%d", round, i);
			info.id = str_of(id);
			tally_hit(t, &h);
		}
		tally_commit(t);
		told(t);
		CHECK("all of a round", !text.full);
		tally_told(t);
	}
	for (int i = 0; i < 10000; i++) {
		snprintf(id, sizeof id, "list-%d", i);
		info.id = str_of(id);
		tally_hit(t, &h);
	}
	tally_commit(t);
	CHECK("more than there is room for", strlen(told(t)) > 0);
	tally_free(t);
}

static int64_t hits_of(struct db *db, const char *id)
{
	int64_t n = -1;

	CHECK("read",
	      db_number(db, "SELECT hits FROM lists WHERE id = $1", DB_VALS(V_Z(id)), &n, NULL));
	return n;
}

static void keep(struct db *db, const char *json, bool want)
{
	struct json *j = NULL;
	struct err why = { 0 };

	CHECK(json, json_parse(str_of(json), 4096, &j, &why) && tally_keep(db, j, &why) == want);
	json_free(j);
}

static void test_keep(struct db *db)
{
	struct list_row row = { .name = STR("x"),
				.kind = STR("c2"),
				.sha256 = STR("00"),
				.types_json = STR("{}"),
				.valid_from = TIME_NONE,
				.valid_until = TIME_NONE };
	struct err why = { 0 };
	char json[256];

	uuid_new(row.id);
	CHECK("list", list_row_add(db, &row, NULL, 0, "canh", &why));
	snprintf(json, sizeof json, "{\"lists\":{\"%s\":3,\"gone\":1},\"exceptions\":{\"gone\":2}}",
		 row.id);
	keep(db, json, true);
	keep(db, json, true);
	keep(db, "{\"sources\":{}}", true);
	snprintf(json, sizeof json, "{\"lists\":{\"%s\":-3}}", row.id);
	keep(db, json, true);
	CHECK("added up", hits_of(db, row.id) == 6);
}

int main(void)
{
	char dir[64] = "/tmp/canh-tally-XXXXXX", keys[80];
	struct err why = { 0 };

	text = BUF(1 << 20);
	if (!crypt_init(&why) || mkdtemp(dir) == NULL)
		abort();
	snprintf(keys, sizeof keys, "%s/keys", dir);
	test_table();
	test_many();
	struct db *db = state_open(dir, DB_CREATE, &why);
	struct ledger_key *key = dir_make(keys, 0700, &why) ? ledger_key_load(keys, &why) : NULL;

	if (CHECK("state", db != NULL && key != NULL && ledger_attach(db, key, &why)))
		test_keep(db);
	db_close(db);
	ledger_key_free(key);
	test_remove(dir);
	buf_free(&text);
	return TEST_REPORT();
}
