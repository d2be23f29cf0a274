/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of notices: what is refused and by which field, what is kept where, what is never shown. */
#include "exchange/notify.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/test.h"
#include "state/ledger.h"
#include "state/state.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static struct arena mem;
static const char *folder; /* of the secrets */

#define MAIL \
	"\"smtp\":{\"host\":\"mail.example.vn\",\"port\":587,\"tls\":\"starttls\",\"from\":\"c@example.vn\""
#define TO "\"to\":[{\"kind\":\"duty\",\"value\":\"watch\"}]"

static const struct {
	const char *name, *body, *field; /* field: of the first mistake; NULL: fine */
} cases[] = {
	{ "nothing", "{}", NULL },
	{ "a mail server", "{" MAIL "}}", NULL },
	{ "none any more", "{\"smtp\":null}", NULL },
	{ "no host",
	  "{\"smtp\":{\"host\":\"\",\"port\":25,\"tls\":\"none\",\"from\":\"c@example.vn\"}}",
	  "smtp.host" },
	{ "a host with a slash",
	  "{\"smtp\":{\"host\":\"a/b\",\"port\":25,\"tls\":\"none\",\"from\":\"c@example.vn\"}}",
	  "smtp.host" },
	{ "a port",
	  "{\"smtp\":{\"host\":\"a\",\"port\":65536,\"tls\":\"none\",\"from\":\"c@example.vn\"}}",
	  "smtp.port" },
	{ "no sender", "{\"smtp\":{\"host\":\"a\",\"port\":25,\"tls\":\"none\"}}", "smtp.from" },
	{ "a header in the sender",
	  "{\"smtp\":{\"host\":\"a\",\"port\":25,\"tls\":\"none\",\"from\":\"c@example.vn\\r\\nBcc: x\"}}",
	  "smtp.from" },
	{ "a password in clear",
	  "{\"smtp\":{\"host\":\"a\",\"port\":25,\"tls\":\"none\",\"from\":\"c@example.vn\",\"user\":\"u\","
	  "\"password\":\"p\"}}",
	  "smtp.tls" },
	{ "in clear on this machine",
	  "{\"smtp\":{\"host\":\"127.0.0.1\",\"port\":25,\"tls\":\"none\",\"from\":\"c@example.vn\",\"user\":\"u\","
	  "\"password\":\"p\"}}",
	  NULL },
	{ "not a certificate", "{" MAIL ",\"ca_pem\":\"x\"}}", "smtp.ca_pem" },
	{ "a webhook", "{\"webhooks\":[{\"name\":\"a\",\"url\":\"https://h.example.vn/x\"}]}",
	  NULL },
	{ "in clear", "{\"webhooks\":[{\"name\":\"a\",\"url\":\"http://h.example.vn/x\"}]}",
	  "webhooks[0].url" },
	{ "in clear on this machine",
	  "{\"webhooks\":[{\"name\":\"a\",\"url\":\"http://[::1]:80/x\"}]}", NULL },
	{ "in clear to one that is called so",
	  "{\"webhooks\":[{\"name\":\"a\",\"url\":\"http://127.0.0.1.h.example.vn/x\"}]}",
	  "webhooks[0].url" },
	{ "not the web", "{\"webhooks\":[{\"name\":\"a\",\"url\":\"file:///etc/passwd\"}]}",
	  "webhooks[0].url" },
	{ "somebody in the address",
	  "{\"webhooks\":[{\"name\":\"a\",\"url\":\"http://127.0.0.1@h.example.vn/\"}]}",
	  "webhooks[0].url" },
	{ "no name", "{\"webhooks\":[{\"url\":\"https://h.example.vn/x\"}]}", "webhooks[0].name" },
	{ "an id that is none",
	  "{\"webhooks\":[{\"id\":\"x\",\"name\":\"a\",\"url\":\"https://h/\"}]}",
	  "webhooks[0].id" },
	{ "mail without a server", "{\"rules\":[{\"severity\":\"high\",\"mail\":true," TO "}]}",
	  "rules[0].mail" },
	{ "a rule", "{" MAIL "},\"rules\":[{\"severity\":\"high\",\"mail\":true," TO "}]}", NULL },
	{ "to nobody", "{" MAIL "},\"rules\":[{\"severity\":\"high\",\"mail\":true,\"to\":[]}]}",
	  "rules[0].to" },
	{ "twice",
	  "{" MAIL "},\"rules\":[{\"severity\":\"high\"," TO "},{\"severity\":\"high\"," TO "}]}",
	  "rules[1].severity" },
	{ "a post that is none",
	  "{" MAIL
	  "},\"rules\":[{\"severity\":\"high\",\"mail\":true,\"to\":[{\"kind\":\"duty\",\"value\":\"x\"}]}]}",
	  "rules[0].to[0]" },
	{ "too long", "{" MAIL "},\"rules\":[{\"severity\":\"high\",\"repeat_min\":1441," TO "}]}",
	  "rules[0].repeat_min" },
	{ "a webhook that is none",
	  "{\"rules\":[{\"severity\":\"high\",\"webhooks\":[\"x\"]," TO "}]}",
	  "rules[0].webhooks" },
	{ "quiet hours", "{\"quiet\":[{\"role\":\"lead\",\"from\":\"22:00\",\"to\":\"06:00\"}]}",
	  NULL },
	{ "an hour that is none",
	  "{\"quiet\":[{\"role\":\"lead\",\"from\":\"24:00\",\"to\":\"06:00\"}]}",
	  "quiet[0].from" },
	{ "a role that is none",
	  "{\"quiet\":[{\"role\":\"boss\",\"from\":\"22:00\",\"to\":\"06:00\"}]}",
	  "quiet[0].role" },
};

static void first_fault(void *ctx, const char *field, const struct err *why)
{
	char *first = ctx;

	CHECK(field, why->kind == ERR_INPUT && why->text[0] != '\0');
	if (first[0] == '\0')
		snprintf(first, 64, "%s", field);
}

static bool change(struct arena *a, const char *body, struct notify *n, char first[64])
{
	const struct notify_sink sink = { first_fault, first };
	struct json *j = NULL;

	first[0] = '\0';
	if (!CHECK(body, json_parse(str_of(body), 1 << 16, &j, NULL)))
		return false;
	bool ok = notify_change(a, j, n, &sink);
	json_free(j);
	return ok;
}

static void test_cases(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct notify n = { .critical_always = true };
		struct arena a = mem;
		char first[64];
		bool ok = change(&a, cases[i].body, &n, first);

		CHECK(cases[i].name, ok == (cases[i].field == NULL));
		if (cases[i].field != NULL)
			CHECK(first, strcmp(first, cases[i].field) == 0);
	}
}

static bool shows(const struct notify *n, const char *what)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };

	jsonw_open(&w, '{');
	notify_put(&w, n);
	jsonw_close(&w, '}');
	bool found = str_find(buf_str(&b), str_of(what)) < b.n;
	buf_free(&b);
	return found;
}

static bool edit(struct db *db, struct arena *a, const char *body, int64_t version,
		 struct notify_edit *e, struct notify *out)
{
	char first[64] = "";
	struct json *j = NULL;
	struct err why = { 0 };

	*e = (struct notify_edit){ .sink = { first_fault, first },
				   .actor = "user:1",
				   .version = version };
	if (!CHECK(body, json_parse(str_of(body), 1 << 18, &j, NULL)))
		return false;
	e->body = j;
	bool ok = notify_edit(db, a, folder, e, out, &why);
	json_free(j);
	e->body = NULL;
	return ok;
}

static void test_kept(struct db *db, const char *keys)
{
	static const char body[] =
		"{" MAIL ",\"user\":\"u\",\"password\":\"p-secret\"},\"webhooks\":"
		"[{\"name\":\"a\",\"url\":\"https://h.example.vn/t-secret\",\"secret\":\"k-secret\"}],"
		"\"exercises\":true}";
	static const char again[] = "{" MAIL "},\"critical_always\":false}";
	struct notify n = { .critical_always = true }, back = { .port = 0 };
	struct notify_edit e;
	struct arena a = mem;
	char first[64], path[256];
	struct err why = { 0 };
	struct stat st;
	struct str setting;

	folder = keys;
	CHECK("kept", edit(db, &a, body, 0, &e, &n) && n.version == 1);
	CHECK("read back", notify_load(db, &a, keys, &back, &why) &&
				   str_eq(back.password, STR("p-secret")) && back.n_hooks == 1 &&
				   str_eq(back.hooks[0].secret, STR("k-secret")) &&
				   strcmp(back.hooks[0].id, n.hooks[0].id) == 0 && back.exercises &&
				   back.critical_always && back.tls == MAIL_STARTTLS);
	CHECK("apart from the state", state_setting(db, &a, "notify", &setting, &why) &&
					      str_find(setting, STR("-secret")) == setting.n);
	snprintf(path, sizeof path, "%s/notify.json", keys);
	CHECK("for the owner alone", stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK("never shown", !shows(&back, "-secret") && shows(&back, "\"password_set\":true") &&
				     shows(&back, "https://h.example.vn/…"));
	CHECK("changed in part", change(&a, again, &back, first) &&
					 str_eq(back.password, STR("p-secret")) &&
					 !back.critical_always && back.n_hooks == 1);
	CHECK("a rule holds what it needs",
	      change(&a, "{\"rules\":[{\"severity\":\"low\",\"mail\":true," TO "}]}", &back,
		     first) &&
		      !change(&a, "{\"smtp\":null}", &back, first) && strcmp(first, "smtp") == 0);
}

static struct str file_of(struct arena *a, const char *keys)
{
	char path[256];
	struct str text = { NULL, 0 };
	struct err why = { 0 };

	snprintf(path, sizeof path, "%s/notify.json", keys);
	CHECK("the file", file_load(a, AT_FDCWD, path, 1 << 20, &text, &why));
	return text;
}

static bool holds(struct db *db, struct arena a, const char *keys, const char *password)
{
	struct notify n = { .version = 0 };
	struct err why = { 0 };

	return notify_load(db, &a, keys, &n, &why) && str_eq(n.password, str_of(password));
}

/* What cannot be kept leaves the settings and the secrets that were there. */
static void test_atomic(struct db *db, const char *keys)
{
	static const char other[] = "{" MAIL ",\"user\":\"u\",\"password\":\"p-other\"}}";
	static char big[70000];
	struct notify_edit e;
	struct notify n = { .version = 0 };
	struct arena a = mem;
	char pages[32] = "", set[64];
	struct err why = { 0 };

	int at = snprintf(big, sizeof big,
			  "{" MAIL ",\"user\":\"u\",\"password\":\"p-big\",\"ca_pem\":"
			  "\"-----BEGIN CERTIFICATE-----");
	memset(big + at, 'A', 60000);
	snprintf(big + at + 60000, 8, "\"}}");
	CHECK("of somebody else's version", !edit(db, &a, other, 0, &e, &n) && e.stale);
	CHECK("nothing of it", holds(db, a, keys, "p-secret"));
	folder = "/nonexistent";
	CHECK("no such folder", !edit(db, &a, other, 1, &e, &n) && !e.stale);
	folder = keys;
	CHECK("nothing of that", holds(db, a, keys, "p-secret"));
	CHECK("pages", db_pragma(db, "page_count", pages, sizeof pages, &why));
	snprintf(set, sizeof set, "max_page_count = %s", pages);
	CHECK("full", db_pragma(db, set, pages, sizeof pages, &why));
	CHECK("a full disk", !edit(db, &a, big, 1, &e, &n) && !e.stale);
	CHECK("the old secret", holds(db, a, keys, "p-secret"));
	CHECK("room", db_pragma(db, "max_page_count = 1000000", pages, sizeof pages, &why));
	CHECK("then", edit(db, &a, other, 1, &e, &n) && n.version == 2);
	CHECK("the new secret", holds(db, a, keys, "p-other"));
	struct str text = file_of(&a, keys);
	CHECK("and no other",
	      str_find(text, STR("p-secret")) == text.n && str_find(text, STR("p-big")) == text.n);
}

/* --- two at once --- */

static struct one {
	const char *dir;
	struct ledger_key *key;
	char letter;
	int kept, stale;
} ones[2];

enum { EACH = NOTIFY_HOOKS / 2 };

/* All that there are by their id, and one more. */
static const char *with_one_more(const struct notify *n, char letter, int i, struct buf *b)
{
	struct jsonw w = { .out = b };
	char name[16], url[64];

	buf_clear(b);
	snprintf(name, sizeof name, "%c%d", letter, i);
	snprintf(url, sizeof url, "https://h.example.vn/%s", name);
	jsonw_open(&w, '{');
	jsonw_key(&w, "webhooks");
	jsonw_open(&w, '[');
	for (size_t k = 0; k < n->n_hooks; k++) {
		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "id", str_of(n->hooks[k].id));
		jsonw_kv_str(&w, "name", n->hooks[k].name);
		jsonw_close(&w, '}');
	}
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "name", str_of(name));
	jsonw_kv_str(&w, "url", str_of(url));
	jsonw_kv_str(&w, "secret", str_of(name));
	jsonw_close(&w, '}');
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	buf_add(b, (struct str){ "", 1 });
	return b->p;
}

static void *add_hooks(void *arg)
{
	struct one *o = arg;
	struct err why = { 0 };
	struct arena whole;
	struct buf body = BUF(1 << 16);
	struct db *db = state_open(o->dir, DB_WRITE, &why);

	if (!arena_reserve(&whole, 8 << 20) || db == NULL || !ledger_attach(db, o->key, &why))
		return NULL;
	for (int tries = 0; o->kept < EACH && tries < 1000; tries++) {
		struct arena a = whole;
		struct notify n, out = { .version = 0 };
		struct notify_edit e;

		if (!notify_load(db, &a, o->dir, &n, &why))
			continue;
		if (edit(db, &a, with_one_more(&n, o->letter, o->kept, &body), n.version, &e, &out))
			o->kept++;
		else
			o->stale += e.stale;
	}
	buf_free(&body);
	db_close(db);
	arena_release(whole);
	return NULL;
}

static void test_two_at_once(struct db *db, struct ledger_key *key, const char *dir)
{
	pthread_t threads[2];
	struct arena a = mem;
	struct notify_edit e;
	struct notify n = { .version = 0 };
	struct err why = { 0 };

	CHECK("none", edit(db, &a, "{\"webhooks\":[]}", -1, &e, &n) && n.n_hooks == 0);
	for (size_t i = 0; i < 2; i++) {
		ones[i] = (struct one){ .dir = dir, .key = key, .letter = i == 0 ? 'a' : 'b' };
		if (!CHECK("thread", pthread_create(&threads[i], NULL, add_hooks, &ones[i]) == 0))
			return;
	}
	for (size_t i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	CHECK("all kept", ones[0].kept == EACH && ones[1].kept == EACH);
	CHECK("read", notify_load(db, &a, dir, &n, &why) && n.n_hooks == NOTIFY_HOOKS);
	for (size_t i = 0; i < n.n_hooks; i++)
		CHECK("its secret, nobody else's", str_eq(n.hooks[i].secret, n.hooks[i].name));
}

int main(void)
{
	char dir[] = P_tmpdir "/canh-notify-XXXXXX";
	struct err why = { 0 };

	if (!crypt_init(&why) || mkdtemp(dir) == NULL || !arena_reserve(&mem, 4 << 20))
		return 1;
	struct db *db = state_open(dir, DB_CREATE, &why);
	struct ledger_key *key = ledger_key_load(dir, &why);
	test_cases();
	if (CHECK("open", db != NULL && key != NULL && ledger_attach(db, key, &why)))
		test_kept(db, dir), test_atomic(db, dir), test_two_at_once(db, key, dir);
	db_close(db);
	ledger_key_free(key);
	arena_release(mem);
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
