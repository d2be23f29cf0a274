/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loader_test.c - what cannot be used is named and the rest is used; where nothing new can be made, what
 * was in use stays. Told by a real pipeline: does an event still hit?
 */
#include "proc/loader.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/json.h"
#include "base/test.h"
#include "ingest/chunk.h"
#include "proc/kept_rules.h"
#include "proc/test_put.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];
static struct arena whole;
static struct poison_page poison;
static int64_t hits; /* of the last commit */
static sem_t stored;

static void committed(void *ctx, const struct store_receipt *r)
{
	(void)ctx;
	hits = r->n_hits;
}

static bool counted(void *ctx, struct str json)
{
	(void)ctx;
	(void)json;
	return true;
}

static void *run(void *p)
{
	pipeline_run(p);
	return NULL;
}

static void done(struct chunk *c, const struct chunk_result *r)
{
	CHECK("stored", r->ok && r->stored == 1);
	chunk_free(c);
	sem_post(&stored);
}

static void put(const char *name, const char *text)
{
	test_put(folder, name, text);
}

/* How many hits one line gives now. */
static int64_t hits_of(struct queue *q, const char *line)
{
	struct chunk *c = chunk_new(DOOR_TCP, STR("192.0.2.1"), STR(":514"), 4, 4096);

	if (c == NULL || !chunk_add(c, str_of(line)))
		exit(1);
	c->received = time_now();
	c->done = done;
	hits = -1;
	if (!queue_put(q, c, chunk_weight(c)))
		exit(1);
	sem_wait(&stored);
	for (int i = 0; i < 4000 && hits == -1; i++)
		usleep(5000); /* committed() comes after done() */
	return hits;
}

#define RULE(word, id)                                                                           \
	"title: Says " word "\nid: 6d9f2a50-0000-4000-8000-00000000000" id                       \
	"\nlevel: high\nlogsource: {product: windows, category: process_creation}\ndetection:\n" \
	"  sel:\n    CommandLine|contains: " word "\n  condition: sel\n"
#define EVENT(command)                                                                            \
	"{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"Computer\":\"p\"," \
	"\"Image\":\"C:\\\\x.exe\",\"CommandLine\":\"" command "\"}"
#define RANGES "\"ranges\":{\"public_ranges\":[],\"inside_ranges\":[],\"nat_pools\":[]}"
#define LISTS "{\"id\":\"good\",\"name\":\"Good\",\"kind\":\"c2\"}"
#define CALL                                                                                                 \
	"{\"event_type\":\"flow\",\"src_ip\":\"192.168.1.9\",\"dest_ip\":\"203.0.113.7\",\"proto\":\"TCP\"," \
	"\"timestamp\":\"2026-11-22T03:04:05Z\"}"

static struct json *load(struct loader *l, const char *inventory, bool *ok, struct err *why)
{
	struct buf answer = BUF(16 << 20);
	struct json *j = NULL;

	*why = (struct err){ 0 };
	*ok = loader_load(l, str_of(inventory), &answer, why);
	if (*ok)
		CHECK("its answer", json_parse(buf_str(&answer), 16 << 20, &j, NULL));
	buf_free(&answer);
	return j;
}

/* The reason that the answer gives for a rule's file, or for a list's id; empty: none. */
static bool told(const struct json *j, const char *table, const char *key, const char *what,
		 const char *reason)
{
	const struct json *rows = json_get(j, table);

	for (size_t i = 0; i < json_count(rows); i++) {
		const struct json *row = json_at(rows, i);
		struct str why = strcmp(table, "rules") == 0
					 ? json_get_str(row, "reason")
					 : json_get_str(json_get(row, "error"), "en");

		if (str_eq(json_get_str(row, key), str_of(what)))
			return reason[0] == '\0' ? why.n == 0
						 : str_find(why, str_of(reason)) < why.n;
	}
	return false;
}

static void bundle(void)
{
	struct buf b = BUF(1 << 16);

	kept_rules_begin(&b, STR("theirs.zip"));
	kept_rules_put(&b, STR("a/gamma.yml"), STR(RULE("gamma", "3")));
	kept_rules_put(&b, STR("a/bad.yml"),
		       STR("title: Bad\nlogsource: {product: windows}\n"
			   "detection:\n  sel:\n    a|contain: b\n"
			   "  condition: sel\n"));
	buf_char(&b, '\0');
	put("data/rules/0.rules", b.p);
	buf_free(&b);
}

static void parts_that_are_bad(struct loader *l, struct queue *q)
{
	struct err why;
	bool ok;
	struct json *j =
		load(l, "{" RANGES ",\"lists\":[" LISTS ",{\"id\":\"gone\",\"name\":\"Gone\"}]}",
		     &ok, &why);

	CHECK("loaded", ok);
	CHECK("a shipped rule", told(j, "rules", "file", "ours/alpha.yml", ""));
	CHECK("a bad one, with its reason", told(j, "rules", "file", "ours/bad.yml", "not known"));
	CHECK("an imported one", told(j, "rules", "file", "import/theirs.zip/a/gamma.yml", ""));
	CHECK("a bad one of an import",
	      told(j, "rules", "file", "import/theirs.zip/a/bad.yml", "modifier 'contain'"));
	CHECK("a damaged import", told(j, "rules", "file", "import/1.rules", "damaged"));
	CHECK("a loose file of an earlier version", told(j, "rules", "file", "import/old.yml", ""));
	CHECK("a list", told(j, "lists", "id", "good", ""));
	CHECK("a list whose file is gone", told(j, "lists", "id", "gone", "cannot open"));
	json_free(j);
	CHECK("the good rule is used", hits_of(q, EVENT("x alpha")) == 1);
	CHECK("that of the import", hits_of(q, EVENT("x gamma")) == 1);
	CHECK("that of the loose file", hits_of(q, EVENT("x delta")) == 1);
	CHECK("the good list is used", hits_of(q, CALL) == 1);
	CHECK("nothing else", hits_of(q, EVENT("x beta")) == 0);
}

/* What cannot be made at all leaves what is in use; said why. */
static void all_bad(struct loader *l, struct queue *q)
{
	static const struct {
		const char *name, *inventory, *why;
	} cases[] = {
		{ "no JSON", "{\"lists\":", "" },
		{ "ranges that are none",
		  "{\"ranges\":{\"public_ranges\":[\"192.0.2.0/99\"],\"inside_ranges\":[],"
		  "\"nat_pools\":[]},\"lists\":[]}",
		  "192.0.2.0/99" },
	};
	struct err why;
	bool ok;

	for (size_t i = 0; i < COUNT(cases); i++) {
		json_free(load(l, cases[i].inventory, &ok, &why));
		CHECK(cases[i].name,
		      !ok && why.kind != ERR_NONE && strstr(why.text, cases[i].why) != NULL);
		CHECK(cases[i].name, hits_of(q, EVENT("x alpha")) == 1 && hits_of(q, CALL) == 1);
	}
}

/* A list whose file cannot be read stays as it was; one that was taken out of use does not. */
static void list_goes(struct loader *l, struct queue *q)
{
	char path[256];
	struct err why;
	struct json *j;
	bool ok;

	snprintf(path, sizeof path, "%s/data/lists/good.list", folder);
	CHECK("its file goes", unlink(path) == 0);
	for (int i = 0; i < 2; i++) {
		j = load(l, "{" RANGES ",\"lists\":[" LISTS "]}", &ok, &why);
		CHECK("loaded", ok && told(j, "lists", "id", "good", "cannot open"));
		CHECK("what was read stays",
		      json_bool(json_get(json_at(json_get(j, "lists"), 0), "kept"), false) &&
			      hits_of(q, CALL) == 1);
		json_free(j);
	}
	json_free(load(l, "{" RANGES ",\"lists\":[]}", &ok, &why));
	CHECK("out of use", ok && hits_of(q, CALL) == 0);
	j = load(l, "{" RANGES ",\"lists\":[" LISTS "]}", &ok, &why);
	CHECK("and no more to be had",
	      ok && !json_bool(json_get(json_at(json_get(j, "lists"), 0), "kept"), true) &&
		      hits_of(q, CALL) == 0);
	json_free(j);
}

static void changes(struct loader *l, struct queue *q)
{
	struct err why;
	bool ok;

	put("content/rules/ours/beta.yml", RULE("beta", "2"));
	json_free(
		load(l,
		     "{" RANGES ",\"lists\":[],\"exceptions\":[{\"id\":\"e\",\"rule\":"
		     "\"6d9f2a50-0000-4000-8000-000000000001\",\"fields\":{\"Computer\":\"p\"}}]}",
		     &ok, &why));
	CHECK("loaded anew", ok);
	CHECK("a new rule", hits_of(q, EVENT("x beta")) == 1);
	CHECK("the list is out", hits_of(q, CALL) == 0);
	json_free(load(l, "{" RANGES ",\"lists\":[" LISTS "]}", &ok, &why));
	CHECK("the list is back", ok && hits_of(q, CALL) == 1);
	list_goes(l, q);
	loader_stop(l);
	json_free(load(l, "{" RANGES ",\"lists\":[]}", &ok, &why));
	CHECK("not while it ends", !ok && why.kind == ERR_STATE);
}

static void lay_out(void)
{
	put("content/sigma/logsources/windows.yaml",
	    "- product: windows\n  category: process_creation\n  events:\n"
	    "    - when: {EventID: 1}\n");
	put("content/rules/ours/alpha.yml", RULE("alpha", "1"));
	put("content/rules/ours/bad.yml", "title: Bad\nlogsource: {product: windows}\ndetection:\n"
					  "  sel:\n    a|contain: b\n  condition: sel\n");
	put("data/rules/1.rules", "canh-rules 1\tcut\na.yml\t500\ntitle");
	put("data/rules/old.yml", RULE("delta", "4"));
	bundle();
	put("data/lists/good.list", "203.0.113.7\t1\ta note\nnonsense\n");
}

int main(void)
{
	static char data[80], content[80];
	struct config c = { .zone = STR("Asia/Ho_Chi_Minh") };
	struct pipeline_calls calls = { .committed = committed, .counted = counted };
	struct queue *q = queue_new(64, 64 << 20);
	struct loader l = { 0 };
	struct err why = { 0 };
	pthread_t thread;
	char store[80];

	snprintf(folder, sizeof folder, "/tmp/canh-loader-XXXXXX");
	if (!crypt_init(&why) || mkdtemp(folder) == NULL || q == NULL ||
	    !arena_reserve(&whole, 1 << 20))
		return 1;
	snprintf(data, sizeof data, "%s/data", folder);
	snprintf(content, sizeof content, "%s/content", folder);
	snprintf(store, sizeof store, "%s/store", folder);
	c.data = str_of(data);
	c.content = str_of(content);
	lay_out();
	sem_init(&stored, 0, 0);
	struct pipeline *p = pipeline_new(store, q, &poison, &calls, &why);
	if (!CHECK("pipeline", p != NULL) || pthread_create(&thread, NULL, run, p) != 0)
		return 1;
	CHECK("nothing is loaded yet", hits_of(q, EVENT("x alpha")) == 0);
	loader_start(&l, &c, p);
	parts_that_are_bad(&l, q);
	all_bad(&l, q);
	changes(&l, q);
	queue_close(q);
	pthread_join(thread, NULL);
	pipeline_free(p);
	queue_free(q);
	CHECK("cleaned", test_remove(folder));
	arena_release(whole);
	return TEST_REPORT();
}
