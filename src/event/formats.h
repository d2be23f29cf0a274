/* SPDX-License-Identifier: Apache-2.0 */
/*
 * formats.h - the table of log formats: one row a format, one reader each.
 *
 * A row's reader gets one record (no line end) and fills the raw run of the event and what the
 * format alone knows (time, host); event/normal.c then adds the ECS run. Readers are pure: hostile
 * bytes in, an event or an error with its offset out; on failure *out is untouched.
 */
#ifndef EVENT_FORMATS_H
#define EVENT_FORMATS_H

#include "base/arena.h"
#include "base/err.h"
#include "event/event.h"

struct read_ctx; /* event/reader.h */

struct format {
	const char *name;  /* "json", "cef", "kv", ...: stored with each event, never renamed */
	const char *title; /* for people, a product name where there is one */
	/* 0: cannot be this; 1..100: how sure, judged on the record alone and cheaply. */
	int (*probe)(struct str record);
	bool (*read)(struct arena *a, struct str record, const struct read_ctx *ctx,
		     struct event *out, struct err *why);
};

extern const struct format formats[];
extern const size_t formats_n;

enum { FORMAT_UNPARSED = 0 }; /* formats[0]: what no reader understands, kept as `message` */
/* The index of the format of that name, or FORMAT_UNPARSED. */
uint16_t format_find(struct str name);

#endif
