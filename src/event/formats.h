/* SPDX-License-Identifier: Apache-2.0 */
/*
 * formats.h - the table of log formats: one row a format, one reader each.
 *
 * A row's reader gets one record (no line end) and fills the raw run of the event and what the
 * format alone knows (time, host, program) into a struct build (event/build.h); event/normal.c then
 * adds the ECS run by the row's family. Readers are pure: hostile bytes in, fields or an error with
 * its offset out. What a reader that fails has added is taken back by event/reader.c.
 */
#ifndef EVENT_FORMATS_H
#define EVENT_FORMATS_H

#include "event/build.h"
#include "event/normal.h"

struct format {
	const char *name;  /* "json", "cef", "kv", ...: stored with each event, never renamed */
	const char *title; /* for people, a product name where there is one */
	enum family family;
	bool frame;     /* carries a payload of another format: never tried inside a frame */
	uint8_t surest; /* the most that probe says */
	/* What it says FORMAT_SURE of begins with one of these; NULL: it never does. */
	const char *begins;
	/* 0: cannot be this; 1..100: how sure, judged on the record alone and cheaply. */
	int (*probe)(struct str record);
	bool (*read)(struct build *b, struct str record, struct err *why);
};

extern const struct format formats[];
extern const size_t formats_n;

enum {
	FORMAT_UNPARSED = 0,
	FORMATS_MAX = 64,
	FORMAT_SURE =
		95, /* of a probe: what stands there is no text that a tag could be cut from */
};                  /* formats[0]: what no reader understands, kept as `message` */
/* The index of the format of that name, or FORMAT_UNPARSED. */
uint16_t format_find(struct str name);

#endif
