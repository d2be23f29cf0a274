/* SPDX-License-Identifier: Apache-2.0 */
/* hit_out.h - one hit of a hunt as a line of text, a JSON object or a CSV row. */
#ifndef CMD_HIT_OUT_H
#define CMD_HIT_OUT_H

#include "base/buf.h"
#include "detect/hit.h"
#include "event/event.h"

struct times;

enum hit_form { HIT_TEXT, HIT_JSONL, HIT_CSV };

struct hit_place {
	const struct hit *hit;
	const struct event *ev;
	struct str path;
	const struct times *times; /* the zone of times in text */
};

void hit_out_head(enum hit_form form, struct buf *out); /* what stands before the first */
void hit_out(enum hit_form form, const struct hit_place *p, struct buf *out);

#endif
