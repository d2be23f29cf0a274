/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_out.h - where the hits of a hunt go: out in the order of time, out as they come, or into a report.
 */
#ifndef CMD_HUNT_OUT_H
#define CMD_HUNT_OUT_H

#include "cmd/hunt_report.h"

#define HUNT_FORMATS "text|jsonl|csv|report|html"

struct hunt_out;
/* For one of HUNT_FORMATS. To be made before the sandbox is entered: what memory does not hold is sorted in
 * a file without a name below TMPDIR, or /var/tmp, or /tmp. NULL: no memory. */
struct hunt_out *hunt_out_new(const char *format, bool unsorted);
void hunt_out_free(struct hunt_out *o);

/* How hits are to be written for hunt_out_put(): with hit_out_framed() or with hit_out(). */
enum hit_form hunt_out_form(const struct hunt_out *o);
bool hunt_out_framed(const struct hunt_out *o);
/* One hit. */
void hunt_out_hit(const struct hunt_out *o, const struct hit_place *p, struct buf *out);
/* Whole hits, in the order of files and records; `o` is a struct hunt_out. False: they cannot be written,
 * which was said. */
bool hunt_out_put(void *o, struct str hits);
/* To the standard output, past stdio: a signal takes nothing away. `ctx` is not looked at. */
MUST_USE bool hunt_out_print(void *ctx, struct str text);
/* All came. False: they cannot be written, which was said. */
MUST_USE bool hunt_out_end(struct hunt_out *o, const struct hunt_sum *sum);

#endif
