/* SPDX-License-Identifier: Apache-2.0 */
/*
 * silence.h - when a source counts as silent, and how often control tests are made: content/silence.yaml.
 *
 * A server is expected around the clock, a workstation by the working calendar; how long each class may
 * be quiet is content. Pure but for silence_put() and silence_get(), which keep the text as the setting
 * "silence": a bad file leaves what held before.
 */
#ifndef GOVERN_SILENCE_H
#define GOVERN_SILENCE_H

#include "base/arena.h"
#include "base/time.h"
#include "govern/calendar.h"
#include "state/db.h"

enum source_class {
	CLASS_SERVER,
	CLASS_APPLIANCE,
	CLASS_WORKSTATION,
	CLASS_UNKNOWN,
	SOURCE_CLASSES,
};
extern const char *const source_class_names[SOURCE_CLASSES];
/* SOURCE_CLASSES: no such class. */
enum source_class source_class_find(struct str name);

enum { SILENCE_BYTES = 1 << 16, SILENCE_FORMATS = 16, SILENCE_HOLIDAYS = 128, ZONE_NAME = 64 };

struct silence {
	struct {
		int64_t quiet; /* µs of expected time without a record */
		bool working;  /* expected in working hours only */
	} class[SOURCE_CLASSES];
	struct {
		int16_t open, close; /* minutes of the day; the same: no work */
	} hours[7];                  /* from Sunday */
	struct {
		int32_t from, to; /* yyyymmdd, or mmdd of every year; both included */
	} holiday[SILENCE_HOLIDAYS];
	size_t n_holidays;
	struct calendar
		calendar; /* set by silence_get() and by whoever loads both files; may be empty */
	char zone[ZONE_NAME];
	char format[SOURCE_CLASSES][SILENCE_FORMATS][16]; /* "": no more */
	struct control_pace {
		int64_t every, back, again; /* µs */
	} rules, doors;
	int64_t proved_for; /* µs: how long a passed test proves anything */
	int64_t hunt_after; /* µs after blind minutes until they are hunted */
};

/* Read the YAML text; why->at is the line. */
MUST_USE bool silence_parse(struct arena scratch, struct str yaml, struct silence *out,
			    struct err *why);
/* Keep the text that was parsed, with a ledger entry when it changed. */
MUST_USE bool silence_put(struct db *db, struct str yaml, const char *actor, struct err *why);
/* What was kept last. ERR_ABSENT: never. */
MUST_USE bool silence_get(struct db *db, struct arena scratch, struct silence *out,
			  struct err *why);

/* How much of [from, to] a source of that class was expected to send in. */
int64_t silence_expected(const struct silence *s, const struct zone *z, enum source_class c,
			 int64_t from, int64_t to);
/* Quiet for longer than its class may be? */
bool silence_is(const struct silence *s, const struct zone *z, enum source_class c,
		int64_t last_seen, int64_t now);
/* The class whose formats include all of these (unparsed ones left out); CLASS_UNKNOWN: none, or two. */
enum source_class silence_infer(const struct silence *s, const struct str *formats, size_t n);

#endif
