/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.h - from bytes to records to events, the same way for live streams, files and the archive.
 *
 * records_next() cuts a byte stream into records: lines, joined where a format spreads over several
 * (auditd records of one id, a JSON document or an <Event> that spans lines). reader_read() turns one record into
 * one event and never fails on content: what nothing understands is an event of FORMAT_UNPARSED.
 * A reader remembers what its source sends; one reader a source and thread.
 */
#ifndef EVENT_READER_H
#define EVENT_READER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "event/event.h"
#include "event/ranges.h"

/* The text decoders of content/decoders; immutable, shared by readers. */
struct decoders;
struct decoders *decoders_load(const char *folder, struct err *why); /* NULL and *why on failure */
void decoders_free(struct decoders *d);

struct shapes;
struct read_ctx {
	const struct zone *zone;         /* of records without one; NULL: Asia/Ho_Chi_Minh */
	const struct own_ranges *own;    /* NULL: private ranges only */
	const struct decoders *decoders; /* NULL: none */
	int64_t now; /* "received" of the records and anchor of times without year; 0: the clock */
	struct str host; /* where the record tells no host (the peer's address), may be empty */
	struct shapes *
		shapes; /* of the thread that reads (event/shape.h); NULL: the reader has its own */
	uint16_t format; /* forced format, or FORMAT_UNPARSED to detect */
};

struct reader;
/* Copies *ctx, borrows what it points to. NULL when the system has no memory. */
struct reader *reader_new(const struct read_ctx *ctx);
void reader_free(struct reader *r);
void reader_context(struct reader *r, const struct read_ctx *ctx); /* new ranges, decoders, now */

/* The EVTX reader that records of the format "evtx" are read by: give it their chunk before. NULL: no
 * memory. Owned by `r`. */
struct evtx;
struct evtx *reader_evtx(struct reader *r);

/* One record to one event in `a`; seq and source are the caller's to set. */
void reader_read(struct reader *r, struct arena *a, struct str record, struct event *out);

/*
 * Take the next record off *rest. False when more bytes are needed; with `last` (no more will come)
 * false only at the end. A record longer than EVENT_MAX_RAW is cut there and *cut set.
 */
bool records_next(struct str *rest, bool last, struct str *out, bool *cut);

#endif
