/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dump.c - `canh dump`: the records of Windows event logs as JSON lines or XML.
 *
 * A line of JSON holds the fields as rules see them; read again by canh it is the same event.
 */
#include "base/buf.h"
#include "base/file.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/evtx_fd.h"
#include "cmd/lock_up.h"
#include "cmd/opts.h"
#include "cmd/tell.h"
#include "event/evtx_lines.h"
#include "event/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { OUT_FLUSH = 1 << 16, OUT_MAX = 64 << 20 };
#define EVENT_ROOM ((size_t)64 << 20)

struct dump {
	bool carve, xml;
	const char *format, *page;
	const char *path;  /* at hand */
	const char *named; /* the operand at hand */
	struct reader *reader;
	struct evtx *evtx; /* the reader's */
	struct arena events;
	struct buf out;
	struct evtx_fd walk;
	uint64_t files, failed, damaged, records, partial, unverified;
	bool output_failed;
};

static void flush(struct dump *d)
{
	if (d->out.full || (d->out.n > 0 && fwrite(d->out.p, 1, d->out.n, stdout) != d->out.n))
		d->output_failed = true;
	buf_clear(&d->out);
}

/* False: only a part of it could be read. */
static bool put_line(struct dump *d, const struct evtx_record *r)
{
	struct arena a = d->events;
	struct event ev;

	reader_read(d->reader, &a, r->bytes, &ev);
	evtx_line(&ev, &d->out);
	return !ev.partial;
}

static bool put_xml(struct dump *d, const struct evtx_record *r)
{
	size_t before = d->out.n;

	if (evtx_xml(d->evtx, r->bytes, &d->out, NULL)) {
		buf_char(&d->out, '\n');
		return !r->torn;
	}
	d->out.n = before; /* half an element is no XML */
	return false;
}

static bool record(void *ctx, const struct evtx_record *r)
{
	struct dump *d = ctx;

	d->records++;
	d->unverified += r->unverified;
	d->partial += !(d->xml ? put_xml(d, r) : put_line(d, r));
	if (d->out.n > OUT_FLUSH || d->out.full)
		flush(d);
	return !d->output_failed;
}

static void read_fd(struct dump *d, int fd)
{
	struct err why = { 0 };

	d->walk.evtx = d->evtx;
	d->walk.carve = d->carve;
	d->walk.record = record;
	d->walk.ctx = d;
	if (!evtx_fd_walk(&d->walk, fd, STR(""), &why)) {
		d->failed++;
		tell_fault(d->path, &why);
	} else if (evtx_fd_damage(&d->walk, &why)) {
		d->damaged++;
		tell_fault(d->path, &why);
	}
}

static void bad(void *ctx, const char *path, const struct err *why)
{
	struct dump *d = ctx;

	d->files++;
	d->failed++;
	tell_fault(path, why);
}

static bool file(void *ctx, const char *path, const char *name)
{
	struct dump *d = ctx;
	bool named = strcmp(path, d->named) == 0; /* itself: a pipe is waited for */
	int fd = open(path, O_RDONLY | O_CLOEXEC | (named ? 0 : O_NONBLOCK));
	struct err why;

	(void)name;
	d->path = path;
	if (fd == -1) {
		err_set(&why, ERR_IO, 0, "cannot open '%s': %s", path, strerror(errno));
		bad(d, path, &why);
		return true;
	}
	d->files++;
	read_fd(d, fd);
	close(fd);
	return !d->output_failed;
}

static bool prepare(struct dump *d)
{
	const struct read_ctx ctx = { .format = format_find(STR("evtx")) };

	d->out = BUF(OUT_MAX);
	d->reader = reader_new(&ctx);
	d->evtx = d->reader == NULL ? NULL : reader_evtx(d->reader);
	if (d->evtx == NULL || !arena_reserve(&d->events, EVENT_ROOM)) {
		fprintf(stderr, "%s", msg(MSG_ID("the system has no memory\n")));
		return false;
	}
	return evtx_fd_page(d->evtx, d->page);
}

static int status_of(const struct dump *d)
{
	fprintf(stderr,
		msg(MSG_ID(
			"%llu records (%llu of them partly read, %llu where a checksum is wrong); "
			"read %llu of %llu files, %llu damaged\n")),
		(unsigned long long)d->records, (unsigned long long)d->partial,
		(unsigned long long)d->unverified, (unsigned long long)(d->files - d->failed),
		(unsigned long long)d->files, (unsigned long long)d->damaged);
	if (d->output_failed)
		return EXIT_FAULT;
	if (d->files == d->failed)
		return EXIT_INPUT;
	return d->failed > 0 || d->damaged > 0 || d->partial > 0 ? EXIT_PART : EXIT_DONE;
}

static int run(struct dump *d, char **paths, size_t n)
{
	if (!prepare(d) || !command_lock_up(paths, n))
		return EXIT_FAULT;
	for (size_t i = 0; i < n && !d->output_failed; i++) {
		d->named = d->path = paths[i];
		if (strcmp(paths[i], "-") == 0) {
			d->files++;
			read_fd(d, STDIN_FILENO);
		} else {
			file_walk(paths[i], &(struct walk){ file, bad, d });
		}
	}
	flush(d);
	return status_of(d);
}

int cmd_dump(int argc, char **argv)
{
	static struct dump d = { .format = "jsonl" };
	const struct opt table[] = {
		{ "format", OPT_CHOICE, &d.format, "jsonl|xml", MSG_ID("form of the output") },
		{ "carve", OPT_FLAG, &d.carve, NULL,
		  MSG_ID("look for pieces of Windows event logs in any file, whatever it is") },
		{ "code-page", OPT_CHOICE, &d.page, EVTX_PAGES,
		  MSG_ID("code page of texts that are not Unicode; 1252 unless told") },
	};
	const struct opts o = {
		"dump",
		"PATH...|-",
		MSG_ID("Print the records of Windows event logs (.evtx), a line each: the fields as "
		       "rules see them, or XML. With --carve also those that any file holds in "
		       "pieces: a disk image, a memory dump, a damaged log."),
		table,
		COUNT(table),
		1,
		SIZE_MAX
	};
	size_t n = 0;
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	d.xml = strcmp(d.format, "xml") == 0;
	int status = run(&d, argv, n);
	evtx_feed_free(&d.walk.feed);
	reader_free(d.reader);
	if (d.events.beg != NULL)
		arena_release(d.events);
	buf_free(&d.out);
	return status;
}
