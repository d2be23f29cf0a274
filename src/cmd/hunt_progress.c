/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/hunt_progress.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/msg.h"
#include "base/time.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool count(void *ctx, const char *path, const char *name)
{
	struct hunt_progress *p = ctx;
	struct stat st;

	(void)name;
	p->files++;
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		p->bytes += (uint64_t)st.st_size;
	else
		p->open_end = true;
	return true;
}

/* It is told when it is read. */
static void bad(void *ctx, const char *path, const struct err *why)
{
	struct hunt_progress *p = ctx;

	(void)path;
	(void)why;
	p->files++;
}

void hunt_progress_begin(struct hunt_progress *p, char **paths, size_t n)
{
	if (!p->due.forced && !isatty(STDERR_FILENO))
		return;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(paths[i], "-") == 0) {
			p->files++;
			p->open_end = true;
		} else {
			file_walk(paths[i], &(struct walk){ count, bad, p });
		}
	}
}

static void put_left(const struct hunt_progress *p, const struct hunt_far *far, int64_t took,
		     struct buf *out)
{
	if (p->open_end || far->bytes == 0 || far->bytes > p->bytes)
		return;
	double left = (double)took / (double)far->bytes * (double)(p->bytes - far->bytes);
	long long s = (long long)(left / TIME_SECOND) + (left > 0);

	if (s >= 3600)
		buf_printf(out, msg(MSG_ID(", %lld h %02lld min left")), s / 3600, s / 60 % 60);
	else if (s >= 60)
		buf_printf(out, msg(MSG_ID(", %lld min %02lld s left")), s / 60, s % 60);
	else
		buf_printf(out, msg(MSG_ID(", %lld s left")), s);
}

void hunt_progress(struct hunt_progress *p, const struct hunt_far *far, bool last)
{
	struct buf text = BUF(4096);

	if (!tell_progress_due(&p->due, last))
		return;
	int64_t took = time_monotonic() - p->due.started;
	double rate = took > 0 ? (double)far->bytes / (1 << 20) / ((double)took / TIME_SECOND) : 0;

	buf_printf(&text, msg(MSG_ID("%llu of %llu files, %llu")), (unsigned long long)far->files,
		   (unsigned long long)p->files, (unsigned long long)(far->bytes >> 20));
	if (!p->open_end)
		buf_printf(&text, msg(MSG_ID(" of %llu")), (unsigned long long)(p->bytes >> 20));
	buf_printf(&text, msg(MSG_ID(" MiB, %.0f MiB/s")), rate);
	put_left(p, far, took, &text);
	buf_printf(&text, msg(MSG_ID("; %llu records, %llu hits")),
		   (unsigned long long)far->records, (unsigned long long)far->hits);
	tell_progress_line(buf_str(&text));
	buf_free(&text);
}
