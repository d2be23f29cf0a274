/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_out.h - where the hits of a hunt go: out as they come, or kept until all are there.
 */
#ifndef CMD_HUNT_OUT_H
#define CMD_HUNT_OUT_H

#include "cmd/hunt_report.h"

#define HUNT_FORMATS "text|jsonl|csv|report"

struct hunt_out;
/* For one of HUNT_FORMATS. NULL: no memory. */
struct hunt_out *hunt_out_new(const char *format);
void hunt_out_free(struct hunt_out *o);

/* How hits are to be written for hunt_out_put(): with hit_out_framed() or with hit_out(). */
enum hit_form hunt_out_form(const struct hunt_out *o);
bool hunt_out_framed(const struct hunt_out *o);
/* One hit. */
void hunt_out_hit(const struct hunt_out *o, const struct hit_place *p, struct buf *out);
/* Whole hits, in the order of files and records; `o` is a struct hunt_out. False: they cannot be written. */
bool hunt_out_put(void *o, struct str hits);
/* All came. False: they cannot be written. */
MUST_USE bool hunt_out_end(struct hunt_out *o, const struct hunt_sum *sum);

#endif
