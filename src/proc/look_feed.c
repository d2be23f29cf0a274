/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_feed.c - invariant: `hold` begins with the next record of the file at hand.
 */
#include "proc/look_feed.h"

#include "base/buf.h"
#include "base/unpack.h"
#include "event/binary.h"
#include "event/evtx.h"
#include "event/evtx_lines.h"
#include "event/reader.h"
#include "proc/members.h"

#include <stdio.h>

enum {
	STEP = 1 << 20,
	HEAD = 4096,
	LINES_MAX = 16 << 20, /* of a chunk of an event log */
	MEMBERS_MAX = 10000,
	BINARY_SHARE = 20 /* of the first bytes one in so many: no text has that many controls */
};
#define BYTES_MAX ((uint64_t)4 << 30)
#define HOLD_MAX ((size_t)EVENT_MAX_RAW + 8 * (size_t)STEP + 3 * (size_t)LINES_MAX)

struct feed {
	const struct look_sink *sink;
	struct look_file file;
	struct evtx_lines *log; /* owned */
	struct buf raw;         /* UTF-16 that is not taken yet */
	struct buf lines, hold;
	size_t need;    /* bytes to wait for before records are looked for */
	uint64_t line;  /* lines before `hold` */
	bool fresh;     /* nothing of the file has come */
	bool refused;   /* it holds no text */
	bool over;      /* the sink has ended it */
	bool open;      /* a file has begun */
	struct err why; /* of what was refused */
};

static uint64_t lines_of(struct str s)
{
	uint64_t n = 0;

	for (size_t at; (at = str_find_char(s, '\n')) < s.n; n++)
		s = str_skip(s, at + 1);
	return n;
}

static void give(struct feed *f, struct str record, bool cut)
{
	const struct look_record r = { .text = record,
				       .number = ++f->file.records,
				       .line = f->file.evtx ? 0 : f->line + 1,
				       .cut = cut };

	f->file.bytes_bad = f->file.bytes_bad || !utf8_valid(record);
	f->over = !f->sink->record(f->sink->ctx, &f->file, &r);
}

/* What is held goes as far as it makes records. */
static void take(struct feed *f, bool last)
{
	struct str rest = buf_str(&f->hold), record;
	const char *from = rest.p;
	bool cut = false;

	if (rest.n == 0 || (!last && rest.n < f->need))
		return;
	while (!f->over && records_next(&rest, last, &record, &cut)) {
		f->line += lines_of((struct str){ from, (size_t)(record.p - from) });
		if (str_trim(record).n > 0)
			give(f, record, cut);
		f->line += lines_of((struct str){ record.p, (size_t)(rest.p - record.p) });
		from = rest.p;
		cut = false;
	}
	size_t used = (size_t)(from - f->hold.p);
	f->need = used == 0 && f->need < EVENT_MAX_RAW ? 2 * f->need : STEP;
	buf_eat(&f->hold, used);
}

/* More controls than any text has. */
static bool is_binary(struct str head)
{
	size_t n = 0;

	head = str_sub(head, 0, HEAD);
	for (size_t i = 0; i < head.n; i++) {
		unsigned char c = (unsigned char)head.p[i];

		n += c < 0x20 && (c < 0x08 || c > 0x0d) && c != 0x1b;
	}
	return n * BINARY_SHARE > head.n;
}

static void judge(struct feed *f, struct str head)
{
	f->fresh = false;
	f->file.wide = utf16_told(head);
	f->file.evtx = evtx_known(head);
	if (f->file.evtx && f->log == NULL)
		f->log = evtx_lines_new();
	if (f->file.evtx && f->log != NULL)
		evtx_lines_begin(f->log);
	else if (f->file.evtx)
		f->refused = !err_set(&f->why, ERR_LIMIT, 0, "no memory");
	else if (binary_known(head, &f->why))
		f->refused = true;
	else if (f->file.wide == WIDE_NONE && is_binary(head))
		f->refused = !err_set(&f->why, ERR_INPUT, 0,
				      "this is no text, and no log that canh can read");
}

static void refuse_full(struct feed *f)
{
	if (!f->hold.full)
		return;
	f->hold.full = false;
	f->refused = !err_set(&f->why, ERR_LIMIT, 0, "no memory");
}

static void hold(struct feed *f, struct str text)
{
	buf_add(&f->hold, text);
	refuse_full(f);
}

static void add_log(struct feed *f, struct str bytes, bool last)
{
	while (!f->refused && !f->over && evtx_lines_next(f->log, &bytes, last, &f->lines)) {
		hold(f, buf_str(&f->lines));
		take(f, false);
	}
}

static void add_wide(struct feed *f, struct str bytes, bool last)
{
	buf_add(&f->raw, bytes);
	if (f->raw.full) {
		f->refused = !err_set(&f->why, ERR_LIMIT, 0, "no memory");
		return;
	}
	buf_eat(&f->raw, utf16_take(buf_str(&f->raw), f->file.wide, last, &f->hold));
	refuse_full(f);
}

static void add(struct feed *f, struct str bytes)
{
	if (f->fresh)
		judge(f, bytes);
	f->file.bytes += bytes.n;
	if (f->refused)
		return;
	if (f->file.evtx)
		add_log(f, bytes, false);
	else if (f->file.wide != WIDE_NONE)
		add_wide(f, bytes, false);
	else
		hold(f, bytes);
	take(f, false);
}

static bool begin(void *ctx, struct str name)
{
	struct feed *f = ctx;

	f->file = (struct look_file){ .bytes = 0 };
	struct str end =
		str_skip(name, name.n < sizeof f->file.name ? 0 : name.n - sizeof f->file.name + 1);
	snprintf(f->file.name, sizeof f->file.name, "%.*s", STR_ARG(end));
	buf_clear(&f->raw);
	buf_clear(&f->hold);
	f->need = STEP;
	f->line = 0;
	f->fresh = true;
	f->refused = false;
	if (!f->over)
		f->over = !f->sink->begin(f->sink->ctx, &f->file);
	f->open = !f->over;
	return f->open;
}

static bool bytes(void *ctx, struct str piece)
{
	struct feed *f = ctx;

	for (; piece.n > 0 && !f->over; piece = str_skip(piece, STEP))
		add(f, str_sub(piece, 0, STEP));
	return !f->over;
}

/* What the file holds that could not be read, its own damage first. */
static bool end(void *ctx, const struct err *lost)
{
	struct feed *f = ctx;
	struct err damage;

	if (!f->fresh && !f->refused && f->file.evtx)
		add_log(f, STR(""), true);
	if (!f->fresh && !f->refused && f->file.wide != WIDE_NONE)
		add_wide(f, STR(""), true);
	if (!f->refused && !f->over)
		take(f, true);
	if (f->refused)
		lost = &f->why;
	else if (lost == NULL && !f->fresh && f->file.evtx && !f->over &&
		 evtx_lines_damage(f->log, &damage))
		lost = &damage;
	f->open = false;
	f->over = !f->sink->end(f->sink->ctx, &f->file, lost) || f->over;
	return !f->over;
}

static void bad(void *ctx, struct str name, const struct err *why)
{
	struct feed *f = ctx;

	if (begin(f, name))
		(void)end(f, why);
}

static bool feed(struct feed *f, struct arena scratch, struct str upload, struct err *why)
{
	const struct unpack_sink sink = { begin, bytes, end, bad, f };
	const struct unpack_caps caps = members_caps(BYTES_MAX, MEMBERS_MAX);
	bool ok = true;

	if (unpack_knows(upload) && !evtx_known(upload))
		ok = unpack_stream(scratch, upload, &caps, &sink, why) || f->over;
	else if (begin(f, STR("")))
		(void)bytes(f, upload);
	if (f->open)
		(void)end(f, NULL);
	return ok;
}

bool look_feed(struct arena scratch, struct str upload, const struct look_sink *sink,
	       struct err *why)
{
	struct feed f = {
		.sink = sink, .raw = BUF(4 * STEP), .lines = BUF(LINES_MAX), .hold = BUF(HOLD_MAX)
	};
	bool ok = feed(&f, scratch, upload, why);

	evtx_lines_free(f.log);
	buf_free(&f.raw);
	buf_free(&f.lines);
	buf_free(&f.hold);
	return ok;
}
