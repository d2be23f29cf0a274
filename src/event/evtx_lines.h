/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_lines.h - an event log as the text that is kept of it: a line of JSON a record, with the fields that
 * rules see, so that it is read again without the chunk it stood in.
 *
 * Bytes of the log in, in pieces of any length; lines out.
 */
#ifndef EVENT_EVTX_LINES_H
#define EVENT_EVTX_LINES_H

#include "base/buf.h"
#include "base/err.h"
#include "event/event.h"

struct evtx_lines;
struct evtx_lines *evtx_lines_new(void); /* NULL: no memory */
void evtx_lines_free(struct evtx_lines *l);

void evtx_lines_begin(struct evtx_lines *l);
/*
 * Take some of *bytes (with `last` no more will come) and put the lines that they make into *out, which is
 * emptied first. False when *bytes is used up and nothing was put: call it until then.
 */
bool evtx_lines_next(struct evtx_lines *l, struct str *bytes, bool last, struct buf *out);
/* At the end: what could not be read, in words; false where all could. */
bool evtx_lines_damage(const struct evtx_lines *l, struct err *why);

/* The fields of a record as one line. */
void evtx_line(const struct event *ev, struct buf *out);

#endif
