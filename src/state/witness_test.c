/* SPDX-License-Identifier: Apache-2.0 */
#include "state/witness.h"

#include "base/file.h"
#include "base/test.h"
#include "state/state.h"
#include "state/verify.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/canh-witness-XXXXXX", keys[64], path[64];
static unsigned char mem[1 << 18];

/* A valid head of the key whose seed is 32 zero bytes. */
static char good[HEAD_TEXT_MAX];

static void make_good(void)
{
	unsigned char seed[32] = { 0 };
	struct crypt_pair pair;
	struct head h = { .size = 12, .signed_at = 1700000000123456 };

	memset(h.root.b, 7, sizeof h.root.b);
	crypt_pair_from_seed(seed, &pair);
	head_sign(&h, &pair);
	head_text(&h, good);
}

/* `good` with the first `was` replaced by `now` must not parse. */
static const struct {
	const char *name, *was, *now;
} spoilt[] = {
	{ "another word", "canh-head-1", "canh-head-2" },
	{ "leading zero", " 12 ", " 012 " },
	{ "sign", " 12 ", " +12 " },
	{ "too large", " 12 ", " 9223372036854775808 " },
	{ "two blanks", " 12 ", "  12 " },
	{ "tab", " 12 ", "\t12 " },
	{ "no fraction", ".123456Z", "Z" },
	{ "offset", "Z ", "+00:00 " },
	{ "root cut", "BwcH", "BwH" },
	{ "padding", " 2023", "= 2023" },
	{ "no such day", "2023-11-14", "2023-11-31" },
	{ "eighth part", " 12 ", " 12 12 " },
};

static void heads(void)
{
	struct head h = { 0 }, other = { .size = 5 };
	char text[HEAD_TEXT_MAX + 8], line[HEAD_TEXT_MAX + 8];
	struct err why = { 0 };

	make_good();
	CHECK("the form", str_starts(str_of(good), STR("canh-head-1 12 BwcHBwcHBwcHBwcHBwcHBwcHBwcH"
						       "BwcHBwcHBwcHBwc 2023-11-14T22:13:20."
						       "123456Z O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmO"
						       "sBIoYtZ2ik ")));
	CHECK("parse", head_parse(str_of(good), &h, &why) && h.size == 12 && head_valid(&h));
	snprintf(line, sizeof line, "  %s\r\n", good);
	CHECK("blanks around", head_parse(str_of(line), &h, &why));
	for (size_t i = 0; i < COUNT(spoilt); i++) {
		const char *at = strstr(good, spoilt[i].was);

		if (!CHECK(spoilt[i].name, at != NULL))
			continue;
		snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, spoilt[i].now,
			 at + strlen(spoilt[i].was));
		CHECK(spoilt[i].name, !head_parse(str_of(text), &other, &why));
		CHECK(spoilt[i].name, other.size == 5 && why.kind == ERR_INPUT);
	}
	for (size_t n = 0; n < strlen(good); n++)
		CHECK("cut", !head_parse((struct str){ good, n }, &other, NULL));
	h.size++;
	CHECK("other size, same signature", !head_valid(&h));
}

static const struct {
	const char *name, *before, *after;
	size_t n, skipped, at; /* at > 0: refused there */
} files[] = {
	{ "one line", "", "\n", 1, 0, 0 },
	{ "no line end", "", "", 1, 0, 0 },
	{ "remarks", "# sổ trực\n\n", "\nký nhận\n", 1, 2, 0 },
	{ "CRLF", "x\r\n", "\r\n", 1, 1, 0 },
	{ "broken head", "", "\n\ncanh-head-1 5 abc\n", 0, 0, 3 },
	{ "newer kind of head", "canh-head-2 5 abc\n", "\n", 0, 0, 1 },
};

static void parses(void)
{
	for (size_t i = 0; i < COUNT(files); i++) {
		struct arena a = { mem, mem + sizeof mem };
		struct err why = { 0 };
		struct head *list = NULL;
		char text[1024];
		size_t n = 9, skipped = 9;

		snprintf(text, sizeof text, "%s%s%s", files[i].before, good, files[i].after);
		bool ok = witness_parse(&a, str_of(text), &list, &n, &skipped, &why);

		CHECK(files[i].name, ok == (files[i].at == 0));
		CHECK(files[i].name, ok ? n == files[i].n && skipped == files[i].skipped
					: n == 9 && why.at == files[i].at);
	}
	struct arena tiny = { mem, mem + 64 };
	struct head *list;
	size_t n, skipped;

	CHECK("too many", !witness_parse(&tiny, str_of(good), &list, &n, &skipped, NULL));
	tiny = (struct arena){ mem, mem + sizeof mem };
	CHECK("nothing", witness_parse(&tiny, STR(""), &list, &n, &skipped, NULL) && n == 0);
}

static void say(struct db *db, int times)
{
	struct ledger_note note = { "canh", "list.imported", STR("x"), TIME_NONE };

	for (int i = 0; i < times; i++)
		CHECK("say",
		      db_begin(db, NULL) &&
			      db_leave(db, ledger_append(db, &note, NULL, 0, NULL, NULL), NULL));
}

static bool verify_with(const char *folder, struct verify_report *r, struct err *why)
{
	struct arena a = { mem, mem + sizeof mem };
	struct head *list = NULL;
	size_t n = 0, skipped;
	struct str text;
	bool ok = file_load(&a, AT_FDCWD, path, 1 << 16, &text, why) &&
		  witness_parse(&a, text, &list, &n, &skipped, why);
	struct db *db = ok ? state_open(folder, DB_READ, why) : NULL;
	struct verify_wish wish = { { NULL, 0 }, list, n };

	ok = db != NULL && verify_ledger(db, &wish, r, why);
	db_close(db);
	return ok;
}

/* A copy of the state as it is now, put back later: only the witness can tell. */
static void old_copy(void)
{
	char from[80], to[80], text[400];
	struct err why = { 0 };
	struct verify_report r = { 0 };
	struct str bytes;
	struct ledger_key *key = ledger_key_load(keys, NULL);
	struct db *db = state_open(dir, DB_CREATE, NULL);
	int64_t at = 0;

	CHECK("attach", key != NULL && db != NULL && ledger_attach(db, key, NULL));
	CHECK("no head", !witness_write(db, path, &why) && why.kind == ERR_ABSENT);
	CHECK("never", witness_last(db, &at, NULL) && at == TIME_NONE);
	say(db, 5);
	CHECK("write", witness_write(db, path, NULL));
	CHECK("last", witness_last(db, &at, NULL) && at > 0);
	say(db, 4);
	db_close(db);

	snprintf(to, sizeof to, "%s/old", dir);
	CHECK("folder", dir_make(to, 0700, NULL));
	snprintf(from, sizeof from, "%s/state.db", dir);
	snprintf(to, sizeof to, "%s/old/state.db", dir);
	static unsigned char big[1 << 21];
	struct arena b = { big, big + sizeof big };

	CHECK("copy", file_load(&b, AT_FDCWD, from, 1 << 20, &bytes, NULL) &&
			      file_save(AT_FDCWD, to, bytes, 0600, NULL));

	db = state_open(dir, DB_CREATE, NULL);
	CHECK("again", db != NULL && ledger_attach(db, key, NULL));
	say(db, 3);
	CHECK("write", witness_write(db, path, NULL));
	CHECK("cannot", !witness_write(db, "/nowhere/w", &why) && why.kind == ERR_IO);
	say(db, 1);
	db_close(db);
	ledger_key_free(key);

	CHECK("the witness confirms", verify_with(dir, &r, &why));
	CHECK("up to", r.entries == 13 && r.witnessed == 12);
	verify_text(&r, LANG_EN, text, sizeof text);
	CHECK("says both", strstr(text, "whole up to entry 13 at ") != NULL &&
				   strstr(text, "confirms it up to entry 12") != NULL);
	snprintf(to, sizeof to, "%s/old", dir);
	CHECK("the old copy is named", !verify_with(to, &r, &why) && why.at == 9 &&
					       strstr(why.text, "the witness saw 12") != NULL);

	struct verify_wish none = { { NULL, 0 }, NULL, 0 };

	db = state_open(to, DB_READ, NULL);
	CHECK("without a witness it holds", db != NULL && verify_ledger(db, &none, &r, &why));
	verify_text(&r, LANG_EN, text, sizeof text);
	CHECK("but says so", strstr(text, "entry 9") != NULL &&
				     strstr(text, "later loss cannot be excluded") != NULL);
	db_close(db);
}

/* Root writes history anew and signs it with the right key: the witness names where. */
static void rewritten(void)
{
	char folder[80];
	struct err why = { 0 };
	struct verify_report r = { 0 };

	snprintf(folder, sizeof folder, "%s/forged", dir);
	CHECK("folder", dir_make(folder, 0700, NULL));
	struct ledger_key *key = ledger_key_load(keys, NULL);
	struct db *db = state_open(folder, DB_CREATE, NULL);
	struct verify_wish none = { { NULL, 0 }, NULL, 0 };

	CHECK("attach", key != NULL && db != NULL && ledger_attach(db, key, NULL));
	say(db, 20);
	CHECK("whole by itself", verify_ledger(db, &none, &r, NULL));
	db_close(db);
	CHECK("the witness sees it", !verify_with(folder, &r, &why) && why.at == 5 &&
					     strstr(why.text, "not those that the witness saw"));
	CHECK("another signer", file_save(AT_FDCWD, path, str_of(good), 0600, NULL) &&
					!verify_with(folder, &r, &why) &&
					strstr(why.text, "another key") != NULL);
	char text[HEAD_TEXT_MAX];

	memcpy(text, good, sizeof text);
	text[strlen(text) - 3] ^= 1;
	CHECK("forged witness", file_save(AT_FDCWD, path, str_of(text), 0600, NULL) &&
					!verify_with(folder, &r, &why) &&
					strstr(why.text, "signature") != NULL);
	ledger_key_free(key);
}

int main(void)
{
	if (!crypt_init(NULL) || mkdtemp(dir) == NULL)
		return 1;
	snprintf(keys, sizeof keys, "%s/keys", dir);
	snprintf(path, sizeof path, "%s/witness.txt", dir);
	heads();
	parses();
	old_copy();
	rewritten();
	CHECK("clean up", test_remove(dir));
	return TEST_REPORT();
}
