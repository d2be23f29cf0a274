/* SPDX-License-Identifier: Apache-2.0 */
/* vuln_feeds.c - the advisories of `canh vuln`: files, folders, archives; what cannot be used is named. */
#include "base/buf.h"
#include "base/file.h"
#include "base/msg.h"
#include "base/time.h"
#include "base/unpack.h"
#include "cmd/tell.h"
#include "cmd/vuln_int.h"
#include "proc/members.h"
#include "vuln/feed.h"

#include <stdio.h>
#include <sys/stat.h>

#define ARCHIVE_MAX ((size_t)4 << 30)
#define UNPACKED_MAX ((uint64_t)16 << 30)
enum { MEMBERS_MAX = 1 << 20 };

struct feeding {
	struct vuln_cmd *c;
	struct feed *feed;
	struct buf member; /* of an archive */
	struct str name;   /* its */
	const char *path;  /* of the file at hand */
	bool folder;
	bool full;
};

static bool is_feed_name(struct str name)
{
	static const char *const ends[] = { ".json", ".xml", ".zip", ".tar", ".tgz",
					    ".gz",   ".xz",  ".zst", ".bz2", ".7z" };

	for (size_t i = 0; i < COUNT(ends); i++)
		if (str_ends_nocase(name, str_of(ends[i])))
			return true;
	return false;
}

static void bad(struct feeding *f, struct str name, const struct err *why)
{
	char what[4096];

	f->feed->bad++;
	snprintf(what, sizeof what, "%s%s%.*s", f->path, name.n > 0 ? ":" : "", STR_ARG(name));
	tell_fault(what, why);
}

/* False ends it all: there is no room. */
static bool read_text(struct feeding *f, struct str name, struct str text)
{
	struct err why = { 0 };

	f->feed->files++;
	if (!feed_read(f->c->matcher, f->feed, f->c->work, text, &why)) {
		bad(f, name, &why);
		f->full |= why.kind == ERR_LIMIT;
	}
	return !f->full;
}

static bool begin_member(void *ctx, struct str name)
{
	struct feeding *f = ctx;
	bool other = name.n > 0 && !str_ends_nocase(name, STR(".json")) &&
		     !str_ends_nocase(name, STR(".xml"));

	f->name = name; /* none: one compressed file */
	f->feed->other += other;
	buf_clear(&f->member);
	return !other;
}

static bool take_bytes(void *ctx, struct str piece)
{
	struct feeding *f = ctx;

	buf_add(&f->member, piece);
	return true;
}

static bool end_member(void *ctx, const struct err *lost)
{
	struct feeding *f = ctx;
	struct err why;

	if (lost != NULL) {
		bad(f, f->name, lost);
		return true;
	}
	if (!f->member.full)
		return read_text(f, f->name, buf_str(&f->member));
	err_set(&why, ERR_INPUT, 0, "longer than %d bytes", FEED_MAX_BYTES);
	bad(f, f->name, &why);
	return true;
}

static void bad_member(void *ctx, struct str name, const struct err *why)
{
	bad(ctx, name, why);
}

static bool read_archive(struct feeding *f, struct arena scratch, struct str archive)
{
	const struct unpack_sink sink = { begin_member, take_bytes, end_member, bad_member, f };
	const struct unpack_caps caps = members_caps(UNPACKED_MAX, MEMBERS_MAX);
	struct err why = { 0 };

	f->member = BUF(FEED_MAX_BYTES);
	if (!unpack_stream(scratch, archive, &caps, &sink, &why) && why.kind != ERR_NONE)
		bad(f, STR(""), &why);
	buf_free(&f->member);
	return !f->full;
}

static bool read_file(void *ctx, const char *path, const char *name)
{
	struct feeding *f = ctx;
	struct arena a = f->c->scratch;
	struct err why = { 0 };
	struct str text;

	f->path = path;
	if (f->folder && !is_feed_name(str_of(name))) {
		f->feed->other++;
		return true;
	}
	if (!file_load_given(&a, path, ARCHIVE_MAX, &text, &why)) {
		bad(f, STR(""), &why);
		return true;
	}
	return unpack_knows(text) ? read_archive(f, a, text) : read_text(f, STR(""), text);
}

static void bad_file(void *ctx, const char *path, const struct err *why)
{
	struct feeding *f = ctx;

	f->path = path;
	bad(f, STR(""), why);
}

static struct feed *begin_feed(struct vuln_cmd *c, const char *path)
{
	struct feed *feed = NEW(&c->a, struct feed, 1);

	if (feed == NULL)
		return NULL;
	*feed = (struct feed){ .path = str_of(path),
			       .newest = TIME_NONE,
			       .latest = c->now + TIME_DAY };
	if (c->last_feed == NULL)
		c->first_feed = feed;
	else
		c->last_feed->next = feed;
	c->last_feed = feed;
	return feed;
}

static bool read_feed(struct vuln_cmd *c, const char *path)
{
	struct feeding f = { .c = c, .feed = begin_feed(c, path), .path = path };
	struct stat st;

	if (f.feed == NULL)
		return false;
	f.folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	if (f.folder)
		file_walk(path, &(struct walk){ read_file, bad_file, &f });
	else
		read_file(&f, path, path);
	f.feed->old = f.feed->newest == TIME_NONE || c->now - f.feed->newest > c->max_age;
	return !f.full;
}

bool vuln_feeds_read(struct vuln_cmd *c)
{
	c->matcher = matcher_new(&c->a);
	for (struct vuln_asset *x = c->first; x != NULL && c->matcher != NULL; x = x->next)
		if (!matcher_add(c->matcher, x->name, &x->inventory))
			return false;
	if (c->matcher == NULL || !matcher_seal(c->matcher))
		return false;
	for (size_t i = 0; i < c->feeds.n; i++)
		if (!read_feed(c, c->feeds.v[i]))
			return false;
	return true;
}
