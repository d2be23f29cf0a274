/* SPDX-License-Identifier: Apache-2.0 */
/* house_test.h - a state folder with its ledger and clocks, for the tests of this room. */
#ifndef RESPOND_HOUSE_TEST_H
#define RESPOND_HOUSE_TEST_H

#include "base/crypt.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"
#include "respond/alert_int.h"
#include "state/state.h"

#include <fcntl.h>

struct house {
	char dir[64], keys[80];
	struct db *db;
	struct ledger_key *key;
	struct arena whole;
};

static const struct actor alice = { .actor = "user:0197f0f0-0000-7000-8000-000000000001",
				    .user = { "0197f0f0-0000-7000-8000-000000000001", 36 },
				    .name = { "Alice", 5 } };

UNUSED static const struct scope all = { "", "" };

static void house_user(struct house *h, struct str id, const char *name)
{
	CHECK("user", db_run(h->db,
			     "INSERT INTO users (id, name, display_name, created)"
			     " VALUES ($1, $2, $2, 0)",
			     DB_VALS(V_TEXT(id), V_Z(name)), NULL));
	CHECK("grant", db_run(h->db,
			      "INSERT INTO grants (user_id, role, unit, granted)"
			      " SELECT $1, 'analyst', id, 0 FROM units WHERE parent IS NULL",
			      DB_VALS(V_TEXT(id)), NULL));
}

static void house_clocks(struct house *h)
{
	char path[512];
	const char *source = getenv("CANH_SOURCE");
	struct arena a = h->whole;
	struct str text;
	struct clocks clocks;
	struct err why = { 0 };

	snprintf(path, sizeof path, "%s/content/clocks.yaml", source != NULL ? source : ".");
	bool ok = file_load(&a, AT_FDCWD, path, 65536, &text, &why) &&
		  clocks_parse(a, text, &clocks, &why) && clocks_put(h->db, &clocks, "canh", &why);
	if (!CHECK("shipped clocks", ok))
		printf("%s\n", why.text);
}

static void house_open(struct house *h)
{
	struct err why = { 0 };

	snprintf(h->dir, sizeof h->dir, "/tmp/canh-respond-XXXXXX");
	if (!crypt_init(&why) || mkdtemp(h->dir) == NULL || !arena_reserve(&h->whole, 512 << 20))
		abort();
	snprintf(h->keys, sizeof h->keys, "%s/keys", h->dir);
	CHECK("keys", dir_make(h->keys, 0700, NULL));
	h->db = state_open(h->dir, DB_CREATE, &why);
	h->key = ledger_key_load(h->keys, &why);
	if (!CHECK("house",
		   h->db != NULL && h->key != NULL && ledger_attach(h->db, h->key, &why))) {
		printf("%s\n", why.text);
		exit(1);
	}
	house_user(h, alice.user, "Alice");
	house_clocks(h);
}

static void house_close(struct house *h)
{
	db_close(h->db);
	ledger_key_free(h->key);
	arena_release(h->whole);
	CHECK("tidy", test_remove(h->dir));
}

static int64_t house_number(struct house *h, const char *sql)
{
	int64_t n = -1;

	CHECK(sql, db_number(h->db, sql, NULL, 0, &n, NULL));
	return n;
}

/* One value of a one-row query as text. */
UNUSED static const char *house_text(struct house *h, const char *sql)
{
	static char out[4096];
	struct db_rows *r = db_query(h->db, sql, NULL, 0, NULL);

	out[0] = '\0';
	if (db_next(r))
		db_put(r, 0, out, sizeof out);
	CHECK(sql, db_end(r, NULL));
	return out;
}

/* The text that `put` wrote, parsed, so that what is no JSON fails. */
UNUSED static struct json *house_json(const char *name, struct buf *b)
{
	struct json *v = NULL;
	struct err why = { 0 };

	if (!CHECK(name, !b->full && json_parse(buf_str(b), 64 << 20, &v, &why)))
		printf("%s\n%.*s\n", why.text, STR_ARG(buf_str(b)));
	buf_free(b);
	return v;
}

#endif
