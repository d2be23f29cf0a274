/* SPDX-License-Identifier: Apache-2.0 */
/*
 * poison_test.c - a watch that ends while it reads, or does not get on: what is set aside and noted,
 * what the next one skips, and what a page that a broken watch has written can do.
 */
#include "proc/poison.h"

#include "base/file.h"
#include "base/json.h"
#include "base/test.h"
#include "proc/folder.h"
#include "proc/notes.h"
#include "proc/parent_int.h"

#include <unistd.h>

static char data[] = "/tmp/canh-poison-XXXXXX";
static struct arena mem;

struct bench {
	struct config config;
	struct parent p;
	struct poison_page *page; /* what a watch sees of it */
	struct shared *shared;
};

static struct folder kept(void)
{
	char path[64];
	struct folder all = { .n = SIZE_MAX };

	snprintf(path, sizeof path, "%s/aside", data);
	CHECK("folder", folder_look(path, ".record", &all, NULL));
	return all;
}

/* The oldest note, taken; false when there is none or it is of another kind. */
static bool noted(struct json **out)
{
	struct arena a = mem;
	struct str name, text;

	return note_first(&a, str_of(data), &name, &text, NULL) &&
	       json_parse(text, NOTE_BYTES, out, NULL) &&
	       str_eq(json_get_str(*out, "note"), STR("aside")) &&
	       note_remove(str_of(data), name, NULL);
}

static void ends(struct bench *b)
{
	struct str bad = STR("<1>bad"), good = STR("<1>good");
	struct json *note = NULL;
	int64_t n = 0;

	poison_note(&b->p, ENDED_BY_ITSELF, "signal 11");
	CHECK("nothing was read", kept().n == 0);
	poison_enter(b->page, STR("192.0.2.1"), good);
	poison_leave(b->page);
	poison_note(&b->p, ENDED_BY_ITSELF, "signal 11");
	CHECK("it had been read", kept().n == 0);
	poison_enter(b->page, STR("192.0.2.1"), bad);
	poison_note(&b->p, ENDED_FROM_OUTSIDE, "signal 9");
	CHECK("killed from outside", kept().n == 0 && !poison_known(b->page, bad));
	poison_note(&b->p, ENDED_BY_ITSELF, "signal 11");
	CHECK("the next one had not read it", kept().n == 0 && !noted(&note));
	poison_enter(b->page, STR("192.0.2.1\n\x1b[31m"), bad);
	poison_note(&b->p, ENDED_BY_ITSELF, "signal 11");
	CHECK("set aside", kept().n == 1 && kept().bytes == bad.n);
	CHECK("known", poison_known(b->page, bad) && !poison_known(b->page, good));
	CHECK("noted", noted(&note));
	CHECK("what it was", str_eq(json_get_str(note, "reason"), STR("crash")) &&
				     str_eq(json_get_str(note, "how"), STR("signal 11")) &&
				     json_int(json_get(note, "bytes"), &n) && n == 6);
	CHECK("whose, in letters", str_eq(json_get_str(note, "source"), STR("192.0.2.1??[31m")));
	CHECK("under its name", str_starts(str_of(kept().first), json_get_str(note, "id")));
	json_free(note);
}

static void stalls(struct bench *b)
{
	struct json *note = NULL;
	int looks = 0;

	while (looks < 3 * POISON_STALL_S && !poison_stalled(&b->p))
		looks++;
	CHECK("idle is no stall", looks == 3 * POISON_STALL_S);
	for (int i = 0; i < 3 * POISON_STALL_S; i++) {
		poison_enter(b->page, STR("x"), STR("<1>slow"));
		CHECK("one after the other is none", !poison_stalled(&b->p));
	}
	for (looks = 1; looks < 3 * POISON_STALL_S && !poison_stalled(&b->p);)
		looks++;
	CHECK("the same one is", looks == POISON_STALL_S);
	poison_note(&b->p, ENDED_STALLED, "stall");
	CHECK("set aside", noted(&note) && str_eq(json_get_str(note, "reason"), STR("stall")));
	CHECK("skipped", poison_known(b->page, STR("<1>slow")));
	CHECK("the next one starts anew", !poison_stalled(&b->p));
	json_free(note);
}

/* Of several threads that read, the one that the signal hit; else the record, or the only body. */
static const struct {
	const char *name;
	bool record;
	int bodies,
		struck; /* struck: 0 nowhere, 1 at the record, 2 at the second body, 3 elsewhere */
	const char *blamed; /* NULL: nothing */
} blames[] = {
	{ "the signal hit the body", true, 3, 2, "body 1" },
	{ "the signal hit the record", true, 3, 1, "record" },
	{ "the signal hit another thread", true, 3, 3, NULL },
	{ "nobody knows, a record is read", true, 1, 0, "record" },
	{ "nobody knows, one body is read", false, 1, 0, "body 0" },
	{ "nobody knows, several are", false, 2, 0, NULL },
};

static void blame(struct bench *b)
{
	for (size_t i = 0; i < COUNT(blames); i++) {
		struct poison_page *push = b->shared->push;
		struct json *note = NULL;

		if (blames[i].record)
			poison_enter(b->page, STR("record"), STR("<1>r"));
		for (int k = 0; k < blames[i].bodies; k++) {
			char name[16];

			snprintf(name, sizeof name, "body %d", k);
			poison_enter(&push[k], str_of(name), str_of(name));
		}
		if (blames[i].struck == 1)
			b->page->struck = POISON_STRUCK;
		if (blames[i].struck == 2)
			push[1].struck = POISON_STRUCK;
		if (blames[i].struck == 3)
			b->page->struck = POISON_ELSEWHERE;
		poison_note(&b->p, ENDED_BY_ITSELF, "signal 11");
		bool found = noted(&note);
		CHECK(blames[i].name, found == (blames[i].blamed != NULL));
		CHECK(blames[i].name,
		      !found || str_eq(json_get_str(note, "source"), str_of(blames[i].blamed)));
		CHECK(blames[i].name, b->page->struck == 0 && push[1].struck == 0 &&
					      push[0].busy == 0 && b->page->busy == 0);
		json_free(note);
	}
	CHECK("the body is known to all", poison_known(&b->shared->push[3], STR("body 1")) &&
						  poison_known(b->page, STR("body 0")));
}

static void body_stalls(struct bench *b)
{
	struct json *note = NULL;
	int looks;

	poison_enter(&b->shared->push[2], STR("x"), STR("slow body"));
	for (looks = 1; looks < 3 * POISON_PUSH_STALL_S && !poison_stalled(&b->p);)
		looks++;
	CHECK("a body may take longer", looks == POISON_PUSH_STALL_S + 1);
	poison_note(&b->p, ENDED_STALLED, "stall");
	CHECK("set aside", noted(&note) && str_eq(json_get_str(note, "reason"), STR("stall")) &&
				   poison_known(b->page, STR("slow body")));
	json_free(note);
}

/* A page that a broken watch has written all over. */
static void scribbled(struct bench *b)
{
	struct json *note = NULL;
	size_t before = kept().n;

	memset(b->page, 'x', sizeof *b->page);
	poison_note(&b->p, ENDED_BY_ITSELF, "signal 11");
	CHECK("not busy, not read", kept().n == before);
	b->page->busy = 1;
	poison_note(&b->p, ENDED_BY_ITSELF, "signal 11");
	CHECK("no more than the page holds", noted(&note) && kept().n == before + 1);
	CHECK("what was skipped is skipped again", b->page->n_skips == 8 &&
							   poison_known(b->page, STR("<1>bad")) &&
							   poison_known(b->page, STR("<1>slow")));
	json_free(note);
}

/* Many: the oldest files go, the newest records are skipped, the notes stay within their cap. */
static void many(struct bench *b)
{
	enum { MANY = 280 };
	char text[32], first[FOLDER_NAME];
	struct folder all;

	snprintf(first, sizeof first, "%s", kept().first);
	for (int i = 0; i < MANY; i++) {
		snprintf(text, sizeof text, "<1>record %d", i);
		poison_enter(b->page, STR("x"), str_of(text));
		poison_note(&b->p, ENDED_BY_ITSELF, "signal 11");
	}
	all = kept();
	CHECK("no more files than that", all.n == ASIDE_RECORDS);
	CHECK("the oldest went", strcmp(all.first, first) > 0);
	CHECK("the newest is skipped", poison_known(b->page, STR("<1>record 279")));
	CHECK("as many as there is room for", poison_known(b->page, STR("<1>record 24")) &&
						      !poison_known(b->page, STR("<1>record 23")));
}

static void large(struct bench *b)
{
	static char big[POISON_COPY];

	for (int i = 0; i < 135; i++) {
		memset(big, 'a' + i % 26, sizeof big);
		memcpy(big, &i, sizeof i);
		poison_enter(b->page, STR("x"), (struct str){ big, sizeof big });
		poison_note(&b->p, ENDED_BY_ITSELF, "signal 11");
	}
	struct folder all = kept();
	CHECK("no more bytes than that",
	      all.bytes <= ASIDE_BYTES && all.bytes > ASIDE_BYTES - 2 * POISON_COPY);
}

static void notes_cap(void)
{
	char path[64], file[128];
	struct folder all = { .n = 0 };
	bool gone = true;

	CHECK("noted", note_put(str_of(data), STR("{}"), &gone, NULL) && !gone);
	snprintf(path, sizeof path, "%s/run/notes", data);
	for (int i = 0; i < NOTES_MAX; i++) {
		FILE *f = NULL;

		if (CHECK("look", folder_look(path, ".json", &all, NULL)) && all.n < NOTES_MAX) {
			snprintf(file, sizeof file, "%s/x%d.json", path, i);
			CHECK("one more", (f = fopen(file, "w")) != NULL && fclose(f) == 0);
		}
	}
	CHECK("noted", note_put(str_of(data), STR("{}"), &gone, NULL));
	CHECK("the oldest was given up, and that is told", gone);
	CHECK("no more than that", folder_look(path, ".json", &all, NULL) && all.n == NOTES_MAX);
}

int main(void)
{
	static struct bench b;
	char path[64];

	if (mkdtemp(data) == NULL || !arena_reserve(&mem, 4 << 20))
		return 1;
	b.config.data = str_of(data);
	b.p.config = &b.config;
	snprintf(path, sizeof path, "%s/aside", data);
	CHECK("folder", dir_make(path, 0700, NULL));
	snprintf(path, sizeof path, "%s/run/notes", data);
	CHECK("folder", dir_make(path, 0700, NULL));
	b.p.shared_fd = shared_make(NULL);
	b.p.shared = shared_map(b.p.shared_fd, NULL);
	struct shared *seen = shared_map(b.p.shared_fd, NULL);
	if (!CHECK("shared memory", b.p.shared != NULL && seen != NULL))
		return 1;
	CHECK("its size stays", ftruncate(b.p.shared_fd, 1) == -1);
	b.page = &seen->poison;
	b.shared = seen;
	ends(&b);
	stalls(&b);
	blame(&b);
	body_stalls(&b);
	scribbled(&b);
	many(&b);
	large(&b);
	notes_cap();
	CHECK("removed", test_remove(data));
	arena_release(mem);
	return TEST_REPORT();
}
