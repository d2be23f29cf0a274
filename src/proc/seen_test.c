/* SPDX-License-Identifier: Apache-2.0 */
/* Which log sources of rules were seen: the newest time of each, kept over a restart, capped. */
#include "proc/jobs_int.h"

#include "base/crypt.h"
#include "base/test.h"

static struct desk d;

static void begin(const char *dir)
{
	struct err why = { 0 };

	memset(d.seen, 0, sizeof d.seen);
	d.n_seen = 0;
	d.db = state_open(dir, DB_CREATE, &why);
	if (!CHECK("state", d.db != NULL))
		exit(1);
}

static int64_t seen_at(const char *key)
{
	for (size_t i = 0; i < d.n_seen; i++)
		if (strcmp(d.seen[i].key, key) == 0)
			return d.seen[i].at;
	return -1;
}

static const struct {
	const char *name, *told, *key;
	int64_t at;
	size_t n;
} words[] = {
	{ "nothing", "{}", "a", -1, 0 },
	{ "no JSON", "{\"seen\":", "a", -1, 0 },
	{ "the first", "{\"at\":\"x\",\"seen\":{\"product=windows service=sysmon\":1000}}",
	  "product=windows service=sysmon", 1000, 1 },
	{ "two more", "{\"seen\":{\"a\":5,\"b\":6}}", "b", 6, 3 },
	{ "later", "{\"seen\":{\"a\":9}}", "a", 9, 3 },
	{ "an earlier time changes nothing", "{\"seen\":{\"a\":7}}", "a", 9, 3 },
	{ "no number", "{\"seen\":{\"c\":\"soon\"}}", "c", -1, 3 },
};

static void taking(void)
{
	char key[400], json[512];
	size_t before;

	for (size_t i = 0; i < COUNT(words); i++) {
		seen_take(&d, str_of(words[i].told));
		CHECK(words[i].name,
		      d.n_seen == words[i].n && seen_at(words[i].key) == words[i].at);
	}
	before = d.n_seen;
	memset(key, 'k', sizeof key);
	snprintf(json, sizeof json, "{\"seen\":{\"%.*s\":1}}", 300, key);
	seen_take(&d, str_of(json));
	CHECK("a key that is too long", d.n_seen == before);
}

static void keeping(const char *dir)
{
	struct err why = { 0 };

	CHECK("save", seen_save(&d, &why));
	db_close(d.db);
	begin(dir);
	CHECK("load", seen_load(&d, &why));
	CHECK("as it was", d.n_seen == 3 && seen_at("a") == 9 &&
				   seen_at("product=windows service=sysmon") == 1000);
	seen_take(&d, STR("{\"seen\":{\"a\":1}}"));
	CHECK("a former life counts", seen_at("a") == 9);
	CHECK("damaged", state_setting_put(d.db, "log_sources_seen", STR("["), "canh", &why) &&
				 !seen_load(&d, &why));
}

static void full(void)
{
	char json[64];

	for (int i = 0; i < SEEN_MAX + 10; i++) {
		snprintf(json, sizeof json, "{\"seen\":{\"key %d\":%d}}", i, i);
		seen_take(&d, str_of(json));
	}
	CHECK("full", d.n_seen == SEEN_MAX);
	seen_take(&d, STR("{\"seen\":{\"a\":77}}"));
	CHECK("known ones still move", seen_at("a") == 77);
}

int main(void)
{
	char dir[] = "/tmp/canh-seen-XXXXXX";
	struct err why = { 0 };

	if (!crypt_init(&why) || mkdtemp(dir) == NULL)
		return 1;
	pthread_mutex_init(&d.lock, NULL);
	pthread_mutex_init(&d.told, NULL);
	begin(dir);
	CHECK("nothing kept", seen_load(&d, &why) && d.n_seen == 0);
	taking();
	keeping(dir);
	full();
	db_close(d.db);
	CHECK("remove", test_remove(dir));
	return TEST_REPORT();
}
