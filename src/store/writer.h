/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer.h - append events, hits and counters to the store; committed is durable.
 *
 * Stage any number of events with what belongs to them, then store_commit() writes all of it in one
 * transaction of the day's file: blocks, hits, counters of the sources, positions of the streams,
 * answers given. When it returns true all of it has reached the disk; after kill -9 or a power cut
 * either all or nothing of it is there. A commit that fails keeps what is staged and may be tried
 * again. One process writes a folder (ERR_STATE for the second), one thread a `struct store`.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "base/arena.h"
#include "detect/hit.h"
#include "store/seal.h"
#include "store/source.h"

enum {
	STORE_MAX_STAGED = 64 << 20, /* bytes; then store_add() says ERR_LIMIT: commit first */
	STORE_MAX_KEY = 255,         /* of a stream or of an answer's token and key */
	STORE_MAX_ANSWER = 1 << 20,
	STORE_MAX_ANSWERS = 1000000, /* kept at once; beyond: ERR_LIMIT */
	STORE_MAX_STREAMS = 65536,
};

struct store;
/* Open or make the store in `folder`. `clock` (NULL: time_now) decides the day. Days before the
 * newest that were left open are closed by store_tick(). A newest file that is too damaged to be
 * written is left as it is and the next day begun before its time; store_damaged() says why, and
 * totals go on from the day before. NULL and *why on failure. */
struct store *store_open(const char *folder, int64_t (*clock)(void), struct err *why);
/* What is staged is lost; commit first. The day stays open. */
void store_close(struct store *s);

/* The number of a source, for event.source; found or made (store/source.h tells of the caps). */
MUST_USE bool store_source(struct store *s, enum source_kind kind, struct str peer, struct str name,
			   uint32_t *out, struct err *why);

/* The same where it is known already, else 0. */
uint32_t store_source_find(const struct store *s, enum source_kind kind, struct str peer,
			   struct str name);

/* The directive lines (`#Fields ...` of IIS and the like) that this source's reader must be given again
 * after a restart, one a line; usually empty. Valid until the next store_add(). */
struct str store_context(const struct store *s, uint32_t source);

/* What was stored and dropped of a source so far: the number of its last event is the former. */
struct source_totals store_totals(const struct store *s, uint32_t source);

/* --- staging: everything is copied --- */

/* Where an event will stand: hand it to store_hit(). */
struct store_ref {
	uint32_t block, record;
	int64_t time;
};
/* After "no memory" the store must be closed: the event may be half counted. */
MUST_USE bool store_add(struct store *s, const struct event *ev, struct store_ref *out,
			struct err *why);
/* `ref` is of an event staged since the last commit. */
MUST_USE bool store_hit(struct store *s, const struct store_ref *ref, const struct hit *hit,
			struct err *why);
/* `n` records of `source` that were received and are not stored, by a stable word. */
MUST_USE bool store_drop(struct store *s, uint32_t source, struct str reason, uint64_t n,
			 struct err *why);

/* How far a stream has been taken in: a connection kept by the parent, a file that is followed. */
struct store_stream {
	uint64_t place;  /* bytes consumed */
	uint64_t inode;  /* 0 for connections */
	struct str head; /* hash of the first bytes, at most 64; empty for connections */
};
MUST_USE bool store_stream_set(struct store *s, struct str key, const struct store_stream *at,
			       struct err *why);
MUST_USE bool store_stream_forget(struct store *s, struct str key, struct err *why);
/* What was committed; head is put in `a`. ERR_ABSENT where nothing was. */
MUST_USE bool store_stream_find(struct store *s, struct arena *a, struct str key,
				struct store_stream *out, struct err *why);

/* All that were committed; views live during the call. */
MUST_USE bool store_streams_each(struct store *s,
				 void (*fn)(void *ctx, struct str key,
					    const struct store_stream *at),
				 void *ctx, struct err *why);

/* What a token's Idempotency-Key was answered, kept for 24 hours. */
struct store_answer {
	struct str token, key;
	struct str request; /* hash of what was sent, at most 64 bytes, may be empty */
	struct str answer;
};
MUST_USE bool store_answer_set(struct store *s, const struct store_answer *answer, struct err *why);
/* Sets request and answer, in `a`, of the token and key given. ERR_ABSENT where there is none that is
 * young enough; ERR_STATE while it is staged. */
MUST_USE bool store_answer_find(struct store *s, struct arena *a, struct store_answer *io,
				struct err *why);

/* --- commit --- */

struct store_receipt {
	int32_t day;   /* store/day.h */
	int64_t batch; /* number of this transaction in the day, from 1; 0: nothing was staged */
	int64_t first_block, n_blocks, n_hits, n_events;
};
MUST_USE bool store_commit(struct store *s, struct store_receipt *out, struct err *why);
bool store_waiting(const struct store *s); /* anything staged? */

/* To be called about once a minute: begins a new day when it has come, and closes days that could
 * not be closed before (a reader was in the way). */
MUST_USE bool store_tick(struct store *s, struct err *why);
/* The newest day and its root as committed. */
void store_head(const struct store *s, struct store_root *out);
/* Days that are not closed although a newer one has begun. */
size_t store_closing(const struct store *s);
/* Why a day's file was left, or NULL. */
const struct err *store_damaged(const struct store *s);

/* --- retention --- */

struct store_policy {
	int keep_days;           /* closed days older than that go; 0: no such limit */
	uint64_t min_free_bytes; /* of the file system; closed days go, the oldest first */
	bool (*held)(void *ctx, int32_t day); /* must not go; may be NULL */
	/* Told of each day that went, after it went. */
	void (*gone)(void *ctx, const struct store_day *day, const char *reason);
	void *ctx;
};
/* `reason` is "age" or "space". ERR_LIMIT when space is short and nothing more may go. */
MUST_USE bool store_expire(struct store *s, const struct store_policy *policy, struct err *why);

#endif
