/* SPDX-License-Identifier: Apache-2.0 */
/* seals_test.c - the ledger is told once of each thing that the store says, and read once for it. */
#include "proc/seals.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"
#include "proc/jobs_int.h"
#include "store/day.h"
#include "store/writer.h"

#include <stdio.h>

/* 2026-11-20T12:00:00+07:00 */
static int64_t now = INT64_C(1795150800) * TIME_SECOND;
static struct arena whole;
static char folder[64], state[80], keys[80], events[80];

static int64_t clock_now(void)
{
	return now;
}

static void store_one(struct store *s)
{
	struct store_receipt got;
	struct store_ref ref;
	uint32_t id;
	struct event ev = { .time = now, .received = now, .seq = 1, .raw = STR("x") };

	CHECK("source", store_source(s, SOURCE_TCP, STR("192.0.2.1"), STR("one"), &id, NULL));
	ev.source = id;
	CHECK("add", store_add(s, &ev, &ref, NULL) && store_commit(s, &got, NULL));
}

/* How many entries the ledger has of the open and of the closed days. */
static void expect(const char *name, struct db *db, size_t roots, size_t closed)
{
	struct arena a = whole;
	struct store_seen *seen = NULL;
	size_t n = 0, n_closed = 0;

	if (!CHECK(name, seals_read(db, &a, &seen, &n, NULL)))
		return;
	for (size_t i = 0; i < n; i++)
		n_closed += seen[i].closed;
	if (!CHECK(name, n - n_closed == roots && n_closed == closed))
		printf("  %zu roots, %zu closed\n", n - n_closed, n_closed);
}

static void seal(const char *name, struct desk *d, struct sealed *s, struct store_reader *r)
{
	struct err why = { 0 };

	if (!CHECK(name, seal_store(d, s, r, whole, &why)))
		printf("  %s\n", why.text);
}

static void each_once(struct desk *d, struct store *s, struct store_reader *r)
{
	struct sealed sealed = { 0 };

	seal("an empty store", d, &sealed, r);
	store_one(s);
	store_one(s);
	seal("a root", d, &sealed, r);
	expect("a root", d->db, 1, 0);
	seal("the same root", d, &sealed, r);
	expect("the same root", d->db, 1, 0);
	store_one(s);
	seal("it grew", d, &sealed, r);
	expect("it grew", d->db, 2, 0);

	struct store_root head;

	store_head(s, &head);
	CHECK("the root that the writer has",
	      merkle_same(&head.root, &sealed.root.root) && sealed.root.blocks == 3);
	now += TIME_DAY;
	store_one(s);
	while (store_closing(s) > 0)
		CHECK("tick", store_tick(s, NULL));
	seal("a day was closed", d, &sealed, r);
	expect("a day was closed", d->db, 3, 1);
	/* nothing new: the state is not asked */
	struct db *db = d->db;

	d->db = NULL;
	seal("nothing new", d, &sealed, r);
	d->db = db;
	seals_forget(&sealed);
	seal("after a restart", d, &sealed, r);
	expect("after a restart", d->db, 3, 1);
	store_one(s);
	seal("after a restart it grew", d, &sealed, r);
	expect("after a restart it grew", d->db, 4, 1);
	CHECK("read on", sealed.root.blocks == 2);
	seals_forget(&sealed);
}

static const char *gone_why(struct db *db, size_t *n)
{
	static char why[16];
	struct ledger_wish wish = {
		.kind = STR("store.gone"), .from = TIME_NONE, .to = TIME_NONE, .most = 9
	};
	struct arena a = whole;
	struct ledger_entry *e = NULL;
	struct json *j = NULL;

	if (!ledger_list(db, &a, &wish, &e, n, NULL) || *n == 0 ||
	    !json_parse(e[0].body, 4096, &j, NULL))
		return "";
	snprintf(why, sizeof why, "%.*s", STR_ARG(json_get_str(j, "why")));
	json_free(j);
	return why;
}

static int32_t last_gone;

static void went(void *ctx, const struct store_day *day, const char *reason)
{
	(void)ctx;
	CHECK("by age", strcmp(reason, "age") == 0);
	last_gone = day->root.day;
}

/* Days that leave the store: each once, with what watch told, or what is clear, or that nobody knows. */
static void gone(struct desk *d, struct store *s, struct store_reader *r)
{
	static struct config c;
	struct store_policy policy = { .keep_days = 1, .gone = went };
	struct sealed sealed = { 0 };
	char told[64], text[TIME_TEXT_MAX];
	size_t n = 0;

	d->config = &c;
	for (int i = 0; i < 4; i++, now += TIME_DAY) {
		store_one(s);
		while (store_closing(s) > 0)
			CHECK("tick", store_tick(s, NULL));
	}
	CHECK("none yet", gone_why(d->db, &n)[0] == '\0' && n == 0);
	policy.keep_days = 3;
	CHECK("the first days go", store_expire(s, &policy, NULL) && last_gone != 0);
	snprintf(told, sizeof told, "{\"day\":\"%s\",\"why\":\"space\"}",
		 day_text(last_gone, text));
	seals_gone(d, str_of(told));
	seals_gone(d, STR("{\"day\":\"no day\",\"why\":\"x\"}"));
	CHECK("it is to be noted at once", d->seal_wait);
	seal("gone", d, &sealed, r);
	CHECK("as watch told", strcmp(gone_why(d->db, &n), "space") == 0);
	size_t first = n;
	seal("again", d, &sealed, r);
	CHECK("once", gone_why(d->db, &n)[0] != '\0' && n == first);
	policy.keep_days = 2;
	CHECK("one more goes", store_expire(s, &policy, NULL));
	seals_forget(&sealed);
	seal("after a restart", d, &sealed, r);
	CHECK("nobody told why", strcmp(gone_why(d->db, &n), "unknown") == 0 && n == first + 1);
	c.retention_days = 1;
	policy.keep_days = 1;
	CHECK("and one more", store_expire(s, &policy, NULL));
	seal("by the settings", d, &sealed, r);
	CHECK("what the settings leave no doubt of",
	      strcmp(gone_why(d->db, &n), "age") == 0 && n == first + 2);
	seals_forget(&sealed);
}

int main(void)
{
	struct err why = { 0 };
	static struct desk d;

	snprintf(folder, sizeof folder, "/tmp/canh-seals-XXXXXX");
	if (!crypt_init(&why) || mkdtemp(folder) == NULL ||
	    !arena_reserve(&whole, (size_t)256 << 20))
		return 1;
	snprintf(state, sizeof state, "%s/state", folder);
	snprintf(keys, sizeof keys, "%s/keys", folder);
	snprintf(events, sizeof events, "%s/store", folder);
	if (!dir_make(state, 0700, &why) || !dir_make(keys, 0700, &why) ||
	    !dir_make(events, 0700, &why))
		return 1;
	pthread_mutex_init(&d.lock, NULL);
	d.db = state_open(state, DB_CREATE, &why);
	d.key = ledger_key_load(keys, &why);
	struct store_reader *r = store_reader_new(events, NULL);
	struct store *s = store_open(events, clock_now, &why);

	if (CHECK("ready", d.db != NULL && d.key != NULL && s != NULL && r != NULL &&
				   ledger_attach(d.db, d.key, &why)))
		each_once(&d, s, r), gone(&d, s, r);
	else
		printf("  %s\n", why.text);
	store_reader_free(r);
	store_close(s);
	db_close(d.db);
	ledger_key_free(d.key);
	CHECK("cleaned", test_remove(folder));
	arena_release(whole);
	return TEST_REPORT();
}
