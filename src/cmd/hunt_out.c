/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/hunt_out.h"

#include "base/file.h"
#include "cmd/hit_sort.h"
#include "cmd/hunt_page.h"
#include "cmd/tell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { GROUPS_MAX = 1 << 16 };
#define GROUPS_ROOM ((size_t)32 << 20)
#define SORT_ROOM ((size_t)32 << 20)

struct hunt_out {
	enum hit_form form;
	bool page;              /* a report for a browser */
	struct hunt_fold *fold; /* owned; reports */
	struct hit_sort *sort;  /* owned; NULL: hits go out as they come */
	int fd;                 /* what does not fit in memory; -1: none */
};

/* A file that is gone with the program. */
static int open_aside(void)
{
	const char *const places[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	int fd = -1;

	for (size_t i = 0; fd == -1 && i < COUNT(places); i++)
		if (places[i] != NULL)
			fd = open(places[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd;
}

struct hunt_out *hunt_out_new(const char *format, bool unsorted)
{
	struct hunt_out *o = calloc(1, sizeof *o);

	if (o == NULL)
		return NULL;
	o->form = strcmp(format, "jsonl") == 0  ? HIT_JSONL
		  : strcmp(format, "csv") == 0  ? HIT_CSV
		  : strcmp(format, "text") == 0 ? HIT_TEXT
						: HIT_NOTE;
	o->page = strcmp(format, "html") == 0;
	o->fd = -1;
	if (o->form == HIT_NOTE) {
		o->fold = hunt_fold_new(GROUPS_MAX, GROUPS_ROOM);
	} else if (!unsorted) {
		o->fd = open_aside();
		o->sort = hit_sort_new(SORT_ROOM, o->fd);
	}
	if (o->fold != NULL || o->sort != NULL || (o->form != HIT_NOTE && unsorted))
		return o;
	hunt_out_free(o);
	return NULL;
}

void hunt_out_free(struct hunt_out *o)
{
	if (o == NULL)
		return;
	hunt_fold_free(o->fold);
	hit_sort_free(o->sort);
	if (o->fd != -1)
		close(o->fd);
	free(o);
}

enum hit_form hunt_out_form(const struct hunt_out *o)
{
	return o->form;
}

bool hunt_out_framed(const struct hunt_out *o)
{
	return o->fold != NULL || o->sort != NULL;
}

void hunt_out_hit(const struct hunt_out *o, const struct hit_place *p, struct buf *out)
{
	if (hunt_out_framed(o))
		hit_out_framed(o->form, p, out);
	else
		hit_out(o->form, p, out);
}

bool hunt_out_print(void *ctx, struct str text)
{
	struct err why;

	(void)ctx;
	return fd_write_all(STDOUT_FILENO, text, &why);
}

/* False; without a word where it is known already. */
static bool told_fault(const struct err *why)
{
	if (why->kind != ERR_NONE)
		tell_fault("canh hunt", why);
	return false;
}

bool hunt_out_put(void *ctx, struct str hits)
{
	struct hunt_out *o = ctx;
	struct err why = { 0 };

	if (o->fold != NULL) {
		hunt_fold_frames(o->fold, hits);
		return true;
	}
	if (o->sort == NULL)
		return hunt_out_print(NULL, hits);
	/* hits that cannot wait for those before them are told out of order rather than lost */
	while (!hit_sort_add(o->sort, &hits, &why)) {
		if (hit_sort_parts(o->sort) == 0)
			tell_fault("canh hunt", &why);
		if (!hit_sort_part(o->sort, hunt_out_print, NULL, &why))
			return told_fault(&why);
	}
	return true;
}

static bool end_sort(struct hit_sort *s)
{
	struct err why = { 0 };

	if (!hit_sort_end(s, hunt_out_print, NULL, &why))
		return told_fault(&why);
	if (hit_sort_parts(s) > 1)
		fprintf(stderr,
			msg(MSG_ID("hits did not fit: they come in %ju parts, each in order\n")),
			(uintmax_t)hit_sort_parts(s));
	return true;
}

bool hunt_out_end(struct hunt_out *o, const struct hunt_sum *sum)
{
	const struct hunt_pen pen = { hunt_out_print, NULL };
	bool colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;

	if (o->page)
		return hunt_page(sum, o->fold, &pen);
	if (o->fold != NULL)
		return hunt_report(sum, o->fold, colour, &pen);
	return o->sort == NULL || end_sort(o->sort);
}
