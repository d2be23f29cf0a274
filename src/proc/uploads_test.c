/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uploads_test.c - what desk keeps of a clerk's answer: the file before its row, no file without one,
 * and nothing at all where it cannot be used.
 */
#include "proc/uploads.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/test.h"
#include "proc/kept_imports.h"
#include "state/list_row.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static char folder[64];
static struct arena whole;
static struct desk d;
static struct config config;

/* A clerk's answer: JSON, and behind a NUL what shall be kept. */
#define PARSED(json, keep) STR(json "\0" keep)
#define ACTOR "\"actor\":{\"id\":\"user:1\",\"name\":\"Lan\"}"
#define LIST \
	"{\"op\":\"list-import\",\"name\":\"July\",\"kind\":\"c2\",\"letter\":\"1/CV\"," ACTOR "}"
#define GOT                                                                                      \
	"{\"entries\":2,\"bad_lines\":1,\"types\":{\"ipv4\":2},\"bad\":[{\"line\":3,\"reason\":" \
	"{\"vi\":\"dòng hỏng\",\"en\":\"a bad line\"}}]}"

static int upload(const char *text)
{
	int fd = memfd_create("upload", MFD_CLOEXEC);

	if (fd == -1 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		exit(1);
	return fd;
}

static size_t files_in(const char *sub)
{
	char path[128];
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof path, "%s/%s", folder, sub);
	dir = opendir(path);
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
		n += e->d_name[0] != '.';
	if (dir != NULL)
		closedir(dir);
	return n;
}

static size_t entries(const char *kind)
{
	struct ledger_wish wish = {
		.kind = str_of(kind), .from = TIME_NONE, .to = TIME_NONE, .most = 99
	};
	struct arena a = whole;
	struct ledger_entry *e;
	size_t n = 0;

	return ledger_list(d.db, &a, &wish, &e, &n, NULL) ? n : 999;
}

static bool keep(const char *request, struct str parsed, struct buf *answer, struct err *why)
{
	struct json *j = NULL;
	int fd = upload("192.0.2.1\n192.0.2.2\nnonsense\n");

	*answer = BUF(1 << 20);
	*why = (struct err){ 0 };
	if (!json_parse(str_of(request), 4096, &j, why))
		exit(1);
	bool ok = upload_keep(&d, j, fd, parsed, answer, why);
	json_free(j);
	close(fd);
	return ok;
}

static bool says(const struct buf *b, const char *what)
{
	return str_find(buf_str(b), str_of(what)) < b->n;
}

static const struct {
	const char *name, *request;
	struct str parsed;
	enum err_kind kind;
} refused[] = {
	{ "no line could be used", LIST, PARSED("{\"entries\":0,\"bad_lines\":3}", ""), ERR_INPUT },
	{ "no such kind of list",
	  "{\"op\":\"list-import\",\"name\":\"x\",\"kind\":\"good\"," ACTOR "}",
	  PARSED(GOT, "192.0.2.1\t1\t\n"), ERR_STATE },
	{ "an answer that is none", LIST, PARSED("{\"entries\":", ""), ERR_INPUT },
};

static void lists(void)
{
	struct buf answer;
	struct err why;

	CHECK("a preview",
	      keep("{\"op\":\"list-preview\"}", PARSED("{\"columns\":[]}", ""), &answer, &why));
	CHECK("is passed on", str_eq(buf_str(&answer), STR("{\"columns\":[]}")));
	buf_free(&answer);
	for (size_t i = 0; i < COUNT(refused); i++) {
		CHECK(refused[i].name,
		      !keep(refused[i].request, refused[i].parsed, &answer, &why) &&
			      why.kind == refused[i].kind);
		buf_free(&answer);
	}
	CHECK("nothing was kept", files_in("lists") == 0 && entries("list.imported") == 0);

	CHECK("an import",
	      keep(LIST, PARSED(GOT, "192.0.2.1\t1\t\n192.0.2.2\t2\t\n"), &answer, &why));
	CHECK("its item", says(&answer, "\"name\":\"July\"") && says(&answer, "\"entries\":2") &&
				  says(&answer, "\"types\":{\"ipv4\":2}") &&
				  says(&answer, "\"imported_by\":\"Lan\"") &&
				  says(&answer, "\"vi\":\"dòng hỏng\"") &&
				  says(&answer, "\"hits\":0"));
	buf_free(&answer);
	CHECK("file, row and entry", files_in("lists") == 1 && entries("list.imported") == 1);

	struct arena a = whole;
	struct list_row *rows;
	struct list_fault *faults;
	struct str text;
	char path[256];
	size_t n = 0, n_faults = 0;

	CHECK("one list", list_row_all(d.db, &a, 10, &rows, &n, &why) && n == 1);
	snprintf(path, sizeof path, "%s/lists/%s.list", folder, rows[0].id);
	CHECK("what the clerk gave", file_load(&a, AT_FDCWD, path, 4096, &text, &why) &&
					     str_eq(text, STR("192.0.2.1\t1\t\n192.0.2.2\t2\t\n")));
	CHECK("the hash is of what was handed in",
	      rows[0].sha256.n == 64 && rows[0].size_bytes == 29);
	CHECK("its bad line",
	      list_row_faults(d.db, &a, str_of(rows[0].id), &faults, &n_faults, &why) &&
		      n_faults == 1 && faults[0].line == 3 &&
		      str_eq(faults[0].reason_en, STR("a bad line")));
}

#define RULES(name, text) \
	PARSED("{\"loaded\":2,\"refused\":[{\"file\":\"x\"}]}", "canh-rules 1\t" name "\n" text)
static const struct {
	const char *what, *name;
	struct str parsed;
	const char *known;
	size_t files, entries;
} imports[] = {
	{ "rules", "r.zip", RULES("r.zip", "a.yml\t2\nhi\n"), NULL, 1, 1 },
	{ "the same again", "r.zip", RULES("r.zip", "a.yml\t2\nhi\n"), "\"name\":\"r.zip\"", 1, 1 },
	{ "the same under other names", "q.yml", RULES("q.yml", "q.yml\t2\nhi\n"),
	  "\"name\":\"r.zip\"", 1, 1 },
	{ "others in their place", "r.zip", RULES("r.zip", "a.yml\t2\nho\n"), NULL, 1, 2 },
	{ "others beside them", "s.zip", RULES("s.zip", "a.yml\t2\nhi\nb.yml\t1\nx\n"), NULL, 2,
	  3 },
	{ "parted elsewhere", "t.zip", RULES("t.zip", "a.yml\t3\nhi\n\nb.yml\t0\n\n"), NULL, 3, 4 },
};

/* Each import by its id; what is no import stays. */
static void take_away(void)
{
	struct arena a = whole;
	struct kept_import *all;
	struct err why = { 0 };
	char path[128];
	size_t n = 0;

	snprintf(path, sizeof path, "%s/rules/README.yml", folder);
	CHECK("no import", file_save(AT_FDCWD, path, STR("x"), 0600, &why));
	CHECK("listed, newest first",
	      kept_imports_all(&a, folder, &all, &n, &why) && n == 3 &&
		      str_eq(all[0].name, STR("t.zip")) && str_eq(all[2].name, STR("r.zip")) &&
		      all[0].imported > time_now() - TIME_DAY && all[0].imported <= time_now());
	CHECK("not one that is none",
	      !kept_imports_remove(d.db, &d.lock, folder, STR("../state"), "canh", &why) &&
		      why.kind == ERR_ABSENT);
	for (size_t i = 0; i < n; i++)
		CHECK("taken away",
		      kept_imports_remove(d.db, &d.lock, folder, str_of(all[i].id), "canh", &why));
	CHECK("once",
	      !kept_imports_remove(d.db, &d.lock, folder, str_of(all[0].id), "canh", &why) &&
		      why.kind == ERR_ABSENT);
	CHECK("told", entries("rules.removed") == 3 && files_in("rules") == 1);
}

static void rules(void)
{
	static const char ask[] = "{\"op\":\"rules-import\",\"name\":\"r.zip\"," ACTOR "}";
	struct buf answer;
	struct err why;

	CHECK("none of it loads",
	      keep(ask,
		   PARSED("{\"loaded\":0,\"refused\":[{\"file\":\"x\",\"line\":3,\"reason\":"
			  "{\"vi\":\"a\",\"en\":\"b\"}}]}",
			  "canh-rules 1\tr.zip\na.yml\t2\nhi\n"),
		   &answer, &why) &&
		      says(&answer, "\"loaded\":0") && says(&answer, "\"line\":3"));
	buf_free(&answer);
	CHECK("nothing stays", files_in("rules") == 0 && entries("rules.imported") == 0);
	for (size_t i = 0; i < COUNT(imports); i++) {
		char request[200];

		snprintf(request, sizeof request,
			 "{\"op\":\"rules-import\",\"name\":\"%s\"," ACTOR "}", imports[i].name);
		CHECK(imports[i].what, keep(request, imports[i].parsed, &answer, &why));
		CHECK(imports[i].what, says(&answer, "\"loaded\":2"));
		CHECK(imports[i].what,
		      says(&answer, "\"known\":") == (imports[i].known != NULL) &&
			      (imports[i].known == NULL || says(&answer, imports[i].known)));
		CHECK(imports[i].what, files_in("rules") == imports[i].files &&
					       entries("rules.imported") == imports[i].entries);
		buf_free(&answer);
	}
	take_away();
}

/* What watch is told to load. */
static void inventory(void)
{
	struct buf b = BUF(1 << 20);
	struct json *j = NULL;
	struct err why = { 0 };

	if (!CHECK("inventory",
		   upload_inventory(&d, &b, &why) && json_parse(buf_str(&b), 1 << 20, &j, &why)))
		printf("  %s\n", why.text);
	const struct json *list = json_at(json_get(j, "lists"), 0);
	CHECK("the list", json_count(json_get(j, "lists")) == 1 &&
				  str_eq(json_get_str(list, "kind"), STR("c2")) &&
				  str_eq(json_get_str(list, "letter"), STR("1/CV")));
	CHECK("no exception", json_is_array(json_get(j, "exceptions")) &&
				      json_count(json_get(j, "exceptions")) == 0);
	CHECK("ranges", json_is_object(json_get(j, "ranges")));
	json_free(j);
	buf_free(&b);
}

static bool prepare(struct err *why)
{
	char path[128];

	for (size_t i = 0; i < 4; i++) {
		static const char *const subs[] = { "state", "keys", "lists", "rules" };

		snprintf(path, sizeof path, "%s/%s", folder, subs[i]);
		if (!dir_make(path, 0700, why))
			return false;
	}
	config.data = str_of(folder);
	d.config = &config;
	pthread_mutex_init(&d.lock, NULL);
	pthread_mutex_init(&d.reloading, NULL);
	pthread_rwlock_init(&d.rules_lock, NULL);
	d.watch = rpc_new(PROC_WATCH, NULL, NULL);
	if (d.watch == NULL)
		return false;
	rpc_stop(d.watch); /* no watch: what is kept is kept all the same */
	snprintf(path, sizeof path, "%s/state", folder);
	d.db = state_open(path, DB_CREATE, why);
	snprintf(path, sizeof path, "%s/keys", folder);
	d.key = ledger_key_load(path, why);
	return d.db != NULL && d.key != NULL && ledger_attach(d.db, d.key, why);
}

int main(void)
{
	struct err why = { 0 };

	snprintf(folder, sizeof folder, "/tmp/canh-uploads-XXXXXX");
	if (!crypt_init(&why) || mkdtemp(folder) == NULL || !arena_reserve(&whole, 64 << 20))
		return 1;
	if (!CHECK("ready", prepare(&why))) {
		printf("  %s\n", why.text);
		return TEST_REPORT();
	}
	lists();
	rules();
	inventory();
	db_close(d.db);
	ledger_key_free(d.key);
	CHECK("cleaned", test_remove(folder));
	arena_release(whole);
	return TEST_REPORT();
}
