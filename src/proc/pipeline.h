/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pipeline.h - the one thread of watch that reads, detects and stores: chunk in, commit, answer.
 *
 * Chunks are taken in order and committed in groups: a commit follows when the queue is empty or
 * enough is staged. Only then is the door of each chunk answered. The detector is swapped between
 * two chunks.
 */
#ifndef PROC_PIPELINE_H
#define PROC_PIPELINE_H

#include "base/queue.h"
#include "event/reader.h"
#include "proc/poison.h"
#include "proc/streams.h"
#include "proc/ways.h"
#include "store/writer.h"

struct detector; /* detect/detector.h */
struct expected; /* proc/expected.h */
struct held;     /* proc/held.h */

/* What watch reads and judges with; one is in use, the next is made aside. */
struct wits {
	struct detector *detector; /* owned; may be NULL: nothing is detected */
	struct decoders *decoders; /* owned; may be NULL */
	struct own_ranges own;     /* in mem */
	struct zone *zone;         /* owned */
	struct ways ways;          /* in mem, its zones owned */
	struct arena whole;        /* of own and of what the loader kept */
};
void wits_free(struct wits *w);

struct pipeline_calls {
	void *ctx;
	/* It begins to take things in, from the pipeline's thread; may be NULL. */
	void (*began)(void *ctx);
	/* Closed days older than that go (0: no such limit), and while less than that is free. */
	int keep_days;
	uint64_t min_free_bytes;
	struct held *held; /* borrowed; which of them must not; NULL: all may */
	/* A day ("2026-11-22") went, by "age" or for "space"; may be NULL. */
	void (*gone)(void *ctx, const char *day, const char *reason);
	/* After each commit, from the pipeline's thread. */
	void (*committed)(void *ctx, const struct store_receipt *r);
	/* Nothing is read before there are wits to judge it with, for at most that long; then it is
	 * said in the log, and read without. */
	int wits_wait_ms;
	/* About once a second, from the pipeline's thread: counters of all sources that changed. */
	bool (*counted)(void *ctx, struct str json); /* false: it did not arrive */
	struct expected *expected;                   /* borrowed; NULL: no control event is known */
};

struct pipeline;
/* `poison` and `intake` are borrowed and outlive the pipeline. NULL and *why on failure. */
struct pipeline *pipeline_new(const char *store_folder, struct queue *intake,
			      struct poison_page *poison, const struct pipeline_calls *calls,
			      struct err *why);
/* Use `w` (now owned) from the next chunk on. Safe from any thread. */
void pipeline_wits(struct pipeline *p, struct wits *w);
/* How far a stream is durable; false and zero where nothing is known of it. Safe from any thread. */
bool pipeline_stream(struct pipeline *p, struct str key, struct stream_place *out);
/* Lets the queue take things in, where it was held, and runs until it is closed and empty; commits what
 * is left. */
void pipeline_run(struct pipeline *p);
/* Keep days as these settings say, from now on. Safe from any thread. */
void pipeline_keep(struct pipeline *p, int keep_days, uint64_t min_free_bytes);
void pipeline_free(struct pipeline *p);

#endif
