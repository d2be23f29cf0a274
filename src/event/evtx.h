/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx.h - Windows event logs (EVTX 3.1 and 3.2): a chunk to records, a record to values under the names
 * that rules use.
 *
 * Input is hostile. No text and no tree is made: a template is compiled once into a list of names and
 * places, a record is a pass over its values, each a view of the chunk. A template that is met again in
 * another chunk is the same only where all of its body is, names resolved. Depth, elements, values and the
 * work that a record or a chunk may cause are capped. One struct evtx a thread.
 */
#ifndef EVENT_EVTX_H
#define EVENT_EVTX_H

#include "base/arena.h"
#include "base/err.h"
#include "event/event.h"

enum { EVTX_HEAD_BYTES = 4096, EVTX_CHUNK_BYTES = 65536, EVTX_RECORD_HEAD = 24 };
enum { EVTX_MAX_VALUES = 1024, EVTX_MAX_NESTED = 16 };

/* The types of values as the format numbers them; arrays have EVTX_ARRAY set. */
enum evtx_type {
	EVTX_NULL = 0x00,
	EVTX_UTF16 = 0x01,
	EVTX_ANSI = 0x02,
	EVTX_INT8 = 0x03,
	EVTX_UINT8 = 0x04,
	EVTX_INT16 = 0x05,
	EVTX_UINT16 = 0x06,
	EVTX_INT32 = 0x07,
	EVTX_UINT32 = 0x08,
	EVTX_INT64 = 0x09,
	EVTX_UINT64 = 0x0a,
	EVTX_FLOAT = 0x0b,
	EVTX_DOUBLE = 0x0c,
	EVTX_BOOL = 0x0d,
	EVTX_BINARY = 0x0e,
	EVTX_GUID = 0x0f,
	EVTX_SIZE = 0x10,
	EVTX_FILETIME = 0x11,
	EVTX_SYSTEMTIME = 0x12,
	EVTX_SID = 0x13,
	EVTX_HEX32 = 0x14,
	EVTX_HEX64 = 0x15,
	EVTX_HANDLE = 0x20,
	EVTX_BINXML = 0x21,
	EVTX_XML = 0x23,
	EVTX_UTF8 = 0x7f, /* of ours: text that was put together */
	EVTX_ARRAY = 0x80
};

/* A name that values have; lives as long as the struct evtx or until evtx_names_epoch() changes. */
struct evtx_name {
	struct str path; /* "Event.EventData.Image" */
	uint32_t id;     /* from 0 in the order they came */
	uint8_t bare;    /* where the name that rules use begins */
	uint8_t below;   /* where it begins in the names of what is nested in it */
	bool data;       /* of <Data>: one that is empty is an empty text, not null */
	/* as the context of what is nested in it */
	bool windows, last_bare, attr;
	uint8_t depth;
	uint16_t name_at;
};

/* A value as it stands in the chunk. */
struct evtx_slot {
	const struct evtx_name *name;
	const unsigned char *p;
	uint32_t len;
	uint8_t type; /* enum evtx_type, never an array: those are several slots */
};

struct evtx_head {
	uint16_t major, minor;
	uint16_t chunks; /* wraps; lies in a log that was not closed */
	uint64_t next_record;
	bool dirty, full, crc_wrong;
};
/* The file header. False: it is none. */
MUST_USE bool evtx_head_parse(struct str bytes, struct evtx_head *out, struct err *why);
bool evtx_known(struct str head); /* does a file that begins so claim to be one? */

struct evtx;
struct evtx *evtx_new(void); /* NULL: no memory */
void evtx_free(struct evtx *e);
/* The code page of ANSI strings: 1250 to 1258, 874. False: not known; Windows-1252 at first. */
MUST_USE bool evtx_code_page(struct evtx *e, unsigned page);
/* Changes when all names were forgotten, at the beginning of a chunk. */
uint32_t evtx_names_epoch(const struct evtx *e);
/* That, of this reader alone. */
uint64_t evtx_names_id(const struct evtx *e);

/*
 * Begin a chunk, of EVTX_CHUNK_BYTES or, at the end of a truncated file, less. It is borrowed until the
 * next one. False: it does not begin as a chunk does.
 */
MUST_USE bool evtx_chunk(struct evtx *e, struct str chunk, struct err *why);

struct evtx_record {
	struct str bytes; /* from its signature to the copy of its size, in the chunk */
	uint64_t id;
	int64_t written; /* µs UTC, of its header */
	bool unverified; /* the checksum of the chunk is wrong */
	bool torn;       /* it was not written to its end */
	bool carved;     /* it stood in what the chunk no longer uses */
};
/* The next record of the chunk; with `carve` also those in its unused rest. What is no record is stepped
 * over and counted. */
bool evtx_next(struct evtx *e, bool carve, struct evtx_record *out);
/* The same of one that was given before; false: it is none of the chunk at hand. */
bool evtx_record_of(const struct evtx *e, struct str bytes, struct evtx_record *out);
/* From here on the records read of the chunk at hand are carved ones, as evtx_next() told of them before. */
void evtx_carved(struct evtx *e);

struct evtx_counts {
	uint64_t chunks, unverified; /* unverified: chunks whose checksum is wrong */
	uint64_t damaged;            /* places where a record should have stood */
	uint64_t templates;          /* compiled, not found again */
};
struct evtx_counts evtx_counts(const struct evtx *e);

/*
 * The values of a record of the chunk at hand, until the next call. *partial: a part could not be read, or
 * a cap was met. False: nothing can be.
 */
struct evtx_slots {
	const struct evtx_slot *slot;
	size_t n;
	bool partial;
};
MUST_USE bool evtx_slots(struct evtx *e, struct str record, struct evtx_slots *out,
			 struct err *why);

/* A value as Windows writes it in XML, in `a`; p NULL when `a` is full. */
struct str evtx_text(const struct evtx *e, const struct evtx_slot *slot, struct arena *a);
enum field_type evtx_field_type(const struct evtx_slot *slot);

struct buf;
/* Append the record as XML. On failure *out holds what was written. */
MUST_USE bool evtx_xml(struct evtx *e, struct str record, struct buf *out, struct err *why);

#endif
