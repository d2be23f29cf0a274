/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream_int.h - server-sent events: one ring of what happened, any number of readers behind it.
 *
 * A reader is a place in the ring. Who falls off its end, or comes back with an id that is no longer
 * there, gets "reset" and fetches anew. Publishing never waits for a reader.
 */
#ifndef WEB_STREAM_INT_H
#define WEB_STREAM_INT_H

#include "base/str.h"

struct call;
struct desk;
struct stream;
struct web;

struct stream *stream_new(unsigned heartbeat_s); /* NULL: no memory */
void stream_free(struct stream *s);              /* no reader may be left */
/* Each reader gets what it has not had yet, then its stream ends. NULL is fine. */
void stream_end(struct stream *s);

void stream_publish(struct stream *s, const char *kind, struct str json);
/* Once a second: heartbeats that are due; readers whose session has ended meanwhile, or whose role is for
 * something else now, are ended; what the others reach is looked up anew. `d`: the ticker's. */
void stream_tick(struct stream *s, struct web *web, struct desk *d);
/* Do so at the next tick: roles, units or sources changed. */
void stream_review(struct stream *s);
unsigned stream_count(struct stream *s);

#endif
