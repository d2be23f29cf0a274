/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aside.c - the parent's part of poison.h: keep the record that ended watch, so that a person can
 * look at it, and let the next watch pass it by.
 */
#include "base/file.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/time.h"
#include "proc/folder.h"
#include "proc/notes.h"
#include "proc/parent_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { PATH = 4096 };

/* What a process that has ended left as a name goes on as letters only. */
static void printable(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7E)
			*s = '?';
}

enum { RECORDS, PAGES = 1 + POISON_PUSHERS };

static struct poison_page *page_at(struct parent *p, size_t i)
{
	return i == RECORDS ? &p->shared->poison : &p->shared->push[i - 1];
}

static bool is_busy(const struct poison_page *page)
{
	return __atomic_load_n(&page->busy, __ATOMIC_ACQUIRE) == 1;
}

static void skip_from_now_on(struct parent *p, uint64_t hash)
{
	size_t n;

	p->skips[p->n_skips++ % POISON_SKIPS] = hash;
	n = p->n_skips < POISON_SKIPS ? p->n_skips : POISON_SKIPS;
	/* all of them: what stands in the pages is whatever the last watch left */
	for (size_t i = 0; i < PAGES; i++) {
		struct poison_page *page = page_at(p, i);

		memcpy(page->skips, p->skips, sizeof page->skips);
		__atomic_store_n(&page->n_skips, (uint32_t)n, __ATOMIC_RELEASE);
	}
}

/*
 * What was being read on the page that is to blame, PAGES for none: where it did not get on; where the
 * signal hit; where nothing says that, of a stack that overflowed, the record, or the one body.
 */
static size_t to_blame(struct parent *p, enum ending ending)
{
	size_t found = PAGES, busy = 0;

	if (ending == ENDED_STALLED)
		return is_busy(page_at(p, p->stalled)) ? p->stalled : PAGES;
	for (size_t i = 0; i < PAGES; i++) {
		uint32_t struck = __atomic_load_n(&page_at(p, i)->struck, __ATOMIC_ACQUIRE);

		if (struck == POISON_ELSEWHERE)
			return PAGES;
		if (struck != 0)
			return is_busy(page_at(p, i)) ? i : PAGES;
	}
	if (is_busy(page_at(p, RECORDS)))
		return RECORDS;
	for (size_t i = 1; i < PAGES; i++)
		if (is_busy(page_at(p, i))) {
			found = i;
			busy++;
		}
	return busy == 1 ? found : PAGES;
}

/* The oldest go; that there was one is in the ledger and stays on the page. */
static bool make_room(const char *folder, size_t len, struct err *why)
{
	char path[PATH];
	struct folder all;

	for (;;) {
		if (!folder_look(folder, ".record", &all, why))
			return false;
		if (all.n == 0 || (all.n < ASIDE_RECORDS && all.bytes + len <= ASIDE_BYTES))
			return true;
		snprintf(path, sizeof path, "%s/%s", folder, all.first);
		if (unlink(path) == -1)
			return err_set(why, ERR_IO, 0, "cannot remove '%s': %s", path,
				       strerror(errno));
		log_warn("'%s' made room for another record", path);
	}
}

static bool keep(const struct parent *p, const char *id, struct str record, struct err *why)
{
	char folder[PATH - FOLDER_NAME - 16], path[PATH];

	snprintf(folder, sizeof folder, "%.*s/aside", STR_ARG(p->config->data));
	if (!make_room(folder, record.n, why))
		return false;
	snprintf(path, sizeof path, "%s/%s.record", folder, id);
	return file_save(AT_FDCWD, path, record, 0600, why);
}

struct aside {
	char id[FOLDER_NAME - 8], source[POISON_SOURCE];
	int64_t at;
	uint64_t len;
	struct str record;
	const char *how;
	bool stalled, kept;
};

static void write_note(const struct parent *p, const struct aside *s)
{
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };
	struct err why = { 0 };
	bool gone = false;

	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "note", STR("aside"));
	jsonw_kv_str(&w, "id", str_of(s->id));
	jsonw_kv_int(&w, "at", s->at);
	jsonw_kv_str(&w, "source", str_of(s->source));
	jsonw_kv_int(&w, "bytes", (int64_t)(s->len < INT64_MAX ? s->len : INT64_MAX));
	jsonw_kv_int(&w, "kept", s->kept ? (int64_t)s->record.n : 0);
	jsonw_kv_str(&w, "reason", s->stalled ? STR("stall") : STR("crash"));
	jsonw_kv_str(&w, "how", str_of(s->how));
	jsonw_close(&w, '}');
	if (!note_put(p->config->data, buf_str(&b), &gone, &why))
		log_error("a record that was set aside could not be noted: %s", why.text);
	if (gone)
		log_error("a note that nobody took for long was given up");
	buf_free(&b);
}

static void set_aside(struct parent *p, const struct poison_page *page, bool body,
		      struct aside *aside)
{
	char date[TIME_TEXT_MAX];
	struct aside s = *aside;
	struct err why = { 0 };

	s.record = (struct str){ page->bytes,
				 page->copied < POISON_COPY ? page->copied : POISON_COPY };
	s.len = page->len;
	uint64_t hash = poison_hash(s.record, s.len);
	memcpy(s.source, page->source, sizeof s.source);
	s.source[sizeof s.source - 1] = '\0';
	printable(s.source);
	skip_from_now_on(p, hash);
	time_rfc3339(s.at, date);
	snprintf(s.id, sizeof s.id, "%.13s%.2s%.2s.%.6sZ-%016llx", date, date + 14, date + 17,
		 date + 20, (unsigned long long)hash);
	s.kept = keep(p, s.id, s.record, &why);
	if (!s.kept)
		log_error("a record that ended watch could not be kept: %s", why.text);
	log_error(
		"a %s of %llu bytes from '%s' ended watch (%s): set aside as '%s', %s from now on",
		body ? "pushed body" : "record", (unsigned long long)s.len, s.source, s.how, s.id,
		body ? "refused" : "stored unread");
	write_note(p, &s);
}

void poison_note(struct parent *p, enum ending ending, const char *how)
{
	struct aside s = { .at = time_now(), .how = how, .stalled = ending == ENDED_STALLED };
	size_t blamed = ending == ENDED_FROM_OUTSIDE ? PAGES : to_blame(p, ending);

	if (blamed < PAGES)
		set_aside(p, page_at(p, blamed), blamed != RECORDS, &s);
	for (size_t i = 0; i < PAGES; i++) { /* the next watch has read none of them */
		poison_leave(page_at(p, i));
		page_at(p, i)->struck = 0;
	}
}

bool poison_stalled(struct parent *p)
{
	bool stalled = false;

	for (size_t i = 0; i < PAGES; i++) {
		const struct poison_page *page = page_at(p, i);
		uint64_t turn = __atomic_load_n(&page->turn, __ATOMIC_RELAXED);
		bool same = is_busy(page) && turn == p->stall[i].turn;

		p->stall[i].turn = turn;
		p->stall[i].looks = same ? p->stall[i].looks + 1 : 0;
		if (p->stall[i].looks < (i == RECORDS ? POISON_STALL_S : POISON_PUSH_STALL_S))
			continue;
		p->stalled = i;
		stalled = true;
	}
	return stalled;
}
