/* SPDX-License-Identifier: Apache-2.0 */
/*
 * block.h - up to BLOCK_MAX_RECORDS log records as one sequence of bytes, and back.
 *
 * A block holds what was received and what intake decided about it (time, source, number, format,
 * flags, raw bytes); fields are read again from the raw bytes whenever it is opened. Columns stand
 * one after the other, so that zstd finds their likeness; docs/formats.md draws them. The decoder
 * reads hostile bytes (a file can be damaged), never logs, and gives the offset in the unpacked
 * bytes.
 */
#ifndef STORE_BLOCK_H
#define STORE_BLOCK_H

#include "base/arena.h"
#include "base/zstd.h"
#include "event/event.h"

enum {
	BLOCK_MAX_RECORDS = 8192,
	BLOCK_FULL_RAW = 1 << 20, /* a block with so many raw bytes takes no more */
	BLOCK_MAX_RAW = EVENT_MAX_RAW + (1 << 20),   /* so one record of the longest always fits */
	BLOCK_MAX_BYTES = BLOCK_MAX_RAW + (2 << 20), /* unpacked */
	BLOCK_MAX_FORMATS = 256,
	BLOCK_MAX_CONTEXTS = 256,
	BLOCK_MAX_CONTEXT = 8192,
	BLOCK_MAX_NAME = 64,
};

enum block_flag { BLOCK_TIME_TOLD = 1, BLOCK_PARTIAL = 2, BLOCK_HEADER = 4 };

struct block_record {
	int64_t received, time;
	uint64_t seq;
	uint32_t source;
	uint8_t format; /* index into the block's names */
	uint8_t flags;  /* enum block_flag */
	struct str raw;
};

/* What the reader of a source must be told before the first record: the `#Fields` lines or the header
 * line in force. */
struct block_context {
	uint32_t source;
	struct str text;
};

struct block {
	struct block_record *records;
	size_t n;
	const struct str *formats; /* names */
	size_t n_formats;
	const struct block_context *contexts;
	size_t n_contexts;
};

/* What stands beside the bytes, without opening them. */
struct block_span {
	int64_t time_min, time_max, received_min, received_max;
	uint32_t n;
	uint64_t raw;
};

struct block_builder;
struct block_builder *block_new(void); /* NULL when the system has no memory */
void block_free(struct block_builder *b);
/* False when the record must go into the next block. */
bool block_fits(const struct block_builder *b, const struct event *ev);
/* Copy the record in; `format` is its format's name, `context` what its source's reader had been told
 * (usually nothing). It must fit (assert); false only when the system has no memory, and then the
 * block is as before. */
MUST_USE bool block_add(struct block_builder *b, const struct event *ev, struct str format,
			struct str context, struct err *why);
const struct block_span *block_span(const struct block_builder *b);
/* Append the compressed block to *out and empty the builder; on failure it keeps its records. */
MUST_USE bool block_close(struct block_builder *b, struct zstd *z, struct buf *out,
			  struct err *why);
void block_clear(struct block_builder *b);

/* Unpack into *bytes (its max caps the size) and decode; the views of *out point into *bytes and
 * `a`. */
MUST_USE bool block_open(struct arena *a, struct zstd *z, struct str packed, struct buf *bytes,
			 struct block *out, struct err *why);
/* Decode unpacked bytes; views point into `bytes` and `a`. */
MUST_USE bool block_parse(struct arena *a, struct str bytes, struct block *out, struct err *why);

#endif
