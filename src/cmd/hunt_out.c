/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/hunt_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { GROUPS_MAX = 1 << 16 };
#define GROUPS_ROOM ((size_t)32 << 20)

struct hunt_out {
	enum hit_form form;
	struct hunt_fold *fold; /* owned; reports */
};

struct hunt_out *hunt_out_new(const char *format)
{
	struct hunt_out *o = calloc(1, sizeof *o);

	if (o == NULL)
		return NULL;
	o->form = strcmp(format, "jsonl") == 0  ? HIT_JSONL
		  : strcmp(format, "csv") == 0  ? HIT_CSV
		  : strcmp(format, "text") == 0 ? HIT_TEXT
						: HIT_NOTE;
	if (o->form == HIT_NOTE)
		o->fold = hunt_fold_new(GROUPS_MAX, GROUPS_ROOM);
	if (o->form != HIT_NOTE || o->fold != NULL)
		return o;
	hunt_out_free(o);
	return NULL;
}

void hunt_out_free(struct hunt_out *o)
{
	if (o == NULL)
		return;
	hunt_fold_free(o->fold);
	free(o);
}

enum hit_form hunt_out_form(const struct hunt_out *o)
{
	return o->form;
}

bool hunt_out_framed(const struct hunt_out *o)
{
	return o->fold != NULL;
}

void hunt_out_hit(const struct hunt_out *o, const struct hit_place *p, struct buf *out)
{
	if (hunt_out_framed(o))
		hit_out_framed(o->form, p, out);
	else
		hit_out(o->form, p, out);
}

static bool print(void *ctx, struct str text)
{
	(void)ctx;
	return text.n == 0 || fwrite(text.p, 1, text.n, stdout) == text.n;
}

bool hunt_out_put(void *ctx, struct str hits)
{
	struct hunt_out *o = ctx;

	if (o->fold == NULL)
		return print(NULL, hits);
	hunt_fold_frames(o->fold, hits);
	return true;
}

bool hunt_out_end(struct hunt_out *o, const struct hunt_sum *sum)
{
	const struct hunt_pen pen = { print, NULL };

	if (o->fold == NULL)
		return true;
	return hunt_report(sum, o->fold, isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL, &pen);
}
