/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build.h - an event while it is being read: what a format's reader writes into.
 *
 * A reader adds raw fields in the order of the record, sets what it alone knows (time, host,
 * program) and returns; event/normal.c then adds the ECS run. Fields beyond EVENT_MAX_FIELDS are
 * left out and the event is marked partial. Views point into the record, into static text or into
 * the arena `a`. One build a reader; not safe for two threads at once.
 */
#ifndef EVENT_BUILD_H
#define EVENT_BUILD_H

#include "base/arena.h"
#include "base/err.h"
#include "event/reader.h"

enum { W3C_MAX_COLUMNS = 64, W3C_TEXT_MAX = 4096 };

/* The `#Fields` of a W3C extended log, kept from one record to the next. */
struct w3c {
	char text[W3C_TEXT_MAX];
	struct str column[W3C_MAX_COLUMNS]; /* into text */
	size_t n;
	char sep;      /* between the columns: blank, tab or comma */
	bool local;    /* times are local, not UTC */
	char date[16]; /* of `#Date`, for lines that tell the time of day only; "" */
};

struct xml;
struct csv;
struct evtx;
struct shapes;
struct shape;

struct build {
	struct arena *a;
	const struct read_ctx *ctx; /* of the reader; what content/decoders needs is in there */
	const struct zone *zone;    /* never NULL but for UTC: of records without one */
	int64_t now;                /* anchor of times without a year; when the record came */
	struct w3c *w3c;
	struct xml *xml;       /* owned by the reader; NULL until the first XML came */
	struct evtx *evtx;     /* owned by the reader; NULL until reader_evtx() */
	struct csv *csv;       /* owned by the reader; NULL until a header line came */
	struct shapes *shapes; /* NULL: none are kept */
	struct shape *shape;   /* of the raw run, once that is closed; NULL: not known */
	const uint8_t *roles;  /* of csv: what the raw fields from `inner` on are */
	uint32_t n_roles;
	bool checkpoint;            /* of kv: names are those of Check Point */
	struct str product, vendor; /* of csv: who writes so; may be empty */
	bool windows;               /* of csv: they are those of a Windows event */
	int depth;                  /* how many frames (syslog, JSON) this payload stands in */
	uint32_t inner; /* where the payload's own fields begin; before them stand its frames' */
	bool framed;    /* by syslog: what stands inside is none again */
	bool wrapped;   /* by JSON: its fields tell host and time where the payload does not */

	struct event ev;          /* time, time_told, outcome, direction, partial, format */
	struct str host, program; /* as the record or its frame tells them; may be empty */
	uint64_t names; /* not 0: while it is the same, names at the same place are the same */
	uint32_t
		timed; /* a raw field of which the reader knows what time it tells, timed_at; or none */
	int64_t timed_at;
	uint64_t has[4]; /* a bit an ECS field: clear, the record has none of it */
	uint32_t n;      /* fields so far */
	struct field f[EVENT_MAX_FIELDS];
};

/* Add a raw field; the name that rules use begins at `bare` in it. */
void build_add_bare(struct build *b, struct str name, size_t bare, struct str val,
		    enum field_type type);
static inline void build_add(struct build *b, struct str name, struct str val)
{
	build_add_bare(b, name, 0, val, FIELD_STRING);
}
/* The same; nothing is added where `val` is empty. */
void build_add_some(struct build *b, struct str name, struct str val);

/* Add an ECS field; nothing where `val` is empty, "-", or already there for that name. */
void build_ecs(struct build *b, enum ecs id, struct str val);
/* The first ECS value so far, or an empty view with p == NULL. */
struct str build_ecs_get(const struct build *b, enum ecs id);
/* The value of the first of the payload's raw fields of that bare name (any ASCII case), or
 * p == NULL. */
struct str build_raw(const struct build *b, struct str bare);
/* The record tells its time. TIME_NONE is ignored. */
void build_time(struct build *b, int64_t t);

#endif
