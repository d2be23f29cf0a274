/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hunt_jobs.h - pieces of files, judged by several threads and told in the order in which they were cut.
 *
 * One thread cuts and tells. What it holds is bounded by the number of threads, not by the files. What
 * comes out does not depend on how many threads there are.
 */
#ifndef CMD_HUNT_JOBS_H
#define CMD_HUNT_JOBS_H

#include "base/buf.h"
#include "cmd/hit_out.h"
#include "detect/detector.h"
#include "event/reader.h"

enum { HUNT_THREADS_MAX = 256, PIECE_BYTES = 1 << 20 };

struct hunt_correl; /* cmd/hunt_correl.h */

struct hunt_with { /* all borrowed */
	const struct read_ctx *ctx;
	const struct detector *detector;
	const struct times *times;
	const char *page; /* code page of event logs, or NULL */
	enum hit_form form;
	bool framed; /* hits have their time and length before them */
	size_t threads;
	struct hunt_correl *correl; /* NULL: no rule is a correlation */
	/* What comes out, in order, from the thread that cuts. False: it cannot be written. */
	bool (*put)(void *put_ctx, struct str text);
	void *put_ctx;
};

struct hunt_counts {
	uint64_t records, bad, damaged, unverified, outside, hits;
	uint64_t timed;      /* judged records that tell their time */
	int64_t first, last; /* of these; nothing where `timed` is 0 */
};

struct jobs;
/* NULL when the system has no memory or no threads. */
struct jobs *jobs_new(const struct hunt_with *with);
void jobs_free(struct jobs *j);

enum pieces {
	PIECES_ALONE,    /* each piece can be read without those before it */
	PIECES_IN_ORDER, /* what stands in one tells how the next is read */
	PIECES_CHUNKS,   /* each is a chunk of EVTX */
};
/* From here on pieces are of that file. False: no memory. */
MUST_USE bool jobs_file(struct jobs *j, const char *path, enum pieces how);
/* No more of it come. */
void jobs_file_done(struct jobs *j);

/* A piece to fill; older ones may be told meanwhile. Never NULL. */
struct slice;
struct slice *jobs_slice(struct jobs *j);
/* A record of it, `at` bytes into what will be its bytes. False: no memory. */
MUST_USE bool slice_record(struct slice *p, size_t at, size_t len, bool cut);
/* PIECES_CHUNKS: that one stood in what its chunk no longer uses, and so do those that follow. */
void slice_carved(struct slice *p);
/* Copies `bytes` and gives it away. False: no memory, or what came out could not be written. */
MUST_USE bool jobs_give(struct jobs *j, struct slice *p, struct str bytes);
/* Wait for all. False: what came out could not be written. */
MUST_USE bool jobs_end(struct jobs *j);

/* Of what was told so far. */
struct hunt_counts jobs_counts(const struct jobs *j);
/* After jobs_end(): of all threads together. */
struct detect_counts jobs_detect_counts(const struct jobs *j);
uint64_t jobs_seen(const struct jobs *j, size_t source);

#endif
