/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_feed.h - the records of an upload, whatever it is packed in: text of any encoding, an event log of
 * Windows as the lines that would be kept of it (event/evtx_lines.h), each file of an archive.
 *
 * Input is hostile: what comes out of an archive is capped. Memory does not grow with the records.
 */
#ifndef PROC_LOOK_FEED_H
#define PROC_LOOK_FEED_H

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"

/* A file of the upload; itself, without a name, where it is no archive. */
struct look_file {
	char name[256]; /* its end, where it is longer */
	uint64_t bytes, records;
	enum wide wide;
	bool evtx, bytes_bad; /* bytes_bad: not all of it is UTF-8 */
};

struct look_record {
	struct str text;
	uint64_t number, line; /* from 1; line: 0 in an event log */
	bool cut;              /* longer than EVENT_MAX_RAW */
};

/* False ends the walk. */
struct look_sink {
	bool (*begin)(void *ctx, const struct look_file *f);
	bool (*record)(void *ctx, const struct look_file *f, const struct look_record *r);
	/* `lost`: it could not be read, or not to its end; else NULL. */
	bool (*end)(void *ctx, const struct look_file *f, const struct err *lost);
	void *ctx;
};

/*
 * `scratch`: as unpack_stream() wants it. False: it is an archive that cannot be read to its end, or there
 * is no memory; what came before that was handed out. True also when the sink ended it.
 */
MUST_USE bool look_feed(struct arena scratch, struct str upload, const struct look_sink *sink,
			struct err *why);

#endif
