/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hit_note.h - what a report needs of one hit, as bytes: who, where, when, and the values that matter.
 *
 * Threads that judge write notes, the one that tells takes them: pointers in them are the detector's.
 */
#ifndef CMD_HIT_NOTE_H
#define CMD_HIT_NOTE_H

#include "cmd/hit_out.h"

enum { NOTE_VALUES = 16, NOTE_VALUE_MAX = 600, NOTE_REST = 16 };

struct note_value {
	struct str name, val;          /* the value cut to NOTE_VALUE_MAX bytes */
	uint64_t len;                  /* as it was */
	unsigned char rest[NOTE_REST]; /* of what was cut off, from its SHA-256; else 0 */
};
/* The same text, also behind where it was cut? */
static inline bool note_value_same(const struct note_value *a, const struct note_value *b)
{
	return a->len == b->len && str_eq(a->val, b->val) &&
	       memcmp(a->rest, b->rest, sizeof a->rest) == 0;
}

struct hit_note {
	const struct rule_info *rule; /* HIT_RULE */
	const struct list_info *list; /* HIT_INDICATOR */
	int64_t time;                 /* TIME_NONE: not told */
	int64_t from;                 /* of a correlation the first of its events, else `time` */
	uint64_t record;
	uint64_t key; /* the same for hits that differ in time and place only */
	uint8_t kind, severity;
	bool known_good; /* a known-good list holds the indicator, too */
	struct str indicator, host, path;
	size_t n;
	struct note_value value[NOTE_VALUES];
};

void hit_note_put(const struct hit_place *p, struct buf *out);
/* Of bytes that hit_note_put() made; views into them. */
void hit_note_take(struct str bytes, struct hit_note *out);

/* How it was judged, for keys: hits of a list differ in it by their events. */
static inline uint64_t hit_note_judged(const struct hit_note *note)
{
	return 2 * (uint64_t)note->severity + note->known_good;
}

#endif
