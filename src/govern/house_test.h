/* SPDX-License-Identifier: Apache-2.0 */
/* house_test.h - a state with the shipped directives, and what a measure of it says. For *_test.c only. */
#ifndef GOVERN_HOUSE_TEST_H
#define GOVERN_HOUSE_TEST_H

#include "base/crypt.h"
#include "base/file.h"
#include "base/test.h"
#include "govern/govern.h"
#include "state/ledger.h"
#include "state/state.h"

static struct arena whole;
static struct db *db;
static struct ledger_key *key;
static char dir[64] = "/tmp/canh-govern-XXXXXX";
static struct directives all;
static const struct directive *d;
static int64_t now;
static char live[4096];

UNUSED static void sql(const char *text)
{
	struct err why = { 0 };

	if (!CHECK(text, db_script(db, text, &why)))
		printf("  %s\n", why.text);
}

UNUSED static int64_t number(const char *text)
{
	int64_t n = -1;

	CHECK(text, db_number(db, text, NULL, 0, &n, NULL));
	return n;
}

UNUSED static struct govern_view view(void)
{
	return (struct govern_view){ .db = db, .a = whole, .now = now };
}

UNUSED static size_t tick(void)
{
	const struct govern_view v = view();
	struct live_facts facts = { str_of(live), now };
	struct err why = { 0 };
	size_t changed = 0;

	if (!CHECK("tick", govern_tick(&v, &all, &facts, &changed, &why)))
		printf("  %s\n", why.text);
	return changed;
}

UNUSED static struct json *parsed(struct buf *b)
{
	struct json *v = NULL;
	struct err why = { 0 };

	if (!CHECK("JSON", !b->full && json_parse(buf_str(b), 16 << 20, &v, &why)))
		printf("  %s\n%.*s\n", why.text, STR_ARG(buf_str(b)));
	buf_free(b);
	return v;
}

UNUSED static struct json *measure(const char *id)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };

	const struct govern_view v = view();
	CHECK(id, directive_measure_put(&v, d, str_of(id), &w, NULL));
	return parsed(&b);
}

UNUSED static bool state_is(const char *id, const char *want)
{
	struct json *m = measure(id);
	struct str got = json_get_str(m, "state");
	bool ok = str_eq(got, str_of(want));

	if (!ok)
		printf("  %s is %.*s: %.*s\n", id, STR_ARG(got),
		       STR_ARG(json_get_str(json_get(m, "reason"), "en")));
	json_free(m);
	return ok;
}

/* The state of one check of a measure, and that its reason says something in both languages. */
UNUSED static bool check_is(const char *id, const char *metric, const char *want, const char *says)
{
	struct json *m = measure(id);
	const struct json *all_of = json_get(m, "evidence");
	bool ok = false;

	for (size_t i = 0; i < json_count(all_of); i++) {
		const struct json *e = json_at(all_of, i), *reason = json_get(e, "reason");
		struct str en = json_get_str(reason, "en");

		if (!str_eq(json_get_str(e, "metric"), str_of(metric)))
			continue;
		ok = str_eq(json_get_str(e, "state"), str_of(want)) &&
		     json_get_str(reason, "vi").n > 0 && str_find(en, str_of(says)) <= en.n &&
		     (says[0] == '\0' || str_find(en, str_of(says)) < en.n);
		if (!ok)
			printf("  %s %s is %.*s: %.*s\n", id, metric,
			       STR_ARG(json_get_str(e, "state")), STR_ARG(en));
	}
	json_free(m);
	return ok;
}

UNUSED static void open_all(void)
{
	char path[512], keys[96];
	const char *source = getenv("CANH_SOURCE");
	struct err why = { 0 };

	if (!crypt_init(&why) || mkdtemp(dir) == NULL || !arena_reserve(&whole, 256 << 20))
		abort();
	snprintf(keys, sizeof keys, "%s/keys", dir);
	snprintf(path, sizeof path, "%s/content/directives", source != NULL ? source : ".");
	CHECK("keys", dir_make(keys, 0700, NULL));
	db = state_open(dir, DB_CREATE, &why);
	key = ledger_key_load(keys, &why);
	if (!CHECK("open", db != NULL && key != NULL && ledger_attach(db, key, &why) &&
				   directives_load(&whole, path, &all, &why))) {
		printf("  %s\n", why.text);
		exit(1);
	}
	d = directive_find(&all, STR("6410-2023"));
	CHECK("noted", directives_note(db, &all, NULL));
	int64_t entries = number("SELECT count(*) FROM ledger_entries");
	CHECK("noted once", directives_note(db, &all, NULL) &&
				    number("SELECT count(*) FROM ledger_entries") == entries);
	now = time_now();
}

UNUSED static void close_all(void)
{
	db_close(db);
	ledger_key_free(key);
	arena_release(whole);
	CHECK("tidy", test_remove(dir));
}

#endif
