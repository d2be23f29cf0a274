/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hit_out.h - one hit of a hunt as a line of text, a JSON object, a CSV row, or a note for a report.
 */
#ifndef CMD_HIT_OUT_H
#define CMD_HIT_OUT_H

#include "base/buf.h"
#include "detect/hit.h"
#include "event/event.h"

struct times;

enum hit_form { HIT_TEXT, HIT_JSONL, HIT_CSV, HIT_NOTE };

struct hit_place {
	const struct hit *hit;
	const struct event *ev;
	struct str path;
	const struct times *times; /* the zone of times in text */
};

void hit_out_head(enum hit_form form, struct buf *out); /* what stands before the first */
void hit_out(enum hit_form form, const struct hit_place *p, struct buf *out);

/* The same with its time and length before it, for what puts hits in order. */
void hit_out_framed(enum hit_form form, const struct hit_place *p, struct buf *out);
struct hit_frame {
	int64_t time; /* INT64_MAX: not told; behind all others */
	uint64_t len; /* of the bytes behind this */
};
/* The next of whole ones; false at the end. */
MUST_USE bool hit_frame_next(struct str *rest, struct hit_frame *out, struct str *bytes);

/* The machine that the event happened on; empty where it tells none. */
struct str hit_host(const struct event *ev);

#endif
