/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.h - one log record, normalised: when, from which source, and its fields.
 *
 * An event is views: `raw` into the batch's bytes, values into `raw` or into the batch's arena, all
 * dropped together with the batch. Fields stand in two runs: first what the record says under the
 * names it uses (for Sigma), then the same facts under ECS names (for search, lists and people). A
 * field with several values stands several times. Nothing here allocates or does I/O.
 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "base/str.h"
#include "event/ecs.h"

enum field_type { FIELD_STRING, FIELD_INT, FIELD_FLOAT, FIELD_BOOL, FIELD_NULL };

struct field {
	struct str name; /* dotted path for nested formats: "winlog.event_data.Image" */
	struct str val;  /* decoded text; numbers and booleans as written; empty for FIELD_NULL */
	uint16_t id;     /* an enum ecs for the ECS run, ECS_NONE in the raw run */
	uint8_t type;    /* enum field_type */
	uint8_t bare;    /* where the name that rules use begins in `name` ("Image" above) */
	uint16_t means;  /* of the reader: the ECS field that a raw name is known to be, or 0 */
};

/* Seen from the organisation: out is from inside to outside. */
enum direction { DIR_UNKNOWN, DIR_IN, DIR_OUT, DIR_INSIDE, DIR_OUTSIDE };
enum outcome { OUTCOME_UNKNOWN, OUTCOME_SUCCESS, OUTCOME_FAILURE, OUTCOME_ALLOWED, OUTCOME_DENIED };

enum { EVENT_MAX_FIELDS = 1024, EVENT_MAX_RAW = 16 << 20 };

struct event {
	int64_t time;               /* µs UTC; the time of receipt where the record tells none */
	int64_t received;           /* µs UTC */
	uint64_t seq;               /* number of the record in its source, from 1 */
	uint32_t source;            /* number of the source in the store, 0 for files in hand */
	uint16_t format;            /* index into formats[] (event/formats.h) */
	bool time_told;             /* the record told its time */
	bool header;                /* it tells how the records behind it are to be read */
	bool partial;               /* a cap was met or a part of the record could not be read */
	bool unverified;            /* its checksum is wrong */
	uint8_t direction, outcome; /* enum direction, enum outcome */
	struct str raw;
	uint64_t shape; /* events of one have the same raw names in the same order; 0: not known */
	const struct field *fields; /* n_raw raw ones, then the ECS ones up to n_fields */
	uint32_t n_raw, n_fields;
};

/* The first ECS value of that name, or an empty view with p == NULL. */
struct str event_ecs(const struct event *ev, enum ecs id);
/* The first raw field whose bare name equals `bare` without regard to ASCII case, or NULL. */
const struct field *event_raw(const struct event *ev, struct str bare);

static inline struct str field_bare(const struct field *f)
{
	return str_skip(f->name, f->bare);
}

#endif
